package photo

import (
	"bufio"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// pngStart is the signature of a PNG.
const pngStart = "\x89PNG\r\n\x1a\n"

// Colour types of PNG (ISO/IEC 15948, 11.2.2).
const (
	pngGrey      = 0
	pngRGB       = 2
	pngPalette   = 3
	pngGreyAlpha = 4
	pngRGBA      = 6
)

// pngHeader is what a PNG says before its pixels.
type pngHeader struct {
	width, height int
	depth, colour int // bits of a channel, colour type
	interlaced    bool
	palette       [256][4]byte // red, green, blue, opacity
	key           [3]int       // the transparent value of each channel; -1 for none
	data          int64        // offset of the first chunk of pixels
}

// channels has the number of channels of a pixel by colour type.
var channels = map[int]int{pngGrey: 1, pngRGB: 3, pngPalette: 1, pngGreyAlpha: 2, pngRGBA: 4}

// bits returns the number of bits of a pixel.
func (h *pngHeader) bits() int { return channels[h.colour] * h.depth }

// rowLen returns the number of bytes of a row of width pixels, its filter byte included.
func (h *pngHeader) rowLen(width int) int64 { return 1 + (int64(width)*int64(h.bits())+7)/8 }

// memoryNeeded returns the memory of newPNGRows: two rows and a window for each pass.
func (h *pngHeader) memoryNeeded() int64 {
	const window = 64 << 10
	if h.interlaced {
		return 7*window + 4*h.rowLen(h.width)
	}
	return window + 2*h.rowLen(h.width)
}

// valid reports whether the colour type allows the depth.
func (h *pngHeader) valid() bool {
	switch h.depth {
	case 8:
		return channels[h.colour] > 0
	case 16:
		return channels[h.colour] > 0 && h.colour != pngPalette
	case 1, 2, 4:
		return h.colour == pngGrey || h.colour == pngPalette
	}
	return false
}

// readPNG reads the chunks that are used. It skips the others at any length. The eXIf chunk may follow the
// pixels.
func (m *metadata) readPNG(file *io.SectionReader) error {
	r := bufio.NewReader(file)
	if _, err := r.Discard(len(pngStart)); err != nil {
		return err
	}
	var h *pngHeader
	for at := int64(len(pngStart)); ; {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		size := int64(binary.BigEndian.Uint32(head[:4]))
		name := string(head[4:])
		next := at + 8 + size + 4 // after the checksum
		switch {
		case name == "IHDR" && h == nil:
			body, err := chunk(r, name, size, 13)
			if err != nil {
				return err
			}
			if h, err = parseIHDR(body); err != nil {
				return err
			}
		case h == nil:
			return ErrBroken // the header must be first
		case name == "PLTE" || name == "tRNS":
			body, err := chunk(r, name, size, 3*256)
			if err != nil {
				return err
			}
			h.colours(name, body)
		case name == "IDAT" && m.png == nil:
			h.data, m.png = at, h
			if err := discardFrom(r, size+4); err != nil {
				return err
			}
		case name == "eXIf" && m.exif == nil:
			if err := m.readEXIF(io.LimitReader(r, size), uint32(size)); err != nil { //nolint:gosec // read from 32 bits
				return err
			}
			if err := discardFrom(r, size-int64(len(m.exif))+4); err != nil {
				return err
			}
		case name == "IEND":
			return nil
		default:
			if err := discardFrom(r, size+4); err != nil {
				return err
			}
		}
		at = next
	}
}

// discardFrom skips n bytes.
func discardFrom(r io.Reader, n int64) error {
	_, err := io.CopyN(io.Discard, r, n)
	return err
}

// chunk reads a chunk of at most most bytes and checks its checksum.
func chunk(r io.Reader, name string, size, maxSize int64) ([]byte, error) {
	if size > maxSize {
		return nil, ErrBroken
	}
	body := make([]byte, size+4)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, err
	}
	body, sum := body[:size], binary.BigEndian.Uint32(body[size:])
	if crc32.Update(crc32.ChecksumIEEE([]byte(name)), crc32.IEEETable, body) != sum {
		return nil, ErrBroken
	}
	return body, nil
}

