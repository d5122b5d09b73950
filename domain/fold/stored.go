package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Stored returns what is kept of a text somebody wrote: the text itself without
// what cannot be seen, in Normalization Form C, without blanks around it, and ""
// when nothing is left to see. Line ends become \n, tabs blanks, and what is no
// UTF-8 becomes U+FFFD.
//
// Invisible characters stay where they belong to what is seen: joiners between
// letters of scripts that join and within an emoji, variation selectors behind
// their character, directional marks in a text that has letters written from
// right to left. What turns the direction of a whole passage (U+202A…U+202E,
// U+2066…U+2069) never stays: it makes a text read as another than it is.
func Stored(text string) string {
	i := 0
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !asTyped(r) {
			break
		}
		i += n
	}
	if i < len(text) {
		text = norm.NFC.String(withoutHidden(text))
	}
	if text = trim(text); !Visible(text) {
		return ""
	}
	return text
}

// asTyped reports whether a character stays as it is whatever stands beside it.
func asTyped(r rune) bool {
	return r >= ' ' && r < 0x7f || r == '\n' || r >= 0x4E00 && r <= 0x9FFF ||
		r >= 0x3001 && r <= 0x3029 || r >= 0xFF01 && r <= 0xFF5E
}

// trim removes blanks around a text.
func trim(s string) string {
	for {
		r, n := first(s)
		if n == 0 || !blank(r) {
			break
		}
		s = s[n:]
	}
	for {
		r, n := last(s)
		if n == 0 || !blank(r) {
			return s
		}
		s = s[:len(s)-n]
	}
}

// withoutHidden removes the invisible characters that do nothing for those that
// are seen.
func withoutHidden(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	var before rune // what was kept last
	rightToLeft := false
	checked := false
	for rest := text; rest != ""; {
		r, n := first(rest)
		rest = rest[n:]
		switch {
		case r == '\r':
			if strings.HasPrefix(rest, "\n") {
				continue
			}
			r = '\n'
		case r == '\v' || r == '\f' || r == 0x2028 || r == 0x2029:
			r = '\n'
		case r == '\t':
			r = ' '
		case r == '\n' || !invisible(r):
		case r == 0x200E || r == 0x200F || r == 0x061C:
			if !checked {
				rightToLeft, checked = strings.ContainsFunc(text, isRightToLeft), true
			}
			if !rightToLeft {
				continue
			}
		default:
			if next, _ := first(rest); !belongs(before, r, next) {
				continue
			}
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

func isRightToLeft(r rune) bool {
	return r >= 0x590 && unicode.IsLetter(r) &&
		unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
}

// belongs reports whether an invisible character does something for the one
// before or behind it.
func belongs(before, r, next rune) bool {
	switch {
	case r == 0x200C || r == 0x200D: // ZWNJ, ZWJ
		return joins(before) || joins(next) || r == 0x200D && isEmojiPart(before) && isEmojiPart(next)
	case r >= 0x180B && r <= 0x180F: // Mongolian variants and the vowel separator
		return unicode.Is(unicode.Mongolian, before)
	case unicode.Is(unicode.Variation_Selector, r):
		return seen(before) || unicode.Is(unicode.M, before) && !unicode.Is(unicode.Variation_Selector, before)
	case r >= 0xE0020 && r <= 0xE007F: // the letters of a flag behind U+1F3F4
		return before == 0x1F3F4 || before >= 0xE0020 && before <= 0xE007F
	default:
		return false
	}
}

// apart are scripts whose letters stand one by one; Common and Inherited are
// characters of no script.
var apart = []*unicode.RangeTable{
	unicode.Common, unicode.Inherited, unicode.Han, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hangul,
	unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Yi,
}

// joins reports whether a character is a letter or mark of a script whose
// letters take their form from their neighbours.
func joins(r rune) bool {
	return r >= 0x590 && unicode.In(r, unicode.L, unicode.M) && !unicode.In(r, apart...)
}

// isEmojiPart reports whether a character can be a part of an emoji.
func isEmojiPart(r rune) bool {
	return r > 0xFF && (unicode.In(r, unicode.So, unicode.Sk, unicode.Sm) || r == 0xFE0F || r >= 0x1F000 && r <= 0x1FAFF) && !blank(r)
}
