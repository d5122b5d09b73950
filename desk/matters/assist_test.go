package matters_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/language"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// asks asks a department or, with an m, a member for two working days.
func asks(body string, change ...func(*casework.AskAssist)) casework.AskAssist {
	act := casework.AskAssist{Days: 2, Text: "请核实价格"}
	if strings.HasPrefix(body, "m") {
		act.Member = body
	} else {
		act.Department = body
	}
	for _, c := range change {
		c(&act)
	}
	return act
}

func recalling(id int) casework.Recall { return casework.Recall{Assist: id, Reason: "已经清楚"} }

// TestJointHandling: the assignee asks a department and a member, both are notified and answer, and the visitor
// gets one answer that quotes one of them.
func TestJointHandling(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, dep, other := b.Visitor("villager"), b.Member("m01"), b.Department(), b.Member("m03")
	b.Consent(desktest.OpenidOf(desktest.Here, access.Department, "d01"), notice.DepartmentAssist, 5)
	b.Consent(desktest.OpenidOf(desktest.Here, access.Member, "m03"), notice.MemberNew, 5)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 5)
	b.Consent(desktest.PhoneOfM01, notice.MemberMessage, 5)
	s := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000"))
	b.Deliver()
	b.Act(m, s.ID, asks("d01"))
	b.Act(m, s.ID, asks("m03"))
	b.Deliver()
	got := b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Department, "d01"))
	if len(got) != 1 || got[0].Data["thing3"].Value == "" && got[0].Data["thing4"].Value == "" || got[0].Data["time3"].Value != "2026-07-24 18:00" {
		t.Errorf("the department is told %+v", got)
	}
	if got := b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Member, "m03")); len(got) != 1 || got[0].Data["time4"].Value != "2026-07-24 18:00" {
		t.Errorf("the member is told %+v", got)
	}
	for _, c := range []access.Caller{dep, other} {
		if ids := b.AssistIDs(c, false); !slices.Equal(ids, []string{s.ID}) {
			t.Errorf("%s assists in %v", c.Role, ids)
		}
		seen := b.Look(c, s.ID)
		if seen.As != c.Role || seen.PhoneMask != "" || seen.OnBehalf != nil || seen.Text == "" || seen.Return != nil || len(seen.Assists) != 2 {
			t.Errorf("%s sees %+v", c.Role, seen)
		}
		if _, err := b.Overview.Phone(t.Context(), c, s.ID, "核实"); !fault.Is(err, fault.Denied) {
			t.Errorf("%s calls: %v", c.Role, err)
		}
		if _, err := b.Matters.Explain(t.Context(), c, s.ID, language.Chinese); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s asks why: %v", c.Role, err)
		}
	}
	if list := b.Look(v, s.ID).Assists; len(list) != 2 || list[0].Name != "市场监管所" || list[0].Task != "" || list[0].DueAt != 0 {
		t.Errorf("the visitor sees %+v", list)
	}
	b.Act(dep, s.ID, casework.Contribute{Text: "已责令改正"})
	b.Act(other, s.ID, casework.Contribute{Text: "已上门劝说"})
	b.Deliver()
	var hints []string
	for _, msg := range b.Emu.Messages(desktest.PhoneOfM01) {
		if msg.Template == desktest.Template(notice.MemberMessage) {
			hints = append(hints, msg.Data["thing4"].Value)
		}
	}
	if slices.Sort(hints); !slices.Equal(hints, []string{"市场监管所已答复协办", "陈三委员已答复协办"}) {
		t.Errorf("the lead is told %q", hints)
	}
	if list := b.Look(dep, s.ID).Assists; len(list) != 2 || len(list[1].Answers) != 1 || !list[0].Mine || list[1].Mine {
		t.Errorf("the department sees %+v", list)
	}
	if ids := b.AssistIDs(dep, true); !slices.Equal(ids, []string{s.ID}) || len(b.AssistIDs(dep, false)) != 0 {
		t.Errorf("answered: %v", ids)
	}
	b.Act(m, s.ID, casework.Reply{Text: "已退还差价", Include: []int{1}})
	seen := b.Look(v, s.ID)
	if len(seen.Thread) != 1 || len(seen.Last().Parts) != 2 || seen.Last().Parts[0].Text != "已责令改正" || seen.Last().Parts[1].Text != "" {
		t.Errorf("the visitor reads %+v", seen.Thread)
	}
	b.Act(m, s.ID, casework.Close{Outcome: casework.Solved, Text: "已退还差价"})
	if n := len(b.AssistIDs(dep, true)); n != 1 {
		t.Errorf("%d after closing", n)
	}
	if !slices.Equal(b.AssistIDs(b.Bound(desktest.There, access.Department, "d01"), true), []string{}) {
		t.Error("another station's department has a list")
	}
}

