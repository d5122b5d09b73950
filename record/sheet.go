package record

import "fmt"

// SheetProblem is one thing to mend in a spreadsheet.
type SheetProblem struct {
	Sheet string `json:"sheet"`
	// Row counts from 1 as Excel shows it; 0 when the whole sheet is meant.
	Row int `json:"row,omitempty"`
	// Column is letter and header, "D（电话）"; "" when the whole row is meant.
	Column string `json:"column,omitempty"`
	// Message is Chinese and says what to do. It never repeats a phone number.
	Message string `json:"message"`
}

// String returns the problem as one line.
func (p SheetProblem) String() string {
	s := "工作表“" + p.Sheet + "”"
	if p.Row > 0 {
		s += fmt.Sprintf("第 %d 行", p.Row)
	}
	if p.Column != "" {
		s += " " + p.Column + " 列"
	}
	return s + "：" + p.Message
}
