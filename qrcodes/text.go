package qrcodes

import (
	"math"
	"slices"
	"strings"

	"github.com/go-text/typesetting/segmenter"
)

// fitRule is one way to set a text: on at most lines lines, at sizes from the largest to the smallest, in
// points. A person of seventy reads 20 points at arm's length; no important text is smaller.
type fitRule struct {
	lines           int
	largest, lowest float64
}

// textBlock is a text broken into lines at one size.
type textBlock struct {
	lines []string
	size  float64
}

// arrange breaks the text to the width in millimetres by the first rule that fits, largest size first. ok is
// false if none fits.
func arrange(text string, width float64, measure func(string) float64, fits ...fitRule) (textBlock, bool) {
	tokens := tokenise(text)
	widths := make([]float64, len(tokens))
	for i, token := range tokens {
		widths[i] = measure(token)
	}
	for _, f := range fits {
		for size := f.largest; size >= f.lowest; size-- {
			lines, ok := wrap(tokens, widths, width/size)
			if ok && len(lines) <= f.lines {
				return textBlock{oriented(lines, text), size}, true
			}
		}
	}
	return textBlock{}, false
}

// wrap fills lines greedily, then again within the narrowest width with the same number of lines, which avoids
// a short last line. width is in the unit of widths. ok is false if a single token is wider.
func wrap(tokens []string, widths []float64, width float64) (lines []string, ok bool) {
	lines, widest := fill(tokens, widths, width)
	if widest > width {
		return nil, false
	}
	for narrow := width * 0.95; narrow > width*0.4; narrow -= width * 0.05 {
		tighter, widest := fill(tokens, widths, narrow)
		if widest > narrow || len(tighter) > len(lines) {
			break
		}
		lines = tighter
	}
	return lines, true
}

// fill breaks greedily and returns the widest line's width.
func fill(tokens []string, widths []float64, width float64) (lines []string, widest float64) {
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

// maxLatinWord and longest are the maximum numbers of letters of an unbroken word, in Latin and in scripts with
// long words. A longer one is a code and may break anywhere.
const (
	maxLatinWord = 16
	maxLongWord  = 40
)

// In addition to Unicode Standard Annex 14, no line begins with the first of these and none ends with the
// others: a name is not broken at its dots.
const (
	neverFirst = "，。、；：！？）》」』】〕”’·•‧・—…"
	neverLast  = "（《「『【〔“‘"
)

// tokenise divides a text where a line may break (Unicode Standard Annex 14); each space is a token.
func tokenise(text string) []string {
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
	for _, g := range graphemes(&seg, word) {
		add(word[g.start:g.end])
	}
}

// oriented keeps a paragraph's direction on each of its lines, which may begin with a word of another
// direction.
func oriented(lines []string, paragraph string) []string {
	const leftMark, rightMark = "\u200E", "\u200F"
	right := rightToLeft([]rune(paragraph))
	for i, line := range lines {
		switch {
		case rightToLeft([]rune(line)) == right:
		case right:
			lines[i] = rightMark + line
		default:
			lines[i] = leftMark + line
		}
	}
	return lines
}
