// Package followup tells whose filers are to be called because of their rating.
package followup

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/rating"
)

// window is for how long after a low rating its filer is to be called. Later the call would only surprise them.
const window = 60 * 24 * time.Hour

// maxCalls is after how many vain calls nobody is asked to call again.
const maxCalls = 3

// Until returns to when the liaison is to call the filer, zero for not at all: the rating is low, there is a number, and no
// call since the rating reached them.
func Until(s casework.Submission) casework.Millis {
	if s.State != casework.Closed || s.Filer == casework.ErasedFiler || s.Rating == nil || s.Rating.At == 0 || !s.Rating.IsLow() || !s.HasNumber() {
		return 0
	}
	if !answered(s.Thread) {
		return casework.Millis(s.Rating.At) + casework.Millis(window.Milliseconds())
	}
	return 0
}

// Needed reports whether the liaison is to call the filer now.
func Needed(s casework.Submission, now time.Time) bool { return casework.At(now) <= Until(s) }

// answered reports whether a call since the rating reached the filer, or so many were in vain that nobody calls again.
func answered(thread []casework.Entry) bool {
	calls := 0
	for _, e := range slices.Backward(thread) {
		switch {
		case e.What == access.Rate:
			return calls >= maxCalls
		case e.FollowUp == rating.NotReached:
			calls++
		case e.FollowUp != "":
			return true
		}
	}
	return calls >= maxCalls
}
