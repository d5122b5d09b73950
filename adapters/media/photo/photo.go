// Package photo turns an uploaded picture into one that is safe to keep: upright,
// of bounded size, and without anything but its pixels.
//
// A picture is judged by its headers before a single pixel is decoded, because a
// header of a few hundred bytes can ask a decoder for gigabytes, and a file of 64 KB
// for minutes. What passes is decoded, turned as its camera meant it, scaled, and
// drawn anew; its place, its camera, its thumbnail and whatever was hidden behind its
// end stay behind.
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
	// ErrScans: a JPEG whose pixels are stored in more passes than MaxScans.
	ErrScans = errors.New("photo: too many scans")
)

// What a LimitError is about.
const (
	Pixels = "pixels" // width × height
	Side   = "side"   // the longer side, in pixels
	Memory = "memory" // bytes that decoding takes
)

// LimitError says which limit a picture is beyond, and by how much.
type LimitError struct {
	// What is Pixels, Side or Memory.
	What string
	// Got is the picture's, Most the limit, in the unit of What.
	Got, Most int64
}

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("photo: %s %d beyond %d", e.What, e.Got, e.Most)
}

// SniffLen is the bytes Sniff wants to see.
const SniffLen = 32

// Sniff tells the format by the first SniffLen bytes. Names and types a client
// claims are never looked at.
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

// Limits bound what is taken and what is kept.
type Limits struct {
	// Pixels is the most width × height of a picture as it came.
	Pixels int64
	// Memory is the most bytes that one picture may take while it is worked on.
	Memory int64
	// Side is the longer side that a picture is scaled down to, in pixels; Fit says
	// which pictures keep more.
	Side int
}

// Header is what a picture's headers say.
type Header struct {
	Kind Kind
	// Width and Height are in pixels as stored, before turning.
	Width, Height int
	// Orientation is EXIF's, 1 to 8; 1 is upright.
	Orientation int
	// Memory is the memory that Render takes, in bytes: an upper bound of all it
	// holds at one time.
	Memory int64

	side  int
	png   *pngHeader
	frame section // an animation's first frame
}

// MaxSide is the longest side taken, so that a row fits into little memory. The
// widest panoramas of phones have half of it.
const MaxSide = 32_767

// Inspect reads the headers of the picture in r, size bytes long. It allocates no
// pixels, and its time is bounded by size. Errors: ErrKind, ErrBroken, ErrScans, a
// *LimitError, or r's.
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
	if m.scans > m.mostScans() {
		return Header{}, ErrScans
	}
	if size < h.least() {
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

// within checks the picture's size.
func (h Header) within(l Limits) error {
	if longer := int64(max(h.Width, h.Height)); longer > MaxSide {
		return &LimitError{Side, longer, MaxSide}
	}
	if pixels := int64(h.Width) * int64(h.Height); pixels > l.Pixels {
		return &LimitError{Pixels, pixels, l.Pixels}
	}
	return nil
}

// dimensions reads the size in pixels.
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

// Render decodes the picture Inspect has passed and returns it upright, on white,
// of the size Fit gives it. It stops soon after ctx ends. Errors: ErrBroken, or
// ctx's.
func Render(ctx context.Context, r io.ReaderAt, size int64, h Header) (out *image.YCbCr, err error) {
	// The decoders meet hostile files, and one of them panicked in the past. A
	// damaged picture is the person's to mend, not a reason to fail the server.
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

// rows decodes the picture, or prepares to, row by row.
func (h Header) rows(r io.ReaderAt, size int64) (rows, error) {
	var img image.Image
	var err error
	switch h.Kind {
	case JPEG:
		// Some senders lose the mark of the end; the decoder wants it, and stops at
		// the first.
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

// ctxReaderAt is a file that cannot be read once ctx has ended. All decoders read a few
// kilobytes at a time, and what they do with so much is bounded.
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
