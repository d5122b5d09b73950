// Package figures computes a station's figures: how soon visitors are contacted and answered, what is solved,
// and how satisfied they are.
//
// Every rate comes with its counts. A missing rating never counts as satisfaction, and a missing answer never
// as an answer. A rate about a deadline excludes what is open and not yet due. What is outside a member's power
// is excluded by a written rule, which is given for every excluded submission.
package figures

import (
	"maps"
	"math"
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/intake"
	"mashang/domain/rating"
	"mashang/domain/station"
)

// RuleVersion is raised when a definition changes.
const RuleVersion = 3

// Exclusion is why a submission counts in no rate of solving.
type Exclusion string

// The exclusions.
const (
	Counted    Exclusion = ""
	Withdrawn  Exclusion = "withdrawn"
	Joint      Exclusion = "joint"
	Merged     Exclusion = "merged"
	Referred   Exclusion = "referred"
	Impossible Exclusion = "impossible"
	Invalid    Exclusion = "invalid"
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
	{Invalid, "垃圾、试填或辱骂，不作为诉求；不计入任何数字"},
}

// Reason returns the rule for people.
func (e Exclusion) Reason() string {
	for _, x := range Exclusions {
		if x.Exclusion == e {
			return x.Reason
		}
	}
	return ""
}

// Fact has the facts of one submission that count, at one time.
type Fact struct {
	ID, Number      string
	Filed           casework.Millis
	Member, Station string
	Kind            casework.Kind
	Category        string
	Visitor         casework.Visitor
	Channel         intake.Channel
	// Persons is how many people raised it together.
	Persons int
	Target  station.Target
	Out     Exclusion
	// First and Answer compare the first contact and the answer with their deadlines.
	First, Answer Standing
	// FirstMinutes and AnswerMinutes are minutes from the filing, -1 without one.
	FirstMinutes, AnswerMinutes int
	Answered, Closed, Solved    bool
	Reopened                    bool
	// Rated: the filer rated it. Confirmed and Satisfied are what they said of it; Judged and Felt report whether they
	// said so of the one and of the other.
	Rated, Confirmed, Judged, Satisfied, Felt bool
	// RatedLow: a rating of it was low, also of an earlier closing. FollowedUp: a liaison reached its filer about that.
	RatedLow, FollowedUp bool
	// Agreed: at closing something was to be carried out. Fulfilled: it was. Kept compares that with the
	// promised day. FulfilMinutes are minutes from the closing, -1 without one.
	Agreed, Fulfilled bool
	Kept              Standing
	FulfilMinutes     int
	// Spot is about where it happened, nil if the visitor did not say. Filer serves to count the different
	// filers of a spot.
	Spot  *Spot
	Filer string
}

// Standing is the comparison of an event with its deadline.
type Standing int

// The standings. Open is not due yet; Unknown had no deadline.
const (
	Unknown Standing = iota
	Open
	OnTime
	Late
)

// Of returns the fact of a submission at a time.
func Of(s casework.Submission, now casework.Millis) Fact { return timelessFactOf(s).at(now) }

// timelessFactOf computes the parts of the fact that do not depend on the present time.
func timelessFactOf(s casework.Submission) timelessFact {
	f := Fact{
		ID: s.ID, Number: s.Number, Filed: s.FiledAt, Member: s.Assignee, Station: s.Station, Kind: s.Kind, Category: s.Category,
		Visitor: s.Visitor, Channel: s.Intake.Via(), Persons: s.Intake.People(), Target: s.Target, Out: exclusion(s), FirstMinutes: -1, AnswerMinutes: -1, FulfilMinutes: -1,
		Closed: s.State == casework.Closed, Solved: s.State == casework.Closed && s.Outcome == casework.Solved,
		Spot: spotOf(s.Place), Filer: s.Filer,
	}
	answer := casework.Millis(0)
	first := firstContact(s)
	for _, e := range s.Thread {
		if e.RetractedAt != 0 {
			continue // it was taken back
		}
		switch {
		case e.What == access.Reply || e.What == access.Close:
			if answer == 0 {
				answer = e.At
			}
		case e.Reopens():
			f.Reopened, answer = true, 0 // after reopening the answer counts anew
		}
		f.RatedLow = f.RatedLow || e.What == access.Rate && e.Rating != nil && e.Rating.IsLow()
		f.FollowedUp = f.FollowedUp || e.FollowUp != "" && e.FollowUp != rating.NotReached
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
		verdict := r.SolvedVerdict()
		f.Rated, f.Judged, f.Confirmed = true, verdict != rating.Unknown, verdict == rating.Solved
		f.Satisfied, f.Felt = r.IsSatisfied()
	}
	x.fact = f
	return x
}

