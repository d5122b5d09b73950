package sheets_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"mashang/adapters/sheets"
	"mashang/domain/station"
)

// What offices do to a spreadsheet before it comes back.

// taken reads a workbook of the usual roster that edit changed.
func taken(t *testing.T, edit func(f *excelize.File)) (*station.Station, []sheets.Problem) {
	t.Helper()
	st, problems, err := sheets.Read("名册.xlsx", workbook(t, roster(), edit))
	if err != nil {
		t.Fatal(err)
	}
	return st, problems
}

// done fails the test for an edit that did not work.
func done(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// columnOf is the letter of a column of the usual roster.
func columnOf(t *testing.T, sheet, header string) string {
	t.Helper()
	first, _, _ := strings.Cut(roster()[sheet], "\n")
	for i, h := range strings.Split(first, ",") {
		if h == header {
			name, err := excelize.ColumnNumberToName(i + 1)
			done(t, err)
			return name
		}
	}
	t.Fatalf("%s has no column %s", sheet, header)
	return ""
}

func TestMergedCellsAreMeantForEveryRow(t *testing.T) {
	t.Parallel()
	village, room := columnOf(t, "委员", "村"), columnOf(t, "值班", "议事室")
	st, problems := taken(t, func(f *excelize.File) {
		done(t, f.SetCellStr("委员", village+"2", "柳荫村"), f.SetCellStr("委员", village+"3", ""), f.MergeCell("委员", village+"2", village+"3"),
			f.SetCellStr("值班", room+"2", "r01"), f.SetCellStr("值班", room+"3", ""), f.MergeCell("值班", room+"2", room+"3"),
			f.SetCellStr("值班", columnOf(t, "值班", "场所")+"2", ""))
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, m := range st.Members[:2] {
		if m.Village != "柳荫村" {
			t.Errorf("%s has the village %q", m.Name, m.Village)
		}
	}
	for _, d := range st.Duty[:2] {
		if d.Room != "r01" {
			t.Errorf("%s is on duty at %+v", d.Member, d)
		}
	}
	// A range that reaches below the table makes no rows.
	st, problems = taken(t, func(f *excelize.File) {
		done(t, f.MergeCell("委员", village+"3", village+"60"))
	})
	if len(problems) > 0 || len(st.Members) != 2 {
		t.Errorf("%v", problems)
	}
	// Over several columns nobody can say for which it is meant.
	_, problems = taken(t, func(f *excelize.File) { done(t, f.MergeCell("委员", "B2", "C2")) })
	if len(problems) == 0 || !strings.Contains(problems[0].Message, "跨列合并") || problems[0].Row != 2 {
		t.Errorf("merged over columns: %v", problems)
	}
	_, problems = taken(t, func(f *excelize.File) {
		for i := range 10_001 {
			done(t, f.MergeCell("委员", fmt.Sprintf("J%d", 2*i+20), fmt.Sprintf("K%d", 2*i+20)))
		}
	})
	if len(problems) == 0 || !strings.Contains(problems[0].Message, "合并单元格过多") {
		t.Errorf("crowded: %v", problems[:min(len(problems), 3)])
	}
}

func TestTitleAboveTheHeaderIsSkipped(t *testing.T) {
	t.Parallel()
	for name, above := range map[string][]string{
		"a title": {"委员工作站委员名册（2026年）"}, "a title and a date": {"委员名册", "填表日期：2026年5月"},
	} {
		st, problems := taken(t, func(f *excelize.File) {
			done(t, f.InsertRows("委员", 1, len(above)))
			for i, text := range above {
				done(t, f.SetCellStr("委员", fmt.Sprintf("A%d", i+1), text), f.MergeCell("委员", fmt.Sprintf("A%d", i+1), fmt.Sprintf("F%d", i+1)))
			}
		})
		if len(problems) > 0 || len(st.Members) != 2 {
			t.Errorf("%s: %v", name, problems)
		}
	}
	// Rows are numbered as the sheet shows them.
	_, problems := taken(t, func(f *excelize.File) {
		done(t, f.InsertRows("委员", 1, 1), f.SetCellStr("委员", "A1", "名册"), f.SetCellStr("委员", "A3", "M 01 !"))
	})
	if len(problems) == 0 || problems[0].Row != 3 {
		t.Errorf("%v", problems)
	}
}

func TestHiddenSheets(t *testing.T) {
	t.Parallel()
	hidden := func(name string) func(f *excelize.File) {
		return func(f *excelize.File) {
			_, err := f.NewSheet(name)
			done(t, err, f.SetCellStr(name, "A1", "编号"), f.SetCellStr(name, "A2", "x"), f.SetSheetVisible(name, false))
		}
	}
	if st, problems := taken(t, hidden("旧名单")); st == nil || len(problems) > 0 {
		t.Errorf("an old list that was put aside: %v", problems)
	}
	_, problems := taken(t, hidden("专班"))
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "隐藏") || !strings.Contains(problems[0].Message, "取消隐藏") {
		t.Errorf("a table nobody sees: %v", problems)
	}
}

func TestFormulaWithoutResultIsSaid(t *testing.T) {
	t.Parallel()
	// As scripts write it: a formula, and nothing calculated it.
	data := workbook(t, roster(), func(f *excelize.File) {
		village := columnOf(t, "委员", "村") + "3"
		done(t, f.SetCellValue("委员", "A3", nil), f.SetCellFormula("委员", "A3", `"m"&"02"`),
			f.SetCellValue("委员", village, nil), f.SetCellFormula("委员", village, "B2"))
	})
	_, problems, err := sheets.Read("名册.xlsx", data)
	if err != nil || len(problems) < 2 {
		t.Fatal(problems, err)
	}
	said := 0
	for _, p := range problems {
		if p.Sheet == "委员" && p.Row == 3 && strings.Contains(p.Message, "没有结果的公式") {
			said++
		}
		if strings.Contains(p.Message, "请填写") {
			t.Errorf("asks to fill in what is filled in: %v", p)
		}
	}
	if said != 2 {
		t.Errorf("%v", problems)
	}
}

func TestTimesAndDaysAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	texts := roster()
	duty := func(day, date, from, to string) string {
		return "委员,星期,日期,开始时间,结束时间\nm01," + day + "," + date + "," + from + "," + to + "\n"
	}
	for _, tc := range []struct {
		from, to string
		want     [2]int
	}{
		{"上午8:30", "下午5:00", [2]int{510, 1020}},
		{"8:30 AM", "5:00 PM", [2]int{510, 1020}},
		{"AM 8:30", "PM5:00", [2]int{510, 1020}},
		{"早上9点", "中午12点", [2]int{540, 720}},
		{"上午8点半", "中午1点", [2]int{510, 780}},
		{"下午2：30", "晚上8点", [2]int{870, 1200}},
		{"下午14:00", "下午17:30", [2]int{840, 1050}},
		{"12:00 am", "12:00 pm", [2]int{0, 720}},
		{"8:30 a.m.", "晚上12点", [2]int{510, 1440}},
	} {
		texts["值班"] = duty("每周五", "", tc.from, tc.to)
		st := read(t, texts)
		if d := st.Duty[0]; d.From != tc.want[0] || d.To != tc.want[1] || d.Weekday != 5 {
			t.Errorf("%s to %s: %+v", tc.from, tc.to, d)
		}
	}
	for _, wrong := range []string{"上午14:00", "下午25:00", "上午8:30AM", "晚上3点", "上午", "13:00 am", "8点半钟"} {
		texts["值班"] = duty("周五", "", wrong, "24:00")
		if list := problems(t, texts); len(list) != 1 || !strings.Contains(list[0].Column, "开始时间") {
			t.Errorf("%s: %v", wrong, list)
		}
	}
	for day, want := range map[string]int{"每周五": 1, "每星期五": 1, "逢周五": 1, "每逢周五": 1, "每周一、三": 2, "每周一至周五": 5, "每天": 7, "每日": 7} {
		texts["值班"] = duty(day, "", "8:30", "12:00")
		if st := read(t, texts); len(st.Duty) != want {
			t.Errorf("%s: %v", day, st.Duty)
		}
	}
	for _, date := range []string{"12月4日", "12-4", "12/4", "12.4", "１２月４日"} {
		texts["值班"] = duty("", date, "8:30", "12:00")
		if list := problems(t, texts); len(list) != 1 || !strings.Contains(list[0].Message, "缺年份") {
			t.Errorf("%s: %v", date, list)
		}
	}
	texts["值班"] = duty("", "后天", "8:30", "12:00")
	if list := problems(t, texts); len(list) != 1 || !strings.Contains(list[0].Column, "日期") {
		t.Errorf("one message for one mistake: %v", list)
	}
}

func TestTextFilesOfEveryKind(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(string) string{
		"CR alone":           func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
		"CR and LF":          func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"tabs":               func(s string) string { return strings.ReplaceAll(s, ",", "\t") },
		"semicolons":         func(s string) string { return strings.ReplaceAll(s, ",", ";") },
		"tabs and CR":        func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, ",", "\t"), "\n", "\r") },
		"blank lines before": func(s string) string { return "\n\n" + strings.ReplaceAll(s, ",", "\t") },
		"Excel's Unicode text": func(s string) string {
			out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(s, ",", "\t"))
			done(t, err)
			return out
		},
	} {
		texts := roster()
		for sheet, text := range texts {
			texts[sheet] = change(text)
		}
		st, problems, err := sheets.ReadCSV(files(texts))
		if err != nil || len(problems) > 0 || len(st.Members) != 2 {
			t.Errorf("%s: %v, %v", name, problems, err)
		}
	}
}

