package journal_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/journal"
)

var salt = []byte("0123456789abcdef")

func published() journal.Event {
	return journal.Event{
		At: 1796000000123, What: "day.published", Of: "day/20261204-j01", By: "liaison/l01",
		Data:    map[string]string{"theme": "供热 & <路灯>", "date": "2026-12-04"},
		Private: map[string]string{"phone": "13800138000"}, Salt: salt,
	}
}

func line(t interface{ Fatal(args ...any) }, e journal.Event) []byte {
	b, err := e.Line()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGoldenLine: a log that was signed holds this form for ever.
func TestGoldenLine(t *testing.T) {
	t.Parallel()
	const want = `{"v":1,"at":1796000000123,"what":"day.published","of":"day/20261204-j01","by":"liaison/l01",` +
		`"data":{"date":"2026-12-04","theme":"供热 & <路灯>"},"private":{"phone":"oXsp9szCGYvwc3q1MLy-9K4pUL-usEUJbCTEBN75-Rs"}}`
	if got := string(line(t, published())); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	bare := journal.Event{What: "a", Of: "b", By: "station"}
	if got := string(line(t, bare)); got != `{"v":1,"at":0,"what":"a","of":"b","by":"station"}` {
		t.Error(got)
	}
}

var (
	names  = rapid.StringMatching(`[a-z0-9._/-]{1,8}`)
	values = rapid.OneOf(rapid.String(), rapid.StringMatching(`[ab":,{}\\]{0,3}`), rapid.SampledFrom([]string{"", "甲", "\u2028", "<&>", "\x7f", "\xff"}))
	fields = rapid.MapOfN(names, values, 0, 3)
)

func event(t *rapid.T, label string) journal.Event {
	return journal.Event{
		At: rapid.Int64().Draw(t, label+" at"), What: names.Draw(t, label+" what"), Of: names.Draw(t, label+" of"), By: names.Draw(t, label+" by"),
		Data: fields.Draw(t, label+" data"), Private: fields.Draw(t, label+" private"), Salt: salt,
	}
}

// same reports whether two events say the same, up to what folding takes out.
func same(a, b journal.Event) bool {
	folded := func(m map[string]string) map[string]string {
		m = maps.Clone(m)
		for k, v := range m {
			m[k] = fold.Stored(v)
		}
		return m
	}
	return a.At == b.At && a.What == b.What && a.Of == b.Of && a.By == b.By &&
		maps.Equal(folded(a.Data), folded(b.Data)) && maps.Equal(folded(a.Private), folded(b.Private))
}

// TestOneEventOneLine: the same event is the same bytes, and another event is others.
func TestOneEventOneLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := event(t, "a")
		b := a
		switch rapid.IntRange(0, 6).Draw(t, "changed") {
		case 0:
			b.At = rapid.Int64().Draw(t, "at")
		case 1:
			b.What, b.Of = b.Of, b.What
		case 2:
			b.By = names.Draw(t, "by")
		case 3:
			b.Data = fields.Draw(t, "data")
		case 4:
			b.Private = fields.Draw(t, "private")
		case 5:
			b.Data, b.Private = b.Private, b.Data
		default:
			b = event(t, "b")
		}
		one, other := line(t, a), line(t, b)
		if bytes.Equal(one, other) != same(a, b) {
			t.Fatalf("%+v and %+v:\n%s\n%s", a, b, one, other)
		}
		// Maps have no order, and nil is as empty.
		a.Data, a.Private = maps.Collect(maps.All(a.Data)), maps.Collect(maps.All(a.Private))
		if !bytes.Equal(one, line(t, a)) {
			t.Fatalf("%s is twice two lines", one)
		}
		checkForm(t, a, one)
	})
	if a, b := (journal.Event{What: "a", Of: "b", By: "c", Data: map[string]string{}}), (journal.Event{What: "a", Of: "b", By: "c"}); !bytes.Equal(line(t, a), line(t, b)) {
		t.Error("no data and empty data differ")
	}
}

