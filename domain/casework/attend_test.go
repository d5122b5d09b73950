package casework_test

import (
	"testing"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// An alarm lasts until a liaison has acted, and starts again with a new danger.
func TestAlarmLastsUntilALiaisonActs(t *testing.T) {
	t.Parallel()
	liaison := casework.Actor{Role: access.Liaison, ID: "l1", Name: "孙"}
	visitor := casework.Actor{Role: access.Visitor, ID: "u1"}
	step := func(s casework.Submission, st doing) casework.Submission {
		t.Helper()
		next, err := try(s, st, clock, noon)
		if err != nil {
			t.Fatalf("%s: %v", st.name(), err)
		}
		return next
	}
	s := in(casework.Assigned)
	if s = s.WithDangersIn("路灯坏了"); s.HasOpenDanger() {
		t.Fatal("alarm without a danger")
	}
	s = s.WithDangersIn("有人落水")
	if !s.HasOpenDanger() {
		t.Fatal("no alarm")
	}
	s = step(s, doing{casework.Accept{}, casework.Actor{Role: access.Member, ID: "m1"}})
	if !s.HasOpenDanger() {
		t.Error("a member ended the liaison's alarm")
	}
	s = step(s, doing{casework.HandleDanger{Reason: "已报警"}, liaison})
	if s.HasOpenDanger() || s.State != casework.Accepted || !s.Last().Private {
		t.Errorf("after attend: alarming %v, %s, private %v", s.HasOpenDanger(), s.State, s.Last().Private)
	}
	if s = step(s, doing{casework.HandleDanger{Reason: "人已救起"}, liaison}); s.Last().Text != "人已救起" {
		t.Errorf("what was done later: %+v", s.Last())
	}
	if _, err := try(in(casework.Assigned), doing{casework.HandleDanger{Reason: "已报警"}, liaison}, clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("attended without a danger: %v", err)
	}
	s = step(s, doing{casework.Message{Text: "又有人落水了"}, visitor})
	if !s.HasOpenDanger() || len(s.Dangers) != 1 {
		t.Errorf("a new cry: alarming %v, %v", s.HasOpenDanger(), s.Dangers)
	}
	closed := step(s, doing{casework.Close{Outcome: casework.Solved, Text: "人已上岸"}, casework.Actor{Role: access.Member, ID: "m1"}})
	if closed.HasOpenDanger() {
		t.Error("still alarming once a member closed it")
	}
	s = step(s, doing{casework.Withdraw{}, visitor})
	if !s.HasOpenDanger() {
		t.Error("withdrawing ended the alarm")
	}
	if s = step(s, doing{casework.HandleDanger{Reason: "已核实"}, liaison}); s.HasOpenDanger() {
		t.Error("a withdrawn one cannot be attended to")
	}
}
