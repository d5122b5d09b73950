package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/domain/record"
)

const aLogin = "这次登录"

// PutScreenLogin keeps a login that begins on a screen.
func (s Sessions) PutScreenLogin(ctx context.Context, idHash string, l record.ScreenLogin, ttl time.Duration) error {
	text, err := json.Marshal(l)
	if err != nil {
		return broken(err, aLogin)
	}
	return failed(s.rdb.Set(ctx, keyScreen(idHash), text, ttl).Err())
}

// ScreenLogin answers fault.NotFound for an unknown one and one whose time is
// over.
func (s Sessions) ScreenLogin(ctx context.Context, idHash string) (l record.ScreenLogin, err error) {
	text, err := s.required(ctx, keyScreen(idHash), aLogin)
	if err != nil {
		return l, err
	}
	if err := unpack([]byte(text), &l); err != nil {
		return l, broken(err, aLogin)
	}
	return l, nil
}

// ChangeScreenLogin replaces was by next within the time that is left; ok is false
// when it is no longer what it was.
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

// PutConsoleSession opens a session at a computer that lives for ttl. The list of seats is
// written first, so that no session is on none.
func (s Sessions) PutConsoleSession(ctx context.Context, tokenHash, person string, seat record.ConsoleSession, ttl time.Duration) error {
	if err := s.putConsoleSessionInfo(ctx, tokenHash, person, seat); err != nil {
		return err
	}
	return s.PutSession(ctx, tokenHash, person, ttl)
}

// TouchConsoleSession writes down that a session is in use, and lets it live for ttl from
// now. One that was ended meanwhile stays so.
func (s Sessions) TouchConsoleSession(ctx context.Context, tokenHash, person string, seat record.ConsoleSession, ttl time.Duration) error {
	if err := s.putConsoleSessionInfo(ctx, tokenHash, person, seat); err != nil {
		return err
	}
	return failed(s.rdb.Expire(ctx, keySession(tokenHash), ttl).Err())
}

func (s Sessions) putConsoleSessionInfo(ctx context.Context, tokenHash, person string, seat record.ConsoleSession) error {
	text, err := json.Marshal(seat)
	if err != nil {
		return broken(err, "登录")
	}
	return failed(s.rdb.HSet(ctx, keyConsoleSessions(person), tokenHash, text).Err())
}

// ConsoleSessions are a person's sessions at computers by the hash of their tokens. Those
// that ended are dropped on the way.
func (s Sessions) ConsoleSessions(ctx context.Context, person string) (map[string]record.ConsoleSession, error) {
	fields, err := s.rdb.HGetAll(ctx, keyConsoleSessions(person)).Result()
	if err != nil {
		return nil, failed(err)
	}
	seats := make(map[string]record.ConsoleSession, len(fields))
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
		var seat record.ConsoleSession
		if err := unpack([]byte(text), &seat); err != nil {
			return nil, broken(err, "登录")
		}
		seats[h] = seat
	}
	return seats, nil
}

// ConsoleSession answers fault.NotFound for a session that is at no computer.
func (s Sessions) ConsoleSession(ctx context.Context, person, tokenHash string) (seat record.ConsoleSession, err error) {
	text, err := s.rdb.HGet(ctx, keyConsoleSessions(person), tokenHash).Bytes()
	if errors.Is(err, redis.Nil) {
		return seat, missing("这次登录")
	}
	if err != nil {
		return seat, failed(err)
	}
	if err := unpack(text, &seat); err != nil {
		return seat, broken(err, "登录")
	}
	return seat, nil
}

// DropConsoleSession ends one, the session first.
func (s Sessions) DropConsoleSession(ctx context.Context, person, tokenHash string) error {
	if err := s.DropSession(ctx, tokenHash); err != nil {
		return err
	}
	return failed(s.rdb.HDel(ctx, keyConsoleSessions(person), tokenHash).Err())
}

// Credentials are empty for who has none.
func (s Sessions) Credentials(ctx context.Context, person string) (c record.Credentials, err error) {
	text, err := s.optional(ctx, keyCredentials(person))
	if err != nil || text == "" {
		return c, err
	}
	if err := unpack([]byte(text), &c); err != nil {
		return c, broken(err, "登录")
	}
	return c, nil
}

// ChangeCredentials replaces was by next; ok is false when they are no longer what
// they were.
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

// DropCredentials takes them away, with the codes that stand in for the app.
func (s Sessions) DropCredentials(ctx context.Context, person string) error {
	return s.drop(ctx, keyCredentials(person), keyRecovery(person))
}

// credentialsText is what is kept of credentials, "" for none.
func credentialsText(c record.Credentials) (string, error) {
	if c == (record.Credentials{}) {
		return "", nil
	}
	text, err := pack(c, "登录")
	return string(text), err
}

// UseStep notes that the person used the app's code of a step; ok is false when
// that one or a later one was used before.
func (s Sessions) UseStep(ctx context.Context, person string, step int64) (bool, error) {
	ok, err := scriptLater.run(ctx, s.rdb, []string{keyStep(person)}, step).Int()
	return ok == 1, failed(err)
}

// PutRecovery replaces the hashes of the codes that stand in for the app.
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

// UseRecovery takes one, once. CountRecovery counts them.
func (s Sessions) UseRecovery(ctx context.Context, person, hash string) (bool, error) {
	n, err := s.rdb.SRem(ctx, keyRecovery(person), hash).Result()
	return n == 1, failed(err)
}

// CountRecovery counts the codes that are left.
func (s Sessions) CountRecovery(ctx context.Context, person string) (int, error) {
	n, err := s.rdb.SCard(ctx, keyRecovery(person)).Result()
	return int(n), failed(err)
}

// CountTry counts a try at an account and returns how many there were; they are
// forgotten ttl after the last of most. Later ones, which are refused, make it no
// longer: or whoever goes on trying would keep the owner out for ever.
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
	if n <= most || left.Val() < 0 { // the latter when the line below was cut off
		err = s.rdb.Expire(ctx, key, ttl).Err()
	}
	return n, failed(err)
}

// ForgetTries is for who got in.
func (s Sessions) ForgetTries(ctx context.Context, account string) error {
	return failed(s.rdb.Del(ctx, keyTries(account)).Err())
}
