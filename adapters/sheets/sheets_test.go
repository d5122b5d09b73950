package sheets_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/adapters/sheets"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// roster is a small, right set of csv files. Tests change one cell of it.
func roster() map[string]string {
	return map[string]string{
		"站点":  "编号,名称,电话,地址\nhexi,河西镇委员工作站,0900-0000000,渡口路 1 号\n",
		"界别":  "名称\n文化旅游\n农业\n",
		"议事室": "编号,名称,村\nr01,古渡村协商议事室,古渡村\n",
		"场所":  "编号,名称,村,默认界别\np01,古渡码头,古渡村,文化旅游\n",
		"委员": "编号,姓名,界别,村,职务,专长,议事室,电话,在办上限\n" +
			"m01,渡晓舟,文化旅游,古渡村,文创社负责人,旅游服务、民宿,r01,13900000000,30\n" +
			"m02,麦青禾,农业,,,,,,\n",
		"部门":  "编号,名称,电话\nd01,市场监管局,12315\n",
		"联络员": "编号,姓名,电话,管理员\nl01,柳知意,0900-0000201,否\na01,云归岫,,是\n",
		"类别":  "编号,名称,负责界别,游客默认\ntourism,旅游服务,文化旅游,是\nwater,饮水灌溉,农业,否\n",
		"值班":  "委员,议事室,场所,星期,日期,开始时间,结束时间,高峰加班\nm01,,p01,周五,,8:30,12:00,是\nm02,r01,,,2026-05-01,0:00,24:00\n",
		"外出":  "委员,开始日期,结束日期\nm02,2026-05-02,2026-05-03\n",
	}
}

// want is what roster says.
func want() *station.Station {
	return &station.Station{
		ID: "hexi", Name: "河西镇委员工作站", Phone: "0900-0000000", Address: "渡口路 1 号",
		Sectors: []station.Sector{{Name: "文化旅游"}, {Name: "农业"}},
		Rooms:   []station.Room{{ID: "r01", Name: "古渡村协商议事室", Village: "古渡村"}},
		Places:  []station.Place{{ID: "p01", Name: "古渡码头", Village: "古渡村", Sectors: []string{"文化旅游"}}},
		Members: []station.Member{
			{
				ID: "m01", Name: "渡晓舟", Sector: "文化旅游", Village: "古渡村", Title: "文创社负责人",
				Expertise: []string{"旅游服务", "民宿"}, Rooms: []string{"r01"}, Phone: "13900000000", Capacity: 30,
			},
			{ID: "m02", Name: "麦青禾", Sector: "农业", Absences: []station.Absence{{From: "2026-05-02", To: "2026-05-03"}}},
		},
		Departments: []station.Department{{ID: "d01", Name: "市场监管局", Phone: "12315"}},
		Liaisons: []station.Liaison{
			{ID: "l01", Name: "柳知意", Phone: "0900-0000201"},
			{ID: "a01", Name: "云归岫", Admin: true},
		},
		Categories: []station.Category{
			{Key: "tourism", Name: "旅游服务", Sectors: []string{"文化旅游"}, Tourist: true},
			{Key: "water", Name: "饮水灌溉", Sectors: []string{"农业"}},
		},
		Duty: []station.DutySlot{
			{Member: "m01", Place: "p01", Weekday: 5, From: 510, To: 720, Surge: true},
			{Member: "m02", Room: "r01", Date: "2026-05-01", From: 0, To: 1440},
		},
	}
}

func files(texts map[string]string) map[string][]byte {
	m := map[string][]byte{}
	for sheet, text := range texts {
		m[sheet+".csv"] = []byte(text)
	}
	return m
}

func read(t *testing.T, texts map[string]string) *station.Station {
	t.Helper()
	st, problems, err := sheets.ReadCSV(files(texts))
	if err != nil || len(problems) > 0 {
		t.Fatalf("ReadCSV: %v %v", err, problems)
	}
	return st
}

func problems(t *testing.T, texts map[string]string) []sheets.Problem {
	t.Helper()
	st, problems, err := sheets.ReadCSV(files(texts))
	if err != nil {
		t.Fatal(err)
	}
	if st != nil && len(problems) > 0 {
		t.Error("a station was returned beside problems")
	}
	return problems
}

