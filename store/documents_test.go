package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/store"
	"mashang/store/storetest"
)

// day is a document at a position, as it is to be written.
func day(id string, revision int, at int64, text string) record.Document {
	return record.Document{Kind: record.DocumentDay, ID: id, Revision: revision, At: at, Body: []byte(`{"t":"` + text + `"}`)}
}

// bookings is one of another kind, with the id "a".
func bookings(revision int, text string) record.Document {
	d := day("a", revision, 0, text)
	d.Kind = record.DocumentBookings
	return d
}

// change commits and fails the test if that is refused.
func change(t *testing.T, s *store.Store, writes ...record.Document) {
	t.Helper()
	if ok, err := s.CommitDocuments(t.Context(), st, record.DocumentChange{Writes: writes}); err != nil || !ok {
		t.Fatal(ok, err)
	}
}

// kept is a document as it is read after its write.
func kept(d record.Document) record.Document {
	d.Revision++
	return d
}

func documents(t *testing.T, s *store.Store, kind record.DocumentKind, ids ...string) []record.Document {
	t.Helper()
	return must(s.Documents(t.Context(), st, kind, ids...))(t)
}

// between reads the names of the days at positions.
func between(t *testing.T, s *store.Store, from, to int64, limit int) (names []string, more bool) {
	t.Helper()
	list, more, err := s.DocumentsBetween(t.Context(), st, record.DocumentDay, from, to, limit)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		names = append(names, d.ID)
	}
	return names, more
}

