package deadlines_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// TestFirstContactReminders: the member at 80 % and at the end of the thirty minutes,
// their squad's leader, the liaisons, the head; each once, and nobody else.
func TestFirstContactReminders(t *testing.T) {
	t.Parallel()
	b := desktest.Command(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	v := b.Visitor("villager")
	s := b.File(v, b.Key(station.ForMember, "m01"))
	if got := b.Load(s.ID).Clocks; got.FirstDueAt != casework.At(desktest.At(22, 9, 30)) || got.Rules != 1 {
		t.Errorf("%+v", got)
	}
	b.SweepUntil(desktest.At(22, 12, 0))
	for who, want := range map[string][]string{
		desktest.PhoneOfM01: {"请尽快受理，与群众联系", "首次联系已超时，请马上联系"},
		desktest.OpenM02:    {"本专班有诉求超时，请督促办理"},
		desktest.OpenL01:    {"委员办理超时，请督促或改派"},
		desktest.OpenL02:    {"委员办理超时，请督促或改派", "委员办理超时，请督促或改派"},
	} {
		if got := b.ReminderTexts(who); !slices.Equal(got, want) {
			t.Errorf("%s is told %q, want %q", who, got, want)
		}
	}
	for _, m := range b.Emu.Messages(desktest.PhoneOfM01) {
		if m.Template == desktest.Template(notice.MemberUrge) && m.Data["time3"].Value != "2026-07-22 09:30" {
			t.Errorf("by when: %+v", m.Data)
		}
	}
	// The squad's leader may read it now, and no longer once the member has contacted the filer.
	leader := b.Member("m02")
	if _, err := b.Matters.Get(t.Context(), leader, s.ID); err != nil {
		t.Errorf("the leader is told of what they cannot open: %v", err)
	}
	if _, err := b.Matters.Get(t.Context(), b.Member("m03"), s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another member: %v", err)
	}
	if _, err := b.Try(leader, s.ID, casework.Reply{Text: "我来答"}); !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Denied) {
		t.Errorf("the leader answered: %v", err)
	}
	b.Act(b.Member("m01"), s.ID, casework.Accept{})
	if _, err := b.Matters.Get(t.Context(), leader, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the leader after the first contact: %v", err)
	}
	before := len(b.ReminderTexts(desktest.PhoneOfM01))
	b.SweepUntil(desktest.At(22, 14, 0))
	if got := b.ReminderTexts(desktest.PhoneOfM01); len(got) != before {
		t.Errorf("told again: %q", got)
	}
}

// TestPoolReminders: submissions in the pool are the liaisons' duty.
func TestPoolReminders(t *testing.T) {
	t.Parallel()
	b := desktest.Command(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	v, m := b.Visitor("villager"), b.Member("m01")
	s := b.File(v, b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, casework.Return{Reason: "不归我管"})
	b.SweepUntil(desktest.At(22, 9, 40))
	if got, want := b.ReminderTexts(desktest.OpenL01), []string{"尚未分派，请尽快指派委员", "尚未分派，请尽快指派委员"}; !slices.Equal(got, want) {
		t.Errorf("told %q", got)
	}
	if got := b.ReminderTexts(desktest.PhoneOfM01); len(got) != 0 {
		t.Errorf("who returned it is told %q", got)
	}
}

// TestTheAnswerIsLate climbs from the member to the head in two working days, at
// humane hours.
func TestTheAnswerIsLate(t *testing.T) {
	t.Parallel()
	b := desktest.Command(t)
	b.Clock.Set(desktest.At(22, 9, 0)) // a Wednesday
	v, m := b.Visitor("villager"), b.Member("m01")
	s := b.File(v, b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Kind = casework.Inquiry })
	b.Act(m, s.ID, casework.Accept{})
	if due := b.Load(s.ID).DueAt.Time(); !due.Equal(desktest.At(23, 18, 0)) {
		t.Fatalf("due %v", due)
	}
	b.SweepUntil(desktest.At(23, 18, 30))
	if got, want := b.ReminderTexts(desktest.PhoneOfM01), []string{"办理期限将到，请抓紧办理", "已到办理期限，请尽快答复"}; !slices.Equal(got, want) {
		t.Errorf("the member is told %q", got)
	}
	if got := b.ReminderTexts(desktest.OpenM02); len(got) != 1 {
		t.Errorf("the leader is told %q", got)
	}
	b.SweepUntil(desktest.At(24, 18, 30))
	if got := b.ReminderTexts(desktest.OpenL01); !slices.Equal(got, []string{"委员办理超时，请督促或改派"}) {
		t.Errorf("the liaison is told %q", got)
	}
	for _, msg := range slices.Concat(b.Emu.Messages(desktest.PhoneOfM01), b.Emu.Messages(desktest.OpenL01), b.Emu.Messages(desktest.OpenL02)) {
		if h := msg.At.In(station.Zone).Hour(); h < 7 || h >= 22 {
			t.Errorf("told at %v", msg.At)
		}
	}
}