// workbook types the texts into an xlsx, each cell as edit says.
func workbook(t *testing.T, texts map[string]string, edit func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	for _, sheet := range slices.Sorted(maps.Keys(texts)) {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(texts[sheet]), "\n") {
			for j, value := range strings.Split(line, ",") {
				name, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellStr(sheet, name, value); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if edit != nil {
		edit(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadCSV(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(want(), read(t, roster())); diff != "" {
		t.Error(diff)
	}
}

func TestReadWorkbook(t *testing.T) {
	t.Parallel()
	// "Sheet1", which Excel makes and nobody fills, is no unknown sheet.
	st, problems, err := sheets.Read("名册.xlsx", workbook(t, roster(), nil))
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read: %v %v", err, problems)
	}
	if diff := cmp.Diff(want(), st); diff != "" {
		t.Error(diff)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	marked, chinese := map[string][]byte{}, map[string][]byte{}
	for name, data := range files(roster()) {
		marked["名册/"+name] = append([]byte("\xef\xbb\xbf"), data...)
		encoded, err := simplifiedchinese.GB18030.NewEncoder().Bytes(data)
		if err != nil {
			t.Fatal(err)
		}
		chinese[`C:\名册\`+strings.ToUpper(name)] = encoded
	}
	for _, set := range []map[string][]byte{marked, chinese} {
		st, problems, err := sheets.ReadCSV(set)
		if err != nil || len(problems) > 0 {
			t.Fatalf("ReadCSV: %v %v", err, problems)
		}
		if diff := cmp.Diff(want(), st); diff != "" {
			t.Error(diff)
		}
	}
	st, found, err := sheets.ReadCSV(map[string][]byte{"委员.csv": []byte("\x81\x20\xff")})
	if st != nil || err != nil || !strings.Contains(found[0].Message, "编码") {
		t.Errorf("no encoding: %v %v %v", st, found, err)
	}
}

func TestTypedNumbers(t *testing.T) {
	t.Parallel()
	data := workbook(t, roster(), func(f *excelize.File) {
		timed, err := f.NewStyle(&excelize.Style{NumFmt: 20})
		if err != nil {
			t.Fatal(err)
		}
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			t.Fatal(err)
		}
		set := func(sheet, cell string, value any, style int) {
			if err := f.SetCellValue(sheet, cell, value); err != nil {
				t.Fatal(err)
			}
			if style > 0 {
				if err := f.SetCellStyle(sheet, cell, cell, style); err != nil {
					t.Fatal(err)
				}
			}
		}
		set("值班", "F2", 8.5/24, timed)
		set("值班", "G2", 0.5, timed)
		set("值班", "F3", 0, 0)
		set("值班", "G3", 1.0, timed)
		set("值班", "E3", 46143, day)
		set("外出", "B2", 46144, 0)
		set("委员", "H2", 13900000000, 0)
		set("委员", "I2", 30, 0)
	})
	st, problems, err := sheets.Read("名册.xlsx", data)
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read: %v %v", err, problems)
	}
	if diff := cmp.Diff(want(), st); diff != "" {
		t.Error(diff)
	}
}

// TestFormulaValues reads what a formula came to when the file was saved.
func TestFormulaValues(t *testing.T) {
	t.Parallel()
	index := -1
	data := workbook(t, roster(), func(f *excelize.File) {
		index, _ = f.GetSheetIndex("界别")
	})
	data = repack(t, data, fmt.Sprintf("xl/worksheets/sheet%d.xml", index+1), []byte(
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+
			`<row r="1"><c r="A1" t="str"><v>名称</v></c></row><row r="2"><c r="A2" t="str"><v>文化旅游</v></c></row>`+
			`<row r="3"><c r="A3" t="str"><f>"农"&amp;"业"</f><v>农业</v></c></row></sheetData></worksheet>`))
	st, problems, err := sheets.Read("名册.xlsx", data)
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read: %v %v", err, problems)
	}
	if diff := cmp.Diff(want(), st); diff != "" {
		t.Error(diff)
	}
}

func TestDatesFrom1904(t *testing.T) {
	t.Parallel()
	data := workbook(t, roster(), func(f *excelize.File) {
		old := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &old}); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellInt("值班", "E3", 46143-1462); err != nil {
			t.Fatal(err)
		}
	})
	st, problems, err := sheets.Read("名册.xlsx", data)
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read: %v %v", err, problems)
	}
	if got := st.Duty[1].Date; got != "2026-05-01" {
		t.Error(got)
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	good := workbook(t, roster(), nil)
	bomb := bombOf(t, 65<<20)
	for name, c := range map[string]struct {
		file string
		data string
		want string
	}{
		"empty":     {"a.xlsx", "", "空"},
		"large":     {"a.xlsx", strings.Repeat("x", sheets.MaxBytes+1), "5 MB"},
		"encrypted": {"a.xlsx", ole + "..E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "密码"},
		"old":       {"a.xls", ole + "....", "另存为 .xlsx"},
		"csv":       {"委员.csv", "编号,姓名\n", "整套"},
		"text":      {"a.xlsx", "hello", "不是 .xlsx"},
		"cut":       {"a.xlsx", string(good[:len(good)/2]), "损坏"},
		"other zip": {"a.xlsx", string(zipOf(t, "a.txt", []byte("x"))), "损坏"},
		"bomb":      {"a.xlsx", string(bomb), "过大"},
	} {
		st, problems, err := sheets.Read(c.file, []byte(c.data))
		if st != nil || problems != nil || !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v %v %v", name, st, problems, err)
		}
	}
	if _, _, err := sheets.ReadCSV(map[string][]byte{
		"委员": make([]byte, sheets.MaxBytes), "界别": make([]byte, 1),
	}); !fault.Is(err, fault.Invalid) {
		t.Errorf("large csv files: %v", err)
	}
	many := map[string][]byte{}
	for i := range 51 {
		many[strings.Repeat("x", i+1)] = nil
	}
	if _, _, err := sheets.ReadCSV(many); !fault.Is(err, fault.Invalid) {
		t.Errorf("51 csv files: %v", err)
	}
}

// repack replaces one part of a zip file.
func repack(t *testing.T, data []byte, part string, content []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		if f.Name != part {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	pack(t, w, part, content)
	return b.Bytes()
}

func zipOf(t *testing.T, part string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	pack(t, zip.NewWriter(&b), part, content)
	return b.Bytes()
}

// bombOf says that its only part unpacks to size bytes.
func bombOf(t *testing.T, size uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	part := &zip.FileHeader{
		Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: 2, UncompressedSize64: size,
	}
	f, err := w.CreateRaw(part)
	if err == nil {
		_, err = f.Write([]byte("\x03\x00"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pack(t *testing.T, w *zip.Writer, part string, content []byte) {
	t.Helper()
	f, err := w.Create(part)
	if err == nil {
		_, err = f.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sameRoster ignores whether an empty list is nil.
var sameRoster = cmpopts.EquateEmpty()
