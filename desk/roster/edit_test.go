package roster_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/adapters/sheets"
	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// want expects a fault of the code.
func want(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%v, want %s", err, code)
	}
}

func typed(s string) func(*roster.Edit) { return func(e *roster.Edit) { e.Phone = &s } }

func TestAMemberIsEditedByForm(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	chen := station.Member{Name: "陈 十", Sector: "教育", Expertise: []string{"入学", "", "入学"}}
	out := b.PutEntry(b.Liaison(), "m10", chen, typed("１３９ 0000 0001"))
	if out.Version != 2 || out.NewCodes != 1 || !slices.Equal(out.Changes, []string{"委员 m10（陈 十）：新增"}) {
		t.Errorf("%+v", out)
	}
	m, _ := b.Stored().Member("m10")
	if m.Phone == "" || strings.Contains(m.Phone, "139") || len(m.Expertise) != 1 {
		t.Errorf("%+v", m)
	}
	got, err := b.Roster.RosterPhone(ctx, b.Liaison(), station.TableMember, "m10", "联系值班")
	if err != nil || got != "13900000001" {
		t.Errorf("%q, %v", got, err)
	}
	// Left out it stays, empty it goes.
	chen.Title = "校长"
	b.PutEntry(b.Liaison(), "m10", chen)
	if after, _ := b.Stored().Member("m10"); after.Phone != m.Phone || after.Title != "校长" {
		t.Errorf("%+v", after)
	}
	b.PutEntry(b.Liaison(), "m10", chen, typed(""))
	if after, _ := b.Stored().Member("m10"); after.Phone != "" {
		t.Error("the number is still there")
	}
	_, err = b.Roster.RosterPhone(ctx, b.Liaison(), station.TableMember, "m10", "联系值班")
	want(t, err, fault.NotFound)
	// An absence that was reported is nobody's to lose.
	if _, err := b.Roster.ReportAbsence(ctx, b.Liaison(), "m10", roster.AbsenceRequest{From: "2026-07-24", To: "2026-07-25"}); err != nil {
		t.Fatal(err)
	}
	b.PutEntry(b.Liaison(), "m10", station.Member{Name: "陈十", Sector: "教育"})
	if after, _ := b.Stored().Member("m10"); len(after.Absences) != 1 {
		t.Error("the absence is lost")
	}
	// The same again is no change and no line of the audit.
	before := b.Stored().Version
	if out := b.PutEntry(b.Liaison(), "m10", station.Member{Name: "陈十", Sector: "教育"}); len(out.Changes) != 0 || b.Stored().Version != before {
		t.Errorf("%+v", out)
	}
}

func TestWhatIsWrongWithAnEntryIsNamed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.WrongEntry("m01", station.Member{Sector: "没有", Rooms: []string{"r9"}, Capacity: 1001}, "name", "sector", "rooms", "capacity")
	b.WrongEntry("M 1", station.Member{Name: "陈", Sector: "教育"}, "id")
	b.WrongEntry("p1", station.Place{Name: "码头", Sectors: []string{"没有"}}, "sectors")
	b.WrongEntry("s1", station.Squad{Name: "法律", Members: []string{"m01"}}, "leader")
	b.WrongEntry("s1", station.Squad{Name: "法律", Leader: "m99"}, "leader")
	b.WrongEntry("x", station.DutySlot{Member: "m01", Weekday: 1, Date: "2026-07-24", From: 60, To: 50}, "weekday", "from")
	b.WrongEntry("x", station.DutySlot{Member: "m03", Weekday: 3, From: 11 * 60, To: 13 * 60}, "member")
	b.WrongEntry("r1", station.Room{Name: strings.Repeat("长", 41)}, "name")
	b.WrongEntry(desktest.Here, station.Profile{Name: "站", Phone: "12"}, "phone")
	b.WrongEntry("market", station.Category{Name: "市场", Tourist: true}, "tourist")
	_, err := b.Roster.PutEntry(t.Context(), b.Liaison(), roster.Edit{
		Version: b.Stored().Version, ID: "m01", Entry: station.Member{Name: "陈一", Sector: "教育"}, Phone: new("12"),
	})
	if got := desktest.FieldsOf(err); !slices.Equal(got, []string{"phone"}) {
		t.Error(got, err)
	}
	if v := b.Stored().Version; v != 1 {
		t.Errorf("version %d", v)
	}
}

