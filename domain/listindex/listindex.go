// Package listindex is an index of a station's submissions, held in memory: by what
// lists are filtered, sorted and searched. It answers with ids; what a list shows
// is read where submissions are kept, for the page alone.
//
// A text is looked for by scanning all of them. For the hundred thousand of a
// large station that is some hundredths of a second, and there is no second
// structure that could be wrong. A submission takes about 400 bytes with a text of
// 60 characters.
//
// The package is pure. An Index is not safe for concurrent changes.
package listindex

import (
	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/numbers"
	"mashang/domain/station"
)

// Flag is something about a submission that a liaison looks for.
type Flag string

// The flags.
const (
	// Alarm speaks of a danger that no liaison has seen to, Danger of any.
	Alarm  Flag = "alarm"
	Danger Flag = "danger"
	// Uncontacted is one in which nobody was in touch with the visitor in time.
	Uncontacted Flag = "uncontacted"
	// AssistLate waits for an assistant past the time they were given.
	AssistLate Flag = "assist_late"
	// Undelivered has somebody who could not be told of something, Photos a photo that
	// waits for the liaison. Both are known to the store alone: see Mark.
	Undelivered Flag = "untold"
	Photos      Flag = "photos"
	// Returned was returned by a member, Reopened by the visitor.
	Returned Flag = "returned"
	Reopened Flag = "reopened"
	// LowRating was judged as not solved, or with 1 or 2 of 5.
	LowRating Flag = "low_rating"
	// AboutMember is about a member.
	AboutMember Flag = "about_member"
	// PromiseLate was not carried out by the day promised at closing, or by the
	// default term where none was. Fulfilled was carried out after the closing.
	PromiseLate Flag = "promise_late"
	Fulfilled   Flag = "fulfilled"
)

// Flags lists all of them, what cannot wait first.
var Flags = []Flag{Alarm, Danger, Uncontacted, AssistLate, Undelivered, Photos, Returned, Reopened, LowRating, AboutMember, PromiseLate, Fulfilled}

// lowest is the greatest number of 5 that is a low rating.
const lowest = 2

// Sort is an order of a list.
type Sort string

// The orders. In the last two what is over comes last.
const (
	Newest Sort = "newest" // the last filed first
	Due    Sort = "due"    // the first due first, those whose clock stands still after them
	// Promised is by the day promised of what is owed, what is not owed after it.
	Promised Sort = "promised"
	Oldest   Sort = "oldest" // the first filed first
)

// Sorts lists all of them.
var Sorts = []Sort{Newest, Due, Promised, Oldest}

// None stands among assignees and categories for having none.
const None = "-"

// Query says what is looked for. An empty list leaves everything, but for
// Assignees, where only nil does; within a list any is enough.
type Query struct {
	States     []casework.State
	Kinds      []casework.Kind
	Visitors   []casework.Visitor
	Assignees  []string
	Categories []string
	Targets    []station.Target
	Flags      []Flag
	// Outcomes are those of closed ones.
	Outcomes []casework.Outcome
	// ExcludeMerged leaves out what goes, or went, on with another.
	ExcludeMerged bool
	// FiledFrom and FiledTo bound the time of filing, both included; zero leaves.
	FiledFrom, FiledTo casework.Millis
	// DueFrom and DueTo bound the deadline of those whose clock runs, both
	// included; DueTo zero leaves everything.
	DueFrom, DueTo casework.Millis
	// Words must all stand in number or text. Words() makes them.
	Words []string
	Sort  Sort
}

// Cursor is where a page begins: after an item with this key and id. A zero Place
// is the beginning.
type Cursor struct {
	Key int64
	ID  string
}

// Result is one page.
type Result struct {
	IDs []string
	// Next is the place of the last, and More tells that others follow.
	Next Cursor
	More bool
	// Total counts all that match, and States all that would if no state were
	// asked for.
	Total  int
	States map[casework.State]int
}

// Words takes a search apart at its blanks, as Query wants it: folded, and a
// submission's number, however it was typed, as the number is written.
func Words(search string) []string {
	if number := numbers.Typed(search); number != "" {
		return []string{number}
	}
	words := fold.Words(search)
	for i, w := range words {
		if number := numbers.Typed(w); number != "" {
			words[i] = number
		}
	}
	return words
}
