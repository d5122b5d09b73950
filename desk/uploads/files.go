package uploads

import (
	"io"
	"time"
)

// Photo, Voice and File are what the media store returns.
type (
	// Photo has its size in pixels.
	Photo struct {
		Hash          string
		Width, Height int
	}
	// Voice has its length in whole seconds.
	Voice struct {
		Hash    string
		Seconds int
	}
	// File is an open upload; Type is its media type.
	File struct {
		io.ReadSeekCloser
		Type    string
		ModTime time.Time
	}
)
