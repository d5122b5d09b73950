package qrcodes

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the font is part of the binary
	"fmt"
	"io"
	"sync"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font/opentype"
)

//go:embed font/sign.ttf.gz
var fontFile []byte

// family is the font's name inside the PDF.
const family = "WQYMicroHei"

// unpacked is the font's file.
var unpacked = sync.OnceValues(func() ([]byte, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(fontFile))
	if err != nil {
		return nil, fmt.Errorf("open the signs' font: %w", err)
	}
	data, err := io.ReadAll(zipped)
	if err != nil {
		return nil, fmt.Errorf("unpack the signs' font: %w", err)
	}
	return data, nil
})

// fonts is parsed once: it costs some 30 ms, and every sheet needs it.
var fonts = sync.OnceValues(func() (*gopdf.FontContainer, error) {
	data, err := unpacked()
	if err != nil {
		return nil, err
	}
	container := new(gopdf.FontContainer)
	if err := container.AddTTFFontData(family, data); err != nil {
		return nil, fmt.Errorf("parse the signs' font: %w", err)
	}
	return container, nil
})

// outlines is the same font for images.
var outlines = sync.OnceValues(func() (*opentype.Font, error) {
	data, err := unpacked()
	if err != nil {
		return nil, err
	}
	f, err := opentype.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("parse the signs' outlines: %w", err)
	}
	return f, nil
})

// missing returns the first character of text the page's font cannot draw. The
// PDF library would leave it blank without a word. It looks at characters beyond
// U+FFFF in a table this font does not have, so those are refused unasked.
func missing(page *gopdf.GoPdf, text string) (rune, bool, error) {
	for _, r := range text {
		if r > 0xFFFF {
			return r, true, nil
		}
		has, err := page.IsCurrFontContainGlyph(r)
		if err != nil {
			return 0, false, fmt.Errorf("look up U+%04X in the signs' font: %w", r, err)
		}
		if !has {
			return r, true, nil
		}
	}
	return 0, false, nil
}
