package qrcodes

import "math"

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
var doorFits = []struct {
	title, line []fitRule
	code        float64 // below this side the next is tried
}{
	{[]fitRule{{1, 44, 28}, {2, 28, 20}}, []fitRule{{1, 15, 11}}, 56},
	{[]fitRule{{1, 34, 22}, {2, 22, 12}}, []fitRule{{1, 12, 9}, {1, 9, 7}}, doorSmallest},
}

// door lays out a door sign. ok is false if its texts leave no room.
func door(a *preparedSign, measure func(string) float64) (l *canvas, ok bool) {
	for _, f := range doorFits {
		if l, ok = doorWith(a, measure, f.title, f.line, f.code); ok {
			return l, true
		}
	}
	return l, false
}

func doorWith(a *preparedSign, measure func(string) float64, title, line []fitRule, least float64) (*canvas, bool) {
	const centre = doorWidth / 2
	l := newCanvas(doorWidth, doorHeight, measure)
	t := &textSetter{p: l, ok: true}
	t.header(l, a, doorMargin, doorMargin, doorInner, 26, 30)
	y := a.demo(l, doorMargin, doorMargin+26+1.5, doorInner)
	y = block(l, t.put(a.Title, doorInner, title...), centre, y, 1.2, ink)
	for _, s := range a.Subtitle {
		y = block(l, t.put(s, doorInner, line...), centre, y, 1.25, grey)
	}

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
	stepsAcross(l, steps, doorMargin, low, doorInner, 15, 14)

	const label = 6.5 // the code's quiet zone is beside it
	side, maxSide := low-y-label-1, maxDoorCode
	if a.round != nil {
		maxSide = (doorInner - 6) / 2
	}
	side = math.Min(side, maxSide)
	if !t.ok || side < least {
		return l, false
	}
	y += (low - y - side - label) / 2
	below := y + side + label/2 - 1
	if a.round == nil {
		l.code(a.plain, a.URL, centre-side/2, y, side)
		l.centred("打开微信扫一扫", centre, below, 17, ink)
		return l, true
	}
	l.picture(a.round, centre-3-side, y, side)
	l.centred("微信扫一扫", centre-3-side/2, below, 17, ink)
	l.code(a.plain, a.URL, centre+3, y, side)
	l.centred("扫不开就扫这个", centre+3+side/2, below, 15, grey)
	return l, true
}
