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
)

// perEm is how finely the shaper measures: units of an em.
const perEm = 1000

// highest and lowest bound how far a mark is moved from its letter, in ems: a pile
// of marks stays in its line.
const (
	highest = 0.35
	lowest  = -0.35
)

// glyph is one outline on a line. Measures are ems of the type size.
type glyph struct {
	face int
	id   font.GID
	// char is the character under which the PDF library draws it.
	char rune
	// x is its left end from the line's, y how far it is lifted over the baseline.
	x, y float64
	// advance is the way to the next glyph as the font has it.
	advance float64
}

// composer sets lines of text in all the fonts. It is for one goroutine.
type composer struct {
	faces []*font.Face // by their place in typefaces, nil before their first use
	bases []rune
	// where is the font of each character, groups that of each cluster.
	where  map[rune]int
	groups map[string]int
	shaper shaping.HarfbuzzShaper
	seg    segmenter.Segmenter
	bidi   bidi.Paragraph
	shapes map[shapeKey]font.GlyphOutline
	// glyphText is what each glyph drawn under a private code point stands for.
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

// face loads a font for this composer. The first error stays.
func (c *composer) face(i int) *font.Face {
	if c.faces[i] == nil && c.err == nil {
		var l *loaded
		if l, c.err = typefaces[i].load(); c.err == nil {
			c.faces[i], c.bases[i] = font.NewFace(l.font), l.base
		}
	}
	return c.faces[i]
}

// noFont is the place of a font that there is not.
const noFont = -1

// fontOf is the first font that has the character, or noFont.
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

// cluster is what a reader takes for one character, with the font it is set in.
type cluster struct {
	start, end int
	face       int
}

// clusters cuts a text into what is set in one font: the first that has a
// character with all its marks, else each of them in its own.
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

// clusterFont is the first font that has all of a cluster; a picture asked for as
// such is taken from the emoji.
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
					chars[i] = []rune(unicodebidi.ReverseString(string(x)))[0] // brackets face the other way
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

// plain reports whether a line is all of the signs' own font, left to right.
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

// runs cuts a line into runs and puts them into the order in which they are seen
// (Unicode Standard Annex 9, rule L2).
func (c *composer) runs(text []rune) []run {
	base := bidi.LeftToRight
	if rightToLeft(text) {
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

// numbersWhole returns the text as its directions are judged: with what joins two
// digits taken for a digit, so that a phone number or a date among words from the
// right keeps its order. The rules turn its parts round.
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
		c.standsFor(char, text, shaped.Glyphs, i, direction == di.DirectionRTL)
		out = append(out, glyph{
			face: r.face, id: g.GlyphID, char: char, x: width + ems(g.XOffset), y: rise + min(max(ems(g.YOffset), lowest), highest),
			advance: float64(face.HorizontalAdvance(g.GlyphID)) / float64(face.Upem()) * scale,
		})
		width += ems(g.Advance)
	}
	return out, width
}

// standsFor notes which characters a glyph stands for, for whoever copies text out
// of the document or searches in it. Of several glyphs for one character the first
// has it.
func (c *composer) standsFor(char rune, text []rune, glyphs []shaping.Glyph, i int, reversed bool) {
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

// outline is a glyph's contours in units of its font.
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
