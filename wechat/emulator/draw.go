package emulator

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
)

// The code's geometry, as parts of its width.
const (
	outerRing = 0.48 // where the rays end
	innerRing = 0.30 // where they begin
	rayCount  = 60
	rayDots   = 6
	eyeRadius = 0.075 // radius of the three round marks
	eyeAt     = 0.275 // their distance from the centre, in x and y
)

var (
	paper = color.Gray{Y: 255}
	ink   = color.Gray{Y: 30}
)

// codeStyle describes the picture of a code.
type codeStyle struct {
	scene string
	// label is written in the centre, under 模拟码.
	label string
	width int
	// lines is the colour of the lines, nil for nearly black.
	lines       *color.NRGBA
	transparent bool
}

// drawCode draws a picture like a mini-program code: a ring of rays with three round marks, and 模拟码 with the
// label in its centre. It cannot be scanned. The scene decides the rays, so that each code looks different and
// is always the same. It is a JPEG, or a PNG if it is transparent.
func drawCode(s codeStyle) ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, s.width, s.width))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	drawRays(img, s.scene)
	drawLabel(img, s.label)
	var shown image.Image = img
	if s.lines != nil || s.transparent {
		shown = paint(img, s.lines, s.transparent)
	}
	var out bytes.Buffer
	if s.transparent {
		err := png.Encode(&out, shown)
		return out.Bytes(), err
	}
	err := jpeg.Encode(&out, shown, &jpeg.Options{Quality: 90})
	return out.Bytes(), err
}

// paint colours lines and background, which are the only two shades of the drawing.
func paint(img *image.Gray, lines *color.NRGBA, transparent bool) *image.NRGBA {
	line, ground := color.NRGBA{ink.Y, ink.Y, ink.Y, 0xff}, color.NRGBA{paper.Y, paper.Y, paper.Y, 0xff}
	if lines != nil {
		line = *lines
	}
	if transparent {
		ground.A = 0
	}
	out := image.NewNRGBA(img.Bounds())
	for i, shade := range img.Pix {
		c := ground
		if shade == ink.Y {
			c = line
		}
		copy(out.Pix[4*i:], []uint8{c.R, c.G, c.B, c.A})
	}
	return out
}

// drawRays paints the ring and the marks, pixel by pixel.
func drawRays(img *image.Gray, scene string) {
	width := img.Bounds().Dx()
	bits := newPattern(scene)
	half, scale := float64(width)/2, 1/float64(width)
	for y := range width {
		for x := range width {
			dx, dy := (float64(x)+0.5-half)*scale, (float64(y)+0.5-half)*scale
			if inEye, dark := eye(dx, dy); inEye {
				if dark {
					img.SetGray(x, y, ink)
				}
				continue
			}
			if bits.dark(dx, dy) {
				img.SetGray(x, y, ink)
			}
		}
	}
}

// eye reports whether a point is inside one of the three marks, and whether it is dark there.
func eye(dx, dy float64) (inside, dark bool) {
	for _, at := range [][2]float64{{-eyeAt, -eyeAt}, {eyeAt, -eyeAt}, {-eyeAt, eyeAt}} {
		d := math.Hypot(dx-at[0], dy-at[1]) / eyeRadius
		if d <= 1.25 {
			return true, d <= 1 && d >= 0.72 || d <= 0.45
		}
	}
	return false, false
}

// pattern decides which dots of which rays are dark.
type pattern [rayCount][rayDots]bool

func newPattern(scene string) *pattern {
	var p pattern
	sum := sha256.Sum256([]byte(scene))
	for ray := range p {
		for dot := range p[ray] {
			n := ray*rayDots + dot
			if n%256 == 0 && n > 0 {
				sum = sha256.Sum256(sum[:])
			}
			p[ray][dot] = dot == 0 || sum[n%256/8]>>(n%8)&1 == 1
		}
	}
	return &p
}

// dark reports whether a point, relative to the centre in parts of the width, is on a dark dot. Adjacent dark
// dots of a ray merge.
func (p *pattern) dark(dx, dy float64) bool {
	r := math.Hypot(dx, dy)
	if r < innerRing || r >= outerRing {
		return false
	}
	turn := (math.Atan2(dy, dx)/(2*math.Pi) + 1) * rayCount
	ray, aside := int(turn)%rayCount, math.Abs(turn-math.Floor(turn)-0.5)
	if aside*2*math.Pi*r/rayCount > 0.0075 {
		return false
	}
	return p[ray][int((r-innerRing)/(outerRing-innerRing)*rayDots)]
}

// drawLabel writes 模拟码 and the label, twelve characters a line, in the centre.
func drawLabel(img *image.Gray, label string) {
	width := img.Bounds().Dx()
	big := max(width*12/25/(3*glyphSize+2), 1) // three glyphs over half the width
	small := max(big*2/3, 1)
	const perLine = 12
	lines := (len(label) + perLine - 1) / perLine
	lineHeight := 9 * small
	top := width/2 - (glyphSize*big+2*big+lines*lineHeight)/2
	left := width/2 - (3*glyphSize+2)*big/2
	for i, g := range glyphs {
		drawBits(img, left+i*(glyphSize+1)*big, top, big, glyphSize, g[:])
	}
	top += (glyphSize + 3) * big
	for i := range lines {
		line := label[i*perLine : min((i+1)*perLine, len(label))]
		left := width/2 - (6*len(line)-1)*small/2
		for j := range len(line) {
			rows := letterRows(line[j])
			drawBits(img, left+j*6*small, top+i*lineHeight, small, letterWidth, rows[:])
		}
	}
}

// drawBits draws rows of n bits, the highest bit at the left, each as a square of the given size.
func drawBits(img *image.Gray, left, top, size, n int, rows []uint16) {
	for y, row := range rows {
		for x := range n {
			if row>>(n-1-x)&1 == 0 {
				continue
			}
			dot := image.Rect(left+x*size, top+y*size, left+(x+1)*size, top+(y+1)*size)
			draw.Draw(img, dot, image.NewUniform(ink), image.Point{}, draw.Src)
		}
	}
}
