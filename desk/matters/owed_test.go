package matters_test

import (
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/listindex"
	"mashang/domain/station"
)

// TestWhatIsOwedIsListed: in the member's inbox by the day promised, in the
// station's list by outcome, and on the first page once the day has passed.
func TestWhatIsOwedIsListed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	v, m, l := b.Visitor("villager"), b.Member("m01"), b.Liaison()
	var ids []string
	for _, day := range []string{"2026-08-20", "2026-07-30", "2026-09-30"} {
		s := b.File(v, b.Key(station.ForMember, "m01"))
		b.Act(m, s.ID, casework.Accept{})
		b.Act(m, s.ID, agreeing(day))
		ids = append(ids, s.ID)
	}
	solved := b.File(v, b.Key(station.ForMember, "m01"))
	b.Act(m, solved.ID, casework.Accept{})
	b.Act(m, solved.ID, casework.Close{Outcome: casework.Solved, Text: "好了"})
	owes := func(c access.Caller, f matters.Filter, want ...string) {
		t.Helper()
		f.Owed = true
		var got []string
		for cursor, more := "", true; more; {
			p, err := b.Matters.Inbox(t.Context(), c, f, cursor, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range p.Items {
				got = append(got, s.ID)
			}
			cursor, more = p.Next, p.Next != ""
		}
		if len(got) != len(want) {
			t.Fatalf("owes %v, want %v", got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("owes %v, want %v", got, want)
			}
		}
	}
	owes(m, matters.Filter{}, ids[1], ids[0], ids[2])
	owes(m, matters.Filter{Kind: casework.Help})
	owes(b.Member("m02"), matters.Filter{})
	if _, err := b.Matters.Inbox(t.Context(), m, matters.Filter{Owed: true, State: casework.Assigned}, "", 0); desktest.WrongFields(err) != "state" {
		t.Errorf("owed and open: %v", err)
	}
	list := func(f overview.MatterFilter) int {
		t.Helper()
		got, err := b.Overview.Matters(t.Context(), l, f, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		return got.Total
	}
	late := overview.MatterFilter{Flags: []listindex.Flag{listindex.PromiseLate}}
	agreed := overview.MatterFilter{Outcomes: []casework.Outcome{casework.Agreed}}
	if n, none := list(agreed), list(late); n != 3 || none != 0 {
		t.Errorf("%d agreed, %d late", n, none)
	}
	if _, err := b.Overview.Matters(t.Context(), l, overview.MatterFilter{Outcomes: []casework.Outcome{"gone"}}, "", 10); desktest.WrongFields(err) != "outcome" {
		t.Errorf("no such outcome: %v", err)
	}
	b.Clock.Set(desktest.At(22, 9, 0).AddDate(0, 1, 0))
	now, err := b.Overview.Now(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, n := range now.Needs {
		if n.Key == overview.NeedPromise {
			found = n.Total == 2 && n.Items[0].ID == ids[1]
		}
	}
	if !found || list(late) != 2 {
		t.Errorf("the first page has %+v", now.Needs)
	}
	owes(m, matters.Filter{Late: true}, ids[1], ids[0])
	b.Act(m, ids[1], casework.Fulfil{Text: "装好了"})
	owes(m, matters.Filter{}, ids[0], ids[2])
	if n, done := list(agreed), list(overview.MatterFilter{Flags: []listindex.Flag{listindex.Fulfilled}}); n != 2 || done != 1 {
		t.Errorf("%d agreed, %d fulfilled", n, done)
	}
	f, err := b.Overview.Figures(t.Context(), l, desktest.At(1, 0, 0), time.Time{}, "member")
	if err != nil || f.Whole.Fulfilled.Of != 3 || f.Whole.Fulfilled.Yes != 1 || f.Whole.Solved.Yes != 2 || f.Whole.Kept.Of != 2 {
		t.Errorf("%+v, %v", f.Whole, err)
	}
}
