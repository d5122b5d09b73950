package record

import (
	"fmt"
	"slices"
)

// SheetProblem is one thing to mend in a spreadsheet.
type SheetProblem struct {
	Sheet string `json:"sheet"`
	// Row counts from 1 as Excel shows it; 0 when the whole sheet is meant.
	Row int `json:"row,omitempty"`
	// Column is letter and header, "D（电话）"; "" when the whole row is meant.
	Column string `json:"column,omitempty"`
	// Message is Chinese and says what to do. It never repeats a phone number.
	Message string `json:"message"`
	// Warning is set for what hinders no import and should be looked at.
	Warning bool `json:"warning,omitempty"`
}

// Blocking reports whether any of the problems keeps the sheets from being taken.
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