// TestADayOfDowntime: everything that became due meanwhile is sent at once, in one message for each person.
func TestADayOfDowntime(t *testing.T) {
	t.Parallel()
	b := desktest.Command(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	const many = 40
	for i := range many {
		b.File(b.Visitor(fmt.Sprintf("villager-%d", i)), b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Kind = casework.Inquiry })
	}
	b.Deliver()
	b.Clock.Set(desktest.At(24, 3, 0)) // nobody is woken
	if n := b.Sweep(b.SecondDesk(), b.SecondDesk()); n != 0 {
		t.Errorf("%d reminded of in the night", n)
	}
	b.Clock.Set(desktest.At(24, 9, 0))
	if n := b.Sweep(b.SecondDesk(), b.SecondDesk()); n != many {
		t.Errorf("%d reminded of, want %d", n, many)
	}
	if n := b.Sweep(b.SecondDesk(), b.SecondDesk()); n != 0 {
		t.Errorf("%d reminded of twice", n)
	}
	b.Deliver()
	for who, want := range map[string]string{
		desktest.PhoneOfM01: "另有39件待办，点此查看", desktest.OpenM02: "另有39件待办，点此查看", desktest.OpenL01: "另有39件待办，点此查看", desktest.OpenL02: "另有39件待办，点此查看",
	} {
		if got := b.ReminderTexts(who); !slices.Equal(got, []string{want}) {
			t.Errorf("%s is told %q, want one message", who, got)
		}
	}
	// Submissions that were handled before the message leaves are not counted in it.
	b.Clock.Set(desktest.At(25, 18, 30))
	b.Sweep()
	inbox, err := b.Matters.Inbox(t.Context(), b.Member("m01"), matters.Filter{}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range inbox.Items[:many-2] {
		b.Act(b.Member("m01"), v.ID, casework.Reply{Text: "好"})
	}
	b.Deliver()
	if got := b.ReminderTexts(desktest.PhoneOfM01); got[len(got)-1] != "另有1件待办，点此查看" {
		t.Errorf("told %q", got)
	}
}

// TestExtension: once, in time, and the visitor is notified of the new day.
func TestExtension(t *testing.T) {
	t.Parallel()
	b := desktest.Command(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	v, m := b.Visitor("villager"), b.Member("m01")
	b.Consent("villager", notice.VisitorProgress, 5)
	s := b.File(v, b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Kind = casework.Help })
	b.Act(m, s.ID, casework.Accept{})
	b.Deliver()
	extend := casework.Extend{Days: 3, Reason: "等待鉴定结果"}
	if _, err := b.Try(v, s.ID, extend); !fault.Is(err, fault.Denied) {
		t.Errorf("the visitor extended it: %v", err)
	}
	got := b.Act(m, s.ID, extend)
	if !got.DueAt.Time().Equal(desktest.At(30, 18, 0)) { // the 27th, a Monday, and three working days
		t.Errorf("due %v", got.DueAt.Time())
	}
	b.Deliver()
	msgs := b.Emu.Messages("villager")
	if last := msgs[0]; last.Template != desktest.Template(notice.VisitorProgress) || last.Data["thing4"].Value != "延期至7月30日，点此看原因" {
		t.Errorf("the visitor is told %+v", last)
	}
	if _, err := b.Try(m, s.ID, extend); !fault.Is(err, fault.WrongState) {
		t.Errorf("twice: %v", err)
	}
}

// TestAChangeOfTermsMovesNoDeadline, not even of a submission that waits for its visitor.
func TestAChangeOfTermsMovesNoDeadline(t *testing.T) {
	t.Parallel()
	b := desktest.Command(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	v, m, l := b.Visitor("villager"), b.Member("m01"), b.Liaison()
	s := b.File(v, b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Kind = casework.Inquiry })
	b.Act(m, s.ID, casework.Ask{Text: "哪一家？"})
	rules := station.Rules{Version: 1, Terms: &station.Terms{
		FirstMinutes: 5, Duty: "10:00-11:00", Days: map[string]int{"inquiry": 20}, Head: "l02",
	}}
	if _, _, err := b.Roster.SetRules(t.Context(), l, rules); err != nil {
		t.Fatal(err)
	}
	b.Clock.Set(desktest.At(22, 16, 0)) // after 5 duty hours by the old hours, one by the new
	b.Act(v, s.ID, casework.Message{Text: "桥头那家"})
	// 12.5 hours were left at 9:00 (until the 23rd, 18:00), and run from 16:00 on.
	if due := b.Load(s.ID).DueAt.Time(); !due.Equal(desktest.At(24, 15, 30)) {
		t.Errorf("due %v", due)
	}
	next := b.File(v, b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Kind = casework.Inquiry })
	if due := next.DueAt.Time(); !due.Equal(time.Date(2026, 8, 19, 11, 0, 0, 0, station.Zone)) || next.Clocks.Rules != 2 {
		t.Errorf("a new one is due %v by rules %d", due, next.Clocks.Rules)
	}
	for field, bad := range map[string]station.Terms{
		"terms.first_minutes": {FirstMinutes: 999}, "terms.days.inquiry": {Days: map[string]int{"inquiry": 0}},
		"terms.days": {Days: map[string]int{"prayer": 3}}, "terms.duty": {Duty: "9-5"}, "terms.head": {Head: "a01"},
		"terms.traveller_hours": {TravellerHours: -1}, "terms.traveller_duty": {TravellerDuty: "22:00-07:00"},
	} {
		_, _, err := b.Roster.SetRules(t.Context(), l, station.Rules{Version: 2, Terms: &bad})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fmt.Sprint(desktest.FieldsOf(err)), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestAYearIsMissing: the liaison is warned weeks before; a deadline in that year is marked, and recomputed
// when the year's calendar arrives.
func TestAYearIsMissing(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	warned := func() string {
		today, err := b.Overview.Today(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(today.Warnings, "\n")
	}
	if w := warned(); w != "" {
		t.Errorf("in July: %s", w)
	}
	b.Clock.Set(time.Date(2026, 11, 25, 9, 0, 0, 0, station.Zone))
	l = b.Liaison()
	if w := warned(); !strings.Contains(w, "2027 年") || strings.Contains(w, "暂定的") {
		t.Errorf("in November: %s", w)
	}
	b.Clock.Set(time.Date(2026, 12, 28, 9, 0, 0, 0, station.Zone))
	l = b.Liaison()
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	if got := b.Load(s.ID); got.Clocks.UnknownYear != 2027 {
		t.Fatalf("%+v", got.Clocks)
	}
	if w := warned(); !strings.Contains(w, "有 1 件") {
		t.Errorf("with one that is provisional: %s", w)
	}
	years := []calendar.Year{{Year: 2026}, {Year: 2027, Off: []string{"2027-01-01"}}}
	d := b.SecondDesk(func(p *desk.Parts) { p.Days = calendar.New(station.Zone, years...) })
	if _, err := d.Deadlines.Sweep(t.Context(), desktest.Here); err != nil {
		t.Fatal(err)
	}
	got := b.Load(s.ID)
	if want := time.Date(2027, 1, 5, 18, 0, 0, 0, station.Zone); got.Clocks.UnknownYear != 0 || !got.DueAt.Time().Equal(want) {
		t.Errorf("unsure %d, due %v, want %v", got.Clocks.UnknownYear, got.DueAt.Time(), want)
	}
	if got.Last().What != casework.Recounted || got.State != casework.Assigned {
		t.Errorf("%+v", got.Last())
	}
}

// TestRemindersAreNotListedAsUndelivered, except for overdue submissions and notices that did not reach the
// member.
func TestRemindersAreNotListedAsUndelivered(t *testing.T) {
	t.Parallel()
	b := desktest.Command(t)
	for _, who := range []string{desktest.PhoneOfM01, desktest.OpenM02, desktest.OpenL01, desktest.OpenL02} {
		for _, p := range []notice.Purpose{notice.MemberUrge, notice.MemberNew, notice.LiaisonUrge} {
			if person := b.People[who]; person.Person != "" {
				if err := b.Store.ClearConsents(t.Context(), person.Person, p); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	b.Clock.Set(desktest.At(22, 9, 0))
	b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	b.SweepUntil(desktest.At(22, 9, 25))
	list := func() (lines []string) {
		for _, u := range b.UndeliveredHere() {
			lines = append(lines, fmt.Sprint(u.Purpose))
		}
		slices.Sort(lines)
		return lines
	}
	if got := list(); !slices.Equal(got, []string{"member_new"}) {
		t.Errorf("after the first reminder: %v", got)
	}
	b.SweepUntil(desktest.At(22, 11, 0))
	if got := list(); !slices.Equal(got, []string{"member_new", "member_urge"}) {
		t.Errorf("when it is late: %v", got)
	}
}
