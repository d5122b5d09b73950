// Package figures counts how a station does: how soon visitors are spoken to and
// answered, what is solved, who is satisfied.
//
// Every rate has the count it is of. Silence is never an answer and never
// satisfaction; what is still open and not yet due is in no rate of its deadline;
// and what is outside a member's power is left out by a rule that is written down
// here and named with every submission it leaves out.
package figures

import (
	"maps"
	"math"
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// RuleVersion is raised when a definition here changes.
const RuleVersion = 2

// Exclusion is why a submission counts for no rate of solving.
type Exclusion string

// The exclusions.
const (
	Counted    Exclusion = ""
	Withdrawn  Exclusion = "withdrawn"
	Joint      Exclusion = "joint"
	Merged     Exclusion = "merged"
	Referred   Exclusion = "referred"
	Impossible Exclusion = "impossible"
)

// Exclusions lists them with the reason for people.
var Exclusions = []struct {
	Exclusion Exclusion
	Reason    string
}{
	{Withdrawn, "群众自己撤回，不再办理"},
	{Joint, "与另一件反映同一问题，随那一件办理，只计一件"},
	{Merged, "并入另一件继续办理，由那一件计算"},
	{Referred, "依法应由其他机关办理，已转办"},
	{Impossible, "客观上不能办到，已说明"},
}

// Reason says the rule to people.
func (e Exclusion) Reason() string {
	for _, x := range Exclusions {
		if x.Exclusion == e {
			return x.Reason
		}
	}
	return ""
}

// Fact is what counts of one submission, at one moment.
type Fact struct {
	ID, Number      string
	Filed           casework.Millis
	Member, Station string
	Kind            casework.Kind
	Category        string
	Visitor         casework.Visitor
	Target          station.Target
	Out             Exclusion
	// First and Answer are how it stands with the two deadlines.
	First, Answer Standing
	// FirstMinutes and AnswerMinutes are from filing, -1 without one.
	FirstMinutes, AnswerMinutes int
	Answered, Closed, Solved    bool
	Rated, Satisfied, Reopened  bool
	// Agreed was to be carried out after the closing, Fulfilled was, and Kept is how
	// that stands with the day promised; FulfilMinutes are from the closing, -1
	// without one.
	Agreed, Fulfilled bool
	Kept              Standing
	FulfilMinutes     int
	// Spot is about where it happened, nil when the visitor did not say; Filer
	// tells whether several speak of one spot.
	Spot  *Spot
	Filer string
}

// Standing is how something stands with its deadline.
type Standing int

// The standings. Open ones are not due yet, unknown ones had no deadline.
const (
	Unknown Standing = iota
	Open
	OnTime
	Late
)

// satisfiedFrom is the attitude, of five, from which a visitor who says that it is
// solved counts as satisfied.
const satisfiedFrom = 4

// Of derives the fact.
func Of(s casework.Submission, now casework.Millis) Fact { return timelessFactOf(s).at(now) }

// timelessFactOf derives what of the fact does not depend on the time it is.
func timelessFactOf(s casework.Submission) timelessFact {
	f := Fact{
		ID: s.ID, Number: s.Number, Filed: s.FiledAt, Member: s.Assignee, Station: s.Station, Kind: s.Kind, Category: s.Category,
		Visitor: s.Visitor, Target: s.Target, Out: exclusion(s), FirstMinutes: -1, AnswerMinutes: -1, FulfilMinutes: -1,
		Closed: s.State == casework.Closed, Solved: s.State == casework.Closed && s.Outcome == casework.Solved,
		Spot: spotOf(s.Place), Filer: s.Filer,
	}
	answer := casework.Millis(0)
	first := contacted(s)
	for _, e := range s.Thread {
		if e.TakenAt != 0 {
			continue // nobody has been answered by it
		}
		switch e.What {
		case access.Reply, access.Close:
			if answer == 0 {
				answer = e.At
			}
		case access.Reopen:
			f.Reopened, answer = true, 0 // the new handling is answered anew
		}
	}
	f.Answered = answer != 0
	if first != 0 {
		f.FirstMinutes = minutes(s.FiledAt, first)
	}
	if answer != 0 && !f.Reopened {
		f.AnswerMinutes = minutes(s.FiledAt, answer)
	}
	over := s.State == casework.Withdrawn
	x := timelessFact{version: s.Version, answer: deadline{true, answer, s.DueAt, s.ClosedAt, over || s.State == casework.Waiting}}
	if s.Clocks != nil && s.Clocks.FirstDueAt != 0 {
		x.first = deadline{true, first, s.Clocks.FirstDueAt, s.ClosedAt, over}
	}
	if f.Fulfilled = s.Fulfilled(); f.Fulfilled {
		f.FulfilMinutes = minutes(s.ClosedAt, s.Promise.DoneAt)
		x.kept = deadline{s.Promise.DueAt != 0, s.Promise.DoneAt, s.Promise.DueAt, 0, false}
	} else if s.Owed() {
		x.kept = deadline{true, 0, s.PromisedBy(), 0, false}
	}
	f.Agreed = f.Fulfilled || s.Owed()
	if r := s.Rating; r != nil {
		f.Rated, f.Satisfied = true, r.Solved && r.Attitude >= satisfiedFrom
	}
	x.fact = f
	return x
}

// contacted is when somebody was first in touch with the visitor.
func contacted(s casework.Submission) casework.Millis {
	if s.Clocks != nil {
		return s.Clocks.ContactedAt
	}
	for _, e := range s.Thread {
		if e.TakenAt != 0 {
			continue
		}
		switch e.What {
		case access.Accept, access.Ask, access.Reply, access.Close:
			if e.By.Role != access.Visitor {
				return e.At
			}
		}
	}
	return 0
}

// standing compares what was done, 0 for nothing, to its deadline. stopped is
// one whose clock stands or has ended without it.
func standing(done, due, now casework.Millis, stopped bool, ended casework.Millis) Standing {
	switch {
	case done != 0 && done <= due:
		return OnTime
	case done != 0:
		return Late
	case stopped && (ended == 0 || ended <= due):
		return Open // nothing was due while it ran
	case now > due:
		return Late
	default:
		return Open
	}
}

func exclusion(s casework.Submission) Exclusion {
	switch {
	case s.State == casework.Withdrawn:
		return Withdrawn
	case s.Lead != "":
		return Joint
	case s.State != casework.Closed:
		return Counted
	case s.Outcome == casework.Merged:
		return Merged
	case s.Outcome == casework.Referred:
		return Referred
	case s.Outcome == casework.Impossible:
		return Impossible
	default:
		return Counted
	}
}

// minutes between two moments, rounded up.
func minutes(from, to casework.Millis) int { return int((max(to-from, 0) + 59_999) / 60_000) }

// Rate is how many of so many.
type Rate struct{ Yes, Of int }

func count(r *Rate, yes bool) {
	r.Of++
	if yes {
		r.Yes++
	}
}

// Share is the rate in [0,1], 0 of none.
func (r Rate) Share() float64 {
	if r.Of == 0 {
		return 0
	}
	return float64(r.Yes) / float64(r.Of)
}

// Range is where the true rate lies with 95 % confidence (Wilson's interval): with
// few counted it is wide, and says so.
func (r Rate) Range() (low, high float64) {
	if r.Of == 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(r.Of), r.Share()
	middle, half := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, (middle-half)/(1+z*z/n)), min(1, (middle+half)/(1+z*z/n))
}

