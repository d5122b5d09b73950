package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/adapters/seal"
	"mashang/domain/fault"
)

// keyText returns a fixed key of 32 equal bytes in the form Parse reads.
func keyText(id string, fill byte) string {
	return id + ":" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{fill}, 32))
}

func parse(tb testing.TB, text string) *seal.Keyring {
	tb.Helper()
	ring, err := seal.Parse(text)
	if err != nil {
		tb.Fatalf("Parse: %v", err)
	}
	return ring
}

func mustSeal(tb testing.TB, ring *seal.Keyring, plain, aad string) string {
	tb.Helper()
	sealed, err := ring.Seal(plain, aad)
	if err != nil {
		tb.Fatalf("Seal: %v", err)
	}
	return sealed
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	ring := parse(t, keyText("k2", 2)+","+keyText("k1", 1))
	rapid.Check(t, func(rt *rapid.T) {
		plain := rapid.String().Draw(rt, "plain")
		aad := rapid.String().Draw(rt, "aad")
		sealed, err := ring.Seal(plain, aad)
		if err != nil {
			rt.Fatalf("Seal: %v", err)
		}
		if !strings.HasPrefix(sealed, "k2.") {
			rt.Fatalf("sealed %q does not name the primary key", sealed)
		}
		if strings.Trim(sealed, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
			rt.Fatalf("sealed %q is not printable", sealed)
		}
		got, err := ring.Open(sealed, aad)
		if err != nil || got != plain {
			rt.Fatalf("Open = %q, %v; want %q", got, err, plain)
		}
		if _, err := ring.Open(sealed, aad+"x"); !errors.Is(err, seal.ErrDamaged) {
			rt.Fatalf("Open with other aad = %v, want ErrDamaged", err)
		}
		if id := ring.MissingKey(sealed); id != "" {
			rt.Fatalf("the ring lacks its own key %q", id)
		}
	})
}

func TestNoncesDiffer(t *testing.T) {
	t.Parallel()
	ring := parse(t, keyText("k1", 1))
	seen := map[string]bool{}
	for range 1000 {
		sealed := mustSeal(t, ring, "13800000000", "s")
		if seen[sealed] {
			t.Fatal("two ciphertexts are equal")
		}
		seen[sealed] = true
	}
}

func TestAnyChangedCharacterIsRefused(t *testing.T) {
	t.Parallel()
	ring := parse(t, keyText("k1", 1)+","+keyText("k2", 2))
	sealed := mustSeal(t, ring, "13800000000", "submission/1/phone")
	for i := range len(sealed) {
		for bit := range 8 {
			changed := []byte(sealed)
			changed[i] ^= 1 << bit
			if plain, err := ring.Open(string(changed), "submission/1/phone"); err == nil {
				t.Fatalf("byte %d bit %d flipped, opened as %q", i, bit, plain)
			}
		}
	}
	for i := range len(sealed) {
		if _, err := ring.Open(sealed[:i], "submission/1/phone"); !errors.Is(err, seal.ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v, want ErrDamaged", i, err)
		}
	}
}

// A relabelled ciphertext must fail even if both ids carry the same key.
func TestKeyIDIsBound(t *testing.T) {
	t.Parallel()
	ring := parse(t, keyText("k1", 1)+","+keyText("k2", 1))
	sealed := mustSeal(t, ring, "x", "a")
	if _, err := ring.Open("k2"+strings.TrimPrefix(sealed, "k1"), "a"); !errors.Is(err, seal.ErrDamaged) {
		t.Fatalf("relabelled: %v, want ErrDamaged", err)
	}
}

func TestSwappingBetweenRecordsFails(t *testing.T) {
	t.Parallel()
	ring := parse(t, keyText("k1", 1))
	one := mustSeal(t, ring, "13800000001", "submission/1/phone")
	two := mustSeal(t, ring, "13800000002", "submission/2/phone")
	if _, err := ring.Open(one, "submission/2/phone"); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("first in second's place: %v", err)
	}
	if _, err := ring.Open(two, "submission/1/phone"); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("second in first's place: %v", err)
	}
}

func TestUnknownAlgorithmIsRefused(t *testing.T) {
	t.Parallel()
	ring := parse(t, keyText("k1", 1))
	id, text, _ := strings.Cut(mustSeal(t, ring, "x", ""), ".")
	box, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	if box[0] != 1 {
		t.Fatalf("algorithm id = %d, want 1 for AES-256-GCM", box[0])
	}
	box[0] = 2
	other := id + "." + base64.RawURLEncoding.EncodeToString(box)
	if _, err := ring.Open(other, ""); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("Open = %v, want ErrDamaged", err)
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	before := parse(t, keyText("k1", 1))
	sealed := mustSeal(t, before, "13800000000", "r")
	index := before.BlindIndex("13800000000", "phone")

	during := parse(t, keyText("k2", 2)+","+keyText("k1", 1))
	if during.Primary() != "k2" {
		t.Fatalf("Primary = %q", during.Primary())
	}
	if diff := cmp.Diff([]string{"k2", "k1"}, during.IDs()); diff != "" {
		t.Errorf("IDs: %s", diff)
	}
	plain, err := during.Open(sealed, "r")
	if err != nil || plain != "13800000000" {
		t.Fatalf("old text under new ring = %q, %v", plain, err)
	}
	after := parse(t, keyText("k2", 2))
	if got := after.MissingKey(sealed); got != "k1" {
		t.Errorf("without the old key %q is lacking", got)
	}
	for _, text := range []string{"13800000000", "0930.76543210", "", "."} {
		if got := after.MissingKey(text); got != "" {
			t.Errorf("%q is taken for sealed by %q", text, got)
		}
	}
	if during.BlindIndex("13800000000", "phone") == index {
		t.Error("index did not change with the primary")
	}
	if got := during.BlindIndexes("13800000000", "phone"); len(got) != 2 || got[1] != index {
		t.Errorf("BlindIndexes = %v, want the old index %q second", got, index)
	}
	resealed := mustSeal(t, during, plain, "r")

	if got, err := after.Open(resealed, "r"); err != nil || got != plain {
		t.Errorf("resealed under new key alone = %q, %v", got, err)
	}
	_, err = after.Open(sealed, "r")
	if !errors.Is(err, seal.ErrUnknownKey) || !fault.Is(err, fault.Internal) {
		t.Fatalf("old text without old key = %v, want ErrUnknownKey", err)
	}
	if !strings.Contains(err.Error(), "k1") || !strings.Contains(err.Error(), "MASHANG_SEAL_KEYS") {
		t.Errorf("advice lacks key id or where to put it: %v", err)
	}
}

