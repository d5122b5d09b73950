package record

import "time"

// The kinds of attempts.
const (
	// AttemptSignIn is a sign-in, or another proof of who somebody is, that failed.
	AttemptSignIn = "sign_in"
	// AttemptNoSession came without a session, or with one that is over.
	AttemptNoSession = "unauthenticated"
	// AttemptDenied is of a role that may not.
	AttemptDenied = "denied"
	// AttemptMissing asked for what is not there or not theirs.
	AttemptMissing = "not_found"
	// AttemptTooMany went on after a limit was reached.
	AttemptTooMany = "too_many"
)

// Attempt is something that was refused, Times times within a few seconds.
type Attempt struct {
	// Entry is its place in the list, for paging; empty before it is kept.
	Entry string    `json:"-"`
	At    time.Time `json:"at"`
	Kind  string    `json:"kind"`
	// Action is the method and the route, without what a person put into it.
	Action string `json:"action"`
	// Who is a keyed digest of the person, "" for somebody unknown; equal digests
	// are one person.
	Who     string `json:"who,omitempty"`
	Address string `json:"address,omitempty"`
	// Station is whose staff or account it concerns, "" for none in particular.
	Station string `json:"station,omitempty"`
	// Account is the id of the liaison or administrator as whom it was tried.
	Account string `json:"account,omitempty"`
	Times   int    `json:"times"`
}
