package web_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"mashang/handlers/web"
)

// FuzzReadJSON holds the strict reader to a slow and plain one: what it takes
// is JSON and UTF-8 and names no field twice, and it takes all of that.
func FuzzReadJSON(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, `null`, `1`, `"x"`, `{"a":1,"a":2}`, `{"a":{"b":1},"c":{"b":1}}`, `[{"a":1},{"a":1}]`,
		`{"a":[{"b":[1,{"c":1,"c":2}]}]}`, `{"a":"{\"a\":1,\"a\":2}"}`, `{"\u0061":1,"a":2}`, `{"a\\":1,"a":2}`,
		`{"a":1} {}`, "{\"\xff\":1}", `{"":1,"":2}`, `{"a":"\\","b":"\""}`, strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got any
		err := web.ReadJSON(data, &got)
		want := json.Valid(data) && utf8.Valid(data) && !tooLarge(data)
		if want {
			d := json.NewDecoder(strings.NewReader(string(data)))
			d.UseNumber()
			want = plain(t, d)
		}
		if (err == nil) != want {
			t.Errorf("%q: error %v, want taken %v", data, err, want)
		}
	})
}

// plain reads one value and reports whether no object in it names a field
// twice or has more than 64.
func plain(t *testing.T, d *json.Decoder) bool {
	t.Helper()
	token, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	ok := true
	switch token {
	case json.Delim('{'):
		seen := map[any]bool{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			ok = !seen[key] && ok
			seen[key] = true
			ok = plain(t, d) && ok
		}
		ok = ok && len(seen) <= 64
	case json.Delim('['):
		for d.More() {
			ok = plain(t, d) && ok
		}
	default:
		return true
	}
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	return ok
}

// tooLarge reports a number that fits no float64, which no field of ours takes.
func tooLarge(data []byte) bool {
	var v any
	return json.Unmarshal(data, &v) != nil
}
