package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// PutTakeover keeps the hash of a code with which somebody takes a submission
// over. TakeTakeover works once and answers fault.NotFound after that.
func (s People) PutTakeover(ctx context.Context, codeHash, submission string, ttl time.Duration) error {
	return failed(s.rdb.Set(ctx, keyTakeover(codeHash), submission, ttl).Err())
}

// TakeTakeover returns the submission of a code, once.
func (s People) TakeTakeover(ctx context.Context, codeHash string) (string, error) {
	id, err := s.rdb.GetDel(ctx, keyTakeover(codeHash)).Result()
	if errors.Is(err, redis.Nil) {
		return "", fault.New(fault.NotFound, "接手码无效、已使用或已过期")
	}
	return id, failed(err)
}

// DropPerson deletes everything that is kept of a person but what they filed, the
// idempotency keys they filed it with included; it looks through all keys for
// these. Their record goes last: until then the same can be done again.
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

// PutPendingErasure notes that a person's erasure met records of uploads that could not
// be read, any of which may be theirs; PendingErasures lists such persons, and
// DropPendingErasure ends it for one.
func (s People) PutPendingErasure(ctx context.Context, person string, since time.Time) error {
	return failed(s.rdb.ZAddNX(ctx, keyPendingErasures, redis.Z{Score: float64(since.UnixMilli()), Member: person}).Err())
}

// PendingErasures lists them, the longest waiting first.
func (s People) PendingErasures(ctx context.Context) ([]string, error) {
	list, err := s.rdb.ZRange(ctx, keyPendingErasures, 0, -1).Result()
	return list, failed(err)
}

// DropPendingErasure strikes one off.
func (s People) DropPendingErasure(ctx context.Context, person string) error {
	return failed(s.rdb.ZRem(ctx, keyPendingErasures, person).Err())
}
