package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/fault"
	"mashang/record"
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
		keySeats(person), keyCredentials(person), keyStep(person), keyRecovery(person),
		keyOpenID(p.OpenID), keyPerson(person),
	} {
		if err := s.rdb.Del(ctx, key).Err(); err != nil {
			return failed(err)
		}
	}
	return nil
}

// UploadsOf lists what a person uploaded; it looks through all uploads.
func (s *Store) UploadsOf(ctx context.Context, owner string) ([]record.Upload, error) {
	var own []string
	err := s.eachUpload(ctx, func(id string, u upload) {
		if u.Owner == owner {
			own = append(own, id)
		}
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(own)
	var list []record.Upload
	for _, id := range slices.Compact(own) { // a scan may show a key twice
		u, err := s.Upload(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue // dropped meanwhile
		}
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, nil
}

// SharedFiles tells which files somebody besides the owner uploaded as well; it
// looks through all uploads.
func (s *Store) SharedFiles(ctx context.Context, owner string, hashes []string) (map[string]bool, error) {
	shared := make(map[string]bool)
	err := s.eachUpload(ctx, func(_ string, u upload) {
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

// eachUpload reads all uploads, a page at a time.
func (s *Store) eachUpload(ctx context.Context, visit func(id string, u upload)) error {
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
		for i, t := range texts {
			var u upload
			if text, err := s.openValue(own[i], []byte(t.Val())); err == nil && unpack(text, &u) == nil {
				visit(strings.TrimPrefix(own[i], prefix), u)
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}
