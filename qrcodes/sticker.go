package qrcodes

// A sticker is of A6, for a counter, a car or a notice-board with little room. Lengths in millimetres.
const (
	stickerWidth  = 105.0
	stickerHeight = 148.0
	stickerMargin = 6.0
	stickerInner  = stickerWidth - 2*stickerMargin
	// Sides of a sticker's code. Below the smaller one an old phone has to be held too near.
	maxStickerCode  = 72.0
	stickerSmallest = 36.0
)

// stickerFits are the type sizes of names and lines.
var stickerFits = []signFit{
	{[]fitRule{{1, 28, 18}, {2, 18, 14}}, []fitRule{{1, 11, 8}}, 50},
	{[]fitRule{{1, 20, 14}, {2, 14, 9}}, []fitRule{{1, 8, 6}, {2, 6, 5}}, stickerSmallest},
}

// sticker lays out a sticker. ok is false if its texts leave no room.
func sticker(a *preparedSign, measure func(string) float64) (*canvas, bool) {
	return firstFit(stickerFits, func(f signFit) (*canvas, bool) {
		const centre = stickerWidth / 2
		l := newCanvas(stickerWidth, stickerHeight, measure)
		t := &textSetter{p: l, ok: true}
		t.header(l, a, stickerMargin, stickerMargin, stickerInner, 18, 22)
		y := a.demo(l, stickerMargin, stickerMargin+18+1.5, stickerInner, 10)
		y = t.names(l, a, centre, y, stickerInner, f)

		low := stickerHeight - stickerMargin
		t.foot(l, a, stickerMargin, low-1, stickerInner)
		low -= 4 + 9
		warn(l, stickerMargin, low, stickerInner, 9, 15)
		low = t.help(l, centre, low-1.5, stickerInner, []fitRule{{1, 13, 9}, {2, 9, 6}},
			helpLine{"不会扫码，请打 ", a.Phone}, helpLine{"编号 ", a.Key})
		area := codeArea{x: centre, top: y, bottom: low, width: stickerInner, max: maxStickerCode, gap: 5, caption: 6, size: 14}
		return l, area.codes(l, a, f.code) && t.ok
	})
}
