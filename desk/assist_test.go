package desk_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

func (b *bundle) department() access.Caller { return b.bound(here, access.Department, "d01") }

// asks asks a department or, with an m, a member for two working days.
func asks(body string, change ...func(*matters.AssistRequest)) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) {
		r.Assist, r.Text = matters.AssistRequest{Days: 2}, "请核实价格"
		if strings.HasPrefix(body, "m") {
			r.Assist.Member = body
		} else {
			r.Assist.Department = body
		}
		for _, c := range change {
			c(&r.Assist)
		}
	}
}

func without(r *matters.ActRequest) { r.Without = true }

func including(ids ...int) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) { r.Include = ids }
}

func recalling(id int) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) { r.AssistID, r.Reason = id, "已经清楚" }
}

// numbers are the submissions of a list of the assistants'.
func (b *bundle) assisting(c access.Caller, done bool) []string {
	b.t.Helper()
	p, err := b.Matters.AssistList(b.t.Context(), c, done, "", 0)
	if err != nil {
		b.t.Fatal(err)
	}
	ids := []string{}
	for _, v := range p.Items {
		ids = append(ids, v.ID)
	}
	return ids
}

func (b *bundle) look(c access.Caller, id string) matters.View {
	b.t.Helper()
	v, err := b.Matters.Get(b.t.Context(), c, id)
	if err != nil {
		b.t.Fatalf("%s looks: %v", c.Role, err)
	}
	return v
}

// TestJointHandling: the lead asks a department and a member, both are told and
// answer, and the visitor gets one answer that quotes one of them.
func TestJointHandling(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m, dep, other := b.visitor("villager"), b.member("m01"), b.department(), b.member("m03")
	b.consent(openidOf(here, access.Department, "d01"), notice.DepartmentAssist, 5)
	b.consent(openidOf(here, access.Member, "m03"), notice.MemberNew, 5)
	b.consent(phoneOfM01, notice.MemberNew, 5)
	b.consent(phoneOfM01, notice.MemberMessage, 5)
	s := b.file(v, b.key(station.ForMember, "m01"), phone("13800138000"))
	b.deliver()
	b.act(m, s.ID, access.Assist, asks("d01"))
	b.act(m, s.ID, access.Assist, asks("m03"))
	b.deliver()
	got := b.emu.Messages(openidOf(here, access.Department, "d01"))
	if len(got) != 1 || got[0].Data["thing3"].Value == "" && got[0].Data["thing4"].Value == "" || got[0].Data["time3"].Value != "2026-07-24 18:00" {
		t.Errorf("the department is told %+v", got)
	}
	if got := b.emu.Messages(openidOf(here, access.Member, "m03")); len(got) != 1 || got[0].Data["time4"].Value != "2026-07-24 18:00" {
		t.Errorf("the member is told %+v", got)
	}
	for _, c := range []access.Caller{dep, other} {
		if ids := b.assisting(c, false); !slices.Equal(ids, []string{s.ID}) {
			t.Errorf("%s assists in %v", c.Role, ids)
		}
		seen := b.look(c, s.ID)
		if seen.As != c.Role || seen.PhoneMask != "" || seen.OnBehalf != nil || seen.Text == "" || seen.Return != nil || len(seen.Assists) != 2 {
			t.Errorf("%s sees %+v", c.Role, seen)
		}
		if _, err := b.Overview.Phone(t.Context(), c, s.ID, "核实"); !fault.Is(err, fault.Denied) {
			t.Errorf("%s calls: %v", c.Role, err)
		}
		if _, err := b.Matters.Explain(t.Context(), c, s.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s asks why: %v", c.Role, err)
		}
	}
	if list := b.look(v, s.ID).Assists; len(list) != 2 || list[0].Name != "市场监管所" || list[0].Task != "" || list[0].DueAt != 0 {
		t.Errorf("the visitor sees %+v", list)
	}
	b.act(dep, s.ID, access.Contribute, text("已责令改正"))
	b.act(other, s.ID, access.Contribute, text("已上门劝说"))
	b.deliver()
	var hints []string
	for _, msg := range b.emu.Messages(phoneOfM01) {
		if msg.Template == template(notice.MemberMessage) {
			hints = append(hints, msg.Data["thing4"].Value)
		}
	}
	if slices.Sort(hints); !slices.Equal(hints, []string{"市场监管所已答复协办", "陈三委员已答复协办"}) {
		t.Errorf("the lead is told %q", hints)
	}
	if list := b.look(dep, s.ID).Assists; len(list) != 2 || len(list[1].Answers) != 1 || !list[0].Mine || list[1].Mine {
		t.Errorf("the department sees %+v", list)
	}
	if ids := b.assisting(dep, true); !slices.Equal(ids, []string{s.ID}) || len(b.assisting(dep, false)) != 0 {
		t.Errorf("answered: %v", ids)
	}
	b.act(m, s.ID, access.Reply, text("已退还差价"), including(1))
	seen := b.look(v, s.ID)
	if len(seen.Thread) != 1 || len(seen.Last().Parts) != 2 || seen.Last().Parts[0].Text != "已责令改正" || seen.Last().Parts[1].Text != "" {
		t.Errorf("the visitor reads %+v", seen.Thread)
	}
	b.act(m, s.ID, access.Close, closing(casework.Solved, "已退还差价"))
	if n := len(b.assisting(dep, true)); n != 1 {
		t.Errorf("%d after closing", n)
	}
	if !slices.Equal(b.assisting(b.bound(there, access.Department, "d01"), true), []string{}) {
		t.Error("another station's department has a list")
	}
}

