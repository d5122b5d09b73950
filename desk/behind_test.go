package desk_test

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

// patience bounds every wait. It ends what hangs and judges no speed: a slow or
// busy machine runs a correct tree to its end.
const patience = 2 * time.Minute

// everything reads all keys with all they hold, behind the store's back.
func (b *bundle) everything() map[string]string {
	b.t.Helper()
	ctx, c := b.t.Context(), b.server.Client(b.t)
	keys, err := c.Keys(ctx, "*").Result()
	if err != nil {
		b.t.Fatal(err)
	}
	all := map[string]string{}
	for _, key := range keys {
		kind, err := c.Type(ctx, key).Result()
		if err != nil {
			b.t.Fatal(err)
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
		case "none": // it ended meanwhile
		default:
			b.t.Fatalf("%s is a %s", key, kind)
		}
		if err != nil && !errors.Is(err, redis.Nil) {
			b.t.Fatal(err)
		}
		all[key] = fmt.Sprint(value)
	}
	return all
}

// gone waits until Redis let go of every key like the pattern.
func (b *bundle) gone(pattern string) {
	b.t.Helper()
	c := b.server.Client(b.t)
	b.until("keys like "+pattern+" end", func() bool {
		keys, err := c.Keys(b.t.Context(), pattern).Result()
		return err == nil && len(keys) == 0
	})
}

// until waits for a condition, as long as patience.
func (b *bundle) until(what string, ok func() bool) {
	b.t.Helper()
	tick, end := time.NewTicker(2*time.Millisecond), time.NewTimer(patience)
	defer tick.Stop()
	defer end.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-end.C:
			b.t.Fatal("waited in vain until ", what)
		}
	}
}

// told are the outcomes written down, "purpose receiver outcome", in order.
func (b *bundle) told() []string {
	b.t.Helper()
	lines, err := b.server.Client(b.t).XRange(b.t.Context(), "{"+here+"}:told", "-", "+").Result()
	if err != nil {
		b.t.Fatal(err)
	}
	list := []string{}
	for _, l := range lines {
		list = append(list, fmt.Sprint(l.Values["p"], " ", l.Values["r"], " ", l.Values["o"]))
	}
	return list
}

// waiting is how many notices are in the outbox.
func (b *bundle) waiting() int {
	b.t.Helper()
	n, err := b.server.Client(b.t).HLen(b.t.Context(), "{"+here+"}:ob:d").Result()
	if err != nil {
		b.t.Fatal(err)
	}
	return int(n)
}

// reader reads what is sent.
func reader(data []byte) io.Reader { return bytes.NewReader(data) }

// wrong lists the wrong fields an error names.
func wrong(err error) string {
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
