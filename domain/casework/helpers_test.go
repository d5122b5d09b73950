package casework_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// noon is a Wednesday without a holiday near it.
var noon = time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone)

var clock = casework.Clock{Days: calendar.New(station.Zone)}

// acts are those somebody can do; filing is no step of a submission.
var acts = []casework.Act{
	casework.Accept, casework.Ask, casework.Reply, casework.Transfer, casework.Return, casework.Close,
	casework.Message, casework.Withdraw, casework.Rate, casework.Reopen, casework.Assign,
	casework.Fulfil, casework.PromiseAct,
}

// in returns a submission in the state, as it can have come to be.
func in(state casework.State) casework.Submission {
	s := casework.Submission{
		ID: "hh-0123456789abcdef", Number: "260715-0001", Version: 3, State: state, Station: "hh",
		Filer: "u1", FiledAt: casework.At(noon), DueAt: casework.At(noon.Add(48 * time.Hour)),
		Kind: casework.Complaint, Visitor: casework.Resident, Text: "路灯不亮",
		Target: station.Target{Kind: station.ForMember, ID: "a"},
		Decision: casework.Decision{Rule: 1, Roster: 1, Candidates: []casework.Candidate{
			{Member: "a", Name: "张三", Score: 1000, Capacity: 20, Reasons: []casework.Reason{casework.Scanned}},
		}},
	}
	switch state {
	case casework.Held:
		s.Hold = casework.HoldReview
	case casework.Pooled:
	case casework.Assigned, casework.Accepted, casework.Answered:
		s.Assignee, s.Pick = "a", 1
	case casework.Waiting:
		s.Assignee, s.Pick, s.PausedAt = "a", 1, casework.At(noon)
	case casework.Closed:
		s.Assignee, s.Pick, s.Outcome, s.ClosedAt = "a", 1, casework.Solved, casework.At(noon)
	case casework.Withdrawn:
		s.Assignee, s.Pick, s.ClosedAt = "a", 1, casework.At(noon)
	}
	return s
}

// does returns a step that carries all the act needs.
func does(act casework.Act) casework.Step {
	step := casework.Step{Act: act, By: casework.Actor{Role: access.Member, ID: "a", Name: "张三"}}
	switch act {
	case casework.Ask, casework.Reply, casework.Message:
		step.Text = "请说明具体位置"
	case casework.Transfer, casework.Assign:
		step.To, step.ToName, step.Reason = "b", "李四", "属地不符"
	case casework.Return, casework.Reopen:
		step.Reason = "不属于本界别"
	case casework.Extend:
		step.Reason, step.Days = "等待鉴定", 3
	case casework.Close:
		step.Text, step.Outcome = "已经修好", casework.Solved
	case casework.Fulfil:
		step.Text, step.Photos = "路灯装好了", []string{"f9"}
	case casework.PromiseAct:
		step.Promised, step.Reason = casework.EndOf(noon.AddDate(0, 0, 40)), "等配件"
	case casework.Rate:
		step.Rating = &casework.Rating{Solved: true, Attitude: 5, Speed: 4}
	}
	return step
}

// apply fails the test if the step is refused.
func apply(t *testing.T, s casework.Submission, step casework.Step, now time.Time) casework.Submission {
	t.Helper()
	next, err := s.Apply(step, clock, now)
	if err != nil {
		t.Fatalf("%s in %s: %v", step.Act, s.State, err)
	}
	return next
}

// deep returns a copy that shares no memory with s.
func deep(t interface{ Fatal(...any) }, s casework.Submission) casework.Submission {
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	c := s // what JSON leaves out are plain values
	c.Decision, c.Thread, c.Past, c.Photos = casework.Decision{}, nil, nil, nil
	c.Place, c.OnBehalf, c.Against, c.Rating = nil, nil, nil, nil
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	for i := range c.Decision.Candidates {
		c.Decision.Candidates[i].Capacity = s.Decision.Candidates[i].Capacity
	}
	return c
}

// wrong returns the fields an Invalid fault names, nil for no error.
func wrong(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("want a fault about fields, got %v", err)
	}
	var names []string
	for _, f := range faultOf(t, err).Fields {
		if f.Message == "" {
			t.Errorf("field %s has no message", f.Field)
		}
		names = append(names, f.Field)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
