package casework_test

import (
	"strings"
	"testing"
	"unicode"

	"mashang/domain/casework"
)

// accepted reports whether a filing with the number passes.
func accepted(phone string) bool {
	return filing(func(f *casework.Filing) { f.Phone = phone }).Check(roster, place, noon) == nil
}

func TestPhones(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{ // "" is refused
		"13800138000":                    "13800138000",
		"138 0013 8000":                  "13800138000",
		"138-0013-8000":                  "13800138000",
		"138\u00a00013\u30008000":        "13800138000",
		"138.0013.8000":                  "13800138000",
		"１３８００１３８０００":                    "13800138000",
		"＋86 138 0013 8000":              "13800138000",
		"+8613800138000":                 "13800138000",
		"008613800138000":                "13800138000",
		"8613800138000":                  "13800138000",
		"\u202d138\u20110013–8000\u202c": "13800138000",
		"19912345678":                    "19912345678",
		"12012345678":                    "",
		"1380013800":                     "",
		"138001380000":                   "",
		"0931-8888888":                   "09318888888",
		"（0931）88888888":                 "093188888888",
		"010-12345678":                   "01012345678",
		"+86 931 8888888":                "09318888888",
		"+86 0931 8888888":               "09318888888",
		"+86 10 1234 5678":               "01012345678",
		"8888888":                        "",
		"0931-888":                       "",
		"0931-888888888":                 "",
		"400-123-4567":                   "4001234567",
		"800-123-4567":                   "8001234567",
		"+1 (415) 555-2671":              "+14155552671",
		"001 415 555 2671":               "+14155552671",
		"+852 2123 4567":                 "+85221234567",
		"+123456":                        "",
		"+1234567":                       "+1234567",
		"+123456789012345":               "+123456789012345",
		"+1234567890123456":              "",
		"+012345678":                     "",
		"+86 12345":                      "",
		"+":                              "",
		"138001380ab":                    "",
		"13800138000转8":                  "",
		"١٣٨٠٠١٣٨٠٠٠":                    "13800138000",
		"'13800138000":                   "13800138000",
		"(+86)13800138000":               "13800138000",
		"86 13800138000":                 "13800138000",
		"\u202d138\u200b00138000\u200e":  "13800138000",
		"+86+8613800138000":              "",
	} {
		got := casework.NormalPhone(in)
		if ok := accepted(got); ok != (want != "") {
			t.Errorf("%q became %q: accepted %v", in, got, ok)
		} else if ok && got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	for _, none := range []string{"", " - ", "+86", "（）"} {
		if got := casework.NormalPhone(none); got != "" || !accepted(got) {
			t.Errorf("%q became %q: a number is not compulsory", none, got)
		}
	}
}

func TestMaskPhone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":             "",
		"1":            "1",
		"12":           "12",
		"123":          "*23",
		"13800138000":  "138****8000",
		"09318888888":  "093****8888",
		"093188888888": "093*****8888",
		"4001234567":   "********67",
		"+14155552671": "+14*****2671",
		"+1234567":     "******67",
		"电话一二三四五六七八九十": "电话一*****七八九十",
		"138****8000":  "138****8000",
	} {
		if got := casework.MaskPhone(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{
		"+86 138-0013-8000", "０９３１－８８８８８８８", "1", "", "+", "\xff", "00", "0086", "86199", "+860", "١٣٨", "8613800138000",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		phone := casework.NormalPhone(in)
		ok := phone != "" && accepted(phone)
		if ok && casework.NormalPhone(phone) != phone {
			t.Errorf("%q is good and yet becomes %q", phone, casework.NormalPhone(phone))
		}
		if ok && (len(phone) < 8 || len(phone) > 16 || strings.Trim(phone, "+0123456789") != "") {
			t.Errorf("%q passes", phone)
		}
		for _, s := range []string{in, phone} {
			mask := casework.MaskPhone(s)
			if casework.Runes(mask) != casework.Runes(s) {
				t.Errorf("%q: %q has another length", s, mask)
			}
			if digits(s) >= 4 && !strings.Contains(s, "*") && mask == s {
				t.Errorf("%q is not masked", s)
			}
			if digits(mask) > 7 {
				t.Errorf("%q: %q shows too much", s, mask)
			}
		}
	})
}