// checkForm reads a line again.
func checkForm(t interface{ Fatalf(string, ...any) }, e journal.Event, b []byte) {
	// JSON requires \u for control characters alone, and folding leaves none but line breaks.
	escaped := strings.ReplaceAll(string(b), `\\`, "")
	if strings.ContainsAny(escaped, "\n\r") || !utf8.Valid(b) || strings.Contains(escaped, `\u`) {
		t.Fatalf("%q", b)
	}
	var read struct {
		V             int
		At            int64
		What, Of, By  string
		Data, Private map[string]string
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&read); err != nil || read.V != journal.Version || read.At != e.At || read.What != e.What || read.Of != e.Of || read.By != e.By {
		t.Fatalf("%s: %v", b, err)
	}
	for name, value := range e.Data {
		if read.Data[name] != fold.Stored(value) {
			t.Fatalf("%q is %q", value, read.Data[name])
		}
	}
	for name, value := range e.Private {
		if read.Private[name] != journal.Hash(e.Salt, name, value) {
			t.Fatalf("%q is not its hash", name)
		}
	}
	if len(read.Data) != len(e.Data) || len(read.Private) != len(e.Private) {
		t.Fatalf("%s has more or less than %+v", b, e)
	}
}

// TestPrivateValuesStayOut: neither a line nor an error holds what is private.
func TestPrivateValuesStayOut(t *testing.T) {
	t.Parallel()
	secrets := []string{"13800138000", "王小明", "0123456789abcdef", "丈夫住院"}
	e := published()
	e.Private = map[string]string{"phone": secrets[0], "name": secrets[1], "words": secrets[3]}
	texts := []string{string(line(t, e))}
	for _, broken := range []func(*journal.Event){
		func(x *journal.Event) { x.Salt = nil },
		func(x *journal.Event) { x.By = "visitor/" + secrets[1] },
		func(x *journal.Event) { x.Private = map[string]string{secrets[1]: "1"} },
		func(x *journal.Event) { x.Data = map[string]string{secrets[1]: "1"} },
	} {
		x := e
		broken(&x)
		_, err := x.Line()
		if !fault.Is(err, fault.Internal) {
			t.Errorf("%v", err)
		}
		texts = append(texts, err.Error())
	}
	for _, text := range texts {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s in %s", s, text)
			}
		}
	}
	// Without the salt a hash tells nothing, also not that two fields, or two events, are of one person.
	hashes := []string{
		journal.Hash(salt, "phone", "1"), journal.Hash(salt, "name", "1"), journal.Hash(salt, "phone", "2"),
		journal.Hash([]byte("fedcba9876543210"), "phone", "1"),
		journal.Hash(salt, "phone1", ""), journal.Hash(salt, "", "phone1"), journal.Hash(salt[:15], "fphone", "1"),
	}
	slices.Sort(hashes)
	if len(slices.Compact(slices.Clone(hashes))) != len(hashes) || len(hashes[0]) != 43 {
		t.Errorf("%q", hashes)
	}
}

// TestNamesAndSaltsAreChecked: nothing else can be a name.
func TestNamesAndSaltsAreChecked(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "A", "甲", "a b", "a\n", "a\"", "a\x00", strings.Repeat("a", 81)} {
		for i, e := range []journal.Event{
			{What: name, Of: "b", By: "c"},
			{What: "a", Of: name, By: "c"},
			{What: "a", Of: "b", By: name},
			{What: "a", Of: "b", By: "c", Data: map[string]string{name: "1"}},
			{What: "a", Of: "b", By: "c", Private: map[string]string{name: "1"}, Salt: salt},
		} {
			if b, err := e.Line(); !fault.Is(err, fault.Internal) || b != nil {
				t.Errorf("%q at %d: %s, %v", name, i, b, err)
			}
		}
	}
	for n, ok := range map[int]bool{0: false, 15: false, 16: true} {
		e := published()
		e.Salt = salt[:n]
		if _, err := e.Line(); (err == nil) != ok {
			t.Errorf("a salt of %d bytes: %v", n, err)
		}
	}
	e := published()
	e.Private, e.Salt, e.What = nil, nil, strings.Repeat("a", 80)
	line(t, e)
}

// FuzzLine: whatever is given, it is one line that reads the same, or it is refused.
func FuzzLine(f *testing.F) {
	f.Add(int64(1796000000123), "day.published", "day/1", "station", "theme", "供热", "phone", "13800138000", salt)
	f.Add(int64(-1), "A", "", "\n", "\u2028", "\xff\"\\\u2028", "", "\u202e", []byte(nil))
	f.Fuzz(func(t *testing.T, at int64, what, of, by, name, value, secret, hidden string, salt []byte) {
		e := journal.Event{
			At: at, What: what, Of: of, By: by, Data: map[string]string{name: value}, Private: map[string]string{secret: hidden}, Salt: salt,
		}
		b, err := e.Line()
		if err != nil {
			if !fault.Is(err, fault.Internal) || b != nil {
				t.Errorf("%s, %v", b, err)
			}
			return
		}
		checkForm(t, e, b)
	})
}
