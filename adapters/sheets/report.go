package sheets

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"

	"mashang/domain/figures"
)

// The measures of a report: rows of a chart, and pixels.
const (
	chartRows   = 18
	chartWidth  = 760
	chartHeight = 340
)

// Report returns a report as xlsx: a sheet for each section with its notes, its
// table and Excel's own charts of it. Texts are text: one that a spreadsheet could
// take for a formula has a quote before it, and no cell holds a formula.
func Report(r figures.Report) ([]byte, error) {
	b := &book{File: excelize.NewFile()}
	defer func() { _ = b.Close() }()
	b.styles()
	p := &reportWriter{book: b, report: r}
	p.number = b.style(&excelize.Style{NumFmt: 0})
	p.share = b.style(&excelize.Style{CustomNumFmt: new("0.0%")})
	p.title = b.style(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	p.note = b.style(&excelize.Style{Font: &excelize.Font{Color: "555555"}})
	for i, s := range r.Sections {
		if i == 0 {
			b.try(b.SetSheetName("Sheet1", s.Sheet))
		} else {
			_, err := b.NewSheet(s.Sheet)
			b.try(err)
		}
		p.section(s)
	}
	b.SetActiveSheet(0)
	b.try(b.SetDocProps(&excelize.DocProperties{
		Title: clean(r.Title), Creator: "码上", Created: r.Made.UTC().Format("2006-01-02T15:04:05Z"),
	}))
	var out bytes.Buffer
	b.try(b.Write(&out))
	if b.err != nil {
		return nil, fmt.Errorf("write report: %w", b.err)
	}
	return out.Bytes(), nil
}

// reportWriter writes the sheets of a report.
type reportWriter struct {
	*book

	report                     figures.Report
	number, share, title, note int
}

func (p *reportWriter) section(s figures.Section) {
	row := 1
	say := func(text string, style int) {
		p.put(s.Sheet, row, 1, clean(text), style)
		row++
	}
	if p.report.Title != "" {
		say(p.report.Title, p.title)
	}
	say(s.Heading, p.head)
	for _, n := range s.Notes {
		say(n, p.note)
	}
	row++
	if len(s.Rows) == 0 {
		return
	}
	head := row
	for i, h := range s.Heads {
		p.put(s.Sheet, head, i+1, clean(h), p.head)
		letter, err := excelize.ColumnNumberToName(i + 1)
		p.try(err)
		p.try(p.SetColWidth(s.Sheet, letter, letter, width(s, i)))
	}
	for i, values := range s.Rows {
		for j, v := range values {
			p.value(s.Sheet, head+1+i, j+1, v)
		}
	}
	p.try(p.SetPanes(s.Sheet, &excelize.Panes{
		Freeze: true, YSplit: head, TopLeftCell: fmt.Sprintf("A%d", head+1), ActivePane: "bottomLeft",
	}))
	for i, c := range s.Charts {
		p.chart(s, c, head, i)
	}
}

// width is enough for the longest text of a column, within what a screen shows.
func width(s figures.Section, column int) float64 {
	most := 0
	for _, v := range s.Rows {
		if column < len(v) {
			most = max(most, cells(v[column].String()))
		}
	}
	return float64(min(60, max(10, most+2, cells(s.Heads[column])+2)))
}

// cells is how wide a text is, in half-width characters.
func cells(s string) (n int) {
	for _, r := range s {
		n++
		if r >= 0x2E80 {
			n++
		}
	}
	return n
}

func (p *reportWriter) value(sheet string, row, column int, v figures.Value) {
	if v.Kind == figures.Text || v.Kind == figures.None {
		p.put(sheet, row, column, clean(v.String()), p.text)
		return
	}
	name, err := excelize.CoordinatesToCellName(column, row)
	p.try(err)
	p.try(p.SetCellFloat(sheet, name, v.Number, -1, 64))
	style := p.number
	if v.Kind == figures.Share {
		style = p.share
	}
	p.try(p.SetCellStyle(sheet, name, name, style))
}

// chart draws columns of the section's table beside it, below the charts before.
func (p *reportWriter) chart(s figures.Section, c figures.Chart, head, nth int) {
	last := head + len(s.Rows)
	if c.MaxRows > 0 {
		last = min(last, head+c.MaxRows)
	}
	at, err := excelize.CoordinatesToCellName(len(s.Heads)+2, head+nth*chartRows)
	p.try(err)
	sheet := "'" + strings.ReplaceAll(s.Sheet, "'", "''") + "'"
	chart := &excelize.Chart{
		Type: excelize.Col, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: clean(c.Title)}}},
		Dimension: excelize.ChartDimension{Width: chartWidth, Height: chartHeight}, Legend: excelize.ChartLegend{Position: "bottom"},
		ShowBlanksAs: "zero", VaryColors: new(false),
		Format: excelize.GraphicOptions{AltText: clean(c.Title) + "，数据见左表"},
	}
	if c.Lines {
		chart.Type = excelize.Line
	}
	for _, column := range c.Columns {
		letter, err := excelize.ColumnNumberToName(column + 1)
		p.try(err)
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name:       fmt.Sprintf("%s!$%s$%d", sheet, letter, head),
			Categories: fmt.Sprintf("%s!$A$%d:$A$%d", sheet, head+1, last),
			Values:     fmt.Sprintf("%s!$%s$%d:$%s$%d", sheet, letter, head+1, letter, last),
		})
	}
	p.try(p.AddChart(s.Sheet, at, chart))
}

// escaped is what Excel takes for a character by its number.
var escaped = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// clean leaves out what cannot be kept in a cell; lines stay lines. What Excel would
// take for a character's number stays the letters that it is.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || r == '\ufffe' || r == '\uffff') {
			return -1
		}
		return r
	}, s)
	return escaped.ReplaceAllString(s, "_x005F_$1")
}
