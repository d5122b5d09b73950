// Package notice decides what is told to whom, when, and in which words.
//
// It is pure: an Entry says that somebody shall be told of an act; Compose
// turns it into a Message at the moment of sending, so that nothing personal
// is stored twice and the words are never out of date. A message counts as
// told only when the platform took it.
package notice

import (
	"time"
)

// Entry is one thing to tell, as it waits in a station's outbox. It names the
// receiver by exactly one of Member, Person, Liaison and Department and holds no personal text.
type Entry struct {
	ID         string  `json:"i"`
	Submission string  `json:"s"`
	Purpose    Purpose `json:"p"`
	// Member is a member's id in the station; who that is in WeChat is looked
	// up at sending, so a member who binds late is still told.
	Member string `json:"m,omitempty"`
	// Person is a visitor's internal id.
	Person string `json:"u,omitempty"`
	// Liaison is a liaison's id in the station.
	Liaison string `json:"l,omitempty"`
	// Department is a department's id in the station.
	Department string `json:"d,omitempty"`
	// About says what of the submission it tells, where the purpose leaves that
	// open: AboutPhoto, one of joint handling, or "".
	About string `json:"w,omitempty"`
	// Also are further submissions that one reminder tells of.
	Also []string `json:"a,omitempty"`
	// Assist is which assist of the submission it is about, 0 for none.
	Assist int `json:"b,omitempty"`
	// Version is the submission's version that caused the entry.
	Version int `json:"v"`
	// At is the time of the act in UTC milliseconds.
	At int64 `json:"t"`
	// NotBefore is when it may leave at the earliest, in UTC milliseconds; 0 is at
	// once. Entries that one person caused in one go share it, so that one message
	// tells of them all.
	NotBefore int64 `json:"g,omitempty"`
	// Attempts counts the sendings begun, Unsure those whose answer was lost.
	Attempts int `json:"n,omitempty"`
	Unsure   int `json:"q,omitempty"`
}

// What About says. A reminder without it is of a deadline that has passed.
const (
	AboutPhoto     = "photo"      // a photo did not pass the platform's check
	AboutSoon      = "soon"       // the time for the answer is nearly up
	AboutFirst     = "first"      // nobody has been in touch with the visitor yet
	AboutFirstLate = "first_late" // and the time for that is up
	AboutSquad     = "squad"      // a member of the receiver's squad is late
	AboutPromise   = "promise"    // the day promised for what was agreed is near
	AboutBroken    = "broken"     // and has passed
)

// What is told of joint handling: to the assistant that they are asked (""),
// late, or need not answer any more; to the lead what came of it.
const (
	AboutLate    = "late"
	AboutRecall  = "recall"
	AboutAnswer  = "answer"
	AboutDecline = "decline"
)

// Message is what the platform is asked to deliver.
type Message struct {
	OpenID  string
	Purpose Purpose
	// Page is the mini-program page with its query, without a leading slash.
	Page string
	// Data maps a field's meaning (see Fields) to its full text; the platform
	// plug knows the template's key for each and fits the text to its limits.
	Data map[string]string
}

// Outcome is what became of one attempt.
type Outcome string

// The outcomes. Only Sent, SentByChat and Joined mean told.
const (
	Sent            Outcome = "sent"
	SentByChat      Outcome = "sent_by_chat" // told in the customer-service chat instead
	Joined          Outcome = "joined"       // told by the message of another that waited as well: final
	NoConsent       Outcome = "no_consent"   // the receiver has no consent left: final
	ConsentReserved Outcome = "spared"       // the last consent is kept for what matters more: final
	NoAddress       Outcome = "no_address"   // nobody has bound this member yet: final
	Refused         Outcome = "refused"      // the platform will never take it: final
	Retry           Outcome = "retry"        // later
	Unknown         Outcome = "unknown"      // the answer was lost; it may have arrived
	// Unconfirmed: the answer was lost MaxUnsure times. It probably arrived, and
	// whoever is told a third time believes nothing any more: final.
	Unconfirmed Outcome = "unconfirmed"
	Obsolete    Outcome = "moot" // what it would say is no longer so
	Dead        Outcome = "dead" // given up after MaxAttempts
)

// MaxUnsure is how often an answer may be lost: the platform has no idempotency
// key, so each time the receiver may be told once more.
const MaxUnsure = 2

// Quiet is the span of a day in which what can wait is not sent, in minutes
// after local midnight; From may be later than To (22:00 to 07:00).
type Quiet struct{ From, To int }

// Until returns when a message of this purpose may leave: now, or the end of
// the quiet hours in which now lies. now must carry the station's location.
func (q Quiet) Until(p Purpose, now time.Time) time.Time {
	if !p.CanWait() || q.From == q.To {
		return now
	}
	minute := now.Hour()*60 + now.Minute()
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	end := midnight.Add(time.Duration(q.To) * time.Minute)
	switch {
	case q.From < q.To && minute >= q.From && minute < q.To:
		return end
	case q.From > q.To && minute >= q.From:
		return end.AddDate(0, 0, 1)
	case q.From > q.To && minute < q.To:
		return end
	default:
		return now
	}
}

// Backoff returns how long to wait after the given number of failed attempts
// (1, 2, ...): 5 s doubling to at most 30 minutes, spread by jitter in [0,1)
// over the upper half, so that a recovering platform is not met by all at once.
func Backoff(attempts int, jitter float64) time.Duration {
	const first, most = 5 * time.Second, 30 * time.Minute
	d := most
	if attempts < 10 {
		d = min(first<<max(attempts-1, 0), most)
	}
	return d/2 + time.Duration(float64(d/2)*jitter)
}
