// Package rating is what a filer says of how their submission ended: whether it is solved, and how satisfied they
// are. The two are asked apart, as somebody can be well treated and not helped.
package rating

import "strconv"

// Verdict is the answer to whether it is solved.
type Verdict string

// The verdicts.
const (
	Solved  Verdict = "solved"
	Partly  Verdict = "partly"
	Not     Verdict = "not"
	Unknown Verdict = "unknown" // the filer cannot tell
)

// Verdicts lists them in the order in which they are offered.
var Verdicts = []Verdict{Solved, Partly, Not, Unknown}

var verdictNames = map[Verdict]string{Solved: "已解决", Partly: "部分解决", Not: "没有解决", Unknown: "解决没有说不好"}

// Chinese returns the verdict for people.
func (v Verdict) Chinese() string { return verdictNames[v] }

// Satisfaction is how satisfied the filer is.
type Satisfaction string

// The degrees of satisfaction.
const (
	Satisfied    Satisfaction = "satisfied"
	Neutral      Satisfaction = "neutral"
	Dissatisfied Satisfaction = "dissatisfied"
)

// Satisfactions lists them, the best first.
var Satisfactions = []Satisfaction{Satisfied, Neutral, Dissatisfied}

var satisfactionNames = map[Satisfaction]string{Satisfied: "满意", Neutral: "一般", Dissatisfied: "不满意"}

// Chinese returns the satisfaction for people.
func (s Satisfaction) Chinese() string { return satisfactionNames[s] }

// The marks, of five, by which ratings without a verdict count as satisfied and as low.
const (
	minSatisfiedMark = 4
	maxLowMark       = 2
)

// Rating is one rating. Ratings were once a yes or no and two marks: those have no Verdict and keep what was said.
// A rating of today has no marks.
type Rating struct {
	Verdict Verdict `json:"v,omitempty"`
	// Satisfaction is "" if the filer did not say.
	Satisfaction Satisfaction `json:"f,omitempty"`
	Reason       string       `json:"r,omitempty"`
	// At is in UTC milliseconds.
	At int64 `json:"t"`

	// Solved, Attitude and Speed are of a rating without a Verdict; the marks are 1 to 5.
	Solved   bool `json:"s,omitempty"`
	Attitude int  `json:"a,omitempty"`
	Speed    int  `json:"d,omitempty"`
}

// SolvedVerdict returns the verdict, also of a rating that has only a yes or no.
func (r Rating) SolvedVerdict() Verdict {
	switch {
	case r.Verdict != "":
		return r.Verdict
	case r.Solved:
		return Solved
	default:
		return Not
	}
}

// IsSatisfied reports whether the filer is satisfied; said is false if they did not say. One with marks is
// satisfied by a solved matter and a good mark for the attitude, as ever.
func (r Rating) IsSatisfied() (satisfied, said bool) {
	if r.Verdict == "" {
		return r.Solved && r.Attitude >= minSatisfiedMark, true
	}
	return r.Satisfaction == Satisfied, r.Satisfaction != ""
}

// IsLow reports whether somebody should ask the filer what went wrong: it is not solved, or they are dissatisfied.
func (r Rating) IsLow() bool {
	if r.Verdict == "" {
		return !r.Solved || r.Attitude <= maxLowMark || r.Speed <= maxLowMark
	}
	return r.Verdict == Not || r.Satisfaction == Dissatisfied
}

// Chinese returns what was said, without the reason.
func (r Rating) Chinese() string {
	said := r.SolvedVerdict().Chinese()
	switch {
	case r.Verdict == "":
		return said + "，态度 " + strconv.Itoa(r.Attitude) + " 分，速度 " + strconv.Itoa(r.Speed) + " 分"
	case r.Satisfaction == "":
		return said
	default:
		return said + "，" + r.Satisfaction.Chinese()
	}
}
