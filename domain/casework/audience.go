package casework

import "slices"

// showing is what the visitor reads of an act.
type showing uint8

const (
	// unseen: the zero value. An act that is not in toVisitor is none of theirs.
	unseen showing = iota
	// moved: it happened, with its note. Its text is for members and staff.
	moved
	// worded: its text too.
	worded
)

// toVisitor is the one table of what a visitor reads of their own submission.
var toVisitor = map[Act]showing{
	Accept: worded, Ask: worded, Reply: worded, Close: worded, Extend: worded,
	Message: worded, Withdraw: worded, Rate: worded, Reopen: worded,
	Cover: worded, Resume: worded, Recount: worded, Merge: worded, Split: worded,
	TakeOver: worded, Correct: worded, Erase: worded, Fulfil: worded, PromiseAct: worded,
	// Who hands it on says why to whoever has it next: of a colleague, of the visitor.
	Transfer: moved, Assign: moved, Release: moved,
	TakeBack: moved,
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
var toFollowers = map[Act]showing{
	Accept: moved, Transfer: moved, Assign: moved, Cover: moved, Resume: moved, Release: moved, TakeBack: moved,
	Reply: worded, Close: worded, Extend: worded, Fulfil: worded, PromiseAct: worded,
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
