// Package casework has the rules of a submission's life: its content, its states and who may change them, and
// its deadlines.
//
// A Submission is a value. Apply returns the next value or a fault and has no other effect; the caller stores
// and queues it and sends notices. Each act, and nothing else, raises Version, so concurrent writers are
// detected.
package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/danger"
	"mashang/domain/intake"
	"mashang/domain/rating"
	"mashang/domain/station"
)

// Millis is a time in UTC milliseconds, as all times are stored. Zero means never.
type Millis int64

// At converts a time.
func At(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time converts back, to the station's zone. Zero becomes the zero time.
func (m Millis) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).In(station.Zone)
}

// Kind is the kind of a submission.
type Kind string

// The kinds (诉求的五类).
const (
	Complaint  Kind = "complaint"
	Suggestion Kind = "suggestion"
	Inquiry    Kind = "inquiry"
	Help       Kind = "help"
	Dispute    Kind = "dispute"
)

// Kinds lists all of them in the order in which visitors see them.
var Kinds = []Kind{Complaint, Suggestion, Inquiry, Help, Dispute}

var kindNames = map[Kind]string{
	Complaint: "投诉", Suggestion: "建议", Inquiry: "咨询", Help: "求助", Dispute: "纠纷",
}

// Chinese returns the kind's name for people.
func (k Kind) Chinese() string { return kindNames[k] }

// Visitor is the kind of the filer.
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

// State is a state of a submission.
type State string

// The states.
const (
	Held      State = "held"      // the text waits for the liaison's check
	Pooled    State = "pooled"    // waits for the liaison's assignment
	Assigned  State = "assigned"  // the member has it and has not answered
	Accepted  State = "accepted"  // the member works on it
	Waiting   State = "waiting"   // for the visitor; the clock stops
	Answered  State = "answered"  // the visitor has an answer; not closed
	Closed    State = "closed"    // with an outcome; may be rated and reopened
	Withdrawn State = "withdrawn" // by the filer; final
)

// States lists all of them in the order of a submission's life.
var States = []State{Held, Pooled, Assigned, Accepted, Waiting, Answered, Closed, Withdrawn}

var stateNames = map[State]string{
	Held: "待核对", Pooled: "待分派", Assigned: "待受理", Accepted: "办理中",
	Waiting: "待补充", Answered: "已答复", Closed: "已办结", Withdrawn: "已撤回",
}

// Chinese returns the state in at most five characters, as a phrase field of
// the platform's templates allows.
func (s State) Chinese() string { return stateNames[s] }

// Open reports whether the submission is neither closed nor withdrawn.
func (s State) Open() bool { return s != Closed && s != Withdrawn }

// Outcome is how a submission was closed. Only Solved counts as solved.
type Outcome string

// The outcomes.
const (
	Solved     Outcome = "solved"
	Agreed     Outcome = "agreed"     // agreed, to be carried out
	Explained  Outcome = "explained"  // explained
	Referred   Outcome = "referred"   // passed to the body in charge
	Impossible Outcome = "impossible" // cannot be done
	Merged     Outcome = "merged"     // goes on in another submission
	Invalid    Outcome = "invalid"    // spam, a test or abuse: no matter at all, and in no figure
)

// Outcomes lists all of them.
var Outcomes = []Outcome{Solved, Agreed, Explained, Referred, Impossible, Merged, Invalid}

var outcomeNames = map[Outcome]string{
	Solved: "已解决", Agreed: "待落实", Explained: "已解释",
	Referred: "已转办", Impossible: "客观不能", Merged: "已合并", Invalid: "不予受理",
}

// Chinese returns the outcome in at most five characters.
func (o Outcome) Chinese() string { return outcomeNames[o] }

// Place is where it happened. Coordinates are in degrees of the system Coord: gcj02 (as phones in China report)
// or wgs84.
type Place struct {
	Text  string  `json:"t"`
	Lat   float64 `json:"a,omitempty"`
	Lng   float64 `json:"o,omitempty"`
	Coord string  `json:"c,omitempty"`
}

// OnBehalf is the person for whom somebody else filed. Phone is encrypted.
type OnBehalf struct {
	Name     string `json:"n"`
	Relation string `json:"r"`
	Phone    string `json:"p,omitempty"`
}

