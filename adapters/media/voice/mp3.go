package voice

import "bytes"

// mp3Frame is the content of a frame's header.
type mp3Frame struct {
	stream  uint32 // the header bits that stay the same through a file
	length  int    // bytes, header included
	samples int
	rate    int // samples a second
}

// Bit rates of layer III in kbit/s by index, and sample rates by version and
// index (ISO/IEC 11172-3 and 13818-3; version 2.5 is the common extension).
var (
	mp3Rates1  = [16]int{1: 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	mp3Rates2  = [16]int{1: 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
	mp3Samples = [4][4]int{
		0: {11025, 12000, 8000},  // version 2.5
		2: {22050, 24000, 16000}, // version 2
		3: {44100, 48000, 32000}, // version 1
	}
)

// mp3Header parses a frame header. ok is false for anything but layer III with an explicit bit rate. Raw AAC
// has layer bits 0 and fails.
func mp3Header(b []byte) (frame mp3Frame, ok bool) {
	if len(b) < 4 || b[0] != 0xFF || b[1]&0xE0 != 0xE0 || b[1]>>1&3 != 1 {
		return mp3Frame{}, false
	}
	version := b[1] >> 3 & 3
	rate := mp3Samples[version][b[2]>>2&3]
	kbit, samples := mp3Rates2[b[2]>>4], 576
	if version == 3 {
		kbit, samples = mp3Rates1[b[2]>>4], 1152
	}
	if rate == 0 || kbit == 0 {
		return mp3Frame{}, false
	}
	return mp3Frame{
		stream:  uint32(b[1]&0xFE)<<8 | uint32(b[2]&0x0C),
		length:  samples/8*kbit*1000/rate + int(b[2]>>1&1),
		samples: samples,
		rate:    rate,
	}, true
}

// mp3Junk is how many bytes between frames are tolerated: a stopped recorder leaves a part of a frame, a tagger
// some padding.
const mp3Junk = 4096

// probeMP3 adds up the lengths of all frames.
func probeMP3(data []byte) (float64, error) {
	frames, samples, rate := 0, 0, 0
	err := mp3Frames(data, func(_ []byte, frame mp3Frame) {
		frames++
		samples += frame.samples
		rate = frame.rate
	})
	if err != nil {
		return 0, err
	}
	if frames < 2 { // any file may contain one header by chance
		return 0, ErrBroken
	}
	return float64(samples) / float64(rate), nil
}

// mp3Frames calls each for every whole frame of the first frame's stream. It skips tags, padding and other
// bytes between frames.
func mp3Frames(data []byte, each func(data []byte, frame mp3Frame)) error {
	data = skipID3(data)
	if n := len(data) - 128; n >= 0 && bytes.HasPrefix(data[n:], []byte("TAG")) {
		data = data[:n]
	}
	var first mp3Frame
	junk := 0
	for len(data) > 0 {
		frame, ok := mp3Header(data)
		switch {
		case bytes.HasPrefix(data, []byte("APETAGEX")):
			return nil
		case !ok || (first.length > 0 && frame.stream != first.stream):
			if junk++; junk > mp3Junk {
				return ErrBroken
			}
			data = data[1:]
			continue
		case frame.length > len(data): // the recorder was stopped within it
			return nil
		}
		if first.length == 0 {
			first = frame
		}
		each(data[:frame.length], frame)
		data = data[frame.length:]
	}
	return nil
}

// skipID3 removes ID3v2 tags at the start.
func skipID3(data []byte) []byte {
	for len(data) >= 10 && bytes.HasPrefix(data, []byte("ID3")) {
		size := 10
		if data[5]&0x10 != 0 {
			size += 10 // a footer
		}
		size += int(data[6]&0x7F)<<21 | int(data[7]&0x7F)<<14 | int(data[8]&0x7F)<<7 | int(data[9]&0x7F)
		if size > len(data) {
			return nil
		}
		data = data[size:]
	}
	return data
}
