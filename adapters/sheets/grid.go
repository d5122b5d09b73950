package sheets

import (
	"fmt"
	"strings"
	"unicode"

	"mashang/domain/fold"
)

// cell is one value of a sheet. raw is as stored: a date or time typed in
// Excel is a number there; shown is how the sheet displays it. Text and csv
// cells have both alike.
type cell struct {
	raw, shown string
	// uncomputed says that it is a formula without a result.
	uncomputed bool
}

func (c cell) blank() bool { return !c.uncomputed && tidy(c.raw) == "" }

// line is one filled row; row counts from 1 as Excel shows it.
type line struct {
	row   int
	cells []cell
}

// grid is a sheet without its blank rows.
type grid struct {
	sheet string
	lines []line
	// merged are its ranges of merged cells; a text file has none.
	merged []mergedRange
	// date1904 is set for workbooks of old Macs, whose dates count from 1904.
	date1904 bool
}

// add takes one row unless it is blank. It returns what is wrong with the size
// of the sheet, "" for nothing.
func (g *grid) add(row int, cells []cell) string {
	for len(cells) > 0 && cells[len(cells)-1].blank() {
		cells = cells[:len(cells)-1]
	}
	switch {
	case len(cells) == 0:
		return ""
	case len(cells) > MaxColumns:
		return fmt.Sprintf("列数过多：最多 %d 列", MaxColumns)
	case len(g.lines) == MaxRows+1:
		return fmt.Sprintf("行数过多：表头之外最多 %d 行", MaxRows)
	}
	g.lines = append(g.lines, line{row: row, cells: cells})
	return ""
}

// tidy is what is kept of a cell's text, on one line with every kind of blank a
// plain one.
func tidy(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, fold.Stored(s))
}

// narrow is the cell's text as a value that is typed: full-width letters, digits
// and signs are plain. Ids, numbers, dates and headers are read through it; names
// keep their form.
func narrow(s string) string { return fold.Plain(s) }

// printable reports whether the text came whole: what is no character of its
// encoding is the replacement character by now.
func printable(s string) bool { return !strings.ContainsRune(s, unicode.ReplacementChar) }

// title is a sheet's or column's name without what people add to it: spaces,
// an asterisk, a remark in brackets.
func title(s string) string {
	s = narrow(s)
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	s = strings.ReplaceAll(s, " ", "")
	return strings.ToLower(strings.Trim(s, "*"))
}

// formula signs start a formula when a cell is opened or pasted elsewhere.
const formula = "=+-@\t\r\x00"

// escapeFormula puts a quote before text that a spreadsheet could take for a formula
// (CWE-1236). arm takes it off again, so that what was written reads back
// equal; a quote of the text's own is doubled for the same reason.
func escapeFormula(s string) string {
	if s != "" && strings.ContainsRune(formula+"'", rune(s[0])) {
		return "'" + s
	}
	return s
}

func unescapeFormula(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune(formula+"'", rune(s[1])) {
		return s[1:]
	}
	return s
}

// nearest returns the candidate most like s, "" when none is at all like it.
func nearest(s string, candidates []string) string {
	best, distance := "", 0
	for _, c := range candidates {
		word, like := title(s), title(c)
		a, b := []rune(word), []rune(like)
		d := edits(a, b)
		if strings.Contains(word, like) || strings.Contains(like, word) {
			d--
		}
		if d < max(len(a), len(b)) && (best == "" || d < distance) {
			best, distance = c, d
		}
	}
	return best
}

// edits is the Levenshtein distance. Headers are short; longer ones are cut.
func edits(a, b []rune) int {
	a, b = a[:min(len(a), 40)], b[:min(len(b), 40)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