// Against is whom or what a complaint is about, with an amount of money in fen.
type Against struct {
	Name      string `json:"n"`
	Place     string `json:"p,omitempty"`
	AmountFen int64  `json:"m,omitempty"`
}

// Actor is who did something. ID is a person's id for visitors, and the id in the station for others.
type Actor struct {
	Role access.Role `json:"r"`
	ID   string      `json:"i,omitempty"`
	Name string      `json:"n,omitempty"`
}

// Entry is one entry of a submission's thread.
type Entry struct {
	At Millis `json:"t"`
	// What is the name of the act, or one of the names in act.go.
	What access.Action `json:"w"`
	By   Actor         `json:"b"`
	// To and ToName are the member who got the submission, if it was handed to one.
	To     string `json:"m,omitempty"`
	ToName string `json:"n,omitempty"`
	// Text is an answer, a question or a reason. ForVisitor says who may read it.
	Text string `json:"x,omitempty"`
	// Note is what the visitor is told about a transfer or an assignment.
	Note    string   `json:"y,omitempty"`
	Photos  []string `json:"p,omitempty"`
	Outcome Outcome  `json:"o,omitempty"`
	// Rating is kept here as well: a reopened matter loses its rating, but the rating of its first handling
	// stays in the thread. Its Reason is in Text.
	Rating *rating.Rating `json:"r,omitempty"`
	// Assist is the id of the assist that the entry is about. Parts are those who took part in a joint answer.
	Assist int    `json:"a,omitempty"`
	Parts  []Part `json:"j,omitempty"`
	// Private entries are for members and staff, not for the visitor.
	Private bool `json:"v,omitempty"`
	// Days is the length of an extension in working days.
	Days int `json:"d,omitempty"`
	// Due is the end of the day that a closing or a redating promises.
	Due Millis `json:"u,omitempty"`
	// Category is the category that a liaison set with an assignment.
	Category string `json:"g,omitempty"`
	// LeadOnly marks an answer to the lead's own filer, which its followers do not get.
	LeadOnly bool `json:"l,omitempty"`
	// Was is the state in which an answer was given. RetractedAt is when the entry was taken back, zero if it was
	// not.
	Was         State  `json:"z,omitempty"`
	RetractedAt Millis `json:"k,omitempty"`
	// Reason is why it was closed as Invalid, for members and staff.
	Reason string `json:"q,omitempty"`
	// FollowUp is the result of a call to the filer; entries of other acts have none.
	FollowUp rating.FollowUp `json:"f,omitempty"`
	// Proxy: a visitor's words that the filer's proxy wrote. Entries from before there were proxies have none.
	Proxy bool `json:"h,omitempty"`
}

// Why the content check held a text back.
const (
	HoldReview    = "review"    // the platform asks for a human check
	HoldRisky     = "risky"     // the platform considers it illegal
	HoldInactive  = "inactive"  // the platform checks only people who were recently active
	HoldUnchecked = "unchecked" // the platform did not answer
)

