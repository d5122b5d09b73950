package photo_test

import (
	"testing"

	"pgregory.net/rapid"

	"mashang/adapters/media/photo"
)

func TestFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, h, fw, fh int }{
		{750, 9000, 750, 9000},       // a chat: narrower than writing needs, so as it came
		{1080, 12_000, 1000, 11_111}, // the shorter side scaled no further
		{12_000, 1080, 11_111, 1000},
		{10_000, 2500, 4000, 1000}, // a panorama
		{5712, 4284, 2048, 1536},
		{4000, 1900, 2105, 1000},
		{1200, 1600, 1200, 1600}, // nothing is enlarged or touched without need
	} {
		if fw, fh := photo.Fit(c.w, c.h, 2048, 1000); fw != c.fw || fh != c.fh {
			t.Errorf("%d×%d becomes %d×%d, want %d×%d", c.w, c.h, fw, fh, c.fw, c.fh)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, photo.MaxSide).Draw(t, "w"), rapid.IntRange(1, photo.MaxSide).Draw(t, "h")
		fw, fh := photo.Fit(w, h, 2048, 1000)
		if fw > w || fh > h || fw < 1 || fh < 1 || fw*fh > 16_000_000 {
			t.Fatalf("%d×%d becomes %d×%d", w, h, fw, fh)
		}
		if short := min(fw, fh); max(w, h) <= 16*min(w, h) && short < min(w, h, 1000) {
			t.Fatalf("%d×%d becomes %d×%d, too narrow to read", w, h, fw, fh)
		}
		if wide, tall := float64(fw)*float64(h), float64(fh)*float64(w); min(fw, fh) > 100 && (wide > tall*1.02 || tall > wide*1.02) {
			t.Fatalf("%d×%d becomes %d×%d, which is another shape", w, h, fw, fh)
		}
	})
}
