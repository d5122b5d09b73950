package sheets

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"

	"mashang/domain/fold"
	ground "mashang/domain/record"
	"mashang/domain/station"
)

// place is a cell by field, or a whole row when field is "".
type place struct {
	sheet string
	row   int
	field string
}

// found is a problem that still knows where it stands, for sorting.
type found struct {
	place
	message string
	warning bool
}

// index finds the entries of a sheet by what people write for them.
type index struct {
	ids   map[string]bool
	names map[string][]string
}

// builder fills a station from sheets and gathers what is wrong with them.
type builder struct {
	st    *station.Station
	found []found
	// bad says which cells have a problem already, so that the roster's check
	// does not repeat it in other words.
	bad map[place]bool
	// rows are the rows the entries of each station table came from.
	rows    map[string][]int
	indexes map[string]index
}

// assemble reads all sheets, checks the roster as a whole, and returns the station
// with the warnings, or the problems, those of reading the file among them.
func assemble(grids []grid, problems []Problem) (*station.Station, []Problem) {
	b := &builder{
		st: &station.Station{}, bad: map[place]bool{},
		rows: map[string][]int{}, indexes: map[string]index{},
	}
	columns := map[string]map[string]int{}
	bySheet := b.sort(grids)
	for i := range tables {
		t := &tables[i]
		g, ok := bySheet[t.Sheet]
		if !ok || len(g.lines) == 0 {
			continue
		}
		g.dropPreamble(t)
		b.fillMerged(&g)
		columns[t.Sheet] = b.readTable(t, g)
	}
	b.check(columns)
	problems = append(problems, b.problems(columns)...)
	if len(problems) > maxProblems {
		rest := len(problems) - maxProblems
		problems = append(problems[:maxProblems:maxProblems], Problem{
			Sheet: problems[maxProblems].Sheet, Message: fmt.Sprintf("另有 %d 处问题，请先改正以上各处", rest),
		})
	}
	if ground.Blocking(problems) {
		return nil, problems
	}
	return b.st, problems
}

func (b *builder) report(at place, message string, args ...any) {
	if b.bad[at] {
		return
	}
	b.bad[at] = true
	if len(args) > 0 {
		message = fmt.Sprintf(message, args...)
	}
	b.found = append(b.found, found{place: at, message: message})
}

// warn notes what may be meant as it stands.
func (b *builder) warn(at place, message string, args ...any) {
	b.found = append(b.found, found{place: at, message: fmt.Sprintf(message, args...), warning: true})
}

// sort gives each sheet to its table and names the ones that have none.
func (b *builder) sort(grids []grid) map[string]grid {
	known := []string{}
	for _, t := range tables {
		known = append(known, t.Sheet)
	}
	bySheet := map[string]grid{}
	for _, g := range grids {
		name := title(g.sheet)
		if name == guide || len(g.lines) == 0 {
			continue
		}
		if !slices.Contains(known, name) {
			b.report(place{sheet: g.sheet}, "%s", unknown("工作表", g.sheet, known))
			continue
		}
		if _, twice := bySheet[name]; twice {
			b.report(place{sheet: g.sheet}, "工作表“%s”出现两次，请合并为一张", name)
			continue
		}
		bySheet[name] = g
	}
	for _, name := range []string{"站点", "界别", "委员"} {
		if _, ok := bySheet[name]; !ok {
			b.report(place{sheet: name}, "缺少工作表“%s”或其中没有内容", name)
		}
	}
	return bySheet
}

