package qrcodes

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"slices"

	"github.com/go-text/typesetting/font/opentype"
	scale "golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// raster draws canvases as pixels. It keeps the first error, like paper.
type raster struct {
	img *image.RGBA
	// dpm is in dots per millimetre, dpi in dots per inch.
	dpm, dpi float64
	setter   *composer
	// codes are the positions of the QR images to read back.
	codes []spot
	err   error
}

// spot is the position of a QR image on the page.
type spot struct {
	at  image.Rectangle
	url string
}

func newRaster(l *canvas, dpi int, setter *composer) *raster {
	r := &raster{dpi: float64(dpi), dpm: float64(dpi) / 25.4, setter: setter}
	r.img = r.blank(l)
	return r
}

// blank returns a white image of a canvas's size.
func (r *raster) blank(l *canvas) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, r.pixels(l.w), r.pixels(l.h)))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	return img
}

func (r *raster) pixels(mm float64) int { return int(math.Round(mm * r.dpm)) }

// rasterise draws a canvas with dpi dots per inch.
func rasterise(l *canvas, dpi int, setter *composer) (*raster, error) {
	r := newRaster(l, dpi, setter)
	r.put(l, 0, 0)
	return r, cmp.Or(r.err, setter.err)
}

func (r *raster) put(l *canvas, x, y float64) {
	for i := range l.ops {
		m := &l.ops[i]
		at, down := x+m.x, y+m.y
		switch m.kind {
		case opText:
			r.text(m, at, down)
		case opBox:
			r.box(at, down, m.w, m.h, m.colour)
		case opFrame:
			r.frame(at, down, m.w, m.h, m.colour)
		case opLine:
			r.line(at, down, m)
		case opPicture:
			r.picture(m, at, down)
		case opCanvas:
			r.drawCanvas(m, at, down)
		}
	}
}

// drawCanvas draws another canvas separately and places it, turned by half if needed.
func (r *raster) drawCanvas(m *drawOp, x, y float64) {
	if !m.turned {
		r.put(m.canvas, x, y)
		return
	}
	own := newRaster(m.canvas, int(r.dpi), r.setter)
	own.put(m.canvas, 0, 0)
	if r.err == nil {
		r.err = own.err
	}
	size := own.img.Bounds().Max
	for i, j := 0, len(own.img.Pix)-4; i < j; i, j = i+4, j-4 {
		for k := range 4 {
			own.img.Pix[i+k], own.img.Pix[j+k] = own.img.Pix[j+k], own.img.Pix[i+k]
		}
	}
	to := image.Pt(r.pixels(x), r.pixels(y))
	draw.Draw(r.img, image.Rectangle{to, to.Add(size)}, own.img, image.Point{}, draw.Src)
	for _, s := range own.codes {
		turned := image.Rectangle{size.Sub(s.at.Max), size.Sub(s.at.Min)}
		r.codes = append(r.codes, spot{turned.Add(to), s.url})
	}
}

func (c colour) uniform() *image.Uniform {
	return image.NewUniform(color.RGBA{R: c[0], G: c[1], B: c[2], A: 0xFF})
}

// text fills the outlines of a line.
func (r *raster) text(m *drawOp, x, y float64) {
	glyphs, width := r.setter.compose(m.text)
	em := m.size * mmPerPoint
	// No glyph extends further beyond the line.
	const beside, over, under = 0.6, 1.6, 1.1
	s := r.within(x-beside*em, y-over*em, (width+2*beside)*em, (over+under)*em)
	for _, g := range glyphs {
		scale := em * r.dpm * typefaces[g.face].scale / float64(r.setter.face(g.face).Upem())
		left, base := (x+g.x*em)*r.dpm-float64(s.origin.X), (y-g.y*em)*r.dpm-float64(s.origin.Y)
		at := func(p opentype.SegmentPoint) (float32, float32) {
			return float32(left + float64(p.X)*scale), float32(base - float64(p.Y)*scale)
		}
		for _, part := range r.setter.outline(g).Segments {
			x0, y0 := at(part.Args[0])
			x1, y1 := at(part.Args[1])
			switch part.Op {
			case opentype.SegmentOpMoveTo:
				s.ClosePath()
				s.MoveTo(x0, y0)
			case opentype.SegmentOpLineTo:
				s.LineTo(x0, y0)
			case opentype.SegmentOpQuadTo:
				s.QuadTo(x0, y0, x1, y1)
			case opentype.SegmentOpCubeTo:
				x2, y2 := at(part.Args[2])
				s.CubeTo(x0, y0, x1, y1, x2, y2)
			}
		}
		s.ClosePath()
	}
	r.fill(s, m.colour)
}

