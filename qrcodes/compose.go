package qrcodes

import (
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	unicodebidi "golang.org/x/text/unicode/bidi"

	"mashang/qrcodes/linebreak"
)

// perEm is the shaper's unit: parts of an em.
const perEm = 1000

// highest and lowest bound the shift of a mark from its letter, in ems, so that stacked marks stay within the
// line.
const (
	maxMarkRise = 0.35
	minMarkRise = -0.35
)

// glyph is one outline on a line. Lengths are in ems of the type size.
type glyph struct {
	face int
	id   font.GID
	// char is the character under which the PDF library draws it.
	char rune
	// x is the distance from the left end of the line, y the height above the baseline.
	x, y float64
	// advance is the font's distance to the next glyph.
	advance float64
}

// composer sets lines of text in all fonts. It is not safe for concurrent use.
type composer struct {
	faces []*font.Face // by their place in typefaces, nil before their first use
	bases []rune
	// where has the font of each character, groups that of each cluster.
	where  map[rune]int
	groups map[string]int
	shaper shaping.HarfbuzzShaper
	seg    segmenter.Segmenter
	bidi   bidi.Paragraph
	shapes map[shapeKey]font.GlyphOutline
	// glyphText has the text of each glyph that is drawn under a private code point.
	glyphText map[rune]string
	err       error
}

type shapeKey struct {
	face int
	id   font.GID
}

func newComposer() *composer {
	return &composer{
		faces: make([]*font.Face, len(typefaces)), bases: make([]rune, len(typefaces)), where: map[rune]int{}, groups: map[string]int{},
		shapes: map[shapeKey]font.GlyphOutline{}, glyphText: map[rune]string{},
	}
}

// face loads a font for this composer. The first error is kept.
func (c *composer) face(i int) *font.Face {
	if c.faces[i] == nil && c.err == nil {
		var l *loaded
		if l, c.err = typefaces[i].load(); c.err == nil {
			c.faces[i], c.bases[i] = font.NewFace(l.font), l.base
		}
	}
	return c.faces[i]
}

// noFont means that no font has it.
const noFont = -1

// fontOf returns the first font that has the character, or noFont.
func (c *composer) fontOf(r rune) int {
	if i, ok := c.where[r]; ok {
		return i
	}
	found := noFont
	for i := range typefaces {
		if c.has(i, r) {
			found = i
			break
		}
	}
	c.where[r] = found
	return found
}

func (c *composer) has(i int, r rune) bool {
	face := c.face(i)
	if face == nil || unicode.In(r, unicode.Cc, unicode.Co) {
		return false // what a font has there is nobody's character
	}
	g, ok := face.NominalGlyph(r)
	return ok && g != 0
}

// cluster is what a reader sees as one character, with its font.
type cluster struct {
	start, end int
	face       int
}

// clusters divides a text into clusters: each in the first font that has the character with all its marks, else
// each of them in its own.
func (c *composer) clusters(text []rune) []cluster {
	out := make([]cluster, 0, len(text))
	for _, g := range graphemes(&c.seg, text) {
		if g.end-g.start == 1 {
			g.face = c.fontOf(text[g.start])
			out = append(out, g)
			continue
		}
		if g.face = c.clusterFont(text[g.start:g.end]); g.face != noFont {
			out = append(out, g)
			continue
		}
		for i := g.start; i < g.end; i++ {
			out = append(out, cluster{i, i + 1, c.fontOf(text[i])})
		}
	}
	return out
}

// clusterFont returns the first font that has all of a cluster. A character with emoji presentation is taken
// from the emoji font.
func (c *composer) clusterFont(text []rune) int {
	key := string(text)
	i, ok := c.groups[key]
	if !ok {
		i = c.searchFont(text)
		c.groups[key] = i
	}
	return i
}

func (c *composer) searchFont(text []rune) int {
	all := func(i int) bool {
		return !slices.ContainsFunc(text, func(r rune) bool { return !ignorable(r) && !c.has(i, r) })
	}
	if slices.Contains(text, asPicture) && all(emojiFont) {
		return emojiFont
	}
	for i := range typefaces {
		if all(i) {
			return i
		}
	}
	return noFont
}

// run is a part of a line in one font, script and direction.
type run struct {
	start, end int
	face       int
	level      bidi.Level
	script     language.Script
}

// compose sets one line and returns its glyphs from left to right, and its width.
func (c *composer) compose(text string) (glyphs []glyph, width float64) {
	runes := []rune(text)
	if c.plain(runes) {
		return c.composePlain(runes, 0)
	}
	for _, r := range c.runs(runes) {
		var part []glyph
		var w float64
		if typefaces[r.face].shaped {
			part, w = c.shape(runes, r)
		} else {
			chars := slices.Clone(runes[r.start:r.end])
			if r.level%2 == 1 {
				slices.Reverse(chars)
				for i, x := range chars {
					chars[i] = []rune(unicodebidi.ReverseString(string(x)))[0] // mirrors brackets
				}
			}
			part, w = c.composePlain(chars, 0)
		}
		for i := range part {
			part[i].x += width
		}
		glyphs, width = append(glyphs, part...), width+w
	}
	return glyphs, width
}

// plain reports whether a line is left to right and entirely in the signs' own font.
func (c *composer) plain(text []rune) bool {
	return !slices.ContainsFunc(text, func(r rune) bool { return r >= 0x300 && (r < 0x2000 || ignorable(r)) || c.fontOf(r) != ownFont })
}

