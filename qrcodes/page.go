package qrcodes

import (
	"cmp"
	"fmt"
	"math"

	"github.com/signintech/gopdf"

	"mashang/qrcodes/unicodemap"
)

// A4 in millimetres, with a margin that every office printer can print.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 12.0
	inner      = pageWidth - 2*margin
)

// mmPerPoint converts a type size to millimetres.
const mmPerPoint = 25.4 / 72

// middleHeight is the height of a Chinese character's middle above the baseline, in type sizes.
const middleHeight = 0.37

// cornerRadius is the radius of corners, in millimetres.
const cornerRadius = 3.0

// colour is red, green, blue.
type colour [3]uint8

var (
	red    = colour{0xB3, 0x1B, 0x1B}
	pale   = colour{0xFB, 0xF1, 0xEC}
	yellow = colour{0xFF, 0xD6, 0x4A}
	ink    = colour{0x1C, 0x1C, 0x1C}
	grey   = colour{0x55, 0x55, 0x55}
	white  = colour{0xFF, 0xFF, 0xFF}
)

// paper draws in millimetres from the top left. It keeps the first error; later calls do nothing, so that
// layouts need no check on each line.
type paper struct {
	*composer

	pdf *gopdf.GoPdf
	err error
	// fonts are the fonts in the document.
	fonts []bool
}

// newPaper creates an A4 document.
func newPaper() *paper {
	p := &paper{composer: newComposer(), pdf: new(gopdf.GoPdf), fonts: make([]bool, len(typefaces))}
	p.pdf.Start(gopdf.Config{Unit: gopdf.UnitMM, PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	return p
}

// width returns a text's width in millimetres at one point of type size.
func (p *paper) width(text string) float64 {
	_, ems := p.compose(text)
	return ems * mmPerPoint
}

// bytes returns the finished document.
func (p *paper) bytes() ([]byte, error) {
	if err := cmp.Or(p.err, p.composer.err); err != nil {
		return nil, err
	}
	data, err := p.pdf.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return unicodemap.Rewrite(data, p.glyphText), nil
}

// drawer is what layouts draw with, in millimetres from the top left: a page of a PDF, or a canvas that is
// drawn later.
type drawer interface {
	// width returns a text's width at one point of type size.
	width(text string) float64
	// centred writes one line centred on x with its middle at y; size is in points.
	centred(text string, x, y, size float64, c colour)
	// box fills a rounded rectangle, frame outlines one.
	box(x, y, w, h float64, c colour)
	frame(x, y, w, h float64, c colour)
	// picture places a JPEG or PNG as a square.
	picture(data []byte, x, y, side float64)
}

// block writes the lines centred on x from y down and returns the y below them. leading is the height of a line
// in type sizes.
func block(p drawer, s textBlock, x, y, leading float64, c colour) float64 {
	height := s.size * mmPerPoint * leading
	for _, line := range s.lines {
		p.centred(line, x, y+height/2, s.size, c)
		y += height
	}
	return y
}

// box fills a rounded rectangle.
func (p *paper) box(x, y, w, h float64, c colour) {
	if p.err != nil {
		return
	}
	p.pdf.SetFillColor(c[0], c[1], c[2])
	p.err = p.pdf.Rectangle(x, y, x+w, y+h, "F", min(cornerRadius, w/2, h/2), 8)
}

// frame outlines a rounded rectangle.
func (p *paper) frame(x, y, w, h float64, c colour) {
	if p.err != nil {
		return
	}
	p.pdf.SetStrokeColor(c[0], c[1], c[2])
	p.pdf.SetLineWidth(0.6)
	p.err = p.pdf.Rectangle(x, y, x+w, y+h, "D", min(cornerRadius, w/2, h/2), 8)
}

// picture places a JPEG or PNG as a square.
func (p *paper) picture(data []byte, x, y, side float64) {
	if p.err != nil {
		return
	}
	var holder gopdf.ImageHolder
	if holder, p.err = gopdf.ImageHolderByBytes(data); p.err != nil {
		return
	}
	p.err = p.pdf.ImageByHolder(holder, x, y, &gopdf.Rect{W: side, H: side})
}

// put draws a canvas with its top left corner at x and y.
func (p *paper) put(l *canvas, x, y float64) {
	for i := range l.ops {
		m := &l.ops[i]
		at, down := x+m.x, y+m.y
		switch m.kind {
		case opText:
			p.text(m.text, at, down, m.size, m.colour)
		case opBox:
			p.box(at, down, m.w, m.h, m.colour)
		case opFrame:
			p.frame(at, down, m.w, m.h, m.colour)
		case opLine:
			p.line(at, down, m)
		case opPicture:
			p.picture(m.data, at, down, m.w)
		case opCanvas:
			if m.turned {
				p.pdf.Rotate(180, at+m.w/2, down+m.h/2)
			}
			p.put(m.canvas, at, down)
			if m.turned {
				p.pdf.RotateReset()
			}
		}
	}
}

// text writes one line with its left side at x and its baseline at y. Consecutive glyphs at the font's
// distances are written as one.
func (p *paper) text(text string, x, y, size float64, c colour) {
	if p.err != nil {
		return
	}
	p.pdf.SetTextColor(c[0], c[1], c[2])
	glyphs, _ := p.compose(text)
	em := size * mmPerPoint
	for i := 0; i < len(glyphs) && p.err == nil; {
		first, chars, next := glyphs[i], "", glyphs[i].x
		for ; i < len(glyphs); i++ {
			if g := glyphs[i]; g.face != first.face || g.y != first.y || math.Abs(g.x-next) > 0.001 {
				break
			}
			chars += string(glyphs[i].char)
			next += glyphs[i].advance
		}
		p.choose(first.face, size*typefaces[first.face].scale)
		if p.err == nil {
			p.pdf.SetXY(x+first.x*em, y-first.y*em)
			p.err = p.pdf.Text(chars)
		}
	}
}

// choose sets the font for what follows. The document gets each font once.
func (p *paper) choose(face int, size float64) {
	t := &typefaces[face]
	if !p.fonts[face] {
		if p.err = t.inPDF(); p.err != nil {
			return
		}
		if p.err = p.pdf.AddTTFFontFromFontContainer(t.file, pdfFonts); p.err != nil {
			return
		}
		p.fonts[face] = true
	}
	p.err = p.pdf.SetFont(t.file, "", size)
}

func (p *paper) line(x, y float64, m *drawOp) {
	if p.err != nil {
		return
	}
	p.pdf.SetStrokeColor(m.colour[0], m.colour[1], m.colour[2])
	p.pdf.SetLineWidth(m.size)
	if m.dashed {
		p.pdf.SetCustomLineType([]float64{2, 1.5}, 0)
		defer p.pdf.SetCustomLineType([]float64{}, 0)
	}
	p.pdf.Line(x, y, x+m.w, y+m.h)
}
