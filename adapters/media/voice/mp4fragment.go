package voice

import "encoding/binary"

// Flags of tfhd and trun for optional fields (ISO/IEC 14496-12, 8.8.7 and 8.8.8).
const (
	tfhdBaseOffset    = 0x1
	tfhdDescription   = 0x2
	tfhdSampleLength  = 0x8
	trunDataOffset    = 0x1
	trunFirstFlags    = 0x4
	trunSampleLength  = 0x100
	trunSampleSize    = 0x200
	trunSampleFlags   = 0x400
	trunSampleOffset  = 0x800
	fullBoxHeaderSize = 4
)

// fragment adds the length of a traf box's samples to its track.
func (m *mp4Movie) fragment(traf []byte) error {
	var track, sample uint32
	return boxes(traf, func(kind, body []byte) error {
		switch string(kind) {
		case "tfhd":
			if len(body) < fullBoxHeaderSize+4 {
				return ErrBroken
			}
			flags := binary.BigEndian.Uint32(body) & 0xFFFFFF
			track = binary.BigEndian.Uint32(body[4:])
			sample = m.defaults[track]
			at := 8
			if flags&tfhdBaseOffset != 0 {
				at += 8
			}
			if flags&tfhdDescription != 0 {
				at += 4
			}
			if flags&tfhdSampleLength != 0 {
				if len(body) < at+4 {
					return ErrBroken
				}
				sample = binary.BigEndian.Uint32(body[at:])
			}
		case "trun":
			length, err := runLength(body, sample)
			if err != nil {
				return err
			}
			if _, known := m.fragments[track]; !known && len(m.fragments) == maxTracks {
				return ErrBroken
			}
			m.fragments[track] += length
		}
		return nil
	})
}

// runLength adds up the sample lengths of a trun box.
func runLength(body []byte, sample uint32) (uint64, error) {
	if len(body) < fullBoxHeaderSize+4 {
		return 0, ErrBroken
	}
	flags := binary.BigEndian.Uint32(body) & 0xFFFFFF
	count := uint64(binary.BigEndian.Uint32(body[4:]))
	if flags&trunSampleLength == 0 {
		return count * uint64(sample), nil
	}
	body = body[8:]
	for _, flag := range []uint32{trunDataOffset, trunFirstFlags} {
		if flags&flag != 0 {
			if len(body) < 4 {
				return 0, ErrBroken
			}
			body = body[4:]
		}
	}
	stride := 4
	for _, flag := range []uint32{trunSampleSize, trunSampleFlags, trunSampleOffset} {
		if flags&flag != 0 {
			stride += 4
		}
	}
	if count > uint64(len(body)/stride) {
		return 0, ErrBroken
	}
	var sum uint64
	for ; count > 0; count-- {
		sum += uint64(binary.BigEndian.Uint32(body)) // the length is the first field
		body = body[stride:]
	}
	return sum, nil
}
