package record

import (
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/notice"
)

// Undelivered is somebody who should know of something and was told by no means.
type Undelivered struct {
	Submission string
	Purpose    notice.Purpose
	// Receiver is Receiver's word for them.
	Receiver string
	// Why is the outcome of the last sending, or DeliveryFailed.
	Why notice.Outcome
	// Since is when that was.
	Since time.Time
}

// DeliveryFailed is of a message that the platform took and did not deliver.
const DeliveryFailed notice.Outcome = "failed_later"

// Receiver names whom an entry is for: "m.<member>", "l.<liaison>",
// "d.<department>" or "v", who filed it.
func Receiver(e notice.Entry) string {
	switch {
	case e.Member != "":
		return "m." + e.Member
	case e.Liaison != "":
		return "l." + e.Liaison
	case e.Department != "":
		return "d." + e.Department
	default:
		return "v"
	}
}

// ParseReceiver turns what Receiver returns back: the receiver's role and id, the
// visitor's without one.
func ParseReceiver(receiver string) (role access.Role, id string) {
	for prefix, role := range map[string]access.Role{
		"m.": access.Member, "l.": access.Liaison, "d.": access.Department,
	} {
		if id, ok := strings.CutPrefix(receiver, prefix); ok {
			return role, id
		}
	}
	return access.Visitor, ""
}

// ID is the same for each notice of the purpose to the receiver about the
// submission: of several the newest is listed. It holds, with dots between, the
// submission's id without its station, the receiver and the purpose.
func (u Undelivered) ID() string {
	return UndeliveredPrefix(u.Submission, u.Receiver) + string(u.Purpose)
}

// UndeliveredPrefix is what the ids of a receiver's entries about a submission begin
// with; of everybody's without a receiver.
func UndeliveredPrefix(submission, receiver string) string {
	_, local, _ := strings.Cut(submission, "-")
	if receiver == "" {
		return local + "."
	}
	return local + "." + receiver + "."
}

// ParseUndeliveredID reads an ID of a station; ok is false for what is none.
func ParseUndeliveredID(st, id string) (u Undelivered, ok bool) {
	first, last := strings.IndexByte(id, '.'), strings.LastIndexByte(id, '.')
	if first < 1 || last == first || last == len(id)-1 {
		return Undelivered{}, false
	}
	return Undelivered{Submission: st + "-" + id[:first], Receiver: id[first+1 : last], Purpose: notice.Purpose(id[last+1:])}, true
}
