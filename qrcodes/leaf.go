package qrcodes

// leaf is what is drawn of one sign or page, written down mark by mark, so that
// a PDF and an image show the same. Measures are millimetres from the top left.
type leaf struct {
	w, h    float64
	marks   []mark
	measure func(string) float64
}

// The kinds of mark.
const (
	markText = iota
	markBox
	markFrame
	markLine
	markPicture
	markLeaf
)

// mark is one thing on a leaf. Which fields count depends on its kind.
type mark struct {
	kind       int
	x, y, w, h float64 // of a text x is its left side and y its baseline
	size       float64 // points of a text, millimetres of a line's breadth
	colour     colour
	text       string
	data       []byte // of a picture
	// url is what a picture must read as; "" for one that no reader reads.
	url string
	// leaf is another, laid here; turned by half when turned is set.
	leaf   *leaf
	turned bool
	// dashed is of a line.
	dashed bool
}

func newLeaf(w, h float64, measure func(string) float64) *leaf {
	return &leaf{w: w, h: h, measure: measure}
}

func (l *leaf) width(text string) float64 { return l.measure(text) }

func (l *leaf) centred(text string, x, y, size float64, c colour) {
	l.text(text, x-l.measure(text)*size/2, y, size, c)
}

// text writes one line from x on with its middle at y.
func (l *leaf) text(text string, x, y, size float64, c colour) {
	if text != "" {
		l.marks = append(l.marks, mark{kind: markText, text: text, x: x, y: y + middle*size*mmPerPoint, size: size, colour: c})
	}
}

func (l *leaf) box(x, y, w, h float64, c colour) {
	l.marks = append(l.marks, mark{kind: markBox, x: x, y: y, w: w, h: h, colour: c})
}

func (l *leaf) frame(x, y, w, h float64, c colour) {
	l.marks = append(l.marks, mark{kind: markFrame, x: x, y: y, w: w, h: h, colour: c})
}

// line draws from one point to another, w and h away.
func (l *leaf) line(x, y, w, h, breadth float64, c colour, dashed bool) {
	l.marks = append(l.marks, mark{kind: markLine, x: x, y: y, w: w, h: h, size: breadth, colour: c, dashed: dashed})
}

func (l *leaf) picture(data []byte, x, y, side float64) {
	l.marks = append(l.marks, mark{kind: markPicture, x: x, y: y, w: side, h: side, data: data})
}

// code places the QR image of a link, which is read back once it is drawn.
func (l *leaf) code(data []byte, url string, x, y, side float64) {
	l.marks = append(l.marks, mark{kind: markPicture, x: x, y: y, w: side, h: side, data: data, url: url})
}

// lay puts another leaf on this one, turned by half or not.
func (l *leaf) lay(other *leaf, x, y float64, turned bool) {
	l.marks = append(l.marks, mark{kind: markLeaf, x: x, y: y, w: other.w, h: other.h, leaf: other, turned: turned})
}

// height is what a set text takes.
func (s set) height(leading float64) float64 {
	return float64(len(s.lines)) * s.size * mmPerPoint * leading
}
