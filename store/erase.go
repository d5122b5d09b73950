package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// PutTakeover stores the hash of a code with which somebody takes a submission over.
func (s People) PutTakeover(ctx context.Context, codeHash, submission string, ttl time.Duration) error {
	return failed(s.rdb.Set(ctx, keyTakeover(codeHash), submission, ttl).Err())
}

// TakeTakeover returns the submission of a code once; fault.NotFound afterwards.
func (s People) TakeTakeover(ctx context.Context, codeHash string) (string, error) {
	id, err := s.rdb.GetDel(ctx, keyTakeover(codeHash)).Result()
	if errors.Is(err, redis.Nil) {
		return "", fault.New(fault.NotFound, "接手码无效、已使用或已过期")
	}
	return id, failed(err)
}

// DropPerson deletes everything stored about a person except what they filed, including the idempotency keys of
// their filings, for which it scans all keys. The person's record is deleted last, so that an interrupted call
// can be repeated.
func (s People) DropPerson(ctx context.Context, person string) error {
	p, err := s.Person(ctx, person)
	if err != nil {
		return err
	}
	if err := s.match(ctx, spaceOf("*").idempotency(person, "*"), func(keys []string) error { return s.drop(ctx, keys...) }); err != nil {
		return err
	}
	return s.drop(ctx,
		keyConsent(person), keyChat(person), keyVisited(person), keyOpened(person), keyListed(person), keyPersonLock(person),
		keyConsoleSessions(person), keyCredentials(person), keyStep(person), keyRecovery(person),
		keyOpenID(p.OpenID), keyPerson(person))
}

// PutPendingErasure stores a person whose erasure met unreadable upload records, any of which may be theirs.
func (s People) PutPendingErasure(ctx context.Context, person string, since time.Time) error {
	return failed(s.rdb.ZAddNX(ctx, keyPendingErasures, redis.Z{Score: float64(since.UnixMilli()), Member: person}).Err())
}

// PendingErasures lists the stored persons, oldest first.
func (s People) PendingErasures(ctx context.Context) ([]string, error) {
	list, err := s.rdb.ZRange(ctx, keyPendingErasures, 0, -1).Result()
	return list, failed(err)
}

// DropPendingErasure removes a person from the list.
func (s People) DropPendingErasure(ctx context.Context, person string) error {
	return failed(s.rdb.ZRem(ctx, keyPendingErasures, person).Err())
}
