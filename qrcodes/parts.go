package qrcodes

import "fmt"

// Parts of the small templates. neverAsked is their warning: there are fraudulent codes, and the true ones say
// what they never ask for.
const neverAsked = "我们从不收费，也从不问密码"

// steps explain scanning for people who have never done it.
var steps = [3][2]string{
	{"微信扫一扫", "对准上面的码"},
	{"说您的事", "打字、说话、拍照都行"},
	{"等委员答复", "有了答复微信告诉您"},
}

// stepsFor returns the steps for a sign whose code is elsewhere on it.
func stepsFor(where string) [3][2]string {
	s := steps
	s[0][1] = where
	return s
}

// preparedSign is a sign with its images, ready for layout.
type preparedSign struct {
	Sign

	// n is its position in the order, from 1.
	n            int
	owner        string
	plain, round []byte
}

// textSetter sets texts and records whether all of them fitted.
type textSetter struct {
	p  drawer
	ok bool
}

func (t *textSetter) put(text string, width float64, fits ...fitRule) textBlock {
	s, fitted := arrange(text, width, t.p.width, fits...)
	t.ok = t.ok && fitted
	return s
}

// header draws the coloured head with the station's name and the effect of scanning.
func (t *textSetter) header(l *canvas, a *preparedSign, x, y, w, h, headline float64) {
	l.box(x, y, w, h, red)
	name := t.put(a.Station, w-10, fitRule{1, headline / 2, 9}, fitRule{1, 9, 7})
	l.centred(headlines[a.Kind], x+w/2, y+h*0.66, headline, white)
	block(l, name, x+w/2, y+h*0.23-name.height(leading)/2, leading, white)
}

// demo draws the note of a demonstration sign and returns the y below.
func (a *preparedSign) demo(l *canvas, x, y, w float64) float64 {
	if !a.Demo {
		return y
	}
	const height = 7.5
	l.box(x, y, w, height, yellow)
	l.centred("演示　只供试用，不会转给真实的委员", x+w/2, y+height/2, 13, ink)
	return y + height + 2
}

// warn draws the warning.
func warn(l *canvas, x, y, w, h, size float64) {
	l.box(x, y, w, h, red)
	l.centred(neverAsked, x+w/2, y+h/2, size, white)
}

// stepsAcross draws the steps side by side.
func stepsAcross(l *canvas, list [3][2]string, x, y, w, h, size float64) {
	const gap = 2.5
	each := (w - 2*gap) / 3
	for i, s := range list {
		left := x + float64(i)*(each+gap)
		l.box(left, y, each, h, pale)
		l.centred(fmt.Sprintf("%d %s", i+1, s[0]), left+each/2, y+h*0.34, size, red)
		l.centred(s[1], left+each/2, y+h*0.72, size*0.68, ink)
	}
}

// stepsDown draws the steps one below the other and returns the y below them.
func stepsDown(l *canvas, list [3][2]string, x, y, size float64) float64 {
	height := size * mmPerPoint * 1.62
	for i, s := range list {
		side := height * 0.82
		l.box(x, y+(height-side)/2, side, side, red)
		l.centred(fmt.Sprint(i+1), x+side/2, y+height/2, size*0.8, white)
		l.text(s[0], x+side+2.5, y+height/2, size, ink)
		y += height
	}
	return y
}

// foot draws the name of the body that is responsible for the sign.
func (t *textSetter) foot(l *canvas, a *preparedSign, x, y, w float64) {
	s := t.put("张贴单位："+a.owner, w, fitRule{1, 9, 6}, fitRule{2, 6, 5})
	block(l, s, x+w/2, y-s.height(1.1)/2, 1.1, grey)
}

// helpBox draws one of the boxes for people who do not scan.
func (t *textSetter) helpBox(l *canvas, label, value string, x, y, w, h float64) {
	l.frame(x, y, w, h, red)
	l.centred(label, x+w/2, y+h*0.28, 11, grey)
	s := t.put(value, w-5, fitRule{1, 20, 11}, fitRule{2, 11, 6})
	block(l, s, x+w/2, y+h*0.68-s.height(1.15)/2, 1.15, ink)
}
