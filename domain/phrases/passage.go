package phrases

import (
	"strings"
	"unicode"

	"mashang/domain/fold"
)

// place is where the clause, the sentence and the stretch between blanks begin
// that a character stands in.
type place struct{ clause, sentence, said int }

// passage is a text's letters and digits, folded, and where each stands.
type passage struct {
	letters []rune
	places  []place
}

// past reports whether what ends at a place is said to have happened once
// (“翻过车”), or describes what follows (“打人的事”).
func (p passage) past(end int) bool {
	if end >= len(p.letters) || p.places[end].clause == end {
		return false
	}
	after := end + 1
	switch p.letters[end] {
	case '过':
		return after == len(p.letters) || !strings.ContainsRune("来去", p.letters[after])
	case '的':
		return after < len(p.letters) && p.places[after].clause != after
	}
	return false
}

// stop is what divides two characters.
type stop uint8

const (
	nothing  stop = iota
	space         // divides what is said; the parts of a phrase may stand on both sides
	comma         // divides clauses
	fullStop      // divides sentences
)

// blank stands for white space until the text is folded, which takes blanks
// beside Chinese characters away.
const blank = '|'

func stopOf(r rune) stop {
	switch {
	case strings.ContainsRune("。！？；!?;", r):
		return fullStop
	case r == blank:
		return space
	case strings.ContainsRune("-*_/~^=+#@&$%·.'\"<>\\`", r):
		return nothing
	default:
		return comma
	}
}

// read folds a text and divides it.
func read(text string) passage {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029:
			return '。'
		case unicode.IsSpace(r):
			return blank
		}
		return r
	}, text)
	text = fold.Key(text)
	letters := make([]rune, 0, len(text)/2)
	stops := make([]stop, 0, len(text)/2) // before each letter
	pending := nothing
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			pending = max(pending, stopOf(r))
			continue
		}
		letters, stops = append(letters, r), append(stops, pending)
		pending = nothing
	}
	join(stops)
	places := make([]place, len(letters))
	var at place
	for i, s := range stops {
		switch s {
		case fullStop:
			at = place{i, i, i}
		case comma:
			at.clause, at.said = i, i
		case space:
			at.said = i
		case nothing:
		}
		places[i] = at
	}
	return passage{letters, places}
}

// join removes stops around single characters, for somebody in haste, or
// somebody who evades a filter, writes “救。命”: a comma or a blank beside one
// character, the end of a sentence between two.
func join(stops []stop) {
	var heads []int // where stretches begin
	for i, s := range stops {
		if i == 0 || s != nothing {
			heads = append(heads, i)
		}
	}
	single := func(k int) bool {
		if k == len(heads)-1 {
			return heads[k] == len(stops)-1
		}
		return heads[k+1] == heads[k]+1
	}
	for k := 1; k < len(heads); k++ {
		before, here := single(k-1), single(k)
		if before && here || stops[heads[k]] < fullStop && (before || here) {
			stops[heads[k]] = nothing
		}
	}
}
