package store

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/domain/record"
)

// invite is an invitation as it is stored.
type invite struct {
	Station string `json:"s"`
	Role    string `json:"r"`
	Ref     string `json:"i"`
	// Held is whose role it was when it was made, by a digest; "" for nobody's.
	Held string `json:"h,omitempty"`
}

// PutInvite keeps the hash of an invitation's code for ttl. held is who has the role
// that it is for, "" for nobody.
func (s People) PutInvite(ctx context.Context, codeHash string, in record.Invite, held string, ttl time.Duration) error {
	text, err := json.Marshal(invite{in.Station, in.Role, in.Ref, held})
	if err != nil {
		return broken(err, "邀请")
	}
	return failed(s.rdb.Set(ctx, keyInvite(codeHash), text, ttl).Err())
}

// TakeInvite works once and answers fault.NotFound after that. held is what it was
// kept with.
func (s People) TakeInvite(ctx context.Context, codeHash string) (in record.Invite, held string, err error) {
	text, err := s.rdb.GetDel(ctx, keyInvite(codeHash)).Bytes()
	if errors.Is(err, redis.Nil) {
		return in, "", fault.New(fault.NotFound, "邀请码无效、已使用或已过期，请向联络员索取新的邀请码")
	}
	if err != nil {
		return in, "", failed(err)
	}
	var v invite
	if err := unpack(text, &v); err != nil {
		return in, "", broken(err, "邀请")
	}
	return record.Invite{Station: v.Station, Role: v.Role, Ref: v.Ref}, v.Held, nil
}

// Visit notes that the person has to do with the station.
func (s People) Visit(ctx context.Context, person, st string) error {
	return failed(s.rdb.SAdd(ctx, keyVisited(person), st).Err())
}

// Visited lists those stations in no order.
func (s People) Visited(ctx context.Context, person string) ([]string, error) {
	list, err := s.rdb.SMembers(ctx, keyVisited(person)).Result()
	return list, failed(err)
}

// selectionTTL is how long is remembered what a member opened last; an answer in
// the chat that comes later names its submission.
const openedFor = 30 * 24 * time.Hour

// SetOpened remembers for a month which submission a person opened last.
func (s People) SetOpened(ctx context.Context, person, submission string, at time.Time) error {
	value := strconv.FormatInt(at.UnixMilli(), 10) + "\t" + submission
	return failed(s.rdb.Set(ctx, keyOpened(person), value, openedFor).Err())
}

// Opened returns it, "" and the zero time for nothing.
func (s People) Opened(ctx context.Context, person string) (string, time.Time, error) {
	value, err := s.optional(ctx, keyOpened(person))
	if err != nil || value == "" {
		return "", time.Time{}, err
	}
	ms, submission, _ := strings.Cut(value, "\t")
	at, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return "", time.Time{}, broken(err, "用户")
	}
	return submission, time.UnixMilli(at), nil
}