// Tally is the sum of many facts. The zero value is that of none; tallies of parts
// merge into that of the whole.
type Tally struct {
	Filed int
	// First and Answer are of those whose deadline has come or that were in time.
	First, Answer Rate
	// Answered is of all that were not withdrawn and are not done with another.
	Answered Rate
	// Solved is of the closed that are not excluded, Rated of all closed,
	// Satisfied of the rated.
	Solved, Rated, Satisfied Rate
	// Fulfilled is of what was agreed to be carried out, Kept of that what was by
	// the day promised.
	Fulfilled, Kept Rate
	// Reopened is of those that were closed once.
	Reopened Rate
	// Out counts the excluded.
	Out map[Exclusion]int
	// First, answer and fulfilment times in minutes, with how often each came.
	firsts, answers, fulfilled map[int]int
}

// Add counts a fact.
func (t *Tally) Add(f Fact) {
	t.Filed++
	if f.Out != Counted {
		if t.Out == nil {
			t.Out = map[Exclusion]int{}
		}
		t.Out[f.Out]++
	}
	if f.Out == Joint {
		return // the one it goes on with counts
	}
	for i := range rules {
		if r := &rules[i]; r.of(f) {
			count(r.rate(t), r.yes(f))
		}
	}
	note(&t.firsts, f.FirstMinutes)
	note(&t.answers, f.AnswerMinutes)
	note(&t.fulfilled, f.FulfilMinutes)
}

func note(m *map[int]int, minutes int) {
	if minutes < 0 {
		return
	}
	if *m == nil {
		*m = map[int]int{}
	}
	(*m)[minutes]++
}

// Merge adds another tally.
func (t *Tally) Merge(o Tally) {
	t.Filed += o.Filed
	for i := range rules {
		to, from := rules[i].rate(t), rules[i].rate(&o)
		to.Yes += from.Yes
		to.Of += from.Of
	}
	for k, n := range o.Out {
		if t.Out == nil {
			t.Out = map[Exclusion]int{}
		}
		t.Out[k] += n
	}
	for _, p := range []struct{ to, from *map[int]int }{{&t.firsts, &o.firsts}, {&t.answers, &o.answers}, {&t.fulfilled, &o.fulfilled}} {
		for k, n := range *p.from {
			if *p.to == nil {
				*p.to = map[int]int{}
			}
			(*p.to)[k] += n
		}
	}
}

// Median is the middle time in minutes of how many; of an even number the earlier
// of the two in the middle.
type Median struct{ Minutes, Of int }

// FirstMedian and AnswerMedian are from filing to the first contact, and to the
// answer of what was never reopened.
func (t *Tally) FirstMedian() Median { return median(t.firsts) }

// AnswerMedian is described with FirstMedian.
func (t *Tally) AnswerMedian() Median { return median(t.answers) }

// FulfilMedian is from the closing to the fulfilment of what was agreed.
func (t *Tally) FulfilMedian() Median { return median(t.fulfilled) }

func median(m map[int]int) Median {
	n := 0
	for _, k := range m {
		n += k
	}
	left := (n + 1) / 2
	for _, minutes := range slices.Sorted(maps.Keys(m)) {
		if left -= m[minutes]; left <= 0 {
			return Median{minutes, n}
		}
	}
	return Median{}
}

// Benchmark is what is to be reached, and where that figure is from.
type Benchmark struct {
	Name   string
	Share  float64
	Source string
}

// Benchmarks are the best published figures of services of the same job: who shows a
// rate shows its distance to them.
var Benchmarks = []Benchmark{
	{"first", 1, "白银“码上反映·马上办理”：30 分钟内首次联系"},
	{"answer", 0.97, "徐州 12345（2025 年）：按时办结 97.26%"},
	{"satisfied", 0.96, "北京 12345（2023 年）：满意率 96.1%"},
}
