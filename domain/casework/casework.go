// Package casework is the life of a submission: what it holds, who may move it
// from which state to which, and by when.
//
// A Submission is a value. Apply returns the next value or a fault and touches
// nothing else; storing it, queueing it and telling people is done by whoever
// called. Version is raised by each act and by nothing else, so two writers
// can always be told apart.
package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/station"
)

// Millis is a moment in UTC milliseconds, as everything is stored. Zero means
// never.
type Millis int64

// At converts a time.
func At(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time converts back, into the station's zone. Zero becomes the zero time.
func (m Millis) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).In(station.Zone)
}

// Kind is what a submission is.
type Kind string

// The kinds (诉求的五类).
const (
	Complaint  Kind = "complaint"
	Suggestion Kind = "suggestion"
	Inquiry    Kind = "inquiry"
	Help       Kind = "help"
	Dispute    Kind = "dispute"
)

// Kinds lists all of them as a visitor is shown them.
var Kinds = []Kind{Complaint, Suggestion, Inquiry, Help, Dispute}

var kindNames = map[Kind]string{
	Complaint: "投诉", Suggestion: "建议", Inquiry: "咨询", Help: "求助", Dispute: "纠纷",
}

// Chinese returns the kind's name for people.
func (k Kind) Chinese() string { return kindNames[k] }

// Visitor is who files.
type Visitor string

// The kinds of visitors.
const (
	Resident Visitor = "resident"
	Tourist  Visitor = "tourist"
	Business Visitor = "business"
)

var visitorNames = map[Visitor]string{Resident: "群众", Tourist: "游客", Business: "商户"}

// Chinese returns the visitor's kind for people.
func (v Visitor) Chinese() string { return visitorNames[v] }

// State is where a submission stands.
type State string

// The states.
const (
	Held      State = "held"      // the text waits for the liaison's eye
	Pooled    State = "pooled"    // the liaison assigns
	Assigned  State = "assigned"  // the member has it and has not answered
	Accepted  State = "accepted"  // the member works on it
	Waiting   State = "waiting"   // for the visitor; the clock stands still
	Answered  State = "answered"  // the visitor has an answer; not closed
	Closed    State = "closed"    // with an outcome; may be rated and reopened
	Withdrawn State = "withdrawn" // by the visitor; final
)

// States lists all of them in the order of a life.
var States = []State{Held, Pooled, Assigned, Accepted, Waiting, Answered, Closed, Withdrawn}

var stateNames = map[State]string{
	Held: "待核对", Pooled: "待分派", Assigned: "待受理", Accepted: "办理中",
	Waiting: "待补充", Answered: "已答复", Closed: "已办结", Withdrawn: "已撤回",
}

// Chinese returns the state in at most five characters, as a phrase field of
// the platform's templates allows.
func (s State) Chinese() string { return stateNames[s] }

// Open reports whether something is still to be done.
func (s State) Open() bool { return s != Closed && s != Withdrawn }

// Outcome is how a submission was closed, honestly: only Solved counts as
// solved.
type Outcome string

// The outcomes.
const (
	Solved     Outcome = "solved"
	Agreed     Outcome = "agreed"     // agreed, to be carried out
	Explained  Outcome = "explained"  // explained
	Referred   Outcome = "referred"   // passed to the body in charge
	Impossible Outcome = "impossible" // cannot be done
	Merged     Outcome = "merged"     // goes on in another submission
)

// Outcomes lists all of them.
var Outcomes = []Outcome{Solved, Agreed, Explained, Referred, Impossible, Merged}

var outcomeNames = map[Outcome]string{
	Solved: "已解决", Agreed: "待落实", Explained: "已解释",
	Referred: "已转办", Impossible: "客观不能", Merged: "已合并",
}

// Chinese returns the outcome in at most five characters.
func (o Outcome) Chinese() string { return outcomeNames[o] }

// Place is where it happened. Coordinates are in degrees of Coord, gcj02 (as
// phones in China report) or wgs84.
type Place struct {
	Text  string  `json:"t"`
	Lat   float64 `json:"a,omitempty"`
	Lng   float64 `json:"o,omitempty"`
	Coord string  `json:"c,omitempty"`
}

// OnBehalf is the person something was filed for, kept apart from the filer.
// Phone is sealed.
type OnBehalf struct {
	Name     string `json:"n"`
	Relation string `json:"r"`
	Phone    string `json:"p,omitempty"`
}

