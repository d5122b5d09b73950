package sheets_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"mashang/adapters/sheets"
	"mashang/domain/station"
)

func open(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	data, err := sheets.Template()
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, data)
	want := []string{"说明", "站点", "界别", "议事室", "场所", "委员", "部门", "联络员", "类别", "专班", "值班", "接待日", "外出"}
	if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	for _, sheet := range want[1:] {
		rows, err := f.GetRows(sheet)
		if err != nil || len(rows) != 1 || len(rows[0]) == 0 {
			t.Errorf("%s: %v %v", sheet, rows, err)
		}
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: header not frozen: %+v %v", sheet, panes, err)
		}
	}
	lists := map[string]string{}
	for _, sheet := range []string{"委员", "联络员", "值班", "接待日"} {
		validations, err := f.GetDataValidations(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range validations {
			if v.Type == "list" {
				lists[sheet+" "+strings.SplitN(v.Sqref, "2", 2)[0]] = v.Formula1
			}
		}
	}
	if diff := cmp.Diff(map[string]string{
		"委员 C": "界别!$A$2:$A$200", "委员 J": `"是,否"`, "联络员 D": `"是,否"`, "接待日 F": `"停一次,顺延到下一个工作日,照常"`,
		"值班 H": `"是,否"`,
		"值班 D": `"周一,周二,周三,周四,周五,周六,周日,每天,周一至周五"`,
	}, lists); diff != "" {
		t.Errorf("drop-downs: %s", diff)
	}
}

// TestTemplateExamples types the examples of 说明 into the template: what we
// tell people to write must be right.
func TestTemplateExamples(t *testing.T) {
	t.Parallel()
	data, err := sheets.Template()
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, data)
	rows, err := f.GetRows("说明")
	if err != nil {
		t.Fatal(err)
	}
	next := map[string]int{}
	for _, row := range rows {
		if len(row) < 4 || row[1] == "" || row[0] == "工作表" {
			continue
		}
		next[row[0]]++
		if len(row) < 5 {
			continue
		}
		cell, err := excelize.CoordinatesToCellName(next[row[0]], 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStr(row[0], cell, row[4]); err != nil {
			t.Fatal(err)
		}
	}
	var filled bytes.Buffer
	if err := f.Write(&filled); err != nil {
		t.Fatal(err)
	}
	st, problems, err := sheets.Read("模板.xlsx", filled.Bytes())
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read: %v %v", err, problems)
	}
	if len(st.Members) != 1 || len(st.Duty) != 1 || len(st.Members[0].Absences) != 1 || len(st.Categories) != 1 {
		t.Errorf("examples were lost: %+v", st)
	}
}

func TestWriteNeutralisesFormulas(t *testing.T) {
	t.Parallel()
	st := want()
	evil := []string{`=HYPERLINK("http://x")`, "+1", "-1", "@SUM(A1)", "'=1", "'", "plain"}
	for i, s := range evil {
		st.Rooms = append(st.Rooms, station.Room{ID: fmt.Sprintf("e%d", i), Name: s, Village: s})
	}
	data, err := sheets.Write(st)
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, data)
	rows, err := f.GetRows("议事室")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for j, s := range row {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := f.GetCellFormula("议事室", name); formula != "" || err != nil {
				t.Errorf("%s holds the formula %q %v", name, formula, err)
			}
			if strings.ContainsAny(s[:1], "=+-@\t\r\x00") {
				t.Errorf("%s starts a formula: %q", name, s)
			}
		}
	}
	got, problems, err := sheets.Read("a.xlsx", data)
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read: %v %v", err, problems)
	}
	if diff := cmp.Diff(st, got); diff != "" {
		t.Error(diff)
	}
}

func TestWriteLeavesOutTheGone(t *testing.T) {
	t.Parallel()
	st := want()
	st.Version = 7
	st.Members = append(st.Members, station.Member{ID: "m09", Name: "雁南归", Left: true})
	st.Liaisons = append(st.Liaisons, station.Liaison{ID: "l09", Name: "雁北飞", Left: true})
	data, err := sheets.Write(st)
	if err != nil {
		t.Fatal(err)
	}
	got, problems, err := sheets.Read("a.xlsx", data)
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read: %v %v", err, problems)
	}
	if diff := cmp.Diff(want(), got); diff != "" {
		t.Error(diff)
	}
	merged := station.Merge(st, got)
	st.Version = 8
	if diff := cmp.Diff(st, merged, sameRoster); diff != "" {
		t.Errorf("importing an export changes the roster: %s", diff)
	}
}

// TestRoundTrip writes any right roster and reads it back equal.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		st := anyRoster(t)
		if faults := st.Check(); len(faults) > 0 {
			t.Fatalf("the generator is wrong: %v", faults)
		}
		data, err := sheets.Write(st)
		if err != nil {
			t.Fatal(err)
		}
		got, problems, err := sheets.Read("a.xlsx", data)
		if err != nil || len(problems) > 0 {
			t.Fatalf("Read: %v %v", err, problems)
		}
		if diff := cmp.Diff(st, got, sameRoster); diff != "" {
			t.Fatal(diff)
		}
	})
}

