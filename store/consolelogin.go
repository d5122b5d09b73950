package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/store/value"
)

const aLogin = "这次登录"

// PutScreenLogin stores a login that a screen shows.
func (s Sessions) PutScreenLogin(ctx context.Context, idHash string, l record.ScreenLogin, ttl time.Duration) error {
	text, err := json.Marshal(l)
	if err != nil {
		return broken(err, aLogin)
	}
	return failed(s.rdb.Set(ctx, keyScreen(idHash), text, ttl).Err())
}

// ScreenLogin returns fault.NotFound for an unknown or expired login.
func (s Sessions) ScreenLogin(ctx context.Context, idHash string) (l record.ScreenLogin, err error) {
	text, err := s.required(ctx, keyScreen(idHash), aLogin)
	if err != nil {
		return l, err
	}
	if err := value.Unpack([]byte(text), &l); err != nil {
		return l, broken(err, aLogin)
	}
	return l, nil
}

// ChangeScreenLogin replaces was by next and keeps the remaining time. ok is false when it has changed.
func (s Sessions) ChangeScreenLogin(ctx context.Context, idHash string, was, next record.ScreenLogin) (bool, error) {
	before, err := json.Marshal(was)
	if err != nil {
		return false, broken(err, aLogin)
	}
	after, err := json.Marshal(next)
	if err != nil {
		return false, broken(err, aLogin)
	}
	ok, err := scriptSwap.run(ctx, s.rdb, []string{keyScreen(idHash)}, before, after).Int()
	return ok == 1, failed(err)
}

// PutConsoleSession stores a console session for ttl. The list of sessions is written first, so that every
// session is listed.
func (s Sessions) PutConsoleSession(ctx context.Context, tokenHash, person string, session record.ConsoleSession, ttl time.Duration) error {
	if err := s.putConsoleSessionInfo(ctx, tokenHash, person, session); err != nil {
		return err
	}
	return s.PutSession(ctx, tokenHash, person, ttl)
}

// TouchConsoleSession stores a session's use and extends it to ttl from now. An ended session stays ended.
func (s Sessions) TouchConsoleSession(ctx context.Context, tokenHash, person string, session record.ConsoleSession, ttl time.Duration) error {
	if err := s.putConsoleSessionInfo(ctx, tokenHash, person, session); err != nil {
		return err
	}
	return failed(s.rdb.Expire(ctx, keySession(tokenHash), ttl).Err())
}

func (s Sessions) putConsoleSessionInfo(ctx context.Context, tokenHash, person string, session record.ConsoleSession) error {
	text, err := json.Marshal(session)
	if err != nil {
		return broken(err, "登录")
	}
	return failed(s.rdb.HSet(ctx, keyConsoleSessions(person), tokenHash, text).Err())
}