// TestTwoAssistantsAnswerAtOnce: neither answer is lost, from two processes.
func TestTwoAssistantsAnswerAtOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	desks := []*desk.Desk{b.Desk, b.SecondDesk()}
	m := b.Member("m01")
	for round := range 10 {
		s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
		b.Act(m, s.ID, asks("d01"))
		b.Act(m, s.ID, asks("m03"))
		var wg sync.WaitGroup
		for i, c := range []access.Caller{b.Department(), b.Member("m03")} {
			wg.Go(func() {
				if _, err := desks[i].Matters.Act(t.Context(), c, s.ID, nil, casework.Contribute{Text: "已办"}); err != nil {
					t.Errorf("%s: %v", c.Role, err)
				}
			})
		}
		wg.Wait()
		got := b.Load(s.ID)
		if len(got.Answers(1)) != 1 || len(got.Answers(2)) != 1 || len(got.PendingAssists()) != 0 || got.Version != 5 {
			t.Fatalf("round %d: %+v", round, got)
		}
	}
}

// TestAnsweringBeforeAssistantsNeedsAReason needs a word: by reply, closing and in the chat.
func TestAnsweringBeforeAssistantsNeedsAReason(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, casework.Accept{})
	b.Act(b.Liaison(), s.ID, asks("d01"))
	for _, act := range []casework.Act{casework.Reply{Text: "好了"}, casework.Close{Outcome: casework.Solved, Text: "好了"}} {
		if _, err := b.Try(m, s.ID, act); desktest.WrongFields(err) != "without" {
			t.Errorf("%s: %v", casework.NameOf(act), err)
		}
	}
	if answer := b.ChatAnswer(desktest.PhoneOfM01, s.Number+" 已经修好"); !strings.Contains(answer, "市场监管所") || b.Replies(s.ID) != "" {
		t.Errorf("the chat answers %q", answer)
	}
	b.Act(m, s.ID, casework.Reply{Text: "好了", Without: true})
	if got := b.Load(s.ID); len(got.PendingAssists()) != 1 {
		t.Errorf("an interim answer ends the assist: %+v", got.Assists)
	}
	b.Act(m, s.ID, casework.Close{Outcome: casework.Solved, Text: "好了", Without: true})
	if _, err := b.Try(b.Department(), s.ID, casework.Contribute{Text: "迟了"}); !fault.Is(err, fault.WrongState) {
		t.Error(err)
	}
}

