package voice_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// Small files built by hand, with no more than the formats require.

// mp3Frames is n frames of 32 kbit/s, 16 kHz, version 2: 576 samples and 144 bytes
// each.
func mp3Frames(n int) []byte {
	frame := make([]byte, 144)
	copy(frame, []byte{0xFF, 0xF3, 0x48, 0xC4})
	return bytes.Repeat(frame, n)
}

// id3 is a tag of size bytes after its header.
func id3(size int) []byte {
	head := []byte{'I', 'D', '3', 4, 0, 0, 0, 0, byte(size >> 7 & 0x7F), byte(size & 0x7F)}
	return append(head, make([]byte, size)...)
}

func box(kind string, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	out := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	return append(append(out, kind...), body...)
}

func words(values ...uint32) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

// trak is a track with the handler, codec, and samples of 1000 ticks at 1000 a
// second, so samples are seconds.
func trak(id uint32, handler, codec string, samples uint32) []byte {
	return box("trak",
		box("tkhd", words(0, 0, 0, id, 0, 0)),
		box("mdia",
			box("mdhd", words(0, 0, 0, 1000, 0, 0)),
			box("hdlr", words(0, 0), []byte(handler), words(0, 0, 0)),
			box("minf", box("stbl",
				box("stsd", words(0, 1), box(codec, words(0, 0, 0, 0))),
				box("stts", words(0, 1, samples, 1000)),
			)),
		),
	)
}

func ftyp() []byte { return box("ftyp", []byte("M4A "), words(0), []byte("isom")) }

func mvhd(ticks uint32) []byte { return box("mvhd", words(0, 0, 0, 1000, ticks)) }

func mdat() []byte { return box("mdat", []byte("sound")) }

// m4a is a plain file of so many seconds.
func m4a(seconds uint32) []byte {
	return slices.Concat(ftyp(), box("moov", mvhd(1000*seconds), trak(1, "soun", "mp4a", seconds)), mdat())
}

// element is a WebM element with its size in eight bytes, so that any size fits.
func element(id uint32, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	size := binary.BigEndian.AppendUint64(nil, uint64(len(body)))
	size[0] = 0x01
	return slices.Concat(elementID(id), size, body)
}

// streamed is an element of unknown size.
func streamed(id uint32, parts ...[]byte) []byte {
	return slices.Concat(elementID(id), []byte{0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, slices.Concat(parts...))
}

func elementID(id uint32) []byte {
	raw := binary.BigEndian.AppendUint32(nil, id)
	return bytes.TrimLeft(raw, "\x00")
}

func ebml(docType string) []byte { return element(0x1A45DFA3, element(0x4282, []byte(docType))) }

func track(kind byte, codec string) []byte {
	return element(0xAE, element(0xD7, []byte{1}), element(0x83, []byte{kind}), element(0x86, []byte(codec)))
}

// cluster has one packet, offset milliseconds after its time.
func cluster(at uint32, offset int16) []byte {
	head := binary.BigEndian.AppendUint16([]byte{0x81}, uint16(offset))
	return streamed(0x1F43B675, element(0xE7, words(at)), element(0xA3, head, []byte{0x80, 1, 2, 3}))
}

func duration(ms float64) []byte {
	return element(0x1549A966, element(0x2AD7B1, []byte{0x0F, 0x42, 0x40}),
		element(0x4489, binary.BigEndian.AppendUint64(nil, math.Float64bits(ms))))
}

// webm is a file as a recorder streams it.
func webm(parts ...[]byte) []byte {
	return append(ebml("webm"), streamed(0x18538067, parts...)...)
}