// TestTwoAssistantsAnswerAtOnce: neither answer is lost, from two processes.
func TestTwoAssistantsAnswerAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	desks := []*desk.Desk{b.Desk, b.another()}
	m := b.member("m01")
	for round := range 10 {
		s := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"))
		b.act(m, s.ID, access.Assist, asks("d01"))
		b.act(m, s.ID, access.Assist, asks("m03"))
		var wg sync.WaitGroup
		for i, c := range []access.Caller{b.department(), b.member("m03")} {
			wg.Go(func() {
				if _, err := desks[i].Matters.Act(t.Context(), c, s.ID, matters.ActRequest{Act: access.Contribute, Text: "已办"}); err != nil {
					t.Errorf("%s: %v", c.Role, err)
				}
			})
		}
		wg.Wait()
		got := b.load(s.ID)
		if len(got.Answers(1)) != 1 || len(got.Answers(2)) != 1 || len(got.Awaited()) != 0 || got.Version != 5 {
			t.Fatalf("round %d: %+v", round, got)
		}
	}
}

// TestAnAnswerOverTheirHeads needs a word: by reply, closing and in the chat.
func TestAnAnswerOverTheirHeads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.member("m01")
	s := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"))
	b.act(m, s.ID, access.Accept)
	b.act(b.liaison(), s.ID, access.Assist, asks("d01"))
	for _, act := range []access.Action{access.Reply, access.Close} {
		if _, err := b.try(m, s.ID, act, closing(casework.Solved, "好了")); wrong(err) != "without" {
			t.Errorf("%s: %v", act, err)
		}
	}
	if answer := b.says(phoneOfM01, s.Number+" 已经修好"); !strings.Contains(answer, "市场监管所") || b.replies(s.ID) != "" {
		t.Errorf("the chat answers %q", answer)
	}
	b.act(m, s.ID, access.Reply, text("好了"), without)
	if got := b.load(s.ID); len(got.Awaited()) != 1 {
		t.Errorf("an interim answer ends the assist: %+v", got.Assists)
	}
	b.act(m, s.ID, access.Close, closing(casework.Solved, "好了"), without)
	if _, err := b.try(b.department(), s.ID, access.Contribute, text("迟了")); !fault.Is(err, fault.WrongState) {
		t.Error(err)
	}
}

