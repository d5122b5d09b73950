package kit

import (
	"context"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// Records gives out whole submissions, with everything that is in them. The desk
// keeps it behind the archive, which asks for whom.
type Records interface {
	// Load answers fault.NotFound for an unknown id.
	Load(ctx context.Context, id string) (casework.Submission, error)
	// LoadListed is Load, and the receivers that the list of the untold names for
	// the submission: both are asked at once.
	LoadListed(ctx context.Context, id string) (sub casework.Submission, receivers []string, err error)
	// LoadMany returns those of a station's submissions that can be read, in the
	// order asked for.
	LoadMany(ctx context.Context, st string, ids []string) ([]casework.Submission, error)
	// Page returns up to limit submissions after the cursor, and the cursor
	// of the last one; more is false at the end.
	Page(ctx context.Context, st string, ix record.Index, after record.Cursor, limit int) (list []casework.Submission, next record.Cursor, more bool, err error)
}

// Verdict is the platform's judgement of a text.
type Verdict string

// The verdicts; Inactive means the platform would not judge for this person.
const (
	Pass     Verdict = "pass"
	Review   Verdict = "review"
	Risky    Verdict = "risky"
	Inactive Verdict = "inactive"
)
