package fold

import (
	"slices"
	"strings"
	"unicode"
)

// Key returns the form in which texts are compared and searched. Texts that look the same have the same Key:
//
//   - compatibility forms are plain (NFKC): full-width signs, ①, ½, ㎡;
//   - letters are lowercase, digits of every script are 0 to 9;
//   - invisible characters are removed, marks stay only on letters;
//   - traditional characters are simplified, quotes are " and ';
//   - dashes are one -, middle dots ·;
//   - blanks are one space, and removed beside a Chinese character;
//   - a single dot between Chinese characters (middle dot, full-width or plain stop)
//     is removed. The sentence's 。 stays.
//
// Key(Key(text)) is Key(text). A Key is no longer than 11 times its text.
func Key(text string) string {
	f := keyBuilder{text: text, script: simplified(), same: true}
	f.run()
	return f.result()
}

// Name returns the form in which names of people and places are compared: as [Key], but without simplifying
// traditional characters, since 于 and 於 are two family names.
func Name(text string) string {
	f := keyBuilder{text: text, same: true}
	f.run()
	return f.result()
}

// Words splits a search at its blanks. Each word is a Key. Words without a letter or digit are dropped unless
// there are no others.
func Words(search string) []string {
	var words, signs []string
	for word := range strings.FieldsFuncSeq(search, isBlank) {
		switch word = Key(word); {
		case word == "":
		case strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
			words = append(words, word)
		default:
			signs = append(signs, word)
		}
	}
	if len(words) == 0 {
		return signs
	}
	return words
}

// Has reports whether each word of a search, as split by [Words], is in one of the texts.
func Has(words []string, texts ...string) bool {
	if len(words) == 0 {
		return true
	}
	found := make([]bool, len(words))
	for _, text := range texts {
		key := Key(text)
		for i, w := range words {
			found[i] = found[i] || strings.Contains(key, w)
		}
	}
	return !slices.Contains(found, false)
}

// Map is a Key with its offsets in the text.
type Map struct {
	// Key is Key(text).
	Key string

	// at has, for each byte of Key, the bytes of the text that it comes from.
	at []span
}

type span struct{ from, to int32 }

// Mapped returns the Key of a text and its offsets in the text.
func Mapped(text string) Map {
	f := keyBuilder{text: text, script: simplified(), spans: make([]span, 0, len(text))}
	f.run()
	return Map{Key: f.result(), at: f.spans}
}

// Span returns the bounds of text[from:to] from which Key[i:j] was made, including invisible characters
// between. i and j are the bounds of a match: 0 <= i < j <= len(Key). An empty or invalid match gives 0, 0.
func (m Map) Span(i, j int) (from, to int) {
	if i < 0 || i >= j || j > len(m.at) {
		return 0, 0
	}
	return int(m.at[i].from), int(m.at[j-1].to)
}
