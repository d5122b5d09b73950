package record

import "mashang/domain/casework"

// Timer is a submission of which somebody is to be reminded, and since when.
type Timer struct {
	Submission string
	At         casework.Millis
}

// Reminded is a reminder that is being given: Timer is as it was read, and Next
// when the next is to come.
type Reminded struct {
	Timer

	// Version is that of the submission whose reminder it is.
	Version int
	Next    casework.Millis
}

// Change is a submission as it was read and as it is to be.
type Change struct{ Was, Next casework.Submission }

// FeedPage is what a station's feed tells: which submissions changed, or show
// something else now on a list or on their page, each once.
type FeedPage struct {
	IDs []string
	// Next is the place up to which that is, to be given with the next question.
	Next string
	// Gap tells that the feed has forgotten some of what followed the place asked
	// for, or never knew it: whoever follows it has to read everything anew. IDs
	// is empty then.
	Gap bool
}
