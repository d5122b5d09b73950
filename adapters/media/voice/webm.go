package voice

import (
	"encoding/binary"
	"math"
)

// Element ids (RFC 9559). The parser enters the masters and skips unknown elements, so it needs no special case
// for the unknown sizes of Segment and Cluster that a streaming recorder writes.
const (
	idEBML          = 0x1A45DFA3
	idDocType       = 0x4282
	idSegment       = 0x18538067
	idInfo          = 0x1549A966
	idScale         = 0x2AD7B1
	idDuration      = 0x4489
	idTracks        = 0x1654AE6B
	idTrackEntry    = 0xAE
	idTrackType     = 0x83
	idCodec         = 0x86
	idCluster       = 0x1F43B675
	idClusterTime   = 0xE7
	idSimpleBlock   = 0xA3
	idBlockGroup    = 0xA0
	idBlock         = 0xA1
	idBlockDuration = 0x9B
)

// Track types.
const (
	trackVideo = 1
	trackAudio = 2
)

// webm collects what the length and the check need. Times are in ticks of scale nanoseconds.
type webm struct {
	docType              string
	scale                float64
	duration, last       float64
	cluster, block       float64
	kinds                []uint64
	codecs               []string
	blocks               int
	sawSegment, sawTrack bool
}

// probeWebM reads the elements. Browsers' recorders omit the duration; then the last packet's time counts.
func probeWebM(data []byte) (float64, error) {
	w := webm{scale: 1e6}
	for len(data) > 0 {
		id, rest, ok := elementID(data)
		if !ok {
			return 0, ErrBroken
		}
		size, known, rest, ok := elementSize(rest)
		if !ok {
			return 0, ErrBroken
		}
		if isMaster(id) {
			if !known && id != idSegment && id != idCluster {
				return 0, ErrBroken
			}
			if err := w.enter(id); err != nil {
				return 0, err
			}
			data = rest
			continue
		}
		if !known || size > uint64(len(rest)) {
			return 0, ErrBroken
		}
		if err := w.value(id, rest[:size]); err != nil {
			return 0, err
		}
		data = rest[size:]
	}
	return w.length()
}

// isMaster reports whether the parser enters the element.
func isMaster(id uint32) bool {
	switch id {
	case idEBML, idSegment, idInfo, idTracks, idTrackEntry, idCluster, idBlockGroup:
		return true
	}
	return false
}

// enter handles the start of a master element.
func (w *webm) enter(id uint32) error {
	switch id {
	case idEBML:
		if w.sawSegment || w.docType != "" {
			return ErrBroken // a second document after the first
		}
	case idSegment:
		if w.docType != "webm" {
			return ErrKind
		}
		if w.sawSegment {
			return ErrBroken
		}
		w.sawSegment = true
	case idTrackEntry:
		if len(w.kinds) == maxTracks {
			return ErrBroken
		}
		w.kinds, w.codecs, w.sawTrack = append(w.kinds, 0), append(w.codecs, ""), true
	}
	return nil
}

// value reads a leaf element.
func (w *webm) value(id uint32, body []byte) error {
	switch id {
	case idDocType:
		w.docType = string(body)
	case idScale:
		w.scale = float64(number(body))
		if w.scale == 0 {
			return ErrBroken
		}
	case idDuration:
		switch len(body) {
		case 4:
			w.duration = float64(math.Float32frombits(binary.BigEndian.Uint32(body)))
		case 8:
			w.duration = math.Float64frombits(binary.BigEndian.Uint64(body))
		}
		if math.IsNaN(w.duration) || w.duration < 0 {
			return ErrBroken
		}
	case idTrackType:
		if w.sawTrack {
			w.kinds[len(w.kinds)-1] = number(body)
		}
	case idCodec:
		if w.sawTrack {
			w.codecs[len(w.codecs)-1] = string(body)
		}
	case idClusterTime:
		w.cluster = float64(number(body))
	case idSimpleBlock, idBlock:
		return w.packet(body)
	case idBlockDuration:
		w.last = max(w.last, w.block+float64(number(body)))
	}
	return nil
}

// packet records the time of a block: a track number, then a signed 16-bit offset from its cluster's time.
func (w *webm) packet(body []byte) error {
	_, known, rest, ok := elementSize(body)
	if !ok || !known || len(rest) < 3 {
		return ErrBroken
	}
	offset := int16(binary.BigEndian.Uint16(rest)) //nolint:gosec // two's complement by the format
	w.block = w.cluster + float64(offset)
	w.last = max(w.last, w.block)
	w.blocks++
	return nil
}

// length checks the tracks and returns the seconds.
func (w *webm) length() (float64, error) {
	if !w.sawSegment || len(w.kinds) == 0 || w.blocks == 0 {
		return 0, ErrBroken
	}
	sound := false
	for i, kind := range w.kinds {
		switch {
		case kind == trackVideo:
			return 0, ErrVideo
		case kind == trackAudio && w.codecs[i] != "A_OPUS" && w.codecs[i] != "A_VORBIS":
			return 0, ErrKind
		case kind == trackAudio:
			sound = true
		}
	}
	if !sound {
		return 0, ErrBroken
	}
	return max(w.duration, w.last) * w.scale / 1e9, nil
}

// elementID reads an element id of one to four bytes, including its length marker.
func elementID(data []byte) (id uint32, rest []byte, ok bool) {
	length := 1
	for length <= 4 && len(data) > 0 && data[0]&(0x80>>(length-1)) == 0 {
		length++
	}
	if length > 4 || len(data) < length {
		return 0, nil, false
	}
	for _, b := range data[:length] {
		id = id<<8 | uint32(b)
	}
	return id, data[length:], true
}

// elementSize reads a size of one to eight bytes. All bits set mean unknown.
func elementSize(data []byte) (size uint64, known bool, rest []byte, ok bool) {
	length := 1
	for length <= 8 && len(data) > 0 && data[0]&(0x80>>(length-1)) == 0 {
		length++
	}
	if length > 8 || len(data) < length {
		return 0, false, nil, false
	}
	for _, b := range data[:length] {
		size = size<<8 | uint64(b)
	}
	mask := uint64(1)<<(7*length) - 1
	size &= mask
	return size, size != mask, data[length:], true
}

// number reads a big-endian number; of more than eight bytes it uses the last eight.
func number(body []byte) uint64 {
	var n uint64
	for _, b := range body {
		n = n<<8 | uint64(b)
	}
	return n
}
