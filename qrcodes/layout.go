package qrcodes

import "math"

// printScale is the number of pixels of a module of a printed QR image. Whole pixels keep the edges exact at
// any printed size.
const printScale = 8

// warning is on every sign: there are fraudulent codes, and the true ones say what they never ask for.
const warning = "我们不收费，也不会索要密码、验证码或转账"

// Heights in millimetres of the fixed parts.
const (
	top        = 12.0
	headHeight = 37.0
	demoHeight = 12.0
	warnHeight = 16.0
	footHeight = 8.0
	helpHeight = 25.0
	chipSpace  = 3.0
	labelSpace = 12.0
	bottom     = pageHeight - 10.0
	// Sides of the code images. Below the smaller one an old phone has to be held too near, so the sign is
	// refused.
	maxSheetCode = 100.0
	smallestCode = 50.0
)

// density is the type sizes between header and codes. A crowded sign is set smaller, so that its codes stay
// large.
type density struct {
	title, subtitle  []fitRule
	chip, chipHeight float64
	code             float64 // below this side the next density is tried
}

var densities = []density{
	{
		title:    []fitRule{{1, 58, 40}, {2, 42, 28}},
		subtitle: []fitRule{{1, 24, 15}},
		chip:     20, chipHeight: 12, code: 76,
	},
	{
		title:    []fitRule{{1, 48, 30}, {2, 30, 18}},
		subtitle: []fitRule{{1, 18, 13}},
		chip:     16, chipHeight: 10, code: smallestCode,
	},
}

// layout is a sign laid out for its page.
type layout struct {
	sign         Sign
	owner        string
	headline     string
	plain, round []byte

	density                                   density
	station, title, foot, warning, phone, key textBlock
	subtitle                                  []textBlock
	chips                                     [][]chip
	code                                      float64 // side of the code images
}

// chip is one purpose in its box.
type chip struct {
	text  string
	width float64
}

// arrange sets all texts and gives the remaining room to the codes, at the first density that leaves enough. It
// reports whether everything fits.
func (l *layout) arrange(p drawer) bool {
	for _, d := range densities {
		if l.attempt(p, d) {
			return true
		}
	}
	return false
}

// attempt lays out at one density.
func (l *layout) attempt(p drawer, d density) bool {
	ok := true
	put := func(text string, width float64, fits ...fitRule) textBlock {
		s, fitted := arrange(text, width, p.width, fits...)
		ok = ok && fitted
		return s
	}
	s := l.sign
	l.density, l.subtitle, l.chips = d, nil, nil
	l.station = put(s.Station, inner-12, fitRule{1, 22, 12})
	l.title = put(s.Title, inner, d.title...)
	l.foot = put("张贴单位："+l.owner, inner, fitRule{1, 13, 9})
	l.warning = put(warning, inner-10, fitRule{1, 24, 18})
	l.key = put(s.Key, l.helpWidth()-8, fitRule{1, 30, 14}, fitRule{2, 14, 9})
	if s.Phone != "" {
		l.phone = put(s.Phone, l.helpWidth()-8, fitRule{1, 30, 16}, fitRule{2, 16, 9})
	}
	for _, line := range s.Subtitle {
		l.subtitle = append(l.subtitle, put(line, inner, d.subtitle...))
	}
	for _, purpose := range s.Purposes {
		l.add(chip{purpose, p.width(purpose)*d.chip + 8})
	}
	most, enough := maxSheetCode, d.code
	if l.round != nil {
		most = (inner - 8) / 2
	}
	l.code = math.Min(most, l.room())
	return ok && l.code >= enough
}

// add puts the chip into the last row with room, or into a new one.
func (l *layout) add(c chip) {
	if last := len(l.chips) - 1; last >= 0 && rowWidth(l.chips[last])+chipSpace+c.width <= inner {
		l.chips[last] = append(l.chips[last], c)
		return
	}
	l.chips = append(l.chips, []chip{c})
}

// rowWidth returns the width of a row of chips.
func rowWidth(row []chip) float64 {
	width := -chipSpace
	for _, c := range row {
		width += c.width + chipSpace
	}
	return width
}

// helpWidth returns the width of one of the boxes with phone and number.
func (l *layout) helpWidth() float64 {
	if l.sign.Phone == "" {
		return inner
	}
	return (inner - 6) / 2
}

// leading is the height of a line of text in type sizes.
const leading = 1.3

