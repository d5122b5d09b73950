package qrcodes

// A table card stands on a table: two faces of A6, one above the other and turned by half, with a fold between
// them. Lengths in millimetres.
const (
	faceWidth  = 148.0
	faceHeight = 105.0
	faceMargin = 8.0
	faceInner  = faceWidth - 2*faceMargin
	faceCode   = 53.0
)

// table lays out a card. With the platform's round code one face shows that one and the other the plain one,
// which any phone can read.
func table(a *preparedSign, measure func(string) float64) (*canvas, bool) {
	l := newCanvas(faceWidth, 2*faceHeight, measure)
	front, ok := cardSide(a, measure, a.round)
	back, fits := cardSide(a, measure, nil)
	l.place(back, 0, 0, true)
	l.place(front, 0, faceHeight, false)
	l.line(0, faceHeight, faceWidth, 0, grey, true)
	return l, ok && fits
}

// faceFits are the type sizes of a face's texts.
var faceFits = []struct {
	title, line []fitRule
	step        float64
}{
	{[]fitRule{{1, 30, 20}, {2, 22, 16}}, []fitRule{{1, 14, 10}, {2, 11, 9}}, 15},
	{[]fitRule{{1, 22, 14}, {2, 16, 11}}, []fitRule{{1, 10, 8}, {2, 8, 7}}, 12},
	{[]fitRule{{2, 14, 11}, {3, 11, 8}}, []fitRule{{1, 8, 7}, {2, 7, 6}}, 10},
}

func cardSide(a *preparedSign, measure func(string) float64, round []byte) (l *canvas, ok bool) {
	for _, f := range faceFits {
		if l, ok = cardSideWith(a, measure, round, f.title, f.line, f.step); ok {
			return l, true
		}
	}
	return l, false
}

func cardSideWith(a *preparedSign, measure func(string) float64, round []byte, title, line []fitRule, step float64) (*canvas, bool) {
	l := newCanvas(faceWidth, faceHeight, measure)
	t := &textSetter{p: l, ok: true}
	const head = 10.0
	band := faceInner
	if a.Demo {
		const note = 38.0
		band -= note + 2
		l.box(faceMargin+band+2, faceMargin, note, head, yellow)
		l.centred("演示　不转真人", faceMargin+band+2+note/2, faceMargin+head/2, 13, ink)
	}
	l.box(faceMargin, faceMargin, band, head, red)
	name := t.put(a.Station+"　"+a.headline, band-8, fitRule{1, 17, 10}, fitRule{1, 10, 5})
	block(l, name, faceMargin+band/2, faceMargin+head/2-name.height(leading)/2, leading, white)
	top := faceMargin + head + 2

	const codeX, textX = faceMargin, faceMargin + faceCode + 5
	const textWidth = faceWidth - faceMargin - textX
	if round != nil {
		l.picture(round, codeX, top, faceCode)
	} else {
		l.code(a.plain, a.URL, codeX, top, faceCode)
	}
	key := t.put("编号 "+a.Key, faceCode, fitRule{1, 13, 9}, fitRule{2, 9, 6})
	block(l, key, codeX+faceCode/2, top+faceCode+3-key.height(1.1)/2, 1.1, grey)

	down := func(s textBlock, y, leading float64, c colour) float64 {
		height := s.size * mmPerPoint * leading
		for _, line := range s.lines {
			l.text(line, textX, y+height/2, s.size, c)
			y += height
		}
		return y
	}
	y := down(t.put(a.Title, textWidth, title...), top, 1.15, ink)
	for _, s := range a.Subtitle {
		y = down(t.put(s, textWidth, line...), y, 1.2, grey)
	}
	const warnY = faceHeight - faceMargin - 4.5 - 11
	y = stepsDown(l, a.steps(), textX, y+1.5, step)
	if a.Phone != "" {
		y = down(t.put("不会扫码，请打电话", textWidth, fitRule{1, 10, 8}), y+1, 1.2, grey)
		y = down(t.put(a.Phone, textWidth, fitRule{1, 20, 11}, fitRule{2, 11, 8}), y, 1.15, ink)
	}
	warn(l, faceMargin, warnY, faceInner, 11, 18)
	t.foot(l, a, faceMargin, faceHeight-faceMargin-1.5, faceInner)
	return l, t.ok && y <= warnY-0.5
}
