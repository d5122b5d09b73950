package photo_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mashang/adapters/media/photo"
)

func pngChunk(name string, body []byte) []byte {
	head := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name...)
	return slices.Concat(head, body, crc([]byte(name), body))
}

// pngKind is a pixel format of PNG: bits of a channel, colour type, channels.
type pngKind struct{ depth, colour, channels int }

var pngKinds = []pngKind{
	{1, 0, 1},
	{2, 0, 1},
	{4, 0, 1},
	{8, 0, 1},
	{16, 0, 1},
	{8, 2, 3},
	{16, 2, 3},
	{1, 3, 1},
	{2, 3, 1},
	{4, 3, 1},
	{8, 3, 1},
	{8, 4, 2},
	{16, 4, 2},
	{8, 6, 4},
	{16, 6, 4},
}

// passes are the sub-pictures of an interlaced PNG: offset and step across and down.
func passes(interlaced bool) [][4]int {
	if !interlaced {
		return [][4]int{{0, 0, 1, 1}}
	}
	return [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
}

// rawPNG is a PNG of any kind. fill fills its rows, whose filter bytes are then made valid.
func rawPNG(tb testing.TB, k pngKind, w, h int, interlaced bool, fill func([]byte), extra ...[]byte) []byte {
	tb.Helper()
	var stream bytes.Buffer
	z := zlib.NewWriter(&stream)
	for _, p := range passes(interlaced) {
		pw, ph := (w-p[0]+p[2]-1)/p[2], (h-p[1]+p[3]-1)/p[3]
		if pw <= 0 || ph <= 0 {
			continue
		}
		row := make([]byte, 1+(pw*k.depth*k.channels+7)/8)
		for range ph {
			fill(row)
			row[0] %= 5
			if _, err := z.Write(row); err != nil {
				tb.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	head = append(head, byte(k.depth), byte(k.colour), 0, 0, 0)
	if interlaced {
		head[12] = 1
	}
	data := stream.Bytes()
	return slices.Concat([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", head), slices.Concat(extra...),
		pngChunk("IDAT", data[:len(data)/2]), pngChunk("IDAT", nil), pngChunk("IDAT", data[len(data)/2:]), pngChunk("IEND", nil))
}

// Every kind of PNG, interlaced or not, decodes as with the standard library.
func TestPNGRowsAgreeWithTheLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.SampledFrom(pngKinds).Draw(rt, "kind")
		w, h := rapid.IntRange(1, 40).Draw(rt, "w"), rapid.IntRange(1, 40).Draw(rt, "h")
		seed := rapid.Uint32().Draw(rt, "seed")
		fill := func(row []byte) {
			for i := range row {
				seed = seed*1664525 + 1013904223
				row[i] = byte(seed >> 24)
			}
		}
		var extra [][]byte
		transparent := rapid.Bool().Draw(rt, "transparent")
		if k.colour == 3 {
			palette := make([]byte, 3<<k.depth)
			fill(palette)
			extra = append(extra, pngChunk("PLTE", palette))
		}
		if transparent && (k.colour == 0 || k.colour == 2 || k.colour == 3) {
			key := make([]byte, 2*k.channels)
			if k.colour == 3 {
				key = []byte{100, 0}
			}
			extra = append(extra, pngChunk("tRNS", key))
		}
		data := rawPNG(t, k, w, h, rapid.Bool().Draw(rt, "interlaced"), fill, extra...)
		want, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			rt.Fatal(err)
		}
		white := image.NewRGBA(want.Bounds())
		draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(white, white.Rect, want, image.Point{}, draw.Over)
		got, err := rowsOf(t, data)
		if err != nil {
			rt.Fatal(err)
		}
		for i := range w * h {
			for c := range 3 {
				if d := int(got[3*i+c]) - int(white.Pix[4*i+c]); d < -1 || d > 1 {
					rt.Fatalf("%+v, pixel %d of %d×%d, channel %d: %d, want %d", k, i, w, h, c, got[3*i+c], white.Pix[4*i+c])
				}
			}
		}
	})
}

// A truncated file, or one with a wrong checksum, is recognized.
func TestPNGDamage(t *testing.T) {
	t.Parallel()
	whole := rawPNG(t, pngKind{8, 2, 3}, 50, 40, false, func(row []byte) { clear(row) })
	for name, c := range map[string]struct {
		data []byte
		good bool
	}{
		"whole":               {whole, true},
		"without IEND":        {whole[:len(whole)-12], true},
		"half":                {whole[:len(whole)/2], false},
		"a bit flipped":       {flip(whole, bytes.LastIndex(whole, []byte("IDAT"))+5), false},
		"colours of no depth": {rawPNG(t, pngKind{4, 2, 3}, 5, 4, false, func(row []byte) { clear(row) }), false},
		"pixels first":        {slices.Concat(whole[:8], whole[33:]), false},
	} {
		if _, err := rowsOf(t, c.data); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func flip(data []byte, at int) []byte {
	out := slices.Clone(data)
	out[at] ^= 0x10
	return out
}

// rowsOf is a PNG's pixels in three bytes each.
func rowsOf(tb testing.TB, data []byte) ([]byte, error) {
	tb.Helper()
	header, err := photo.Inspect(bytes.NewReader(data), int64(len(data)), limits)
	if err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	return photo.Rows(bytes.NewReader(data), int64(len(data)), header)
}