func TestDocumentsComeBack(t *testing.T) {
	t.Parallel()
	s, c := sealed(t)
	equal(t, "none yet", documents(t, s, record.DocumentDay, "a", "b"), []record.Document{})
	a, b, other := day("a", 0, 5, "一"), day("b", 0, 0, "二"), bookings(0, "三")
	change(t, s, a, b, other)
	equal(t, "in the order of the ids", documents(t, s, record.DocumentDay, "b", "x", "a"), []record.Document{kept(b), kept(a)})
	equal(t, "another kind", documents(t, s, record.DocumentBookings, "a"), []record.Document{kept(other)})

	later := day("a", 1, 9, "四")
	change(t, s, later)
	equal(t, "changed", documents(t, s, record.DocumentDay, "a"), []record.Document{kept(later)})
	equal(t, "position", c.ZScore(t.Context(), "{lj}:d:day:i", "a").Val(), 9.0)
	change(t, s, day("a", 2, 0, "五"))
	equal(t, "without position", c.Exists(t.Context(), "{lj}:d:day:i").Val(), int64(0))

	change(t, s, record.Document{Kind: record.DocumentDay, ID: "a", Revision: 3, At: 7})
	equal(t, "deleted", documents(t, s, record.DocumentDay, "a", "b"), []record.Document{kept(b)})
	change(t, s, day("a", 0, 8, "六"))
	change(t, s, record.Document{Kind: record.DocumentDay, ID: "a", Revision: 1})
	equal(t, "the index", c.Exists(t.Context(), "{lj}:d:day:i").Val(), int64(0))
	equal(t, "faults", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
}

// TestManyDocumentsAreRead: more than one batch.
func TestManyDocumentsAreRead(t *testing.T) {
	t.Parallel()
	s, _ := sealed(t)
	const n = 640
	ids := make([]string, n)
	for from := 0; from < n; from += 64 {
		var writes []record.Document
		for i := from; i < from+64; i++ {
			ids[i] = fmt.Sprintf("d%03d", i)
			writes = append(writes, day(ids[i], 0, int64(i+1), "一"))
		}
		change(t, s, writes...)
	}
	for i, d := range documents(t, s, record.DocumentDay, ids...) {
		if d.ID != ids[i] {
			t.Fatalf("%s at %d", d.ID, i)
		}
	}
	names, more := between(t, s, 0, math.MaxInt64, 10_000)
	if len(names) != 500 || !more {
		t.Errorf("%d in a page, more %v", len(names), more)
	}
	names, more = between(t, s, 500, math.MaxInt64, 10_000)
	if len(names) != n-499 || more {
		t.Errorf("%d in the last page, more %v", len(names), more)
	}
	equal(t, "faults", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
}

// TestALateChangeOfDocumentsDoesNothing: a document that is written or held has another revision, is there or is gone.
func TestALateChangeOfDocumentsDoesNothing(t *testing.T) {
	t.Parallel()
	s, c := sealed(t)
	change(t, s, day("a", 0, 5, "一"), bookings(0, "一"))
	change(t, s, day("a", 1, 5, "二"))
	gone := func(d record.Document) record.Document { d.Body = nil; return d }
	notices := []notice.Entry{{ID: "n1", Purpose: notice.LiaisonUrge, Liaison: "l1", At: 7}}
	events := [][]byte{[]byte(`{"e":1}`)}
	before := dumped(t, c)
	for what, late := range map[string]record.DocumentChange{
		"an old revision":      {Writes: []record.Document{bookings(1, "二"), day("a", 1, 5, "三")}},
		"the first is old":     {Writes: []record.Document{day("a", 1, 5, "三"), bookings(1, "二")}},
		"a later revision":     {Writes: []record.Document{day("a", 3, 5, "三")}},
		"is there already":     {Writes: []record.Document{bookings(1, "二"), day("a", 0, 5, "三")}},
		"does not exist":       {Writes: []record.Document{bookings(1, "二"), day("b", 1, 5, "三")}},
		"deleted too late":     {Writes: []record.Document{gone(bookings(1, "")), gone(day("a", 1, 5, ""))}},
		"held by an old one":   {Writes: []record.Document{bookings(1, "二")}, Holds: []record.Document{day("a", 1, 0, "")}},
		"held to be absent":    {Writes: []record.Document{bookings(1, "二")}, Holds: []record.Document{day("a", 0, 0, "")}},
		"held, and not there":  {Writes: []record.Document{bookings(1, "二")}, Holds: []record.Document{day("a", 2, 0, ""), day("b", 1, 0, "")}},
		"nothing but the hold": {Holds: []record.Document{day("a", 1, 0, "")}},
	} {
		late.Notices, late.Events = notices, events
		ok, err := s.CommitDocuments(t.Context(), st, late)
		if ok || err != nil {
			t.Errorf("%s: %v, %v", what, ok, err)
		}
	}
	equal(t, "afterwards", dumped(t, c), before)
	ok, err := s.CommitDocuments(t.Context(), st, record.DocumentChange{
		Writes: []record.Document{bookings(1, "二")}, Holds: []record.Document{day("a", 2, 0, ""), day("b", 0, 0, "")},
		Notices: notices, Events: append(events, []byte(`{"e":2}`)),
	})
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	equal(t, "held", documents(t, s, record.DocumentDay, "a")[0].Revision, 2)
	equal(t, "written", documents(t, s, record.DocumentBookings, "a")[0].Revision, 2)
	equal(t, "queued", c.ZScore(t.Context(), "{lj}:ob", "n1").Val(), 7.0)
	leased := must(s.Lease(t.Context(), st, noon, 1, 5))(t)
	if len(leased) != 1 || leased[0].Liaison != "l1" {
		t.Errorf("leased %+v", leased)
	}
	var lines []any
	for _, m := range must(c.XRange(t.Context(), "{lj}:log", "-", "+").Result())(t) {
		lines = append(lines, m.Values["e"])
	}
	equal(t, "log", lines, []any{`{"e":1}`, `{"e":2}`})
}

// dumped is everything that a server has.
func dumped(t *testing.T, c *redis.Client) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, key := range must(c.Keys(t.Context(), "*").Result())(t) {
		all[key] = must(c.Dump(t.Context(), key).Result())(t)
	}
	return all
}

func TestDocumentsBetweenPositions(t *testing.T) {
	t.Parallel()
	s, _ := sealed(t)
	change(t, s, day("c", 0, 30, ""), day("b", 0, 20, ""), day("a", 0, 20, ""), day("d", 0, 10, ""), day("e", 0, 0, ""))
	for _, x := range []struct {
		from, to int64
		limit    int
		want     string
		more     bool
	}{
		{0, 100, 9, "d a b c", false},
		{10, 30, 9, "d a b", false},
		{11, 31, 9, "a b c", false},
		{0, 100, 4, "d a b c", false},
		{0, 100, 3, "d a b", true},
		{0, 30, 3, "d a b", false},
		{0, 100, 0, "d", true},
		{20, 20, 9, "", false},
		{40, 20, 9, "", false},
		{-5, math.MaxInt64, 9, "d a b c", false},
	} {
		names, more := between(t, s, x.from, x.to, x.limit)
		if got := strings.Join(names, " "); got != x.want || more != x.more {
			t.Errorf("from %d to %d, %d at most: %q, more %v", x.from, x.to, x.limit, got, more)
		}
	}
	list, _, err := s.DocumentsBetween(t.Context(), st, record.DocumentDay, 30, 31, 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "whole", list, []record.Document{kept(day("c", 0, 30, ""))})
}

// TestNoChangeOfADocumentIsLost: many writers read, add one and write until nobody was in between.
func TestNoChangeOfADocumentIsLost(t *testing.T) {
	t.Parallel()
	const writers = 200
	s, _ := sealed(t)
	each(t, writers, func(ctx context.Context, _ int) error {
		for {
			list, err := s.Documents(ctx, st, record.DocumentBookings, "a")
			if err != nil {
				return err
			}
			d := record.Document{Kind: record.DocumentBookings, ID: "a"}
			var n int
			if len(list) == 1 {
				d = list[0]
				if err := json.Unmarshal(d.Body, &n); err != nil {
					return err
				}
			}
			d.Body = []byte(strconv.Itoa(n + 1))
			if ok, err := s.CommitDocuments(ctx, st, record.DocumentChange{Writes: []record.Document{d}}); ok || err != nil {
				return err
			}
		}
	})
	d := documents(t, s, record.DocumentBookings, "a")[0]
	equal(t, "counted", string(d.Body), strconv.Itoa(writers))
	equal(t, "revision", d.Revision, writers)
}

// TestADamagedDocumentIsRefused: a flipped bit, another document's value and another revision are an error of their
// document alone, and nobody writes over it.
func TestADamagedDocumentIsRefused(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server := storetest.New(t)
	s := server.Open(t, func(o *store.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	s.Seal(ring(t, "k1"), sealedMark)
	found(t, s)
	c := server.Client(t)
	change(t, s, day("a", 0, 5, "秘密"), day("b", 0, 6, "秘密"), day("c", 0, 7, "秘密"), bookings(0, "秘密"))
	raw := func(id string) string { return must(c.HGet(t.Context(), "{lj}:d:day", id).Result())(t) }
	good := raw("a")
	bad := map[string]string{
		"another document's":      raw("b"),
		"of another kind":         must(c.HGet(t.Context(), "{lj}:d:bookings", "a").Result())(t),
		"another revision":        "2" + good[1:],
		"another position":        strings.Replace(good, "\t5\t", "\t4\t", 1),
		"no seal":                 "1\t5\t{}",
		"no body":                 "1\t5\t",
		"no head":                 "x",
		"nothing":                 "",
		"revision 0":              "0" + good[1:],
		"a revision with a blank": " 1" + good[1:],
	}
	for i := range len(good) {
		flipped := []byte(good)
		flipped[i] ^= 1
		bad["a bit of byte "+strconv.Itoa(i)] = string(flipped)
	}
	for what, value := range bad {
		if err := c.HSet(t.Context(), "{lj}:d:day", "a", value).Err(); err != nil {
			t.Fatal(err)
		}
		_, err := s.Documents(t.Context(), st, record.DocumentDay, "b", "a")
		if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "day/a") {
			t.Errorf("%s: %v", what, err)
		}
		log.Reset()
		if names, _ := between(t, s, 0, 100, 2); strings.Join(names, " ") != "b c" || !strings.Contains(log.String(), "day/a") || strings.Contains(log.String(), "秘密") {
			t.Errorf("%s: between: %v, logged %s", what, names, log.String())
		}
		report := must(s.Verify(t.Context(), store.Verification{}))(t)
		equal(t, what, report.Faults, []string{"接待数据 day/a：读不出"})
		if value == "" || value == "x" {
			if ok, err := s.CommitDocuments(t.Context(), st, record.DocumentChange{Writes: []record.Document{day("a", 0, 5, "新")}}); ok || err != nil {
				t.Errorf("%s: overwritten: %v", what, err)
			}
		}
	}
}

// TestDocumentsOutliveARotation: a document keeps its seal until it is written again.
func TestDocumentsOutliveARotation(t *testing.T) {
	t.Parallel()
	s, c := sealed(t)
	change(t, s, day("a", 0, 5, "一"), day("b", 0, 6, "一"))
	s.Seal(ring(t, "k2", "k1"), sealedMark)
	change(t, s, day("a", 1, 5, "二"))
	equal(t, "both", len(documents(t, s, record.DocumentDay, "a", "b")), 2)
	if value := c.HGet(t.Context(), "{lj}:d:day", "a").Val(); !strings.HasPrefix(value, "2\t5\ts\x02k2") {
		t.Errorf("sealed with the old key: %q", value)
	}
	s.Seal(ring(t, "k2"), sealedMark)
	documents(t, s, record.DocumentDay, "a")
	_, err := s.Documents(t.Context(), st, record.DocumentDay, "b")
	wantCode(t, "without the old key", err, fault.Internal)
}

func TestVerifyFindsMisplacedDocuments(t *testing.T) {
	t.Parallel()
	s, c := sealed(t)
	change(t, s, day("a", 0, 5, "一"), day("b", 0, 0, "一"), bookings(0, "一"))
	for _, damage := range []struct {
		finds    string
		do, undo *redis.Cmd
	}{
		{"接待数据 day/a：不在列表 {lj}:d:day:i 中", do(t, "ZREM", "{lj}:d:day:i", "a"), do(t, "ZADD", "{lj}:d:day:i", 5, "a")},
		{"接待数据 day/a：在列表 {lj}:d:day:i 中的位置不对", do(t, "ZADD", "{lj}:d:day:i", 6, "a"), do(t, "ZADD", "{lj}:d:day:i", 5, "a")},
		{"接待数据 day/b：不该在列表 {lj}:d:day:i 中", do(t, "ZADD", "{lj}:d:day:i", 0, "b"), do(t, "ZREM", "{lj}:d:day:i", "b")},
		{"接待数据 bookings/x：在列表 {lj}:d:bookings:i 中，却不存在", do(t, "ZADD", "{lj}:d:bookings:i", 1, "x"), do(t, "ZREM", "{lj}:d:bookings:i", "x")},
		{"接待数据 booker/x：读不出", do(t, "HSET", "{lj}:d:booker", "x", "x"), do(t, "HDEL", "{lj}:d:booker", "x")},
		{"工作站 lj：接待数据 feed 读不出", do(t, "SET", "{lj}:d:feed", "x"), do(t, "DEL", "{lj}:d:feed")},
		{"工作站 lj：接待数据 feed 读不出", do(t, "SET", "{lj}:d:feed:i", "x"), do(t, "DEL", "{lj}:d:feed:i")},
	} {
		if err := c.Process(t.Context(), damage.do); err != nil {
			t.Fatal(damage.finds, err)
		}
		equal(t, "found", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, []string{damage.finds})
		if err := c.Process(t.Context(), damage.undo); err != nil {
			t.Fatal(damage.finds, err)
		}
	}
	equal(t, "mended", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
	// What stands at a wrong place is no answer to who asks by place.
	if err := c.ZAdd(t.Context(), "{lj}:d:day:i", zed("a", 6)).Err(); err != nil {
		t.Fatal(err)
	}
	if names, _ := between(t, s, 0, 100, 9); len(names) > 0 {
		t.Errorf("misplaced, and listed: %v", names)
	}
}

func TestDocumentsAreInTheFeed(t *testing.T) {
	t.Parallel()
	s, _ := sealed(t)
	start := must(s.Changes(t.Context(), st, ""))(t)
	change(t, s, day("a", 0, 5, "一"), bookings(0, "一"))
	change(t, s, day("a", 1, 5, "二"))
	page := must(s.Changes(t.Context(), st, start.Next))(t)
	equal(t, "documents", page, record.FeedPage{Documents: []string{"day/a", "bookings/a"}, Next: page.Next})
	sub := admit(t, s, filing(5, "m1"))
	change(t, s, record.Document{Kind: record.DocumentDay, ID: "a", Revision: 2})
	after := must(s.Changes(t.Context(), st, page.Next))(t)
	equal(t, "both", after, record.FeedPage{IDs: []string{sub.ID}, Documents: []string{"day/a"}, Next: after.Next})
	equal(t, "read", must(s.Changes(t.Context(), st, after.Next))(t), record.FeedPage{Next: after.Next})
}

func TestChangesOfDocumentsThatAreRefused(t *testing.T) {
	t.Parallel()
	s, c := sealed(t)
	before := dumped(t, c)
	many := make([]record.Document, 601)
	for i := range many {
		many[i] = day(fmt.Sprintf("d%d", i), 0, 0, "")
	}
	body := func(text string) record.Document {
		d := day("a", 0, 0, "")
		d.Body = []byte(text)
		return d
	}
	largest := `"` + strings.Repeat("x", 256<<10-2) + `"`
	for what, x := range map[string]struct {
		change record.DocumentChange
		code   fault.Code
	}{
		"twice":           {record.DocumentChange{Writes: []record.Document{day("a", 0, 0, ""), day("a", 0, 0, "")}}, fault.Internal},
		"written, held":   {record.DocumentChange{Writes: []record.Document{day("a", 0, 0, "")}, Holds: []record.Document{day("a", 0, 0, "")}}, fault.Internal},
		"held twice":      {record.DocumentChange{Holds: []record.Document{day("a", 0, 0, ""), day("a", 0, 0, "")}}, fault.Internal},
		"a bad id":        {record.DocumentChange{Writes: []record.Document{day("A", 0, 0, "")}}, fault.Internal},
		"a bad hold":      {record.DocumentChange{Holds: []record.Document{{Kind: "x", ID: "a"}}}, fault.Internal},
		"an unknown kind": {record.DocumentChange{Writes: []record.Document{{Kind: "x", ID: "a", Body: []byte("1")}}}, fault.Internal},
		"no JSON":         {record.DocumentChange{Writes: []record.Document{body("x")}}, fault.Internal},
		"an empty body":   {record.DocumentChange{Writes: []record.Document{body("")}}, fault.Internal},
		"deletes nothing": {record.DocumentChange{Writes: []record.Document{{Kind: record.DocumentDay, ID: "a"}}}, fault.Internal},
		"many":            {record.DocumentChange{Writes: many[:65]}, fault.Invalid},
		"many held":       {record.DocumentChange{Holds: many}, fault.Invalid},
		"large":           {record.DocumentChange{Writes: []record.Document{body(largest + " ")}}, fault.Invalid},
	} {
		ok, err := s.CommitDocuments(t.Context(), st, x.change)
		wantCode(t, what, err, x.code)
		if ok {
			t.Errorf("%s: done", what)
		}
	}
	equal(t, "afterwards", dumped(t, c), before)
	change(t, s, many[:64]...)
	change(t, s, body(largest))
	_, err := s.Documents(t.Context(), st, "x", "a")
	wantCode(t, "an unknown kind", err, fault.Internal)
	_, _, err = s.DocumentsBetween(t.Context(), st, "x", 0, 1, 1)
	wantCode(t, "an unknown kind", err, fault.Internal)
	_, err = s.Documents(t.Context(), "x:y", record.DocumentDay, "a")
	wantCode(t, "no station", err, fault.NotFound)
	_, err = s.CommitDocuments(t.Context(), "x:y", record.DocumentChange{})
	wantCode(t, "no station", err, fault.NotFound)
}
