package sheets

import (
	"slices"

	"mashang/domain/station"
)

// guide is the sheet that explains the others; it is never read.
const guide = "说明"

// absenceSheet fills a field of members, so it has no table of its own in a
// Station.
const absenceSheet = "外出"

// column is one column of a sheet.
type column struct{ station.Field }

// max is the greatest number of characters in a cell.
func (c column) max() int {
	if c.MaxCell > 0 {
		return c.MaxCell
	}
	return c.MaxText()
}

// width is the column's, in characters of the spreadsheet's font.
func (c column) width() float64 {
	switch c.Kind {
	case station.KindID, station.KindRef:
		return 14
	case station.KindFlag, station.KindNumber, station.KindClock:
		return 10
	case station.KindPhone, station.KindChannels:
		return 20
	case station.KindWords, station.KindRefs:
		return 28
	case station.KindPerson, station.KindDate, station.KindWeekday:
		return 16
	case station.KindText:
		if c.MaxText() > 60 {
			return 36
		}
		return 24
	default:
		return 24
	}
}

// options are offered as a drop-down.
func (c column) options() []string {
	switch c.Kind {
	case station.KindFlag:
		return []string{"是", "否"}
	case station.KindChoice:
		var words []string
		for _, x := range c.Choices {
			words = append(words, x.Words)
		}
		return words
	case station.KindWeekday:
		return append(slices.Clone(dayNames[1:]), "每天", "周一至周五")
	default:
		return nil
	}
}

// from is a range of another sheet that is offered as a drop-down. Sectors are named
// by what is in their sheet, other entries by id or name.
func (c column) from() string {
	if c.Kind == station.KindRef && c.Refers == station.TableSector {
		return station.TableByKey(c.Refers).Sheet + "!$A$2:$A$200"
	}
	return ""
}

// table is one sheet.
type table struct {
	// Table is the roster's; that of absences has only a sheet.
	*station.Table

	columns []column
	read    func(r *record)
	write   func(t *table, s *station.Station) [][]string
}

func (t *table) column(field string) int {
	return slices.IndexFunc(t.columns, func(c column) bool { return c.Name == field })
}

// named returns the field of the column with the header, "" for none.
func (t *table) named(header string) string {
	for _, c := range t.columns {
		if c.Header == header || slices.Contains(c.Aliases, header) {
			return c.Name
		}
	}
	return ""
}

func (t *table) headers() (list []string) {
	for _, c := range t.columns {
		list = append(list, c.Header)
	}
	return list
}

// tables are the sheets in the order they stand and are read: what a sheet
// refers to comes before it.
var tables = append(rosterTables(), absenceTable)

// rosterTables are the sheets of the roster's tables.
func rosterTables() (list []table) {
	for _, t := range station.Tables {
		sheet := table{Table: t, read: readRow, write: writeRows}
		for _, f := range t.Fields {
			if f.InForm() {
				sheet.columns = append(sheet.columns, column{f})
			}
		}
		list = append(list, sheet)
	}
	return list
}

var absenceTable = table{
	Table: &station.Table{Sheet: absenceSheet, About: "委员外出、请假的日子，这些天不派件。没有可不填。"},
	columns: []column{
		{station.Field{
			Name: "member", Kind: station.KindRef, Refers: station.TableMember, Header: "委员", Required: true,
			Note: "委员的编号或姓名", Example: "m01",
		}},
		{station.Field{
			Name: "from", Kind: station.KindDate, Header: "开始日期", Aliases: []string{"开始", "起"}, Required: true,
			Note: "如 2026-05-01", Example: "2026-05-01",
		}},
		{station.Field{
			Name: "to", Kind: station.KindDate, Header: "结束日期", Aliases: []string{"结束", "止"},
			Note: "含当天；只有一天可不填", Example: "2026-05-03",
		}},
		{station.Field{
			Name: "substitute", Kind: station.KindRef, Refers: station.TableMember, Header: "代办委员", Aliases: []string{"代办", "替班"},
			Note: "外出期间谁代办，填编号或姓名，可不填；代办委员也外出时再往下找，不能绕成圈",
		}},
	},
	read: readAbsence, write: writeAbsences,
}
