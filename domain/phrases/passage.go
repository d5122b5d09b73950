package phrases

import (
	"strings"
	"unicode"

	"mashang/domain/fold"
)

// place has the beginnings of the clause, of the sentence and of the blank-free stretch around a character.
type place struct{ clause, sentence, stretch int }

// foldedText has a text's letters and digits, folded, with their places.
type foldedText struct {
	letters []rune
	places  []place
}

// isPastEvent reports whether the phrase that ends at a position is about something past (“翻过车”), or an
// attribute of what follows (“打人的事”).
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

// boundary is what separates two characters.
type boundary uint8

const (
	nothing  boundary = iota
	space             // separates stretches; a phrase may continue after it
	comma             // separates clauses
	fullStop          // separates sentences
)

// blank represents white space during folding, which would remove blanks beside Chinese characters.
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

// foldText folds and divides a text.
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
			at.clause, at.stretch = i, i
		case space:
			at.stretch = i
		case nothing:
		}
		places[i] = at
	}
	return foldedText{letters, places}
}

// dropLoneBoundaries removes boundaries around single characters, since people in a hurry, or evading a filter,
// write “救。命”: a comma or a blank beside one character, the end of a sentence between two.
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
