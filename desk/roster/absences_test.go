package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/store"
)

// moves are the acts of the system in a thread, as "cover m02".
func moves(s casework.Submission) (list []string) {
	for _, e := range s.Thread {
		if e.By.Role == access.System {
			list = append(list, string(e.What)+" "+e.To)
		}
	}
	return list
}

// TestOpenMattersGoToTheSubstituteAndBack: after the quiet hours of the first day, once even with two
// processes, and back on the return; answered ones stay.
func TestOpenMattersGoToTheSubstituteAndBack(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	other := b.SecondDesk()
	v, m, sub := b.Visitor("villager"), b.Member("m01"), b.Member("m03")
	b.Consent(desktest.OpenidOf(desktest.Here, access.Member, "m03"), notice.MemberNew, 20)
	key := b.Key(station.ForMember, "m01")
	var ids []string
	for range 4 {
		ids = append(ids, b.File(v, key).ID)
	}
	b.Act(m, ids[1], casework.Ask{Text: "哪一盏？"})
	b.Act(m, ids[2], casework.Reply{Text: "已修好"})
	b.Away(m, desktest.Days("23", "24", "m03"))
	b.Sweep(other)
	if s := b.Load(ids[0]); s.Assignee != "m01" {
		t.Fatalf("moved before the absence: %+v", s)
	}
	if s := b.File(v, key); s.Assignee != "m01" {
		t.Errorf("filed before the absence: %q", s.Assignee)
	} else {
		ids = append(ids, s.ID)
	}

	b.Clock.Set(time.Date(2026, 7, 23, 0, 5, 0, 0, station.Zone))
	b.Sweep(other)
	if s := b.Load(ids[0]); s.Assignee != "m01" {
		t.Error("moved in the middle of the night")
	}
	if s := b.File(v, key); s.Assignee != "m03" {
		t.Errorf("filed in the absence: %q", s.Assignee)
	}
	b.Clock.Set(time.Date(2026, 7, 23, 8, 0, 0, 0, station.Zone))
	for range 3 {
		b.Sweep(other)
	}
	for i, want := range map[int]string{0: "m03", 1: "m03", 2: "m01", 3: "m03", 4: "m03"} {
		s := b.Load(ids[i])
		if s.Assignee != want {
			t.Errorf("%d is held by %q, want %q", i, s.Assignee, want)
		}
		if got := moves(s); want == "m03" && !slices.Equal(got, []string{"cover m03"}) {
			t.Errorf("%d: %v", i, got)
		}
	}
	if s := b.Load(ids[1]); s.State != casework.Waiting {
		t.Errorf("what waited for the visitor is %s", s.State)
	}
	b.Deliver()
	if n := len(b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Member, "m03"))); n == 0 {
		t.Error("the substitute was not told")
	}
	b.Act(sub, ids[0], casework.Reply{Text: "明天来修"})
	b.Act(b.Liaison(), ids[3], casework.Transfer{To: "m04", Reason: "就近"})

	b.Clock.Set(time.Date(2026, 7, 25, 0, 5, 0, 0, station.Zone))
	b.Sweep(other)
	b.Clock.Set(time.Date(2026, 7, 25, 9, 0, 0, 0, station.Zone))
	for range 3 {
		b.Sweep(other)
	}
	for i, want := range map[int]string{0: "m03", 1: "m01", 2: "m01", 3: "m04", 4: "m01"} {
		s := b.Load(ids[i])
		if s.Assignee != want {
			t.Errorf("%d is held by %q, want %q", i, s.Assignee, want)
		}
		if got := moves(s); want == "m01" && i != 2 && !slices.Equal(got, []string{"cover m03", "resume m01"}) {
			t.Errorf("%d: %v", i, got)
		}
	}
	if b.Seen.Of("act", "cover") != 4 || b.Seen.Of("act", "resume") != 2 {
		t.Errorf("moved %d there and %d back", b.Seen.Of("act", "cover"), b.Seen.Of("act", "resume"))
	}
	report, err := b.Store.Verify(t.Context(), store.Verification{})
	if err != nil || len(report.Faults) > 0 {
		t.Errorf("%v, %v", report.Faults, err)
	}
}

