package photo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mashang/adapters/media/photo"
)

// limits are the store's own.
var limits = photo.Limits{Pixels: 25_000_000, Memory: 64 << 20, Side: 2048}

// quarters is a picture with corners in red, green, blue and grey, which show how it was turned.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 200, A: 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.RGBA{G: 200, A: 255}
			case x < w/2 && y >= h/2:
				c = color.RGBA{B: 200, A: 255}
			case x >= w/2:
				c = color.RGBA{R: 128, G: 128, B: 128, A: 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func encode(tb testing.TB, img image.Image, to func(io.Writer, image.Image) error) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := to(&out, img); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(w io.Writer, img image.Image) error {
	return jpeg.Encode(w, img, &jpeg.Options{Quality: 95})
}

// tiff is an EXIF block whose only entry is the orientation.
func tiff(order binary.AppendByteOrder, orientation uint16) []byte {
	out := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		out = []byte("MM\x00*")
	}
	out = order.AppendUint32(out, 8)
	out = order.AppendUint16(out, 1)
	out = order.AppendUint16(out, 0x0112)
	out = order.AppendUint16(out, 3)
	out = order.AppendUint32(out, 1)
	out = order.AppendUint16(out, orientation)
	return append(out, 0, 0, 0, 0, 0, 0)
}

// withEXIF inserts the block after a JPEG's start.
func withEXIF(data, block []byte) []byte {
	segment := append([]byte("Exif\x00\x00"), block...)
	head := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(segment)+2))
	return slices.Concat(data[:2], head, segment, data[2:])
}

// withChunk inserts the block, as an eXIf chunk, after a PNG's header.
func withChunk(data, block []byte) []byte {
	const header = 8 + 25
	head := append(binary.BigEndian.AppendUint32(nil, uint32(len(block))), "eXIf"...)
	return slices.Concat(data[:header], head, block, crc(head[4:], block), data[header:])
}

// take inspects and renders.
func take(tb testing.TB, data []byte, side int) (*image.YCbCr, photo.Header) {
	tb.Helper()
	r, size := bytes.NewReader(data), int64(len(data))
	within := limits
	within.Side = side
	header, err := photo.Inspect(r, size, within)
	if err != nil {
		tb.Fatal(err)
	}
	img, err := photo.Render(tb.Context(), r, size, header)
	if err != nil {
		tb.Fatal(err)
	}
	return img, header
}

func rgba(img image.Image, x, y int) color.RGBA {
	c, _ := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
	return c
}