// TestLateAssistantsAreUrgedOnceADay: with three processes, over a night and a day of downtime, and not after
// the answer.
func TestLateAssistantsAreUrgedOnceADay(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, l := b.Member("m01"), b.Liaison()
	b.Consent(desktest.OpenidOf(desktest.Here, access.Department, "d01"), notice.DepartmentAssist, 50)
	b.Consent(desktest.OpenidOf(desktest.Here, access.Member, "m03"), notice.MemberNew, 5)
	b.Consent(desktest.OpenidOf(desktest.Here, access.Member, "m03"), notice.MemberUrge, 50)
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	b.Department()
	b.Member("m03")
	b.Act(m, s.ID, asks("d01"))
	b.Act(m, s.ID, asks("m03", func(r *casework.AskAssist) { r.Days = 3 }))
	b.Deliver()
	two, three := b.SecondDesk(), b.SecondDesk()
	urged := func(at time.Time, department, member int) {
		t.Helper()
		b.Clock.Set(at)
		for range 3 {
			b.Sweep(two, three)
			b.Deliver()
		}
		if got := len(b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Department, "d01"))) - 1; got != department {
			t.Errorf("%s: the department was urged %d times, want %d", at, got, department)
		}
		if got := b.CountMessages("m03", notice.MemberUrge); got != member {
			t.Errorf("%s: the member was urged %d times, want %d", at, got, member)
		}
	}
	day := func(d, h, m int) time.Time { return time.Date(2026, 7, d, h, m, 0, 0, station.Zone) }
	urged(day(24, 17, 59), 0, 0)
	urged(day(24, 18, 0), 1, 0)
	urged(day(24, 23, 0), 1, 0)
	if v := b.Look(m, s.ID); !v.Assists[0].Late || v.Assists[1].Late {
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
	b.Act(b.Department(), s.ID, casework.Contribute{Text: "已办"}) // brings back the member's time, and no second urge
	urged(day(27, 18, 30), 3, 1)
	urged(day(28, 18, 0), 3, 2)
	b.Act(m, s.ID, recalling(2))
	urged(day(30, 18, 0), 3, 2)
}

// TestWhoMayAssist: asked by the assignee and the liaison; nobody concerned, absent or in charge of it.
func TestWhoMayAssist(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	filer := b.Department()
	s := b.File(filer, b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Against = &casework.Against{Name: "陈三委员"} })
	m := b.Member(s.Assignee)
	b.Away(b.Member("m04"), desktest.Days("22", "24", ""))
	for body, want := range map[string]string{
		"d01": "department", "d99": "department", "": "department",
		"m99": "member", "m03": "member", "m04": "member", s.Assignee: "member",
	} {
		if _, err := b.Try(m, s.ID, asks(body)); desktest.WrongFields(err) != want {
			t.Errorf("%q: %v", body, err)
		}
	}
	both := func(r *casework.AskAssist) { r.Department = "d01" }
	if _, err := b.Try(m, s.ID, asks("m02", both)); desktest.WrongFields(err) != "department" {
		t.Error(err)
	}
	for name, c := range map[string]access.Caller{"another member": b.Member("m06"), "another liaison": b.Bound(desktest.There, access.Liaison, "l01")} {
		if _, err := b.Try(c, s.ID, asks("m02")); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.Act(b.Liaison(), s.ID, asks("m02", func(r *casework.AskAssist) { r.Days = 0 }))
	if a := b.Load(s.ID).Assists[0]; a.DueAt.Time().Day() != 27 || a.Name != "陈二委员" {
		t.Errorf("%+v", a)
	}
	own := b.File(b.Member("m02"), b.Key(station.ForMember, "m01"))
	if _, err := b.Try(b.Member("m01"), own.ID, asks("m02")); desktest.WrongFields(err) != "member" {
		t.Errorf("who filed it: %v", err)
	}
	list, err := b.Matters.Departments(t.Context(), m)
	if err != nil || len(list) != 1 || list[0].Name != "市场监管所" {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := b.Matters.Departments(t.Context(), b.Visitor("villager")); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
}

// TestRecalledSeeNothing: at once. A recalled assistant who had looked is told who recalled them; pending
// notices are not sent.
func TestRecalledSeeNothing(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, dep := b.Member("m01"), b.Department()
	b.Consent(desktest.OpenidOf(desktest.Here, access.Department, "d01"), notice.DepartmentAssist, 5)
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, asks("d01"))
	seen := b.Look(dep, s.ID)
	b.Act(m, s.ID, recalling(1))
	if _, err := b.Matters.Get(t.Context(), dep, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("recalled and reading: %v", err)
	}
	_, err := b.TryAt(dep, s.ID, seen.Version, casework.Contribute{Text: "x"})
	if c := clash(t, err); c.By.Name != "陈一" {
		t.Errorf("%+v", c)
	}
	if _, err := b.Matters.Act(t.Context(), dep, s.ID, nil, casework.Contribute{Text: "x"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if len(b.AssistIDs(dep, false))+len(b.AssistIDs(dep, true)) != 0 {
		t.Error("still listed")
	}
	b.Deliver()
	got := b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Department, "d01"))
	if len(got) != 1 || !strings.Contains(got[0].Data["thing4"].Value, "不必再办") {
		t.Errorf("told %+v", got)
	}
	b.Act(m, s.ID, asks("d01"))
	b.Act(dep, s.ID, casework.Decline{Reason: "不归我们管"})
	if _, err := b.Matters.Get(t.Context(), dep, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("declined and reading: %v", err)
	}
	if list := b.Look(m, s.ID).Assists; list[1].State != casework.Declined || list[1].Reason == "" {
		t.Errorf("the lead sees %+v", list)
	}
	if list := b.Look(b.Visitor("villager"), s.ID).Assists; len(list) != 0 {
		t.Errorf("the visitor sees %+v", list)
	}
}

