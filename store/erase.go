package store

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// PutHandover stores, by the hash of a secret, the id of the submission that it leads to.
func (s People) PutHandover(ctx context.Context, name, value string, ttl time.Duration) error {
	return failed(s.rdb.Set(ctx, keyHandover(name), value, ttl).Err())
}

// Handover returns a value; fault.NotFound for none.
func (s People) Handover(ctx context.Context, name string) (string, error) {
	return s.required(ctx, keyHandover(name), "这次交接")
}

// ChangeHandover replaces an offer, "" for none, by next, for ttl; 0 keeps its time. ok is false when it has changed.
func (s People) ChangeHandover(ctx context.Context, submission, was, next string, ttl time.Duration) (ok bool, err error) {
	n, err := scriptSwap.run(ctx, s.rdb, []string{keyHandover(submission)}, was, next, ttl.Milliseconds()).Int()
	return n == 1, failed(err)
}

// DropHandover removes a value. A missing one is no error.
func (s People) DropHandover(ctx context.Context, name string) error {
	return s.drop(ctx, keyHandover(name))
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
