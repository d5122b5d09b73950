package casework

import (
	"slices"

	"mashang/domain/access"
)

// visibility is how much of an entry the visitor reads.
type visibility uint8

const (
	// hidden: the zero value. The visitor does not see an action that is not in toVisitor.
	hidden visibility = iota
	// withNote: the visitor sees that it happened, and its note. Its text is for members and staff.
	withNote
	// withText: the visitor sees its text too.
	withText
)

// toVisitor says how much of each entry visitors read of their own submissions.
var toVisitor = map[access.Action]visibility{
	access.Accept: withText, access.Ask: withText, access.Reply: withText, access.Close: withText, access.Extend: withText,
	access.Message: withText, access.Withdraw: withText, access.Rate: withText, access.Reopen: withText,
	Covered: withText, Resumed: withText, Recounted: withText, access.Merge: withText, access.Split: withText,
	TakeOver: withText, access.Leave: withText, Correct: withText, Erase: withText, access.Fulfil: withText, access.Promise: withText,
	// The reason of these acts is for the next holder: it may be about a colleague or the visitor.
	access.Transfer: withNote, access.Assign: withNote, Released: withNote,
	access.TakeBack: withNote, access.Reveal: withNote, access.FollowUp: withNote,
}

// ForVisitor returns the entry as the filer reads it; ok is false if it is hidden. What is not copied here is
// for members and staff only.
func (e Entry) ForVisitor() (shown Entry, ok bool) {
	what := toVisitor[e.What]
	if what == hidden || e.Private {
		return Entry{}, false
	}
	shown = Entry{
		At: e.At, What: e.What, By: e.By, To: e.To, ToName: e.ToName, Outcome: e.Outcome, Days: e.Days, Note: e.Note,
		RetractedAt: e.RetractedAt, Proxy: e.Proxy,
	}
	if what == withText && e.RetractedAt == 0 {
		shown.Text, shown.Photos, shown.Rating, shown.Parts = e.Text, slices.Clone(e.Photos), e.Rating, slices.Clone(e.Parts)
	}
	return shown, true
}

// toFollowers says how much of each entry of a lead its followers' filers read: what is said to all. A
// question, a note and a reason are for the lead's own filer or for the staff.
var toFollowers = map[access.Action]visibility{
	access.Accept: withNote, access.Transfer: withNote, access.Assign: withNote, Covered: withNote, Resumed: withNote, Released: withNote, access.TakeBack: withNote,
	access.Reply: withText, access.Close: withText, access.Extend: withText, access.Fulfil: withText, access.Promise: withText,
}

// ForFollower returns a lead's entry as a follower's filer reads it: that its state or deadline changed, and
// what was said to all. Photos are omitted: they were sent to the lead's filer.
func (e Entry) ForFollower() (shown Entry, ok bool) {
	what := toFollowers[e.What]
	if what == hidden || e.Private || e.LeadOnly {
		return Entry{}, false
	}
	shown = Entry{At: e.At, What: e.What, By: e.By, To: e.To, ToName: e.ToName, Outcome: e.Outcome, Days: e.Days, RetractedAt: e.RetractedAt}
	if what == withText && e.RetractedAt == 0 {
		shown.Text = e.Text
		for _, p := range e.Parts {
			shown.Parts = append(shown.Parts, Part{Assist: p.Assist, Role: p.Role, Name: p.Name, Text: p.Text})
		}
	}
	return shown, true
}
