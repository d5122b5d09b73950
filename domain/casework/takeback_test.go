package casework_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// TestTakingBackAnAnswer: the matter is as before the answer, except that the thread has both.
func TestTakingBackAnAnswer(t *testing.T) {
	t.Parallel()
	for _, state := range []casework.State{casework.Assigned, casework.Accepted, casework.Waiting, casework.Answered} {
		before := clock.Start(in(state), noon)
		before.PausedAt = in(state).PausedAt
		s := apply(t, before, does(access.Reply), noon.Add(time.Second))
		s = apply(t, s, does(access.TakeBack), noon.Add(61*time.Second))
		if s.State != state || s.DueAt < before.DueAt || s.ClockRuns() != before.ClockRuns() || s.Version != before.Version+2 {
			t.Errorf("%s: %s, due %d (was %d)", state, s.State, s.DueAt, before.DueAt)
		}
		if contacted := s.Clocks.ContactedAt != 0; contacted != (state == casework.Waiting || state == casework.Answered) {
			t.Errorf("%s: contacted %v", state, contacted)
		}
		if (s.PausedAt != 0) != (state == casework.Waiting) || s.ClockRuns() && s.Clocks.NextAt < casework.At(noon) {
			t.Errorf("%s: paused at %d, next at %d", state, s.PausedAt, s.Clocks.NextAt)
		}
		if n := len(s.Thread); s.Thread[n-2].RetractedAt == 0 || s.Thread[n-2].Text == "" || s.Last().What != access.TakeBack {
			t.Errorf("%s: %+v", state, s.Thread)
		}
		if _, err := try(s, does(access.TakeBack), clock, noon.Add(61*time.Second)); fault.CodeOf(err) != fault.WrongState {
			t.Errorf("%s: twice: %v", state, err)
		}
	}
}

// TestTakingBackIsForAMinute: only for a minute, only by the author, and without undoing later acts.
func TestTakingBackIsForAMinute(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Accepted), does(access.Reply), noon)
	late := noon.Add(casework.TakeBackSeconds*time.Second + time.Millisecond)
	if _, err := try(s, does(access.TakeBack), clock, late); fault.CodeOf(err) != fault.WrongState {
		t.Errorf("late: %v", err)
	}
	other := does(access.TakeBack)
	other.by = casework.Actor{Role: access.Member, ID: "b"}
	if _, err := try(s, other, clock, noon); fault.CodeOf(err) != fault.WrongState {
		t.Errorf("another's: %v", err)
	}
	message := doing{casework.Message{Text: "什么？"}, casework.Actor{Role: access.Visitor, ID: "u1"}}
	s = apply(t, s, message, noon.Add(time.Second))
	s = apply(t, s, does(access.TakeBack), noon.Add(2*time.Second))
	if s.State != casework.Accepted || s.Thread[0].RetractedAt == 0 {
		t.Errorf("after the visitor's word: %s, %+v", s.State, s.Thread[0])
	}
	s = apply(t, in(casework.Accepted), does(access.Reply), noon)
	s = apply(t, s, does(access.Reply), noon.Add(time.Second))
	s = apply(t, s, does(access.TakeBack), noon.Add(2*time.Second))
	if s.State != casework.Answered || s.Thread[0].RetractedAt != 0 || s.Thread[1].RetractedAt == 0 {
		t.Errorf("of two the newest: %s, %+v", s.State, s.Thread)
	}
	s = apply(t, s, does(access.TakeBack), noon.Add(3*time.Second))
	if s.State != casework.Accepted || s.Thread[0].RetractedAt == 0 {
		t.Errorf("then the one before: %s, %+v", s.State, s.Thread)
	}
}

// TestFollowersSeeWhatWasTakenBack: whether they had got the answer or not.
func TestFollowersSeeWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		follower, lead := in(casework.Accepted), in(casework.Accepted)
		follower.ID = "hh-2"
		follower, lead, err := follower.MergeInto(lead, casework.Actor{Role: access.Liaison, ID: "l"}, "同一件事", noon)
		if err != nil {
			t.Fatal(err)
		}
		now := noon
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "seconds")) * time.Second)
			step := does(rapid.SampledFrom([]access.Action{access.Reply, access.TakeBack}).Draw(t, "act"))
			if next, err := try(lead, step, clock, now); err == nil {
				lead = next
			}
			if rapid.Bool().Draw(t, "hears") {
				if next, ok := follower.SyncWithLead(lead, now); ok {
					follower = next
				}
			}
		}
		if next, ok := follower.SyncWithLead(lead, now); ok {
			follower = next
		}
		taken := map[casework.Millis]bool{}
		for _, e := range lead.Thread {
			if e.What == access.Reply {
				taken[e.At] = e.RetractedAt != 0
			}
		}
		n := 0
		for _, e := range follower.Thread {
			if e.What != access.Reply {
				continue
			}
			n++
			if taken[e.At] != (e.RetractedAt != 0) {
				t.Fatalf("taken %v with the lead, %d with the follower", taken[e.At], e.RetractedAt)
			}
		}
		if n != len(taken) || follower.State != lead.State {
			t.Fatalf("%d of %d answers, %s and %s", n, len(taken), follower.State, lead.State)
		}
	})
}