// composePlain sets characters of the signs' own font, one glyph each.
func (c *composer) composePlain(chars []rune, x float64) ([]glyph, float64) {
	face := c.face(ownFont)
	if face == nil {
		return nil, 0
	}
	out := make([]glyph, 0, len(chars))
	for _, r := range chars {
		id, ok := face.NominalGlyph(r)
		if !ok || ignorable(r) {
			continue
		}
		advance := float64(face.HorizontalAdvance(id)) / float64(face.Upem())
		out = append(out, glyph{face: ownFont, id: id, char: r, x: x, advance: advance})
		x += advance
	}
	return out, x
}

// runs divides a line into runs in visual order (Unicode Standard Annex 9, rule L2).
func (c *composer) runs(text []rune) []run {
	base := bidi.LeftToRight
	if linebreak.RightToLeft(text) {
		base = bidi.RightToLeft
	}
	levels := make([]bidi.Level, len(text))
	order := c.bidi.Segment(numbersWhole(text), base)
	for i := range order.NumRuns() {
		for r, at := order.Run(i), order.Run(i).Start; at < r.End; at++ {
			levels[at] = r.Level
		}
	}
	var out []run
	for _, g := range c.clusters(text) {
		if g.face == noFont {
			continue
		}
		script := language.Common
		for _, r := range text[g.start:g.end] {
			if s := language.LookupScript(r); s.Strong() {
				script = s
				break
			}
		}
		if n := len(out) - 1; n >= 0 && out[n].end == g.start && out[n].face == g.face && out[n].level == levels[g.start] &&
			(script == out[n].script || !script.Strong() || !out[n].script.Strong()) {
			out[n].end = g.end
			if script.Strong() {
				out[n].script = script
			}
			continue
		}
		out = append(out, run{g.start, g.end, g.face, levels[g.start], script})
	}
	top := bidi.Level(0)
	for _, r := range out {
		top = max(top, r.level)
	}
	for level := top; level > 0; level-- {
		for i := 0; i < len(out); i++ {
			j := i
			for j < len(out) && out[j].level >= level {
				j++
			}
			slices.Reverse(out[i:j])
			i = max(i, j-1)
		}
	}
	return out
}

// numbersWhole returns the text for determining directions: characters between two digits count as digits, so
// that a phone number or a date in right-to-left text keeps its order. The rules would reorder its parts.
func numbersWhole(text []rune) []rune {
	digit := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9' }
	out := slices.Clone(text)
	for i, r := range text {
		if strings.ContainsRune("-/.:+", r) && digit(i-1) && digit(i+1) {
			out[i] = '0'
		}
	}
	return out
}

// shape sets a run by the rules of its font.
func (c *composer) shape(text []rune, r run) (out []glyph, width float64) {
	face := c.face(r.face)
	if face == nil {
		return nil, 0
	}
	direction := di.DirectionLTR
	if r.level%2 == 1 {
		direction = di.DirectionRTL
	}
	shaped := c.shaper.ShapeNoExtents(shaping.Input{
		Text: text, RunStart: r.start, RunEnd: r.end, Direction: direction, Face: face, Size: fixed.I(perEm), Script: r.script,
	})
	scale, rise := typefaces[r.face].scale, typefaces[r.face].rise
	ems := func(v fixed.Int26_6) float64 { return float64(v) / 64 / perEm * scale }
	for i, g := range shaped.Glyphs {
		char := c.bases[r.face] + rune(g.GlyphID) //nolint:gosec // a TrueType font has 65,535 glyphs at most
		c.recordText(char, text, shaped.Glyphs, i, direction == di.DirectionRTL)
		out = append(out, glyph{
			face: r.face, id: g.GlyphID, char: char, x: width + ems(g.XOffset), y: rise + min(max(ems(g.YOffset), minMarkRise), maxMarkRise),
			advance: float64(face.HorizontalAdvance(g.GlyphID)) / float64(face.Upem()) * scale,
		})
		width += ems(g.Advance)
	}
	return out, width
}

// recordText records the text of a glyph, for copying from and searching in the document. If one character has
// several glyphs, the first gets it.
func (c *composer) recordText(char rune, text []rune, glyphs []shaping.Glyph, i int, reversed bool) {
	if _, known := c.glyphText[char]; known {
		return
	}
	g := glyphs[i]
	first := i
	for first > 0 && glyphs[first-1].TextIndex() == g.TextIndex() {
		first--
	}
	at, count := g.TextIndex(), g.RunesCount()
	n := i - first
	if reversed {
		n = g.GlyphsCount() - 1 - n
	}
	switch {
	case count == g.GlyphsCount():
		c.glyphText[char] = string(text[at+n])
	case n == 0:
		c.glyphText[char] = strings.Map(func(r rune) rune {
			if ignorable(r) {
				return -1
			}
			return r
		}, string(text[at:at+count]))
	default:
		c.glyphText[char] = ""
	}
}

// outline returns a glyph's contours in units of its font.
func (c *composer) outline(g glyph) font.GlyphOutline {
	key := shapeKey{g.face, g.id}
	o, ok := c.shapes[key]
	if !ok {
		if face := c.face(g.face); face != nil {
			o, _ = face.GlyphData(g.id).(font.GlyphOutline)
		}
		c.shapes[key] = o
	}
	return o
}