// TestContactIsAudited: an assistant asked to call sees the number.
func TestContactIsAudited(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, dep := b.Member("m01"), b.Department()
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"), desktest.Phone("13800138000"))
	b.Act(m, s.ID, asks("d01", func(r *casework.AskAssist) { r.Contact = true }))
	if v := b.Look(dep, s.ID); v.PhoneMask == "" {
		t.Error("does not see that there is a number")
	}
	n, err := b.Overview.Phone(t.Context(), dep, s.ID, "约时间")
	if err != nil || n.Phone != "13800138000" {
		t.Errorf("%+v, %v", n, err)
	}
	if got := b.AuditTrail(); len(got) != 1 || got[0] != "phone department d01 "+s.ID+" 约时间" {
		t.Errorf("written down: %v", got)
	}
	unnamed := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"), desktest.Phone("13800138000"), desktest.Anonymous)
	if _, err := b.Try(m, unnamed.ID, asks("d01", func(r *casework.AskAssist) { r.Contact = true })); desktest.WrongFields(err) != "contact" {
		t.Errorf("an unnamed visitor's: %v", err)
	}
}

// TestAssistantsPhotos: the lead sees them, the visitor those that are quoted.
func TestAssistantsPhotos(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, dep := b.Visitor("villager"), b.Member("m01"), b.Department()
	s := b.File(v, b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, asks("d01"))
	b.Act(m, s.ID, asks("m03"))
	shown, kept := b.Photo(dep, 60), b.Photo(b.Member("m03"), 90)
	b.RunPhotoChecks()
	b.Act(dep, s.ID, casework.Contribute{Photos: []string{shown}})
	b.Act(b.Member("m03"), s.ID, casework.Contribute{Photos: []string{kept}})
	b.WantOpens(m, shown, true)
	b.WantOpens(dep, kept, true)
	b.WantOpens(v, shown, false)
	b.Act(m, s.ID, casework.Reply{Text: "如图", Include: []int{1}})
	b.WantOpens(v, shown, true)
	b.WantOpens(v, kept, false)
	b.Act(m, s.ID, recalling(1))
	b.WantOpens(dep, kept, false)
}

