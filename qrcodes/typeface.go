package qrcodes

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/signintech/gopdf"
)

// The fonts are part of the binary; font/README.md has their sources.
//
//go:embed font/*.ttf.gz
var fontFiles embed.FS

// privateGlyphs is the first of the code points under which the fallback fonts offer single glyphs, each font
// in a range of its own: the PDF library draws only characters, and a joined letter is none. font/fallback.py
// writes them.
const privateGlyphs = 0x100000

// typeface is one of the fonts.
type typeface struct {
	file string
	// scale is the size of its letters relative to the signs' own font, rise their shift upwards in ems: tall
	// scripts have to fit into lines made for Chinese.
	scale, rise float64
	// shaped fonts have rules for the glyphs of their characters.
	shaped bool

	load  func() (*loaded, error)
	inPDF func() error
}

// loaded is an unpacked and parsed font; it is shared and never changes.
type loaded struct {
	data []byte
	font *font.Font
	// base is the code point of glyph 0, 0 for the signs' own font, whose characters are drawn directly.
	base rune
}

// The fonts that the code refers to by name.
const (
	ownFont   = 0
	emojiFont = 15
)

// typefaces are tried in this order for a character.
var typefaces = lazyTypefaces([]typeface{
	{file: "sign", scale: 1},
	{file: "han", scale: 1, shaped: true},
	{file: "latin", scale: 1, shaped: true},
	{file: "arabic", scale: 0.95, rise: 0.06, shaped: true},
	{file: "tibetan", scale: 0.7, rise: 0.14, shaped: true},
	{file: "mongolian", scale: 1, shaped: true},
	{file: "yi", scale: 1, shaped: true},
	{file: "taile", scale: 1, shaped: true},
	{file: "newtailue", scale: 1, shaped: true},
	{file: "taitham", scale: 0.8, rise: 0.1, shaped: true},
	{file: "lisu", scale: 1, shaped: true},
	{file: "miao", scale: 0.85, rise: 0.02, shaped: true},
	{file: "thai", scale: 0.9, rise: 0.02, shaped: true},
	{file: "lao", scale: 0.88, rise: 0.02, shaped: true},
	{file: "myanmar", scale: 0.85, rise: 0.04, shaped: true},
	{file: "emoji", scale: 1, shaped: true},
	{file: "symbols", scale: 1, shaped: true},
	{file: "symbols2", scale: 1, shaped: true},
	{file: "math", scale: 1, shaped: true},
})

// pdfFonts caches the parsed fonts for PDFs, as parsing takes some 30 ms for each.
var pdfFonts = new(gopdf.FontContainer)

// lazyTypefaces makes each font load at its first use.
func lazyTypefaces(list []typeface) []typeface {
	for i := range list {
		t := &list[i]
		t.load = sync.OnceValues(t.open)
		t.inPDF = sync.OnceValue(func() error {
			l, err := t.load()
			if err != nil {
				return err
			}
			if err := pdfFonts.AddTTFFontData(t.file, l.data); err != nil {
				return fmt.Errorf("parse the font %s for a PDF: %w", t.file, err)
			}
			return nil
		})
	}
	return list
}

func (t *typeface) open() (*loaded, error) {
	packed, err := fontFiles.ReadFile("font/" + t.file + ".ttf.gz")
	if err != nil {
		return nil, fmt.Errorf("open the font %s: %w", t.file, err)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("open the font %s: %w", t.file, err)
	}
	data, err := io.ReadAll(zipped)
	if err != nil {
		return nil, fmt.Errorf("unpack the font %s: %w", t.file, err)
	}
	face, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("parse the font %s: %w", t.file, err)
	}
	l := &loaded{data: data, font: face.Font}
	for chars := face.Cmap.Iter(); chars.Next(); {
		if r, glyph := chars.Char(); r >= privateGlyphs {
			l.base = r - rune(glyph) //nolint:gosec // a TrueType font has 65,535 glyphs at most
			break
		}
	}
	return l, nil
}