func TestLostCharacterWarns(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["委员"] = strings.Replace(texts["委员"], "渡晓舟", "渡晓?", 1)
	encoded := map[string][]byte{}
	for sheet, text := range texts {
		gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
		done(t, err)
		encoded[sheet+".csv"] = gbk
	}
	st, problems, err := sheets.ReadCSV(encoded)
	if err != nil || st == nil || len(problems) != 1 || !problems[0].Warning || !strings.Contains(problems[0].Message, "问号") {
		t.Fatalf("%v, %v", problems, err)
	}
	if !strings.HasPrefix(problems[0].String(), "请留意：工作表“委员”第 2 行 B（姓名） 列") {
		t.Error(problems[0])
	}
}

// rewritten is a workbook each of whose files edit changed.
func rewritten(t *testing.T, data []byte, edit func(name, text string) string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	done(t, err)
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, f := range from.File {
		r, err := f.Open()
		done(t, err)
		text, err := io.ReadAll(r)
		done(t, err)
		w, err := to.Create(f.Name)
		done(t, err)
		_, err = io.WriteString(w, edit(f.Name, string(text)))
		done(t, err)
	}
	done(t, to.Close())
	return b.Bytes()
}

// Programs write the same workbook in other words.
func TestWorkbooksOfOtherWriters(t *testing.T) {
	t.Parallel()
	strict := strings.NewReplacer(
		"http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/",
		"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
	)
	village := columnOf(t, "委员", "村")
	merged := workbook(t, roster(), func(f *excelize.File) {
		done(t, f.SetCellStr("委员", village+"2", "柳荫村"), f.SetCellStr("委员", village+"3", ""), f.MergeCell("委员", village+"2", village+"3"))
	})
	st, problems, err := sheets.Read("名册.xlsx", rewritten(t, merged, func(_, text string) string { return strict.Replace(text) }))
	if err != nil || len(problems) > 0 || st.Members[1].Village != "柳荫村" {
		t.Errorf("strict Open XML: %v %v", problems, err)
	}
	tag := regexp.MustCompile(`<(/?)(\w)`)
	formula := workbook(t, roster(), func(f *excelize.File) {
		done(t, f.SetCellValue("委员", village+"3", nil), f.SetCellFormula("委员", village+"3", "B2"))
	})
	_, problems, err = sheets.Read("名册.xlsx", rewritten(t, formula, func(name, text string) string {
		if !strings.HasPrefix(name, "xl/worksheets/sheet") {
			return text
		}
		return strings.Replace(tag.ReplaceAllString(text, "<${1}x:${2}"), `xmlns=`, `xmlns:x=`, 1)
	}))
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, "没有结果的公式") {
		t.Errorf("elements with a prefix: %v %v", problems, err)
	}
	// What cannot be followed is not read as if nothing were merged.
	_, problems, err = sheets.Read("名册.xlsx", rewritten(t, merged, func(name, text string) string {
		if name == "xl/workbook.xml" {
			return strings.ReplaceAll(text, "r:id=", "r:ident=")
		}
		return text
	}))
	if err == nil && (len(problems) == 0 || !strings.Contains(problems[0].Message, "另存为")) {
		t.Errorf("no relationships: %v", problems)
	}
}
