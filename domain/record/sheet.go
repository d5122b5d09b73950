package record

import (
	"fmt"
	"slices"
)

// SheetProblem is one error in a spreadsheet.
type SheetProblem struct {
	Sheet string `json:"sheet"`
	// Row counts from 1 as in Excel; 0 means the whole sheet.
	Row int `json:"row,omitempty"`
	// Column is letter and header, "D（电话）"; "" means the whole row.
	Column string `json:"column,omitempty"`
	// Message is Chinese and says what to do. It never repeats a phone number.
	Message string `json:"message"`
	// Warning is set for a problem that does not prevent the import.
	Warning bool `json:"warning,omitempty"`
}

// Blocking reports whether any of the problems prevents the import.
func Blocking(list []SheetProblem) bool {
	return slices.ContainsFunc(list, func(p SheetProblem) bool { return !p.Warning })
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
	if p.Warning {
		return "请留意：" + s + "：" + p.Message
	}
	return s + "：" + p.Message
}
