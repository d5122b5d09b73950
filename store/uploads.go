package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// upload is a file's record as it is stored. What it is attached to lies
// beside it, since that grows.
type upload struct {
	Owner   string `json:"o"`
	Kind    string `json:"k"`
	Hash    string `json:"h"`
	Width   int    `json:"x,omitempty"`
	Height  int    `json:"y,omitempty"`
	Seconds int    `json:"s,omitempty"`
}

// PutUpload writes what is known of a file; u.Submissions and u.Safety are not
// looked at.
func (s *Store) PutUpload(ctx context.Context, u record.Upload) error {
	text, err := json.Marshal(upload{u.Owner, u.Kind, u.Hash, u.Width, u.Height, u.Seconds})
	if err != nil {
		return broken(err, "附件")
	}
	return failed(s.rdb.Set(ctx, keyUpload(u.ID), s.sealValue(keyUpload(u.ID), text), 0).Err())
}

// Upload answers fault.NotFound for an unknown id. Submissions are sorted.
func (s *Store) Upload(ctx context.Context, id string) (record.Upload, error) {
	p := s.rdb.Pipeline()
	first, second, third := p.Get(ctx, keyUpload(id)), p.SMembers(ctx, keyUploadUses(id)), p.Get(ctx, keyUploadSafety(id))
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return record.Upload{}, failed(err)
	}
	text, err := first.Bytes()
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
	if text, err = s.openValue(keyUpload(id), text); err == nil {
		err = unpack(text, &u)
	}
	if err != nil {
		return record.Upload{}, broken(err, "附件 "+id+" ")
	}
	slices.Sort(uses)
	return record.Upload{
		ID: id, Owner: u.Owner, Kind: u.Kind, Hash: u.Hash,
		Width: u.Width, Height: u.Height, Seconds: u.Seconds, Submissions: uses, Safety: record.Safety(safety),
	}, nil
}

// Attach adds the submission to each upload's list.
func (s *Store) Attach(ctx context.Context, ids []string, submission string) error {
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
