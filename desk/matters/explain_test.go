package matters_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/language"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestExplain: the filer and the assignee get a sentence that names nobody else, the liaison everything, all
// others nothing.
func TestExplain(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	b.File(v, b.Key(station.ForMember, "m06")) // has room for one
	s := b.File(v, b.Key(station.ForMember, "m06"))
	if s.Assignee != "m04" {
		t.Fatalf("assigned to %q", s.Assignee)
	}
	for name, c := range map[string]access.Caller{"visitor": v, "member": b.Member("m04")} {
		e, err := b.Matters.Explain(t.Context(), c, s.ID, language.Chinese)
		if err != nil || e.Full != nil || e.Sentence != "由陈四委员办理：就近联系上滩村。" {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
	for name, c := range map[string]access.Caller{
		"another visitor": b.Visitor("other"), "who was full": b.Member("m06"), "a department": b.Bound(desktest.Here, access.Department, "d01"),
		"another liaison": b.Bound(desktest.There, access.Liaison, "l01"), "an administrator": b.Bound(desktest.Here, access.Liaison, "a01"),
	} {
		if e, err := b.Matters.Explain(t.Context(), c, s.ID, language.Chinese); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
	if _, err := b.Matters.Explain(t.Context(), access.Caller{}, s.ID, language.Chinese); !fault.Is(err, fault.Unauthenticated) {
		t.Error(err)
	}
	e, err := b.Matters.Explain(t.Context(), b.Liaison(), s.ID, language.Chinese)
	if err != nil || e.Full == nil {
		t.Fatalf("%+v, %v", e, err)
	}
	full, got := e.Full, e.Full.Candidates
	if len(got) != 2 || !got[0].Full || got[0].Picked || got[0].ID != "m06" || got[0].Against[0].Text != "待办已满" {
		t.Errorf("who was full: %+v", got)
	}
	if got[1].ID != "m04" || !got[1].Picked || got[1].Full || got[1].For[0] != (matters.WeightedReason{Code: "village", Text: "就近联系上滩村", Weight: 20}) {
		t.Errorf("who has it: %+v", got)
	}
	if full.Roster != 1 || full.Rules != 0 || full.RunnerUp != "" || full.Reassigned || !strings.Contains(full.Change, "待分派") {
		t.Errorf("%+v", full)
	}
	b.Act(b.Liaison(), s.ID, casework.Assign{To: "m01", Reason: "就近"})
	if e, err = b.Matters.Explain(t.Context(), b.Liaison(), s.ID, language.Chinese); err != nil || !e.Full.Reassigned || e.Sentence != "由陈一委员办理：联络员指派。" {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestWhatWouldChangeIt: each end a decision can have.
func TestWhatWouldChangeIt(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l := b.Visitor("villager"), b.Liaison()
	in := func(category string) func(*filing.Request) {
		return func(r *filing.Request) { r.Filing.Category = category }
	}
	for name, tc := range map[string]struct {
		id   string
		want string
		next string
	}{
		"nobody fits":        {b.File(v, b.Key(station.ForPlace, "p2")).ID, "设定负责的界别", ""},
		"held":               {b.File(v, b.Key(station.ForMember, "m03"), func(r *filing.Request) { r.Filing.Text = "测试复审" }).ID, "先核对", ""},
		"an equal":           {b.File(v, b.Key(station.ForStation, ""), in("tour")).ID, "陈二委员与其条件相当", "m02"},
		"the next is weaker": {b.File(v, b.Key(station.ForRoom, "r1")).ID, "陈六委员，差 25 分", "m06"},
		"alone":              {b.File(v, b.Key(station.ForMember, "m07")).ID, "没有其他委员", ""},
	} {
		e, err := b.Matters.Explain(t.Context(), l, tc.id, language.Chinese)
		if err != nil || !strings.Contains(e.Full.Change, tc.want) || e.Full.RunnerUp != tc.next {
			t.Errorf("%s: %+v, %v", name, e.Full, err)
		}
	}
	away := b.File(v, b.Key(station.ForStation, ""), func(r *filing.Request) { r.Filing.Category = "school" })
	e, err := b.Matters.Explain(t.Context(), l, away.ID, language.Chinese)
	if err != nil || e.Full.Candidates[0].ID != "m04" || len(e.Full.Passed) != 1 || e.Full.Passed[0] != (matters.PassedOver{ID: "m05", Name: "陈五", Code: "away", Text: "外出"}) {
		t.Errorf("%+v, %v", e.Full, err)
	}
}

// TestConcurrentFilingAtSeveralDesks: five hundred file at once through three processes,
// each with its own second-old count of loads. Nobody gets more than they can
// hold, and equals get the same but for one.
func TestConcurrentFilingAtSeveralDesks(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	st := desktest.Town()
	st.Duty = nil
	st.Members = nil
	for i := range 12 {
		st.Members = append(st.Members, station.Member{
			ID: "q" + string(rune('a'+i)), Name: "陈" + string(rune('甲'+i)), Sector: "教育", Capacity: 40,
		})
	}
	b.Put(st, 1)
	b.Clock.Advance(3 * time.Second)
	desks := []*desk.Desk{b.Desk, b.SecondDesk(), b.SecondDesk()}
	v := b.Visitor("villager")
	var wg sync.WaitGroup
	gate := make(chan struct{}, 60)
	for i := range 500 {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			r := desktest.Request(b.Keys[desktest.Here+"/station/"], func(r *filing.Request) { r.Filing.Category = "school" })
			// The store's timeout is short here and the machine may be busy: as a client does, the test repeats
			// with the same key.
			key := desktest.Fresh()
			var err error
			for range 20 {
				if _, err = desks[i%3].Filing.Submit(context.WithoutCancel(t.Context()), v, key, r); !fault.Is(err, fault.Unavailable) {
					break
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	ids := make([]string, len(st.Members))
	for i, m := range st.Members {
		ids[i] = m.ID
	}
	loads, err := b.Store.Loads(t.Context(), desktest.Here, ids)
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range loads {
		if n != 40 {
			t.Errorf("%s has %d of 40", id, n)
		}
	}
	if n, err := b.Store.Count(t.Context(), desktest.Here, record.Index{Name: "pool"}); n != 20 || err != nil {
		t.Errorf("%d in the pool, %v", n, err)
	}
}

// TestAComplaintAvoidsItsMember: not to them by any way, and they can read
// nothing of it.
func TestAComplaintAvoidsItsMember(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	st := desktest.Town()
	st.Squads = []station.Squad{{ID: "s1", Name: "教育专班", Leader: "m04", Categories: []string{"school"}}}
	st.Members[4].Absences = []station.Absence{{From: "2026-07-20", To: "2026-07-31", Substitute: "m04"}}
	b.Put(st, 1)
	b.Clock.Advance(3 * time.Second)
	v, m := b.Visitor("villager"), b.Member("m04")
	for _, key := range []string{b.Key(station.ForMember, "m04"), b.Key(station.ForRoom, "r1"), b.Key(station.ForMember, "m05")} {
		s := b.File(v, key, func(r *filing.Request) {
			r.Filing.AboutMember, r.Filing.Category = true, "school"
			r.Filing.Against = &casework.Against{Name: "陈四委员"}
		})
		stored := b.Load(s.ID)
		if stored.Assignee == "m04" || slices.ContainsFunc(stored.Decision.Offered(), func(c casework.Candidate) bool { return c.Member == "m04" }) {
			t.Errorf("offered to whom it is about: %+v", stored.Decision)
		}
		if _, err := b.Matters.Explain(t.Context(), m, s.ID, language.Chinese); !fault.Is(err, fault.NotFound) {
			t.Errorf("who it is about asks why: %v", err)
		}
		if _, err := b.Try(b.Liaison(), s.ID, casework.Assign{To: "m04", Reason: "x"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("assigned to whom it is about: %v", err)
		}
	}
}
