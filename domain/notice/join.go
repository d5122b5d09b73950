package notice

import (
	"cmp"
	"slices"
	"strconv"

	"mashang/domain/casework"
)

// inboxPage lists what a member has to see to.
const inboxPage = "pages/inbox/index"

// Waiting is an entry with the submission it tells of.
type Waiting struct {
	Entry      Entry
	Submission casework.Submission
}

// Joins reports whether one message to the member may tell of this and of
// others: the inbox, to which it leads, shows what the member is to see to. A
// visitor's matters are separate, a liaison's dangers each have a word of their
// own, and what a member assists in stands in another list.
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

// Join orders what waits to be told to one member for one purpose, the most
// urgent first, and says whether that one's message shall tell of the others
// too: always when there are several and a message can go. A phone that rings 25
// times for 25 matters is put away, and 25 consents are gone.
func Join(list []Waiting, left Consents) (ordered []Waiting, join bool) {
	ordered = slices.SortedStableFunc(slices.Values(list), func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(a.Submission.DueAt, b.Submission.DueAt), cmp.Compare(a.Entry.At, b.Entry.At))
	})
	if len(list) < 2 {
		return ordered, false
	}
	_, why := list[0].Entry.Purpose.ChooseConsent(left)
	return ordered, why == ""
}

// With tells in the message of others that wait as well, and leads to the list
// of them all.
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
