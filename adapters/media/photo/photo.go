// Package photo turns an uploaded picture into one that is safe to store: upright, of bounded size, and with
// nothing but its pixels.
//
// A picture's headers are checked before any pixel is decoded, because a header of a few hundred bytes can make
// a decoder use gigabytes, and a file of 64 KB minutes. Then the picture is decoded, turned upright, scaled and
// re-encoded. Its place, its camera, its thumbnail and anything hidden after its end are lost.
package photo

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"golang.org/x/image/webp"
)

// Kind is a file's format, detected by its first bytes.
type Kind string

// The formats. The first three are accepted; the others are recognized for the sake of the message.
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
	// ErrKind: not one of the accepted formats.
	ErrKind = errors.New("photo: not a JPEG, PNG or WebP")
	// ErrBroken: damaged, truncated, or claiming more than the file can contain.
	ErrBroken = errors.New("photo: damaged")
	// ErrScans: a JPEG whose pixels are stored in more passes than MaxScans.
	ErrScans = errors.New("photo: too many scans")
)

// The limits of a LimitError.
const (
	Pixels = "pixels" // width × height
	Side   = "side"   // the longer side, in pixels
	Memory = "memory" // bytes needed for decoding
)

// LimitError says which limit a picture exceeds, and by how much.
type LimitError struct {
	// What is Pixels, Side or Memory.
	What string
	// Got is the picture's value, Most the limit, in the unit of What.
	Got, Max int64
}

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("photo: %s %d beyond %d", e.What, e.Got, e.Max)
}

// SniffLen is the number of bytes that Sniff needs.
const SniffLen = 32

// Sniff detects the format by the first SniffLen bytes. Names and types that a client claims are ignored.
func Sniff(head []byte) Kind {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xD8, 0xFF}):
		return JPEG
	case bytes.HasPrefix(head, []byte(pngStart)):
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

// Limits are the limits of accepted and of stored pictures.
type Limits struct {
	// Pixels is the maximum width × height of an accepted picture.
	Pixels int64
	// Memory is the maximum memory for processing one picture, in bytes.
	Memory int64
	// Side is the longer side of a stored picture, in pixels; Fit says which pictures keep more.
	Side int
}

// Header is the content of a picture's headers.
type Header struct {
	Kind Kind
	// Width and Height are in pixels as stored, before turning.
	Width, Height int
	// Orientation is EXIF's, 1 to 8; 1 is upright.
	Orientation int
	// Memory is an upper bound of the memory that Render uses at one time, in bytes.
	Memory int64

	side  int
	png   *pngHeader
	frame section // an animation's first frame
}

// MaxSide is the maximum side of an accepted picture, so that a row fits into little memory. The widest
// panoramas of phones have half of it.
const MaxSide = 32_767

// Inspect reads the headers of the picture in r, size bytes long. It allocates no pixels, and its time is
// bounded by size. Errors: ErrKind, ErrBroken, ErrScans, a *LimitError, or r's.
func Inspect(r io.ReaderAt, size int64, l Limits) (Header, error) {
	head := make([]byte, SniffLen)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return Header{}, fmt.Errorf("read a picture's start: %w", err)
	}
	h := Header{Kind: Sniff(head[:n]), Orientation: 1, side: l.Side}
	var m metadata
	switch h.Kind {
	case JPEG, PNG, WebP:
		m, err = readMetadata(h.Kind, io.NewSectionReader(r, 0, size))
	default:
		return Header{}, ErrKind
	}
	if err != nil {
		return Header{}, ErrBroken
	}
	h.png, h.frame = m.png, m.frame
	if h.Width, h.Height, err = dimensions(r, size, h); err != nil || h.Width <= 0 || h.Height <= 0 {
		return Header{}, ErrBroken
	}
	if err := h.within(l); err != nil {
		return Header{}, err
	}
	if m.scans > m.maxScans() {
		return Header{}, ErrScans
	}
	if size < h.minSize() {
		return Header{}, ErrBroken
	}
	if m.exif != nil {
		h.Orientation = Orientation(m.exif)
	}
	h.Memory = h.memoryNeeded(m)
	if h.Memory > l.Memory {
		return Header{}, &LimitError{Memory, h.Memory, l.Memory}
	}
	return h, nil
}

// within checks the picture's dimensions.
func (h Header) within(l Limits) error {
	if longer := int64(max(h.Width, h.Height)); longer > MaxSide {
		return &LimitError{Side, longer, MaxSide}
	}
	if pixels := int64(h.Width) * int64(h.Height); pixels > l.Pixels {
		return &LimitError{Pixels, pixels, l.Pixels}
	}
	return nil
}

// dimensions reads width and height in pixels.
func dimensions(r io.ReaderAt, size int64, h Header) (width, height int, err error) {
	source := io.NewSectionReader(r, 0, size)
	switch h.Kind {
	case JPEG:
		config, err := jpeg.DecodeConfig(bufio.NewReader(source))
		return config.Width, config.Height, err
	case WebP:
		config, err := webp.DecodeConfig(h.frame.firstFrame(r, size))
		return config.Width, config.Height, err
	default:
		if h.png == nil {
			return 0, 0, ErrBroken
		}
		return h.png.width, h.png.height, nil
	}
}

// Render decodes a picture that Inspect has accepted and returns it upright, on white, in the size of Fit. It
// stops soon after ctx ends. Errors: ErrBroken, or ctx's.
func Render(ctx context.Context, r io.ReaderAt, size int64, h Header) (out *image.YCbCr, err error) {
	// The decoders get hostile files, and one of them panicked in the past. A damaged picture must not fail the
	// server.
	defer func() {
		if recover() != nil {
			out, err = nil, ErrBroken
		}
		if err != nil && ctx.Err() != nil {
			err = fmt.Errorf("render a picture: %w", context.Cause(ctx))
		}
	}()
	source, err := h.rows(ctxReaderAt{ctx, r}, size)
	if err != nil {
		return nil, ErrBroken
	}
	width, height := Fit(h.Width, h.Height, h.side, minReadableSide)
	return shrink(ctx, source, image.Pt(h.Width, h.Height), image.Pt(width, height), h.Orientation)
}

// rows decodes the picture, or prepares to decode it row by row.
func (h Header) rows(r io.ReaderAt, size int64) (rows, error) {
	var img image.Image
	var err error
	switch h.Kind {
	case JPEG:
		// Some writers omit the end marker. The decoder needs it and stops at the first.
		end := bytes.NewReader([]byte{0xFF, 0xD9})
		img, err = jpeg.Decode(io.MultiReader(io.NewSectionReader(r, 0, size), end))
	case WebP:
		img, err = webp.Decode(h.frame.firstFrame(r, size))
	default:
		return newPNGRows(r, *h.png)
	}
	if err != nil {
		return nil, err
	}
	if img.Bounds().Dx() != h.Width || img.Bounds().Dy() != h.Height {
		return nil, ErrBroken
	}
	return newImageRows(img), nil
}

// ctxReaderAt is a reader that fails once ctx has ended. All decoders read a few kilobytes at a time, and their
// work on them is bounded.
type ctxReaderAt struct {
	ctx context.Context
	r   io.ReaderAt
}

// ReadAt implements io.ReaderAt.
func (t ctxReaderAt) ReadAt(p []byte, at int64) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.r.ReadAt(p, at)
}