// TestAChainOfSubstitutes: A's submissions skip B, who is away too, and go to C; if B's absence begins later,
// they go on to C. They come back to A.
func TestAChainOfSubstitutes(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	b.Away(b.Member("m01"), desktest.Days("22", "26", "m03"))
	b.Away(b.Member("m03"), desktest.Days("23", "24", "m04"))
	s := b.File(v, b.Key(station.ForMember, "m01"))
	if s.Assignee != "m03" {
		t.Fatalf("filed to %q", s.Assignee)
	}
	own := b.Load(b.File(v, b.Key(station.ForMember, "m07")).ID)
	b.Act(b.Member("m07"), own.ID, casework.Transfer{To: "m03", Reason: "归经济"})
	b.Clock.Set(time.Date(2026, 7, 23, 9, 0, 0, 0, station.Zone))
	b.Sweep()
	for _, id := range []string{s.ID, own.ID} {
		if got := b.Load(id); got.Assignee != "m04" || got.CoverFor != "m03" {
			t.Errorf("in the chain: %q for %q", got.Assignee, got.CoverFor)
		}
	}
	if got := b.File(v, b.Key(station.ForMember, "m01")); got.Assignee != "m04" {
		t.Errorf("filed into the chain: %q", got.Assignee)
	}
	b.Clock.Set(time.Date(2026, 7, 25, 9, 0, 0, 0, station.Zone))
	b.Sweep()
	if got := b.Load(own.ID); got.Assignee != "m03" {
		t.Errorf("after the substitute's return: %q", got.Assignee)
	}
}

// TestSubstitutesAreChecked: a submission that the substitute filed or that concerns them goes to the liaison.
func TestSubstitutesAreChecked(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, sub := b.Visitor("villager"), b.Member("m01"), b.Member("m03")
	key := b.Key(station.ForMember, "m01")
	about := b.File(v, key, func(r *filing.Request) { r.Filing.Against = &casework.Against{Name: "陈三"} })
	mine := b.File(sub, key)
	b.Away(m, desktest.Days("22", "22", "m03"))
	b.Sweep()
	for _, id := range []string{about.ID, mine.ID} {
		if s := b.Load(id); s.State != casework.Pooled || s.CoverFor != "" {
			t.Errorf("%+v", s)
		}
	}
}

// TestTakenBack: an absence that is undone while it lasts brings everything back.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	s := b.File(v, b.Key(station.ForMember, "m01"))
	a := b.Away(m, desktest.Days("22", "30", "m03"))
	if !a.Now || a.SubstituteName != "陈三" || a.ID == "" {
		t.Errorf("%+v", a)
	}
	if twice := b.Away(m, desktest.Days("22", "30", "m03")); twice.ID != a.ID {
		t.Errorf("told twice: %+v", twice)
	}
	b.Sweep()
	if got := b.Load(s.ID); got.Assignee != "m03" {
		t.Fatalf("held by %q", got.Assignee)
	}
	if _, err := b.Try(b.Liaison(), s.ID, casework.Transfer{To: "m01", Reason: "x"}); err == nil || !strings.Contains(err.Error(), "代办的是陈三委员") {
		t.Errorf("given to who is away: %v", err)
	}
	if err := b.Roster.EndAbsence(t.Context(), m, "", a.ID); err != nil {
		t.Fatal(err)
	}
	b.Sweep()
	if got := b.Load(s.ID); got.Assignee != "m01" {
		t.Errorf("held by %q", got.Assignee)
	}
	if err := b.Roster.EndAbsence(t.Context(), m, "", a.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("twice: %v", err)
	}
	if err := b.Roster.EndAbsence(t.Context(), b.Member("m05"), "", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("one of the spreadsheet: %v", err)
	}
}

