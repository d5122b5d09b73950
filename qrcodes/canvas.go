package qrcodes

// canvas is the content of one sign or page as a list of operations, so that a PDF and an image show the same.
// Lengths are in millimetres from the top left.
type canvas struct {
	w, h    float64
	ops     []drawOp
	measure func(string) float64
}

// The kinds of operations.
const (
	opText = iota
	opBox
	opFrame
	opLine
	opPicture
	opCanvas
)

// drawOp is one operation on a canvas. Its kind decides which fields are used.
type drawOp struct {
	kind       int
	x, y, w, h float64 // of a text, x is its left side and y its baseline
	size       float64 // points of a text, millimetres of a line's width
	colour     colour
	text       string
	data       []byte // of a picture
	// url is what a picture must read as; "" if it is not a code.
	url string
	// canvas is another canvas, placed here; turned turns it by half.
	canvas *canvas
	turned bool
	// dashed is of a line.
	dashed bool
}

func newCanvas(w, h float64, measure func(string) float64) *canvas {
	return &canvas{w: w, h: h, measure: measure}
}

func (l *canvas) width(text string) float64 { return l.measure(text) }

func (l *canvas) centred(text string, x, y, size float64, c colour) {
	l.text(text, x-l.measure(text)*size/2, y, size, c)
}

// text writes one line from x on with its middle at y.
func (l *canvas) text(text string, x, y, size float64, c colour) {
	if text != "" {
		l.ops = append(l.ops, drawOp{kind: opText, text: text, x: x, y: y + middleHeight*size*mmPerPoint, size: size, colour: c})
	}
}

func (l *canvas) box(x, y, w, h float64, c colour) {
	l.ops = append(l.ops, drawOp{kind: opBox, x: x, y: y, w: w, h: h, colour: c})
}

func (l *canvas) frame(x, y, w, h float64, c colour) {
	l.ops = append(l.ops, drawOp{kind: opFrame, x: x, y: y, w: w, h: h, colour: c})
}

// lineBreadth is the breadth of folds and crop marks in millimetres.
const lineBreadth = 0.2

// line draws a line; w and h are the distance to its end.
func (l *canvas) line(x, y, w, h float64, c colour, dashed bool) {
	l.ops = append(l.ops, drawOp{kind: opLine, x: x, y: y, w: w, h: h, size: lineBreadth, colour: c, dashed: dashed})
}

func (l *canvas) picture(data []byte, x, y, side float64) {
	l.ops = append(l.ops, drawOp{kind: opPicture, x: x, y: y, w: side, h: side, data: data})
}

// code places the QR image of a link, which will be read back.
func (l *canvas) code(data []byte, url string, x, y, side float64) {
	l.ops = append(l.ops, drawOp{kind: opPicture, x: x, y: y, w: side, h: side, data: data, url: url})
}

// place places another canvas on this one, turned by half or not.
func (l *canvas) place(other *canvas, x, y float64, turned bool) {
	l.ops = append(l.ops, drawOp{kind: opCanvas, x: x, y: y, w: other.w, h: other.h, canvas: other, turned: turned})
}

// height returns the height of a set text.
func (s textBlock) height(leading float64) float64 {
	return float64(len(s.lines)) * s.size * mmPerPoint * leading
}
