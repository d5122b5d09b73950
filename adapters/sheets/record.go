package sheets

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"mashang/domain/fold"
	"mashang/domain/station"
)

// record is one row of a table while it is read. A field whose column the
// sheet lacks reads as empty.
type record struct {
	*builder
	table *table
	grid  grid
	line  line
	// at holds the place of each field's column in the row.
	at map[string]int
}

func (r *record) cell(field string) cell {
	i, ok := r.at[field]
	if !ok || i >= len(r.line.cells) {
		return cell{}
	}
	return r.line.cells[i]
}

// bad notes a problem with one cell.
func (r *record) bad(field, message string, args ...any) {
	r.report(place{r.grid.sheet, r.line.row, field}, message, args...)
}

// text returns a cell as text and checks what holds for every cell: required
// ones are filled, none is too long or cannot be printed.
func (r *record) text(field string) string {
	if _, ok := r.at[field]; !ok {
		return ""
	}
	c := r.table.columns[r.table.column(field)]
	if r.cell(field).uncomputed {
		r.bad(field, "这一格是没有结果的公式：请用 Excel 或 WPS 打开这个文件、保存一次再导入，或直接填写内容")
		return ""
	}
	s := unescapeFormula(tidy(r.cell(field).raw))
	switch {
	case s == "" && c.Required:
		r.bad(field, "请填写%s", c.Header)
	case utf8.RuneCountInString(s) > c.max():
		r.bad(field, "%s太长：最多 %d 个字", c.Header, c.max())
		return ""
	case !printable(s):
		r.bad(field, "%s含有无法显示的字符，请重新输入", c.Header)
		return ""
	case field == "name" && strings.Contains(s, "?"):
		// A character that the encoding of a csv file lacks is saved as one.
		r.warn(place{r.grid.sheet, r.line.row, field}, "%s“%s”里有问号，多半是另存为 CSV 时丢了一个字：请核对，或改用 .xlsx 文件导入", c.Header, shorten(s))
	}
	return s
}

func (r *record) id(field string) string { return strings.ToLower(narrow(r.text(field))) }

func (r *record) list(field string) []string { return split(r.text(field)) }

// ref reads a reference to an entry of an earlier sheet, by id or by name. What
// is neither stays as typed: the roster's own check names it.
func (r *record) ref(field, table string) string {
	return r.resolve(field, table, r.text(field))
}

func (r *record) refs(field, table string) []string {
	var ids []string
	for _, word := range r.list(field) {
		ids = append(ids, r.resolve(field, table, word))
	}
	return ids
}

func (r *record) resolve(field, table, word string) string {
	if word == "" {
		return ""
	}
	index := r.index(table)
	if id := strings.ToLower(narrow(word)); index.ids[id] {
		return id
	}
	switch ids := index.names[fold.Name(word)]; len(ids) {
	case 0:
		return word
	case 1:
		return ids[0]
	default:
		r.bad(field, "有 %d 个都叫“%s”，请改填编号", len(ids), word)
		return ids[0]
	}
}

// sectors reads sectors as their table spells them. What is none stays as typed.
func (r *record) sectors(field string) []string {
	list := r.list(field)
	for i, word := range list {
		list[i] = r.spelled(word)
	}
	return list
}

func (r *record) spelled(sector string) string {
	if names := r.index(station.TableSector).names[fold.Name(sector)]; len(names) == 1 {
		return names[0]
	}
	return sector
}

func (r *record) phone(f station.Field) string {
	s := r.text(f.Name)
	if s == "" || s == station.PhoneUnchanged && !f.Public {
		return s
	}
	number, ok := station.Phone(s, f.Hotlines)
	if !ok {
		r.bad(f.Name, "不是有效的电话：请填 11 位手机号，或带区号的固定电话")
		return ""
	}
	return number
}

func (r *record) number(field string) int {
	s := narrow(r.text(field))
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		r.bad(field, "请填整数")
	}
	return n
}

// coord reads a place on the map: two numbers in either order, of which the
// smaller is the latitude.
func (r *record) coord(field string) (lat, lng float64) {
	parts := split(narrow(r.text(field)))
	if len(parts) == 0 {
		return 0, 0
	}
	if len(parts) == 2 {
		var first, second error
		lat, first = strconv.ParseFloat(parts[0], 64)
		lng, second = strconv.ParseFloat(parts[1], 64)
		if lat, lng = min(lat, lng), max(lat, lng); first == nil && second == nil && station.Located(lat, lng) {
			return lat, lng
		}
	}
	r.bad(field, "坐标须为国内的“纬度，经度”，如 35.601234，103.206543")
	return 0, 0
}

func (r *record) flag(field string) bool {
	value, ok := r.cell(field).flag()
	if !ok {
		r.bad(field, "请填“是”或“否”")
	}
	return value
}

func (r *record) date(field string) string {
	if r.text(field) == "" {
		return ""
	}
	s, ok := r.cell(field).date(r.grid.date1904)
	if !ok && yearless.MatchString(narrow(r.cell(field).raw)) {
		r.bad(field, "日期缺年份，请写成 2026-05-01 的形式")
		return ""
	}
	if !ok {
		r.bad(field, "日期须为 2026-05-01 的形式")
		return ""
	}
	return s
}

func (r *record) minutes(field string) int {
	if r.text(field) == "" {
		return 0
	}
	m, ok := r.cell(field).minutes()
	if !ok {
		r.bad(field, "时间须为 8:30 的形式，最晚 24:00")
	}
	return m
}

// suppressCheck keeps the roster's own check from finding fault with a field of the row
// because of another that could not be read.
func (r *record) suppressCheck(field, because string) {
	if r.builder.bad[place{r.grid.sheet, r.line.row, because}] {
		r.builder.bad[place{r.grid.sheet, r.line.row, field}] = true
	}
}

func (r *record) weekdays(field string) []int {
	if r.text(field) == "" {
		return nil
	}
	days, ok := r.cell(field).weekdays()
	if !ok {
		r.bad(field, "星期须如“周五”“周一、周三”“周一至周五”或“每天”")
	}
	return days
}