// Against is what a complaint is about: a business or place, and an amount of
// money in fen.
type Against struct {
	Name      string `json:"n"`
	Place     string `json:"p,omitempty"`
	AmountFen int64  `json:"m,omitempty"`
}

// Rating is the visitor's judgement. Attitude and Speed are 1 to 5.
type Rating struct {
	Solved   bool   `json:"s"`
	Attitude int    `json:"a"`
	Speed    int    `json:"d"`
	Reason   string `json:"r,omitempty"`
	At       Millis `json:"t"`
}

// Actor is who did something. ID is a person's id for visitors and the id in
// the station for others.
type Actor struct {
	Role access.Role `json:"r"`
	ID   string      `json:"i,omitempty"`
	Name string      `json:"n,omitempty"`
}

// Entry is one step in a submission's thread.
type Entry struct {
	At Millis `json:"t"`
	// What is the name of the act, or one of the names in act.go.
	What access.Action `json:"w"`
	By   Actor         `json:"b"`
	// To is the member it went to, with their name, if it moved.
	To     string `json:"m,omitempty"`
	ToName string `json:"n,omitempty"`
	// Text is what was said: an answer, a question, a reason. ForVisitor says whose
	// it is to read.
	Text string `json:"x,omitempty"`
	// Note is what the visitor is told of a transfer or assignment.
	Note    string   `json:"y,omitempty"`
	Photos  []string `json:"p,omitempty"`
	Outcome Outcome  `json:"o,omitempty"`
	// Rating is kept here as well: a matter that is opened again has none, but
	// what was said of its first handling stays said. Its Reason is Text.
	Rating *Rating `json:"r,omitempty"`
	// Assist is which assist the entry is about, and Parts who took part in a
	// joint answer.
	Assist int    `json:"a,omitempty"`
	Parts  []Part `json:"j,omitempty"`
	// Private entries are for members and staff, not for the visitor.
	Private bool `json:"v,omitempty"`
	// Days are the working days of an extension.
	Days int `json:"d,omitempty"`
	// Due is the end of the day promised by a closing or by moving it.
	Due Millis `json:"u,omitempty"`
	// Category is the one a liaison put it into while assigning.
	Category string `json:"g,omitempty"`
	// LeadOnly marks an answer to the lead's own filer, which those that go on with it
	// do not hear.
	LeadOnly bool `json:"l,omitempty"`
	// Was is the state an answer was given in, TakenAt when it was taken back, zero
	// for one that stands.
	Was     State  `json:"z,omitempty"`
	TakenAt Millis `json:"k,omitempty"`
}

// Why the content check held a text.
const (
	HoldReview    = "review"    // the platform asks for a person's eye
	HoldRisky     = "risky"     // the platform would not show it
	HoldInactive  = "inactive"  // the platform does not check for people not active
	HoldUnchecked = "unchecked" // the platform could not be asked
)

