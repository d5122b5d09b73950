package qrcodes_test

import (
	"compress/gzip"
	"io"
	"os"
	"testing"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/qrcodes"
)

// The committed font has all of GBK as its README says, and no glyph of it is an empty outline, which would
// print as a gap.
func TestFontDrawsGBK(t *testing.T) {
	t.Parallel()
	file, err := os.Open("font/sign.ttf.gz")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	font, err := sfnt.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var buffer sfnt.Buffer
	lacking, seen := 0, 0
	look := func(r rune) {
		seen++
		index, err := font.GlyphIndex(&buffer, r)
		if err != nil {
			t.Fatal(err)
		}
		if index == 0 {
			lacking++
			if lacks := qrcodes.Lacking(string(r)); len(lacks) > 0 {
				t.Errorf("no fallback has U+%04X", r)
			}
			return
		}
		outline, err := font.LoadGlyph(&buffer, index, fixed.I(64), nil)
		if err != nil {
			t.Fatalf("U+%04X: %v", r, err)
		}
		if len(outline) == 0 && !unicode.IsSpace(r) {
			t.Errorf("U+%04X has no outline", r)
		}
	}
	for r := rune(0x20); r < 0x7F; r++ {
		look(r)
	}
	if lacking > 0 {
		t.Errorf("%d characters of ASCII are missing", lacking)
	}
	decoder := simplifiedchinese.GBK.NewDecoder()
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			decoded, err := decoder.Bytes([]byte{byte(lead), byte(trail)})
			if err != nil {
				t.Fatal(err)
			}
			if r := []rune(string(decoded)); len(r) == 1 && r[0] != unicode.ReplacementChar {
				look(r[0])
			}
		}
	}
	if seen < 21_886 || lacking != 83+13 {
		t.Errorf("%d of %d characters are missing; font/README.md says 96", lacking, seen)
	}
}
