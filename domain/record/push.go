package record

import "time"

// UnreadPush is a push of the platform that had no effect. It contains nothing of its text or its author.
type UnreadPush struct {
	// ID is the same for each delivery of it.
	ID string
	At time.Time
	// Kind is the platform's type of it, "" if unknown.
	Kind string
	// Size is of the body, in bytes.
	Size int
	// Why is one of the desk's reasons.
	Why string
}
