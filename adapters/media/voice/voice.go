// Package voice recognizes voice messages: the container, that it contains nothing but sound that phones can
// play, and its length.
//
// The sound is kept unchanged and played by the phones' own players, so nothing here decodes it. Strip removes
// everything else from a file. The parsers read only headers. Their memory does not depend on what a file
// claims, and each step moves forward, so the cost of a hostile file is bounded by its length.
package voice

import (
	"bytes"
	"errors"
)

// The accepted containers.
const (
	MP3  = "mp3"  // MPEG layer III, what the mini-program's recorder makes
	M4A  = "m4a"  // MP4 with AAC or Opus, what Safari and phones' recorders make
	WebM = "webm" // WebM with Opus or Vorbis, what Chromium's and Firefox's recorders make
)

// Errors of Probe. They contain nothing of the file's content.
var (
	// ErrKind: none of the containers, or one with sound that most phones cannot play.
	ErrKind = errors.New("voice: not a voice message of a known kind")
	// ErrVideo: the container also has a video track.
	ErrVideo = errors.New("voice: holds a video track")
	// ErrBroken: the container is damaged, truncated or empty.
	ErrBroken = errors.New("voice: damaged or empty")
)

// Info describes a file.
type Info struct {
	// Type is MP3, M4A or WebM.
	Type string
	// Seconds is the length: the maximum of the headers' and the packets' times.
	Seconds float64
}

// Sniff detects the container by its first bytes (16 are enough), "" for none. Only Probe checks that it is
// sound.
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
