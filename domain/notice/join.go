package notice

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"mashang/domain/casework"
)

// inboxPage is the page with a member's open matters.
const inboxPage = "pages/inbox/index"

// Waiting is an entry with its submission, or with the beginning of the reception day that it is about.
type Waiting struct {
	Entry      Entry
	Submission casework.Submission
	Day        time.Time
}

// due is when it must be done.
func (w Waiting) due() casework.Millis {
	if w.Entry.Day != "" {
		return casework.At(w.Day)
	}
	return w.Submission.DueAt
}

// Joins reports whether one message to the member may cover this entry and others: it leads to the inbox, which
// shows the member's matters. A visitor's matters are separate, each danger has its own message for the
// liaison, and a member's assists are in another list.
func (w Waiting) Joins() bool {
	if w.Entry.Assist != 0 || w.Entry.Member == "" || w.Entry.Purpose.Audience() != "member" || w.Entry.Stale(w.Submission) {
		return false
	}
	switch w.Submission.State {
	case casework.Assigned, casework.Accepted, casework.Waiting:
		return true
	default:
		return false
	}
}

// Join orders a member's waiting entries of one purpose, the most urgent first, and reports whether its message
// is to cover the others too: that is so if there are several and a message can be sent. With 25 matters, 25
// messages would annoy the member and use up 25 consents.
func Join(list []Waiting, left Consents) (ordered []Waiting, join bool) {
	ordered = slices.SortedStableFunc(slices.Values(list), func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(a.due(), b.due()), cmp.Compare(a.Entry.At, b.Entry.At))
	})
	if len(list) < 2 {
		return ordered, false
	}
	_, why := list[0].Entry.Purpose.ChooseConsent(left)
	return ordered, why == ""
}

// With mentions the number of other waiting entries in the message and makes it open the list of all.
func (m Message) With(others int) Message {
	if others < 1 {
		return m
	}
	also := "另有" + strconv.Itoa(others) + "件"
	m.Page = inboxPage
	m.Data[Hint] = also + "待办，点此查看"
	if !slices.ContainsFunc(Fields[m.Purpose], func(f Field) bool { return f.Meaning == Hint }) {
		m.Data[Subject] = "（" + also + "）" + m.Data[Subject]
	}
	return m
}
