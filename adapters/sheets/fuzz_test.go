package sheets_test

import (
	"testing"

	"mashang/adapters/sheets"
)

// FuzzCSV wants no panic, and never a station beside problems or one that its
// own check refuses.
func FuzzCSV(f *testing.F) {
	for sheet, text := range roster() {
		f.Add(sheet, []byte(text))
		f.Add(sheet+".csv", append([]byte("\xef\xbb\xbf"), text...))
	}
	f.Add("委员", []byte("编号,姓名,界别\n\"m01\nx\",=1+1,文化旅游\n"))
	f.Add("值班", []byte("委员,星期,开始时间,结束时间\nm01,周一至周日,0.333333,24:00\n"))
	f.Add("外出", []byte("委员,开始日期\nm01,46143\nm01,1e300\n"))
	f.Add("委员", []byte("\xb1\xe0\xba\xc5,\xd0\xd5\xc3\xfb\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		set := files(roster())
		set[name] = data
		st, problems, err := sheets.ReadCSV(set)
		switch {
		case err != nil && (st != nil || problems != nil):
			t.Errorf("an error beside a result: %v", err)
		case st != nil && len(problems) > 0, st == nil && len(problems) == 0 && err == nil:
			t.Errorf("station %v beside %v", st, problems)
		case st != nil:
			if faults := st.Check(); len(faults) > 0 {
				t.Errorf("a wrong roster was taken: %v", faults)
			}
		}
	})
}

// FuzzWorkbook feeds whole files.
func FuzzWorkbook(f *testing.F) {
	full, err := sheets.Write(want())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	f.Add(full[:len(full)/2])
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) { eitherOr(t, file) })
}

// FuzzSheet replaces the XML of one sheet and the shared strings of a right
// file: what a hostile file controls most.
func FuzzSheet(f *testing.F) {
	full, err := sheets.Write(want())
	if err != nil {
		f.Fatal(err)
	}
	for _, xml := range []string{
		`<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c></row>`,
		`<row r="1048576"><c r="XFD1048576"><v>1e308</v></c></row>`,
		`<row r="-1"><c r="A0" s="99" t="s"><v>-5</v></c></row>`,
		`<row><c><v>TRUE</v></c></row><row r="1"><c t="b"><f>1/0</f><v>1</v></c></row>`,
	} {
		f.Add([]byte("<worksheet><sheetData>"+xml+"</sheetData></worksheet>"), []byte("<sst><si><t>编号</t></si></sst>"))
	}
	f.Fuzz(func(t *testing.T, sheet, shared []byte) {
		file := repack(t, full, "xl/worksheets/sheet6.xml", sheet)
		eitherOr(t, repack(t, file, "xl/sharedStrings.xml", shared))
	})
}

// eitherOr wants a right station, or problems, or an error, and only one.
func eitherOr(t *testing.T, file []byte) {
	t.Helper()
	st, problems, err := sheets.Read("a.xlsx", file)
	if st != nil && (len(problems) > 0 || err != nil || len(st.Check()) > 0) {
		t.Errorf("station beside %v %v", problems, err)
	}
	if st == nil && len(problems) == 0 && err == nil {
		t.Error("neither a station nor a reason")
	}
}