// TestLateAssistantsAreUrgedOnceADay: three processes look, a night and a day
// of downtime pass, and who answers is left alone.
func TestLateAssistantsAreUrgedOnceADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m, l := b.member("m01"), b.liaison()
	b.consent(openidOf(here, access.Department, "d01"), notice.DepartmentAssist, 50)
	b.consent(openidOf(here, access.Member, "m03"), notice.MemberNew, 5)
	b.consent(openidOf(here, access.Member, "m03"), notice.MemberUrge, 50)
	s := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"))
	b.department()
	b.member("m03")
	b.act(m, s.ID, access.Assist, asks("d01"))
	b.act(m, s.ID, access.Assist, asks("m03", func(r *matters.AssistRequest) { r.Days = 3 }))
	b.deliver()
	two, three := b.another(), b.another()
	urged := func(at time.Time, department, member int) {
		t.Helper()
		b.clock.Set(at)
		for range 3 {
			b.sweep(two, three)
			b.deliver()
		}
		if got := len(b.emu.Messages(openidOf(here, access.Department, "d01"))) - 1; got != department {
			t.Errorf("%s: the department was urged %d times, want %d", at, got, department)
		}
		if got := b.seenPurpose("m03", notice.MemberUrge); got != member {
			t.Errorf("%s: the member was urged %d times, want %d", at, got, member)
		}
	}
	day := func(d, h, m int) time.Time { return time.Date(2026, 7, d, h, m, 0, 0, station.Zone) }
	urged(day(24, 17, 59), 0, 0)
	urged(day(24, 18, 0), 1, 0)
	urged(day(24, 23, 0), 1, 0)
	if v := b.look(m, s.ID); !v.Assists[0].Late || v.Assists[1].Late {
		t.Errorf("the lead sees %+v", v.Assists)
	}
	if today, err := b.Overview.Today(t.Context(), l); err != nil || today.Assists != 1 || today.AssistsLate != 1 {
		t.Errorf("today %+v, %v", today, err)
	}
	p, err := b.Matters.StationAssists(t.Context(), l, "", 0)
	if err != nil || len(p.Items) != 1 || !p.Items[0].Assists[0].Late {
		t.Errorf("the liaison's list: %+v, %v", p.Items, err)
	}
	urged(day(27, 12, 0), 2, 0) // nobody looked for two days: once
	urged(day(27, 18, 0), 3, 1)
	b.act(b.department(), s.ID, access.Contribute, text("已办")) // brings back the member's time, and no second urge
	urged(day(27, 18, 30), 3, 1)
	urged(day(28, 18, 0), 3, 2)
	b.act(m, s.ID, access.Recall, recalling(2))
	urged(day(30, 18, 0), 3, 2)
}

// seenPurpose counts what a member was told by a purpose's template.
func (b *bundle) seenPurpose(member string, p notice.Purpose) (n int) {
	for _, m := range b.emu.Messages(openidOf(here, access.Member, member)) {
		if m.Template == template(p) {
			n++
		}
	}
	return n
}

