package qrcodes

import (
	"fmt"

	"github.com/signintech/gopdf"
)

// A4 in millimetres, with a margin every office printer can print.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 12.0
	inner      = pageWidth - 2*margin
)

// mmPerPoint turns a type size into millimetres.
const mmPerPoint = 25.4 / 72

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

// paper draws in millimetres from the top left. The first error stays; later
// calls do nothing, so the layout reads without a check on each line.
type paper struct {
	pdf *gopdf.GoPdf
	err error
}

// newPaper opens an A4 document with the signs' font.
func newPaper() (*paper, error) {
	container, err := fonts()
	if err != nil {
		return nil, err
	}
	pdf := new(gopdf.GoPdf)
	pdf.Start(gopdf.Config{Unit: gopdf.UnitMM, PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	if err := pdf.AddTTFFontFromFontContainer(family, container); err != nil {
		return nil, fmt.Errorf("load the signs' font: %w", err)
	}
	if err := pdf.SetFont(family, "", 10); err != nil {
		return nil, fmt.Errorf("choose the signs' font: %w", err)
	}
	return &paper{pdf: pdf}, nil
}

// width measures a text in millimetres at one point of type size.
func (p *paper) width(text string) float64 {
	if p.err != nil {
		return 0
	}
	const probe = 100
	if p.err = p.pdf.SetFontSize(probe); p.err != nil {
		return 0
	}
	var w float64
	w, p.err = p.pdf.MeasureTextWidth(text)
	return w / probe
}

// centred writes one line centred on x with its middle at y, size in points.
func (p *paper) centred(text string, x, y, size float64, c colour) {
	left := x - p.width(text)*size/2
	if p.err != nil {
		return
	}
	p.pdf.SetTextColor(c[0], c[1], c[2])
	if p.err = p.pdf.SetFontSize(size); p.err != nil {
		return
	}
	// A Chinese character's middle lies about 0.37 of its size over the baseline.
	p.pdf.SetXY(left, y+0.37*size*mmPerPoint)
	p.err = p.pdf.Text(text)
}

// block writes the lines centred on x from y down and returns the y below them.
// leading is the line's height in type sizes.
func (p *paper) block(s set, x, y, leading float64, c colour) float64 {
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
	p.err = p.pdf.Rectangle(x, y, x+w, y+h, "F", 3, 8)
}

// frame outlines a rounded rectangle.
func (p *paper) frame(x, y, w, h float64, c colour) {
	if p.err != nil {
		return
	}
	p.pdf.SetStrokeColor(c[0], c[1], c[2])
	p.pdf.SetLineWidth(0.6)
	p.err = p.pdf.Rectangle(x, y, x+w, y+h, "D", 3, 8)
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
