package qrcodes

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/segmenter"
	"golang.org/x/text/unicode/norm"

	"mashang/qrcodes/linebreak"
)

const (
	// asPicture follows a character that is to be shown as a coloured emoji.
	asPicture = '\uFE0F'
	// maxMarks is the maximum number of marks on a character; the deepest stacks of Tibetan have seven.
	maxMarks = 8
)

// joiners are the invisible characters that shape their neighbours. All others are removed, among them
// direction overrides, with which a text could read differently than it is.
var joiners = []rune{0x200C, 0x200D, 0x200E, 0x200F, 0xFE0E, asPicture, 0x180B, 0x180C, 0x180D, 0x180E}

// ignorable reports whether a character is invisible (Unicode's Default_Ignorable_Code_Point).
func ignorable(r rune) bool {
	return r > 0x7F && (unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) && (r < 0xFFF9 || r > 0xFFFB))
}

// graphemes divides a text into clusters. Endless chains are divided, which bounds the time for one.
func graphemes(seg *segmenter.Segmenter, text []rune) []cluster {
	out := make([]cluster, 0, len(text))
	seg.Init(text)
	for it := seg.GraphemeIterator(); it.Next(); {
		g := it.Grapheme()
		for at, end := g.Offset, g.Offset+len(g.Text); at < end; at += linebreak.MaxCluster {
			out = append(out, cluster{start: at, end: min(at+linebreak.MaxCluster, end)})
		}
	}
	return out
}

// printable returns the text without invisible characters, and with the result of instead for each character
// that no font has. lacks lists those, each once, including surplus marks.
func (c *composer) printable(text string, instead func(lacks []rune) string) (clean string, lacks []rune) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if c.plain([]rune(text)) {
		return text, nil
	}
	var b strings.Builder
	var gap []rune
	closeGap := func() {
		if len(gap) > 0 {
			b.WriteString(instead(gap))
			gap = nil
		}
	}
	lack := func(r rune) {
		gap = append(gap, r)
		if !slices.Contains(lacks, r) && len(lacks) < maxLacks {
			lacks = append(lacks, r)
		}
	}
	marks := 0
	for _, r := range norm.NFC.String(text) {
		switch {
		case ignorable(r):
			if slices.Contains(joiners, r) && marks < maxMarks && b.Len() > 0 {
				marks++
				closeGap()
				b.WriteRune(r)
			}
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			marks++
		default:
			marks = 0
		}
		if marks > maxMarks || c.fontOf(r) == noFont {
			lack(r)
			continue
		}
		closeGap()
		b.WriteRune(r)
	}
	closeGap()
	return b.String(), lacks
}

// maxLacks is the maximum number of characters that a note names.
const maxLacks = 40

// lacking returns the characters of a text that no font has.
func (c *composer) lacking(text string) []rune {
	_, lacks := c.printable(text, func([]rune) string { return "" })
	return lacks
}

// named replaces unprintable characters by their numbers.
func named(lacks []rune) string {
	var names []string
	for _, r := range slices.Compact(slices.Clone(lacks)) {
		names = append(names, codePoint(r))
	}
	if len(names) > 3 {
		return fmt.Sprintf("〔%s 等 %d 个字符〕", names[0], len(lacks))
	}
	return "〔" + strings.Join(names, " ") + "〕"
}

func codePoint(r rune) string { return fmt.Sprintf("U+%04X", r) }
