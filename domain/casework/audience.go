package casework

import (
	"slices"

	"mashang/domain/access"
)

// showing is what the visitor reads of an act.
type showing uint8

const (
	// unseen: the zero value. An action that is not in toVisitor is none of theirs.
	unseen showing = iota
	// moved: it happened, with its note. Its text is for members and staff.
	moved
	// worded: its text too.
	worded
)

// toVisitor is the one table of what a visitor reads of their own submission.
var toVisitor = map[access.Action]showing{
	access.Accept: worded, access.Ask: worded, access.Reply: worded, access.Close: worded, access.Extend: worded,
	access.Message: worded, access.Withdraw: worded, access.Rate: worded, access.Reopen: worded,
	Covered: worded, Resumed: worded, Recounted: worded, access.Merge: worded, access.Split: worded,
	TakeOver: worded, Correct: worded, Erase: worded, access.Fulfil: worded, access.Promise: worded,
	// Who hands it on says why to whoever has it next: of a colleague, of the visitor.
	access.Transfer: moved, access.Assign: moved, Released: moved,
	access.TakeBack: moved,
}

// ForVisitor is the entry as whoever filed it reads it; ok is false for one that is
// not theirs to read. What is not copied here stays with members and staff.
func (e Entry) ForVisitor() (shown Entry, ok bool) {
	what := toVisitor[e.What]
	if what == unseen || e.Private {
		return Entry{}, false
	}
	shown = Entry{
		At: e.At, What: e.What, By: e.By, To: e.To, ToName: e.ToName, Outcome: e.Outcome, Days: e.Days, Note: e.Note,
		TakenAt: e.TakenAt,
	}
	if what == worded && e.TakenAt == 0 {
		shown.Text, shown.Photos, shown.Rating, shown.Parts = e.Text, slices.Clone(e.Photos), e.Rating, slices.Clone(e.Parts)
	}
	return shown, true
}

// toFollowers are the steps of a lead that its followers hear of, and whether in
// the words with them: what is said to all. A question, a note and a reason are for
// the lead's own filer or for the staff.
var toFollowers = map[access.Action]showing{
	access.Accept: moved, access.Transfer: moved, access.Assign: moved, Covered: moved, Resumed: moved, Released: moved, access.TakeBack: moved,
	access.Reply: worded, access.Close: worded, access.Extend: worded, access.Fulfil: worded, access.Promise: worded,
}

// ForFollower is a lead's entry as whoever goes on with it reads it: that its state
// or deadline changed, and what was said to all. Photos stay with the lead, whose
// filer they were sent to.
func (e Entry) ForFollower() (shown Entry, ok bool) {
	what := toFollowers[e.What]
	if what == unseen || e.Private || e.Alone {
		return Entry{}, false
	}
	shown = Entry{At: e.At, What: e.What, By: e.By, To: e.To, ToName: e.ToName, Outcome: e.Outcome, Days: e.Days, TakenAt: e.TakenAt}
	if what == worded && e.TakenAt == 0 {
		shown.Text = e.Text
		for _, p := range e.Parts {
			shown.Parts = append(shown.Parts, Part{Assist: p.Assist, Role: p.Role, Name: p.Name, Text: p.Text})
		}
	}
	return shown, true
}
