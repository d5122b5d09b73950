package casework_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"mashang/domain/casework"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                             "",
		"\t \r\n\u3000":                "",
		"一\r\n二\r三\n四":                 "一\n二\n三\n四",
		"a\tb":                         "a b",
		"a\x00b\x1bc\x7fd\u0085e":      "abcde",
		"\ufeff头":                      "头",
		"a\u202eb\u202ac\u202cd":       "abcd",
		"a\u2066b\u2067c\u2068d\u2069": "abcd",
		"\u200b\u2060\u200b":           "",
		"👨\u200d👩\u200d👧":              "👨\u200d👩\u200d👧",
		"ئۇيغۇر\u200fچە":               "ئۇيغۇر\u200fچە",
		"<script>alert(1)</script>":    "<script>alert(1)</script>",
		"=1+1":                         "=1+1",
		"坏\xff字节":                      "坏\ufffd字节",
	} {
		if got := casework.Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"路灯不亮\r\n求修", "\u202e倒", "\x00", "a\u2069\u2066", "\xff\xfe", " \u200b "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := casework.Clean(in)
		if !utf8.ValidString(out) {
			t.Errorf("%q is no text", out)
		}
		if casework.Clean(out) != out {
			t.Errorf("%q is not clean at once: %q", in, out)
		}
		if strings.TrimSpace(out) != out {
			t.Errorf("%q has space around it", out)
		}
		for _, r := range out {
			if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' && r != '\u061c' {
				t.Errorf("%q keeps %U", out, r)
			}
		}
		if n := casework.Runes(in); casework.Runes(out) > 3*n {
			t.Errorf("longer: %d after %d", casework.Runes(out), n)
		}
	})
}
