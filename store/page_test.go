package store_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

var inboxOf1 = record.Index{Name: record.Inbox, Arg: "m1"}

func TestPageOrder(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	var byDue, byFiled []string
	for i := range 25 {
		a := filing(100, "m1")
		a.Submission.FiledAt = casework.At(noon.Add(time.Duration(i/3) * time.Minute)) // three share a moment
		a.Submission.DueAt = casework.At(noon.Add(time.Duration(100-i/4) * time.Hour)) // four a deadline
		sub := admit(t, s, a)
		byFiled = append(byFiled, sub.ID)
		byDue = append(byDue, sub.ID)
	}
	slices.Reverse(byFiled)
	slices.SortFunc(byDue, func(a, b string) int {
		x, y := load(t, s, a), load(t, s, b)
		if x.DueAt != y.DueAt {
			return int(x.DueAt - y.DueAt)
		}
		if a < b {
			return -1
		}
		return 1
	})
	for _, limit := range []int{1, 2, 3, 4, 7, 24, 25, 26, 500} {
		equal(t, "inbox", ids(t, s, inboxOf1, limit), byDue)
		equal(t, "all", ids(t, s, record.Index{Name: record.All}, limit), byFiled)
	}
}

// Between two pages the cursor's own item goes, and others before and after
// it: nothing that stayed is shown twice or left out.
func TestPageWhileItemsMove(t *testing.T) {
	t.Parallel()
	for _, ix := range []record.Index{inboxOf1, {Name: record.InState, Arg: "assigned"}} {
		s, _ := open(t)
		var all []casework.Submission
		for range 12 {
			all = append(all, admit(t, s, filing(100, "m1"))) // all with the same scores
		}
		order := ids(t, s, ix, 100)
		first, cursor, more, err := s.Page(t.Context(), st, ix, record.Cursor{}, 5)
		if err != nil || !more || len(first) != 5 {
			t.Fatal(len(first), more, err)
		}
		for _, gone := range []int{1, 4, 5, 8} {
			i := slices.IndexFunc(all, func(s casework.Submission) bool { return s.ID == order[gone] })
			commit(t, s, all[i], casework.Reply{Text: "好"}, noon)
		}
		rest, _, more, err := s.Page(t.Context(), st, ix, cursor, 100)
		if err != nil || more {
			t.Fatal(more, err)
		}
		var got []string
		for _, sub := range rest {
			got = append(got, sub.ID)
		}
		equal(t, string(ix.Name), got, []string{order[6], order[7], order[9], order[10], order[11]})
	}
}

func TestPageTakesShortAndMadeUpCursors(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for range 3 {
		admit(t, s, filing(100, "m1"))
	}
	all := record.Index{Name: record.All}
	order := ids(t, s, all, 10)
	score := float64(noon.UnixMilli())
	for id, want := range map[string]int{order[0]: 2, order[0][3:]: 2, "~": 3, "!": 0} {
		list, _, more, err := s.Page(t.Context(), st, all, record.Cursor{Score: score, ID: id}, 10)
		if err != nil || more || len(list) != want {
			t.Errorf("%q: %d, %v, %v; want %d", id, len(list), more, err, want)
		}
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, _, _, err := s.Page(t.Context(), st, all, record.Cursor{Score: bad, ID: "a"}, 10)
		wantCode(t, "cursor", err, fault.Invalid)
	}
	list, next, more, err := s.Page(t.Context(), st, record.Index{Name: record.Mine, Arg: "nobody"}, record.Cursor{}, 10)
	if err != nil || more || len(list) != 0 || next != (record.Cursor{}) {
		t.Error(list, next, more, err)
	}
	_, _, _, err = s.Page(t.Context(), "no}t", all, record.Cursor{}, 10)
	wantCode(t, "station", err, fault.NotFound)
}

func TestPageGoesOnPastADamagedOne(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	a, b, c := admit(t, s, filing(9, "m1")), admit(t, s, filing(9, "m1")), admit(t, s, filing(9, "m1"))
	raw := server.Client(t)
	if err := raw.Set(t.Context(), "{lj}:s:"+a.ID[3:], "nonsense", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := raw.Del(t.Context(), "{lj}:s:"+b.ID[3:]).Err(); err != nil {
		t.Fatal(err)
	}
	equal(t, "inbox", ids(t, s, inboxOf1, 1), []string{c.ID})
	several := must(s.LoadMany(t.Context(), st, []string{c.ID, "lj-unknown", a.ID, "hz-" + c.ID[3:], "lj", b.ID, c.ID}))(t)
	if len(several) != 2 || several[0].ID != c.ID || several[1].Version != 1 {
		t.Errorf("several: %+v", several)
	}
	_, err := s.Load(t.Context(), a.ID)
	wantCode(t, "load", err, fault.Internal)
}