func TestAnEditOfWhatSomebodyElseChanged(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.PutEntry(b.Liaison(), "r1", station.Room{Name: "上滩村协商议事室"})
	_, err := b.Roster.PutEntry(t.Context(), b.Liaison(), roster.Edit{Version: 1, ID: "r1", Entry: station.Room{Name: "别的"}})
	want(t, err, fault.Conflict)
	_, err = b.Roster.RemoveEntry(t.Context(), b.Liaison(), station.TableRoom, roster.Edit{Version: 1, ID: "r1"})
	want(t, err, fault.Conflict)
	_, err = b.Roster.RemoveEntry(t.Context(), b.Liaison(), station.TableRoom, roster.Edit{Version: 2, ID: "r9"})
	want(t, err, fault.NotFound)
}

func TestRemovedEntriesTakeTheirDataAlong(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	b.PutEntry(b.Liaison(), "s1", station.Squad{Name: "收费", Leader: "m01", Members: []string{"m03"}})
	if _, err := b.Roster.ReportAbsence(ctx, b.Liaison(), "m01", roster.AbsenceRequest{From: "2026-07-24", To: "2026-07-25", Substitute: "m03"}); err != nil {
		t.Fatal(err)
	}
	r := roster.Edit{Version: b.Stored().Version, ID: "m03", Dry: true}
	would, err := b.Roster.RemoveEntry(ctx, b.Liaison(), station.TableMember, r)
	if err != nil || b.Stored().Version != r.Version {
		t.Fatal(err, b.Stored().Version)
	}
	r.Dry = false
	out, err := b.Roster.RemoveEntry(ctx, b.Liaison(), station.TableMember, r)
	if err != nil || !slices.Equal(out.Changes, would.Changes) || len(out.Changes) != 4 {
		t.Fatalf("%v, %v", out.Changes, err)
	}
	st := b.Stored()
	m, _ := st.Member("m03")
	q, _ := st.Squad("s1")
	away, _ := st.Member("m01")
	if !m.Left || len(q.Members) != 0 || len(st.Duty) != 1 || away.Absences[0].Substitute != "" || len(st.Check()) > 0 {
		t.Errorf("%+v %+v %+v %v", m, q, st.Duty, st.Check())
	}
	lines, err := b.Audit.AuditList(ctx, b.Liaison(), audit.Filter{Action: "roster-remove"}, "", 10)
	if err != nil || len(lines.Items) != 1 || lines.Items[0].Object != "members/m03" || !strings.Contains(lines.Items[0].Why, "停用") {
		t.Errorf("%+v, %v", lines.Items, err)
	}
	// Taken back, everything is as it was.
	if _, err = b.Roster.UndoRoster(ctx, b.Liaison(), st.Version); err != nil {
		t.Fatal(err)
	}
	st = b.Stored()
	m, _ = st.Member("m03")
	q, _ = st.Squad("s1")
	if m.Left || !slices.Equal(q.Members, []string{"m03"}) || len(st.Duty) != 2 || st.Version != out.Version+1 {
		t.Errorf("%+v %+v %d", m, q, st.Version)
	}
	_, err = b.Roster.UndoRoster(ctx, b.Liaison(), st.Version)
	want(t, err, fault.WrongState)
}

func TestAnEditCannotBeTakenBackLater(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.PutEntry(b.Liaison(), "r2", station.Room{Name: "下滩村议事室"})
	if _, err := b.Roster.ReportAbsence(t.Context(), b.Liaison(), "m01", roster.AbsenceRequest{From: "2026-07-24", To: "2026-07-25"}); err != nil {
		t.Fatal(err)
	}
	_, err := b.Roster.UndoRoster(t.Context(), b.Liaison(), b.Stored().Version)
	want(t, err, fault.WrongState)
	// Nor does it lie about for long.
	b.PutEntry(b.Liaison(), "r3", station.Room{Name: "中滩村议事室"})
	b.Clock.Advance(time.Hour + time.Minute)
	if _, err := b.Deadlines.Sweep(t.Context(), desktest.Here); err != nil {
		t.Fatal(err)
	}
	if st := b.Stored(); st.Previous != nil {
		t.Error("what was replaced is still kept")
	}
}

