package qrcodes

import (
	"fmt"
	"math"
	"slices"

	"github.com/signintech/gopdf"

	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/station"
)

// The dimensions of a report, in millimetres and points.
const (
	tableSize   = 8.5
	tableLine   = tableSize * mmPerPoint * 1.35
	tablePad    = 1.2
	firstColumn = 42.0
	barHeight   = 6.2
	barLabel    = 48.0
	plotHeight  = 58.0
	plotLeft    = 12.0
	// The maximum of a page; the spreadsheet has the rest.
	tableRows    = 60
	tableColumns = 10
)

var light = colour{0xDD, 0xD6, 0xD2}

// Report returns a PDF of the report, A4, with page numbers, charts above their tables and the definitions of
// the figures at the end. A character that no font has is replaced by its number, and listed at the end.
func Report(r figures.Report) ([]byte, error) {
	p := newPaper()
	f := &document{paper: p, heading: r.Title}
	f.foot = f.printable(r.Station + "　" + r.Period)
	p.pdf.SetInfo(gopdf.PdfInfo{Title: r.Title, Creator: "码上", CreationDate: r.Made})
	f.page()
	f.write(r.Title, titleSize, 0, inner, ink)
	f.y++
	f.write("制作时间："+r.Made.In(station.Zone).Format("2006年1月2日 15:04"), 9, 0, inner, grey)
	for _, s := range r.Sections {
		if f.pages <= maxDossierPages {
			f.section(s)
		}
	}
	f.note()
	if f.pages > maxDossierPages {
		return nil, fault.New(fault.Invalid, "报告超过 %d 页，请改用表格", maxDossierPages)
	}
	out, err := p.bytes()
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "报告没有画成")
	}
	return out, nil
}

func (f *document) section(s figures.Section) {
	f.room(30)
	f.y += 5
	f.heading = s.Heading
	f.write(s.Heading, headSize, 0, inner, red)
	f.rule()
	for _, n := range s.Notes {
		f.write(n, bodySize-1, 0, inner, ink)
		f.y++
	}
	for _, c := range s.Charts {
		if c.Lines {
			f.lines(s, c)
		} else {
			f.bars(s, c)
		}
	}
	s, cut := narrowed(s)
	f.table(s)
	if cut != "" {
		f.write(cut, 9, 0, inner, grey)
	}
}

// narrowed omits columns and rows that do not fit on a page, with a note. The last column stays, as it has the
// sums of a grid.
func narrowed(s figures.Section) (figures.Section, string) {
	columns, rows := len(s.Heads)-tableColumns, len(s.Rows)-tableRows
	if columns > 0 {
		keep := func(row []figures.Value) []figures.Value {
			return append(slices.Clone(row[:tableColumns-1]), row[len(row)-1])
		}
		s.Heads = append(slices.Clone(s.Heads[:tableColumns-1]), s.Heads[len(s.Heads)-1])
		list := make([][]figures.Value, len(s.Rows))
		for i, row := range s.Rows {
			list[i] = keep(row)
		}
		s.Rows = list
	}
	if rows > 0 {
		s.Rows = s.Rows[:tableRows]
	}
	switch {
	case columns > 0 && rows > 0:
		return s, fmt.Sprintf("另有 %d 行、%d 列，见同一报告的表格。", rows, columns)
	case columns > 0:
		return s, fmt.Sprintf("另有 %d 列，见同一报告的表格。", columns)
	case rows > 0:
		return s, fmt.Sprintf("另有 %d 行，见同一报告的表格。", rows)
	}
	return s, ""
}

// table writes a section's rows and repeats the header on each page.
func (f *document) table(s figures.Section) {
	if len(s.Rows) == 0 {
		return
	}
	widths := columnWidths(s)
	heads := make([]figures.Value, len(s.Heads))
	for i, h := range s.Heads {
		heads[i] = figures.Value{Text: h}
	}
	top := f.cells(heads, widths)
	f.room(rowHeight(top) + 2*tableLine)
	f.row(top, widths, heads, true)
	for _, values := range s.Rows {
		cells := f.cells(values, widths)
		if f.y+rowHeight(cells) > dossierBottom {
			f.page()
			f.row(top, widths, heads, true)
		}
		f.row(cells, widths, values, false)
		if f.pages > maxDossierPages {
			return
		}
	}
	f.y += 2
}

// columnWidths divides the page's width: texts get twice the width of numbers.
func columnWidths(s figures.Section) []float64 {
	weight := make([]float64, len(s.Heads))
	rest, sum := inner-firstColumn, 0.0
	for i := 1; i < len(weight); i++ {
		weight[i] = 1
		if len(s.Rows[0]) > i && s.Rows[0][i].Kind == figures.Text {
			weight[i] = 2
		}
		sum += weight[i]
	}
	if len(weight) > 0 {
		weight[0] = firstColumn
	}
	for i := 1; i < len(weight); i++ {
		weight[i] = weight[i] / sum * rest
	}
	// Two columns are easier to read close together.
	if len(weight) == 2 && s.Rows[0][1].Kind != figures.Text {
		weight[0], weight[1] = inner*0.8, inner*0.2
	}
	return weight
}

// cells breaks each value into lines for its column.
func (f *document) cells(values []figures.Value, widths []float64) [][]string {
	out := make([][]string, len(values))
	for i, v := range values[:min(len(values), len(widths))] {
		out[i] = f.breakLines(f.printable(v.String()), (widths[i]-2*tablePad)/tableSize)
	}
	return out
}