// parseIHDR parses the IHDR chunk.
func parseIHDR(body []byte) (*pngHeader, error) {
	if len(body) != 13 || body[10] != 0 || body[11] != 0 || body[12] > 1 {
		return nil, ErrBroken
	}
	h := &pngHeader{
		width: int(binary.BigEndian.Uint32(body)), height: int(binary.BigEndian.Uint32(body[4:])),
		depth: int(body[8]), colour: int(body[9]), interlaced: body[12] == 1, key: [3]int{-1, -1, -1},
	}
	for i := range h.palette {
		h.palette[i][3] = 0xFF
	}
	if !h.valid() {
		return nil, ErrBroken
	}
	return h, nil
}

// colours parses the PLTE and tRNS chunks.
func (h *pngHeader) colours(name string, body []byte) {
	switch {
	case name == "PLTE":
		for i := 0; i+3 <= len(body); i += 3 {
			copy(h.palette[i/3][:3], body[i:])
		}
	case h.colour == pngPalette:
		for i := range min(len(body), len(h.palette)) {
			h.palette[i][3] = body[i]
		}
	case h.colour == pngGrey || h.colour == pngRGB:
		for i := 0; i < 3 && 2*i+2 <= len(body); i++ {
			h.key[i] = int(binary.BigEndian.Uint16(body[2*i:]))
		}
	}
}

// pixels reads the content of consecutive IDAT chunks.
type pixels struct {
	r    *bufio.Reader
	left int64 // bytes left of this chunk
	sum  uint32
	on   bool // inside a chunk
}

// Read implements io.Reader.
func (p *pixels) Read(out []byte) (int, error) {
	for p.left == 0 {
		if p.on {
			var sum [4]byte
			if _, err := io.ReadFull(p.r, sum[:]); err != nil {
				return 0, err
			}
			if binary.BigEndian.Uint32(sum[:]) != p.sum {
				return 0, ErrBroken
			}
			p.on = false
		}
		var head [8]byte
		if _, err := io.ReadFull(p.r, head[:]); err != nil {
			return 0, err
		}
		if string(head[4:]) != "IDAT" {
			return 0, io.EOF
		}
		p.on, p.left, p.sum = true, int64(binary.BigEndian.Uint32(head[:])), crc32.ChecksumIEEE(head[4:])
	}
	n, err := p.r.Read(out[:min(int64(len(out)), p.left)])
	p.left -= int64(n)
	p.sum = crc32.Update(p.sum, crc32.IEEETable, out[:n])
	return n, err
}

// pass is a sub-picture that is stored row by row. A plain PNG has one, an interlaced one seven (ISO/IEC 15948,
// 8.2), all in one stream.
type pass struct {
	x, y, dx, dy  int // its pixels are at x+i*dx, y+j*dy
	width, height int
	stream        io.Reader
	row, before   []byte
}

var adam7 = []pass{
	{x: 0, y: 0, dx: 8, dy: 8},
	{x: 4, y: 0, dx: 8, dy: 8},
	{x: 0, y: 4, dx: 4, dy: 8},
	{x: 2, y: 0, dx: 4, dy: 4},
	{x: 0, y: 2, dx: 2, dy: 4},
	{x: 1, y: 0, dx: 2, dy: 2},
	{x: 0, y: 1, dx: 1, dy: 2},
}

// pngRows decodes a PNG row by row. An interlaced one is read by seven readers, each at its own offset of the
// stream. That takes twice the time, but only the memory of a few rows instead of the whole picture.
type pngRows struct {
	h      pngHeader
	passes []pass
	y      int
}

func newPNGRows(r io.ReaderAt, h pngHeader) (*pngRows, error) {
	rows := &pngRows{h: h, passes: []pass{{dx: 1, dy: 1}}}
	if h.interlaced {
		rows.passes = append([]pass(nil), adam7...)
	}
	var start int64
	kept := rows.passes[:0]
	for _, p := range rows.passes {
		p.width, p.height = (h.width-p.x+p.dx-1)/p.dx, (h.height-p.y+p.dy-1)/p.dy
		if p.width <= 0 || p.height <= 0 {
			continue // it has no rows
		}
		length := h.rowLen(p.width)
		p.row, p.before = make([]byte, length), make([]byte, length)
		file := bufio.NewReader(io.NewSectionReader(r, h.data, 1<<40))
		stream, err := zlib.NewReader(&pixels{r: file})
		if err != nil {
			return nil, err
		}
		if _, err := io.CopyN(io.Discard, stream, start); err != nil {
			return nil, err
		}
		p.stream = stream
		start += length * int64(p.height)
		kept = append(kept, p)
	}
	rows.passes = kept
	return rows, nil
}

