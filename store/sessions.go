package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// PutSession stores the hash of a token for ttl, with the person and their epoch, so that all their sessions
// can be ended at once.
func (s Sessions) PutSession(ctx context.Context, tokenHash, person string, ttl time.Duration) error {
	epoch, err := s.epoch(ctx, person)
	if err != nil {
		return err
	}
	value := person
	if epoch != "" {
		value += "\t" + epoch
	}
	return failed(s.rdb.Set(ctx, keySession(tokenHash), value, ttl).Err())
}

// Session returns fault.Unauthenticated for an unknown hash, and for a session from before EndSessions.
func (s Sessions) Session(ctx context.Context, tokenHash string) (string, error) {
	value, err := s.optional(ctx, keySession(tokenHash))
	if err != nil {
		return "", err
	}
	person, epoch, _ := strings.Cut(value, "\t")
	if person != "" {
		now, err := s.epoch(ctx, person)
		if err != nil {
			return "", err
		}
		if now == epoch {
			return person, nil
		}
	}
	return "", fault.New(fault.Unauthenticated, "登录已失效，请重新登录")
}

// EndSessions ends all sessions of a person.
func (s Sessions) EndSessions(ctx context.Context, person string) error {
	return failed(s.rdb.HIncrBy(ctx, keyPerson(person), fieldEpoch, 1).Err())
}

// epoch returns how often a person's sessions were ended, "" for never.
func (s Sessions) epoch(ctx context.Context, person string) (string, error) {
	epoch, err := s.rdb.HGet(ctx, keyPerson(person), fieldEpoch).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return epoch, failed(err)
}

// DropSession ends a session. An unknown one is no error.
func (s Sessions) DropSession(ctx context.Context, tokenHash string) error {
	return failed(s.rdb.Del(ctx, keySession(tokenHash)).Err())
}

// PutLoginCode stores the hash of a one-time code by its receiver and replaces an earlier one.
func (s Sessions) PutLoginCode(ctx context.Context, who, codeHash string, ttl time.Duration) error {
	return failed(s.rdb.Set(ctx, keySMS(who), codeHash, ttl).Err())
}

// TryLoginCode counts a try and uses up the code if the hash matches, in one step: of two concurrent tries with
// the code one succeeds.
func (s Sessions) TryLoginCode(ctx context.Context, who, codeHash string, most int) (bool, error) {
	ok, err := scriptTry.run(ctx, s.rdb, []string{keySMS(who)}, codeHash, most).Int()
	return ok == 1, failed(err)
}