func TestBlindIndex(t *testing.T) {
	t.Parallel()
	ring, other := parse(t, keyText("k1", 1)), parse(t, keyText("k1", 9))
	index := ring.BlindIndex("13800000000", "phone")
	if index != ring.BlindIndex("13800000000", "phone") {
		t.Error("not stable")
	}
	if len(index) != len("k1.")+22 {
		t.Errorf("index %q has length %d", index, len(index))
	}
	for name, got := range map[string]string{
		"value":    ring.BlindIndex("13800000001", "phone"),
		"purpose":  ring.BlindIndex("13800000000", "openid"),
		"key":      other.BlindIndex("13800000000", "phone"),
		"boundary": ring.BlindIndex("e13800000000", "phon"),
	} {
		if got == index {
			t.Errorf("another %s gives the same index", name)
		}
	}
}

func TestNothingSecretIsPrinted(t *testing.T) {
	t.Parallel()
	text := keyText("k1", 'S')
	secret := strings.TrimPrefix(text, "k1:")
	ring := parse(t, text)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if got := fmt.Sprintf(verb, ring); got != "seal.Keyring(k1)" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
	sealed := mustSeal(t, ring, "13800000000", "a")
	var all []string
	for _, bad := range []string{sealed[:len(sealed)-2], "k9" + sealed[2:], "13800000000", ""} {
		_, err := ring.Open(bad, "a")
		if err == nil {
			t.Fatalf("%q opened", bad)
		}
		all = append(all, err.Error())
	}
	for _, bad := range []string{text + "," + text, "K1:" + secret, secret, "k1:" + secret[:20], "k1:" + secret + "AAAA", ""} {
		_, err := seal.Parse(bad)
		if !fault.Is(err, fault.Invalid) {
			t.Fatalf("Parse = %v, want Invalid", err)
		}
		all = append(all, err.Error())
	}
	for _, message := range all {
		for _, leak := range []string{"13800000000", secret[:16], sealed[3:20]} {
			if strings.Contains(message, leak) {
				t.Errorf("error %q gives something away", message)
			}
		}
	}
}

func TestParseAcceptsEitherAlphabet(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{0xfb, 0xff}, 16)
	want := parse(t, "k1:"+base64.StdEncoding.EncodeToString(raw))
	sealed := mustSeal(t, want, "x", "")
	for name, text := range map[string]string{
		"url":       "k1:" + base64.URLEncoding.EncodeToString(raw),
		"raw url":   "k1:" + base64.RawURLEncoding.EncodeToString(raw),
		"raw":       "k1:" + base64.RawStdEncoding.EncodeToString(raw),
		"spaces":    "  k1:" + base64.StdEncoding.EncodeToString(raw) + " ,\r\n" + keyText("k0", 1) + "\n",
		"new lines": "k1:" + base64.StdEncoding.EncodeToString(raw) + "\n",
	} {
		if got, err := parse(t, text).Open(sealed, ""); err != nil || got != "x" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	ring := parse(f, keyText("k1", 1))
	f.Add("", "")
	f.Add("k1.", "a")
	f.Add("k1.AQ", "a")
	f.Add("k9.AQAAAA", "a")
	f.Add(mustSeal(f, ring, "13800000000", "a"), "b")
	f.Add("k1.AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "")
	f.Fuzz(func(t *testing.T, sealed, aad string) {
		plain, err := ring.Open(sealed, aad)
		if err == nil {
			if plain == "13800000000" && aad == "a" {
				return // the fuzzer put the true one together again
			}
			t.Fatalf("forged %q opened as %q", sealed, plain)
		}
		if !fault.Is(err, fault.Internal) {
			t.Fatalf("code = %q", fault.CodeOf(err))
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(keyText("k1", 1))
	f.Add("k1:,")
	f.Add(":::")
	f.Fuzz(func(t *testing.T, text string) {
		ring, err := seal.Parse(text)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("code = %q", fault.CodeOf(err))
			}
			return
		}
		if got, err := ring.Open(mustSeal(t, ring, "x", "y"), "y"); err != nil || got != "x" {
			t.Fatalf("accepted ring does not work: %q, %v", got, err)
		}
	})
}