// Submission is a matter that was filed and is tracked. The first block is the head, which scripts read without
// parsing the rest. The JSON names are short because a hundred thousand of them are stored.
type Submission struct {
	ID       string `json:"-"`
	Number   string `json:"-"`
	Version  int    `json:"-"`
	State    State  `json:"-"`
	Assignee string `json:"-"`
	DueAt    Millis `json:"-"`
	Filer    string `json:"-"`
	// Pick is the position, in Decision.Offered, of the candidate who got it at filing, from 1; 0 means that
	// none had room and it went to the pool.
	Pick int `json:"-"`
	// Full has a bit, the first lowest, for each member in Decision.Offered who had no room at filing.
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
	// Phone is encrypted; lists show PhoneMask (138****1234).
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
	// Promise is set once it was closed as agreed, also after its fulfilment. It is nil for submissions from
	// before promises had days.
	Promise  *Promise       `json:"pr,omitempty"`
	Rating   *rating.Rating `json:"r,omitempty"`
	PausedAt Millis         `json:"pa,omitempty"`
	// Past are the members who had it before, so that a late act of theirs can be answered with who moved it.
	Past []string `json:"pm,omitempty"`
	// Dangers are the dangers that its texts mention. DangerHandledAt is when a liaison dealt with them, zero
	// until then.
	Dangers         []danger.Kind `json:"dg,omitempty"`
	DangerHandledAt Millis        `json:"da,omitempty"`
	// CoverFor is the member who is away and whom the assignee replaces. It goes back to them unless it was
	// answered meanwhile.
	CoverFor string `json:"cv,omitempty"`
	// Returns is how often members returned it as not theirs.
	Returns int `json:"rt,omitempty"`
	// Assists are its assists, oldest first.
	Assists []Assist `json:"as,omitempty"`
	// Surge: it was filed during a surge of the station.
	Surge bool `json:"sg,omitempty"`
	// Clocks are its deadlines; nil for submissions from before there was a deadline of the first contact.
	Clocks *Clocks `json:"ck,omitempty"`
	// Lead is the submission that it follows, while it does. LeadEntriesSeen is how many entries of the lead's
	// thread it has processed. Followers are the submissions that follow it.
	Lead            string   `json:"ld,omitempty"`
	LeadEntriesSeen int      `json:"hd,omitempty"`
	Followers       []string `json:"sm,omitempty"`
	// Classification is the text classifier's result at filing. It is nil if the visitor chose a category or
	// the classifier found none.
	Classification *Classification `json:"tp,omitempty"`
	// Proxy is who handed it over to its filer and follows it; nil for nobody and in records from before.
	Proxy *Proxy `json:"px,omitempty"`
	// Intake is how a liaison heard what they wrote down; nil for what its filer sent.
	Intake *intake.Intake `json:"in,omitempty"`
}

// Classification is the likeliest categories of a text, best first.
type Classification struct {
	// Model is the version of the station's model; 0 is the word list alone.
	Model int `json:"m,omitempty"`
	// Sure: the first was certain enough to become the category.
	Sure    bool            `json:"s,omitempty"`
	Guesses []CategoryGuess `json:"g"`
}

// CategoryGuess is a category and its probability in per cent.
type CategoryGuess struct {
	Category string `json:"c"`
	Percent  int    `json:"p"`
}

// HasOpenDanger reports whether it mentions a danger that no liaison has dealt with.
func (s Submission) HasOpenDanger() bool { return len(s.Dangers) > 0 && s.DangerHandledAt == 0 }

// WithDangersIn adds the dangers that a text of the visitor mentions. A danger that was dealt with is then open
// again.
func (s Submission) WithDangersIn(text string) Submission { return s.WithDangers(danger.Find(text)) }

// WithDangers is WithDangersIn with the dangers already found.
func (s Submission) WithDangers(list []danger.Kind) Submission {
	for _, d := range list {
		if !slices.Contains(s.Dangers, d) {
			s.Dangers = append(slices.Clone(s.Dangers), d)
		}
		s.DangerHandledAt = 0
	}
	return s
}

// AccessResource returns what package access needs to know of it.
func (s Submission) AccessResource() access.Resource {
	return access.Resource{
		Station: s.Station, Filer: s.Filer, Proxy: s.Proxy.ID(), Assignee: s.Assignee,
		Helpers: s.assistants(), Held: s.State == Held, AssigneeSeesPhone: !s.Anonymous && slices.Contains(withMember, s.State),
	}
}

// Last returns the newest entry of the thread; for an empty thread, an entry of the filing.
func (s Submission) Last() Entry {
	if len(s.Thread) == 0 {
		return Entry{At: s.FiledAt, What: File, By: Actor{Role: access.Visitor, ID: s.Filer}}
	}
	return s.Thread[len(s.Thread)-1]
}

// Proxy is the person who filed a submission for somebody and follows it since they handed it over.
type Proxy struct {
	Person string `json:"p"`
	// Name and Relation are the filer's, as the proxy gave them when it was filed.
	Name     string `json:"n,omitempty"`
	Relation string `json:"r,omitempty"`
	Since    Millis `json:"t"`
}

// ID returns the proxy's person, "" for nobody.
func (p *Proxy) ID() string {
	if p == nil {
		return ""
	}
	return p.Person
}

// Is reports whether the person is the proxy.
func (p *Proxy) Is(person string) bool { return person != "" && person == p.ID() }
