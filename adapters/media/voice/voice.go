// Package voice recognises voice messages: which container a file is, that it
// holds sound a phone can play and nothing else, and how long it lasts.
//
// Their sound is kept as it came and played by the phones' own players, so nothing
// here decodes it; Strip takes out what else is in a file. The parsers read headers only. They never allocate
// more than a few words for what a file claims, and each step moves forward, so
// the cost of a hostile file is bounded by its length.
package voice

import (
	"bytes"
	"errors"
)

// The containers that are taken.
const (
	MP3  = "mp3"  // MPEG layer III, what the mini-program's recorder makes
	M4A  = "m4a"  // MP4 with AAC or Opus, what Safari and phones' recorders make
	WebM = "webm" // WebM with Opus or Vorbis, what Chromium's and Firefox's recorders make
)

// Errors of Probe. They say nothing about the file's content.
var (
	// ErrKind: none of the containers, or one with sound most phones cannot play.
	ErrKind = errors.New("voice: not a voice message of a known kind")
	// ErrVideo: the container also holds moving pictures.
	ErrVideo = errors.New("voice: holds a video track")
	// ErrBroken: the container is damaged, cut short or empty.
	ErrBroken = errors.New("voice: damaged or empty")
)

// Info is what a file is.
type Info struct {
	// Type is MP3, M4A or WebM.
	Type string
	// Seconds is the length: the longest the headers and the packets' times claim.
	Seconds float64
}

// Sniff tells the container by its first bytes (16 are enough), "" for none. It
// decides where a file belongs; only Probe says that it is sound.
func Sniff(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("ID3")):
		return MP3
	case len(head) >= 8 && string(head[4:8]) == "ftyp":
		return M4A
	case bytes.HasPrefix(head, []byte{0x1A, 0x45, 0xDF, 0xA3}):
		return WebM
	}
	if _, ok := mp3Header(head); ok {
		return MP3
	}
	return ""
}

// Probe examines a whole file. The error is ErrKind, ErrVideo or ErrBroken.
func Probe(data []byte) (Info, error) {
	kind := Sniff(data)
	var seconds float64
	var err error
	switch kind {
	case MP3:
		seconds, err = probeMP3(data)
	case M4A:
		seconds, err = probeMP4(data)
	case WebM:
		seconds, err = probeWebM(data)
	default:
		err = ErrKind
	}
	if err != nil {
		return Info{}, err
	}
	return Info{Type: kind, Seconds: seconds}, nil
}
