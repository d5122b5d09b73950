package qrcodes

import (
	"fmt"
	"math"
	"slices"
)

// A notice shows the codes of one village on A4, up to nine to a page. Lengths in millimetres.
const (
	noticeCells = 9
	cellGap     = 2.5
	// The code has this share of its cell's height, with margins at its sides. Below the minimum an old phone
	// has to be held too near.
	codeShare      = 0.66
	codeMargin     = 6.0
	noticeSmallest = 30.0
)

// noticeGrids are columns and rows by the maximum number of codes: few codes are shown large.
var noticeGrids = []struct{ max, columns, rows int }{{1, 1, 1}, {2, 1, 2}, {4, 2, 2}, {6, 3, 2}, {noticeCells, 3, 3}}

// notices lays out the codes on pages, one village after the other in the order of their first code. wrong are
// those whose texts leave no room.
func notices(list []*preparedSign, measure func(string) float64) (pages []page, wrong []*preparedSign) {
	var order []string
	groups := map[string][]*preparedSign{}
	for _, a := range list {
		if groups[a.Village] == nil {
			order = append(order, a.Village)
		}
		groups[a.Village] = append(groups[a.Village], a)
	}
	for _, village := range order {
		group := groups[village]
		count := (len(group) + noticeCells - 1) / noticeCells
		for i := range count {
			part := group[i*noticeCells : min((i+1)*noticeCells, len(group))]
			l, bad := noticePage(part, measure, i+1, count)
			pages, wrong = append(pages, page{l, part}), append(wrong, bad...)
		}
	}
	return pages, wrong
}

func noticePage(part []*preparedSign, measure func(string) float64, n, of int) (l *canvas, wrong []*preparedSign) {
	const centre = pageWidth / 2
	first := part[0]
	l = newCanvas(pageWidth, pageHeight, measure)
	t := &textSetter{p: l, ok: true}

	l.box(margin, margin, inner, 30, red)
	name := t.put(first.Station, inner-12, fitRule{1, 20, 11})
	block(l, name, centre, margin+8-name.height(leading)/2, leading, white)
	head := t.put(headOf(first, part), inner-8, fitRule{1, 38, 22}, fitRule{1, 22, 14})
	block(l, head, centre, margin+20.5-head.height(leading)/2, leading, white)
	y := first.demo(l, margin, margin+32, inner, 13)
	if !first.Demo {
		y = margin + 33
	}
	stepsAcross(l, noticeSteps(part), margin, y, inner, 16, 15)
	y += 16 + 2.5

	low := pageHeight - margin
	t.foot(l, first, margin, low-2, inner)
	if of > 1 {
		l.text(fmt.Sprintf("第 %d 页，共 %d 页", n, of), margin, low-2, 9, grey)
	}
	low -= 5 + 13
	warn(l, margin, low, inner, 13, 24)
	if first.Phone != "" {
		low -= 12
		phone := t.put("不会扫码，请打电话　"+first.Phone, inner, fitRule{1, 22, 12})
		block(l, phone, centre, low+5.5-phone.height(1.1)/2, 1.1, ink)
	}
	if !t.ok {
		return l, part
	}
	grid := noticeGrids[0]
	for _, grid = range noticeGrids {
		if len(part) <= grid.max {
			break
		}
	}
	width := (inner - float64(grid.columns-1)*cellGap) / float64(grid.columns)
	height := (low - 1 - y - float64(grid.rows-1)*cellGap) / float64(grid.rows)
	for i, a := range part {
		x := margin + float64(i%grid.columns)*(width+cellGap)
		if !cell(l, a, x, y+float64(i/grid.columns)*(height+cellGap), width, height) {
			wrong = append(wrong, a)
		}
	}
	return l, wrong
}

// allOf reports whether all codes of a page are of one kind.
func allOf(part []*preparedSign, kind string) bool {
	return !slices.ContainsFunc(part, func(a *preparedSign) bool { return a.Kind != kind })
}

// noticeSteps returns the steps of a page.
func noticeSteps(part []*preparedSign) [3][2]string {
	if allOf(part, KindReception) {
		s := receptionSteps
		s[0][1] = "对准接待日上面的码"
		return s
	}
	return stepsFor("对准委员名字上面的码")
}

// headOf returns the heading of a page.
func headOf(first *preparedSign, part []*preparedSign) string {
	what := "扫码说事"
	switch {
	case allOf(part, KindMember):
		what = "扫码找委员"
	case allOf(part, KindReception):
		what = headlines[KindReception]
	}
	if first.Village == "" {
		return what
	}
	return first.Village + "　" + what
}

// cell draws one code with the name of its target; a crowded cell has a smaller code.
func cell(l *canvas, a *preparedSign, x, y, w, h float64) bool {
	for side := min(w-codeMargin, h*codeShare); side >= noticeSmallest; side -= 2 {
		if cellWith(l, a, x, y, w, h, side) {
			return true
		}
	}
	return false
}

func cellWith(l *canvas, a *preparedSign, x, y, w, h, side float64) bool {
	t := &textSetter{p: l, ok: true}
	large := math.Round(h * 0.4) // in points; grows with the cell
	name := t.put(a.Title, w-4, fitRule{1, large, 15}, fitRule{2, 14, 8}, fitRule{3, 8, 6})
	line := textBlock{}
	if len(a.Subtitle) > 0 {
		line = t.put(a.Subtitle[0], w-4, fitRule{1, large / 2, 8}, fitRule{2, 8, 6})
	}
	key := t.put("编号 "+a.Key, w-4, fitRule{1, large * 0.42, 8}, fitRule{2, 8, 6})
	const tight = 1.12
	used := name.height(tight) + line.height(tight) + key.height(tight)
	room := h - 1.5 - side - 1
	if !t.ok || used > room {
		return false
	}
	l.frame(x+0.3, y+0.3, w-0.6, h-0.6, red)
	centre := x + w/2
	if a.round != nil {
		l.picture(a.round, centre-side/2, y+1.5, side)
	} else {
		l.code(a.plain, a.URL, centre-side/2, y+1.5, side)
	}
	top := y + 1.5 + side + (room-used)/2
	top = block(l, name, centre, top, tight, ink)
	top = block(l, line, centre, top, tight, grey)
	block(l, key, centre, top, tight, grey)
	return true
}
