package casework

import (
	"slices"

	"mashang/domain/access"
)

// visibility is what the visitor reads of an act.
type visibility uint8

const (
	// hidden: the zero value. An action that is not in toVisitor is none of theirs.
	hidden visibility = iota
	// withNote: it happened, with its note. Its text is for members and staff.
	withNote
	// withText: its text too.
	withText
)

// toVisitor is the one table of what a visitor reads of their own submission.
var toVisitor = map[access.Action]visibility{
	access.Accept: withText, access.Ask: withText, access.Reply: withText, access.Close: withText, access.Extend: withText,
	access.Message: withText, access.Withdraw: withText, access.Rate: withText, access.Reopen: withText,
	Covered: withText, Resumed: withText, Recounted: withText, access.Merge: withText, access.Split: withText,
	TakeOver: withText, Correct: withText, Erase: withText, access.Fulfil: withText, access.Promise: withText,
	// Who hands it on says why to whoever has it next: of a colleague, of the visitor.
	access.Transfer: withNote, access.Assign: withNote, Released: withNote,
	access.TakeBack: withNote,
}

// ForVisitor is the entry as whoever filed it reads it; ok is false for one that is
// not theirs to read. What is not copied here stays with members and staff.
func (e Entry) ForVisitor() (shown Entry, ok bool) {
	what := toVisitor[e.What]
	if what == hidden || e.Private {
		return Entry{}, false
	}
	shown = Entry{
		At: e.At, What: e.What, By: e.By, To: e.To, ToName: e.ToName, Outcome: e.Outcome, Days: e.Days, Note: e.Note,
		TakenAt: e.TakenAt,
	}
	if what == withText && e.TakenAt == 0 {
		shown.Text, shown.Photos, shown.Rating, shown.Parts = e.Text, slices.Clone(e.Photos), e.Rating, slices.Clone(e.Parts)
	}
	return shown, true
}

// toFollowers are the steps of a lead that its followers hear of, and whether in
// the words with them: what is said to all. A question, a note and a reason are for
// the lead's own filer or for the staff.
var toFollowers = map[access.Action]visibility{
	access.Accept: withNote, access.Transfer: withNote, access.Assign: withNote, Covered: withNote, Resumed: withNote, Released: withNote, access.TakeBack: withNote,
	access.Reply: withText, access.Close: withText, access.Extend: withText, access.Fulfil: withText, access.Promise: withText,
}

// ForFollower is a lead's entry as whoever goes on with it reads it: that its state
// or deadline changed, and what was said to all. Photos stay with the lead, whose
// filer they were sent to.
func (e Entry) ForFollower() (shown Entry, ok bool) {
	what := toFollowers[e.What]
	if what == hidden || e.Private || e.LeadOnly {
		return Entry{}, false
	}
	shown = Entry{At: e.At, What: e.What, By: e.By, To: e.To, ToName: e.ToName, Outcome: e.Outcome, Days: e.Days, TakenAt: e.TakenAt}
	if what == withText && e.TakenAt == 0 {
		shown.Text = e.Text
		for _, p := range e.Parts {
			shown.Parts = append(shown.Parts, Part{Assist: p.Assist, Role: p.Role, Name: p.Name, Text: p.Text})
		}
	}
	return shown, true
}
