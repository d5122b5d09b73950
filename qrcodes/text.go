package qrcodes

import (
	"math"
	"strings"
	"unicode"
)

// fit is one way to set a text: at most lines lines, at sizes from the largest
// down to the smallest, in points. A person of seventy reads 20 points at arm's
// length; nothing that matters is smaller.
type fit struct {
	lines           int
	largest, lowest float64
}

// set is a text broken into lines at one size.
type set struct {
	lines []string
	size  float64
}

// arrange breaks the text to the width in millimetres by the first fit that
// holds it, largest size first. ok is false when none does.
func arrange(text string, width float64, measure func(string) float64, fits ...fit) (set, bool) {
	tokens := tokenise(text)
	widths := make([]float64, len(tokens))
	for i, token := range tokens {
		widths[i] = measure(token)
	}
	for _, f := range fits {
		for size := f.largest; size >= f.lowest; size-- {
			lines, ok := wrap(tokens, widths, width/size)
			if ok && len(lines) <= f.lines {
				return set{lines, size}, true
			}
		}
	}
	return set{}, false
}

// wrap fills lines greedily, then once more within the narrowest width that
// needs no line more, so that a short last line does not hang alone. width is in
// the unit of widths. ok is false when a token alone is wider.
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

// longWord is the most letters of a word kept in one piece; a longer one is not a
// word a person reads but a code, and may break anywhere.
const longWord = 16

// tokenise cuts a text where a line may break: around every Chinese character,
// around spaces, never before closing punctuation and never after opening.
func tokenise(text string) []string {
	var tokens []string
	var previous rune
	letters := 0
	for _, r := range text {
		word := r < 0x2E80 && !unicode.IsSpace(r)
		glued := len(tokens) > 0 && (strings.ContainsRune("，。、；：！？）》」』】〕”’·…—", r) ||
			strings.ContainsRune("（《「『【〔“‘", previous) ||
			(word && letters > 0 && letters < longWord))
		switch {
		case glued && previous != ' ':
			tokens[len(tokens)-1] += string(r)
		default:
			tokens = append(tokens, string(r))
			letters = 0
		}
		if word {
			letters++
		} else {
			letters = 0
		}
		previous = r
	}
	return tokens
}