func TestASectorIsRenamed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	if _, _, err := b.Roster.SetRules(ctx, b.Liaison(), station.Rules{Categories: []station.CategoryOwners{{Category: "market", Sectors: []string{"经济", "文化旅游"}}}}); err != nil {
		t.Fatal(err)
	}
	renaming := b.PutEntry(b.Liaison(), "文化旅游", station.Sector{Name: "文旅"})
	if got := renaming.Changes[0]; got != "界别 文化旅游：改名为 文旅" || strings.Contains(strings.Join(renaming.Changes, ""), "删除") {
		t.Error(renaming.Changes)
	}
	st := b.Stored()
	m, _ := st.Member("m01")
	p, _ := st.Place("p1")
	c, _ := st.Category("tour")
	old, ok := st.Sector("文化旅游")
	if m.Sector != "文旅" || p.Sectors[0] != "文旅" || c.Sectors[0] != "文旅" || !ok || old.Name != "文旅" || old.Was[0].Until != "2026-07-22" {
		t.Errorf("%+v %+v %+v %+v", m, p, c, old)
	}
	if got := st.Rules.Categories[0].Sectors; !slices.Equal(got, []string{"经济", "文旅"}) || st.RulesVersion() != 2 {
		t.Errorf("%v, version %d", got, st.RulesVersion())
	}
	// An import keeps the names a sector had.
	again := *st
	again.Version = 0
	if st := station.Merge(b.Stored(), &again); len(st.Sectors[0].Was) != 1 {
		t.Errorf("%+v", st.Sectors)
	}
	b.WrongEntry("文旅", station.Sector{Name: "教育"}, "name")
	out := b.PutEntry(b.Liaison(), "文旅", station.Sector{Name: "教育"}, func(e *roster.Edit) { e.Merge = true })
	st = b.Stored()
	if was, _ := st.Sector("文化旅游"); was.Name != "教育" || len(st.Sectors) != 4 || len(out.Changes) == 0 {
		t.Errorf("%+v", st.Sectors)
	}
	_, err := b.Roster.RemoveEntry(ctx, b.Liaison(), station.TableSector, roster.Edit{Version: st.Version, ID: "教育"})
	want(t, err, fault.Invalid)
}

func TestOnlyAnAdministratorEditsStaff(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	r := roster.Edit{Version: 1, ID: "l02", Entry: station.Liaison{Name: "新联络"}}
	_, err := b.Roster.PutEntry(ctx, b.Liaison(), r)
	want(t, err, fault.Denied)
	if _, err = b.Roster.PutEntry(ctx, b.Admin(), r); err != nil {
		t.Fatal(err)
	}
	_, err = b.Roster.RemoveEntry(ctx, b.Admin(), station.TableLiaison, roster.Edit{Version: 2, ID: "a01"})
	if got := desktest.FieldsOf(err); !slices.Equal(got, []string{"admin"}) {
		t.Errorf("%v, %v", got, err)
	}
	_, err = b.Roster.PutEntry(ctx, b.Admin(), roster.Edit{Version: 2, ID: "a01", Entry: station.Liaison{Name: "吴管理"}})
	want(t, err, fault.Invalid)
	if _, err = b.Roster.RemoveEntry(ctx, b.Admin(), station.TableLiaison, roster.Edit{Version: 2, ID: "l02"}); err != nil {
		t.Error(err)
	}
	_, err = b.Roster.UndoRoster(ctx, b.Liaison(), 3)
	want(t, err, fault.Denied)
}

