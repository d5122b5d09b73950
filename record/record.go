// Package record holds the plain types that the use cases and a store exchange
// and that are no aggregate of their own: persons, invitations, uploads,
// places in lists, new submissions on their way in. They are part of the
// ground so that a plug can name them without knowing the use cases.
package record

import (
	"time"

	"mashang/casework"
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
}

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
	Pool     IndexName = "pool"     // held and pooled, oldest first
	Inbox    IndexName = "inbox"    // Arg member: assigned, accepted, waiting; first due first
	Answered IndexName = "answered" // Arg member: answered, first due first
	ClosedBy IndexName = "closed"   // Arg member: closed, newest first
	GoneFrom IndexName = "gone"     // Arg member: withdrawn, newest first
	Mine     IndexName = "mine"     // Arg person: newest first
	All      IndexName = "all"      // newest first
	InState  IndexName = "state"    // Arg state: newest first
)

// Admission is a new submission on its way in.
type Admission struct {
	Submission casework.Submission
	// Capacities are the candidates' of Submission.Decision, in their order.
	Capacities []int
	// Hold skips the candidates: the submission is held for the liaison.
	Hold bool
	// Key and BodyHash make a repeated request find the first receipt.
	Key, BodyHash string
	// NoticeID is the id of the entry that tells the member.
	NoticeID string
	Now      time.Time
}

// Arrival is one event the platform pushed, in our words.
type Arrival struct {
	// ID is the same for each repeated delivery.
	ID     string `json:"i"`
	Kind   string `json:"k"` // "text", "consent", "sent"; others are ignored
	OpenID string `json:"o"`
	Text   string `json:"x,omitempty"`
	// Template and Accepted belong to "consent".
	Template string `json:"t,omitempty"`
	Accepted bool   `json:"a,omitempty"`
	Attempts int    `json:"n,omitempty"`
}

// Audit is one line of the audit: who did what to which thing, and why.
type Audit struct {
	At     time.Time
	Role   string
	ID     string
	Person string
	What   string
	Thing  string
	Why    string
}
