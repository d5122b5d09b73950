package photo

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// metadata is what the decoders do not report: the camera's orientation, and what decoding costs.
type metadata struct {
	exif []byte // a TIFF structure, nil if there is none

	// Of a JPEG.
	progressive bool
	adobeRGB    bool // the writer says that the components are not Y'CbCr
	scans       int
	components  []component

	png *pngHeader

	// Of a WebP: the sizes of its parts in bytes.
	lossy, lossless, alpha int64
	frame                  section
}

// component is a component of a JPEG: its id and its sampling factors.
type component struct {
	id           byte
	across, down int
}

// maxComponents is the maximum number of components of a JPEG: cyan, magenta, yellow and black.
const maxComponents = 4

// maxExif is the maximum size of the EXIF block; JPEG's own limit is 64 KB.
const maxExif = 1 << 16

// readMetadata reads the whole file and keeps a few values.
func readMetadata(kind Kind, file *io.SectionReader) (metadata, error) {
	var m metadata
	var err error
	switch kind {
	case JPEG:
		err = m.readJPEG(bufio.NewReader(file))
	case PNG:
		err = m.readPNG(file)
	case WebP:
		err = m.readWebP(file, 12, file.Size())
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // the decoder will refuse a truncated file
	}
	return m, err
}

var errMarker = errors.New("photo: no marker where one must be")

// JPEG's markers (ITU-T T.81, table B.1).
const (
	markerBaseline    = 0xC0
	markerProgressive = 0xC2
	markerScan        = 0xDA
	markerEnd         = 0xD9
	markerExif        = 0xE1 // APP1
	markerAdobe       = 0xEE // APP14
)

// readJPEG reads all segments, those between scans included. Like the decoder it skips the data between
// segments, which is mostly that of scans.
func (m *metadata) readJPEG(r *bufio.Reader) error {
	if _, err := r.Discard(2); err != nil {
		return err
	}
	for {
		b, err := r.ReadByte()
		if err != nil {
			return err
		}
		if b != 0xFF {
			continue
		}
		for b == 0xFF {
			if b, err = r.ReadByte(); err != nil {
				return err
			}
		}
		switch {
		case b == markerEnd:
			return nil
		case b == 0 || b == 1 || (b >= 0xD0 && b <= 0xD7): // no length follows
			continue
		}
		if err := m.segment(b, r); err != nil {
			return err
		}
	}
}

// segment reads the segment after marker.
func (m *metadata) segment(marker byte, r *bufio.Reader) error {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return err
	}
	size := int(binary.BigEndian.Uint16(length[:])) - 2
	if size < 0 {
		return errMarker
	}
	switch {
	case marker == markerScan:
		m.scans++
	case marker == markerExif && m.exif == nil, marker == markerAdobe, marker >= markerBaseline && marker <= markerProgressive:
		body := make([]byte, size)
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
		m.readSegment(marker, body)
		return nil
	}
	_, err := r.Discard(size)
	return err
}

// readSegment reads a segment that is used.
func (m *metadata) readSegment(marker byte, body []byte) {
	switch marker {
	case markerExif:
		if exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok {
			m.exif = exif
		}
	case markerAdobe:
		m.adobeRGB = m.adobeRGB || len(body) >= 12 && string(body[:5]) == "Adobe" && body[11] == 0
	default:
		m.progressive = m.progressive || marker == markerProgressive
		for at := 6; at+3 <= len(body) && len(m.components) < maxComponents; at += 3 {
			m.components = append(m.components, component{body[at], int(body[at+1] >> 4), int(body[at+1] & 0xF)})
		}
	}
}

// readEXIF reads the EXIF block. A block above the limit is ignored.
func (m *metadata) readEXIF(r io.Reader, size uint32) error {
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

// Orientation reads the orientation, 1 to 8, from an EXIF block, a TIFF structure. An invalid one is 1: the
// picture is shown as stored.
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
