package record

import (
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/notice"
)

// Undelivered is a receiver whom a notice did not reach by any channel.
type Undelivered struct {
	// Submission is the id of the submission that the notice was about, or DayRef of the reception day.
	Submission string
	Purpose    notice.Purpose
	// Receiver is Receiver's name of them.
	Receiver string
	// Why is the outcome of the last sending, or DeliveryFailed.
	Why notice.Outcome
	// Since is when that attempt was.
	Since time.Time
}

// DeliveryFailed says that the platform accepted the message and did not deliver it.
const DeliveryFailed notice.Outcome = "failed_later"

// A member who asks the liaison to call the filer puts the filer on the list under a receiver of its own, so that it
// does not go when the filer looks at the submission.
const (
	CallReceiver                = "c"
	CallPurpose  notice.Purpose = "visitor_call"
	CallAsked    notice.Outcome = "call_asked"
)

// DayRef names a reception day where a submission's id may stand: "<station>-day/<id>".
func DayRef(st, day string) string { return st + "-" + dayPrefix + day }

const dayPrefix = string(DocumentDay) + "/"

// RefOf names what an entry of the station is about: a submission by its id, or a reception day by DayRef.
func RefOf(st string, e notice.Entry) string {
	if e.Day != "" {
		return DayRef(st, e.Day)
	}
	return e.Submission
}

// ParseDayRef returns the day's id; ok is false for a submission's id.
func ParseDayRef(ref string) (day string, ok bool) {
	_, local, _ := strings.Cut(ref, "-")
	return strings.CutPrefix(local, dayPrefix)
}

// Receiver names the receiver of an entry: "m.<member>", "l.<liaison>", "d.<department>", "b.<booking>" for whoever
// booked, or "v" for the filer.
func Receiver(e notice.Entry) string {
	switch {
	case e.Member != "":
		return "m." + e.Member
	case e.Liaison != "":
		return "l." + e.Liaison
	case e.Department != "":
		return "d." + e.Department
	case e.Booking != "":
		return "b." + e.Booking
	default:
		return "v"
	}
}

// ParseReceiver parses a result of Receiver into role and id. A visitor's is that of their booking, "" for the filer.
func ParseReceiver(receiver string) (role access.Role, id string) {
	for prefix, role := range map[string]access.Role{
		"m.": access.Member, "l.": access.Liaison, "d.": access.Department, "b.": access.Visitor,
	} {
		if id, ok := strings.CutPrefix(receiver, prefix); ok {
			return role, id
		}
	}
	return access.Visitor, ""
}

// ID is the same for each notice of the purpose to the receiver about the submission, so that only the newest
// is listed. It consists of what Submission is without the station, the receiver and the purpose, separated by
// dots.
func (u Undelivered) ID() string {
	return UndeliveredPrefix(u.Submission, u.Receiver) + string(u.Purpose)
}

// UndeliveredPrefix is the prefix of the ids of a receiver's entries about a submission; of everyone's without
// a receiver.
func UndeliveredPrefix(submission, receiver string) string {
	_, local, _ := strings.Cut(submission, "-")
	if receiver == "" {
		return local + "."
	}
	return local + "." + receiver + "."
}

// ParseUndeliveredID parses an ID of a station; ok is false if it is none.
func ParseUndeliveredID(st, id string) (u Undelivered, ok bool) {
	first, last := strings.IndexByte(id, '.'), strings.LastIndexByte(id, '.')
	if first < 1 || last == first || last == len(id)-1 {
		return Undelivered{}, false
	}
	return Undelivered{Submission: st + "-" + id[:first], Receiver: id[first+1 : last], Purpose: notice.Purpose(id[last+1:])}, true
}
