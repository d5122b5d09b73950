package store_test

import (
	"strings"
	"testing"

	"mashang/domain/fault"
	"mashang/store"
)

func TestMarksAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, m := range []store.Mark{{}, {ID: "a", Format: 1}, {ID: "a", Format: 2}, {ID: "a", Format: 2, From: 1}, {ID: "a", Format: 3, From: 2}} {
		equal(t, m.String(), must(store.ParseMark(m.String()))(t), m)
	}
	later := must(store.ParseMark("a format=9 shards=2"))(t)
	equal(t, "a later version's", later.Format, 9)
	wantCode(t, "it is refused", store.Newer(later.Format), fault.Unavailable)
	for _, text := range []string{"a b", "a format=", "a format=1", "a format=-2", "a format=2 from=2", "a from=1", "a format=2 by=x", "a "} {
		_, err := store.ParseMark(text)
		wantCode(t, text, err, fault.Unavailable)
	}
}

// Data without a number have format 1, and a newer number is refused.
func TestMigrateKnowsWhatItMayTouch(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	client := server.Client(t)
	if err := s.Migrate(t.Context(), nil); err != nil {
		t.Errorf("an empty store: %v", err)
	}
	equal(t, "and it stays empty", must(s.Mark(t.Context()))(t), store.Mark{})
	for text, want := range map[string]string{
		"a": "a format=3", "a format=2": "a format=3", "a format=2 from=1": "a format=3", "a format=3 from=2": "a format=3", "a format=3": "a format=3",
	} {
		if err := client.Set(t.Context(), "canary", text, 0).Err(); err != nil {
			t.Fatal(err)
		}
		s.Seal(ring(t, "k1"), must(s.Mark(t.Context()))(t))
		if err := s.Migrate(t.Context(), nil); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		equal(t, text, must(client.Get(t.Context(), "canary").Result())(t), want)
	}
	if err := client.Set(t.Context(), "canary", "a format=4", 0).Err(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "newer", s.Migrate(t.Context(), nil), fault.Unavailable)
	equal(t, "and left alone", must(client.Get(t.Context(), "canary").Result())(t), "a format=4")
}

// A field that this version does not know is an error that names it and its
// record; to read past it would be to drop it at the next write.
func TestAFieldThatIsNotKnownIsNoSilentLoss(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	found(t, s)
	sub := admit(t, s, filing(5, "m1"))
	client := server.Client(t)
	st, local, _ := strings.Cut(sub.ID, "-")
	for key, read := range map[string]func() error{
		"{" + st + "}:s:" + local: func() error { _, err := s.Load(t.Context(), sub.ID); return err },
		"{" + st + "}:roster":     func() error { _, err := s.Station(t.Context(), st); return err },
	} {
		if err := read(); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		value := must(client.Get(t.Context(), key).Result())(t)
		if err := client.Set(t.Context(), key, withField(t, value), 0).Err(); err != nil {
			t.Fatal(err)
		}
		err := read()
		wantCode(t, key, err, fault.Internal)
		if name := strings.NewReplacer("{"+st+"}:s:"+local, sub.ID, "{"+st+"}:roster", st).Replace(key); err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

// withField is a stored value with one more field: JSON, or a head and CBOR.
func withField(t *testing.T, value string) string {
	t.Helper()
	if rest, ok := strings.CutPrefix(value, "{"); ok {
		return `{"zz":1,` + rest
	}
	head, body, _ := strings.Cut(value, "\nc")
	if body == "" || body[0]&0xe0 != 0xa0 {
		t.Fatalf("not a CBOR map: %q", value)
	}
	const field = "\x62zz\x01"
	if n := body[0] & 0x1f; n < 23 {
		return head + "\nc" + string([]byte{0xa0 | (n + 1)}) + field + body[1:]
	}
	return head + "\nc" + body[:1] + string([]byte{body[1] + 1}) + field + body[2:]
}
