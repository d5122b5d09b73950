package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"mashang/adapters/media/photo"
	"mashang/adapters/media/voice"
	"mashang/domain/fault"
)

// Photo is a stored photo.
type Photo struct {
	// Hash is its id: SHA-256 of the stored file, 64 hexadecimal digits.
	Hash string
	// Width and Height are those of the stored, upright photo, in pixels.
	Width, Height int
	// Bytes is the size of the stored file.
	Bytes int64
}

// Voice is a stored voice message.
type Voice struct {
	// Hash is its id: SHA-256 of the stored file, 64 hexadecimal digits.
	Hash string
	// Seconds is its length, rounded, at least 1.
	Seconds int
	// Type is mp3, m4a or webm.
	Type string
}

// Take stores a photo or a voice message, whichever the file is; the other result is nil. Errors are those of
// TakePhoto and TakeVoice.
func (s *Store) Take(ctx context.Context, r io.Reader) (*Photo, *Voice, error) {
	head := make([]byte, photo.SniffLen)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, nil, interrupted(ctx, err)
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), r)
	switch {
	case n == 0:
		return nil, nil, invalidFile(adviceEmpty)
	case photo.Sniff(head) != photo.Other:
		p, err := s.TakePhoto(ctx, whole)
		if err != nil {
			return nil, nil, err
		}
		return &p, nil, nil
	case voice.Sniff(head) != "":
		v, err := s.TakeVoice(ctx, whole)
		if err != nil {
			return nil, nil, err
		}
		return nil, &v, nil
	default:
		return nil, nil, invalidFile(adviceKind)
	}
}

// TakePhoto re-encodes a JPEG, PNG or WebP as an upright JPEG without metadata, scaled down to the store's
// limit, and stores it with a thumbnail. The same photo again gives the same hash and no second file. It waits
// for memory and a decoder until ctx ends, and stops its work when ctx ends.
// Errors: Invalid (field "file") says what is wrong with the photo and what to do;
// Unavailable when the disk fails or ctx ends.
func (s *Store) TakePhoto(ctx context.Context, r io.Reader) (Photo, error) {
	file, size, err := s.spool(ctx, r, s.opts.MaxPhotoBytes, adviceLargePhoto)
	if err != nil {
		return Photo{}, err
	}
	defer discard(file)
	head := make([]byte, photo.SniffLen)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return Photo{}, unavailable(fmt.Errorf("read an upload back: %w", err))
	}
	header, err := photo.Inspect(file, size, photo.Limits{Pixels: s.opts.MaxPixels, Memory: s.opts.DecodeMemory, Side: s.opts.MaxSidePx})
	if err != nil {
		return Photo{}, s.photoFault(err, head[:n])
	}
	drawn, err := s.render(ctx, file, size, header)
	if err != nil {
		return Photo{}, err
	}
	// The thumbnail is stored first, so that every photo has one.
	if err := s.store(drawn.Hash, thumbExt, drawn.thumb); err != nil {
		discard(drawn.file)
		return Photo{}, err
	}
	if err := s.storeFile(drawn.Hash, photoExt, drawn.file); err != nil {
		return Photo{}, err
	}
	return drawn.Photo, nil
}

// TakeVoice checks that an MP3, M4A or WebM contains nothing but sound and is not too long, and stores the
// sound unchanged, without tags. Errors as TakePhoto.
func (s *Store) TakeVoice(ctx context.Context, r io.Reader) (Voice, error) {
	file, size, err := s.spool(ctx, r, s.opts.MaxVoiceBytes, adviceLargeVoice)
	if err != nil {
		return Voice{}, err
	}
	defer discard(file)
	data := make([]byte, size)
	if _, err := file.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return Voice{}, unavailable(fmt.Errorf("read an upload back: %w", err))
	}
	info, err := voice.Probe(data)
	if err != nil {
		return Voice{}, voiceFault(err)
	}
	if info.Seconds > float64(s.opts.MaxVoiceSeconds+1) {
		return Voice{}, invalidFile("录音最长 %d 秒，请分几段录，或写成文字", s.opts.MaxVoiceSeconds)
	}
	data = voice.Strip(data)
	if _, err := voice.Probe(data); err != nil { // Strip may remove what a player needs from an odd place
		return Voice{}, voiceFault(err)
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	if err := s.store(hash, "."+info.Type, data); err != nil {
		return Voice{}, err
	}
	seconds := min(max(int(math.Round(info.Seconds)), 1), s.opts.MaxVoiceSeconds)
	return Voice{Hash: hash, Seconds: seconds, Type: info.Type}, nil
}

// spool copies r, at most most bytes, into a temporary file and rewinds it. large is the message for a longer
// one, with a verb for the limit. The caller discards the file.
func (s *Store) spool(ctx context.Context, r io.Reader, maxBytes int64, large string) (*os.File, int64, error) {
	file, err := os.CreateTemp(filepath.Join(s.dir, tempFolder), "in-")
	if err != nil {
		return nil, 0, unavailable(fmt.Errorf("make a file for an upload: %w", err))
	}
	source := &source{ctx: ctx, r: r}
	size, err := io.Copy(file, io.LimitReader(source, maxBytes+1))
	switch {
	case source.err != nil:
		err = interrupted(ctx, source.err)
	case err != nil:
		err = unavailable(fmt.Errorf("write an upload: %w", err))
	case size == 0:
		err = invalidFile(adviceEmpty)
	case size > maxBytes:
		err = invalidFile(large, megabytes(maxBytes))
	default:
		if _, err = file.Seek(0, io.SeekStart); err != nil {
			err = unavailable(fmt.Errorf("rewind an upload: %w", err))
		}
	}
	if err != nil {
		discard(file)
		return nil, 0, err
	}
	return file, size, nil
}

// source reads from the client. It stops when ctx ends, and records the reader's error, to distinguish it from
// one of the disk.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	if s.err = s.ctx.Err(); s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// interrupted is the fault of an interrupted upload. A fault of the reader itself, such as a limit further up, is
// passed on.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return unavailable(fmt.Errorf("receive an upload: %w", err))
	}
	if fault.CodeOf(err) != fault.Internal {
		return err
	}
	return invalidFile(adviceCut)
}

// megabytes formats a size for people.
func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}
