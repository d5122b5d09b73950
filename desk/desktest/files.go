package desktest

import (
	"bytes"
)

// Mp3 is about a second of silence.
func Mp3() []byte {
	frame := append([]byte{0xff, 0xfb, 0x90, 0x00}, make([]byte, 413)...) // 128 kbit/s, 44.1 kHz
	return bytes.Repeat(frame, 40)
}