// colours names the four corners of a picture, a letter each: top left, top right,
// bottom left, bottom right.
func colours(img image.Image) string {
	name := func(x, y int) byte {
		c := rgba(img, x, y)
		switch {
		case c.R > 150 && c.G < 90:
			return 'r'
		case c.G > 150 && c.R < 90:
			return 'g'
		case c.B > 150 && c.R < 90:
			return 'b'
		}
		return 'x'
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	return string([]byte{name(w/4, h/4), name(w*3/4, h/4), name(w/4, h*3/4), name(w*3/4, h*3/4)})
}

func TestOrientationIsApplied(t *testing.T) {
	t.Parallel()
	plain := encode(t, quarters(64, 32), asJPEG)
	chunked := encode(t, quarters(64, 32), png.Encode)
	for orientation, want := range map[uint16]string{
		0: "rgbx", 1: "rgbx", 2: "grxb", 3: "xbgr", 4: "bxrg", 5: "rbgx", 6: "brxg", 7: "xgbr", 8: "gxrb", 9: "rgbx",
	} {
		files := map[string][]byte{
			"jpeg, little endian": withEXIF(plain, tiff(binary.LittleEndian, orientation)),
			"jpeg, big endian":    withEXIF(plain, tiff(binary.BigEndian, orientation)),
			"png":                 withChunk(chunked, tiff(binary.BigEndian, orientation)),
		}
		for name, data := range files {
			for _, side := range []int{1000, 32} {
				img, _ := take(t, data, side)
				if got := colours(img); got != want {
					t.Errorf("%s, orientation %d at %d: %s, want %s", name, orientation, side, got, want)
				}
				upright := img.Rect.Dx() > img.Rect.Dy()
				if turned := orientation >= 5 && orientation <= 8; upright == turned {
					t.Errorf("%s, orientation %d: %v", name, orientation, img.Rect)
				}
			}
		}
	}
}

// webp1 is a lossless picture of one pixel, made with libwebp. Its colour does not matter.
var webp1 = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")

func TestWebPIsTaken(t *testing.T) {
	t.Parallel()
	img, header := take(t, webp1, 100)
	if header.Kind != photo.WebP || img.Rect.Dx() != 1 || img.Rect.Dy() != 1 {
		t.Errorf("got %+v, %v", header, img.Rect)
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]photo.Kind{
		"":                                   photo.Other,
		"\xff\xd8\xff\xe0":                   photo.JPEG,
		"\x89PNG\r\n\x1a\n":                  photo.PNG,
		"RIFF\x00\x00\x00\x00WEBPVP8 ":       photo.WebP,
		"RIFF\x00\x00\x00\x00WAVEfmt ":       photo.Other,
		"GIF89a":                             photo.GIF,
		"\x00\x00\x00\x18ftypheic\x00\x00":   photo.HEIC,
		"\x00\x00\x00\x18ftypmif1\x00\x00":   photo.HEIC,
		"\x00\x00\x00\x18ftypavif\x00\x00":   photo.AVIF,
		"\x00\x00\x00\x18ftypM4A \x00\x00":   photo.Other,
		"<svg xmlns='http://www.w3.org/2000": photo.Other,
		"PK\x03\x04":                         photo.Other,
	} {
		if got := photo.Sniff([]byte(head)); got != want {
			t.Errorf("%q is %q, want %q", head, got, want)
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	t.Parallel()
	small := encode(t, quarters(64, 32), asJPEG)
	flat := encode(t, image.NewGray(image.Rect(0, 0, 4000, 4000)), png.Encode)
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, photo.ErrKind},
		{"gif", []byte("GIF89a\x01\x00\x01\x00"), photo.ErrKind},
		{"jpeg of 65535²", claim(small, 65535, 65535), &photo.LimitError{What: photo.Side, Got: 65535, Max: photo.MaxSide}},
		{"jpeg over the pixels", claim(small, 6000, 4167), &photo.LimitError{What: photo.Pixels, Got: 25_002_000, Max: 25_000_000}},
		{"jpeg with one long side", claim(small, 40_000, 10), &photo.LimitError{What: photo.Side, Got: 40_000, Max: photo.MaxSide}},
		{"jpeg that cannot hold what it claims", claim(small, 6000, 4000), photo.ErrBroken},
		{"jpeg without pixels", claim(small, 0, 0), photo.ErrBroken},
		{"jpeg without a frame", small[:30], photo.ErrBroken},
		{"png that cannot hold what it claims", flat[:300], photo.ErrBroken},
		{"webp of one colour and any size", slices.Concat(webp1[:21], []byte{0x21, 0xD3, 0xC8, 0x04}, webp1[25:]), &photo.LimitError{What: photo.Memory}},
		{"webp without pixels", []byte("RIFF\x0c\x00\x00\x00WEBPVP8 \x00\x00\x00\x00"), photo.ErrBroken},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := photo.Inspect(bytes.NewReader(c.data), int64(len(c.data)), limits)
			want, limited := errors.AsType[*photo.LimitError](c.want)
			if got, ok := errors.AsType[*photo.LimitError](err); ok != limited || ok && (got.What != want.What || want.Got > 0 && *got != *want) {
				t.Errorf("error = %v, want %v", err, c.want)
			} else if !ok && !errors.Is(err, c.want) {
				t.Errorf("error = %v, want %v", err, c.want)
			}
		})
	}
}

// claim rewrites the size in a JPEG's frame header.
func claim(data []byte, w, h uint16) []byte {
	out := slices.Clone(data)
	at := bytes.Index(out, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(out[at+5:], h)
	binary.BigEndian.PutUint16(out[at+7:], w)
	return out
}

func TestRenderRefusesDamage(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"jpeg": encode(t, quarters(640, 320), asJPEG),
		"png":  encode(t, quarters(640, 320), png.Encode),
	} {
		data = data[:len(data)*2/3]
		r, size := bytes.NewReader(data), int64(len(data))
		header, err := photo.Inspect(r, size, limits)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := photo.Render(t.Context(), r, size, header); !errors.Is(err, photo.ErrBroken) {
			t.Errorf("%s: error = %v", name, err)
		}
	}
}

func TestTransparencyBecomesWhite(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(0, 0, 4, 4))
	img.SetNRGBA(0, 0, color.NRGBA{A: 255})
	out, _ := take(t, encode(t, img, png.Encode), 100)
	if got := rgba(out, 0, 0); got != (color.RGBA{A: 255}) {
		t.Errorf("the black pixel became %v", got)
	}
	if got := rgba(out, 3, 3); got != (color.RGBA{R: 255, G: 255, B: 255, A: 255}) {
		t.Errorf("a transparent pixel became %v", got)
	}
}