func TestAbsencesAreChecked(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, l := b.Member("m01"), b.Liaison()
	for want, r := range map[string]roster.AbsenceRequest{
		"from": {From: "22.7.", To: "2026-07-30"}, "to": {From: "2026-07-30", To: "2026-07-29"},
		"to ": desktest.Days("20", "21", ""), "to  ": {From: "2026-07-22", To: "2027-07-25"},
		"from ": {From: "2027-07-25", To: "2027-07-26"}, "substitute": desktest.Days("23", "24", "m01"),
		"substitute ": desktest.Days("23", "24", "m99"),
		"reason":      {From: "2026-07-23", To: "2026-07-23", Reason: strings.Repeat("因", casework.MaxReason+1)},
	} {
		if _, err := b.Roster.ReportAbsence(t.Context(), m, "", r); !slices.Equal(desktest.FieldsOf(err), []string{strings.TrimSpace(want)}) {
			t.Errorf("%q: %v", want, err)
		}
	}
	b.Away(m, desktest.Days("23", "25", "m03"))
	if _, err := b.Roster.ReportAbsence(t.Context(), l, "m03", desktest.Days("25", "26", "m01")); !slices.Equal(desktest.FieldsOf(err), []string{"substitute"}) || !strings.Contains(err.Error(), "陈一→陈三→陈一") {
		t.Errorf("a loop: %v", err)
	}
	if _, err := b.Roster.ReportAbsence(t.Context(), l, "m03", desktest.Days("26", "26", "m01")); err != nil {
		t.Errorf("no loop on that day: %v", err)
	}
	if _, err := b.Roster.ReportAbsence(t.Context(), l, "m99", desktest.Days("26", "26", "")); !fault.Is(err, fault.NotFound) {
		t.Errorf("of nobody: %v", err)
	}
	for _, c := range []access.Caller{b.Visitor("villager"), b.Bound(desktest.Here, access.Department, "d01"), l} {
		if _, err := b.Roster.ReportAbsence(t.Context(), c, "", desktest.Days("26", "26", "")); !fault.Is(err, fault.Denied) {
			t.Errorf("%s for themselves: %v", c.Role, err)
		}
	}
	if _, err := b.Roster.ReportAbsence(t.Context(), m, "m03", desktest.Days("26", "26", "")); !fault.Is(err, fault.Denied) {
		t.Errorf("a member for another: %v", err)
	}
	if _, err := b.Roster.ReportAbsence(t.Context(), access.Caller{}, "", desktest.Days("26", "26", "")); !fault.Is(err, fault.Unauthenticated) {
		t.Error(err)
	}
	list, err := b.Roster.Absences(t.Context(), l, "m03")
	if err != nil || len(list) != 1 || list[0].SubstituteName != "陈一" || list[0].Now {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err = b.Roster.Absences(t.Context(), b.Member("m05"), ""); err != nil || len(list) != 1 || list[0].ID != "" || !list[0].Now {
		t.Errorf("one of the spreadsheet: %+v, %v", list, err)
	}
	var last error
	for i := range 21 {
		_, last = b.Roster.ReportAbsence(t.Context(), m, "", roster.AbsenceRequest{From: fmt.Sprintf("2026-09-%02d", i+1), To: fmt.Sprintf("2026-09-%02d", i+1)})
	}
	if !fault.Is(last, fault.WrongState) {
		t.Errorf("no limit: %v", last)
	}
	b.Clock.Advance(70 * 24 * time.Hour) // the last of September
	if _, err := b.Roster.ReportAbsence(t.Context(), m, "", roster.AbsenceRequest{From: "2026-12-01", To: "2026-12-01"}); err != nil {
		t.Errorf("old ones count for ever: %v", err)
	}
	b.Clock.Advance(40 * 24 * time.Hour)
	b.Sweep(b.SecondDesk()) // two at once
	if st, err := b.Store.Station(t.Context(), desktest.Here); err != nil || len(st.Members[0].Absences) != 1 {
		t.Errorf("%+v, %v", st.Members[0].Absences, err)
	}
}