// TestEveryNumberOfARosterIsSealed puts numbers into each table by form and by
// spreadsheet, and looks for them in everything that is stored.
func TestEveryNumberOfARosterIsSealed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	b.PutEntry(b.Liaison(), "m01", station.Member{Name: "陈一", Sector: "文化旅游", Village: "下滩村", Capacity: 50}, typed("13900000001"))
	b.PutEntry(b.Liaison(), "d01", station.Department{Name: "市场监管所"}, typed("0900-7654321"))
	b.PutEntry(b.Admin(), "l02", station.Liaison{Name: "周联络"}, typed("13700000003"))
	listed := b.Stored()
	open, err := listed.MapPhones(b.Parts.Sealer.Open)
	if err != nil {
		t.Fatal(err)
	}
	open.Departments = append(open.Departments, station.Department{ID: "d09", Name: "司法所", Phone: "13700000004"})
	if _, _, err = b.Roster.ImportRoster(ctx, b.Liaison(), roster.Import{Version: listed.Version, Name: "r.xlsx", Data: sheet(t, &open)}); err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"13900000001", "0900-7654321", "13700000003", "13700000004"} {
		for key, value := range b.DumpKeys() {
			if strings.Contains(value, number) {
				t.Errorf("%s is in clear in %s", number, key)
			}
		}
	}
	for id, number := range map[string]string{"d01": "0900-7654321", "d09": "13700000004"} {
		if got, err := b.Roster.RosterPhone(ctx, b.Liaison(), station.TableDepartment, id, "联合办理"); err != nil || got != number {
			t.Errorf("%s: %q, %v", id, got, err)
		}
	}
}

func TestExportAndImport(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	b.PutEntry(b.Liaison(), "m01", station.Member{Name: "陈一", Sector: "文化旅游", Village: "下滩村", Capacity: 50}, typed("13900000001"))
	b.PutEntry(b.Liaison(), "d01", station.Department{Name: "市场监管所"}, typed("12315"))
	_, err := b.Roster.ExportRoster(ctx, b.Liaison(), " ", true)
	want(t, err, fault.Invalid)
	for what, phones := range map[string]bool{"roster-export": true, "roster-export-plain": false} {
		file, err := b.Roster.ExportRoster(ctx, b.Liaison(), "年度核对", phones)
		if err != nil {
			t.Fatal(err)
		}
		read, problems, err := sheets.Read("r.xlsx", file)
		if err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		m, _ := read.Member("m01")
		x, _ := read.Department("d01")
		if got := m.Phone == "13900000001" && x.Phone == "12315"; got != phones {
			t.Errorf("%s: %q, %q", what, m.Phone, x.Phone)
		}
		lines, err := b.Audit.AuditList(ctx, b.Liaison(), audit.Filter{Action: what}, "", 10)
		if err != nil || len(lines.Items) != 1 || lines.Items[0].Why != "年度核对" {
			t.Errorf("%s: %+v, %v", what, lines.Items, err)
		}
		// Taken in again, nothing changes: the numbers stay.
		out, problems, err := b.Roster.ImportRoster(ctx, b.Liaison(), roster.Import{Dry: true, Name: "r.xlsx", Data: file})
		if err != nil || len(problems) > 0 || len(out.Changes) != 0 || out.Version != 3 {
			t.Errorf("%s: %+v %v %v", what, out, problems, err)
		}
	}
}