// TestWhoMayAssist: nobody whom it concerns, who is away or leads it; by the
// lead and the liaison.
func TestWhoMayAssist(t *testing.T) {
	t.Parallel()
	b := setup(t)
	filer := b.department()
	s := b.file(filer, b.key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Against = &casework.Against{Name: "陈三委员"} })
	m := b.member(s.Assignee)
	b.away(b.member("m04"), days("22", "24", ""))
	for body, want := range map[string]string{
		"d01": "department", "d99": "department", "": "department",
		"m99": "member", "m03": "member", "m04": "member", s.Assignee: "member",
	} {
		if _, err := b.try(m, s.ID, access.Assist, asks(body)); wrong(err) != want {
			t.Errorf("%q: %v", body, err)
		}
	}
	both := func(r *matters.ActRequest) { r.Assist.Department, r.Assist.Member = "d01", "m02" }
	if _, err := b.try(m, s.ID, access.Assist, asks("m02"), both); wrong(err) != "department" {
		t.Error(err)
	}
	for name, c := range map[string]access.Caller{"another member": b.member("m06"), "another liaison": b.bound(there, access.Liaison, "l01")} {
		if _, err := b.try(c, s.ID, access.Assist, asks("m02")); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.act(b.liaison(), s.ID, access.Assist, asks("m02", func(r *matters.AssistRequest) { r.Days = 0 }))
	if a := b.load(s.ID).Assists[0]; a.DueAt.Time().Day() != 27 || a.Name != "陈二委员" {
		t.Errorf("%+v", a)
	}
	own := b.file(b.member("m02"), b.key(station.ForMember, "m01"))
	if _, err := b.try(b.member("m01"), own.ID, access.Assist, asks("m02")); wrong(err) != "member" {
		t.Errorf("who filed it: %v", err)
	}
	list, err := b.Matters.Departments(t.Context(), m)
	if err != nil || len(list) != 1 || list[0].Name != "市场监管所" {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := b.Matters.Departments(t.Context(), b.visitor("villager")); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
}

// TestRecalledSeeNothing: at once, and are told who recalled them if they looked
// before; what waited to be told is not.
func TestRecalledSeeNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m, dep := b.member("m01"), b.department()
	b.consent(openidOf(here, access.Department, "d01"), notice.DepartmentAssist, 5)
	s := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"))
	b.act(m, s.ID, access.Assist, asks("d01"))
	seen := b.look(dep, s.ID)
	b.act(m, s.ID, access.Recall, recalling(1))
	if _, err := b.Matters.Get(t.Context(), dep, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("recalled and reading: %v", err)
	}
	_, err := b.try(dep, s.ID, access.Contribute, text("x"), version(seen.Version))
	if c := clash(t, err); c.By.Name != "陈一" {
		t.Errorf("%+v", c)
	}
	if _, err := b.Matters.Act(t.Context(), dep, s.ID, matters.ActRequest{Act: access.Contribute, Text: "x"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if len(b.assisting(dep, false))+len(b.assisting(dep, true)) != 0 {
		t.Error("still listed")
	}
	b.deliver()
	got := b.emu.Messages(openidOf(here, access.Department, "d01"))
	if len(got) != 1 || !strings.Contains(got[0].Data["thing4"].Value, "不必再办") {
		t.Errorf("told %+v", got)
	}
	b.act(m, s.ID, access.Assist, asks("d01"))
	b.act(dep, s.ID, access.Decline, reason("不归我们管"))
	if _, err := b.Matters.Get(t.Context(), dep, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("declined and reading: %v", err)
	}
	if list := b.look(m, s.ID).Assists; list[1].State != casework.Declined || list[1].Reason == "" {
		t.Errorf("the lead sees %+v", list)
	}
	if list := b.look(b.visitor("villager"), s.ID).Assists; len(list) != 0 {
		t.Errorf("the visitor sees %+v", list)
	}
}

// TestContactIsWrittenDown: an assistant asked to call sees the number.
func TestContactIsWrittenDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m, dep := b.member("m01"), b.department()
	s := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"), phone("13800138000"))
	b.act(m, s.ID, access.Assist, asks("d01", func(r *matters.AssistRequest) { r.Contact = true }))
	if v := b.look(dep, s.ID); v.PhoneMask == "" {
		t.Error("does not see that there is a number")
	}
	n, err := b.Overview.Phone(t.Context(), dep, s.ID, "约时间")
	if err != nil || n.Phone != "13800138000" {
		t.Errorf("%+v, %v", n, err)
	}
	if got := b.audit(); len(got) != 1 || got[0] != "phone department d01 "+s.ID+" 约时间" {
		t.Errorf("written down: %v", got)
	}
	unnamed := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"), phone("13800138000"), anonymous)
	if _, err := b.try(m, unnamed.ID, access.Assist, asks("d01", func(r *matters.AssistRequest) { r.Contact = true })); wrong(err) != "contact" {
		t.Errorf("an unnamed visitor's: %v", err)
	}
}

// TestAssistantsPhotos: the lead sees them, the visitor those that are quoted.
func TestAssistantsPhotos(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m, dep := b.visitor("villager"), b.member("m01"), b.department()
	s := b.file(v, b.key(station.ForMember, "m01"))
	b.act(m, s.ID, access.Assist, asks("d01"))
	b.act(m, s.ID, access.Assist, asks("m03"))
	shown, kept := b.photo(dep, 60), b.photo(b.member("m03"), 90)
	b.checked()
	photo := func(id string) func(*matters.ActRequest) {
		return func(r *matters.ActRequest) { r.Photos = []string{id} }
	}
	b.act(dep, s.ID, access.Contribute, photo(shown))
	b.act(b.member("m03"), s.ID, access.Contribute, photo(kept))
	b.opens(m, shown, true)
	b.opens(dep, kept, true)
	b.opens(v, shown, false)
	b.act(m, s.ID, access.Reply, text("如图"), including(1))
	b.opens(v, shown, true)
	b.opens(v, kept, false)
	b.act(m, s.ID, access.Recall, recalling(1))
	b.opens(dep, kept, false)
}

// TestTheSubstituteKeepsTheAssists: and is told of answers; in the pool the
// assistants go on.
func TestTheSubstituteKeepsTheAssists(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m, dep := b.member("m01"), b.department()
	b.consent(openidOf(here, access.Member, "m03"), notice.MemberMessage, 5)
	s := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"))
	b.act(m, s.ID, access.Assist, asks("d01"))
	b.away(m, days("23", "24", "m03"))
	b.member("m03")
	b.clock.Set(time.Date(2026, 7, 23, 9, 0, 0, 0, station.Zone))
	b.sweep()
	b.deliver()
	if got := b.load(s.ID); got.Assignee != "m03" || len(got.Awaited()) != 1 {
		t.Fatalf("%q, %+v", got.Assignee, got.Assists)
	}
	told := b.seenPurpose("m03", notice.MemberMessage)
	b.act(dep, s.ID, access.Contribute, text("已核实"))
	b.deliver()
	if got := b.seenPurpose("m03", notice.MemberMessage) - told; got != 1 {
		t.Errorf("the substitute is told %d times", got)
	}
	b.act(b.member("m03"), s.ID, access.Recall, recalling(1))
	b.act(b.member("m03"), s.ID, access.Assist, asks("d01"))
	b.act(b.member("m03"), s.ID, access.Return, reason("不归我管"))
	if got := b.load(s.ID); got.State != casework.Pooled || len(got.Awaited()) != 1 || b.count(record.Index{Name: record.Pool}) != 1 {
		t.Errorf("%s, %+v", got.State, got.Assists)
	}
	b.act(dep, s.ID, access.Contribute, text("再次核实"))
	b.act(b.liaison(), s.ID, access.Assign, to("m04", "请你办"))
	if v := b.look(b.member("m04"), s.ID); len(v.Assists) != 2 || len(v.Assists[1].Answers) != 1 {
		t.Errorf("the next lead sees %+v", v.Assists)
	}
}

// TestADepartmentNobodyReaches is on the liaison's list until it looks.
func TestADepartmentNobodyReaches(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.file(b.visitor("villager"), b.key(station.ForStation, ""), category("market"))
	b.deliver()
	for _, u := range b.untoldHere() {
		if err := b.Overview.TickUntold(t.Context(), b.liaison(), u.ID, ""); err != nil {
			t.Fatal(err)
		}
	}
	m := b.member(s.Assignee)
	b.act(m, s.ID, access.Assist, asks("d01"))
	b.deliver()
	b.wantUntold("市场监管所 department_assist: 请电话告知，并发邀请码")
	b.look(b.department(), s.ID)
	b.wantUntold()
	questions, err := b.Delivery.Questions(t.Context(), b.department(), notice.Looking)
	if err != nil || len(questions) != 1 || questions[0].Purpose != notice.DepartmentAssist {
		t.Errorf("%+v, %v", questions, err)
	}
}

// TestWhoFollowsIsAssistedAtTheLead: asking on a merged one asks there, and its
// own assistants are waited for no longer.
func TestWhoFollowsIsAssistedAtTheLead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m, dep := b.member("m01"), b.department()
	lead := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"))
	other := b.file(b.visitor("neighbour"), b.key(station.ForMember, "m01"))
	b.act(m, other.ID, access.Assist, asks("d01"))
	if _, err := b.Matters.Merge(t.Context(), b.liaison(), other.ID, lead.ID, b.load(other.ID).Version, "同一盏灯"); err != nil {
		t.Fatal(err)
	}
	if got := b.load(other.ID); len(got.Awaited()) != 0 || !slices.Equal(b.assisting(dep, true), []string{other.ID}) {
		t.Errorf("still waited for: %+v", got.Assists)
	}
	if v := b.look(m, other.ID); v.Return != nil {
		t.Errorf("a follower can be returned by itself: %+v", v.Return)
	}
	b.act(m, other.ID, access.Assist, asks("d01"))
	if got := b.load(lead.ID); len(got.Awaited()) != 1 || !slices.Equal(b.assisting(dep, false), []string{lead.ID}) {
		t.Errorf("the lead's: %+v", got.Assists)
	}
	b.act(dep, lead.ID, access.Contribute, text("已报修"))
	b.act(m, lead.ID, access.Reply, text("已修好"), including(1))
	b.sweep()
	seen := b.look(b.visitor("neighbour"), other.ID)
	if last := seen.Last(); len(last.Parts) != 1 || last.Parts[0].Text != "已报修" {
		t.Errorf("the neighbour reads %+v", last)
	}
}