// TestTheSubstituteKeepsTheAssists and is notified of answers; in the pool the assists go on.
func TestTheSubstituteKeepsTheAssists(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, dep := b.Member("m01"), b.Department()
	b.Consent(desktest.OpenidOf(desktest.Here, access.Member, "m03"), notice.MemberMessage, 5)
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, asks("d01"))
	b.Away(m, desktest.Days("23", "24", "m03"))
	b.Member("m03")
	b.Clock.Set(time.Date(2026, 7, 23, 9, 0, 0, 0, station.Zone))
	b.Sweep()
	b.Deliver()
	if got := b.Load(s.ID); got.Assignee != "m03" || len(got.PendingAssists()) != 1 {
		t.Fatalf("%q, %+v", got.Assignee, got.Assists)
	}
	told := b.CountMessages("m03", notice.MemberMessage)
	b.Act(dep, s.ID, casework.Contribute{Text: "已核实"})
	b.Deliver()
	if got := b.CountMessages("m03", notice.MemberMessage) - told; got != 1 {
		t.Errorf("the substitute is told %d times", got)
	}
	b.Act(b.Member("m03"), s.ID, recalling(1))
	b.Act(b.Member("m03"), s.ID, asks("d01"))
	b.Act(b.Member("m03"), s.ID, casework.Return{Reason: "不归我管"})
	if got := b.Load(s.ID); got.State != casework.Pooled || len(got.PendingAssists()) != 1 || b.Count(record.Index{Name: record.Pool}) != 1 {
		t.Errorf("%s, %+v", got.State, got.Assists)
	}
	b.Act(dep, s.ID, casework.Contribute{Text: "再次核实"})
	b.Act(b.Liaison(), s.ID, casework.Assign{To: "m04", Reason: "请你办"})
	if v := b.Look(b.Member("m04"), s.ID); len(v.Assists) != 2 || len(v.Assists[1].Answers) != 1 {
		t.Errorf("the next lead sees %+v", v.Assists)
	}
}

// TestUndeliveredDepartment is on the liaison's list until it looks.
func TestUndeliveredDepartment(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	s := b.File(b.Visitor("villager"), b.Key(station.ForStation, ""), desktest.Category("market"))
	b.Deliver()
	for _, u := range b.UndeliveredHere() {
		if err := b.Overview.ResolveUndelivered(t.Context(), b.Liaison(), u.ID, ""); err != nil {
			t.Fatal(err)
		}
	}
	m := b.Member(s.Assignee)
	b.Act(m, s.ID, asks("d01"))
	b.Deliver()
	b.WantUndelivered("市场监管所 department_assist: 请电话告知，并发邀请码")
	b.Look(b.Department(), s.ID)
	b.WantUndelivered()
	questions, err := b.Delivery.Questions(t.Context(), b.Department(), notice.Looking)
	if err != nil || len(questions) != 1 || questions[0].Purpose != notice.DepartmentAssist {
		t.Errorf("%+v, %v", questions, err)
	}
}

// TestAssistsOfAFollowerGoToTheLead: asking on a merged one asks there, and its
// own assistants are waited for no longer.
func TestAssistsOfAFollowerGoToTheLead(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, dep := b.Member("m01"), b.Department()
	lead := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	other := b.File(b.Visitor("neighbour"), b.Key(station.ForMember, "m01"))
	b.Act(m, other.ID, asks("d01"))
	if _, err := b.Matters.Merge(t.Context(), b.Liaison(), other.ID, lead.ID, b.Load(other.ID).Version, "同一盏灯"); err != nil {
		t.Fatal(err)
	}
	if got := b.Load(other.ID); len(got.PendingAssists()) != 0 || !slices.Equal(b.AssistIDs(dep, true), []string{other.ID}) {
		t.Errorf("still waited for: %+v", got.Assists)
	}
	if v := b.Look(m, other.ID); v.Return != nil {
		t.Errorf("a follower can be returned by itself: %+v", v.Return)
	}
	b.Act(m, other.ID, asks("d01"))
	if got := b.Load(lead.ID); len(got.PendingAssists()) != 1 || !slices.Equal(b.AssistIDs(dep, false), []string{lead.ID}) {
		t.Errorf("the lead's: %+v", got.Assists)
	}
	b.Act(dep, lead.ID, casework.Contribute{Text: "已报修"})
	b.Act(m, lead.ID, casework.Reply{Text: "已修好", Include: []int{1}})
	b.Sweep()
	seen := b.Look(b.Visitor("neighbour"), other.ID)
	if last := seen.Last(); len(last.Parts) != 1 || last.Parts[0].Text != "已报修" {
		t.Errorf("the neighbour reads %+v", last)
	}
}