// Scaling keeps the proportions, never enlarges, and keeps colours and the average of all pixels.
func TestShrinkAverages(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 90).Draw(t, "w"), rapid.IntRange(1, 90).Draw(t, "h")
		side := rapid.IntRange(1, 100).Draw(t, "side")
		grey := rapid.Uint8().Draw(t, "grey")
		noise := rapid.SliceOfN(rapid.Byte(), w*h, w*h).Draw(t, "pixels")
		flat := image.NewGray(image.Rect(5, 7, 5+w, 7+h))
		rough := image.NewGray(flat.Rect)
		var sum float64
		for i := range flat.Pix {
			flat.Pix[i], rough.Pix[i] = grey, noise[i]
			sum += float64(noise[i])
		}
		thumb := func(img image.Image) *image.YCbCr {
			out, err := photo.Thumb(t.Context(), img, side)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		out := thumb(flat)
		ow, oh := out.Rect.Dx(), out.Rect.Dy()
		if fw, fh := photo.Fit(w, h, side, side/4); ow != fw || oh != fh {
			t.Fatalf("%d×%d within %d became %d×%d", w, h, side, ow, oh)
		}
		for y := range oh {
			for x := range ow {
				if got := out.YCbCrAt(x, y); got != (color.YCbCr{Y: grey, Cb: 128, Cr: 128}) {
					t.Fatalf("grey %d became %v", grey, got)
				}
			}
		}
		var kept float64
		averaged := thumb(rough)
		for y := range oh {
			for x := range ow {
				kept += float64(averaged.YCbCrAt(x, y).Y)
			}
		}
		if before, after := sum/float64(w*h), kept/float64(ow*oh); before-after > 0.51 || after-before > 0.51 {
			t.Fatalf("the average went from %f to %f", before, after)
		}
	})
}

// A colour stays the same in every pixel, also at odd edges and in every orientation.
func TestColourIsKept(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{1, 1}, {2, 2}, {3, 5}, {5, 3}, {8, 1}, {7, 7}} {
		img := image.NewRGBA(image.Rectangle{Max: size})
		draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{R: 201, G: 33, B: 77, A: 255}), image.Point{}, draw.Src)
		want, _ := color.YCbCrModel.Convert(color.RGBA{R: 201, G: 33, B: 77, A: 255}).(color.YCbCr)
		data := encode(t, img, png.Encode)
		for orientation := range uint16(8) {
			out, _ := take(t, withChunk(data, tiff(binary.BigEndian, orientation+1)), 1000)
			for y := range out.Rect.Dy() {
				for x := range out.Rect.Dx() {
					if got := out.YCbCrAt(x, y); got != want {
						t.Fatalf("%v, orientation %d, %d/%d: %v, want %v", size, orientation+1, x, y, got, want)
					}
				}
			}
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(tiff(binary.LittleEndian, 6))
	f.Add(tiff(binary.BigEndian, 6))
	f.Add([]byte("II*\x00\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, block []byte) {
		if got := photo.Orientation(block); got < 1 || got > 8 {
			t.Errorf("orientation %d", got)
		}
	})
}

// A photo of any bytes is refused by its header or rendered within bounds.
func FuzzPhoto(f *testing.F) {
	plain := encode(f, quarters(16, 8), asJPEG)
	f.Add(plain)
	f.Add(withEXIF(plain, tiff(binary.BigEndian, 6)))
	f.Add(claim(plain, 65535, 65535))
	f.Add(encode(f, quarters(16, 8), png.Encode))
	f.Add(withChunk(encode(f, quarters(16, 8), png.Encode), tiff(binary.BigEndian, 6)))
	f.Add(webp1)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, size := bytes.NewReader(data), int64(len(data))
		header, err := photo.Inspect(r, size, photo.Limits{Pixels: 10_000, Memory: 16 << 20, Side: 20})
		if err != nil {
			return
		}
		img, err := photo.Render(t.Context(), r, size, header)
		if err != nil {
			return
		}
		if size := img.Rect.Size(); size.X < 1 || size.Y < 1 || min(size.X, size.Y) > 20 {
			t.Errorf("size %v", size)
		}
	})
}

// crc is a PNG chunk's checksum.
func crc(parts ...[]byte) []byte {
	return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(slices.Concat(parts...)))
}
