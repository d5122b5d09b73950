package record

import "time"

// The kinds of attempts.
const (
	// AttemptSignIn is a failed sign-in or other proof of identity.
	AttemptSignIn = "sign_in"
	// AttemptNoSession is a request without a session, or with an expired one.
	AttemptNoSession = "unauthenticated"
	// AttemptDenied is a request that the role does not allow.
	AttemptDenied = "denied"
	// AttemptMissing is a request for something that does not exist or is not the caller's.
	AttemptMissing = "not_found"
	// AttemptTooMany is a request after a limit was reached.
	AttemptTooMany = "too_many"
)

// Attempt is a refused request, made Times times within a few seconds.
type Attempt struct {
	// Entry is its position in the list, for paging; empty before it is stored.
	Entry string    `json:"-"`
	At    time.Time `json:"at"`
	Kind  string    `json:"kind"`
	// Action is the method and the route, without input of the person.
	Action string `json:"action"`
	// Who is a keyed digest of the person, "" for unknown; equal digests mean the same person.
	Who     string `json:"who,omitempty"`
	Address string `json:"address,omitempty"`
	// Station is the station whose staff or account it concerns, "" for none in particular.
	Station string `json:"station,omitempty"`
	// Account is the id of the liaison or administrator whose account was tried.
	Account string `json:"account,omitempty"`
	Times   int    `json:"times"`
}
