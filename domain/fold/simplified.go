package fold

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

// simplifiedLines has a line for each simplified character: itself, then the characters that it replaces. See
// simplified/README.md.
//
//go:embed simplified/simplified.txt
var simplifiedLines string

// The block of the common Chinese characters.
const (
	hanFirst = 0x4E00
	hanLast  = 0x9FFF
)

// inRareMap in the array means that the form is in the map, as it is beyond U+FFFF.
const inRareMap = 1

// variants maps a character to its simplified form. The common block has an array for speed, as every character
// of a text is looked up; 0 means none.
type variants struct {
	common [hanLast - hanFirst + 1]uint16
	rare   map[rune]rune
}

var simplified = sync.OnceValue(func() *variants {
	v := &variants{rare: map[rune]rune{}}
	for line := range strings.Lines(simplifiedLines) {
		to, n := utf8.DecodeRuneInString(line)
		for _, from := range strings.TrimSpace(line[n:]) {
			switch common := from >= hanFirst && from <= hanLast; {
			case common && to <= 0xFFFF:
				v.common[from-hanFirst] = uint16(to)
				continue
			case common:
				v.common[from-hanFirst] = inRareMap
			}
			v.rare[from] = to
		}
	}
	return v
})

// of returns the simplified form of a Chinese character, or the character itself.
func (v *variants) of(r rune) rune {
	if r >= hanFirst && r <= hanLast {
		switch to := v.common[r-hanFirst]; to {
		case 0:
			return r
		case inRareMap:
		default:
			return rune(to)
		}
	}
	if to, ok := v.rare[r]; ok {
		return to
	}
	return r
}
