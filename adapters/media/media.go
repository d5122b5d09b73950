// Package media stores what people attach to a matter: photos and voice messages, as files in a folder, named
// by the hash of their content.
//
// Photos are re-encoded before they are stored (package photo), so that neither their place nor anything hidden
// in the file reaches a reader. Voice messages keep their sound unchanged and lose their tags, after a check of
// their container (package voice). An upload is streamed to disk and needs memory only while a decoder works on
// it. The memory of all decoders together and the time of each are bounded, so that no upload, and no number of
// them, can exhaust the server.
//
// A file is named by its content and never changes: the same photo sent twice is one file, and damage is
// detected. An acknowledged upload is on disk, not in a cache.
package media

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/semaphore"
)

// Options are a store's limits. A zero value means the given default.
type Options struct {
	// MaxPhotoBytes is the maximum size of a photo's file; 10 MiB.
	MaxPhotoBytes int64
	// MaxPixels is the maximum number of pixels of an uploaded photo; 25 million, enough for the 24.5 million
	// of present phones.
	MaxPixels int64
	// MaxVoiceBytes is the maximum size of a voice message; 2 MiB.
	MaxVoiceBytes int64
	// MaxVoiceSeconds is the maximum length of a voice message; 60. One second more is tolerated, for recorders
	// that stop late.
	MaxVoiceSeconds int
	// DecodeMemory is the memory in bytes for all photos being processed; 64 MiB. A photo that needs more is
	// refused.
	DecodeMemory int64
	// DecodeTime is the maximum time for processing one photo; 30 s.
	DecodeTime time.Duration
	// Decoders is how many photos are processed at once; 2. It bounds the load; DecodeMemory bounds the memory.
	Decoders int
	// ThumbPx is the longer side of a thumbnail in pixels; 320. The shorter side of a long strip has at least a
	// quarter.
	ThumbPx int
	// MaxSidePx is the longer side of a stored photo in pixels; 2560. A long screenshot or panorama may have
	// more: see photo.Fit.
	MaxSidePx int
}

// Store is a folder of uploads. It is safe for concurrent use.
type Store struct {
	dir      string
	opts     Options
	memory   *semaphore.Weighted // bytes for photos being processed
	decoders *semaphore.Weighted // number of photos
}

// tempFolder is the folder of unfinished uploads.
const tempFolder = "tmp"

// abandonedAfter is the age at which an unfinished upload counts as left by a crash. Running ones are far younger.
const abandonedAfter = time.Hour

// Open creates the folder if needed and removes unfinished uploads that a crash left. Errors: Invalid when a
// limit is negative, Unavailable when the folder cannot be written.
func Open(dir string, opts Options) (*Store, error) {
	if err := opts.setDefaults(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, tempFolder), 0o700); err != nil {
		return nil, unavailable(fmt.Errorf("make the upload folder: %w", err))
	}
	// All folders exist from the start, so a new file needs only a sync of its own folder.
	for shard := range 256 {
		err := os.Mkdir(filepath.Join(dir, fmt.Sprintf("%02x", shard)), 0o700)
		if err != nil && !os.IsExist(err) {
			return nil, unavailable(fmt.Errorf("make a folder for uploads: %w", err))
		}
	}
	if err := syncDir(dir); err != nil {
		return nil, unavailable(err)
	}
	s := &Store{
		dir:      dir,
		opts:     opts,
		memory:   semaphore.NewWeighted(opts.DecodeMemory),
		decoders: semaphore.NewWeighted(int64(opts.Decoders)),
	}
	if err := s.sweep(); err != nil {
		return nil, unavailable(err)
	}
	return s, nil
}

// setDefaults sets the defaults.
func (o *Options) setDefaults() error {
	for _, limit := range []struct {
		value    *int64
		standard int64
	}{
		{&o.MaxPhotoBytes, 10 << 20},
		{&o.MaxPixels, 25_000_000},
		{&o.MaxVoiceBytes, 2 << 20},
		{&o.DecodeMemory, 64 << 20},
		{(*int64)(&o.DecodeTime), int64(30 * time.Second)},
	} {
		if *limit.value == 0 {
			*limit.value = limit.standard
		}
		if *limit.value < 0 {
			return negativeLimit()
		}
	}
	for _, limit := range []struct {
		value    *int
		standard int
	}{{&o.MaxVoiceSeconds, 60}, {&o.Decoders, 2}, {&o.ThumbPx, 320}, {&o.MaxSidePx, 2560}} {
		if *limit.value == 0 {
			*limit.value = limit.standard
		}
		if *limit.value < 0 {
			return negativeLimit()
		}
	}
	return nil
}

// sweep removes unfinished uploads of an earlier run. It measures their age against a file created now on the
// same file system, so it needs no clock, and a second process removes nothing of a running one.
func (s *Store) sweep() error {
	probe, err := os.CreateTemp(filepath.Join(s.dir, tempFolder), "probe-")
	if err != nil {
		return fmt.Errorf("write to the upload folder: %w", err)
	}
	defer discard(probe)
	now, err := probe.Stat()
	if err != nil {
		return fmt.Errorf("look at the upload folder: %w", err)
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, tempFolder))
	if err != nil {
		return fmt.Errorf("read the upload folder: %w", err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || now.ModTime().Sub(info.ModTime()) < abandonedAfter {
			continue // already gone, or in use
		}
		if err := os.Remove(filepath.Join(s.dir, tempFolder, entry.Name())); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("remove an abandoned upload: %w", err)
		}
	}
	return nil
}
