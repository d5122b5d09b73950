// Package record holds the plain types that the use cases and a store exchange
// and that are no aggregate of their own: persons, invitations, uploads,
// places in lists, new submissions on their way in. They are part of the
// ground so that a plug can name them without knowing the use cases.
package record

import (
	"time"

	"mashang/domain/casework"
	"mashang/domain/notice"
)

// Person is a WeChat user as we know them. OpenID never leaves the server.
type Person struct {
	ID     string
	OpenID string
	// Role is "" for somebody without a binding.
	Role    string
	Station string
	// Ref is the member's, liaison's or department's id in Station.
	Ref string
	// Contact is the member whom the person named as their household's contact
	// (六邻), as "<station> <member>"; "" for none.
	Contact string
}

// Invite is what an invitation code binds to.
type Invite struct {
	Station string
	Role    string
	Ref     string
}

// Upload is a stored file and who sent it.
type Upload struct {
	ID    string
	Owner string
	// Kind is "photo" or "voice".
	Kind string
	Hash string
	// Width and Height are in pixels, Seconds in whole seconds.
	Width, Height, Seconds int
	// Submissions are the ids it was attached to.
	Submissions []string
	// Safety is what is known of what a photo shows.
	Safety Safety
}

// Safety is what is known of what a photo shows.
type Safety string

// The states of a photo. Unasked ones are voices, and photos from before there
// was a check.
const (
	Unasked  Safety = ""
	Checking Safety = "checking" // the platform has not answered yet
	Passed   Safety = "passed"   // the platform found nothing
	Doubtful Safety = "doubtful" // the platform asks for a person's eye
	Risky    Safety = "risky"    // the platform would not show it
	Unjudged Safety = "unjudged" // the platform could not or did not say
	Shown    Safety = "shown"    // a liaison lets everybody concerned see it
	Hidden   Safety = "hidden"   // a liaison keeps it from them
)

// Open reports whether all who may see the submission may see the photo.
func (s Safety) Open() bool { return s == Unasked || s == Passed || s == Shown }

// Harmless reports whether somebody looked at the photo and found nothing wrong
// with it, so that strangers may see it: one nobody was asked about is not.
func (s Safety) Harmless() bool { return s == Passed || s == Shown }

// Waits reports whether a liaison is to look at it.
func (s Safety) Waits() bool { return s == Doubtful || s == Risky || s == Unjudged }

// PhotoCheck is one question to the platform about a photo, from its upload to
// the answer.
type PhotoCheck struct {
	Upload string `json:"u"`
	Owner  string `json:"o"`
	// Token opens the photo to the platform, until there is an answer.
	Token string `json:"k"`
	// Until is when the answer is waited for no longer, UTC milliseconds.
	Until int64 `json:"e"`
	// Trace is the platform's name for the question, "" until it was asked.
	Trace    string `json:"t,omitempty"`
	Attempts int    `json:"n,omitempty"`
}

// HeldPhoto is a photo of a submission that waits for a liaison.
type HeldPhoto struct {
	Submission, Upload string
	Since              time.Time
}

// Window is why something may be sent into a person's chat for a while.
type Window string

// The windows.
const (
	Wrote   Window = "wrote"   // they wrote there
	Entered Window = "entered" // they opened it
)

// Cursor is a place in an ordered list: after the item with this score and id.
// The zero value is the beginning.
type Cursor struct {
	Score float64
	ID    string
}

// Index names one ordered list of a station's submissions.
type Index struct {
	Name IndexName
	// Arg is a member id, a person id or a state, as the name says.
	Arg string
}

// IndexName is the kind of an index.
type IndexName string

// The indexes. Every submission stands in exactly one of the queues (Pool,
// Inbox, Answered, Done), in All, in one InState and in one Mine.
const (
	Pool        IndexName = "pool"     // held and pooled, oldest first
	Inbox       IndexName = "inbox"    // Arg member: assigned, accepted, waiting; first due first
	Answered    IndexName = "answered" // Arg member: answered, first due first
	ClosedBy    IndexName = "closed"   // Arg member: closed, newest first
	GoneFrom    IndexName = "gone"     // Arg member: withdrawn, newest first
	Mine        IndexName = "mine"     // Arg person: newest first
	All         IndexName = "all"      // newest first
	Alarms      IndexName = "alarms"   // speak of a danger no liaison has seen to, oldest first
	Same        IndexName = "same"     // goes on with another, oldest first
	Provisional IndexName = "unsure"   // with a deadline in a year whose holidays are not known, oldest first
	Covered     IndexName = "cover"    // held for a member who is away, oldest first
	InState     IndexName = "state"    // Arg state: newest first
	// Joint handling. A body is Body's word for a department or member.
	Assists       IndexName = "assists" // somebody is still to answer, first due first
	AssistPending IndexName = "helping" // Arg body: they are to answer, first due first
	AssistDone    IndexName = "helped"  // Arg body: they answered or were waited for no longer, newest first
)

// Source is who tells of a consent.
type Source string

// The sources. The client and the platform tell of the same tap; what is Certain
// is told once.
const (
	Reported  Source = "r"
	Confirmed Source = "c"
	Certain   Source = ""
)

// Grant is a number of consents for a purpose.
type Grant struct {
	Purpose notice.Purpose
	Count   int
	Source  Source
	// By is the delivery that tells of it, "" for none: the same one again counts
	// nothing.
	By string
}

// Admission is a new submission on its way in.
type Admission struct {
	Submission casework.Submission
	// Capacities are of those Submission.Decision offers it to, in their order.
	Capacities []int
	// Hold skips the candidates: the submission is held for the liaison.
	Hold bool
	// Code is the key of the scanned code, whose filings are counted; "" counts none.
	Code string
	// Key and BodyHash make a repeated request find the first receipt.
	Key, BodyHash string
	// NoticeID is the id of the entry that tells the member.
	NoticeID string
	// Alarms tell the station's liaisons of a danger, one entry each.
	Alarms []notice.Entry
	Now    time.Time
}

// InboundEvent is one event the platform pushed, in our words.
type InboundEvent struct {
	// ID is the same for each repeated delivery.
	ID     string `json:"i"`
	Kind   string `json:"k"` // one of desk's; others are ignored
	OpenID string `json:"o"`
	// Text is what was written; of an "enter" what the contact button names.
	Text string `json:"x,omitempty"`
	// Media is the platform's id of an "image", Page the page of a "card".
	Media string `json:"m,omitempty"`
	Page  string `json:"p,omitempty"`
	// Template and Accepted belong to "consent".
	Template string `json:"t,omitempty"`
	Accepted bool   `json:"a,omitempty"`
	// Trace and Verdict belong to "media_check", as does ErrorCode, and to "sent".
	Trace     string `json:"c,omitempty"`
	Verdict   string `json:"v,omitempty"`
	ErrorCode int64  `json:"e,omitempty"`
	// MsgID is the platform's id of the message of a "sent".
	MsgID string `json:"w,omitempty"`
	// Message, Size and Why belong to "unread": the platform's type of it, the bytes
	// of its body, and why it cannot be read.
	Message string `json:"g,omitempty"`
	Size    int    `json:"s,omitempty"`
	Why     string `json:"y,omitempty"`
	// At is when it came, UTC milliseconds.
	At       int64 `json:"z,omitempty"`
	Attempts int   `json:"n,omitempty"`
}

// SavedView is a filter of the station's list that somebody keeps: a name and the
// parameters of the list as a query string.
type SavedView struct {
	Name  string `json:"n"`
	Query string `json:"q"`
}