// unknown says that a sheet or column is not known and what it may have been
// meant for.
func unknown(kind, name string, known []string) string {
	message := fmt.Sprintf("没有名为“%s”的%s", shorten(name), kind)
	if like := nearest(name, known); like != "" {
		return message + fmt.Sprintf("，是否应为“%s”？", like)
	}
	return message + "，请核对名称，或删去它。"
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// readTable reads one sheet and returns where its columns stand. Unknown ones
// are noted under the field "#n", n their place.
func (b *builder) readTable(t *table, g grid) map[string]int {
	at := b.header(t, g)
	for _, l := range g.lines[1:] {
		r := &record{builder: b, table: t, grid: g, line: l, at: at}
		for i, c := range l.cells {
			if _, ok := at[fmt.Sprint("#", i)]; !ok && i >= len(g.lines[0].cells) && !c.blank() {
				b.report(place{g.sheet, l.row, fmt.Sprint("#", i)}, "此列没有表头，请补上表头或清空")
				at[fmt.Sprint("#", i)] = i
			}
		}
		t.read(r)
	}
	return at
}

func (b *builder) header(t *table, g grid) map[string]int {
	at := map[string]int{}
	for i, c := range g.lines[0].cells {
		name := tidy(c.raw)
		if name == "" {
			continue
		}
		field := t.named(title(name))
		_, twice := at[field]
		switch {
		case field == "":
			field = fmt.Sprint("#", i)
			b.report(place{g.sheet, g.lines[0].row, field}, "%s本表的列有：%s",
				unknown("列", name, t.headers()), join(t.headers()))
		case twice:
			field = fmt.Sprint("#", i)
			b.report(place{g.sheet, g.lines[0].row, field}, "列“%s”出现两次，请删去一列", shorten(name))
		}
		at[field] = i
	}
	var missing []string
	for _, c := range t.columns {
		if _, ok := at[c.Name]; c.Required && !ok {
			missing = append(missing, c.Header)
			b.bad[place{sheet: t.Sheet, field: c.Name}] = true
		}
	}
	if missing != nil {
		b.report(place{sheet: g.sheet, row: g.lines[0].row}, "缺少列：%s", join(missing))
	}
	return at
}

// noteRow notes which row the next entry of a station table comes from.
func (r *record) noteRow() {
	r.rows[r.table.Key] = append(r.rows[r.table.Key], r.line.row)
}

// index returns the entries of an earlier sheet; it is complete by then.
func (b *builder) index(table string) index {
	if x, ok := b.indexes[table]; ok {
		return x
	}
	x := index{map[string]bool{}, map[string][]string{}}
	add := func(id, name string) {
		x.ids[id] = true
		x.names[fold.Name(name)] = append(x.names[fold.Name(name)], id)
	}
	t := station.TableByKey(table)
	for i := range t.Len(b.st) {
		row := t.Row(b.st, i)
		add(t.ID(row), t.Name(row))
	}
	b.indexes[table] = x
	return x
}

// check runs the roster's own check and leads its faults back to their cells.
func (b *builder) check(columns map[string]map[string]int) {
	for _, f := range b.st.Check() {
		t := tableOf(f.Table)
		if _, ok := columns[t.Sheet]; !ok && f.Row == 0 && len(b.rows[f.Table]) == 0 && b.bad[place{sheet: t.Sheet}] {
			continue
		}
		at := place{sheet: t.Sheet, field: f.Field}
		if f.Row < len(b.rows[f.Table]) {
			at.row = b.rows[f.Table][f.Row]
		}
		if !b.bad[place{sheet: t.Sheet, field: f.Field}] {
			b.report(at, "%s", f.Message)
		}
	}
}

func tableOf(key string) *table {
	for i := range tables {
		if tables[i].Key == key {
			return &tables[i]
		}
	}
	return &tables[0]
}

// problems are what was found, in the order of the sheets, rows and columns.
func (b *builder) problems(columns map[string]map[string]int) []Problem {
	order := func(f found) (sheet, column int) {
		sheet = slices.IndexFunc(tables, func(t table) bool { return t.Sheet == title(f.sheet) })
		column, ok := columns[title(f.sheet)][f.field]
		if !ok {
			column = -1
		}
		return sheet, column
	}
	slices.SortStableFunc(b.found, func(x, y found) int {
		sx, cx := order(x)
		sy, cy := order(y)
		return cmp.Or(cmp.Compare(sx, sy), cmp.Compare(x.row, y.row), cmp.Compare(cx, cy))
	})
	var list []Problem
	for _, f := range b.found {
		p := Problem{Sheet: f.sheet, Row: f.row, Message: f.message, Warning: f.warning}
		sheet, at := order(f)
		if at >= 0 {
			p.Column, _ = excelize.ColumnNumberToName(at + 1)
			if i := tables[sheet].column(f.field); i >= 0 {
				p.Column += "（" + tables[sheet].columns[i].Header + "）"
			}
		}
		list = append(list, p)
	}
	return list
}
