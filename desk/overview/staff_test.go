package overview_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

func TestPhoneIsAudited(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	v := b.Visitor("villager")
	both := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000"), func(r *filing.Request) {
		r.Filing.OnBehalf = &casework.OnBehalf{Name: "李奶奶", Relation: "邻居", Phone: "0930-1234567"}
	}).ID
	none := b.File(v, b.Key(station.ForMember, "m01")).ID
	got, err := b.Overview.Phone(t.Context(), l, both, " 约时间 ")
	if diff := gocmp.Diff(matters.Numbers{Phone: "13800138000", OnBehalfPhone: "09301234567"}, got); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	for name, c := range map[string]struct {
		who  access.Caller
		id   string
		why  string
		want fault.Code
	}{
		"no reason":             {l, both, " ", fault.Invalid},
		"a long reason":         {l, both, strings.Repeat("长", 501), fault.Invalid},
		"no phone":              {l, none, "看看", fault.NotFound},
		"unknown":               {l, "lj-0000000000000000", "看看", fault.NotFound},
		"the filer":             {v, both, "看看", fault.Denied},
		"another member":        {b.Member("m02"), both, "看看", fault.NotFound},
		"an administrator":      {b.Bound(desktest.Here, access.Liaison, "a01"), both, "看看", fault.Denied},
		"a department":          {b.Bound(desktest.Here, access.Department, "d01"), both, "看看", fault.NotFound},
		"another station's":     {b.Bound(desktest.There, access.Liaison, "l01"), both, "看看", fault.NotFound},
		"nobody with a session": {access.Caller{}, both, "看看", fault.Unauthenticated},
	} {
		if n, err := b.Overview.Phone(t.Context(), c.who, c.id, c.why); fault.CodeOf(err) != c.want || n != (matters.Numbers{}) {
			t.Errorf("%s: %+v, %v", name, n, err)
		}
	}
	if diff := gocmp.Diff([]string{"phone liaison l01 " + both + " 约时间"}, b.AuditTrail()); diff != "" {
		t.Error(diff)
	}
	if s := b.Load(both); s.Version != 1 {
		t.Errorf("a look left version %d", s.Version)
	}
}

// TestTheMemberInChargeSeesThePhoneOnce: the filer reads of the look, which is in the audit and counts like a
// liaison's; somebody who wants to stay unknown to the member is the liaison's to call.
func TestTheMemberInChargeSeesThePhoneOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000")).ID
	if c := b.Look(m, id).Call; c == nil || !c.Allowed {
		t.Fatalf("before: %+v", c)
	}
	for range 2 { // the line is busy: the same call, and no second entry
		if n, err := b.Overview.Phone(t.Context(), m, id, "问是哪一盏灯"); err != nil || n.Phone != "13800138000" {
			t.Fatalf("%+v, %v", n, err)
		}
	}
	s := b.Load(id)
	if s.Version != 2 || s.Last().What != access.Reveal || s.Last().By.ID != "m01" || s.Clocks.ContactedAt != 0 {
		t.Errorf("version %d, %+v", s.Version, s.Last())
	}
	seen := b.Look(v, id)
	if seen.Last().What != access.Reveal || seen.Last().Text != "" || seen.Call != nil {
		t.Errorf("the filer reads %+v", seen.Last())
	}
	line := "phone member m01 " + id + " 问是哪一盏灯"
	if diff := gocmp.Diff([]string{line, line}, b.AuditTrail()); diff != "" {
		t.Error(diff)
	}
	b.Clock.Advance(25 * time.Hour)
	if c := b.Look(m, id).Call; c == nil || c.Allowed || c.Why == "" {
		t.Errorf("a day later: %+v", c)
	}
	if n, err := b.Overview.Phone(t.Context(), m, id, "再问"); !fault.Is(err, fault.WrongState) || n != (matters.Numbers{}) {
		t.Errorf("a second call: %+v, %v", n, err)
	}
	if got := b.AuditTrail(); len(got) != 2 {
		t.Errorf("what was refused is in the audit: %v", got)
	}

	unknown := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000"), func(r *filing.Request) { r.Filing.Anonymous = true }).ID
	if n, err := b.Overview.Phone(t.Context(), m, unknown, "问一下"); !fault.Is(err, fault.Denied) || n != (matters.Numbers{}) {
		t.Errorf("of somebody unknown: %+v, %v", n, err)
	}
	if c := b.Look(m, unknown).Call; c == nil || c.Allowed || !strings.Contains(c.Why, "联络员") {
		t.Errorf("%+v", c)
	}
	if n, err := b.Overview.Phone(t.Context(), b.Liaison(), unknown, "委员请打"); err != nil || n.Phone != "13800138000" {
		t.Errorf("the liaison: %+v, %v", n, err)
	}
}

