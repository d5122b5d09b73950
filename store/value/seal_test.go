package value_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"mashang/adapters/seal"
	"mashang/domain/fault"
	"mashang/store/value"
)

// ring makes a key ring of the named keys, the first seals.
func ring(tb testing.TB, ids ...string) *seal.Keyring {
	tb.Helper()
	entries := make([]string, len(ids))
	for i, id := range ids {
		entries[i] = id + ":" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(id, 32)[:32]))
	}
	k, err := seal.Parse(strings.Join(entries, ","))
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// A sealed record opens under its own key of the store alone, and without a flipped bit.
func TestASealedRecordOpensWhereItBelongs(t *testing.T) {
	t.Parallel()
	s := value.NewSealer(ring(t, "k1"), false)
	sealed := s.Seal("a", []byte(`{"n":1}`))
	var got struct{ N int }
	if err := s.Open("a", string(sealed), &got); err != nil || got.N != 1 {
		t.Fatal(got, err)
	}
	if err := value.NewSealer(ring(t, "k2", "k1"), false).Open("a", string(sealed), &got); err != nil {
		t.Error("after a rotation:", err)
	}
	for at := range sealed {
		bad := []byte(string(sealed))
		bad[at] ^= 1
		if s.Open("a", string(bad), &got) == nil {
			t.Errorf("a flipped bit of byte %d is accepted", at)
		}
	}
	for what, err := range map[string]error{
		"another record":   s.Open("b", string(sealed), &got),
		"without a seal":   s.Open("a", `{"n":1}`, &got),
		"without the key":  value.NewSealer(ring(t, "k2"), false).Open("a", string(sealed), &got),
		"without keys":     plain.Open("a", string(sealed), &got),
		"an unknown field": value.NewSealer(ring(t, "k1"), true).Open("a", `{"n":1,"m":2}`, &got),
	} {
		if err == nil {
			t.Errorf("%s: opened", what)
		}
	}
	if err := value.NewSealer(ring(t, "k1"), true).Open("a", `{"n":2}`, &got); err != nil || got.N != 2 {
		t.Error("of an older format:", got, err)
	}
}

// A value of before there were seals gets one, once.
func TestAnUnsealedSubmissionGetsItsSeal(t *testing.T) {
	t.Parallel()
	want, s := full(), value.NewSealer(ring(t, "k1"), true)
	old := string(must(plain.Encode(&want))(t))
	sealed, ok := s.AddSeal(want.ID, old)
	if !ok {
		t.Fatal("not sealed")
	}
	if _, err := value.NewSealer(ring(t, "k1"), false).Decode(st, "abc", sealed); err != nil {
		t.Error(err)
	}
	for what, text := range map[string]string{"sealed": sealed, "damaged": old[:len(old)-1]} {
		if _, ok := s.AddSeal(want.ID, text); ok {
			t.Errorf("%s: sealed again", what)
		}
	}
	if _, err := value.NewSealer(ring(t, "k1"), false).Decode(st, "abc", old); !fault.Is(err, fault.Internal) {
		t.Errorf("without a seal: %v", err)
	}
}

// No bytes make the reader of seals fall, and none but a sealed value is read.
func FuzzSealedValue(f *testing.F) {
	s := value.NewSealer(ring(f, "k1"), false)
	const head = "1\tassigned\tm1\t5\tu1\t260722-0001\t1\n"
	for _, seed := range []string{"", head, head + "f\x02k1", head + "s\xff", head + "s\x02k10123456789abcdefc\xa0", head + "f\x02k10123456789abcdef01234567c\xa0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := s.Decode(st, "abc", text); err == nil {
			t.Errorf("%q is taken for a sealed value", text)
		}
	})
}
