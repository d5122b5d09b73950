package e2e_test

import (
	"errors"
	"testing"
	"time"
)

// errNotYet is for conditions that have nothing to tell while they wait.
var errNotYet = errors.New("not yet")

// lookEvery is how often a condition is looked at.
const lookEvery = 25 * time.Millisecond

// patience bounds every wait. It ends what hangs and judges no speed: a slow or
// busy machine runs a correct tree to its end.
const patience = 5 * time.Minute

// eventually looks at a condition until it holds, and logs how long that took.
// The last answer is the test's failure.
func eventually(t *testing.T, what string, holds func() error) {
	t.Helper()
	began := time.Now()
	if err := until(holds); err != nil {
		t.Fatalf("waited %v in vain for %s: %v", time.Since(began).Round(time.Millisecond), what, err)
	}
	t.Logf("waited %v for %s", time.Since(began).Round(time.Millisecond), what)
}

// until is eventually without a test.
func until(holds func() error) error {
	err := holds()
	if err == nil {
		return nil
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		select {
		case <-end.C:
			return err
		case <-ticker.C:
			if err = holds(); err == nil {
				return nil
			}
		}
	}
}
