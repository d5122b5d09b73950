package qrcodes

// A5 in millimetres, with a margin that every office printer can print.
const (
	doorWidth  = 148.0
	doorHeight = 210.0
	doorMargin = 8.0
	doorInner  = doorWidth - 2*doorMargin
	// Sides of a door sign's code. Below the smaller one an old phone has to be held too near, so the sign is
	// refused.
	maxDoorCode  = 72.0
	doorSmallest = 36.0
)

// doorFits are the type sizes of names and lines. A crowded sign is set smaller, so that its code stays large.
var doorFits = []signFit{
	{[]fitRule{{1, 44, 28}, {2, 28, 20}}, []fitRule{{1, 15, 11}}, 56},
	{[]fitRule{{1, 34, 22}, {2, 22, 12}}, []fitRule{{1, 12, 9}, {1, 9, 7}}, doorSmallest},
}

// door lays out a door sign. ok is false if its texts leave no room.
func door(a *preparedSign, measure func(string) float64) (*canvas, bool) {
	return firstFit(doorFits, func(f signFit) (*canvas, bool) {
		const centre = doorWidth / 2
		l := newCanvas(doorWidth, doorHeight, measure)
		t := &textSetter{p: l, ok: true}
		t.header(l, a, doorMargin, doorMargin, doorInner, 26, 30)
		y := a.demo(l, doorMargin, doorMargin+26+1.5, doorInner, 13)
		y = t.names(l, a, centre, y, doorInner, f)

		low := doorHeight - doorMargin
		t.foot(l, a, doorMargin, low-2, doorInner)
		low -= 5 + 12
		warn(l, doorMargin, low, doorInner, 12, 20)
		low -= 2.5 + 16.5
		if a.Phone == "" {
			t.helpBox(l, "也可在小程序里输入编号", a.Key, doorMargin, low, doorInner, 16.5)
		} else {
			const w = (doorInner - 3) / 2
			t.helpBox(l, "不会扫码，请打电话", a.Phone, doorMargin, low, w, 16.5)
			t.helpBox(l, "也可在小程序里输入编号", a.Key, doorMargin+w+3, low, w, 16.5)
		}
		low -= 2.5 + 15
		stepsAcross(l, a.steps(), doorMargin, low, doorInner, 15, 14)
		area := codeArea{x: centre, top: y, bottom: low, width: doorInner, max: maxDoorCode, gap: 6, caption: 6.5, size: 17}
		return l, area.codes(l, a, f.code) && t.ok
	})
}
