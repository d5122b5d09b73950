package store_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"mashang/adapters/seal"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
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

var sealedMark = store.Mark{ID: "a", Format: store.Format}

// sealed is a store that seals, with a roster.
func sealed(t *testing.T) (*store.Store, *redis.Client) {
	t.Helper()
	s, server := open(t)
	s.Seal(ring(t, "k1"), sealedMark)
	found(t, s)
	return s, server.Client(t)
}

// Each filing is sealed whatever the script decides, and each act after it.
func TestEveryOutcomeOfAFilingFitsItsSeal(t *testing.T) {
	t.Parallel()
	s, _ := sealed(t)
	held := filing(5, "m1", "m2")
	held.Hold = true
	for what, a := range map[string]record.Admission{
		"the first": filing(5, "m1", "m2", "m3"), "nobody offered": filing(5), "held": held,
		"nobody has room": filing(0, "m1", "m2"), "many": filing(5, "m1", "m2", "m3", "m4", "m5", "m6"),
	} {
		sub := admit(t, s, a)
		got := load(t, s, sub.ID)
		if got.Number != sub.Number || got.Assignee != sub.Assignee || got.Pick != sub.Pick || got.Full != sub.Full || got.State != sub.State {
			t.Errorf("%s: %+v, admitted %+v", what, got, sub)
		}
	}
	sub := admit(t, s, filing(5, "m1"))
	commit(t, s, sub, casework.Reply{Text: "好"}, noon)
	equal(t, "after an act", load(t, s, sub.ID).Version, 2)
	equal(t, "faults", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
}

// No flipped bit of a value is taken for the truth, wherever it is.
func TestAFlippedBitIsRefused(t *testing.T) {
	t.Parallel()
	s, c := sealed(t)
	filed := admit(t, s, filing(5, "m1", "m2"))
	acted := admit(t, s, filing(5, "m1", "m2"))
	commit(t, s, acted, casework.Reply{Text: "好"}, noon)
	for _, sub := range []casework.Submission{filed, acted} {
		key := "{lj}:s:" + sub.ID[3:]
		value := must(c.Get(t.Context(), key).Bytes())(t)
		for at := range value {
			for bit := range 8 {
				bad := []byte(string(value))
				bad[at] ^= 1 << bit
				if _, err := s.Decode(sub.ID[3:], string(bad)); !fault.Is(err, fault.Internal) {
					t.Fatalf("bit %d of byte %d of %q: %v", bit, at, value, err)
				}
			}
		}
		bad := []byte(string(value))
		bad[len(bad)-1] ^= 1
		if err := c.Set(t.Context(), key, bad, 0).Err(); err != nil {
			t.Fatal(err)
		}
		_, err := s.Load(t.Context(), sub.ID)
		if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), sub.ID) || strings.Contains(err.Error(), sub.Text) {
			t.Errorf("Load = %v", err)
		}
		report := must(s.Verify(t.Context(), store.Verification{}))(t)
		if len(report.Faults) != 1 || !strings.Contains(report.Faults[0], sub.ID) {
			t.Errorf("Verify = %q", report.Faults)
		}
		if err := c.Set(t.Context(), key, value, 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// Deliberate changes of values are refused too.
func TestTamperingIsRefused(t *testing.T) {
	t.Parallel()
	s, c := sealed(t)
	one, two := admit(t, s, filing(5, "m1", "m2")), admit(t, s, filing(5, "m1", "m2"))
	raw := func(key string) string { return must(c.Get(t.Context(), key).Result())(t) }
	first, second := raw("{lj}:s:"+one.ID[3:]), raw("{lj}:s:"+two.ID[3:])
	head, rest, _ := strings.Cut(first, "\n")
	_, body, _ := strings.Cut(rest, "c")
	for what, value := range map[string]string{
		"another's value":       second,
		"the seal is taken off": head + "\nc" + body,
		"another assignee":      strings.Replace(first, "\t"+one.Assignee+"\t", "\tm9\t", 1),
		"another filer":         strings.Replace(first, "\t"+one.Filer+"\t", "\tx9\t", 1),
		"an unknown key":        strings.Replace(first, "f\x02k1", "f\x02k9", 1),
		"another kind":          strings.Replace(first, "\nf", "\ns", 1),
		"a later version":       "2" + first[1:],
		"cut in the seal":       head + "\n" + rest[:9],
		"nothing but a seal":    head + "\n" + rest[:28],
	} {
		if value == first {
			t.Fatalf("%s: nothing was changed", what)
		}
		if _, err := s.Decode(one.ID[3:], value); !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", what, err)
		}
	}
	roster, code := raw("{lj}:roster"), station.Code{Key: "abcdefghjk", Station: st, Target: station.Target{Kind: station.ForStation}}
	if err := s.PutCode(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	if err := s.PutUpload(t.Context(), record.Upload{ID: "f1", Owner: "u1", Kind: "photo", Hash: "aa"}); err != nil {
		t.Fatal(err)
	}
	reads := map[string]func() error{
		"{lj}:roster":     func() error { _, err := s.Station(t.Context(), st); return err },
		"code:abcdefghjk": func() error { _, err := s.Code(t.Context(), "abcdefghjk"); return err },
		"upload:f1":       func() error { _, err := s.Upload(t.Context(), "f1"); return err },
	}
	for key, read := range reads {
		if err := read(); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		good := raw(key)
		_, unsealed, _ := strings.Cut(good, "{")
		for _, bad := range []string{strings.Replace(good, "\"", "'", 1), "{" + unsealed, roster[:40], good[:len(good)-1] + " }"} {
			if key == "{lj}:roster" && bad == roster[:40] {
				continue
			}
			if err := c.Set(t.Context(), key, bad, 0).Err(); err != nil {
				t.Fatal(err)
			}
			wantCode(t, key, read(), fault.Internal)
			if report := must(s.Verify(t.Context(), store.Verification{}))(t); len(report.Faults) == 0 {
				t.Errorf("Verify does not name %s", key)
			}
		}
		if err := c.Set(t.Context(), key, good, 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// A new key seals, the old one still proves; without the old one its values are
// refused and not taken for damaged in silence.
func TestSealsOutliveARotation(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	s.Seal(ring(t, "k1"), sealedMark)
	found(t, s)
	old := admit(t, s, filing(5, "m1"))
	s.Seal(ring(t, "k2", "k1"), sealedMark)
	young := admit(t, s, filing(5, "m1"))
	load(t, s, old.ID)
	value := must(server.Client(t).Get(t.Context(), "{lj}:s:"+young.ID[3:]).Result())(t)
	if !strings.Contains(value, "\nf\x02k2") {
		t.Errorf("sealed with the old key: %q", value)
	}
	s.Seal(ring(t, "k2"), sealedMark)
	_, err := s.Load(t.Context(), old.ID)
	if !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "key ring") {
		t.Errorf("without the old key: %v", err)
	}
	load(t, s, young.ID)
}

// Values of format 1 are sealed by the migration, also when it is killed again
// and again in the middle, and refused without a seal from then on.
func TestAMigrationThatDiesIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	const n = 1200 // more than two batches
	s, server := open(t)
	found(t, s)
	var last casework.Submission
	for range n {
		last = admit(t, s, filing(n, "m1", "m2"))
	}
	commit(t, s, last, casework.Reply{Text: "好"}, noon)
	if err := server.Client(t).Set(t.Context(), "canary", "a", 0).Err(); err != nil {
		t.Fatal(err)
	}
	keys, deaths := ring(t, "k1"), 0
	begin := func() error {
		s.Seal(keys, must(s.Mark(t.Context()))(t))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		died := false
		err := s.Migrate(ctx, func(_, done, _ int) {
			if done < n && !died && deaths < 5 && rand.Text()[0]%2 == 0 {
				deaths++
				died = true
				server.Kill(t)
			}
		})
		if died {
			server.Start(t)
			heals(t, s)
		}
		return err
	}
	for tries := 0; ; tries++ {
		err := begin()
		if err == nil {
			break
		}
		t.Log(err)
		// Between two steps it has come as far as the first.
		if mark := must(s.Mark(t.Context()))(t); mark.ID != "a" || mark.Format != store.Format || mark.From < 1 || mark.From >= store.Format {
			t.Fatalf("a migration that died left the mark %q", mark)
		}
		if tries == 30 {
			t.Fatal("the migration never ends")
		}
	}
	s.Seal(keys, must(s.Mark(t.Context()))(t))
	report := must(s.Verify(t.Context(), store.Verification{}))(t)
	equal(t, "after all", report, store.Report{Stations: 1, Submissions: n})
	equal(t, "an answer", load(t, s, last.ID).Version, 2)
}

// Concurrent writes are no damage.
func TestVerifyBesideWriters(t *testing.T) {
	t.Parallel()
	const n = 300
	s, _ := sealed(t)
	done := make(chan error, 1)
	go func() {
		for range n {
			sub, _, err := s.Admit(t.Context(), filing(n, "m1", "m2"))
			if err != nil {
				done <- err
				return
			}
			by := casework.Actor{Role: access.Member, ID: sub.Assignee, Name: "马委员"}
			next, err := sub.Apply(casework.Reply{Text: "好"}, by, clock, noon)
			if err == nil {
				_, err = s.Commit(t.Context(), sub, next, nil)
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for {
		equal(t, "faults", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			return
		default:
		}
	}
}

func TestSealedFilingsHoldForAnyDraw(t *testing.T) {
	t.Parallel()
	s, _ := sealed(t)
	rapid.Check(t, func(rt *rapid.T) {
		members := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"m1", "m2", "m3", "m4", "m5", "m6", "m7"}), 0, 7, rapid.ID).Draw(rt, "members")
		a := filing(rapid.IntRange(0, 3).Draw(rt, "room"), members...)
		a.Hold = rapid.Bool().Draw(rt, "hold")
		sub, _, err := s.Admit(t.Context(), a)
		if err != nil {
			rt.Fatal(err)
		}
		if got, err := s.Load(t.Context(), sub.ID); err != nil || got.Assignee != sub.Assignee || got.Full != sub.Full {
			rt.Fatalf("%+v, %v", got, err)
		}
	})
}
