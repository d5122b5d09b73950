package qrcodes

import (
	"errors"
	"image"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	scale "golang.org/x/image/draw"
)

// errUnread is the error of a sign whose code cannot be read.
var errUnread = errors.New("qrcodes: a drawn code does not read as its address")

// readBack reads every QR image of a drawn page from its pixels, with a reader that shares no code with the
// drawing, and compares it with its address.
func (r *raster) readBack() error {
	for _, s := range r.codes {
		if !readsAs(r.img, s) {
			return errUnread
		}
	}
	return nil
}

// distances are the distances at which a code is read, as scales of its size: at any single one the reader
// fails with one or two of a thousand good codes, and a phone moves too.
var distances = []float64{1, 0.8, 1.3, 0.65, 1.7}

// readsAs reports whether a part of an image reads as the address. The first result decides, since a phone that
// reads another address would open that.
func readsAs(img *image.RGBA, s spot) bool {
	part := img.SubImage(s.at.Intersect(img.Bounds()))
	for _, d := range distances {
		looked := part
		if d != 1 {
			size := part.Bounds().Size()
			to := image.NewRGBA(image.Rect(0, 0, int(d*float64(size.X)), int(d*float64(size.Y))))
			scale.BiLinear.Scale(to, to.Bounds(), part, part.Bounds(), scale.Src, nil)
			looked = to
		}
		source := gozxing.NewLuminanceSourceFromImage(looked)
		for _, make1 := range []func(gozxing.LuminanceSource) gozxing.Binarizer{gozxing.NewHybridBinarizer, gozxing.NewGlobalHistgramBinarizer} {
			bits, err := gozxing.NewBinaryBitmap(make1(source))
			if err != nil {
				continue
			}
			hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
			if found, err := qrcode.NewQRCodeReader().Decode(bits, hints); err == nil {
				return found.GetText() == s.url
			}
		}
	}
	return false
}