// Submission is what is filed and tracked. The first block is the head: what a
// script must read without parsing the rest. The JSON names are short because
// a hundred thousand of them are kept.
type Submission struct {
	ID       string `json:"-"`
	Number   string `json:"-"`
	Version  int    `json:"-"`
	State    State  `json:"-"`
	Assignee string `json:"-"`
	DueAt    Millis `json:"-"`
	Filer    string `json:"-"`
	// Pick is which candidate of the Decision was taken at filing, from 1; 0
	// means none had room, and the pool took it.
	Pick int `json:"-"`
	// Full has a bit for each of those it was offered to, the first lowest, who
	// had no room when it was filed.
	Full uint64 `json:"-"`

	Station  string         `json:"s"`
	FiledAt  Millis         `json:"t"`
	Kind     Kind           `json:"k"`
	Category string         `json:"c,omitempty"`
	Visitor  Visitor        `json:"v"`
	Text     string         `json:"x,omitempty"`
	Photos   []string       `json:"p,omitempty"`
	Voice    string         `json:"w,omitempty"`
	Place    *Place         `json:"l,omitempty"`
	Target   station.Target `json:"g"`
	// Phone is sealed; PhoneMask (138****1234) is what lists show.
	Phone       string    `json:"h,omitempty"`
	PhoneMask   string    `json:"hm,omitempty"`
	Until       Millis    `json:"u,omitempty"`
	Anonymous   bool      `json:"n,omitempty"`
	OnBehalf    *OnBehalf `json:"b,omitempty"`
	Against     *Against  `json:"a,omitempty"`
	AboutMember bool      `json:"am,omitempty"`
	Hold        string    `json:"ho,omitempty"`
	Decision    Decision  `json:"d"`
	Thread      []Entry   `json:"e,omitempty"`
	Outcome     Outcome   `json:"o,omitempty"`
	Into        string    `json:"io,omitempty"`
	ClosedAt    Millis    `json:"ct,omitempty"`
	// Promise is of one that was closed as agreed, also after it was carried out;
	// nil for those from before days were promised.
	Promise  *Promise `json:"pr,omitempty"`
	Rating   *Rating  `json:"r,omitempty"`
	PausedAt Millis   `json:"pa,omitempty"`
	// Past are members who had it before, so that a late act of theirs is told
	// who moved it.
	Past []string `json:"pm,omitempty"`
	// Dangers are what its texts speak of that cannot wait; DangerHandledAt is when
	// a liaison saw to it, zero until then.
	Dangers         []Danger `json:"dg,omitempty"`
	DangerHandledAt Millis   `json:"da,omitempty"`
	// CoverFor is the member who is away and for whom the assignee has it; it
	// goes back to them unless it was answered meanwhile.
	CoverFor string `json:"cv,omitempty"`
	// Returns counts how often members returned it as not theirs.
	Returns int `json:"rt,omitempty"`
	// Assists are who was asked to take part, in that order.
	Assists []Assist `json:"as,omitempty"`
	// Surge tells that it was filed in the station's surge.
	Surge bool `json:"sg,omitempty"`
	// Clocks are by when it is to be seen to; nil for one that was filed before
	// there was a clock of the first contact.
	Clocks *Clocks `json:"ck,omitempty"`
	// Lead is the submission it goes on with, while it does; LeadEntriesSeen is how much of
	// that one's thread it has taken part in. Same are those that go on with it.
	Lead            string   `json:"ld,omitempty"`
	LeadEntriesSeen int      `json:"hd,omitempty"`
	Followers       []string `json:"sm,omitempty"`
	// Classification is what the text was taken for at filing, when the visitor chose no
	// category; nil when they did or nothing was to be said.
	Classification *Classification `json:"tp,omitempty"`
}

// Classification is what a text was taken for: the likeliest categories, the first first.
type Classification struct {
	// Model is the version of the station's model; 0 is the word list alone.
	Model int `json:"m,omitempty"`
	// Sure tells that the first was certain enough to be the category.
	Sure    bool            `json:"s,omitempty"`
	Guesses []CategoryGuess `json:"g"`
}

// CategoryGuess is a category and how probable it is, in per cent.
type CategoryGuess struct {
	Category string `json:"c"`
	Percent  int    `json:"p"`
}

// HasOpenDanger reports whether it speaks of a danger that no liaison has seen to.
func (s Submission) HasOpenDanger() bool { return len(s.Dangers) > 0 && s.DangerHandledAt == 0 }

// WithDangersIn returns the submission with the dangers that a text of the visitor
// speaks of: what was seen to before is to be seen to again.
func (s Submission) WithDangersIn(text string) Submission { return s.WithDangers(Dangers(text)) }

// WithDangers is WithDangersIn for a text that was looked through already.
func (s Submission) WithDangers(list []Danger) Submission {
	for _, d := range list {
		if !slices.Contains(s.Dangers, d) {
			s.Dangers = append(slices.Clone(s.Dangers), d)
		}
		s.DangerHandledAt = 0
	}
	return s
}

// AccessResource is what access needs to know.
func (s Submission) AccessResource() access.Resource {
	return access.Resource{
		Station: s.Station, Filer: s.Filer, Assignee: s.Assignee,
		Helpers: s.helpers(), Held: s.State == Held,
	}
}

// Last returns the newest entry of the thread; a new submission's is its
// filing.
func (s Submission) Last() Entry {
	if len(s.Thread) == 0 {
		return Entry{At: s.FiledAt, What: File, By: Actor{Role: access.Visitor, ID: s.Filer}}
	}
	return s.Thread[len(s.Thread)-1]
}