// shape is a path in pixels within the part of the image that it covers, as a page has many small ones.
type shape struct {
	*vector.Rasterizer

	dpm    float64
	origin image.Point
}

// within begins a shape within a rectangle in millimetres.
func (r *raster) within(x, y, w, h float64) shape {
	origin := image.Pt(int(math.Floor(x*r.dpm)), int(math.Floor(y*r.dpm)))
	far := image.Pt(int(math.Ceil((x+w)*r.dpm)), int(math.Ceil((y+h)*r.dpm)))
	return shape{vector.NewRasterizer(far.X-origin.X, far.Y-origin.Y), r.dpm, origin}
}

// round adds a rounded rectangle in one direction or, for a hole, in the other.
func (s shape) round(x, y, w, h, radius float64, hole bool) {
	const arm = 0.5523 // of a quarter circle as a cubic curve
	at := func(p [2]float64) (float32, float32) {
		return float32(p[0]*s.dpm - float64(s.origin.X)), float32(p[1]*s.dpm - float64(s.origin.Y))
	}
	k := radius * (1 - arm)
	right, low := x+w, y+h
	corners := [4][4][2]float64{ // each from the first point over two to the last
		{{right - radius, y}, {right - k, y}, {right, y + k}, {right, y + radius}},
		{{right, low - radius}, {right, low - k}, {right - k, low}, {right - radius, low}},
		{{x + radius, low}, {x + k, low}, {x, low - k}, {x, low - radius}},
		{{x, y + radius}, {x, y + k}, {x + k, y}, {x + radius, y}},
	}
	for i := range corners {
		c := corners[i]
		if hole {
			c = corners[len(corners)-1-i]
			slices.Reverse(c[:])
		}
		x0, y0 := at(c[0])
		if i == 0 {
			s.MoveTo(x0, y0)
		} else {
			s.LineTo(x0, y0)
		}
		x1, y1 := at(c[1])
		x2, y2 := at(c[2])
		x3, y3 := at(c[3])
		s.CubeTo(x1, y1, x2, y2, x3, y3)
	}
	s.ClosePath()
}

// fill colours the area of the shape's paths.
func (r *raster) fill(s shape, c colour) {
	s.Draw(r.img, s.Bounds().Add(s.origin), c.uniform(), image.Point{})
}

func (r *raster) box(x, y, w, h float64, c colour) {
	s := r.within(x, y, w, h)
	s.round(x, y, w, h, min(cornerRadius, w/2, h/2), false)
	r.fill(s, c)
}

func (r *raster) frame(x, y, w, h float64, c colour) {
	const half = 0.3 // of paper's line
	s := r.within(x-half, y-half, w+2*half, h+2*half)
	radius := min(cornerRadius, w/2, h/2)
	s.round(x-half, y-half, w+2*half, h+2*half, radius+half, false)
	s.round(x+half, y+half, w-2*half, h-2*half, max(radius-half, 0), true)
	r.fill(s, c)
}

// line draws a horizontal or vertical line, dashed by 2 mm if it is dashed.
func (r *raster) line(x, y float64, m *drawOp) {
	length, step := m.w+m.h, 3.5
	dash := 2.0
	if !m.dashed {
		step, dash = length+1, length
	}
	for at := 0.0; at < length; at += step {
		part := min(dash, length-at)
		left, up, w, h := x+at, y-m.size/2, part, m.size
		if m.w == 0 {
			left, up, w, h = x-m.size/2, y+at, m.size, part
		}
		to := image.Rect(r.pixels(left), r.pixels(up), max(r.pixels(left+w), r.pixels(left)+1), max(r.pixels(up+h), r.pixels(up)+1))
		draw.Draw(r.img, to.Intersect(r.img.Bounds()), m.colour.uniform(), image.Point{}, draw.Src)
	}
}

func (r *raster) picture(m *drawOp, x, y float64) {
	if r.err != nil {
		return
	}
	img, _, err := image.Decode(bytes.NewReader(m.data))
	if err != nil {
		r.err = fmt.Errorf("open a picture of a sign: %w", err)
		return
	}
	at := image.Rect(r.pixels(x), r.pixels(y), r.pixels(x+m.w), r.pixels(y+m.h))
	scale.BiLinear.Scale(r.img, at, img, img.Bounds(), scale.Over, nil)
	if m.url != "" {
		r.codes = append(r.codes, spot{at, m.url})
	}
}

// png returns the image as a file with its printed size.
func (r *raster) png() ([]byte, error) {
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := enc.Encode(&out, r.img); err != nil {
		return nil, fmt.Errorf("encode a sign: %w", err)
	}
	return withDensity(out.Bytes(), r.dpm), nil
}
