package store

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/fault"
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

// DropPerson deletes everything that is kept of a person but what they filed.
// Their record goes last: until then the same can be done again.
func (s *Store) DropPerson(ctx context.Context, person string) error {
	p, err := s.Person(ctx, person)
	if err != nil {
		return err
	}
	for _, key := range []string{
		keyConsent(person), keyChat(person), keyVisited(person), keyOpened(person), keyListed(person), keyLane(person),
		keyOpenID(p.OpenID), keyPerson(person),
	} {
		if err := s.rdb.Del(ctx, key).Err(); err != nil {
			return failed(err)
		}
	}
	return nil
}

// DropUpload deletes an upload's record. alone tells that no other upload has
// the same file, which may then be deleted; it looks through all uploads.
func (s *Store) DropUpload(ctx context.Context, id string) (hash string, alone bool, err error) {
	u, err := s.Upload(ctx, id)
	if err != nil {
		return "", false, err
	}
	for _, key := range []string{keyUploadUses(id), keyUploadSafety(id), keyUpload(id)} {
		if err := s.rdb.Del(ctx, key).Err(); err != nil {
			return "", false, failed(err)
		}
	}
	shared := false
	err = s.eachUpload(ctx, func(other upload) { shared = shared || other.Hash == u.Hash })
	return u.Hash, !shared, err
}

// eachUpload reads all uploads, a page at a time.
func (s *Store) eachUpload(ctx context.Context, visit func(upload)) error {
	prefix := keyUpload("")
	for cursor := uint64(0); ; {
		keys, next, err := s.rdb.Scan(ctx, cursor, prefix+"*", batch).Result()
		if err != nil {
			return failed(err)
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
				return failed(err)
			}
		}
		for _, t := range texts {
			var u upload
			if json.Unmarshal([]byte(t.Val()), &u) == nil {
				visit(u)
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}
