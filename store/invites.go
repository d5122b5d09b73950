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
	"mashang/store/value"
)

// invite is the stored form of an invitation.
type invite struct {
	Station string `json:"s"`
	Role    string `json:"r"`
	Ref     string `json:"i"`
	// Held is the digest of the role's holder when it was made; "" for none.
	Held string `json:"h,omitempty"`
}

// PutInvite stores the hash of an invitation's code for ttl. held is the digest of the role's holder, "" for
// none.
func (s People) PutInvite(ctx context.Context, codeHash string, in record.Invite, held string, ttl time.Duration) error {
	text, err := json.Marshal(invite{in.Station, in.Role, in.Ref, held})
	if err != nil {
		return broken(err, "邀请")
	}
	return failed(s.rdb.Set(ctx, keyInvite(codeHash), text, ttl).Err())
}

// TakeInvite returns an invitation once; fault.NotFound afterwards. held is that of PutInvite.
func (s People) TakeInvite(ctx context.Context, codeHash string) (in record.Invite, held string, err error) {
	text, err := s.rdb.GetDel(ctx, keyInvite(codeHash)).Bytes()
	if errors.Is(err, redis.Nil) {
		return in, "", fault.New(fault.NotFound, "邀请码无效、已使用或已过期，请向联络员索取新的邀请码")
	}
	if err != nil {
		return in, "", failed(err)
	}
	var v invite
	if err := value.Unpack(text, &v); err != nil {
		return in, "", broken(err, "邀请")
	}
	return record.Invite{Station: v.Station, Role: v.Role, Ref: v.Ref}, v.Held, nil
}

// Visit records that the person has to do with the station.
func (s People) Visit(ctx context.Context, person, st string) error {
	return failed(s.rdb.SAdd(ctx, keyVisited(person), st).Err())
}

// Visited lists a person's stations in no order.
func (s People) Visited(ctx context.Context, person string) ([]string, error) {
	list, err := s.rdb.SMembers(ctx, keyVisited(person)).Result()
	return list, failed(err)
}

// openedTTL is how long a person's last opened submission is kept. An answer in the chat after that must name
// its submission.
const openedTTL = 30 * 24 * time.Hour

// SetOpened stores which submission a person opened last, for openedTTL.
func (s People) SetOpened(ctx context.Context, person, submission string, at time.Time) error {
	value := strconv.FormatInt(at.UnixMilli(), 10) + "\t" + submission
	return failed(s.rdb.Set(ctx, keyOpened(person), value, openedTTL).Err())
}

// Opened returns the stored submission, "" and the zero time for none.
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
