package emulator_test

import (
	"bytes"
	"image"
	"image/color"
	"net/http"
	"testing"
)

// drawn decodes a code's picture and counts its colours by kind.
func drawn(t *testing.T, a answer, format string) (red, void int) {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "image/jpeg" || http.DetectContentType(a.raw) != "image/"+format {
		t.Fatalf("header %q over %s: %.200s", got, http.DetectContentType(a.raw), a.raw)
	}
	img, _, err := image.Decode(bytes.NewReader(a.raw))
	if err != nil {
		t.Fatal(err)
	}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA) //nolint:forcetypeassert // what the model gives
			switch {
			case c.A == 0:
				void++
			case c.R > 200 && c.G < 60 && c.B < 60:
				red++
			}
		}
	}
	return red, void
}

func TestCodeImageColours(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	draw := func(more map[string]any) answer {
		more["scene"], more["width"] = "k=1", 280
		return b.post("/wxa/getwxacodeunlimit", more)
	}
	red := map[string]any{"r": 255, "g": 0, "b": 0}
	if n, void := drawn(t, draw(map[string]any{}), "jpeg"); n != 0 || void != 0 {
		t.Errorf("plain: %d red, %d clear", n, void)
	}
	if n, _ := drawn(t, draw(map[string]any{"line_color": red}), "jpeg"); n < 500 {
		t.Errorf("red: %d red", n)
	}
	if n, _ := drawn(t, draw(map[string]any{"line_color": map[string]any{"r": "255", "g": "0", "b": "0"}}), "jpeg"); n < 500 {
		t.Errorf("red in texts: %d red", n)
	}
	if n, void := drawn(t, draw(map[string]any{"line_color": red, "is_hyaline": true}), "png"); n < 500 || void < 10_000 {
		t.Errorf("red on nothing: %d red, %d clear", n, void)
	}
	if n, void := drawn(t, draw(map[string]any{"is_hyaline": true}), "png"); n != 0 || void < 10_000 {
		t.Errorf("plain on nothing: %d red, %d clear", n, void)
	}
	if n, _ := drawn(t, draw(map[string]any{"line_color": red, "auto_color": true}), "jpeg"); n != 0 {
		t.Errorf("the platform chooses: %d red", n)
	}
	for name, tc := range map[string]struct {
		more map[string]any
		want int
	}{
		"too red":   {map[string]any{"line_color": map[string]any{"r": 256, "g": 0, "b": 0}}, 40097},
		"half":      {map[string]any{"line_color": map[string]any{"r": 255}}, 40097},
		"scan time": {map[string]any{"scancode_time": 1}, 85096},
		"word":      {map[string]any{"line_color": "red"}, 40169},
	} {
		if a := draw(tc.more); a.ErrCode != tc.want {
			t.Errorf("%s: errcode %d, want %d", name, a.ErrCode, tc.want)
		}
	}
}
