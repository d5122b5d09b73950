// Package record has the plain types that the use cases and a store exchange and that are no aggregate of their
// own: persons, invitations, uploads, positions in lists, submissions to admit. They are part of the ground so
// that a plug can name them without importing the use cases.
package record

import (
	"slices"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
)

// Person is a WeChat user as we know them. OpenID never leaves the server.
type Person struct {
	ID     string
	OpenID string
	// Role is "" for a person without a binding.
	Role    string
	Station string
	// Ref is the member's, liaison's or department's id in Station.
	Ref string
	// Contact is the member whom the person named as their household's contact (六邻), as "<station> <member>";
	// "" for none.
	Contact string
}

// Invite is the role to which an invitation code binds.
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
	// Safety is the result of the checks of a photo.
	Safety Safety
}

// Safety is the result of the checks of a photo.
type Safety string

// The states of a photo. Unasked are voices, and photos from before there was a check.
const (
	Unasked  Safety = ""
	Checking Safety = "checking" // the platform has not answered yet
	Passed   Safety = "passed"   // the platform found nothing
	Doubtful Safety = "doubtful" // the platform asks for a human check
	Risky    Safety = "risky"    // the platform considers it illegal
	Unjudged Safety = "unjudged" // the platform could not or did not answer
	Shown    Safety = "shown"    // a liaison opened it to all who may see the submission
	Hidden   Safety = "hidden"   // a liaison hid it from them
)

// Open reports whether everyone who may see the submission may see the photo.
func (s Safety) Open() bool { return s == Unasked || s == Passed || s == Shown }

// Harmless reports whether the photo was checked and is fine, so that strangers may see it. Unasked is not.
func (s Safety) Harmless() bool { return s == Passed || s == Shown }

// Waits reports whether a liaison has to check it.
func (s Safety) Waits() bool { return s == Doubtful || s == Risky || s == Unjudged }

// PhotoCheck is one request to the platform about a photo, from the upload to the answer.
type PhotoCheck struct {
	Upload string `json:"u"`
	Owner  string `json:"o"`
	// Token lets the platform fetch the photo until it answers.
	Token string `json:"k"`
	// Until is when the wait for the answer ends, in UTC milliseconds.
	Until int64 `json:"e"`
	// Trace is the platform's id of the request, "" until it was made.
	Trace    string `json:"t,omitempty"`
	Attempts int    `json:"n,omitempty"`
}

// HeldPhoto is a photo of a submission that waits for a liaison.
type HeldPhoto struct {
	Submission, Upload string
	Since              time.Time
}

// Window is why messages may be sent into a person's chat for some time.
type Window string

// The windows.
const (
	Wrote   Window = "wrote"   // they wrote there
	Entered Window = "entered" // they opened it
)

// Cursor is a position in an ordered list: after the item with this score and id. The zero value is the
// beginning.
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

// The indexes. Every submission is in exactly one of the queues (Pool, Inbox, Answered, Done), in All, in one
// InState and in one Mine.
const (
	Pool        IndexName = "pool"     // held and pooled, oldest first
	Inbox       IndexName = "inbox"    // Arg member: assigned, accepted, waiting; first due first
	Answered    IndexName = "answered" // Arg member: answered, first due first
	ClosedBy    IndexName = "closed"   // Arg member: closed, newest first
	GoneFrom    IndexName = "gone"     // Arg member: withdrawn, newest first
	Mine        IndexName = "mine"     // Arg person: newest first
	All         IndexName = "all"      // newest first
	Alarms      IndexName = "alarms"   // mentions a danger that no liaison has dealt with, oldest first
	Same        IndexName = "same"     // follows another, oldest first
	Provisional IndexName = "unsure"   // with a deadline in a year with unknown holidays, oldest first
	Covered     IndexName = "cover"    // replaces a member who is away, oldest first
	InState     IndexName = "state"    // Arg state: newest first
	// Joint handling. A body is an AssistantKey.
	Assists       IndexName = "assists" // with unanswered assists, first due first
	AssistPending IndexName = "helping" // Arg body: they have to answer, first due first
	AssistDone    IndexName = "helped"  // Arg body: they answered or the assist ended, newest first
	// Lists of other things than submissions, which have pages of their own.
	Unreached  IndexName = "untold" // who could not be told of something
	HeldPhotos IndexName = "photos" // photos that wait for a liaison
)

// Source is who reports a consent.
type Source string

// The sources. The client (Reported) and the platform (Confirmed) report the same tap; what is Certain is
// reported once.
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
	// By is the delivery that reports it, "" for none: a repeated delivery does not count.
	By string
}

// Admission is a new submission to admit.
type Admission struct {
	Submission casework.Submission
	// Capacities are those of the members in Submission.Decision.Offered, in that order.
	Capacities []int
	// Hold skips the candidates: the submission is held for the liaison.
	Hold bool
	// Code is the key of the scanned code, for its count of filings; "" counts none.
	Code string
	// Key and BodyHash make a repeated request return the first receipt.
	Key, BodyHash string
	// NoticeID is the id of the member's notice.
	NoticeID string
	// Alarms are notices of a danger for the station's liaisons, one each.
	Alarms []notice.Entry
	Now    time.Time
}

// InboundEvent is one event that the platform pushed.
type InboundEvent struct {
	// ID is the same for each repeated delivery.
	ID     string `json:"i"`
	Kind   string `json:"k"` // one of desk's; others are ignored
	OpenID string `json:"o"`
	// Text is the message; for "enter" the contact button's session-from.
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
	// Message, Size and Why are of "unread": the platform's type of it, the size of its body in bytes, and why
	// it cannot be read.
	Message string `json:"g,omitempty"`
	Size    int    `json:"s,omitempty"`
	Why     string `json:"y,omitempty"`
	// At is when it arrived, in UTC milliseconds.
	At       int64 `json:"z,omitempty"`
	Attempts int   `json:"n,omitempty"`
}

// The names of the lists of Personal.
const (
	PhraseList = "phrases"
	ViewList   = "views"
	SnoozeList = "snoozes"
	HintList   = "hidden"
)

// Personal are the lists that a person keeps.
type Personal struct {
	// Phrases are what they often say.
	Phrases []string
	Views   []SavedView
	Snoozes []Snooze
	// Hidden names the hints that they do not want to see again.
	Hidden []string
	// Damaged names the lists that cannot be read. They look empty here and must not be replaced for that.
	Damaged []string
}

// Readable returns a fault if the list is damaged.
func (p Personal) Readable(list string) error {
	if slices.Contains(p.Damaged, list) {
		return fault.New(fault.Internal, "您保存的内容有一处读不出来，请联系管理员恢复，先不要重新保存")
	}
	return nil
}

// Snooze is a submission that a liaison wants to see again later on the day. It ends earlier if the submission
// changes.
type Snooze struct {
	Submission string          `json:"s"`
	Version    int             `json:"v"`
	Until      casework.Millis `json:"u"`
}

// SavedView is a stored filter of the station's list: a name and the list's parameters as a query string.
type SavedView struct {
	Name  string `json:"n"`
	Query string `json:"q"`
}
