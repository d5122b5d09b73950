package phrases

import (
	"strings"
	"unicode"

	"mashang/domain/fold"
)

// place is where the clause, the sentence and the stretch between blanks begin
// that a character stands in.
type place struct{ clause, sentence, said int }

// foldedText is a text's letters and digits, folded, and where each stands.
type foldedText struct {
	letters []rune
	places  []place
}

// isPastEvent reports whether what ends at a place is said to have happened once
// (“翻过车”), or describes what follows (“打人的事”).
func (p foldedText) isPastEvent(end int) bool {
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

// boundary is what divides two characters.
type boundary uint8

const (
	nothing  boundary = iota
	space             // divides what is said; the parts of a phrase may stand on both sides
	comma             // divides clauses
	fullStop          // divides sentences
)

// blank stands for white space until the text is folded, which takes blanks
// beside Chinese characters away.
const blank = '|'

func stopOf(r rune) boundary {
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

// foldText folds a text and divides it.
func foldText(text string) foldedText {
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
	stops := make([]boundary, 0, len(text)/2) // before each letter
	pending := nothing
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			pending = max(pending, stopOf(r))
			continue
		}
		letters, stops = append(letters, r), append(stops, pending)
		pending = nothing
	}
	dropLoneBoundaries(stops)
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
	return foldedText{letters, places}
}

// dropLoneBoundaries removes stops around single characters, for somebody in haste, or
// somebody who evades a filter, writes “救。命”: a comma or a blank beside one
// character, the end of a sentence between two.
func dropLoneBoundaries(stops []boundary) {
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
