package qrcodes

// A table card stands on a table: two faces of A6, one above the other and turned
// by half, folded between them. Measures in millimetres.
const (
	faceWidth  = 148.0
	faceHeight = 105.0
	faceMargin = 8.0
	faceInner  = faceWidth - 2*faceMargin
	faceCode   = 53.0
)

// table arranges a card; with the platform's round code one face shows it and the
// other the plain one, which any phone reads.
func table(a *art, measure func(string) float64) (*leaf, bool) {
	l := newLeaf(faceWidth, 2*faceHeight, measure)
	front, ok := face(a, measure, a.round)
	back, fits := face(a, measure, nil)
	l.lay(back, 0, 0, true)
	l.lay(front, 0, faceHeight, false)
	l.line(0, faceHeight, faceWidth, 0, 0.2, grey, true)
	return l, ok && fits
}

// faceFits are how large a face's texts are set.
var faceFits = []struct {
	title, line []fit
	step        float64
}{
	{[]fit{{1, 30, 20}, {2, 22, 16}}, []fit{{1, 14, 10}, {2, 11, 9}}, 15},
	{[]fit{{1, 22, 14}, {2, 16, 11}}, []fit{{1, 10, 8}, {2, 8, 7}}, 12},
	{[]fit{{2, 14, 11}, {3, 11, 8}}, []fit{{1, 8, 7}, {2, 7, 6}}, 10},
}

func face(a *art, measure func(string) float64, round []byte) (l *leaf, ok bool) {
	for _, f := range faceFits {
		if l, ok = faceWith(a, measure, round, f.title, f.line, f.step); ok {
			return l, true
		}
	}
	return l, false
}

func faceWith(a *art, measure func(string) float64, round []byte, title, line []fit, step float64) (*leaf, bool) {
	l := newLeaf(faceWidth, faceHeight, measure)
	t := &setter{p: l, ok: true}
	const head = 10.0
	band := faceInner
	if a.Demo {
		const note = 38.0
		band -= note + 2
		l.box(faceMargin+band+2, faceMargin, note, head, yellow)
		l.centred("演示　不转真人", faceMargin+band+2+note/2, faceMargin+head/2, 13, ink)
	}
	l.box(faceMargin, faceMargin, band, head, red)
	name := t.put(a.Station+"　"+headlines[a.Kind], band-8, fit{1, 17, 10}, fit{1, 10, 5})
	block(l, name, faceMargin+band/2, faceMargin+head/2-name.height(leading)/2, leading, white)
	top := faceMargin + head + 2

	const codeX, textX = faceMargin, faceMargin + faceCode + 5
	const textWidth = faceWidth - faceMargin - textX
	if round != nil {
		l.picture(round, codeX, top, faceCode)
	} else {
		l.code(a.plain, a.URL, codeX, top, faceCode)
	}
	key := t.put("编号 "+a.Key, faceCode, fit{1, 13, 9}, fit{2, 9, 6})
	block(l, key, codeX+faceCode/2, top+faceCode+3-key.height(1.1)/2, 1.1, grey)

	down := func(s set, y, leading float64, c colour) float64 {
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
	y = stepsDown(l, steps, textX, y+1.5, step)
	if a.Phone != "" {
		y = down(t.put("不会扫码，请打电话", textWidth, fit{1, 10, 8}), y+1, 1.2, grey)
		y = down(t.put(a.Phone, textWidth, fit{1, 20, 11}, fit{2, 11, 8}), y, 1.15, ink)
	}
	warn(l, faceMargin, warnY, faceInner, 11, 18)
	t.foot(l, a, faceMargin, faceHeight-faceMargin-1.5, faceInner)
	return l, t.ok && y <= warnY-0.5
}
