package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// chatSeconds is longer than any window of a chat.
const chatSeconds = 2 * 24 * 60 * 60

// OpenChat allows n messages into the person's chat until the time, for the event with the id. An event that is
// older than the window's newest opening, or was counted before, changes nothing.
func (s Consents) OpenChat(ctx context.Context, person string, w record.Window, by string, until time.Time, n int) error {
	return failed(scriptChatOpen.run(ctx, s.rdb, []string{keyChat(person)}, string(w), until.UnixMilli(), n, chatSeconds, digest(by)).Err())
}

// ChatLeft returns how many messages may still be sent.
func (s Consents) ChatLeft(ctx context.Context, person string, now time.Time) (int, error) {
	f, err := s.rdb.HGetAll(ctx, keyChat(person)).Result()
	if err != nil {
		return 0, failed(err)
	}
	left := 0
	for _, w := range []record.Window{record.Entered, record.Wrote} {
		until, _ := strconv.ParseInt(f[string(w)], 10, 64)
		n, _ := strconv.Atoi(f[string(w)+":n"])
		if until > now.UnixMilli() {
			left += n
		}
	}
	return left, nil
}

// SpendChat spends one message if at least keep are left after it.
func (s Consents) SpendChat(ctx context.Context, person string, now time.Time, keep int) (ok bool, err error) {
	n, err := scriptChatTake.run(ctx, s.rdb, []string{keyChat(person)}, now.UnixMilli(), keep).Int()
	return n == 1, failed(err)
}

// MarkGreeted stores the day; first is false when it was stored before.
func (s Consents) MarkGreeted(ctx context.Context, person, day string) (first bool, err error) {
	last, err := s.rdb.SetArgs(ctx, keyListed(person), day, redis.SetArgs{Get: true, TTL: 48 * time.Hour}).Result()
	if errors.Is(err, redis.Nil) {
		return true, nil
	}
	return last != day, failed(err)
}

// CloseChat removes the person's windows: the platform allows no message.
func (s Consents) CloseChat(ctx context.Context, person string) error {
	return failed(s.rdb.Del(ctx, keyChat(person)).Err())
}
