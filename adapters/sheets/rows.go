package sheets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mashang/domain/station"
)

// readRow appends one row to its table, whatever is wrong with it, so that other
// sheets can still refer to it. A row of several weekdays becomes one entry for each.
func readRow(r *record) {
	if r.table.Single && len(r.rows[r.table.Key]) > 0 {
		r.bad("", r.table.Sheet+"只填一行")
		return
	}
	r.noteRow()
	row := r.table.Add(r.st)
	var days []int
	for _, f := range r.table.Fields {
		switch {
		case !f.InForm():
		case f.Kind == station.KindWeekday:
			days = r.weekdays(f.Name)
		default:
			r.fill(f, row)
		}
	}
	for _, f := range r.table.Fields {
		if f.Or != "" {
			r.suppressCheck(f.Name, f.Or)
		}
	}
	for i, day := range days {
		if i > 0 {
			r.noteRow()
			row = r.table.Repeat(r.st)
		}
		for _, f := range r.table.Fields {
			if v, ok := f.At(row).(*int); ok && f.Kind == station.KindWeekday {
				*v = day
			}
		}
	}
}

// fill reads one cell into the entry.
func (r *record) fill(f station.Field, row any) {
	switch v := f.At(row).(type) {
	case *string:
		*v = r.textOf(f)
	case *[]string:
		switch {
		case f.Refers == station.TableSector:
			*v = r.sectors(f.Name)
		case f.Refers != "":
			*v = r.refs(f.Name, f.Refers)
		default:
			*v = r.list(f.Name)
		}
	case *bool:
		*v = r.flag(f.Name)
	case *int:
		if f.Kind == station.KindClock {
			*v = r.minutes(f.Name)
		} else {
			*v = r.number(f.Name)
		}
	case station.Coord:
		*v.Lat, *v.Lng = r.coord(f.Name)
	case *[]station.FallbackChannel:
		*v = r.channels(f.Name)
	}
}

// textOf reads a cell whose field is one text.
func (r *record) textOf(f station.Field) string {
	switch {
	case f.Kind == station.KindID:
		return r.id(f.Name)
	case f.Kind == station.KindPerson:
		return person(r.text(f.Name))
	case f.Kind == station.KindPhone:
		return r.phone(f)
	case f.Kind == station.KindDate:
		return r.date(f.Name)
	case f.Kind == station.KindChoice:
		return r.choice(f)
	case f.Refers == station.TableSector:
		return r.spelled(r.text(f.Name))
	case f.Refers != "":
		return r.ref(f.Name, f.Refers)
	default:
		return r.text(f.Name)
	}
}

// choice reads the words of one of the choices.
func (r *record) choice(f station.Field) string {
	word := r.text(f.Name)
	var words []string
	for _, x := range f.Choices {
		if x.Words == word {
			return x.Key
		}
		words = append(words, "“"+x.Words+"”")
	}
	if word != "" {
		r.bad(f.Name, "没有“%s”这一项，请填%s", shorten(word), strings.Join(words, ""))
	}
	return ""
}

func (r *record) channels(field string) (list []station.FallbackChannel) {
	for _, word := range r.list(field) {
		i := slices.IndexFunc(station.FallbackChannels, func(m station.FallbackChannel) bool { return m.Chinese() == word })
		if i < 0 {
			r.bad(field, "没有“%s”这个办法，请填“客服会话”“联络员”，多个用顿号分开", word)
			continue
		}
		list = append(list, station.FallbackChannels[i])
	}
	return list
}

// writeRows gives the cells of the entries that have not left, in the order of the
// columns.
func writeRows(t *table, s *station.Station) (rows [][]string) {
	for i := range t.Len(s) {
		entry := t.Row(s, i)
		if t.Left(entry) {
			continue
		}
		var cells []string
		for _, c := range t.columns {
			cells = append(cells, cellOf(c.Field, entry))
		}
		rows = append(rows, cells)
	}
	return rows
}

// cellOf is a field of an entry as a cell holds it.
func cellOf(f station.Field, row any) string {
	switch v := f.At(row).(type) {
	case *string:
		for _, x := range f.Choices {
			if x.Key == *v {
				return x.Words
			}
		}
		return *v
	case *[]string:
		return join(*v)
	case *bool:
		return yes(*v)
	case *int:
		switch {
		case f.Kind == station.KindClock:
			return clock(*v)
		case *v <= 0:
			return ""
		case f.Kind == station.KindWeekday && *v < len(dayNames):
			return dayNames[*v]
		default:
			return strconv.Itoa(*v)
		}
	case station.Coord:
		return coord(*v.Lat, *v.Lng)
	case *[]station.FallbackChannel:
		var names []string
		for _, m := range *v {
			names = append(names, m.Chinese())
		}
		return join(names)
	default:
		return ""
	}
}

var dayNames = [...]string{"", "周一", "周二", "周三", "周四", "周五", "周六", "周日"}

func readAbsence(r *record) {
	id := r.ref("member", station.TableMember)
	a := station.Absence{From: r.date("from"), To: r.date("to"), Substitute: r.ref("substitute", station.TableMember)}
	if a.To == "" {
		a.To = a.From
	}
	if a.From > a.To {
		r.bad("to", "结束日期早于开始日期")
	}
	whole := a.From != "" && a.From <= a.To
	for i := range r.st.Members {
		if r.st.Members[i].ID == id {
			if whole {
				r.st.Members[i].Absences = append(r.st.Members[i].Absences, a)
			}
			return
		}
	}
	r.bad("member", "没有编号或姓名为“%s”的委员", shorten(id))
}

func writeAbsences(_ *table, s *station.Station) (rows [][]string) {
	for _, x := range s.Members {
		for _, a := range x.Absences {
			if !x.Left {
				rows = append(rows, []string{x.ID, a.From, a.To, a.Substitute})
			}
		}
	}
	return rows
}

// coord writes a place on the map, "" for none.
func coord(lat, lng float64) string {
	if lat == 0 && lng == 0 {
		return ""
	}
	return strconv.FormatFloat(lat, 'f', -1, 64) + "，" + strconv.FormatFloat(lng, 'f', -1, 64)
}

func join(list []string) string { return strings.Join(list, "、") }

func yes(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
