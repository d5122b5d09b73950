package store

import (
	"context"
	"time"
)

// PutLoginCode keeps the hash of a one-time code for whom it was sent to, in
// place of one before.
func (s *Store) PutLoginCode(ctx context.Context, who, codeHash string, ttl time.Duration) error {
	return failed(s.rdb.Set(ctx, keySMS(who), codeHash, ttl).Err())
}

// TryLoginCode counts a try and returns the hash, "" when there is none or it
// was tried too often.
func (s *Store) TryLoginCode(ctx context.Context, who string, most int) (string, error) {
	hash, err := scriptTry.run(ctx, s.rdb, []string{keySMS(who)}, most).Text()
	return hash, failed(err)
}

// DropLoginCode ends a code that was used.
func (s *Store) DropLoginCode(ctx context.Context, who string) error {
	return failed(s.rdb.Del(ctx, keySMS(who)).Err())
}
