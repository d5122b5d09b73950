package sheets

import (
	"github.com/xuri/excelize/v2"
)

// maxMerged bounds the merged ranges of one sheet.
const maxMerged = 10_000

// mergedRange is a range of merged cells, whose first cell alone has a value.
type mergedRange struct{ from, to cellRef }

// fillMerged gives every row of a range that is merged over rows of one column the
// value of its first: a village that is merged over three members is meant for
// all three. A row in which nothing else stands stays empty. A range over several
// columns does not say for which it is meant; below the header it is refused.
// The work is bounded by the rows of the grid for each range.
func (b *builder) fillMerged(g *grid) {
	header := g.lines[0].row
	rows := make(map[int]*line, len(g.lines))
	for i := range g.lines {
		rows[g.lines[i].row] = &g.lines[i]
	}
	for _, m := range g.merged {
		first, ok := rows[m.from.row]
		if !ok || m.from.row <= header || m.from.column > len(first.cells) || first.cells[m.from.column-1].blank() {
			continue // a header, or nothing stands in it
		}
		if m.from.column != m.to.column {
			from, _ := excelize.ColumnNumberToName(m.from.column)
			to, _ := excelize.ColumnNumberToName(m.to.column)
			b.report(place{sheet: g.sheet, row: m.from.row}, "%s–%s 列是跨列合并的单元格，分不清是哪一列的内容：请取消合并，分别填写", from, to)
			continue
		}
		value := first.cells[m.from.column-1]
		for i := range g.lines {
			l := &g.lines[i]
			if l.row <= m.from.row || l.row > m.to.row {
				continue
			}
			for len(l.cells) < m.from.column {
				l.cells = append(l.cells, cell{})
			}
			l.cells[m.from.column-1] = value
		}
	}
}

// dropPreamble drops what stands above the header: a title, or a line that says who made
// the table and when. The header is the first of the first rows in which two
// columns of the table are named, or its only one. Where none is, the first row is
// taken for it and its mistakes are named.
func (g *grid) dropPreamble(t *table) {
	const looked = 5
	for i := range g.lines[:min(len(g.lines), looked)] {
		named := map[string]bool{}
		for _, c := range g.lines[i].cells {
			if field := t.named(title(c.raw)); field != "" {
				named[field] = true
			}
		}
		if len(named) >= min(2, len(t.columns)) {
			g.lines = g.lines[i:]
			return
		}
	}
}
