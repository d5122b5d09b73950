package store

import (
	"context"
	"time"
)

// PutLoginCode keeps the hash of a one-time code for whom it was sent to, in
// place of one before.
func (s Sessions) PutLoginCode(ctx context.Context, who, codeHash string, ttl time.Duration) error {
	return failed(s.rdb.Set(ctx, keySMS(who), codeHash, ttl).Err())
}

// TryLoginCode counts a try and ends the code if the hash is its own, in one
// step: of two who bring the code at the same moment one is let in.
func (s Sessions) TryLoginCode(ctx context.Context, who, codeHash string, most int) (bool, error) {
	ok, err := scriptTry.run(ctx, s.rdb, []string{keySMS(who)}, codeHash, most).Int()
	return ok == 1, failed(err)
}