// row implements rows.
func (p *pngRows) row(out []byte) error {
	for i := range p.passes {
		pass := &p.passes[i]
		if p.y < pass.y || (p.y-pass.y)%pass.dy != 0 {
			continue
		}
		if err := pass.next(max(1, p.h.bits()/8)); err != nil {
			return err
		}
		for j := range pass.width {
			at := 3 * (pass.x + j*pass.dx)
			p.h.pixel(out[at:at+3:at+3], pass.row[1:], j)
		}
	}
	p.y++
	return nil
}

// next reads a row and reverses its filter (ISO/IEC 15948, 9.2). step is the distance in bytes to the byte on
// the left that the filter refers to.
func (p *pass) next(step int) error {
	p.row, p.before = p.before, p.row
	if _, err := io.ReadFull(p.stream, p.row); err != nil {
		return err
	}
	row, before := p.row[1:], p.before[1:]
	switch p.row[0] {
	case 0:
	case 1:
		for i := step; i < len(row); i++ {
			row[i] += row[i-step]
		}
	case 2:
		for i := range row {
			row[i] += before[i]
		}
	case 3:
		for i := range row {
			left := 0
			if i >= step {
				left = int(row[i-step])
			}
			row[i] += byte((left + int(before[i])) / 2) //nolint:gosec // an average of bytes is a byte
		}
	case 4:
		for i := range row {
			var left, corner int
			if i >= step {
				left, corner = int(row[i-step]), int(before[i-step])
			}
			row[i] += paeth(left, int(before[i]), corner)
		}
	default:
		return ErrBroken
	}
	return nil
}

// paeth returns the one of the three neighbours that is nearest to left+above-corner.
func paeth(left, above, corner int) byte {
	distance := func(n int) int { return max(n, -n) }
	dl, da, dc := distance(above-corner), distance(left-corner), distance(left+above-2*corner)
	switch {
	case dl <= da && dl <= dc:
		return byte(left) //nolint:gosec // each of the three is a byte
	case da <= dc:
		return byte(above) //nolint:gosec // as above
	default:
		return byte(corner) //nolint:gosec // as above
	}
}

// pixel writes pixel x of a row as red, green and blue on white.
func (h *pngHeader) pixel(out, row []byte, x int) {
	var v [4]int // channels as stored
	n := channels[h.colour]
	if h.depth < 8 {
		at := x * h.depth
		v[0] = int(row[at/8]) >> (8 - h.depth - at%8) & (1<<h.depth - 1)
	} else {
		for c := range n {
			if at := x*n + c; h.depth == 8 {
				v[c] = int(row[at])
			} else {
				v[c] = int(row[2*at])<<8 | int(row[2*at+1])
			}
		}
	}
	opaque := true
	for c := range min(n, 3) {
		opaque = opaque && v[c] == h.key[c]
	}
	hidden := opaque && h.key[0] >= 0 // the file declares this colour transparent
	full := h.full()
	opacity := full
	var rgb [3]int
	switch h.colour {
	case pngPalette:
		p := &h.palette[v[0]]
		rgb, opacity, hidden = [3]int{int(p[0]), int(p[1]), int(p[2])}, int(p[3]), false
	case pngGrey, pngGreyAlpha:
		rgb = [3]int{h.wide(v[0]), h.wide(v[0]), h.wide(v[0])}
		if h.colour == pngGreyAlpha {
			opacity = h.wide(v[1])
		}
	default:
		rgb = [3]int{h.wide(v[0]), h.wide(v[1]), h.wide(v[2])}
		if h.colour == pngRGBA {
			opacity = h.wide(v[3])
		}
	}
	if hidden {
		opacity = 0
	}
	for c := range 3 {
		mixed := rgb[c]
		if opacity != full {
			mixed = (rgb[c]*opacity + full*(full-opacity) + full/2) / full
		}
		if h.depth == 16 {
			mixed >>= 8
		}
		out[c] = byte(mixed) //nolint:gosec // a mean of bytes is a byte
	}
}

// full is the maximum value of wide. 16 bits stay 16 until they are blended with white, so that nothing is
// rounded twice.
func (h *pngHeader) full() int {
	if h.depth == 16 {
		return 0xFFFF
	}
	return 0xFF
}

// wide scales a channel's value to 0 to full.
func (h *pngHeader) wide(v int) int {
	if h.depth == 16 {
		return v
	}
	return v * 0xFF / (1<<h.depth - 1)
}
