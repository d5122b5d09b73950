package kit

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
)

// How delivery is paced.
const (
	// LeaseTime hides an entry from other workers; a crashed worker's entries
	// come back after it.
	LeaseTime = 30 * time.Second
	// LeaseSize is more than can be given to a member at once, so that one message
	// tells of all of it.
	LeaseSize = MaxAtOnce + 28
	// PersonLockTTL bounds one delivery to one person: the platform refuses two at
	// once (errcode 43108).
	PersonLockTTL  = 15 * time.Second
	PersonLockWait = time.Second
)

// EarlyTries is how often an answer is kept that came before its question
// was noted.
const EarlyTries = 3

// ErrEarly is an answer to a question that is not noted, or not yet.
var ErrEarly = errors.New("the platform's answer is about no question of ours")

// Jitter is in [0,1).
func (k *Kit) Jitter() float64 {
	var b [4]byte
	if _, err := io.ReadFull(k.Rand, b[:]); err != nil {
		return 0 // without chance the waits are merely all the shortest
	}
	return float64(binary.BigEndian.Uint32(b[:])) / (1 << 32)
}

// SweepSize is how many entries a round looks at in one read.
const SweepSize = 100
