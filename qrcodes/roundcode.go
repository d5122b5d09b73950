package qrcodes

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png"

	"mashang/domain/fault"
)

// roundCode checks the platform's code image and returns it as a JPEG that the PDF can contain: unchanged if it
// is a plain JPEG, else redrawn on white. n counts signs from 1.
func roundCode(s Sign, n int) ([]byte, error) {
	broken := func() error {
		return invalid(fmt.Sprintf("signs[%d].code_image", n-1), s.name(n)+"的小程序码图片打不开，请重新获取")
	}
	if len(s.CodeImage) > maxCodeBytes {
		return nil, broken()
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(s.CodeImage))
	if err != nil || config.Width > maxCodeSide || config.Height > maxCodeSide {
		return nil, broken()
	}
	img, _, err := image.Decode(bytes.NewReader(s.CodeImage))
	if err != nil {
		return nil, broken()
	}
	if format == "jpeg" && config.ColorModel != color.CMYKModel {
		return s.CodeImage, nil
	}
	flat := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, img.Bounds().Min, draw.Over)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, flat, &jpeg.Options{Quality: 95}); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "小程序码没有画成")
	}
	return out.Bytes(), nil
}
