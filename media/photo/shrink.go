package photo

import (
	"image"
	"image/draw"
)

// shrink averages the picture down so that its longer side is at most side
// pixels, puts it on white and turns it upright. It works row by row: beside the
// result it holds one row of the source and two of the result, where the usual
// scalers hold a copy of the picture in floating point.
func shrink(src image.Image, side, orientation int) *image.RGBA {
	sw, sh := src.Bounds().Dx(), src.Bounds().Dy()
	dw, dh := sw, sh
	if longer := max(sw, sh); longer > side {
		dw, dh = max(1, sw*side/longer), max(1, sh*side/longer)
	}
	out := image.NewRGBA(image.Rect(0, 0, dw, dh))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, dh, dw))
	}

	row := image.NewRGBA(image.Rect(0, 0, sw, 1))
	narrow := make([]int64, 3*dw)
	sums := make([]int64, 3*dw)
	// Lengths are counted so that nothing is a fraction: down the picture, a
	// source row is dh long and a row of the result sh.
	left, y := sh, 0
	for sy := range sh {
		readRow(row, src, sy)
		narrowRow(narrow, row.Pix, sw, dw)
		for length := dh; length > 0; {
			part := min(length, left)
			for i, v := range narrow {
				sums[i] += v * int64(part)
			}
			length -= part
			if left -= part; left == 0 {
				writeRow(out, sums, y, dw, dh, orientation, int64(sw)*int64(sh))
				clear(sums)
				left = sh
				y++
			}
		}
	}
	return out
}

// readRow draws one row of the source on white.
func readRow(row *image.RGBA, src image.Image, y int) {
	from := src.Bounds().Min.Add(image.Pt(0, y))
	draw.Draw(row, row.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(row, row.Bounds(), src, from, draw.Over)
}

// narrowRow sums sw pixels of four bytes into dw triples. Along the row a source
// pixel is dw long and a pixel of the result sw, so each sum is sw times the
// average.
func narrowRow(narrow []int64, pix []byte, sw, dw int) {
	left, at := sw, 0
	var r, g, b int64
	for x := range sw {
		p := pix[4*x : 4*x+3 : 4*x+3]
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

// writeRow divides the sums of row y by their weight and puts them where the
// orientation wants them.
func writeRow(out *image.RGBA, sums []int64, y, dw, dh, orientation int, weight int64) {
	for x := range dw {
		ox, oy := place(x, y, dw, dh, orientation)
		p := out.Pix[out.PixOffset(ox, oy):]
		for c := range 3 {
			p[c] = byte((sums[3*x+c] + weight/2) / weight) //nolint:gosec // an average of bytes is a byte
		}
		p[3] = 0xFF
	}
}

// place maps a stored pixel to its upright place; w and h are as stored. The
// numbers are EXIF's (CIPA DC-008, tag 0x0112).
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
