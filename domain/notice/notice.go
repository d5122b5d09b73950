// Package notice decides who is notified of what, when, and in which words.
//
// It is pure. An Entry says that somebody is to be notified of an act. Compose turns it into a Message when it
// is sent, so that nothing personal is stored twice and the text is never out of date. A message counts as told
// only once the platform has accepted it.
package notice

import (
	"time"
)

// Entry is one notice in a station's outbox. It names the receiver by exactly one of Member, Person, Liaison
// and Department, or by a booking of somebody without an account, and contains no personal text.
type Entry struct {
	ID string `json:"i"`
	// Submission is what it is about, "" if that is Day.
	Submission string `json:"s"`
	// Day is the id of a reception day, Booking that of one of its bookings and Swap that of one of its swaps.
	Day     string  `json:"y,omitempty"`
	Booking string  `json:"k,omitempty"`
	Swap    string  `json:"x,omitempty"`
	Purpose Purpose `json:"p"`
	// Member is a member's id in the station. Their WeChat user is looked up when it is sent, so that a member
	// who binds late is still notified.
	Member string `json:"m,omitempty"`
	// Person is a visitor's internal id.
	Person string `json:"u,omitempty"`
	// Liaison is a liaison's id in the station.
	Liaison string `json:"l,omitempty"`
	// Department is a department's id in the station.
	Department string `json:"d,omitempty"`
	// About says what the notice is about if the purpose leaves that open: AboutPhoto, a value of joint
	// handling, or "".
	About string `json:"w,omitempty"`
	// Also are further submissions that the reminder covers.
	Also []string `json:"a,omitempty"`
	// Assist is the id of the assist that it is about, 0 for none.
	Assist int `json:"b,omitempty"`
	// Version is the version of the submission that caused the entry.
	Version int `json:"v"`
	// At is the time of the act in UTC milliseconds.
	At int64 `json:"t"`
	// NotBefore is the earliest time of sending, in UTC milliseconds; 0 is at once. Entries that one person
	// caused in one go share it, so that one message covers them all.
	NotBefore int64 `json:"g,omitempty"`
	// Attempts counts the attempts to send it, Unsure those whose answer was lost.
	Attempts int `json:"n,omitempty"`
	Unsure   int `json:"q,omitempty"`
}

// The values of About. A reminder without About is about a passed deadline.
const (
	AboutPhoto     = "photo"      // a photo did not pass the platform's check
	AboutSoon      = "soon"       // the deadline of the answer is near
	AboutFirst     = "first"      // nobody has contacted the visitor yet
	AboutFirstLate = "first_late" // the deadline of the first contact has passed
	AboutSquad     = "squad"      // a member of the receiver's squad is late
	AboutPromise   = "promise"    // the promised day is near
	AboutBroken    = "broken"     // the promised day has passed
	AboutNudge     = "nudge"      // the liaison asks the receiver to hurry
	AboutMention   = "mention"    // a liaison named the receiver in a note
	AboutProxy     = "proxy"      // what the filer is told, for who filed it for them
)

// The values of About for joint handling: the assistant is asked (""), late, or recalled; the lead learns of an
// answer or a refusal.
const (
	AboutLate    = "late"
	AboutRecall  = "recall"
	AboutAnswer  = "answer"
	AboutDecline = "decline"
)

// The values of About for a visitor's booking.
const (
	AboutReminder  = "reminder"  // it is tomorrow
	AboutCancelled = "cancelled" // the day is cancelled
	AboutMoved     = "moved"     // the day is on another date or at another time
	AboutRestored  = "restored"  // the day that was cancelled takes place
	AboutOffered   = "offered"   // a seat is free for them, for a while
	AboutChanged   = "changed"   // the station has changed the time of the booking
)

// The values of About for a member's duty.
const (
	AboutDuty          = "duty" // it is soon
	AboutSwapAsked     = "swap_asked"
	AboutSwapOpen      = "swap_open"     // everybody who fits is asked
	AboutSwapAgreed    = "swap_agreed"   // the other member takes the seat if the liaison agrees
	AboutSwapRefused   = "swap_refused"  // by whoever was asked, or by the liaison
	AboutSwapApproved  = "swap_approved" // both are told
	AboutSwapExpired   = "swap_expired"  // nobody has answered, and the day is locked by now
	AboutDayCancelled  = "day_cancelled"
	AboutDayMoved      = "day_moved"
	AboutRosterChanged = "roster" // they were put on it or taken off
)

// The values of About for a liaison's reception days.
const (
	AboutHole = "hole" // a coming day lacks somebody
	AboutSwap = "swap" // a swap waits for the liaison
)

// Message is a message for the platform to deliver.
type Message struct {
	OpenID  string
	Purpose Purpose
	// Page is the mini-program page with its query, without a leading slash.
	Page string
	// Data maps a field's meaning (see Fields) to its full text. The platform plug knows the template's keys
	// and fits the texts to its limits.
	Data map[string]string
}

// Outcome is the result of one attempt.
type Outcome string

// The outcomes. Only Sent, SentByChat, SentBySMS and Joined mean that the receiver was told.
const (
	Sent            Outcome = "sent"
	SentByChat      Outcome = "sent_by_chat" // sent in the customer-service chat instead
	SentBySMS       Outcome = "sent_by_sms"  // sent as a text instead
	Joined          Outcome = "joined"       // covered by the message of another entry: final
	NoConsent       Outcome = "no_consent"   // the receiver has no consent left: final
	ConsentReserved Outcome = "spared"       // the last consent is kept for a more important purpose: final
	NoAddress       Outcome = "no_address"   // nobody has bound this member yet: final
	Refused         Outcome = "refused"      // the platform refuses it for good: final
	Retry           Outcome = "retry"        // to be retried later
	Unknown         Outcome = "unknown"      // the answer was lost; it may have arrived
	// Unconfirmed: the answer was lost MaxUnsure times. It probably arrived, and a third message would confuse
	// the receiver: final.
	Unconfirmed Outcome = "unconfirmed"
	Obsolete    Outcome = "moot" // its text would no longer be true
	Dead        Outcome = "dead" // given up after MaxAttempts
)

// MaxUnsure is how often an answer may be lost: the platform has no idempotency key, so each retry may notify
// the receiver once more.
const MaxUnsure = 2

// Quiet is the span of a day in which notices that can wait are not sent, in minutes after local midnight. From
// may be later than To (22:00 to 07:00).
type Quiet struct{ From, To int }

// Until returns when a message of this purpose may be sent: now, or the end of the present quiet hours. now
// must be in the station's location.
func (q Quiet) Until(p Purpose, now time.Time) time.Time {
	if !p.CanWait() {
		return now
	}
	return q.End(now)
}

// End returns the end of the present quiet hours, now outside of them. now must be in the station's location.
func (q Quiet) End(now time.Time) time.Time {
	if q.From == q.To {
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

// Backoff returns the wait after the given number of failed attempts (1, 2, ...): 5 s, doubled up to 30
// minutes, with jitter in [0,1) over the upper half, so that retries do not all reach a recovering platform at
// once.
func Backoff(attempts int, jitter float64) time.Duration {
	const first, most = 5 * time.Second, 30 * time.Minute
	d := most
	if attempts < 10 {
		d = min(first<<max(attempts-1, 0), most)
	}
	return d/2 + time.Duration(float64(d/2)*jitter)
}
