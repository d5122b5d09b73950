package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/domain/record"
)

// PutTakeover keeps the hash of a code with which somebody takes a submission
// over. TakeTakeover works once and answers fault.NotFound after that.
func (s *Store) PutTakeover(ctx context.Context, codeHash, submission string, ttl time.Duration) error {
	return failed(s.rdb.Set(ctx, keyTakeover(codeHash), submission, ttl).Err())
}

// TakeTakeover returns the submission of a code, once.
func (s *Store) TakeTakeover(ctx context.Context, codeHash string) (string, error) {
	id, err := s.rdb.GetDel(ctx, keyTakeover(codeHash)).Result()
	if errors.Is(err, redis.Nil) {
		return "", fault.New(fault.NotFound, "接手码无效、已使用或已过期")
	}
	return id, failed(err)
}

// DropPerson deletes everything that is kept of a person but what they filed, the
// idempotency keys they filed it with included; it looks through all keys for
// these. Their record goes last: until then the same can be done again.
func (s *Store) DropPerson(ctx context.Context, person string) error {
	p, err := s.Person(ctx, person)
	if err != nil {
		return err
	}
	if err := s.dropKeys(ctx, spaceOf("*").idempotency(person, "*")); err != nil {
		return err
	}
	for _, key := range []string{
		keyConsent(person), keyChat(person), keyVisited(person), keyOpened(person), keyListed(person), keyPersonLock(person),
		keyConsoleSessions(person), keyCredentials(person), keyStep(person), keyRecovery(person),
		keyOpenID(p.OpenID), keyPerson(person),
	} {
		if err := s.rdb.Del(ctx, key).Err(); err != nil {
			return failed(err)
		}
	}
	return nil
}

// dropKeys deletes the keys like a pattern, each by itself: they lie in any slot.
func (s *Store) dropKeys(ctx context.Context, pattern string) error {
	for cursor := uint64(0); ; {
		keys, next, err := s.rdb.Scan(ctx, cursor, pattern, batch).Result()
		if err != nil {
			return failed(err)
		}
		for _, key := range keys {
			if err := s.rdb.Del(ctx, key).Err(); err != nil {
				return failed(err)
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// PutPendingErasure notes that a person's erasure met records of uploads that could not
// be read, any of which may be theirs; PendingErasures lists such persons, and
// DropPendingErasure ends it for one.
func (s *Store) PutPendingErasure(ctx context.Context, person string, since time.Time) error {
	return failed(s.rdb.ZAddNX(ctx, keyPendingErasures, redis.Z{Score: float64(since.UnixMilli()), Member: person}).Err())
}

// PendingErasures lists them, the longest waiting first.
func (s *Store) PendingErasures(ctx context.Context) ([]string, error) {
	list, err := s.rdb.ZRange(ctx, keyPendingErasures, 0, -1).Result()
	return list, failed(err)
}

// DropPendingErasure strikes one off.
func (s *Store) DropPendingErasure(ctx context.Context, person string) error {
	return failed(s.rdb.ZRem(ctx, keyPendingErasures, person).Err())
}

// UploadsOf lists what a person uploaded; it looks through all uploads. unread
// counts the records that could not be read: any of them may be the person's too.
func (s *Store) UploadsOf(ctx context.Context, owner string) (list []record.Upload, unread int, err error) {
	var own []string
	unread, err = s.eachUpload(ctx, func(id string, u upload) {
		if u.Owner == owner {
			own = append(own, id)
		}
	})
	if err != nil {
		return nil, 0, err
	}
	slices.Sort(own)
	for _, id := range slices.Compact(own) { // a scan may show a key twice
		u, err := s.Upload(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue // dropped meanwhile
		}
		if err != nil {
			return nil, 0, err
		}
		list = append(list, u)
	}
	return list, unread, nil
}

// SharedFiles tells which files somebody besides the owner uploaded as well; it
// looks through all uploads. A record that cannot be read keeps no file: who asks
// for theirs to be deleted does not wait for its repair.
func (s *Store) SharedFiles(ctx context.Context, owner string, hashes []string) (map[string]bool, error) {
	shared := make(map[string]bool)
	_, err := s.eachUpload(ctx, func(_ string, u upload) {
		if u.Owner != owner && slices.Contains(hashes, u.Hash) {
			shared[u.Hash] = true
		}
	})
	return shared, err
}

// DropUpload deletes an upload's record, its owner last: until then it is found
// again. One that is not there is no error.
func (s *Store) DropUpload(ctx context.Context, id string) error {
	for _, key := range []string{keyUploadUses(id), keyUploadSafety(id), keyUpload(id)} {
		if err := s.rdb.Del(ctx, key).Err(); err != nil {
			return failed(err)
		}
	}
	return nil
}

// eachUpload reads all uploads, a page at a time. unread counts those that cannot
// be read; Verify names them.
func (s *Store) eachUpload(ctx context.Context, visit func(id string, u upload)) (unread int, err error) {
	prefix, seen := keyUpload(""), map[string]bool{}
	for cursor := uint64(0); ; {
		keys, next, err := s.rdb.Scan(ctx, cursor, prefix+"*", batch).Result()
		if err != nil {
			return 0, failed(err)
		}
		var own []string
		for _, k := range keys {
			if !strings.Contains(strings.TrimPrefix(k, prefix), ":") {
				own = append(own, k)
			}
		}
		p := s.rdb.Pipeline()
		texts := make([]*redis.StringCmd, len(own))
		for i, k := range own {
			texts[i] = p.Get(ctx, k)
		}
		if len(own) > 0 {
			if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
				return 0, failed(err)
			}
		}
		for i, t := range texts {
			if errors.Is(t.Err(), redis.Nil) {
				continue // dropped meanwhile
			}
			var u upload
			text, err := s.openValue(own[i], []byte(t.Val()))
			if err == nil {
				err = unpack(text, &u)
			}
			if err == nil {
				visit(strings.TrimPrefix(own[i], prefix), u)
			} else if !seen[own[i]] { // a scan may show a key twice
				seen[own[i]] = true
				unread++
			}
		}
		if cursor = next; cursor == 0 {
			return unread, nil
		}
	}
}
