// Package listindex is an in-memory index of a station's submissions for filtering, sorting and searching
// lists. It returns ids; the caller then reads the submissions of one page from the store.
//
// A search scans all texts. For the hundred thousand of a large station that takes some hundredths of a second,
// and there is no second structure that could be wrong. A submission takes about 400 bytes with a text of 60
// characters.
//
// The package is pure. An Index is not safe for concurrent use with changes.
package listindex

import (
	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/intake"
	"mashang/domain/numbers"
	"mashang/domain/station"
)

// Flag is a property of a submission that a liaison filters by.
type Flag string

// The flags.
const (
	// Alarm mentions a danger that no liaison has dealt with, Danger any danger.
	Alarm  Flag = "alarm"
	Danger Flag = "danger"
	// Uncontacted: the visitor was not contacted in time.
	Uncontacted Flag = "uncontacted"
	// AssistLate: the answer of an assistant is overdue.
	AssistLate Flag = "assist_late"
	// Undelivered: a notice reached its receiver by no channel. Photos: a photo waits for the liaison. Only the
	// store knows both: see SetFlagged.
	Undelivered Flag = "untold"
	Photos      Flag = "photos"
	// Returned: a member returned it. Reopened: the visitor reopened it.
	Returned Flag = "returned"
	Reopened Flag = "reopened"
	// LowRating: its filer should be asked what went wrong.
	LowRating Flag = "low_rating"
	// FollowUp: its filer is to be called because of the rating, while package followup says so.
	FollowUp Flag = "follow_up"
	// AboutMember: it is about a member.
	AboutMember Flag = "about_member"
	// PromiseLate: not carried out by the promised day, or by the default term. Fulfilled: carried out after
	// the closing.
	PromiseLate Flag = "promise_late"
	Fulfilled   Flag = "fulfilled"
)

// Flags lists all of them, the most urgent first.
var Flags = []Flag{Alarm, Danger, Uncontacted, AssistLate, Undelivered, Photos, Returned, Reopened, LowRating, FollowUp, AboutMember, PromiseLate, Fulfilled}

// Sort is an order of a list.
type Sort string

// The orders. In the last two, submissions that are over come last.
const (
	Newest Sort = "newest" // the last filed first
	Due    Sort = "due"    // first deadline first, then those whose clock has stopped
	// Promised is by the promised day, then those that owe nothing.
	Promised Sort = "promised"
	Oldest   Sort = "oldest" // the first filed first
)

// Sorts lists all of them.
var Sorts = []Sort{Newest, Due, Promised, Oldest}

// None in Assignees and Categories means without one.
const None = "-"

// Query is a filter with an order. An empty list does not filter, except for Assignees, where only nil does
// not. The values of a list are ORed.
type Query struct {
	States     []casework.State
	Kinds      []casework.Kind
	Visitors   []casework.Visitor
	Channels   []intake.Channel
	Assignees  []string
	Categories []string
	Targets    []station.Target
	Flags      []Flag
	// Outcomes are of closed submissions.
	Outcomes []casework.Outcome
	// ExcludeMerged excludes submissions that follow, or followed, another.
	ExcludeMerged bool
	// FiledFrom and FiledTo bound the time of filing, both included; zero is no bound.
	FiledFrom, FiledTo casework.Millis
	// DueFrom and DueTo bound the deadline of submissions whose clock runs, both included; DueTo zero does not
	// filter.
	DueFrom, DueTo casework.Millis
	// Words must all be in the number, the text, the place, or what it is against. The function Words makes them.
	Words []string
	// Behalf also looks for them in the name of the person it was filed for. It is for callers who may read that
	// of every submission.
	Behalf bool
	// PhoneMask keeps what may have a number that is masked like this: its own, or that of the person it was filed
	// for.
	PhoneMask string
	// Tags are what liaisons filed it under.
	Tags []string
	// Mentioned is a liaison whom a note names that they have not seen; Reminded is one who is to be reminded by now.
	Mentioned, Reminded string
	// Holders are the assignees whose submissions a word finds as well, because it is part of their name.
	Holders map[string][]string
	Sort    Sort
}

// Cursor is a position in a list: after the item with this key and id. The zero value is the beginning.
type Cursor struct {
	Key int64
	ID  string
}

// Result is one page.
type Result struct {
	IDs []string
	// Next is the position of the last item. More: others follow.
	Next Cursor
	More bool
	// Total is the number of all matches, States the number in each state without the filter by state.
	Total  int
	States map[casework.State]int
}

// Words splits a search at its blanks into words for Query. They are folded, and a submission's number in any
// spelling becomes the number as it is written.
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
