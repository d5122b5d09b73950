package photo

import (
	"context"
	"image"
	"image/color"
	"image/draw"
)

// minReadableSide is the shorter side, in pixels, at which writing stays readable: about the width of a phone's
// screenshot.
const minReadableSide = 1000

// maxFitPixels is the maximum area of a stored picture, so that a long strip of text fits into memory, on the
// server and on a phone.
const maxFitPixels = 16_000_000

// Fit returns the size to which a picture of w×h pixels is scaled down. The longer side becomes side, unless
// the shorter one would fall below short. Then the shorter side becomes short, or stays if it is smaller, and
// the longer one may exceed side, within maxFitPixels. Nothing is enlarged.
func Fit(w, h, side, short int) (int, int) {
	longer, shorter := max(w, h), min(w, h)
	short = min(short, side)
	if longer <= side {
		return w, h
	}
	by, of := side, longer // the scale, as a fraction
	if shorter*side < short*longer {
		by, of = min(short, shorter), shorter
	}
	fw, fh := max(1, w*by/of), max(1, h*by/of)
	for fw*fh > maxFitPixels {
		fw, fh = max(1, fw*15/16), max(1, fh*15/16)
	}
	return fw, fh
}

// rows delivers a picture row by row.
type rows interface {
	// row writes the next row as red, green and blue on white, a byte each.
	row(out []byte) error
}

// imageRows are the rows of a decoded picture.
type imageRows struct {
	img image.Image
	buf *image.RGBA
	y   int
}

func newImageRows(img image.Image) *imageRows {
	return &imageRows{img: img, buf: image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), 1)), y: img.Bounds().Min.Y}
}

// row implements rows.
func (r *imageRows) row(out []byte) error {
	draw.Draw(r.buf, r.buf.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(r.buf, r.buf.Rect, r.img, image.Pt(r.img.Bounds().Min.X, r.y), draw.Over)
	for x := range r.buf.Rect.Dx() {
		copy(out[3*x:3*x+3], r.buf.Pix[4*x:])
	}
	r.y++
	return nil
}

// rowBytes is the memory per pixel of a row in bytes: as stored, as colours, and as sums.
const rowBytes = 80

// shrink averages a picture of size from down to size to and turns it upright. It works row by row: beside the
// result it needs one row of the source and two of the result, where common scalers need a copy of the picture
// in floating point.
func shrink(ctx context.Context, source rows, from, to image.Point, orientation int) (*image.YCbCr, error) {
	sw, sh, dw, dh := from.X, from.Y, to.X, to.Y
	out := newCanvas(dw, dh, orientation)
	row := make([]byte, 3*sw)
	narrow := make([]int64, 3*dw)
	sums := make([]int64, 3*dw)
	// Lengths are scaled so that all are integers: vertically a source row is dh long and a row of the result
	// sh.
	left, y := sh, 0
	for range sh {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := source.row(row); err != nil {
			return nil, ErrBroken
		}
		narrowRow(narrow, row, sw, dw)
		for length := dh; length > 0; {
			part := min(length, left)
			for i, v := range narrow {
				sums[i] += v * int64(part)
			}
			length -= part
			if left -= part; left == 0 {
				out.write(sums, y, int64(sw)*int64(sh))
				clear(sums)
				left = sh
				y++
			}
		}
	}
	return out.img, nil
}

// narrowRow sums sw pixels into dw triples. Horizontally a source pixel is dw long and a pixel of the result
// sw, so each sum is sw times the average.
func narrowRow(narrow []int64, pix []byte, sw, dw int) {
	left, at := sw, 0
	var r, g, b int64
	for x := range sw {
		p := pix[3*x : 3*x+3 : 3*x+3]
		for length := dw; length > 0; {
			part := min(length, left)
			r += int64(p[0]) * int64(part)
			g += int64(p[1]) * int64(part)
			b += int64(p[2]) * int64(part)
			length -= part
			if left -= part; left == 0 {
				narrow[at], narrow[at+1], narrow[at+2] = r, g, b
				at += 3
				r, g, b = 0, 0, 0
				left = sw
			}
		}
	}
}

// canvas is the result: upright, with one chroma sample for four pixels, as in the JPEG.
type canvas struct {
	img           *image.YCbCr
	width, height int // as stored
	orientation   int
}

func newCanvas(width, height, orientation int) *canvas {
	upright := image.Rect(0, 0, width, height)
	if orientation >= 5 {
		upright = image.Rect(0, 0, height, width)
	}
	return &canvas{image.NewYCbCr(upright, image.YCbCrSubsampleRatio420), width, height, orientation}
}

// write divides the sums of row y by their weight and writes them to the upright picture.
func (c *canvas) write(sums []int64, y int, weight int64) {
	average := func(i int) byte {
		return byte((sums[i] + weight/2) / weight) //nolint:gosec // an average of bytes is a byte
	}
	for x := range c.width {
		ox, oy := place(x, y, c.width, c.height, c.orientation)
		luma, cb, cr := color.RGBToYCbCr(average(3*x), average(3*x+1), average(3*x+2))
		c.img.Y[c.img.YOffset(ox, oy)] = luma
		// The four pixels of a chroma sample come at different times and in any order. Each adds a quarter,
		// rounded so that four equal values add up exactly: the sum of ⌊(v+k)/4⌋ for k of 0 to 3 is v. At an
		// odd edge one pixel counts twice.
		at := c.img.COffset(ox, oy)
		for k := range 4 {
			if px, py := ox&^1+k&1, oy&^1+k>>1; min(px, c.img.Rect.Max.X-1) == ox && min(py, c.img.Rect.Max.Y-1) == oy {
				c.img.Cb[at] += byte((int(cb) + k) / 4) //nolint:gosec // a quarter of a byte
				c.img.Cr[at] += byte((int(cr) + k) / 4) //nolint:gosec // as above
			}
		}
	}
}

// place maps a stored pixel to its upright position; w and h are as stored. The numbers are EXIF's (CIPA
// DC-008, tag 0x0112).
func place(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	default:
		return x, y
	}
}

// Thumb returns a small copy; its longer side has at most side pixels. The shorter side of a long strip has at
// least a quarter of that.
func Thumb(ctx context.Context, img image.Image, side int) (*image.YCbCr, error) {
	size := img.Bounds().Size()
	width, height := Fit(size.X, size.Y, side, side/4)
	return shrink(ctx, newImageRows(img), size, image.Pt(width, height), 1)
}