func rowHeight(cells [][]string) float64 {
	most := 1
	for _, c := range cells {
		most = max(most, len(c))
	}
	return float64(most)*tableLine + 2*tablePad
}

// row writes one row with a thin line below it; numbers are aligned to the right.
func (f *document) row(cells [][]string, widths []float64, values []figures.Value, head bool) {
	height, x := rowHeight(cells), margin
	if f.err != nil || f.pages > maxDossierPages {
		return
	}
	if head {
		f.fillBox(margin, f.y, inner, height, pale)
	}
	for i, lines := range cells {
		for j, line := range lines {
			left := x + tablePad
			if i > 0 && (head || values[i].Kind != figures.Text) {
				left = x + widths[i] - tablePad - f.width(line)*tableSize
			}
			f.line(line, left, f.y+tablePad+(float64(j)+0.5)*tableLine, tableSize, ink)
		}
		x += widths[i]
	}
	f.y += height
	f.stroke(margin, f.y, margin+inner, f.y, 0.15, light)
}

// bars draws a bar for each row with its value.
func (f *document) bars(s figures.Section, c figures.Chart) {
	rows, most := s.Rows, 0.0
	if c.MaxRows > 0 {
		rows = rows[:min(c.MaxRows, len(rows))]
	}
	column := c.Columns[0]
	for _, r := range rows {
		most = math.Max(most, r[column].Number)
	}
	if most == 0 {
		return
	}
	f.room(math.Min(8+float64(len(rows))*barHeight, 80))
	f.write(c.Title, 9.5, 0, inner, grey)
	const room = inner - barLabel - 14
	for _, r := range rows {
		f.room(barHeight)
		middle := f.y + barHeight/2
		label := f.shortened(r[0].String(), barLabel-3, 9)
		f.line(label, margin+barLabel-2-f.width(label)*9, middle, 9, ink)
		length := r[column].Number / most * room
		f.fillBox(margin+barLabel, f.y+1, math.Max(length, 0.3), barHeight-2, red)
		f.line(r[column].String(), margin+barLabel+length+1.5, middle, 9, ink)
		f.y += barHeight
	}
	f.y += 2
}

// lines draws columns as lines over the rows, with a scale and a legend. The second line is dashed, so that
// they can be distinguished without colours.
func (f *document) lines(s figures.Section, c figures.Chart) {
	most := 0.0
	for _, r := range s.Rows {
		for _, column := range c.Columns {
			most = math.Max(most, r[column].Number)
		}
	}
	step := math.Max(1, math.Ceil(most/4))
	f.room(plotHeight + 18)
	f.write(c.Title, 9.5, 0, inner, grey)
	top, left, wide := f.y+2, margin+plotLeft, inner-plotLeft-4
	bottom := top + plotHeight
	at := func(i int, v float64) (x, y float64) {
		x = left + wide/2
		if n := len(s.Rows) - 1; n > 0 {
			x = left + wide*float64(i)/float64(n)
		}
		return x, bottom - v/(4*step)*plotHeight
	}
	for n := range 5 {
		_, y := at(0, float64(n)*step)
		f.stroke(left, y, left+wide, y, 0.1, light)
		label := fmt.Sprint(int(step) * n)
		f.line(label, left-2-f.width(label)*8, y, 8, grey)
	}
	every := (len(s.Rows) + 7) / 8
	for i, r := range s.Rows {
		if x, _ := at(i, 0); i%every == 0 {
			label := f.printable(r[0].String())
			f.line(label, x-f.width(label)*4, bottom+3.5, 8, grey)
		}
	}
	x := left
	for n, column := range c.Columns {
		ink := []colour{red, grey}[n%2]
		f.dashed(n%2 == 1)
		for i := 1; i < len(s.Rows); i++ {
			x1, y1 := at(i-1, s.Rows[i-1][column].Number)
			x2, y2 := at(i, s.Rows[i][column].Number)
			f.stroke(x1, y1, x2, y2, 0.5, ink)
		}
		if len(s.Rows) == 1 {
			x1, y1 := at(0, s.Rows[0][column].Number)
			f.fillBox(x1-0.8, y1-0.8, 1.6, 1.6, ink)
		}
		f.stroke(x, bottom+8.5, x+9, bottom+8.5, 0.5, ink)
		f.dashed(false)
		f.line(f.printable(s.Heads[column]), x+11, bottom+8.5, 8.5, grey)
		x += 32
	}
	f.y = bottom + 13
}

// shortened cuts a text to a width in millimetres.
func (f *document) shortened(text string, width, size float64) string {
	text = f.printable(text)
	if f.width(text)*size <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 1 && f.width(string(runes)+"…")*size > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

func (f *document) fillBox(x, y, w, h float64, c colour) {
	if f.err != nil || f.pages > maxDossierPages {
		return
	}
	f.pdf.SetFillColor(c[0], c[1], c[2])
	f.pdf.RectFromUpperLeftWithStyle(x, y, w, h, "F")
}

func (f *document) stroke(x1, y1, x2, y2, width float64, c colour) {
	if f.err != nil || f.pages > maxDossierPages {
		return
	}
	f.pdf.SetStrokeColor(c[0], c[1], c[2])
	f.pdf.SetLineWidth(width)
	f.pdf.Line(x1, y1, x2, y2)
}

func (f *document) dashed(on bool) {
	if f.err != nil || f.pages > maxDossierPages {
		return
	}
	kind := "solid"
	if on {
		kind = "dashed"
	}
	f.pdf.SetLineType(kind)
}
