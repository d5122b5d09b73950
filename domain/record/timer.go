package record

import "mashang/domain/casework"

// Timer is a submission with a reminder, and the reminder's time.
type Timer struct {
	Submission string
	At         casework.Millis
}

// Reminded is a reminder in progress: Timer as it was read, and Next, the time of the next reminder.
type Reminded struct {
	Timer

	// Version is the version of the submission.
	Version int
	Next    casework.Millis
}

// Change is a submission as it was read and as it is to be stored.
type Change struct{ Was, Next casework.Submission }

// FeedPage is a page of a station's feed: the submissions that changed, or look different in a list or on their
// page, each once.
type FeedPage struct {
	IDs []string
	// Documents are the names of the documents that changed, each once.
	Documents []string
	// Next is the position after this page, for the next request.
	Next string
	// Gap: the feed no longer has some of what followed the position, or never had it. The reader has to read
	// everything anew. IDs and Documents are then empty.
	Gap bool
}
