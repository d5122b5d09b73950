package sheets_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"mashang/adapters/sheets"
	"mashang/domain/figures"
	"mashang/domain/station"
)

var may = time.Date(2026, 5, 1, 0, 0, 0, 0, station.Zone)

func report(rows ...[]figures.Value) figures.Report {
	return figures.Report{
		Title: "河西镇委员工作站2026年5月报告", Station: "河西镇委员工作站", Period: "2026年5月", From: may, To: may.AddDate(0, 1, 0), Made: may,
		Sections: []figures.Section{
			{Sheet: "总体", Heading: "一、总体", Notes: []string{"本期 3 件"}, Heads: []string{"名称", "件数", "率"}, Rows: rows, Charts: []figures.Chart{
				{Title: "件数", Columns: []int{1}}, {Title: "走势", Columns: []int{1}, Lines: true, MaxRows: 2},
			}},
			{Sheet: "空", Heading: "二、没有", Notes: []string{"本期没有诉求。"}},
		},
	}
}

func line(name string, n, share float64) []figures.Value {
	return []figures.Value{{Text: name}, {Number: n, Kind: figures.Number}, {Number: share, Kind: figures.Share}}
}

// parts are the files of a workbook by their names.
func parts(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		m[f.Name] = string(text)
	}
	return m
}

// harmless fails when a worksheet holds a formula, a link or something from outside.
func harmless(t *testing.T, data []byte) {
	t.Helper()
	for name, text := range parts(t, data) {
		if strings.HasPrefix(name, "xl/worksheets/") {
			for _, bad := range []string{"<f>", "<f ", "<hyperlink", "ddeLink"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s holds %s", name, bad)
				}
			}
		}
		if strings.Contains(name, "externalLink") || strings.Contains(text, `TargetMode="External"`) {
			t.Errorf("%s leads outside", name)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	data, err := sheets.Report(report(line("码头", 2, .5), line("停车场", 1, 1), []figures.Value{{Text: "无"}, {Number: 0, Kind: figures.Number}, {Kind: figures.None}}))
	if err != nil {
		t.Fatal(err)
	}
	harmless(t, data)
	f := open(t, data)
	if got := f.GetSheetList(); !slices.Equal(got, []string{"总体", "空"}) {
		t.Errorf("sheets %v", got)
	}
	rows, err := f.GetRows("总体")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(rows); got != "[[河西镇委员工作站2026年5月报告] [一、总体] [本期 3 件] [] [名称 件数 率] [码头 2 50.0%] [停车场 1 100.0%] [无 0 –]]" {
		t.Errorf("%s", got)
	}
	if kind, err := f.GetCellType("总体", "B6"); err != nil || kind != excelize.CellTypeUnset {
		t.Errorf("a number is kept as %v, %v", kind, err)
	}
	charts := 0
	for name, text := range parts(t, data) {
		if !strings.HasPrefix(name, "xl/charts/chart") {
			continue
		}
		charts++
		last := "$8"
		if strings.Contains(text, "lineChart") {
			last = "$7" // it shows two
		} else if !strings.Contains(text, "barChart") {
			t.Errorf("%s is neither bars nor lines", name)
		}
		for _, want := range []string{"!$A$6:$A" + last, "!$B$6:$B" + last, "!$B$5"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
	if charts != 2 {
		t.Errorf("%d charts", charts)
	}
}

// TestNoFormulas: whatever a text begins with, it stays the text that it is.
func TestNoFormulas(t *testing.T) {
	t.Parallel()
	evil := []string{
		`=HYPERLINK("http://x","y")`, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "'=1", "=cmd|' /C calc'!A0", "\u0001=1", "普通", "_x000D_=1",
	}
	for _, text := range evil {
		r := report(line(text, 1, 1))
		r.Title, r.Sections[0].Heading, r.Sections[0].Notes, r.Sections[0].Heads[0] = text, text, []string{text}, text
		data, err := sheets.Report(r)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		harmless(t, data)
		f := open(t, data)
		for _, cell := range []string{"A1", "A2", "A3", "A5", "A6"} {
			value, err := f.GetCellValue("总体", cell)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := f.GetCellFormula("总体", cell); formula != "" || err != nil {
				t.Errorf("%q is the formula %q, %v", text, formula, err)
			}
			if value == "" || strings.ContainsAny(value[:1], "=+-@\t\r\x00") {
				t.Errorf("%q begins as %q", text, value)
			}
			if kind, err := f.GetCellType("总体", cell); err != nil || kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString {
				t.Errorf("%q is kept as %v, %v", text, kind, err)
			}
		}
	}
}

func TestAnyTextStaysText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("=+-@'\t\r\n\x00\x0b甲 \u202e\U0001F600<&\ufffe"))).Draw(rt, "text")
		data, err := sheets.Report(report(line(text, 1, 1)))
		if err != nil {
			rt.Fatal(err)
		}
		harmless(t, data)
		value, err := open(t, data).GetCellValue("总体", "A6")
		if err != nil || value != "" && strings.ContainsAny(value[:1], "=+-@\t\r\x00") {
			rt.Fatalf("%q becomes %q, %v", text, value, err)
		}
	})
}