func anyRoster(t *rapid.T) *station.Station {
	text := func(label string) string {
		return rapid.StringMatching(`[=+@'·-]?[一-龥A-Z（）]{1,6}`).Draw(t, label)
	}
	maybe := func(label string) string {
		if rapid.Bool().Draw(t, label+"?") {
			return text(label)
		}
		return ""
	}
	count := func(label string, least int) int { return rapid.IntRange(least, 3).Draw(t, label) }
	st := &station.Station{ID: "hexi", Name: text("name"), Phone: "0900-0000000", Address: maybe("address")}
	means := rapid.Permutation(station.FallbackChannels).Draw(t, "means")
	st.FallbackChannels = slices.Clone(means[:rapid.IntRange(0, len(means)).Draw(t, "how many means")])
	if len(st.FallbackChannels) == 0 {
		st.FallbackChannels = nil
	}
	var sectors []string
	for i := range count("sectors", 1) {
		sectors = append(sectors, fmt.Sprintf("界别%d", i))
		st.Sectors = append(st.Sectors, station.Sector{Name: sectors[i]})
	}
	some := func(label string, of []string) []string {
		return of[:rapid.IntRange(0, len(of)).Draw(t, label)]
	}
	var rooms []string
	for i := range count("rooms", 0) {
		rooms = append(rooms, fmt.Sprintf("r%d", i))
		st.Rooms = append(st.Rooms, station.Room{ID: rooms[i], Name: text("room"), Village: maybe("village")})
		if rapid.Bool().Draw(t, "located") {
			st.Rooms[i].Lat, st.Rooms[i].Lng = rapid.Float64Range(3, 54).Draw(t, "lat"), rapid.Float64Range(73, 136).Draw(t, "lng")
		}
	}
	for i := range count("places", 0) {
		st.Places = append(st.Places, station.Place{
			ID: fmt.Sprintf("p%d", i), Name: text("place"), Village: maybe("village"), Sectors: some("sectors", sectors),
		})
		if rapid.Bool().Draw(t, "located") {
			st.Places[i].Lat, st.Places[i].Lng = rapid.Float64Range(3, 54).Draw(t, "lat"), rapid.Float64Range(73, 136).Draw(t, "lng")
		}
	}
	for i := range count("members", 1) {
		m := station.Member{
			ID: fmt.Sprintf("m%d", i), Name: text("member"), Sector: sectors[0], Village: maybe("village"),
			Title: maybe("title"), Expertise: some("expertise", []string{"修路", "用水"}), Rooms: some("rooms", rooms),
			Phone:    rapid.SampledFrom([]string{"", "13900000000", "0900-0000001"}).Draw(t, "phone"),
			Capacity: rapid.IntRange(0, 1000).Draw(t, "capacity"),
		}
		for range count("absences", 0) {
			m.Absences = append(m.Absences, station.Absence{From: "2026-05-01", To: "2026-05-03"})
		}
		st.Members = append(st.Members, m)
	}
	for i := range count("departments", 0) {
		st.Departments = append(st.Departments, station.Department{ID: fmt.Sprintf("d%d", i), Name: text("department")})
	}
	for i := range count("liaisons", 0) {
		st.Liaisons = append(st.Liaisons, station.Liaison{
			ID: fmt.Sprintf("l%d", i), Name: text("liaison"), Admin: rapid.Bool().Draw(t, "admin"),
		})
	}
	for i := range count("categories", 0) {
		st.Categories = append(st.Categories, station.Category{
			Key: fmt.Sprintf("c%d", i), Name: text("category"), Sectors: some("sectors", sectors), Tourist: i == 1,
		})
	}
	for range count("duty", 0) {
		d := station.DutySlot{Member: "m0", From: rapid.IntRange(0, 1439).Draw(t, "from")}
		d.To = rapid.IntRange(d.From+1, 1440).Draw(t, "to")
		if d.Weekday = rapid.IntRange(0, 7).Draw(t, "weekday"); d.Weekday == 0 {
			d.Date = "2026-05-01"
		}
		if len(rooms) > 0 && rapid.Bool().Draw(t, "at a room") {
			d.Room = rooms[0]
		}
		st.Duty = append(st.Duty, d)
	}
	return st
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	old, listed := want(), want()
	listed.Members[0].Title, listed.Members[0].Phone = "x", "13800000000"
	listed.Members[1].Absences = nil
	listed.Rooms = nil
	listed.Liaisons = listed.Liaisons[1:]
	listed.Sectors = append(listed.Sectors, station.Sector{Name: "科技"})
	listed.Duty = listed.Duty[:1]
	var got []string
	for _, c := range station.Diff(old, listed, nil) {
		got = append(got, sheets.Describe(c))
	}
	if diff := cmp.Diff([]string{
		"界别 科技：新增",
		"议事室 r01（古渡村协商议事室）：删除",
		"委员 m01（渡晓舟）：修改 职务、电话",
		"委员 m02（麦青禾）：修改 外出",
		"联络员 l01（柳知意）：停用，历史记录保留",
		"值班 m02 2026-05-01 00:00-24:00 议事室 r01：删除",
	}, got); diff != "" {
		t.Error(diff)
	}
}
