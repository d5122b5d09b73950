// Package qrcodes draws all that is printed: QR images of the plain link of a code, signs with them, dossiers
// and reports.
//
// The link in the image is an ordinary https address, which every phone's camera understands: WeChat maps it to
// the mini program, other apps open its page. Signs hang outdoors for years, so the images use an error
// correction that tolerates the loss of a quarter of the surface. A text that cannot be printed in full is
// refused rather than printed with gaps.
// with gaps.
package qrcodes

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	qrcode "github.com/skip2/go-qrcode"

	"mashang/domain/fault"
)

// The bounds of PNG's side in pixels, and of the link in bytes. A longer link makes the modules too small for
// an old phone's camera.
const (
	MinPx   = 64
	MaxPx   = 2048
	MaxLink = 256
)

// PNG returns a square black and white image of the link, px pixels a side, with a quiet zone of at least four
// modules. All modules have the same whole number of pixels. Errors: Invalid (field "url" or "size") if the
// link is empty or too long, or px is outside MinPx..MaxPx or too small for the link.
func PNG(url string, px int) ([]byte, error) {
	if px < MinPx || px > MaxPx {
		return nil, invalid("size", fmt.Sprintf("二维码边长应在 %d 到 %d 像素之间", MinPx, MaxPx))
	}
	modules, err := bitmap(url)
	if err != nil {
		return nil, err
	}
	scale := px / len(modules)
	if scale == 0 {
		return nil, invalid("size", fmt.Sprintf("这个网址的二维码边长至少要 %d 像素", len(modules)))
	}
	return encodePNG(modules, scale, px)
}

// SVG returns the same image as a vector drawing whose unit is one module. It has no fixed size.
// Errors: Invalid (field "url") when the link is empty or too long.
func SVG(url string) ([]byte, error) {
	modules, err := bitmap(url)
	if err != nil {
		return nil, err
	}
	n := len(modules)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, n, n)
	fmt.Fprintf(&b, `<rect x="0" y="0" width="%d" height="%d" fill="#fff"/><g fill="#000">`, n, n)
	for y, row := range modules {
		for x := 0; x < n; {
			run := 0
			for x+run < n && row[x+run] {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="1"/>`, x, y, run)
			}
			x += run + 1
		}
	}
	b.WriteString("</g></svg>\n")
	return []byte(b.String()), nil
}

// bitmap returns the modules, [y][x], true for black, with the quiet zone of four modules that the standard
// (ISO/IEC 18004) requires. Level High restores 25 %.
func bitmap(url string) ([][]bool, error) {
	if url == "" || len(url) > MaxLink {
		return nil, invalid("url", fmt.Sprintf("二维码的网址应有 1 到 %d 个字节", MaxLink))
	}
	code, err := qrcode.New(url, qrcode.High)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "二维码没有画成")
	}
	return code.Bitmap(), nil
}

// encodePNG draws each module scale pixels wide, centred on a white square of px pixels. The library's own
// drawing gives modules unequal sizes.
func encodePNG(modules [][]bool, scale, px int) ([]byte, error) {
	img := image.NewPaletted(image.Rect(0, 0, px, px), color.Palette{color.White, color.Black})
	margin := (px - scale*len(modules)) / 2
	for y, row := range modules {
		for x, black := range row {
			if !black {
				continue
			}
			for dy := range scale {
				line := img.Pix[(margin+y*scale+dy)*img.Stride+margin+x*scale:]
				for dx := range scale {
					line[dx] = 1
				}
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "二维码没有画成")
	}
	return out.Bytes(), nil
}

// invalid returns an Invalid fault about one field.
func invalid(field, message string) error {
	e := fault.New(fault.Invalid, "%s", message)
	e.Fields = []fault.Field{{Field: field, Message: message}}
	return e
}
