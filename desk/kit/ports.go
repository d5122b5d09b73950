package kit

import (
	"context"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// Records reads whole submissions without regard to the caller. Areas use Kit.Submission and its like instead,
// which check access.
type Records interface {
	// Load answers fault.NotFound for an unknown id.
	Load(ctx context.Context, id string) (casework.Submission, error)
	// LoadWithUndelivered is Load, and returns the receivers with undelivered notices about the submission.
	// Both come in one round trip.
	LoadWithUndelivered(ctx context.Context, id string) (sub casework.Submission, receivers []string, err error)
	// LoadMany returns the readable ones among a station's submissions, in the order of ids.
	LoadMany(ctx context.Context, st string, ids []string) ([]casework.Submission, error)
	// Page returns up to limit submissions after the cursor, and the cursor of the last one. more is false on
	// the last page.
	Page(ctx context.Context, st string, ix record.Index, after record.Cursor, limit int) (list []casework.Submission, next record.Cursor, more bool, err error)
}

// Verdict is the platform's verdict on a text.
type Verdict string

// The verdicts. Inactive means that the platform gives none for this person.
const (
	Pass     Verdict = "pass"
	Review   Verdict = "review"
	Risky    Verdict = "risky"
	Inactive Verdict = "inactive"
)
