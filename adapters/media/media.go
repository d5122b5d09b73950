// Package media keeps what people send with a matter: photos and voice messages,
// as files in a folder, named by the hash of their content.
//
// Photos are drawn anew before they are kept (package photo), so neither the place
// they were taken nor anything hidden in the file reaches a reader. Voice messages
// keep their sound as it came and lose their tags, after their container was checked
// (package voice). An upload is streamed to disk first and costs memory only while a
// decoder works on it. What all decoders take together is bounded in bytes, and each
// in time, so no number of uploads, and no upload, can exhaust the server.
//
// A file is named after its content and never changes: the same photo sent twice
// is one file, and damage shows. What was acknowledged is on the disk, not in a
// cache.
package media

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/semaphore"
)

// Options are a store's limits. A zero value means the default given.
type Options struct {
	// MaxPhotoBytes is the largest photo file taken; 10 MiB.
	MaxPhotoBytes int64
	// MaxPixels is the most pixels of a photo as it came; 25 million, which holds
	// the 24.5 million of present phones.
	MaxPixels int64
	// MaxVoiceBytes is the largest voice message taken; 2 MiB.
	MaxVoiceBytes int64
	// MaxVoiceSeconds is the longest voice message taken; 60. One second more is
	// let through, for recorders that stop late.
	MaxVoiceSeconds int
	// DecodeMemory is the most bytes that all photos being worked on take together;
	// 64 MiB. One that would take more alone is refused.
	DecodeMemory int64
	// DecodeTime is the longest one photo is worked on; 30 s.
	DecodeTime time.Duration
	// Decoders is how many photos are worked on at once; 2. It bounds the load,
	// DecodeMemory the memory.
	Decoders int
	// ThumbPx is the longer side of a thumbnail; 320. Of a long strip the shorter
	// side keeps a quarter of it.
	ThumbPx int
	// MaxSidePx is the longer side a photo is scaled down to; 2560. A long screenshot
	// or panorama keeps more: see photo.Fit.
	MaxSidePx int
}

// Store is a folder of uploads. It may be used from many goroutines.
type Store struct {
	dir      string
	opts     Options
	memory   *semaphore.Weighted // in bytes, of photos being worked on
	decoders *semaphore.Weighted // in photos
}

// tmp is the folder of uploads that are still coming in.
const tmp = "tmp"

// abandoned is how old an unfinished upload must be to be taken for the rest of a
// crash; one that still runs is far younger.
const abandoned = time.Hour

// Open prepares the folder, which is made if it is not there, and removes what a
// crash left of unfinished uploads. Errors: Invalid when a limit is negative,
// Unavailable when the folder cannot be written.
func Open(dir string, opts Options) (*Store, error) {
	if err := opts.fill(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, tmp), 0o700); err != nil {
		return nil, unavailable(fmt.Errorf("make the upload folder: %w", err))
	}
	// All folders exist from the start, so a new file needs only its own synced.
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

// fill puts the defaults in.
func (o *Options) fill() error {
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
			return negative()
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
			return negative()
		}
	}
	return nil
}

// sweep removes unfinished uploads of an earlier run. Their age is measured by a
// file made now, on the same file system, so no clock is needed and a second
// process that reads the folder takes nothing from under a running one.
func (s *Store) sweep() error {
	probe, err := os.CreateTemp(filepath.Join(s.dir, tmp), "probe-")
	if err != nil {
		return fmt.Errorf("write to the upload folder: %w", err)
	}
	defer discard(probe)
	now, err := probe.Stat()
	if err != nil {
		return fmt.Errorf("look at the upload folder: %w", err)
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, tmp))
	if err != nil {
		return fmt.Errorf("read the upload folder: %w", err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || now.ModTime().Sub(info.ModTime()) < abandoned {
			continue // gone meanwhile, or in use
		}
		if err := os.Remove(filepath.Join(s.dir, tmp, entry.Name())); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("remove an abandoned upload: %w", err)
		}
	}
	return nil
}