// ConsoleSessions returns a person's console sessions by the hash of their tokens. Ended ones are dropped from
// the list.
func (s Sessions) ConsoleSessions(ctx context.Context, person string) (map[string]record.ConsoleSession, error) {
	fields, err := s.rdb.HGetAll(ctx, keyConsoleSessions(person)).Result()
	if err != nil {
		return nil, failed(err)
	}
	sessions := make(map[string]record.ConsoleSession, len(fields))
	for h, text := range fields {
		_, err := s.Session(ctx, h)
		if fault.Is(err, fault.Unauthenticated) {
			if err := s.rdb.HDel(ctx, keyConsoleSessions(person), h).Err(); err != nil {
				return nil, failed(err)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		var session record.ConsoleSession
		if err := value.Unpack([]byte(text), &session); err != nil {
			return nil, broken(err, "登录")
		}
		sessions[h] = session
	}
	return sessions, nil
}

// ConsoleSession returns fault.NotFound for a session that is not at the console.
func (s Sessions) ConsoleSession(ctx context.Context, person, tokenHash string) (session record.ConsoleSession, err error) {
	text, err := s.rdb.HGet(ctx, keyConsoleSessions(person), tokenHash).Bytes()
	if errors.Is(err, redis.Nil) {
		return session, missing("这次登录")
	}
	if err != nil {
		return session, failed(err)
	}
	if err := value.Unpack(text, &session); err != nil {
		return session, broken(err, "登录")
	}
	return session, nil
}

// DropConsoleSession ends a session, then drops it from the list.
func (s Sessions) DropConsoleSession(ctx context.Context, person, tokenHash string) error {
	if err := s.DropSession(ctx, tokenHash); err != nil {
		return err
	}
	return failed(s.rdb.HDel(ctx, keyConsoleSessions(person), tokenHash).Err())
}

// Credentials are empty for a person who has none.
func (s Sessions) Credentials(ctx context.Context, person string) (c record.Credentials, err error) {
	text, err := s.optional(ctx, keyCredentials(person))
	if err != nil || text == "" {
		return c, err
	}
	if err := value.Unpack([]byte(text), &c); err != nil {
		return c, broken(err, "登录")
	}
	return c, nil
}

// ChangeCredentials replaces was by next; ok is false when they have changed.
func (s Sessions) ChangeCredentials(ctx context.Context, person string, was, next record.Credentials) (bool, error) {
	before, err := credentialsText(was)
	if err != nil {
		return false, err
	}
	after, err := credentialsText(next)
	if err != nil {
		return false, err
	}
	ok, err := scriptSwap.run(ctx, s.rdb, []string{keyCredentials(person)}, before, after).Int()
	return ok == 1, failed(err)
}

// DropCredentials removes a person's credentials and recovery codes.
func (s Sessions) DropCredentials(ctx context.Context, person string) error {
	return s.drop(ctx, keyCredentials(person), keyRecovery(person))
}

// credentialsText returns the stored form of credentials, "" for none.
func credentialsText(c record.Credentials) (string, error) {
	if c == (record.Credentials{}) {
		return "", nil
	}
	text, err := value.Pack(c, "登录")
	return string(text), err
}

// UseStep uses up the app's code of a step; ok is false when it or a later one was used before.
func (s Sessions) UseStep(ctx context.Context, person string, step int64) (bool, error) {
	ok, err := scriptLater.run(ctx, s.rdb, []string{keyStep(person)}, step).Int()
	return ok == 1, failed(err)
}

// PutRecovery replaces the hashes of the recovery codes.
func (s Sessions) PutRecovery(ctx context.Context, person string, hashes []string) error {
	key := keyRecovery(person)
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Del(ctx, key)
		for _, h := range hashes {
			p.SAdd(ctx, key, h)
		}
		return nil
	})
	return failed(err)
}

// UseRecovery uses up a recovery code.
func (s Sessions) UseRecovery(ctx context.Context, person, hash string) (bool, error) {
	n, err := s.rdb.SRem(ctx, keyRecovery(person), hash).Result()
	return n == 1, failed(err)
}

// CountRecovery counts the recovery codes that are left.
func (s Sessions) CountRecovery(ctx context.Context, person string) (int, error) {
	n, err := s.rdb.SCard(ctx, keyRecovery(person)).Result()
	return int(n), failed(err)
}

// CountTry counts a try at an account and returns the number of tries. The count expires ttl after the last of
// most tries. Later tries, which are refused, do not extend it: otherwise repeated tries would lock the owner
// out for ever.
func (s Sessions) CountTry(ctx context.Context, account string, most int, ttl time.Duration) (int, error) {
	key := keyTries(account)
	var count *redis.IntCmd
	var left *redis.DurationCmd
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		count, left = p.Incr(ctx, key), p.PTTL(ctx, key)
		return nil
	})
	if err != nil {
		return 0, failed(err)
	}
	n := int(count.Val())
	if n <= most || left.Val() < 0 { // the latter when the line below was not reached before
		err = s.rdb.Expire(ctx, key, ttl).Err()
	}
	return n, failed(err)
}

// ForgetTries resets the count after a success.
func (s Sessions) ForgetTries(ctx context.Context, account string) error {
	return failed(s.rdb.Del(ctx, keyTries(account)).Err())
}
