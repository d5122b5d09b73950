package qrcodes

import (
	"encoding/binary"
	"hash/crc32"
	"math"
)

// headEnd is the end of a PNG's header chunk: signature, length, name, 13 bytes of content, checksum.
const headEnd = 8 + 4 + 4 + 13 + 4

// withDensity writes the number of dots per metre into a PNG (PNG specification 11.3.4.3, pHYs), so that it is
// printed in its real size. dpm is in dots per millimetre.
func withDensity(image []byte, dpm float64) []byte {
	chunk := make([]byte, 0, 21)
	chunk = binary.BigEndian.AppendUint32(chunk, 9)
	chunk = append(chunk, "pHYs"...)
	perMetre := uint32(math.Round(dpm * 1000))
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1) // metres
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	out := make([]byte, 0, len(image)+len(chunk))
	out = append(out, image[:headEnd]...)
	out = append(out, chunk...)
	return append(out, image[headEnd:]...)
}