// TestACallThatIsAskedForIsListed: among those whom the liaison has to call, until it is ticked off or the matter is over;
// the filer who only looks at the matter does not end it.
func TestACallThatIsAskedForIsListed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, l := b.Visitor("villager"), b.Member("m01"), b.Liaison()
	id := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000")).ID
	listed := func() []overview.Undelivered {
		t.Helper()
		p, err := b.Overview.UndeliveredList(t.Context(), l, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		var calls []overview.Undelivered
		for _, u := range p.Items {
			if u.Purpose == record.CallPurpose {
				calls = append(calls, u)
			}
		}
		return calls
	}
	b.Act(m, id, casework.AskCall{Reason: "请问是哪一盏"})
	if seen := b.Look(v, id); len(seen.Thread) != 0 {
		t.Errorf("the filer reads %+v", seen.Thread)
	}
	b.Clock.Advance(time.Minute) // the list is in the order of time
	other := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000")).ID
	b.Act(m, other, casework.AskCall{Reason: "在哪个村"})
	about := desktest.Must1(b.Overview.UndeliveredOf(t.Context(), l, []string{id, "zz-none"}, nil))(t)
	if len(about.Items) == 0 || slices.ContainsFunc(about.Items, func(u overview.Undelivered) bool { return u.View.ID != id || u.Since.IsZero() || u.Why == "" }) {
		t.Errorf("about one submission: %+v", about.Items)
	}
	if err := b.Overview.ResolveUndelivered(t.Context(), l, listed()[1].ID, ""); err != nil {
		t.Fatal(err)
	}
	list := listed()
	if len(list) != 1 || list[0].Role != access.Visitor || !strings.Contains(list[0].Why, "打电话") || list[0].View.ID != id {
		t.Fatalf("%+v", list)
	}
	if _, err := b.Try(m, id, casework.AskCall{Reason: "再请"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("asked twice: %v", err)
	}
	if err := b.Overview.ResolveUndelivered(t.Context(), l, list[0].ID, "打通了，是村口那盏"); err != nil || len(listed()) != 0 {
		t.Errorf("ticked off: %v, %+v", err, listed())
	}
	b.Clock.Advance(25 * time.Hour)
	b.Act(m, id, casework.AskCall{Reason: "再请问一下"})
	b.Act(m, id, casework.Accept{})
	b.Act(m, id, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	if list := listed(); len(list) != 0 {
		t.Errorf("of a closed one: %+v", list)
	}
}

// TestNoAuditNoPhone fills the server's memory, so that it reads but does not write: without the audit line
// nothing is shown.
func TestNoAuditNoPhone(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	id := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"), desktest.Phone("13800138000")).ID
	b.ReadOnly(true)
	if n, err := b.Overview.Phone(t.Context(), l, id, "约时间"); !fault.Is(err, fault.Unavailable) || n != (matters.Numbers{}) {
		t.Errorf("shown without being written down: %+v, %v", n, err)
	}
	// Reading goes on meanwhile.
	if _, err := b.Matters.Get(t.Context(), b.People[desktest.OpenidOf(desktest.Here, access.Liaison, "l01")], id); err != nil {
		t.Errorf("reading: %v", err)
	}
	b.ReadOnly(false)
	if n, err := b.Overview.Phone(t.Context(), l, id, "约时间"); err != nil || n.Phone != "13800138000" {
		t.Errorf("healed: %+v, %v", n, err)
	}
	if got := b.AuditTrail(); len(got) != 1 {
		t.Errorf("audit %v", got)
	}
}

// TestOpenedIsStoredIfPossible: a member reads though nothing can be written.
func TestOpenedIsStoredIfPossible(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	id := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01")).ID
	b.ReadOnly(true)
	if _, err := b.Matters.Get(t.Context(), m, id); err != nil {
		t.Error(err)
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, admin := b.Liaison(), b.Bound(desktest.Here, access.Liaison, "a01")
	target := station.Target{Kind: station.ForPlace, ID: "p2"}
	code, err := b.Codes.NewCode(t.Context(), admin, target)
	if err != nil || code.Target != target || code.Station != desktest.Here || len(code.Key) != station.KeyLength {
		t.Fatalf("%+v, %v", code, err)
	}
	sign := func() codes.Sign {
		t.Helper()
		s, err := b.Codes.Sign(t.Context(), code.Key)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := sign(); s.Name != "空地" || s.Revoked || len(s.Categories) != 3 || len(s.Kinds) != 5 || s.Station.Phone == "" {
		t.Errorf("sign %+v", s)
	}
	// Re-pointed and revoked, seen at once in this process.
	moved := station.Target{Kind: station.ForMember, ID: "m03"}
	if _, err := b.Codes.ChangeCode(t.Context(), l, code.Key, codes.CodeChange{Target: &moved}); err != nil {
		t.Fatal(err)
	}
	if s := sign(); s.Member == nil || s.Member.Name != "陈三" || s.Kind != station.ForMember {
		t.Errorf("re-pointed: %+v", s)
	}
	yes, no := true, false
	if _, err := b.Codes.ChangeCode(t.Context(), l, code.Key, codes.CodeChange{Revoked: &yes}); err != nil {
		t.Fatal(err)
	}
	if s := sign(); !s.Revoked || s.Member != nil || s.Name != "临江镇委员工作站" {
		t.Errorf("revoked: %+v", s)
	}
	for name, err := range map[string]error{
		"qr":   drawing(b.Codes.QRCode(t.Context(), code.Key, "png", 300)),
		"wxa":  drawing(b.Codes.CodeImage(t.Context(), code.Key)),
		"none": drawing(b.Codes.QRCode(t.Context(), "22222222ab", "svg", 0)),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s of what is not in use: %v", name, err)
		}
	}
	if _, err := b.Codes.ChangeCode(t.Context(), l, code.Key, codes.CodeChange{Revoked: &no}); err != nil {
		t.Fatal(err)
	}
	if s := sign(); s.Revoked {
		t.Error("restored and still revoked")
	}
	if d, err := b.Codes.QRCode(t.Context(), strings.ToUpper(code.Key), "svg", 0); err != nil || string(d.Data) != "svg https://q.example.cn/q/"+code.Key || d.Type != "image/svg+xml" {
		t.Errorf("%s, %v", d.Data, err)
	}
	for range 2 {
		if d, err := b.Codes.CodeImage(t.Context(), code.Key); err != nil || d.Type != "image/jpeg" || len(d.Data) < 1000 {
			t.Errorf("%s of %d bytes, %v", d.Type, len(d.Data), err)
		}
	}
	if n := b.Line.Calls("/wxa/getwxacodeunlimit"); n != 1 {
		t.Errorf("the platform drew it %d times", n)
	}
	if p, err := b.Codes.Codes(t.Context(), l, codes.CodeFilter{}, "", 0); err != nil || len(p.Items) != 12 {
		t.Errorf("%d codes, %v", len(p.Items), err)
	}
}

func drawing(_ codes.Drawing, err error) error { return err }

func TestWhoChangesCodes(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.Key(station.ForMember, "m01")
	yes := true
	for name, c := range map[string]struct {
		who  access.Caller
		want fault.Code
	}{
		"another station's": {b.Bound(desktest.There, access.Liaison, "l01"), fault.NotFound},
		"a member":          {b.Member("m01"), fault.Denied},
		"a visitor":         {b.Visitor("villager"), fault.Denied},
		"nobody":            {access.Caller{}, fault.Unauthenticated},
	} {
		if _, err := b.Codes.ChangeCode(t.Context(), c.who, key, codes.CodeChange{Revoked: &yes}); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []station.Target{{Kind: station.ForMember, ID: "m99"}, {Kind: "moon"}, {}} {
		if _, err := b.Codes.NewCode(t.Context(), b.Liaison(), bad); desktest.WrongFields(err) != "target" {
			t.Errorf("%+v: %v", bad, err)
		}
		if _, err := b.Codes.ChangeCode(t.Context(), b.Liaison(), key, codes.CodeChange{Target: &bad}); desktest.WrongFields(err) != "target" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if s, err := b.Codes.Sign(t.Context(), key); err != nil || s.Revoked {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestAnotherNumberIsAnotherLook: within the day of a look the filer reads of the look at their new number, and nobody
// is asked to call a number that is gone.
func TestAnotherNumberIsAnotherLook(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000")).ID
	look := func(want string) {
		t.Helper()
		if n, err := b.Overview.Phone(t.Context(), m, id, "问"); err != nil || n.Phone != want {
			t.Fatalf("%+v, %v", n, err)
		}
	}
	look("13800138000")
	b.Clock.Advance(time.Minute)
	if _, err := b.Privacy.CorrectPhone(t.Context(), v, id, "13900139000", ""); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(time.Minute)
	look("13900139000")
	looks := 0
	for _, e := range b.Look(v, id).Thread {
		if e.What == access.Reveal {
			looks++
		}
	}
	if looks != 2 {
		t.Errorf("the filer reads of %d looks, want 2", looks)
	}
	b.Act(m, id, casework.AskCall{Reason: "请问"})
	if _, err := b.Privacy.CorrectPhone(t.Context(), v, id, "", ""); err != nil {
		t.Fatal(err)
	}
	if list := b.UndeliveredHere(); slices.ContainsFunc(list, func(u overview.Undelivered) bool { return u.Purpose == record.CallPurpose }) {
		t.Errorf("a call of a number that is gone is listed: %+v", list)
	}
}

// TestALeaderWhoAssistsIsNotInCharge: who was asked to take part with the number sees it as an assistant does.
func TestALeaderWhoAssistsIsNotInCharge(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	st := b.Stored()
	st.Squads = []station.Squad{{ID: "q1", Name: "一组", Leader: "m03", Members: []string{"m01", "m03"}}}
	b.Put(st, st.Version)
	v, m, lead := b.Visitor("villager"), b.Member("m01"), b.Member("m03")
	id := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000")).ID
	b.Act(m, id, casework.AskAssist{Member: "m03", Text: "请打电话问", Days: 20, Contact: true})
	b.Clock.Set(b.Load(id).DueAt.Time().Add(time.Hour)) // late: now the leader may read it as the leader, too
	for range 2 {
		if n, err := b.Overview.Phone(t.Context(), lead, id, "协办要问"); err != nil || n.Phone != "13800138000" {
			t.Fatalf("%+v, %v", n, err)
		}
		b.Clock.Advance(25 * time.Hour)
	}
	if e := b.Look(v, id).Last(); e.What == access.Reveal {
		t.Errorf("the filer reads %+v", e)
	}
}
