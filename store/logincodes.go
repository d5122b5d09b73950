package store

import (
	"context"
	"time"
)

// PutLoginCode stores the hash of a one-time code by its receiver and replaces an earlier one.
func (s Sessions) PutLoginCode(ctx context.Context, who, codeHash string, ttl time.Duration) error {
	return failed(s.rdb.Set(ctx, keySMS(who), codeHash, ttl).Err())
}

// TryLoginCode counts a try and uses up the code if the hash matches, in one step: of two concurrent tries with
// the code one succeeds.
func (s Sessions) TryLoginCode(ctx context.Context, who, codeHash string, most int) (bool, error) {
	ok, err := scriptTry.run(ctx, s.rdb, []string{keySMS(who)}, codeHash, most).Int()
	return ok == 1, failed(err)
}
