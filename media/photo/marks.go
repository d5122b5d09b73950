package photo

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// marks is what the decoders do not tell: how the camera was held, and whether a
// JPEG is progressive, which costs four times the memory.
type marks struct {
	exif        []byte // a TIFF structure, nil if there is none
	progressive bool
}

// maxExif bounds the EXIF block kept; JPEG's own limit is 64 KB.
const maxExif = 1 << 16

// readMarks walks a file's segments or chunks without keeping any but EXIF.
func readMarks(kind Kind, r *bufio.Reader) (marks, error) {
	var m marks
	var err error
	switch kind {
	case JPEG:
		err = m.readJPEG(r)
	case PNG:
		err = m.readPNG(r)
	case WebP:
		err = m.readWebP(r)
	}
	if errors.Is(err, io.EOF) {
		err = nil // a file cut short is for the decoder to refuse
	}
	return m, err
}

var errMarker = errors.New("photo: no marker where one must be")

// readJPEG reads segments up to the first scan.
func (m *marks) readJPEG(r *bufio.Reader) error {
	if _, err := r.Discard(2); err != nil {
		return err
	}
	for {
		b, err := r.ReadByte()
		if err != nil {
			return err
		}
		if b != 0xFF {
			continue // the decoder skips stray bytes too
		}
		for b == 0xFF {
			if b, err = r.ReadByte(); err != nil {
				return err
			}
		}
		switch {
		case b == 0xDA || b == 0xD9: // start of scan, end of image
			return nil
		case b == 0 || b == 1 || (b >= 0xD0 && b <= 0xD7): // no length follows
			continue
		}
		var length [2]byte
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return err
		}
		size := int(binary.BigEndian.Uint16(length[:])) - 2
		if size < 0 {
			return errMarker
		}
		m.progressive = m.progressive || b == 0xC2
		if b != 0xE1 || m.exif != nil {
			if _, err := r.Discard(size); err != nil {
				return err
			}
			continue
		}
		body := make([]byte, size)
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
		if exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok {
			m.exif = exif
		}
	}
}

// readPNG looks for the eXIf chunk, which may stand behind the pixels.
func (m *marks) readPNG(r *bufio.Reader) error {
	if _, err := r.Discard(8); err != nil {
		return err
	}
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		size := binary.BigEndian.Uint32(head[:4])
		switch string(head[4:]) {
		case "IEND":
			return nil
		case "eXIf":
			return m.keep(r, size)
		}
		if _, err := io.CopyN(io.Discard, r, int64(size)+4); err != nil { // and the checksum
			return err
		}
	}
}

// readWebP looks for the EXIF chunk, which stands behind the pixels.
func (m *marks) readWebP(r *bufio.Reader) error {
	if _, err := r.Discard(12); err != nil {
		return err
	}
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		size := binary.LittleEndian.Uint32(head[4:])
		if string(head[:4]) == "EXIF" {
			if err := m.keep(r, size); err != nil {
				return err
			}
			// Some writers put JPEG's prefix in front.
			m.exif = bytes.TrimPrefix(m.exif, []byte("Exif\x00\x00"))
			return nil
		}
		if _, err := io.CopyN(io.Discard, r, int64(size)+int64(size&1)); err != nil {
			return err
		}
	}
}

// keep reads the EXIF block; one beyond the bound is not believed.
func (m *marks) keep(r io.Reader, size uint32) error {
	if size > maxExif {
		return nil
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	m.exif = body
	return nil
}

// Orientation reads the orientation, 1 to 8, from an EXIF block, a TIFF
// structure. Anything odd is 1: the picture is shown as it is stored.
func Orientation(exif []byte) int {
	const upright = 1
	if len(exif) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(exif[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return upright
	}
	const entry, tag, short = 12, 0x0112, 3
	entries := exif[at+2:]
	for n := order.Uint16(exif[at:]); n > 0 && len(entries) >= entry; n-- {
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if value := order.Uint16(entries[8:]); value >= 1 && value <= 8 {
				return int(value)
			}
			return upright
		}
		entries = entries[entry:]
	}
	return upright
}
