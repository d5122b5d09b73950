package media_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"
)

// A JPEG's components: id, samples across and down.
var (
	grey    = [][3]byte{{1, 1, 1}}
	yuv420  = [][3]byte{{1, 2, 2}, {2, 1, 1}, {3, 1, 1}}
	yuv422  = [][3]byte{{1, 2, 1}, {2, 1, 1}, {3, 1, 1}}
	yuv444  = [][3]byte{{1, 1, 1}, {2, 1, 1}, {3, 1, 1}}
	rgb     = [][3]byte{{'R', 1, 1}, {'G', 1, 1}, {'B', 1, 1}}
	cmyk    = [][3]byte{{1, 1, 1}, {2, 1, 1}, {3, 1, 1}, {4, 1, 1}}
	adobe   = segment(0xEE, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00"))
	refined = []byte{1, 63, 0x10} // a pass over all frequencies that adds their last bit
)

func segment(marker byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2)), body...)
}

// craftJPEG is a JPEG of one colour: every block is two bits of zeros, so all its data is zeros. Each item of
// scans is one pass over all components.
func craftJPEG(w, h uint16, sof byte, components [][3]byte, scans ...byte) []byte {
	var across, down int
	blocks := 0
	for _, c := range components {
		across, down = max(across, int(c[1])), max(down, int(c[2]))
		blocks += int(c[1]) * int(c[2])
	}
	units := (int(w)/(8*across) + 1) * (int(h)/(8*down) + 1)
	head := startJPEG(w, h, sof, components, 0x00)
	scan := []byte{byte(len(components))}
	for _, c := range components {
		scan = append(scan, c[0], 0)
	}
	scan = append(scan, 0, 63, 0)
	if sof == 0xC2 {
		scan[len(scan)-2] = 0 // the first pass of a progressive one
	}
	var out [][]byte
	for range scans {
		out = append(out, segment(0xDA, scan), make([]byte, units*blocks*2/8+8))
	}
	return slices.Concat(head, slices.Concat(out...), []byte{0xFF, 0xD9})
}

// startJPEG is everything before the scans. Each Huffman table has one code, a zero: in the first kind it means
// no difference, in the second it is second.
func startJPEG(w, h uint16, sof byte, components [][3]byte, second byte) []byte {
	frame := append([]byte{8}, binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, h), w)...)
	frame = append(frame, byte(len(components)))
	for _, c := range components {
		frame = append(frame, c[0], c[1]<<4|c[2], 0)
	}
	one := make([]byte, 16)
	one[0] = 1
	return slices.Concat([]byte{0xFF, 0xD8}, segment(0xDB, append([]byte{0}, slices.Repeat([]byte{1}, 64)...)), segment(sof, frame),
		segment(0xC4, slices.Concat([]byte{0x00}, one, []byte{0x00})), segment(0xC4, slices.Concat([]byte{0x10}, one, []byte{second})))
}

// scansJPEG is a progressive grey JPEG: a first pass, then passes that refine nothing. Each has some twenty
// bytes and makes the decoder visit every pixel.
func scansJPEG(w, h uint16, scans int) []byte {
	const run = 0xE0 // the next 16384 blocks have nothing new
	blocks := (int(w) + 7) / 8 * ((int(h) + 7) / 8)
	out := startJPEG(w, h, 0xC2, grey, run)
	out = append(out, segment(0xDA, []byte{1, 1, 0, 0, 0, 0x01})...)
	out = append(out, make([]byte, blocks/8+1)...)
	pass := append(segment(0xDA, append([]byte{1, 1, 0}, refined...)), make([]byte, 2*(blocks/16384+1))...)
	out = append(out, bytes.Repeat(pass, scans-1)...)
	return append(out, 0xFF, 0xD9)
}

// craftPNG is a PNG of one colour, of any depth and colour type.
func craftPNG(tb testing.TB, w, h uint32, depth, colour byte, channels uint32, interlaced bool) []byte {
	tb.Helper()
	chunk := func(name string, body []byte) []byte {
		out := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name...)
		out = append(out, body...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	head = append(head, depth, colour, 0, 0, 0)
	rows := (int64(w*channels*uint32(depth)+7)/8 + 1) * int64(h)
	if interlaced {
		head[12] = 1
		rows += rows / 8 // seven pictures round up and have filters of their own
	}
	var stream bytes.Buffer
	z, err := zlib.NewWriterLevel(&stream, zlib.BestSpeed)
	if err != nil {
		tb.Fatal(err)
	}
	for zeros := make([]byte, 1<<20); rows > 0; rows -= int64(len(zeros)) {
		if _, err := z.Write(zeros[:min(rows, int64(len(zeros)))]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head), chunk("IDAT", stream.Bytes()), chunk("IEND", nil))
}
