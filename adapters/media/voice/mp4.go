package voice

import "encoding/binary"

// mp4Track is the content of a trak box.
type mp4Track struct {
	id        uint32
	handler   string
	codec     string
	timescale uint32
	length    uint64 // in timescale units: the larger of mdhd and the sample table
	depth     int    // nesting of the box being read
}

// mp4Movie collects what the length and the check need.
type mp4Movie struct {
	tracks    []mp4Track
	seconds   float64           // of the movie header
	defaults  map[uint32]uint32 // sample length by track, from mvex
	fragments map[uint32]uint64 // length of all fragments by track
	media     int               // bytes in mdat boxes
}

// maxTracks is the maximum number of tracks, against hostile files.
const maxTracks = 16

// maxDepth is the maximum nesting of a track's boxes. Without it, a few bytes for each level could overflow the
// stack.
const maxDepth = 3

// probeMP4 reads the boxes of ISO/IEC 14496-12. Safari's recorder writes fragments and leaves the movie
// header's length at zero; then the fragments' sample lengths are added up.
func probeMP4(data []byte) (float64, error) {
	m := mp4Movie{defaults: map[uint32]uint32{}, fragments: map[uint32]uint64{}}
	err := boxes(data, func(kind, body []byte) error {
		switch string(kind) {
		case "moov":
			return boxes(body, m.movieBox)
		case "moof":
			return boxes(body, func(kind, body []byte) error {
				if string(kind) != "traf" {
					return nil
				}
				return m.fragment(body)
			})
		case "mdat":
			m.media += len(body)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return m.length()
}

// length checks the tracks and returns the seconds.
func (m *mp4Movie) length() (float64, error) {
	seconds, sound := m.seconds, 0
	for _, t := range m.tracks {
		switch t.handler {
		case "vide":
			return 0, ErrVideo
		case "soun":
			if t.codec != "mp4a" && t.codec != "Opus" {
				return 0, ErrKind
			}
			if t.timescale == 0 {
				return 0, ErrBroken
			}
			sound++
			seconds = max(seconds, float64(max(t.length, m.fragments[t.id]))/float64(t.timescale))
		}
	}
	if sound == 0 || m.media == 0 || seconds <= 0 {
		return 0, ErrBroken
	}
	return seconds, nil
}

// movieBox reads a child of moov.
func (m *mp4Movie) movieBox(kind, body []byte) error {
	switch string(kind) {
	case "mvhd":
		timescale, length, err := mp4Length(body)
		if err != nil {
			return err
		}
		if timescale == 0 {
			return ErrBroken
		}
		m.seconds = float64(length) / float64(timescale)
	case "mvex":
		return boxes(body, func(kind, body []byte) error {
			if string(kind) == "trex" && len(body) >= 16 && len(m.defaults) < maxTracks {
				m.defaults[binary.BigEndian.Uint32(body[4:])] = binary.BigEndian.Uint32(body[12:])
			}
			return nil
		})
	case "trak":
		if len(m.tracks) == maxTracks {
			return ErrBroken
		}
		var t mp4Track
		if err := boxes(body, t.box); err != nil {
			return err
		}
		m.tracks = append(m.tracks, t)
	}
	return nil
}

// box reads a child of trak, at any depth that is used.
func (t *mp4Track) box(kind, body []byte) error {
	switch string(kind) {
	case "mdia", "minf", "stbl":
		if t.depth == maxDepth {
			return ErrBroken
		}
		t.depth++
		defer func() { t.depth-- }()
		return boxes(body, t.box)
	case "tkhd":
		at := 12
		if len(body) > 0 && body[0] == 1 {
			at = 20
		}
		if len(body) < at+4 {
			return ErrBroken
		}
		t.id = binary.BigEndian.Uint32(body[at:])
	case "hdlr":
		if len(body) < 12 {
			return ErrBroken
		}
		t.handler = string(body[8:12])
	case "mdhd":
		timescale, length, err := mp4Length(body)
		if err != nil {
			return err
		}
		t.timescale, t.length = timescale, max(t.length, length)
	case "stsd":
		if len(body) < 16 {
			return ErrBroken
		}
		t.codec = string(body[12:16])
	case "stts":
		var sum uint64
		for entry := body[min(8, len(body)):]; len(entry) >= 8; entry = entry[8:] {
			sum += uint64(binary.BigEndian.Uint32(entry)) * uint64(binary.BigEndian.Uint32(entry[4:]))
		}
		t.length = max(t.length, sum)
	}
	return nil
}

// mp4Length reads timescale and length of mvhd and mdhd, which begin alike. All bits set mean an unknown
// length, which is returned as zero.
func mp4Length(body []byte) (timescale uint32, length uint64, err error) {
	switch {
	case len(body) >= 20 && body[0] == 0:
		timescale, length = binary.BigEndian.Uint32(body[12:]), uint64(binary.BigEndian.Uint32(body[16:]))
		if length == 1<<32-1 {
			length = 0
		}
	case len(body) >= 32 && body[0] == 1:
		timescale, length = binary.BigEndian.Uint32(body[20:]), binary.BigEndian.Uint64(body[24:])
		if length == 1<<64-1 {
			length = 0
		}
	default:
		return 0, 0, ErrBroken
	}
	return timescale, length, nil
}

// boxes calls each for every box in data. Size 0 extends to the end; size 1 means that a 64-bit size follows. A
// box that exceeds its parent is an error.
func boxes(data []byte, each func(kind, body []byte) error) error {
	for len(data) > 0 {
		if len(data) < 8 {
			return ErrBroken
		}
		header, size := uint64(8), uint64(binary.BigEndian.Uint32(data))
		switch size {
		case 0:
			size = uint64(len(data))
		case 1:
			if len(data) < 16 {
				return ErrBroken
			}
			header, size = 16, binary.BigEndian.Uint64(data[8:])
		}
		if size < header || size > uint64(len(data)) {
			return ErrBroken
		}
		if err := each(data[4:8], data[header:size]); err != nil {
			return err
		}
		data = data[size:]
	}
	return nil
}
