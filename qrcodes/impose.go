package qrcodes

import "slices"

// imposition says how pages of one size lie on a sheet of A4.
type imposition struct {
	width, height float64 // of the sheet
	columns, rows int     // two columns or more
}

// impositions are by the width and height of a page. Other pages stay as they are.
var impositions = map[[2]float64]imposition{
	{doorWidth, doorHeight}:       {pageHeight, pageWidth, 2, 1},
	{stickerWidth, stickerHeight}: {pageWidth, pageHeight, 2, 2},
}

// cropped puts pages that are smaller than A4 on A4, with crop marks at the edge.
func cropped(pages []page) []page {
	var out []page
	for i := 0; i < len(pages); {
		at := [2]float64{pages[i].w, pages[i].h}
		m, small := impositions[at]
		if !small {
			out = append(out, pages[i])
			i++
			continue
		}
		sheet := page{canvas: newCanvas(m.width, m.height, pages[i].measure)}
		// What is left of the sheet is between the columns and below, where it is cut off.
		for n := 0; n < m.columns*m.rows && i < len(pages) && pages[i].w == at[0] && pages[i].h == at[1]; n++ {
			x, y := float64(n%m.columns), float64(n/m.columns)
			sheet.place(pages[i].canvas, m.left(at[0], x), y*at[1], false)
			sheet.signs = append(sheet.signs, pages[i].signs...)
			i++
		}
		m.marks(sheet.canvas, at)
		out = append(out, sheet)
	}
	return out
}

// left is the left side of a column: the first lies at the left edge, the last at the right one.
func (m imposition) left(width, column float64) float64 {
	return column * (m.width - width) / float64(m.columns-1)
}

// marks draws the crop marks.
func (m imposition) marks(l *canvas, page [2]float64) {
	const tick = 4.0
	for _, x := range slices.Compact([]float64{page[0], m.width - page[0]}) { // one where the columns meet
		l.line(x, 0, 0, tick, ink, false)
		l.line(x, m.height-tick, 0, tick, ink, false)
	}
	for row := 1; row < m.rows; row++ {
		y := float64(row) * page[1]
		l.line(0, y, tick, 0, ink, false)
		l.line(m.width-tick, y, tick, 0, ink, false)
	}
	if bottom := float64(m.rows) * page[1]; m.height-bottom >= 1 {
		l.line(0, bottom, tick, 0, ink, false)
		l.line(m.width-tick, bottom, tick, 0, ink, false)
	}
}
