// Package fold normalizes texts, so that texts which look the same compare equal, and reports whether a text
// shows anything.
//
// Phones, keyboards and offices write one thing in many ways: full-width digits, invisible characters in copied
// text, a dozen dashes and middle dots, blanks between Chinese characters, accents apart from their letter,
// traditional characters. Every input of the product passes this package, so that all inputs treat the same
// text in the same way:
//
//   - [Visible] reports whether a required text was given.
//   - [Stored] is the stored form: as typed, without invisible characters.
//   - [Key] is the form for comparing and searching; [Mapped] also maps it back to
//     the original text; [Words] splits a search and [Has] looks for it; [Name]
//     compares names.
//   - [Plain] is a value of a field, [Phone] a number as it is dialled, [Code] a
//     code of plain letters and digits.
//
// Character properties are those of Go's package unicode; traditional characters are from OpenCC.
//
// The package is pure and safe for concurrent use. An unchanged text needs no allocation.
package fold

import (
	"unicode"
	"unicode/utf8"
)

// Visible reports whether the text shows anything. White space, control and format characters,
// Default_Ignorable_Code_Points, blank letters (U+3164, U+2800) and marks without a letter show nothing.
func Visible(text string) bool {
	for _, r := range text {
		if r > ' ' && r < 0x7f || isVisible(r) {
			return true
		}
	}
	return false
}

// isVisible reports whether a character alone is visible. A mark needs a letter and does not count.
func isVisible(r rune) bool {
	switch {
	case r <= unicode.MaxASCII:
		return r > ' ' && r < 0x7f
	case isHan(r):
		return true
	default:
		return !unicode.Is(unicode.M, r) && !isBlank(r) && !isInvisible(r)
	}
}

// isHan reports whether a character is Chinese, in any block.
func isHan(r rune) bool {
	switch {
	case r < 0x2E80:
		return false
	case r >= 0x4E00 && r <= 0x9FFF:
		return true
	default:
		return unicode.Is(unicode.Han, r)
	}
}

// isBlank reports whether a character has a width but no ink.
func isBlank(r rune) bool {
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
	return unicode.IsSpace(r) && r != 0x85 // U+0085 is a control here, not a line end
}

// isInvisible reports whether a character has no width: controls, format characters, default-ignorable and
// noncharacters, and the object replacement character.
func isInvisible(r rune) bool {
	switch {
	case r < 0x20 || r >= 0x7f && r < 0xA0:
		return !isBlank(r)
	case r < 0xAD:
		return false
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3001 && r <= 0x3029, r >= 0xFF01 && r <= 0xFF5E:
		return false
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false // format characters that are visible
	case r == 0xFFFC, r >= 0x13430 && r <= 0x1343F:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
		unicode.Noncharacter_Code_Point) && !isBlank(r)
}

// first and last return a text's outermost characters and their lengths.
func first(s string) (rune, int) { return utf8.DecodeRuneInString(s) }
func last(s string) (rune, int)  { return utf8.DecodeLastRuneInString(s) }
