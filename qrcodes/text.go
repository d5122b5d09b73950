package qrcodes

import "mashang/qrcodes/linebreak"

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
	tokens := linebreak.Tokens(text)
	widths := make([]float64, len(tokens))
	for i, token := range tokens {
		widths[i] = measure(token)
	}
	for _, f := range fits {
		for size := f.largest; size >= f.lowest; size-- {
			lines, ok := linebreak.Wrap(tokens, widths, width/size)
			if ok && len(lines) <= f.lines {
				return textBlock{linebreak.Oriented(lines, text), size}, true
			}
		}
	}
	return textBlock{}, false
}