// firstContact returns when somebody first contacted the visitor, 0 for never.
func firstContact(s casework.Submission) casework.Millis {
	if s.Clocks != nil {
		return s.Clocks.ContactedAt
	}
	for _, e := range s.Thread {
		if e.RetractedAt != 0 {
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

// standing compares the time of an event, 0 for none, with its deadline. stopped means that the clock stopped
// or ended before the event.
func standing(done, due, now casework.Millis, stopped bool, ended casework.Millis) Standing {
	switch {
	case done != 0 && done <= due:
		return OnTime
	case done != 0:
		return Late
	case stopped && (ended == 0 || ended <= due):
		return Open // nothing was due while the clock ran
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
	case s.State == casework.Closed && s.Outcome == casework.Invalid:
		return Invalid
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

// minutes returns the minutes between two times, rounded up.
func minutes(from, to casework.Millis) int { return int((max(to-from, 0) + 59_999) / 60_000) }

// Rate is Yes of Of.
type Rate struct{ Yes, Of int }

func addTo(r *Rate, yes bool) {
	r.Of++
	if yes {
		r.Yes++
	}
}

// Share returns the rate in [0,1], 0 for Of = 0.
func (r Rate) Share() float64 {
	if r.Of == 0 {
		return 0
	}
	return float64(r.Yes) / float64(r.Of)
}

// Range returns the 95 % confidence interval (Wilson) of the true rate. With few cases it is wide.
func (r Rate) Range() (low, high float64) {
	if r.Of == 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(r.Of), r.Share()
	middle, half := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, (middle-half)/(1+z*z/n)), min(1, (middle+half)/(1+z*z/n))
}

// Tally is the sum of many facts. The zero value is the empty sum. Tallies of parts merge into that of the
// whole.
type Tally struct {
	Filed int
	// Persons is how many people raised them, each once for each submission.
	Persons int
	// First and Answer are of the submissions that were in time or whose deadline has passed.
	First, Answer Rate
	// Answered is of all that were not withdrawn and do not follow another.
	Answered Rate
	// Solved is of the closed ones that are not excluded, Rated of all closed ones. Confirmed and Satisfied are of
	// the rated ones whose filers said whether it is solved, and how satisfied they are.
	Solved, Rated, Confirmed, Satisfied Rate
	// Fulfilled is of what was agreed to be carried out; Kept is the part that was by the promised day.
	Fulfilled, Kept Rate
	// FollowedUp is of those that were rated low, also at an earlier closing.
	FollowedUp Rate
	// Reopened is of those that were closed at least once.
	Reopened Rate
	// Out counts the excluded ones.
	Out map[Exclusion]int
	// Number of facts by minutes until first contact, answer and fulfilment.
	firsts, answers, fulfilled map[int]int
}

// Add adds a fact. One that is Invalid is only counted in Out.
func (t *Tally) Add(f Fact) {
	if f.Out != Invalid {
		t.Filed++
		t.Persons += f.Persons
	}
	if f.Out != Counted {
		if t.Out == nil {
			t.Out = map[Exclusion]int{}
		}
		t.Out[f.Out]++
	}
	if f.Out == Joint || f.Out == Invalid {
		return // its lead counts, or nothing does
	}
	for i := range rules {
		if r := &rules[i]; r.inBase(f) {
			addTo(r.rate(t), r.counts(f))
		}
	}
	countMinutes(&t.firsts, f.FirstMinutes)
	countMinutes(&t.answers, f.AnswerMinutes)
	countMinutes(&t.fulfilled, f.FulfilMinutes)
}

func countMinutes(m *map[int]int, minutes int) {
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
	t.Persons += o.Persons
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

// Median is the median time in minutes of Of cases; for an even number, the lower middle value.
type Median struct{ Minutes, Of int }

// FirstMedian is the median time from filing to the first contact.
func (t *Tally) FirstMedian() Median { return median(t.firsts) }

// AnswerMedian is the median time from filing to the answer, without reopened submissions.
func (t *Tally) AnswerMedian() Median { return median(t.answers) }

// FulfilMedian is the median time from the closing to the fulfilment of what was agreed.
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

// Benchmark is a target with its source.
type Benchmark struct {
	Name   string
	Share  float64
	Source string
}

// Benchmarks are the best published figures of comparable services. A rate is shown with its target.
var Benchmarks = []Benchmark{
	{"first", 1, "白银“码上反映·马上办理”：30 分钟内首次联系"},
	{"answer", 0.97, "徐州 12345（2025 年）：按时办结 97.26%"},
	{"satisfied", 0.96, "北京 12345（2023 年）：满意率 96.1%"},
}
