package qrcodes

import (
	"errors"
	"image"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	scale "golang.org/x/image/draw"
)

// errUnread is why a sign is not given out.
var errUnread = errors.New("qrcodes: a drawn code does not read as its address")

// readBack reads every QR image of a drawn page from its pixels, by a reader
// that shares nothing with what drew it, and compares it with its address.
func (r *raster) readBack() error {
	for _, s := range r.codes {
		if !reads(r.img, s) {
			return errUnread
		}
	}
	return nil
}

// distances are from how far a code is looked at, in shares of its size: of a
// thousand good codes the reader fails with one or two at any one distance, and
// a phone moves too.
var distances = []float64{1, 0.8, 1.3, 0.65, 1.7}

// reads reports whether a part of an image reads as the address: somebody who
// reads anything else is sent there, so the first that is read decides.
func reads(img *image.RGBA, s spot) bool {
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
