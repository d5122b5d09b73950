// Package linebreak breaks texts of all scripts into lines.
package linebreak

import (
	"math"
	"slices"
	"strings"

	"github.com/go-text/typesetting/segmenter"
	"golang.org/x/text/unicode/bidi"
)

// Wrap fills lines greedily, then again within the narrowest width with the same number of lines, which avoids
// a short last line. width is in the unit of widths. ok is false if a single token is wider.
func Wrap(tokens []string, widths []float64, width float64) (lines []string, ok bool) {
	lines, widest := Fill(tokens, widths, width)
	if widest > width {
		return nil, false
	}
	for narrow := width * 0.95; narrow > width*0.4; narrow -= width * 0.05 {
		tighter, widest := Fill(tokens, widths, narrow)
		if widest > narrow || len(tighter) > len(lines) {
			break
		}
		lines = tighter
	}
	return lines, true
}

// Fill breaks greedily and returns the widest line's width.
func Fill(tokens []string, widths []float64, width float64) (lines []string, widest float64) {
	var line strings.Builder
	var used float64
	end := func() {
		if text := strings.TrimSpace(line.String()); text != "" {
			lines = append(lines, text)
		}
		line.Reset()
		used = 0
	}
	for i, token := range tokens {
		if used > 0 && used+widths[i] > width && token != " " {
			end()
		}
		line.WriteString(token)
		used += widths[i]
		if token != " " {
			widest = math.Max(widest, used)
		}
	}
	end()
	return lines, widest
}

// maxLatinWord and maxLongWord are the maximum numbers of letters of an unbroken word, in Latin and in scripts with
// long words. A longer one is a code and may break anywhere.
const (
	maxLatinWord = 16
	maxLongWord  = 40
)

// MaxCluster is the maximum number of characters of one cluster. Endless chains are divided, which bounds the time
// for one.
const MaxCluster = 24

// In addition to Unicode Standard Annex 14, no line begins with the first of these and none ends with the
// others: a name is not broken at its dots.
const (
	neverFirst = "，。、；：！？）》」』】〕”’·•‧・—…"
	neverLast  = "（《「『【〔“‘"
)

// Tokens divides a text where a line may break (Unicode Standard Annex 14); each space is a token.
func Tokens(text string) []string {
	var tokens []string
	var seg segmenter.Segmenter
	seg.Init([]rune(text))
	glue := false
	add := func(token []rune) {
		last := len(tokens) - 1
		if last >= 0 && tokens[last] != " " && (glue || strings.ContainsRune(neverFirst, token[0])) {
			tokens[last] += string(token)
		} else {
			tokens = append(tokens, string(token))
		}
		glue = strings.ContainsRune(neverLast, token[len(token)-1])
	}
	for it := seg.LineIterator(); it.Next(); {
		part := it.Line().Text
		for len(part) > 0 {
			end := 0
			for end < len(part) && part[end] != ' ' {
				end++
			}
			if end > 0 {
				pieces(part[:end], add)
			}
			for ; end < len(part) && part[end] == ' '; end++ {
				tokens, glue = append(tokens, " "), false
			}
			part = part[end:]
		}
	}
	return tokens
}

// pieces adds a word whole, or character by character if it is too long.
func pieces(word []rune, add func([]rune)) {
	most := maxLatinWord
	if slices.ContainsFunc(word, func(r rune) bool { return r >= 0x590 && r < 0x2000 }) {
		most = maxLongWord
	}
	if len(word) <= most {
		add(word)
		return
	}
	var seg segmenter.Segmenter
	seg.Init(word)
	for it := seg.GraphemeIterator(); it.Next(); {
		for part := range slices.Chunk(it.Grapheme().Text, MaxCluster) {
			add(part)
		}
	}
}

// Oriented keeps a paragraph's direction on each of its lines, which may begin with a word of another
// direction.
func Oriented(lines []string, paragraph string) []string {
	const leftMark, rightMark = "\u200E", "\u200F"
	right := RightToLeft([]rune(paragraph))
	for i, line := range lines {
		switch {
		case RightToLeft([]rune(line)) == right:
		case right:
			lines[i] = rightMark + line
		default:
			lines[i] = leftMark + line
		}
	}
	return lines
}

// RightToLeft reports whether a text is right-to-left: its first letter decides (Unicode Standard Annex 9,
// rules P2 and P3).
func RightToLeft(text []rune) bool {
	for _, r := range text {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		default:
		}
	}
	return false
}
