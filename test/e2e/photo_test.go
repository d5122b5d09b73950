package e2e_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// hiddenInPhoto stands in the EXIF of every test photo and nowhere else.
const hiddenInPhoto = "EXIF-HOME-OF-THE-REPORTER"

// photo is a JPEG as a phone makes it, with a description and GPS coordinates
// in its EXIF. Different seeds make different pictures.
func photo(t *testing.T, seed int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			m.SetRGBA(x, y, color.RGBA{uint8(x + seed), uint8(y * seed), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := exifSegment()
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	out = append(out, exif...)
	return append(out, b.Bytes()[2:]...)
}

// exifSegment is an APP1 payload: a TIFF with ImageDescription and a GPS
// directory of latitude and longitude (TIFF 6.0, Exif 2.32 §4.6.6).
func exifSegment() []byte {
	le := binary.LittleEndian
	text := append([]byte(hiddenInPhoto), 0)
	const first, entry = 8, 12
	textAt := uint32(first + 2 + 2*entry + 4)
	gpsAt := textAt + uint32(len(text)+len(text)%2)
	latAt := gpsAt + 2 + 4*entry + 4
	tiff := append([]byte("II*\x00"), le.AppendUint32(nil, first)...)
	put := func(tag, kind uint16, count, value uint32) {
		tiff = le.AppendUint16(le.AppendUint16(tiff, tag), kind)
		tiff = le.AppendUint32(le.AppendUint32(tiff, count), value)
	}
	tiff = le.AppendUint16(tiff, 2)
	put(0x010E, 2, uint32(len(text)), textAt) // ImageDescription
	put(0x8825, 4, 1, gpsAt)                  // GPS directory
	tiff = append(le.AppendUint32(tiff, 0), text...)
	if len(text)%2 == 1 {
		tiff = append(tiff, 0)
	}
	tiff = le.AppendUint16(tiff, 4)
	put(1, 2, 2, 'N')
	put(2, 5, 3, latAt)
	put(3, 2, 2, 'E')
	put(4, 5, 3, latAt+24)
	tiff = le.AppendUint32(tiff, 0)
	for _, n := range []uint32{36, 7, 1234, 103, 45, 4321} {
		tiff = le.AppendUint32(le.AppendUint32(tiff, n), 1)
	}
	return append([]byte("Exif\x00\x00"), tiff...)
}

// bare checks that served bytes are a picture without anything hidden in it.
func bare(t *testing.T, data []byte) image.Config {
	t.Helper()
	for _, trace := range []string{hiddenInPhoto, "Exif", "GPS"} {
		if bytes.Contains(data, []byte(trace)) {
			t.Errorf("the served photo still holds %q", trace)
		}
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("the served photo cannot be read: %v", err)
	}
	return c
}
