// Package language chooses the language of sentences for visitors.
package language

import (
	"slices"
	"strconv"
	"strings"
)

// Language is a language in which sentences for visitors exist: a tag of BCP 47.
type Language string

// The languages.
const (
	Chinese Language = "zh-CN"
	English Language = "en"
)

// All are all languages.
var All = []Language{Chinese, English}

// readsChinese are the languages of whoever reads Chinese: they are spoken in China.
var readsChinese = []string{"zh", "yue", "wuu", "bo", "ug", "ii", "za"}

// Accepted returns the language for an Accept-Language header (RFC 9110, 12.5.4): English for a first choice that is
// not read in China, otherwise Chinese.
func Accepted(header string) Language {
	tag, _, _ := strings.Cut(preferred(header), "-")
	if tag == "" || tag == "*" || slices.Contains(readsChinese, tag) {
		return Chinese
	}
	return English
}

// preferred returns the tag of most weight in small letters; the first among equals.
func preferred(header string) string {
	best, most := "", 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, weight, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(weight), "q="); ok {
			q, _ = strconv.ParseFloat(v, 64) // what is no number weighs nothing
		}
		if q > most {
			best, most = strings.TrimSpace(tag), q
		}
	}
	return best
}

// Wording is a text in Chinese and in English.
type Wording [2]string

// In returns the text in a language, with a value for its %s.
func (w Wording) In(l Language, value string) string {
	text := w[0]
	if l == English {
		text = w[1]
	}
	return strings.ReplaceAll(text, "%s", value)
}
