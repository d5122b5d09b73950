// Package photo turns an uploaded picture into one that is safe to keep: upright,
// of bounded size, and without anything but its pixels.
//
// A picture is judged by its headers before a single pixel is decoded, because a
// header of a few hundred bytes can ask a decoder for gigabytes. What passes is
// decoded, turned as its camera meant it, scaled, and drawn anew; its place, its
// camera, its thumbnail and whatever was hidden behind its end stay behind.
package photo

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Kind is a file's format, told by its first bytes.
type Kind string

// The formats that are told apart: the first three are taken, the others are
// named so that a person can be told what to do.
const (
	JPEG  Kind = "jpeg"
	PNG   Kind = "png"
	WebP  Kind = "webp"
	HEIC  Kind = "heic"
	AVIF  Kind = "avif"
	GIF   Kind = "gif"
	Other Kind = ""
)

// Errors of Inspect and Render.
var (
	// ErrKind: not one of the formats that are taken.
	ErrKind = errors.New("photo: not a JPEG, PNG or WebP")
	// ErrBroken: damaged, cut short, or claiming more than the file can hold.
	ErrBroken = errors.New("photo: damaged")
	// ErrLarge: more pixels than allowed.
	ErrLarge = errors.New("photo: too many pixels")
)

// SniffLen is the bytes Sniff wants to see.
const SniffLen = 32

// Sniff tells the format by the first SniffLen bytes. Names and types a client
// claims are never looked at.
func Sniff(head []byte) Kind {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xD8, 0xFF}):
		return JPEG
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP
	case bytes.HasPrefix(head, []byte("GIF8")):
		return GIF
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		switch string(head[8:12]) {
		case "heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs", "mif1", "msf1":
			return HEIC
		case "avif", "avis":
			return AVIF
		}
	}
	return Other
}

// Header is what a picture's headers say.
type Header struct {
	Kind Kind
	// Width and Height are in pixels as stored, before turning.
	Width, Height int
	// Orientation is EXIF's, 1 to 8; 1 is upright.
	Orientation int
	// Bytes is the memory decoding takes, roughly: pixels and the decoder's own.
	Bytes int64
}

// maxSide is the longest side taken, so that a row fits into little memory. The
// widest panoramas of phones have half of it.
const maxSide = 32_767

// A picture whose decoding takes more than sparseBytes must hold a byte for every
// sparsePixels pixels. No photo comes near that; a plain white one in JPEG holds
// twice as much. But 30 bytes of WebP may claim any size and be quite correct.
const (
	sparseBytes  = 32 << 20
	sparsePixels = 400
)

// Inspect reads the headers of the picture in r, size bytes long, and leaves r at
// its start. It allocates no pixels. Errors: ErrKind, ErrBroken, ErrLarge, or r's.
func Inspect(r io.ReadSeeker, size, maxPixels int64) (Header, error) {
	head := make([]byte, SniffLen)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Header{}, fmt.Errorf("read a picture's start: %w", err)
	}
	h := Header{Kind: Sniff(head[:n]), Orientation: 1}
	decode := map[Kind]func(io.Reader) (image.Config, error){
		JPEG: jpeg.DecodeConfig, PNG: png.DecodeConfig, WebP: webp.DecodeConfig,
	}[h.Kind]
	if decode == nil {
		return Header{}, ErrKind
	}
	if err := rewind(r); err != nil {
		return Header{}, err
	}
	config, err := decode(bufio.NewReader(r))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return Header{}, ErrBroken
	}
	h.Width, h.Height = config.Width, config.Height
	pixels := int64(h.Width) * int64(h.Height)
	if pixels > maxPixels || h.Width > maxSide || h.Height > maxSide {
		return Header{}, ErrLarge
	}
	if err := rewind(r); err != nil {
		return Header{}, err
	}
	m, err := readMarks(h.Kind, bufio.NewReader(r))
	if err != nil {
		return Header{}, ErrBroken
	}
	if m.exif != nil {
		h.Orientation = Orientation(m.exif)
	}
	var least int64
	h.Bytes, least = cost(h, config.ColorModel, m.progressive)
	if size < least {
		return Header{}, ErrBroken
	}
	if h.Bytes > sparseBytes && size < pixels/sparsePixels {
		return Header{}, ErrLarge
	}
	return h, rewind(r)
}

// cost estimates the memory decoding takes, and the fewest bytes a whole file of
// this kind and size can have. The latter is a bound of the format, not a guess:
// a JPEG spends a bit or more on each block of 64 pixels, and a PNG a bit a pixel
// which its compression cannot shrink to less than a 1032nd.
func cost(h Header, model color.Model, progressive bool) (memory, least int64) {
	pixels := int64(h.Width) * int64(h.Height)
	deep := model == color.Gray16Model || model == color.RGBA64Model || model == color.NRGBA64Model
	switch {
	case h.Kind == JPEG && progressive:
		return 16 * pixels, pixels / 64 / 8 // the decoder keeps every coefficient as 32 bits
	case h.Kind == JPEG:
		return 4 * pixels, pixels / 64 / 8
	case h.Kind == PNG && deep:
		return 8 * pixels, pixels / 8 / 1032
	case h.Kind == PNG:
		return 4 * pixels, pixels / 8 / 1032
	default:
		return 6 * pixels, 0
	}
}

// Render decodes the picture Inspect has passed and returns it upright, on white,
// its longer side at most side pixels. Errors: ErrBroken.
func Render(r io.Reader, h Header, side int) (out *image.RGBA, err error) {
	// The decoders meet hostile files, and one of them panicked in the past. A
	// damaged picture is the person's to mend, not a reason to fail the server.
	defer func() {
		if recover() != nil {
			out, err = nil, ErrBroken
		}
	}()
	decode := map[Kind]func(io.Reader) (image.Image, error){
		JPEG: jpeg.Decode, PNG: png.Decode, WebP: webp.Decode,
	}[h.Kind]
	if decode == nil {
		return nil, ErrKind
	}
	img, err := decode(bufio.NewReader(r))
	if err != nil || img.Bounds().Dx() != h.Width || img.Bounds().Dy() != h.Height {
		return nil, ErrBroken
	}
	return shrink(img, side, h.Orientation), nil
}

// Shrink returns an upright copy whose longer side is at most side pixels.
func Shrink(img image.Image, side int) *image.RGBA { return shrink(img, side, 1) }

// rewind goes back to the start.
func rewind(r io.Seeker) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind a picture: %w", err)
	}
	return nil
}
