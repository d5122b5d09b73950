package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/domain/record"
)

// upload is a file's stored record. The list of submissions is a key of its own, because it grows.
type upload struct {
	Owner   string `json:"o"`
	Kind    string `json:"k"`
	Hash    string `json:"h"`
	Width   int    `json:"x,omitempty"`
	Height  int    `json:"y,omitempty"`
	Seconds int    `json:"s,omitempty"`
}

// PutUpload stores a file's record; u.Submissions and u.Safety are ignored.
func (s Uploads) PutUpload(ctx context.Context, u record.Upload) error {
	text, err := json.Marshal(upload{u.Owner, u.Kind, u.Hash, u.Width, u.Height, u.Seconds})
	if err != nil {
		return broken(err, "附件")
	}
	return failed(s.rdb.Set(ctx, keyUpload(u.ID), s.sealer.Load().Seal(keyUpload(u.ID), text), 0).Err())
}

// Upload returns fault.NotFound for an unknown id. Submissions are sorted.
func (s Uploads) Upload(ctx context.Context, id string) (record.Upload, error) {
	p := s.rdb.Pipeline()
	first, second, third := p.Get(ctx, keyUpload(id)), p.SMembers(ctx, keyUploadUses(id)), p.Get(ctx, keyUploadSafety(id))
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return record.Upload{}, failed(err)
	}
	text, err := first.Result()
	if errors.Is(err, redis.Nil) {
		return record.Upload{}, missing("这个附件")
	}
	uses, err2 := second.Result()
	safety, err3 := third.Result()
	if errors.Is(err3, redis.Nil) {
		err3 = nil
	}
	if err := errors.Join(err, err2, err3); err != nil {
		return record.Upload{}, failed(err)
	}
	var u upload
	if err := s.sealer.Load().Open(keyUpload(id), text, &u); err != nil {
		return record.Upload{}, broken(err, "附件 "+id+" ")
	}
	slices.Sort(uses)
	return record.Upload{
		ID: id, Owner: u.Owner, Kind: u.Kind, Hash: u.Hash,
		Width: u.Width, Height: u.Height, Seconds: u.Seconds, Submissions: uses, Safety: record.Safety(safety),
	}, nil
}

// Attach adds the submission to each upload's list.
func (s Uploads) Attach(ctx context.Context, ids []string, submission string) error {
	if len(ids) == 0 {
		return nil
	}
	p := s.rdb.Pipeline()
	for _, id := range ids {
		p.SAdd(ctx, keyUploadUses(id), submission)
	}
	_, err := p.Exec(ctx)
	return failed(err)
}

// UploadsOf lists a person's uploads; it scans all uploads. unread counts the unreadable records, any of which
// may be the person's.
func (s Uploads) UploadsOf(ctx context.Context, owner string) (list []record.Upload, unread int, err error) {
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
	for _, id := range slices.Compact(own) { // a scan may return a key twice
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

// SharedFiles tells which files another person uploaded too; it scans all uploads. An unreadable record keeps
// no file: an erasure must not wait for its repair.
func (s Uploads) SharedFiles(ctx context.Context, owner string, hashes []string) (map[string]bool, error) {
	shared := make(map[string]bool)
	_, err := s.eachUpload(ctx, func(_ string, u upload) {
		if u.Owner != owner && slices.Contains(hashes, u.Hash) {
			shared[u.Hash] = true
		}
	})
	return shared, err
}

// DropUpload deletes an upload's record. The owner is deleted last, so that an interrupted call can be
// repeated. A missing one is no error.
func (s Uploads) DropUpload(ctx context.Context, id string) error {
	return s.drop(ctx, keyUploadUses(id), keyUploadSafety(id), keyUpload(id))
}

// eachUpload visits all uploads. unread counts the unreadable ones, which Verify lists.
func (s Uploads) eachUpload(ctx context.Context, visit func(id string, u upload)) (unread int, err error) {
	prefix, seen := keyUpload(""), map[string]bool{}
	err = s.scan(ctx, prefix, func(keys []string) error {
		texts, err := s.gets(ctx, keys)
		if err != nil {
			return err
		}
		for i, t := range texts {
			if errors.Is(t.Err(), redis.Nil) {
				continue // dropped meanwhile
			}
			var u upload
			if err := s.sealer.Load().Open(keys[i], t.Val(), &u); err == nil {
				visit(strings.TrimPrefix(keys[i], prefix), u)
			} else if !seen[keys[i]] {
				seen[keys[i]] = true
				unread++
			}
		}
		return nil
	})
	return unread, err
}
