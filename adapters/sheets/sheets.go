// Package sheets is the spreadsheet face of a roster: a template to fill in,
// and readers of the xlsx and csv files that come back.
//
// Liaison officers keep rosters in Excel, so reading is tolerant of how people
// type (full-width digits, 周一 or 星期一, lists with any separator) and strict
// about what it takes: every problem is named by sheet, row and column at
// once, and nothing of a file with a problem is used. It is the only package
// that knows excelize.
package sheets

import (
	"path"
	"strings"

	"mashang/domain/fault"
	"mashang/domain/station"
)

// Read reads a roster from an xlsx file called name, or from a zip of csv files
// (name ends in .zip) as ReadCSV does. The station is nil when
// any problem is more than a warning. Its phones are as typed, in one normal form and not
// sealed. The error is fault.Invalid for a file that cannot be read at all.
func Read(name string, data []byte) (*station.Station, []Problem, error) {
	if len(data) > MaxBytes {
		return nil, nil, tooLarge()
	}
	if err := refuse(name, data); err != nil {
		return nil, nil, err
	}
	if strings.EqualFold(path.Ext(name), ".zip") {
		files, err := unzip(data)
		if err != nil {
			return nil, nil, err
		}
		return ReadCSV(files)
	}
	grids, problems, err := readWorkbook(data)
	if err != nil {
		return nil, nil, err
	}
	st, problems := assemble(grids, problems)
	return st, problems, nil
}

// ReadCSV reads a roster from csv files, each named by its sheet ("委员.csv",
// a folder before it is ignored). They may be UTF-8 or GB18030, as Excel in
// China writes them. It answers as Read does.
func ReadCSV(files map[string][]byte) (*station.Station, []Problem, error) {
	total := 0
	for _, data := range files {
		total += len(data)
	}
	if total > MaxBytes {
		return nil, nil, tooLarge()
	}
	if len(files) > maxSheets {
		return nil, nil, fault.New(fault.Invalid, "文件过多：最多 %d 个", maxSheets)
	}
	grids, problems := readTexts(files)
	st, problems := assemble(grids, problems)
	return st, problems, nil
}
