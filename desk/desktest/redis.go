package desktest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// patience bounds every wait. It only ends hanging tests; a slow machine must not fail a correct one.
const patience = 2 * time.Minute

// DumpKeys reads all keys with their values directly from Redis.
func (b *Bundle) DumpKeys() map[string]string {
	b.T.Helper()
	ctx, c := b.T.Context(), b.Server.Client(b.T)
	keys, err := c.Keys(ctx, "*").Result()
	if err != nil {
		b.T.Fatal(err)
	}
	all := map[string]string{}
	for _, key := range keys {
		kind, err := c.Type(ctx, key).Result()
		if err != nil {
			b.T.Fatal(err)
		}
		var value any
		switch kind {
		case "string":
			value, err = c.Get(ctx, key).Result()
		case "hash":
			value, err = c.HGetAll(ctx, key).Result()
		case "zset":
			value, err = c.ZRangeWithScores(ctx, key, 0, -1).Result()
		case "set":
			var list []string
			list, err = c.SMembers(ctx, key).Result()
			sort.Strings(list)
			value = list
		case "stream":
			value, err = c.XRange(ctx, key, "-", "+").Result()
		case "none": // it has expired meanwhile
		default:
			b.T.Fatalf("%s is a %s", key, kind)
		}
		if err != nil && !errors.Is(err, redis.Nil) {
			b.T.Fatal(err)
		}
		all[key] = fmt.Sprint(value)
	}
	return all
}

// WaitKeysGone waits until Redis has expired all keys that match the pattern.
func (b *Bundle) WaitKeysGone(pattern string) {
	b.T.Helper()
	c := b.Server.Client(b.T)
	b.Until("keys like "+pattern+" end", func() bool {
		keys, err := c.Keys(b.T.Context(), pattern).Result()
		return err == nil && len(keys) == 0
	})
}

// Until waits for a condition, at most patience.
func (b *Bundle) Until(what string, ok func() bool) {
	b.T.Helper()
	tick, end := time.NewTicker(2*time.Millisecond), time.NewTimer(patience)
	defer tick.Stop()
	defer end.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-end.C:
			b.T.Fatal("waited in vain until ", what)
		}
	}
}

// NoticeOutcomes returns the stored outcomes, "purpose receiver outcome", in order.
func (b *Bundle) NoticeOutcomes() []string {
	b.T.Helper()
	lines, err := b.Server.Client(b.T).XRange(b.T.Context(), "{"+Here+"}:told", "-", "+").Result()
	if err != nil {
		b.T.Fatal(err)
	}
	list := []string{}
	for _, l := range lines {
		list = append(list, fmt.Sprint(l.Values["p"], " ", l.Values["r"], " ", l.Values["o"]))
	}
	return list
}

// PendingNotices counts the notices in the outbox.
func (b *Bundle) PendingNotices() int {
	b.T.Helper()
	n, err := b.Server.Client(b.T).HLen(b.T.Context(), "{"+Here+"}:ob:d").Result()
	if err != nil {
		b.T.Fatal(err)
	}
	return int(n)
}

// Reader returns a reader of data.
func Reader(data []byte) io.Reader { return bytes.NewReader(data) }

// WrongFields lists the fields that an error names.
func WrongFields(err error) string {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return ""
	}
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Field)
	}
	sort.Strings(names)
	return strings.Join(names, ",")
}
