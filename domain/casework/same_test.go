package casework_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

var liaison = casework.Actor{Role: access.Liaison, ID: "l", Name: "周"}

func other(state casework.State) casework.Submission {
	s := in(state)
	s.ID, s.Number, s.Filer, s.Text = "hh-fedcba9876543210", "260715-0002", "u2", "同一个路灯"
	return s
}

// merged is a follower and its lead.
func merged(t *testing.T, state, lead casework.State) (f, l casework.Submission) {
	t.Helper()
	f, l, err := other(state).MergeInto(in(lead), liaison, "同一件事", noon)
	if err != nil {
		t.Fatal(err)
	}
	return f, l
}

func TestMergeInto(t *testing.T) {
	t.Parallel()
	for lead, want := range map[casework.State]casework.State{
		casework.Pooled: casework.Pooled, casework.Assigned: casework.Assigned, casework.Accepted: casework.Accepted,
		casework.Waiting: casework.Accepted, casework.Answered: casework.Accepted, // they have no answer
	} {
		f, l := merged(t, casework.Pooled, lead)
		if f.State != want || f.Assignee != l.Assignee || f.DueAt != l.DueAt || !f.Follows() || f.ClockRuns() {
			t.Errorf("following %s it is %s, held by %q", lead, f.State, f.Assignee)
		}
		if !l.Leads() || l.People() != 2 || l.State != lead || l.Version != in(lead).Version+1 || !l.Last().Private {
			t.Errorf("%s leads as %+v", lead, l)
		}
	}
	// An answer from before the merge was for another filer.
	lead := apply(t, in(casework.Accepted), does(access.Reply), noon)
	f, lead, err := other(casework.Pooled).MergeInto(lead, liaison, "同一件事", noon)
	if err != nil || f.Last().What != access.Merge || f.State != casework.Accepted {
		t.Errorf("%+v, %s, %v", f.Last(), f.State, err)
	}
	if next, ok := f.SyncWithLead(lead, noon); ok {
		t.Errorf("later it hears %+v", next.Thread)
	}
	self := in(casework.Assigned)
	if _, _, err := self.MergeInto(self, liaison, "x", noon); fmt.Sprint(wrong(t, err)) != "[into]" {
		t.Errorf("into itself: %v", err)
	}
	f, l := merged(t, casework.Assigned, casework.Accepted)
	third := in(casework.Assigned)
	third.ID = "hh-third"
	full := in(casework.Accepted)
	for i := range casework.MaxFollowers {
		full.Followers = append(full.Followers, fmt.Sprint("hh-", i))
	}
	for name, pair := range map[string][2]casework.Submission{
		"a follower": {f, third}, "into a follower": {third, f}, "a lead": {l, third}, "a closed one": {in(casework.Closed), third},
		"into a closed one": {third, in(casework.Closed)}, "into a held one": {third, in(casework.Held)},
		"a held one": {in(casework.Held), third}, "into a full one": {third, full},
	} {
		if _, _, err := pair[0].MergeInto(pair[1], liaison, "x", noon); !fault.Is(err, fault.WrongState) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFollowersHear: followers get the acts on the lead, and nothing that is not for them.
func TestFollowersHear(t *testing.T) {
	t.Parallel()
	f, l := merged(t, casework.Assigned, casework.Assigned)
	l = apply(t, l, does(access.Ask), noon)
	f, ok := f.SyncWithLead(l, noon)
	if !ok || f.State != casework.Accepted || f.Last().What != access.Merge {
		t.Errorf("a question to the lead's filer: %v %s %+v", ok, f.State, f.Last())
	}
	reply := casework.Reply{Text: "请说明具体位置", Photos: []string{"photo"}}
	l = apply(t, l, doing{reply, holder}, noon)
	f, ok = f.SyncWithLead(l, noon)
	if !ok || f.State != casework.Answered || f.Last().Text != reply.Text || len(f.Last().Photos) != 0 {
		t.Errorf("an answer: %v %s %+v", ok, f.State, f.Last())
	}
	if _, ok := f.SyncWithLead(l, noon); ok {
		t.Error("heard twice")
	}
	// A filer's message is for the member, not for other filers.
	l = apply(t, l, does(access.Message), noon)
	if f, ok = f.SyncWithLead(l, noon); !ok || f.State != casework.Accepted || f.Last().What != access.Reply {
		t.Errorf("a message: %v %s %+v", ok, f.State, f.Last())
	}
	// A message of a follower's filer changes no state.
	said := apply(t, f, does(access.Message), noon)
	if said.State != f.State || !said.Follows() {
		t.Errorf("a follower's message leads to %s", said.State)
	}
	l = apply(t, l, does(access.Close), noon)
	f, ok = f.SyncWithLead(l, noon.Add(time.Hour))
	if !ok || f.State != casework.Closed || f.Outcome != casework.Solved || f.ClosedAt != l.ClosedAt || f.Follows() {
		t.Errorf("a closing: %v %s", ok, f.State)
	}
	// Reopening a lead does not silently reopen others' matters.
	l = apply(t, l, does(access.Reopen), noon.Add(2*time.Hour))
	if _, ok := f.SyncWithLead(l, noon.Add(2*time.Hour)); ok {
		t.Error("reopened in silence")
	}
	// A follower whose filer reopens it leaves its lead.
	if f = apply(t, f, does(access.Reopen), noon.Add(3*time.Hour)); f.Lead != "" || f.State != casework.Assigned {
		t.Errorf("reopened it follows %q, %s", f.Lead, f.State)
	}
	if left := l.RemoveFollower(f, noon); left.Leads() || left.Version != l.Version+1 {
		t.Errorf("%+v", left.Followers)
	}
}

func TestPart(t *testing.T) {
	t.Parallel()
	f, l := merged(t, casework.Pooled, casework.Accepted)
	alone, lead, err := f.SplitFrom(l, liaison, "不是同一盏灯", noon)
	if err != nil || alone.Lead != "" || alone.State != casework.Accepted || alone.Assignee != "a" || lead.Leads() || !alone.ClockRuns() {
		t.Errorf("%+v, %v", alone, err)
	}
	if _, _, err := alone.SplitFrom(lead, liaison, "x", noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("twice: %v", err)
	}
}

// TestAWithdrawalTakesOutOne: the other followers continue with the first of them as lead.
func TestAWithdrawalTakesOutOne(t *testing.T) {
	t.Parallel()
	l := apply(t, in(casework.Assigned), does(access.Accept), noon)
	var all []casework.Submission
	for i := range 3 {
		s := other(casework.Pooled)
		s.ID = fmt.Sprint("hh-", i)
		var err error
		if s, l, err = s.MergeInto(l, liaison, "同一件事", noon); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	all[1] = apply(t, all[1], does(access.Withdraw), noon)
	l = apply(t, l, does(access.Withdraw), noon)
	old, left := l.PromoteFollower(all, noon)
	if old.Leads() || old.State != casework.Withdrawn || len(left) != 2 {
		t.Fatalf("%d left, %+v", len(left), old)
	}
	if left[0].ID != "hh-0" || left[0].Lead != "" || !slices.Equal(left[0].Followers, []string{"hh-2"}) || left[0].Assignee != "a" || !left[0].State.Open() {
		t.Errorf("the first: %+v", left[0])
	}
	if left[1].Lead != "hh-0" || !left[1].Follows() {
		t.Errorf("the second: %+v", left[1])
	}
	if _, left := l.PromoteFollower(nil, noon); len(left) != 0 {
		t.Errorf("%v", left)
	}
}

// TestFollowersAreWhereTheirLeadIs: after any acts on both.
func TestFollowersAreWhereTheirLeadIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, l, err := other(casework.Pooled).MergeInto(in(casework.Assigned), liaison, "x", noon)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			name, to := rapid.SampledFrom(acts).Draw(t, "act"), "b"
			if l.Assignee == "b" {
				to = "a"
			}
			step := handed(name, "a", to)
			if rapid.Bool().Draw(t, "follower") {
				if !slices.Contains([]access.Action{access.Message, access.Withdraw, access.Rate}, step.name()) {
					continue // the rest is done to the lead
				}
				if next, err := try(f, step, clock, noon); err == nil {
					f = next
				}
				continue
			}
			next, err := try(l, step, clock, noon)
			if err != nil || next.State == casework.Withdrawn {
				continue
			}
			l = next
			version, thread := f.Version, len(f.Thread)
			next, ok := f.SyncWithLead(l, noon)
			if ok && next.Version != version+1 || len(next.Thread) < thread {
				t.Fatalf("heard into version %d after %d", next.Version, version)
			}
			if f = next; !f.Follows() {
				continue
			}
			want := l.State
			if want == casework.Waiting {
				want = casework.Accepted
			}
			if f.State != want || f.Assignee != l.Assignee {
				t.Fatalf("the lead is %s with %q, its follower %s with %q", l.State, l.Assignee, f.State, f.Assignee)
			}
		}
	})
}
