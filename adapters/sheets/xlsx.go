package sheets

import (
	"bytes"
	"slices"

	"github.com/xuri/excelize/v2"

	"mashang/domain/fault"
)

// readWorkbook reads every sheet of an xlsx. excelize parses what strangers
// send, so a panic in it counts as a damaged file. Nothing is unpacked to
// disk.
func readWorkbook(data []byte) (grids []grid, problems []Problem, err error) {
	defer func() {
		if recover() != nil {
			grids, problems, err = nil, nil, damaged()
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped,
	})
	if err != nil {
		return nil, nil, damaged()
	}
	defer func() { _ = f.Close() }()
	about := sheetInfos(data)
	names := f.GetSheetList()
	if len(names) == 0 {
		return nil, nil, damaged()
	}
	if len(names) > maxSheets {
		return nil, nil, fault.New(fault.Invalid, "工作表过多：最多 %d 张", maxSheets)
	}
	props, err := f.GetWorkbookProps()
	if err != nil {
		return nil, nil, damaged()
	}
	for _, name := range names {
		if title(name) == guide {
			continue
		}
		fact := about[name]
		if fact == nil {
			problems = append(problems, Problem{Sheet: name, Message: "这张工作表的合并单元格和公式核对不了，请用 Excel 或 WPS 另存为新的 .xlsx 后再导入"})
			continue
		}
		if fact.hidden {
			// An old list that was put aside. One with the name of a table may be
			// meant, or not: nobody can see it to say so.
			if slices.ContainsFunc(tables, func(t table) bool { return t.Sheet == title(name) }) {
				problems = append(problems, Problem{Sheet: name, Message: "这张工作表是隐藏的：请右键任一工作表标签，选“取消隐藏”，核对后再导入；用不着就删去它"})
			}
			continue
		}
		g, problem := readSheet(f, name, fact)
		g.date1904 = props.Date1904 != nil && *props.Date1904
		if problem != "" {
			problems = append(problems, Problem{Sheet: name, Message: problem})
		}
		grids = append(grids, g)
	}
	return grids, problems, nil
}

func damaged() error {
	return fault.New(fault.Invalid, "文件已损坏、加了密码或展开后过大，请用 Excel 或 WPS 另存为新的 .xlsx 后再导入")
}

// readSheet walks a sheet twice side by side: as stored and as shown.
func readSheet(f *excelize.File, name string, fact *sheetInfo) (grid, string) {
	g := grid{sheet: name, merged: fact.merged}
	if fact.crowded {
		return g, "合并单元格过多，请取消合并后再导入"
	}
	stored, err := f.Rows(name)
	if err != nil {
		return g, "这张工作表读不出来，请另存为新的文件"
	}
	defer func() { _ = stored.Close() }()
	displayed, err := f.Rows(name)
	if err != nil {
		return g, "这张工作表读不出来，请另存为新的文件"
	}
	defer func() { _ = displayed.Close() }()
	visited := 0
	for row := 1; stored.Next() && displayed.Next(); row++ {
		raw, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return g, "这张工作表读不出来，请另存为新的文件"
		}
		shown, err := displayed.Columns()
		if err != nil {
			return g, "这张工作表读不出来，请另存为新的文件"
		}
		if visited += len(raw); visited > maxCells {
			return g, "这张工作表过大，请删去空白的行和列"
		}
		cells := pair(raw, shown)
		for i := range cells {
			cells[i].uncomputed = fact.uncomputed[cellRef{row, i + 1}]
		}
		if problem := g.add(row, cells); problem != "" {
			return g, problem
		}
	}
	if stored.Error() != nil {
		return g, "这张工作表读不出来，请另存为新的文件"
	}
	return g, ""
}

func pair(raw, shown []string) []cell {
	cells := make([]cell, len(raw))
	for i, s := range raw {
		cells[i] = cell{raw: s, shown: s}
		if i < len(shown) {
			cells[i].shown = shown[i]
		}
	}
	return cells
}
