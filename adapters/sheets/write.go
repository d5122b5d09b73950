package sheets

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"mashang/domain/station"
)

// prepared is the number of rows of a sheet that get formats and drop-downs.
const prepared = 1000

// Template returns an empty roster as xlsx: a sheet for each table with its
// header row, drop-downs and prompts, and 说明, which tells how to fill them
// in and gives an example of each column. Read takes it once it is filled.
func Template() ([]byte, error) {
	return write(nil)
}

// Write returns the roster as xlsx; reading it gives an equal roster, without
// the version and those who are Gone. Phones are written as they stand: the
// caller opens the seals first, or empties them. Cells that a spreadsheet
// could take for formulas are written as text with a quote before them.
func Write(s *station.Station) ([]byte, error) {
	return write(s)
}

// book is a workbook being written. The first error stops all that follows.
type book struct {
	*excelize.File
	err error
	// styles by what they are for
	head, must, text, wrap int
}

func write(s *station.Station) ([]byte, error) {
	b := &book{File: excelize.NewFile()}
	defer func() { _ = b.Close() }()
	b.styles()
	b.try(b.SetSheetName("Sheet1", guide))
	b.guide()
	for i := range tables {
		b.table(&tables[i], s)
	}
	var out bytes.Buffer
	b.try(b.Write(&out))
	if b.err != nil {
		return nil, fmt.Errorf("write workbook: %w", b.err)
	}
	return out.Bytes(), nil
}

func (b *book) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) style(s *excelize.Style) int {
	id, err := b.NewStyle(s)
	b.try(err)
	return id
}

func (b *book) styles() {
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	const asText = 49 // "@": what is typed stays as typed, 01 and 8:00 too
	b.head = b.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill("DDEBF7"), NumFmt: asText})
	b.must = b.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill("FCE4D6"), NumFmt: asText})
	b.text = b.style(&excelize.Style{NumFmt: asText})
	b.wrap = b.style(&excelize.Style{NumFmt: asText, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
}

// put writes text, never a number or a formula.
func (b *book) put(sheet string, row, column int, s string, style int) {
	name, err := excelize.CoordinatesToCellName(column, row)
	b.try(err)
	b.try(b.SetCellStr(sheet, name, escapeFormula(s)))
	b.try(b.SetCellStyle(sheet, name, name, style))
}

func (b *book) table(t *table, s *station.Station) {
	_, err := b.NewSheet(t.Sheet)
	b.try(err)
	var rows [][]string
	if s != nil {
		rows = t.write(t, s)
	}
	last := 1 + prepared + len(rows)
	for i, c := range t.columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		b.try(err)
		b.try(b.SetColStyle(t.Sheet, letter, b.text))
		b.try(b.SetColWidth(t.Sheet, letter, letter, c.width()))
		style := b.head
		if c.Required {
			style = b.must
		}
		b.put(t.Sheet, 1, i+1, c.Header, style)
		b.prompt(t.Sheet, fmt.Sprintf("%s2:%s%d", letter, letter, last), c)
	}
	for i, row := range rows {
		for j, value := range row {
			b.put(t.Sheet, i+2, j+1, value, b.text)
		}
	}
	b.try(b.SetPanes(t.Sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

// prompt shows how to fill a column in when one of its cells is chosen, and
// offers what can be chosen from. Other values can be typed: reading decides.
func (b *book) prompt(sheet, cells string, c column) {
	if c.Note == "" && c.options() == nil && c.from() == "" {
		return
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(cells)
	if c.Note != "" {
		v.SetInput(c.Header, c.Note)
	}
	switch {
	case c.options() != nil:
		b.try(v.SetDropList(c.options()))
		v.SetError(excelize.DataValidationErrorStyleInformation, c.Header, "表中没有此项，仍可填写。"+c.Note)
	case c.from() != "":
		v.SetSqrefDropList(c.from())
		v.SetError(excelize.DataValidationErrorStyleWarning, c.Header, c.Note)
	}
	b.try(b.AddDataValidation(sheet, v))
}

// guide writes the sheet 说明.
func (b *book) guide() {
	for letter, width := range map[string]float64{"A": 12, "B": 12, "C": 8, "D": 60, "E": 26} {
		b.try(b.SetColWidth(guide, letter, letter, width))
	}
	row := 1
	add := func(style int, values ...string) {
		for i, s := range values {
			b.put(guide, row, i+1, s, style)
		}
		row++
	}
	add(b.head, "委员工作站名册")
	for _, s := range []string{
		"每张工作表第一行是表头，请勿改动表头文字；从第二行起填写，每行一条。橙色表头必填，蓝色可不填。",
		"一处有误，整份不收：导入时会逐处指出是哪张表、哪一行、哪一列，改正后再导入即可。",
		"再次导入时按编号对应：已有的更新，新增的加入，不会重复；表中没有填的可选内容按空白处理。",
		"本表只用来说明，示例不会被导入。",
	} {
		add(b.text, s)
	}
	row++
	add(b.head, "工作表", "列", "必填", "怎样填", "示例")
	for _, t := range tables {
		add(b.wrap, t.Sheet, "", "", t.About, "")
		for _, c := range t.columns {
			must := ""
			if c.Required {
				must = "必填"
			}
			note := c.Note
			if note == "" {
				note = strings.TrimSpace(c.Header)
			}
			add(b.wrap, t.Sheet, c.Header, must, note, c.Example)
		}
	}
}
