package qrcodes

import (
	"fmt"
	"math"
	"slices"
)

// Parts of the small templates. neverAsked is their warning: there are fraudulent codes, and the true ones say
// what they never ask for.
const neverAsked = "我们从不收费，也从不问密码"

// steps explain scanning for people who have never done it.
var steps = [3][2]string{
	{"微信扫一扫", "对准上面的码"},
	{"说您的事", "打字、说话、拍照都行"},
	{"等委员答复", "有了答复微信告诉您"},
}

// receptionSteps are those of a reception day's sign.
var receptionSteps = [3][2]string{
	{"微信扫一扫", "对准上面的码"},
	{"看哪天谁来", "委员熟悉什么、能谈什么"},
	{"按时间来", "能预约的，先约好再来"},
}

// steps returns the steps of the sign.
func (a *preparedSign) steps() [3][2]string {
	if a.Kind == KindReception {
		return receptionSteps
	}
	return steps
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
	headline     string
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
	l.centred(a.headline, x+w/2, y+h*0.66, headline, white)
	block(l, name, x+w/2, y+h*0.23-name.height(leading)/2, leading, white)
}

// demo draws the note of a demonstration sign at a type size and returns the y below.
func (a *preparedSign) demo(l *canvas, x, y, w, size float64) float64 {
	if !a.Demo {
		return y
	}
	height := size * mmPerPoint * 1.64
	l.box(x, y, w, height, yellow)
	l.centred("演示　只供试用，不会转给真实的委员", x+w/2, y+height/2, size, ink)
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

// signFit is one way to set a sign's texts; below the side of code the next way is tried.
type signFit struct {
	title, line []fitRule
	code        float64
}

// firstFit lays a sign out in the first way that leaves its code large enough. ok is false if none does.
func firstFit(fits []signFit, lay func(signFit) (*canvas, bool)) (l *canvas, ok bool) {
	for _, f := range fits {
		if l, ok = lay(f); ok {
			return l, true
		}
	}
	return l, false
}

// names writes what a code points at, centred on x from y down, and returns the y below it.
func (t *textSetter) names(l *canvas, a *preparedSign, x, y, w float64, f signFit) float64 {
	y = block(l, t.put(a.Title, w, f.title...), x, y, 1.2, ink)
	for _, s := range a.Subtitle {
		y = block(l, t.put(s, w, f.line...), x, y, 1.25, grey)
	}
	return y
}

// helpLine is a line for people who do not scan.
type helpLine struct{ words, value string }

// help writes the lines that have a value upwards from low, the last one first, and returns the y above them.
func (t *textSetter) help(l *canvas, x, low, w float64, fits []fitRule, lines ...helpLine) float64 {
	for _, h := range slices.Backward(lines) {
		if h.value == "" {
			continue
		}
		s := t.put(h.words+h.value, w, fits...)
		low -= s.height(1.25)
		block(l, s, x, low, 1.25, ink)
	}
	return low
}

// codeArea is the room for a sign's codes. They are centred in it, each with a caption below.
type codeArea struct {
	x, top, bottom, width float64 // x is its middle
	max                   float64 // side of a code that stands alone
	gap, caption          float64 // between two codes; height of a caption
	size                  float64 // type size of a caption
}

// codes draws the plain code, or the platform's round one beside it. ok is false if they would be smaller than least,
// or than two that fill the width.
func (r codeArea) codes(l *canvas, a *preparedSign, least float64) bool {
	most := r.max
	if a.round != nil {
		most = (r.width - r.gap) / 2
	}
	side := math.Min(r.bottom-r.top-r.caption-1, most)
	if side < math.Min(least, most) {
		return false
	}
	y := r.top + (r.bottom-r.top-side-r.caption)/2
	below := y + side + r.caption/2 - 1
	if a.round == nil {
		l.code(a.plain, a.URL, r.x-side/2, y, side)
		l.centred("打开微信扫一扫", r.x, below, r.size, ink)
		return true
	}
	l.picture(a.round, r.x-r.gap/2-side, y, side)
	l.centred("微信扫一扫", r.x-(r.gap+side)/2, below, r.size, ink)
	l.code(a.plain, a.URL, r.x+r.gap/2, y, side)
	l.centred("扫不开就扫这个", r.x+(r.gap+side)/2, below, r.size*0.88, grey)
	return true
}
