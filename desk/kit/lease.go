package kit

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
)

const (
	// LeaseTime hides a leased entry from other workers. When a worker crashes, its entries are available again
	// after this time.
	LeaseTime = 30 * time.Second
	// LeaseSize exceeds MaxAssignBatch, so that one message can tell of a whole batch.
	LeaseSize = MaxAssignBatch + 28
	// PersonLockTTL bounds one delivery to one person: the platform refuses two concurrent ones (errcode
	// 43108).
	PersonLockTTL = 15 * time.Second
	// PersonLockWait is how long a delivery waits for another one to the same person.
	PersonLockWait = time.Second
)

// MaxEarlyAttempts is how often an event is retried that the platform sent before the call it answers was
// recorded.
const MaxEarlyAttempts = 3

// ErrEarly means that the platform's event answers a call that is not recorded, or not yet.
var ErrEarly = errors.New("the platform's answer is about no question of ours")

// Jitter returns a random number in [0,1).
func (k *Kit) Jitter() float64 {
	var b [4]byte
	if _, err := io.ReadFull(k.Rand, b[:]); err != nil {
		return 0 // without randomness all delays are merely the shortest
	}
	return float64(binary.BigEndian.Uint32(b[:])) / (1 << 32)
}

// SweepSize is how many entries a sweep reads at once.
const SweepSize = 100
