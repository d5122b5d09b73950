package qrcodes

import (
	"testing"

	"mashang/domain/record"
	"mashang/qrcodes/linebreak"
)

// ReadsBack draws a code's image on a canvas, turned by half or not, and reports whether it reads as the
// address.
func ReadsBack(image []byte, url string, turned bool) bool {
	face := newCanvas(60, 60, func(string) float64 { return 0 })
	face.code(image, url, 5, 5, 50)
	l := newCanvas(70, 70, face.measure)
	l.place(face, 3, 4, turned)
	b := &batch{paper: newPaper()}
	r, err := b.checked(page{l, []*preparedSign{{Sign: Sign{Title: "王秀英"}, n: 1}}}, readDPI)
	return err == nil && r != nil
}

// CodeSides lays out a sign and returns the sides of its codes in millimetres.
func CodeSides(tb testing.TB, s record.Sign, template string) (sides []float64) {
	tb.Helper()
	b, err := composePages([]record.Sign{s}, record.SignJob{Template: template})
	if err != nil {
		tb.Fatal(err)
	}
	var add func(*canvas)
	add = func(l *canvas) {
		for i := range l.ops {
			switch m := &l.ops[i]; m.kind {
			case opPicture:
				sides = append(sides, m.w)
			case opCanvas:
				add(m.canvas)
			}
		}
	}
	for _, p := range b.pages {
		add(p.canvas)
	}
	return sides
}

// Placed is a glyph of a line: its font, number and position in ems.
type Placed struct {
	Font  string
	Glyph uint32
	X, Y  float64
}

// Compose sets a line and returns its glyphs from left to right, and its width in
// ems.
func Compose(text string) (out []Placed, width float64) {
	c := newComposer()
	text, _ = c.printable(text, named)
	glyphs, width := c.compose(text)
	for _, g := range glyphs {
		out = append(out, Placed{typefaces[g.face].file, uint32(g.id), g.x, g.y})
	}
	return out, width
}

// Lacking lists the characters of a text that no font has.
func Lacking(text string) []rune { return newComposer().lacking(text) }

// Empty lists the characters of a text whose glyphs have no outline.
func Empty(text string) (out []rune) {
	c := newComposer()
	for _, r := range text {
		glyphs, _ := c.compose(string(r))
		ink := 0
		for _, g := range glyphs {
			ink += len(c.outline(g).Segments)
		}
		if ink == 0 {
			out = append(out, r)
		}
	}
	return out
}

// Tokens are the pieces between which a line of the text may break.
func Tokens(text string) []string { return linebreak.Tokens(text) }

// FontFiles are the files of the fonts in the order in which they are asked.
func FontFiles() (out []string) {
	for _, t := range typefaces {
		out = append(out, t.file)
	}
	return out
}

// EmojiFont is the file of the emoji font.
func EmojiFont() string { return typefaces[emojiFont].file }

// GlyphBounds are the first and last code point of each fallback font's glyphs.
func GlyphBounds(tb testing.TB) (out [][2]rune) {
	tb.Helper()
	for _, t := range typefaces[1:] {
		l, err := t.load()
		if err != nil {
			tb.Fatal(err)
		}
		last := l.base
		for chars := l.font.Cmap.Iter(); chars.Next(); {
			if r, _ := chars.Char(); r > last {
				last = r
			}
		}
		if l.base > 0 {
			out = append(out, [2]rune{l.base, last})
		}
	}
	return out
}
