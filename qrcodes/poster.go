package qrcodes

// A3 in millimetres, with a margin that every printer can print.
const (
	posterWidth  = 297.0
	posterHeight = 420.0
	posterMargin = 14.0
	posterInner  = posterWidth - 2*posterMargin
	// Sides of a poster's code. A code is read from ten times its side, so the smaller one is read from 1.2 metres.
	maxPosterCode  = 210.0
	posterSmallest = 120.0
)

// posterFits are the type sizes of names and lines. A crowded sign is set smaller, so that its code stays large.
var posterFits = []signFit{
	{[]fitRule{{1, 80, 48}, {2, 48, 34}}, []fitRule{{1, 30, 20}}, 170},
	{[]fitRule{{1, 56, 34}, {2, 34, 20}}, []fitRule{{1, 22, 14}, {1, 14, 11}}, posterSmallest},
}

// poster lays out a sign that is read from some metres away. ok is false if its texts leave no room.
func poster(a *preparedSign, measure func(string) float64) (*canvas, bool) {
	return firstFit(posterFits, func(f signFit) (*canvas, bool) {
		const centre = posterWidth / 2
		l := newCanvas(posterWidth, posterHeight, measure)
		t := &textSetter{p: l, ok: true}
		t.header(l, a, posterMargin, posterMargin, posterInner, 52, 68)
		y := a.demo(l, posterMargin, posterMargin+52+3, posterInner, 26)
		y = t.names(l, a, centre, y, posterInner, f)

		low := posterHeight - posterMargin
		t.foot(l, a, posterMargin, low-3, posterInner)
		low -= 8 + 22
		warn(l, posterMargin, low, posterInner, 22, 44)
		low = t.help(l, centre, low-5, posterInner, []fitRule{{1, 34, 18}, {2, 18, 14}},
			helpLine{"不会扫码，请打电话　", a.Phone}, helpLine{"也可在小程序里输入编号　", a.Key})
		area := codeArea{x: centre, top: y, bottom: low - 4, width: posterInner, max: maxPosterCode, gap: 10, caption: 18, size: 42}
		return l, area.codes(l, a, f.code) && t.ok
	})
}
