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
	"mashang/domain/rating"
	"mashang/domain/reason"
	"mashang/domain/station"
)

// noon is a Wednesday far from any holiday.
var noon = time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone)

var clock = casework.Clock{Days: calendar.New(station.Zone)}

// acts are all acts; filing is none.
var acts = []access.Action{
	access.Accept, access.Ask, access.Reply, access.Transfer, access.Return, access.Close,
	access.Message, access.Withdraw, access.Rate, access.Reopen, access.Assign,
	access.Fulfil, access.Promise, access.Reveal, access.AskCall,
}

// in returns a submission in the state, with a plausible history.
func in(state casework.State) casework.Submission {
	s := casework.Submission{
		ID: "hh-0123456789abcdef", Number: "260715-0001", Version: 3, State: state, Station: "hh",
		Filer: "u1", FiledAt: casework.At(noon), DueAt: casework.At(noon.Add(48 * time.Hour)),
		Kind: casework.Complaint, Visitor: casework.Resident, Text: "路灯不亮", Phone: "sealed", PhoneMask: "138****8000",
		Target: station.Target{Kind: station.ForMember, ID: "a"},
		Decision: casework.Decision{Rule: 1, Roster: 1, Candidates: []casework.Candidate{
			{Member: "a", Name: "张三", Score: 1000, Capacity: 20, Reasons: []reason.Reason{reason.Scanned}},
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

// doing is an act with its actor.
type doing struct {
	casework.Act

	by casework.Actor
}

func (d doing) name() access.Action { return casework.NameOf(d.Act) }

// holder is the assignee of the submissions of in.
var holder = casework.Actor{Role: access.Member, ID: "a", Name: "张三"}

// does returns the act with all its data, by the holder.
func does(name access.Action) doing { return doing{carrying(name), holder} }

// carrying returns the act with all its data. An unknown name gives an unregistered act.
func carrying(name access.Action) casework.Act {
	switch name {
	case access.Accept:
		return casework.Accept{}
	case access.Ask:
		return casework.Ask{Text: "请说明具体位置"}
	case access.Reply:
		return casework.Reply{Text: "请说明具体位置"}
	case access.Message:
		return casework.Message{Text: "请说明具体位置"}
	case access.TakeBack:
		return casework.TakeBack{}
	case access.Transfer:
		return casework.Transfer{To: "b", ToName: "李四", Reason: "属地不符"}
	case access.Assign:
		return casework.Assign{To: "b", ToName: "李四", Reason: "属地不符"}
	case access.Return:
		return casework.Return{Reason: "不属于本界别"}
	case access.Reopen:
		return casework.Reopen{Reason: "不属于本界别"}
	case access.Withdraw:
		return casework.Withdraw{}
	case access.Extend:
		return casework.Extend{Reason: "等待鉴定", Days: 3}
	case access.Close:
		return casework.Close{Text: "已经修好", Outcome: casework.Solved}
	case access.Fulfil:
		return casework.Fulfil{Text: "路灯装好了", Photos: []string{"f9"}}
	case access.Promise:
		return casework.Redate{Promised: casework.EndOfDay(noon.AddDate(0, 0, 40)), Reason: "等配件"}
	case access.Reveal:
		return casework.ViewPhone{Reason: "问一下是哪一盏"}
	case access.AskCall:
		return casework.AskCall{Reason: "请问一下是哪一盏"}
	case access.Rate:
		return casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Satisfied}
	default:
		panic("no act " + name)
	}
}

// try applies the act.
func try(s casework.Submission, d doing, c casework.Clock, now time.Time) (casework.Submission, error) {
	return s.Apply(d.Act, d.by, c, now)
}

// apply fails the test if the act is refused.
func apply(t *testing.T, s casework.Submission, d doing, now time.Time) casework.Submission {
	t.Helper()
	next, err := try(s, d, clock, now)
	if err != nil {
		t.Fatalf("%s in %s: %v", d.name(), s.State, err)
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

// wrong returns the fields of an Invalid fault, nil for no error.
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
