package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Stored returns the stored form of a text: the text in Normalization Form C, without invisible characters and
// surrounding blanks, and "" if nothing visible is left. Line ends become \n, tabs blanks, and invalid UTF-8
// U+FFFD.
//
// Invisible characters stay where visible ones need them: joiners between letters of joining scripts and within
// an emoji, variation selectors after their character, directional marks in a text with right-to-left letters.
// Characters that turn the direction of a passage (U+202A…U+202E, U+2066…U+2069) never stay: with them a text
// reads differently than it is.
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

// asTyped reports whether a character stays in any context.
func asTyped(r rune) bool {
	return r >= ' ' && r < 0x7f || r == '\n' || r >= 0x4E00 && r <= 0x9FFF ||
		r >= 0x3001 && r <= 0x3029 || r >= 0xFF01 && r <= 0xFF5E
}

// trim removes blanks around a text.
func trim(s string) string {
	for {
		r, n := first(s)
		if n == 0 || !isBlank(r) {
			break
		}
		s = s[n:]
	}
	for {
		r, n := last(s)
		if n == 0 || !isBlank(r) {
			return s
		}
		s = s[:len(s)-n]
	}
}

// withoutHidden removes the invisible characters that no visible one needs.
func withoutHidden(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	var before rune // last character kept
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
		case r == '\n' || !isInvisible(r):
		case r == 0x200E || r == 0x200F || r == 0x061C:
			if !checked {
				rightToLeft, checked = strings.ContainsFunc(text, isRightToLeft), true
			}
			if !rightToLeft {
				continue
			}
		default:
			if next, _ := first(rest); !isNeeded(before, r, next) {
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

// isNeeded reports whether a neighbour needs the invisible character.
func isNeeded(before, r, next rune) bool {
	switch {
	case r == 0x200C || r == 0x200D: // ZWNJ, ZWJ
		return isJoining(before) || isJoining(next) || r == 0x200D && isEmojiPart(before) && isEmojiPart(next)
	case r >= 0x180B && r <= 0x180F: // Mongolian variants and the vowel separator
		return unicode.Is(unicode.Mongolian, before)
	case unicode.Is(unicode.Variation_Selector, r):
		return isVisible(before) || unicode.Is(unicode.M, before) && !unicode.Is(unicode.Variation_Selector, before)
	case r >= 0xE0020 && r <= 0xE007F: // the letters of a flag after U+1F3F4
		return before == 0x1F3F4 || before >= 0xE0020 && before <= 0xE007F
	default:
		return false
	}
}

// nonJoining are scripts whose letters do not join. Common and Inherited are characters of no script.
var nonJoining = []*unicode.RangeTable{
	unicode.Common, unicode.Inherited, unicode.Han, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hangul,
	unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Yi,
}

// isJoining reports whether a character is a letter or mark of a script whose letters change with their neighbours.
func isJoining(r rune) bool {
	return r >= 0x590 && unicode.In(r, unicode.L, unicode.M) && !unicode.In(r, nonJoining...)
}

// isEmojiPart reports whether a character can be a part of an emoji.
func isEmojiPart(r rune) bool {
	return r > 0xFF && (unicode.In(r, unicode.So, unicode.Sk, unicode.Sm) || r == 0xFE0F || r >= 0x1F000 && r <= 0x1FAFF) && !isBlank(r)
}
