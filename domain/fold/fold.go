// Package fold makes texts that people take for the same the same, and tells
// whether there is anything to see in one.
//
// Phones, keyboards and offices write one thing in many ways: full-width
// digits, invisible characters that come along when something is copied, a dozen
// dashes and middle dots, blanks between Chinese characters, accents apart from
// their letter, traditional characters. Every door of the product asks this
// package, so that what one door takes is the same at the next:
//
//   - [Visible] answers whether a required text was given.
//   - [Stored] is what is kept: as typed, without what cannot be seen.
//   - [Key] is what is compared and searched; [Mapped] keeps the way back to the
//     text it was made of; [Words] takes a search apart and [Has] looks for it;
//     [Name] compares names.
//   - [Plain] is a value typed into a field, [Phone] a number as it is dialled,
//     [Code] a code of plain letters and digits.
//
// The properties used are those of the Unicode Character Database as Go's
// package unicode has them; the traditional characters are OpenCC's.
//
// The package is pure and safe for concurrent use. Nothing is allocated for a
// text in which nothing changes.
package fold

import (
	"unicode"
	"unicode/utf8"
)

// Visible reports whether somebody who looks at the text sees something. White
// space, control and format characters, Default_Ignorable_Code_Points, blank
// letters (U+3164, U+2800) and marks without a letter show nothing.
func Visible(text string) bool {
	for _, r := range text {
		if r > ' ' && r < 0x7f || seen(r) {
			return true
		}
	}
	return false
}

// seen reports whether a character alone leaves ink on the paper. A mark needs
// a letter to stand on and does not count.
func seen(r rune) bool {
	switch {
	case r <= unicode.MaxASCII:
		return r > ' ' && r < 0x7f
	case han(r):
		return true
	default:
		return !unicode.Is(unicode.M, r) && !blank(r) && !invisible(r)
	}
}

// han reports whether a character is a Chinese one, in any block.
func han(r rune) bool {
	switch {
	case r < 0x2E80:
		return false
	case r >= 0x4E00 && r <= 0x9FFF:
		return true
	default:
		return unicode.Is(unicode.Han, r)
	}
}

// blank reports whether a character takes room and shows nothing.
func blank(r rune) bool {
	if r >= '!' && r < 0x7f || r >= hanFirst && r <= hanLast {
		return false
	}
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, // Hangul fillers
		0x2800,           // Braille pattern without a dot
		0x1D159,          // a note without a head
		0x13441, 0x13442: // hieroglyphs' blanks
		return true
	}
	return unicode.IsSpace(r) && r != 0x85 // a control as the others; a line's end nowhere
}

// invisible reports whether a character takes no room: controls, format
// characters, what Unicode says to ignore by default, what is no character at
// all, and the stand-in for an object that is not in the text.
func invisible(r rune) bool {
	switch {
	case r < 0x20 || r >= 0x7f && r < 0xA0:
		return !blank(r)
	case r < 0xAD:
		return false
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3001 && r <= 0x3029, r >= 0xFF01 && r <= 0xFF5E:
		return false
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false // format characters that are drawn
	case r == 0xFFFC, r >= 0x13430 && r <= 0x1343F:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
		unicode.Noncharacter_Code_Point) && !blank(r)
}

// first and last are a text's outermost characters and their lengths.
func first(s string) (rune, int) { return utf8.DecodeRuneInString(s) }
func last(s string) (rune, int)  { return utf8.DecodeLastRuneInString(s) }
