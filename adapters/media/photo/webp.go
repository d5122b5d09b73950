package photo

import (
	"bytes"
	"encoding/binary"
	"io"
)

// section is a part of a file: the chunks of an animation's first frame, and the frame's size. The zero value
// means the whole file.
type section struct {
	at, length    int64
	width, height uint32
	alpha         bool
}

// Lengths in WebP in bytes (RFC 9649).
const (
	riffHead  = 12 // "RIFF", a length, "WEBP"
	chunkHead = 8  // a name and a length
	frameHead = 16 // of ANMF: place, size, time, flags
	extended  = 10 // of VP8X: flags and size
)

// readWebP reads the chunks between at and end: the EXIF chunk, which follows the pixels, and the sizes of the
// picture's parts. Of an animation it reads only the first frame.
func (m *metadata) readWebP(file *io.SectionReader, at, end int64) error {
	for at+chunkHead <= end {
		var head [chunkHead]byte
		if _, err := file.ReadAt(head[:], at); err != nil {
			return err
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		body := at + chunkHead
		switch name := string(head[:4]); {
		case name == "VP8 ":
			m.lossy += size
		case name == "VP8L":
			m.lossless += size
		case name == "ALPH":
			m.alpha += size
		case name == "EXIF" && m.exif == nil:
			if err := m.readEXIF(io.NewSectionReader(file, body, end-body), uint32(size)); err != nil { //nolint:gosec // read from 32 bits
				return err
			}
			// Some writers prepend JPEG's prefix.
			m.exif = bytes.TrimPrefix(m.exif, []byte("Exif\x00\x00"))
		case name == "ANMF" && m.frame.length == 0 && size > frameHead && body+size <= end:
			if err := m.readFirstFrame(file, body, size); err != nil {
				return err
			}
		}
		at = body + size + size&1
	}
	return nil
}

// readFirstFrame reads an animation's first frame of size bytes.
func (m *metadata) readFirstFrame(file *io.SectionReader, at, size int64) error {
	var head [frameHead]byte
	if _, err := file.ReadAt(head[:], at); err != nil {
		return err
	}
	m.frame = section{
		at: at + frameHead, length: size - frameHead,
		width: binary.LittleEndian.Uint32(head[6:]) & 0xFFFFFF, height: binary.LittleEndian.Uint32(head[9:]) & 0xFFFFFF,
	}
	err := m.readWebP(file, m.frame.at, at+size)
	m.frame.alpha = m.alpha > 0
	return err
}

// firstFrame returns a still picture: the file itself, or an animation's first frame with a header of its own.
func (s section) firstFrame(r io.ReaderAt, size int64) io.Reader {
	if s.length == 0 {
		return io.NewSectionReader(r, 0, size)
	}
	head := make([]byte, riffHead+chunkHead+extended+2) // two more, as PutUint32 writes four bytes for the last number of three
	copy(head, "RIFF\x00\x00\x00\x00WEBPVP8X")
	binary.LittleEndian.PutUint32(head[4:], uint32(4+chunkHead+extended+s.length)) //nolint:gosec // a chunk's length minus a constant
	binary.LittleEndian.PutUint32(head[16:], extended)
	if s.alpha {
		head[20] = 1 << 4
	}
	binary.LittleEndian.PutUint32(head[24:], s.width) // both are one less than the size, in three bytes
	binary.LittleEndian.PutUint32(head[27:], s.height)
	return io.MultiReader(bytes.NewReader(head[:riffHead+chunkHead+extended]), io.NewSectionReader(r, s.at, s.length))
}
