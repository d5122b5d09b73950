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

// patience bounds every wait. It ends what hangs and judges no speed: a slow or
// busy machine runs a correct tree to its end.
const patience = 2 * time.Minute

// Everything reads all keys with all they hold, behind the store's back.
func (b *Bundle) Everything() map[string]string {
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
		case "none": // it ended meanwhile
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

// Gone waits until Redis let go of every key like the pattern.
func (b *Bundle) Gone(pattern string) {
	b.T.Helper()
	c := b.Server.Client(b.T)
	b.Until("keys like "+pattern+" end", func() bool {
		keys, err := c.Keys(b.T.Context(), pattern).Result()
		return err == nil && len(keys) == 0
	})
}

// Until waits for a condition, as long as patience.
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

// Told are the outcomes written down, "purpose receiver outcome", in order.
func (b *Bundle) Told() []string {
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

// Waiting is how many notices are in the outbox.
func (b *Bundle) Waiting() int {
	b.T.Helper()
	n, err := b.Server.Client(b.T).HLen(b.T.Context(), "{"+Here+"}:ob:d").Result()
	if err != nil {
		b.T.Fatal(err)
	}
	return int(n)
}

// Reader reads what is sent.
func Reader(data []byte) io.Reader { return bytes.NewReader(data) }

// Wrong lists the wrong fields an error names.
func Wrong(err error) string {
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