// sheet is a roster as a spreadsheet.
func sheet(t *testing.T, st *station.Station) []byte {
	t.Helper()
	data, err := sheets.Write(st)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestImport(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	st := desktest.Town()
	st.Members[0].Title = "会长"
	st.Members = append(st.Members, station.Member{ID: "m08", Name: "陈八", Sector: "科技", Phone: "13900000008"})
	r := roster.Import{Dry: true, Name: "r.xlsx", Data: sheet(t, st)}
	would, _, err := b.Roster.ImportRoster(ctx, b.Liaison(), r)
	if err != nil || len(would.Changes) != 2 || would.NewCodes != 1 || would.Version != 1 || b.Stored().Version != 1 {
		t.Fatalf("%+v, %v", would, err)
	}
	r.Dry = false
	_, _, err = b.Roster.ImportRoster(ctx, b.Liaison(), r)
	want(t, err, fault.Conflict) // it names no version
	r.Version = would.Version
	out, _, err := b.Roster.ImportRoster(ctx, b.Liaison(), r)
	if err != nil || !slices.Equal(out.Changes, would.Changes) || out.NewCodes != 1 || out.Version != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	if m, _ := b.Stored().Member("m08"); m.Phone == "" || strings.Contains(m.Phone, "139") {
		t.Errorf("%+v", m)
	}
	if _, err := b.Roster.UndoRoster(ctx, b.Liaison(), 2); err != nil {
		t.Fatal(err)
	}
	if _, ok := b.Stored().Member("m08"); ok {
		t.Error("the import was not taken back")
	}
	// Nothing of a file with problems, of another station's, or of staff's.
	st.Members[1].Sector = "没有"
	_, problems, err := b.Roster.ImportRoster(ctx, b.Liaison(), roster.Import{Version: 3, Name: "r.xlsx", Data: sheet(t, st)})
	if err != nil || len(problems) != 1 || problems[0].Sheet != "委员" || problems[0].Row != 3 {
		t.Errorf("%v, %v", problems, err)
	}
	_, _, err = b.Roster.ImportRoster(ctx, b.Liaison(), roster.Import{Version: 3, Name: "r.xlsx", Data: sheet(t, desktest.City())})
	want(t, err, fault.Invalid)
	st = desktest.Town()
	st.Liaisons[0].Name = "别人"
	_, _, err = b.Roster.ImportRoster(ctx, b.Liaison(), roster.Import{Version: 3, Name: "r.xlsx", Data: sheet(t, st)})
	want(t, err, fault.Denied)
	_, _, err = b.Roster.ImportRoster(ctx, b.Liaison(), roster.Import{Name: "r.xlsx", Data: bytes.Repeat([]byte("x"), 100)})
	want(t, err, fault.Invalid)
	if b.Stored().Version != 3 {
		t.Errorf("version %d", b.Stored().Version)
	}
}

func TestTheRosterAsStaffSeeIt(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	b.Member("m01")
	b.PutEntry(b.Liaison(), "m01", station.Member{Name: "陈一", Sector: "文化旅游"}, typed("13900000001"))
	v, err := b.Roster.Roster(ctx, b.Liaison())
	if err != nil {
		t.Fatal(err)
	}
	m, _ := v.Station.Member("m01")
	if m.Phone != station.PhoneUnchanged || v.Station.Previous != nil || v.Undo == nil || v.Undo.By != "周联络" || v.Undo.Roster != nil {
		t.Errorf("%+v %+v", m, v.Undo)
	}
	for ref, bound := range map[string]bool{"m01": true, "m02": false} {
		if got := v.Bound[record.Invite{Station: desktest.Here, Role: "member", Ref: ref}]; got != bound {
			t.Errorf("%s: %v", ref, got)
		}
	}
	_, err = b.Roster.Roster(ctx, b.Member("m01"))
	want(t, err, fault.Denied)
	_, err = b.Roster.RosterPhone(ctx, b.Liaison(), station.TableMember, "m01", "")
	want(t, err, fault.Invalid)
}

func TestInviteEverybodyAndUnbind(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	opened := b.Open("lost-phone", "")
	in, err := b.Identity.Invite(ctx, b.Liaison(), "m01", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Bind(ctx, b.Caller(opened.Token), in.Code); err != nil {
		t.Fatal(err)
	}
	list, err := b.Identity.InviteAll(ctx, b.Liaison(), nil)
	if err != nil || len(list) != 7 { // six members and a department
		t.Fatal(list, err)
	}
	for _, x := range list {
		if x.ID == "m01" || x.Role == access.Liaison || x.Code == "" || x.Name == "" {
			t.Errorf("%+v", x)
		}
	}
	one, err := b.Identity.InviteAll(ctx, b.Liaison(), []record.Invite{{Role: "member", Ref: "m02"}, {Role: "member", Ref: "m01"}})
	if err != nil || len(one) != 1 || one[0].Name != "陈二" {
		t.Error(one, err)
	}
	_, err = b.Identity.InviteAll(ctx, b.Liaison(), []record.Invite{{Role: "member", Ref: "m01"}})
	want(t, err, fault.WrongState)
	lines, err := b.Audit.AuditList(ctx, b.Liaison(), audit.Filter{Action: "invitations"}, "", 10)
	if err != nil || len(lines.Items) != 2 || lines.Items[1].Why != "7 人" {
		t.Error(lines.Items, err)
	}
	// Anyone who found the phone has no rights from now on.
	if err := b.Identity.Unbind(ctx, b.Liaison(), access.Member, "m01"); err != nil {
		t.Fatal(err)
	}
	_, err = b.Identity.Caller(ctx, opened.Token)
	want(t, err, fault.Unauthenticated)
	want(t, b.Identity.Unbind(ctx, b.Liaison(), access.Member, "m01"), fault.NotFound)
	want(t, b.Identity.Unbind(ctx, b.Liaison(), access.Liaison, "a01"), fault.Denied)
	want(t, b.Identity.Unbind(ctx, b.Admin(), access.Admin, "a01"), fault.WrongState)
	if err := b.Identity.Unbind(ctx, b.Admin(), access.Liaison, "l01"); err != nil {
		t.Error(err)
	}
}

// An id given to somebody else does not bind them to the former person's WeChat.
func TestReusedIDsAreUnbound(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	b.Admin()
	phones := map[string]string{}
	for table, x := range map[string]struct {
		role access.Role
		id   string
	}{station.TableLiaison: {access.Liaison, "l01"}, station.TableMember: {access.Member, "m06"}} {
		openid := desktest.Here + "-" + string(x.role) + "-" + x.id
		b.Bound(desktest.Here, x.role, x.id)
		phones[openid] = b.Open(openid, "").Token
		if _, err := b.Roster.RemoveEntry(ctx, b.Admin(), table, roster.Edit{Version: b.Stored().Version, ID: x.id}); err != nil {
			t.Fatal(err)
		}
	}
	l, _ := b.Stored().Liaison("l01")
	m, _ := b.Stored().Member("m06")
	roles := func(what string, liaison, member access.Role) {
		t.Helper()
		b.Clock.Advance(11 * time.Second) // what was read of the roster and of sessions may be used so long
		got := map[access.Role]bool{}
		for _, token := range phones {
			got[b.Caller(token).Role] = true
		}
		if !got[liaison] || !got[member] {
			t.Errorf("%s: %v", what, got)
		}
	}
	back := station.Member{Name: m.Name, Sector: m.Sector}
	b.PutEntry(b.Admin(), "l01", station.Liaison{Name: l.Name})
	b.PutEntry(b.Admin(), "m06", back)
	roles("back under their names", access.Liaison, access.Member)

	for table, id := range map[string]string{station.TableLiaison: "l01", station.TableMember: "m06"} {
		if _, err := b.Roster.RemoveEntry(ctx, b.Admin(), table, roster.Edit{Version: b.Stored().Version, ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	back.Name = "别的人"
	b.PutEntry(b.Admin(), "l01", station.Liaison{Name: "别的人"})
	b.PutEntry(b.Admin(), "m06", back)
	roles("others have their ids", access.Visitor, access.Visitor)
	if p, err := b.Store.Bound(ctx, record.Invite{Station: desktest.Here, Role: "liaison", Ref: "l01"}); p != "" || err != nil {
		t.Errorf("%s is bound, %v", p, err)
	}
}

func TestAMembersPage(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	b.PutEntry(b.Liaison(), "s1", station.Squad{Name: "收费", Leader: "m03"})
	b.File(b.Visitor("villager-1"), b.Key(station.ForMember, "m03"))
	b.Clock.Advance(2 * time.Second)
	if _, err := b.Roster.ReportAbsence(ctx, b.Liaison(), "m03", roster.AbsenceRequest{From: "2026-07-24", To: "2026-07-25", Substitute: "m01"}); err != nil {
		t.Fatal(err)
	}
	p, err := b.Overview.MemberPage(ctx, b.Liaison(), "m03")
	if err != nil {
		t.Fatal(err)
	}
	if p.Open["m03"] != 1 || p.Capacity != 20 || p.Month.Filed != 1 || p.Year.Filed != 1 || len(p.Slots) != 1 || len(p.Shifts) == 0 ||
		len(p.Squads) != 1 || len(p.Codes) != 1 || len(p.Absences) != 1 || p.Absences[0].SubstituteName != "陈一" {
		t.Errorf("%+v", p)
	}
	_, err = b.Overview.MemberPage(ctx, b.Liaison(), "m99")
	want(t, err, fault.NotFound)
}