// codesTop returns the top of the codes' part.
func (l *layout) codesTop() float64 {
	y := top + headHeight + 5
	if l.sign.Demo {
		y += demoHeight + 4
	}
	y += float64(len(l.title.lines)) * l.title.size * mmPerPoint * leading
	for _, line := range l.subtitle {
		y += float64(len(line.lines)) * line.size * mmPerPoint * leading
	}
	return y + 3
}

// codesBottom returns the top of the part below the codes.
func (l *layout) codesBottom() float64 {
	y := bottom - footHeight - warnHeight - 4 - helpHeight - 4
	if rows := float64(len(l.chips)); rows > 0 {
		y -= rows*(l.density.chipHeight+chipSpace) + 9
	}
	return y
}

// room returns the maximum side of the codes with their label.
func (l *layout) room() float64 {
	return l.codesBottom() - l.codesTop() - labelSpace - 2
}

// draw draws the layout on the current page.
func (l *layout) draw(p drawer) {
	const centre = pageWidth / 2
	p.box(margin, top, inner, headHeight, red)
	stationHeight := float64(len(l.station.lines)) * l.station.size * mmPerPoint * leading
	block(p, l.station, centre, top+9-stationHeight/2, leading, white)
	p.centred(l.headline, centre, top+25, 46, white)

	y := top + headHeight + 5
	if l.sign.Demo {
		p.box(margin, y, inner, demoHeight, yellow)
		p.centred("演示　只供试用，不会转给真实的委员", centre, y+demoHeight/2, 24, ink)
		y += demoHeight + 4
	}
	y = block(p, l.title, centre, y, leading, ink)
	for _, line := range l.subtitle {
		y = block(p, line, centre, y, leading, grey)
	}
	l.drawCodes(p)
	l.drawChips(p)
	l.drawHelp(p)

	y = bottom - footHeight - warnHeight
	p.box(margin, y, inner, warnHeight, red)
	block(p, l.warning, centre, y+warnHeight/2-l.warning.size*mmPerPoint*leading/2, leading, white)
	footLine := l.foot.size * mmPerPoint * 1.15
	block(p, l.foot, centre, bottom-footHeight/2+1.5-footLine*float64(len(l.foot.lines))/2, 1.15, grey)
}

// drawCodes centres the codes between title and purposes.
func (l *layout) drawCodes(p drawer) {
	const centre = pageWidth / 2
	spare := l.room() - l.code
	y := l.codesTop() + spare/2
	below := y + l.code + labelSpace/2 + 1
	if l.round == nil {
		p.picture(l.plain, centre-l.code/2, y, l.code)
		p.centred("打开微信扫一扫", centre, below, 26, ink)
		return
	}
	left, right := centre-4-l.code/2, centre+4+l.code/2
	p.picture(l.round, left-l.code/2, y, l.code)
	p.picture(l.plain, right-l.code/2, y, l.code)
	p.centred("微信扫一扫", left, below, 26, ink)
	p.centred("扫不开就扫这个", right, below, 22, grey)
}

// drawChips draws the purposes of the code.
func (l *layout) drawChips(p drawer) {
	if len(l.chips) == 0 {
		return
	}
	y := l.codesBottom()
	p.centred("可以用来", pageWidth/2, y+3.5, 18, grey)
	y += 9
	for _, row := range l.chips {
		x := (pageWidth - rowWidth(row)) / 2
		for _, c := range row {
			p.box(x, y, c.width, l.density.chipHeight, pale)
			p.centred(c.text, x+c.width/2, y+l.density.chipHeight/2, l.density.chip, red)
			x += c.width + chipSpace
		}
		y += l.density.chipHeight + chipSpace
	}
}

// drawHelp draws the boxes for people who do not scan.
func (l *layout) drawHelp(p drawer) {
	y := bottom - footHeight - warnHeight - 4 - helpHeight
	width := l.helpWidth()
	help := func(x float64, label string, s textBlock) {
		p.frame(x, y, width, helpHeight, red)
		p.centred(label, x+width/2, y+6.5, 16, grey)
		height := float64(len(s.lines)) * s.size * mmPerPoint * leading
		block(p, s, x+width/2, y+16.5-height/2, leading, ink)
	}
	if l.sign.Phone != "" {
		help(margin, "不会扫码，请打电话", l.phone)
	}
	help(pageWidth-margin-width, "或在小程序里输入编号", l.key)
}
