package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// handed is an act of the member, or of the liaison if by is "".
func handed(name access.Action, by, to string) doing {
	d := does(name)
	if to != "" {
		switch name {
		case access.Transfer:
			d.Act = casework.Transfer{To: to, ToName: "委员", Reason: "更熟悉"}
		case access.Assign:
			d.Act = casework.Assign{To: to, ToName: "委员", Reason: "更熟悉"}
		}
	}
	d.by = casework.Actor{Role: access.Member, ID: by, Name: "委员"}
	if by == "" {
		d.by = casework.Actor{Role: access.Liaison, ID: "l", Name: "赵六"}
	}
	return d
}

// TestReturnHasTwoWorkingDays: the day of the assignment and a weekend do not count, and a new assignment
// starts again.
func TestReturnHasTwoWorkingDays(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 7, 17, 18, 0, 0, 0, station.Zone)
	s := in(casework.Assigned) // filed on a Wednesday
	if got := s.ReturnUntil(clock).Time(); !got.Equal(end) {
		t.Fatalf("until %s, want %s", got, end)
	}
	apply(t, s, handed(access.Return, "a", ""), end)
	_, err := try(s, handed(access.Return, "a", ""), clock, end.Add(time.Millisecond))
	if !fault.Is(err, fault.WrongState) {
		t.Fatalf("late: %v", err)
	}
	for _, words := range []string{"7月17日18:00", "联络员", "协办", "转交"} {
		if !strings.Contains(faultOf(t, err).Message, words) {
			t.Errorf("%q does not say %s", faultOf(t, err).Message, words)
		}
	}
	friday := time.Date(2026, 7, 17, 20, 0, 0, 0, station.Zone)
	s = apply(t, s, handed(access.Transfer, "a", "b"), friday)
	if got, want := s.ReturnUntil(clock).Time(), time.Date(2026, 7, 21, 18, 0, 0, 0, station.Zone); !got.Equal(want) {
		t.Errorf("given on a Friday: until %s, want %s", got, want)
	}
	later := friday.Add(50 * time.Hour)
	for _, act := range []access.Action{access.Accept, access.Message} {
		s = apply(t, s, does(act), later)
	}
	if s.AssignedAt() != casework.At(friday) {
		t.Error("talk begins the time anew")
	}
	s = apply(t, s, cover("c", "周八"), later)
	if s.AssignedAt() != casework.At(later) {
		t.Error("who stands in has no time of their own")
	}
}

// TestReturnsEnd: after two returns the member to whom the liaison assigns it keeps it.
func TestReturnsEnd(t *testing.T) {
	t.Parallel()
	s := in(casework.Assigned)
	if r := s.ReturnStatus(clock, casework.At(noon)); !r.Allowed || r.Left != 2 || r.Why != "" {
		t.Errorf("at first: %+v", r)
	}
	s = apply(t, s, handed(access.Return, "a", ""), noon)
	s = apply(t, s, handed(access.Assign, "", "b"), noon)
	if r := s.ReturnStatus(clock, casework.At(noon)); !r.Allowed || r.Left != 1 {
		t.Errorf("after one: %+v", r)
	}
	s = apply(t, s, handed(access.Return, "b", ""), noon)
	same(t, "who returned it", []string{"a", "b"}, s.ReturnedBy())
	s = apply(t, s, handed(access.Assign, "", "a"), noon) // the liaison may
	r := s.ReturnStatus(clock, casework.At(noon))
	if r.Allowed || r.Left != 0 || !strings.Contains(r.Why, "最终指派") || !strings.Contains(r.Why, "联络员转交") {
		t.Errorf("after two: %+v", r)
	}
	for _, step := range []doing{handed(access.Return, "a", ""), handed(access.Transfer, "a", "c")} {
		if next, err := try(s, step, clock, noon); !fault.Is(err, fault.WrongState) || !strings.Contains(err.Error(), "联络员") {
			t.Errorf("%s: %v", step.name(), err)
		} else {
			same(t, "refused", s, next)
		}
	}
	s = apply(t, s, handed(access.Transfer, "", "c"), noon)
	if s.Assignee != "c" || s.Returns != 2 {
		t.Errorf("%+v", s)
	}
	if r := in(casework.Waiting).ReturnStatus(clock, casework.At(noon)); r.Allowed || !strings.Contains(r.Why, "待补充") {
		t.Errorf("while the visitor is waited for: %+v", r)
	}
}

// TestTransfersEnd: three among members, then only the liaison's; never back to a member who returned it.
func TestTransfersEnd(t *testing.T) {
	t.Parallel()
	s := in(casework.Assigned)
	for _, hop := range []string{"ab", "bc", "ca"} {
		s = apply(t, s, handed(access.Transfer, hop[:1], hop[1:]), noon)
	}
	if _, err := try(s, handed(access.Transfer, "a", "b"), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("a fourth: %v", err)
	}
	s = apply(t, s, handed(access.Transfer, "", "b"), noon)
	apply(t, s, handed(access.Return, "b", ""), noon)

	s = apply(t, in(casework.Assigned), handed(access.Return, "a", ""), noon)
	s = apply(t, s, handed(access.Assign, "", "b"), noon)
	_, err := try(s, handed(access.Transfer, "b", "a"), clock, noon)
	if !slices.Equal(wrong(t, err), []string{"to"}) {
		t.Errorf("back to who returned it: %v", err)
	}
	apply(t, s, handed(access.Transfer, "", "a"), noon)
	apply(t, s, handed(access.Transfer, "b", "c"), noon)
}
