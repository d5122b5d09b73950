package record

import "time"

// UnreadPush is something that the platform pushed and that had no effect. It
// holds nothing of what was written, nor who wrote it.
type UnreadPush struct {
	// ID is the same for each delivery of it.
	ID string
	At time.Time
	// Kind is the platform's type of it, "" if that cannot be told.
	Kind string
	// Size is of the body, in bytes.
	Size int
	// Why is one of the desk's reasons.
	Why string
}
