package media

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"mashang/adapters/media/photo"
)

// quality is the JPEG quality of photos and thumbnails: at 85 a licence plate stays readable and a phone's
// photo takes some 600 KB.
const quality = 85

// errSlow is the cause when a photo takes longer than Options.DecodeTime.
var errSlow = errors.New("media: a photo takes too long")

// renderedPhoto is a re-encoded photo in a temporary file that is not synced yet.
type renderedPhoto struct {
	Photo

	file  *os.File
	thumb []byte
}

// heavyBytes is the memory from which a photo's garbage is collected before the next photo starts. Otherwise
// the garbage of several photos could accumulate.
const heavyBytes = 8 << 20

// render decodes and re-encodes a photo. Meanwhile it holds a decoder and the photo's part of the memory. The
// caller adopts or discards the result's file.
func (s *Store) render(ctx context.Context, file *os.File, size int64, header photo.Header) (renderedPhoto, error) {
	if err := s.memory.Acquire(ctx, header.Memory); err != nil {
		return renderedPhoto{}, unavailable(fmt.Errorf("wait for memory: %w", err))
	}
	defer s.memory.Release(header.Memory)
	if err := s.decoders.Acquire(ctx, 1); err != nil {
		return renderedPhoto{}, unavailable(fmt.Errorf("wait for a decoder: %w", err))
	}
	defer s.decoders.Release(1)
	if header.Memory > heavyBytes {
		defer runtime.GC()
	}
	ctx, stop := context.WithTimeoutCause(ctx, s.opts.DecodeTime, errSlow)
	defer stop()
	d, err := s.draw(ctx, file, size, header)
	if err != nil {
		return renderedPhoto{}, s.photoFault(err, nil)
	}
	return d, nil
}

// draw does the work of render, without its limits.
func (s *Store) draw(ctx context.Context, file io.ReaderAt, size int64, header photo.Header) (renderedPhoto, error) {
	img, err := photo.Render(ctx, file, size, header)
	if err != nil {
		return renderedPhoto{}, err
	}
	small, err := photo.Thumb(ctx, img, s.opts.ThumbPx)
	if err != nil {
		return renderedPhoto{}, cause(ctx, err)
	}
	var thumb bytes.Buffer
	if err := encode(ctx, &thumb, small); err != nil {
		return renderedPhoto{}, err
	}
	out, err := os.CreateTemp(filepath.Join(s.dir, tempFolder), "out-")
	if err != nil {
		return renderedPhoto{}, fmt.Errorf("make a file: %w", err)
	}
	sum := sha256.New()
	if err := encode(ctx, io.MultiWriter(out, sum), img); err != nil {
		discard(out)
		return renderedPhoto{}, err
	}
	length, err := out.Seek(0, io.SeekCurrent)
	if err != nil {
		discard(out)
		return renderedPhoto{}, fmt.Errorf("measure a photo: %w", err)
	}
	bounds := img.Bounds()
	return renderedPhoto{
		Photo: Photo{Hash: hex.EncodeToString(sum.Sum(nil)), Width: bounds.Dx(), Height: bounds.Dy(), Bytes: length},
		file:  out, thumb: thumb.Bytes(),
	}, nil
}

// encode writes a JPEG. It stops when ctx ends.
func encode(ctx context.Context, w io.Writer, img image.Image) error {
	out := bufio.NewWriterSize(ctxWriter{ctx, w}, 64<<10)
	if err := jpeg.Encode(out, img, &jpeg.Options{Quality: quality}); err != nil {
		return cause(ctx, fmt.Errorf("encode a photo: %w", err))
	}
	if err := out.Flush(); err != nil {
		return cause(ctx, fmt.Errorf("write a photo: %w", err))
	}
	return nil
}

// ctxWriter is a writer that fails once ctx has ended.
type ctxWriter struct {
	ctx context.Context
	w   io.Writer
}

// Write implements io.Writer.
func (t ctxWriter) Write(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.w.Write(p)
}

// cause returns why ctx ended, if it has, and err otherwise.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("work on a photo: %w", context.Cause(ctx))
	}
	return err
}
