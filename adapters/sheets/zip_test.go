package sheets_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/adapters/sheets"
	"mashang/domain/fault"
)

// zipped packs texts; local writes their names as Windows in China does.
func zipped(t *testing.T, files map[string]string, local bool) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if local {
			s, err := simplifiedchinese.GB18030.NewEncoder().String(name)
			if err != nil {
				t.Fatal(err)
			}
			h.Name, h.NonUTF8 = s, true
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAZipOfCSV(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"名册/站点.csv": "编号,名称,电话\nlj,临江镇委员工作站,0930-7654321\n", "名册/界别.csv": "名称\n经济\n",
		"名册/委员.csv": "编号,姓名,界别,电话\nm01,陈一,经济,保留\n", "__MACOSX/._委员.csv": "x", "读我.txt": "x",
	}
	for _, local := range []bool{false, true} {
		st, problems, err := sheets.Read("r.zip", zipped(t, files, local))
		if err != nil || len(problems) > 0 || len(st.Members) != 1 || st.Members[0].Phone != "保留" {
			t.Errorf("%v %v %v", st, problems, err)
		}
	}
	bomb := map[string]string{"委员.csv": strings.Repeat("0", sheets.MaxBytes+1)}
	for name, data := range map[string][]byte{
		"none": zipped(t, map[string]string{"a.txt": "x"}, false), "broken": []byte("PK\x03\x04 no zip"), "bomb": zipped(t, bomb, false),
	} {
		if _, _, err := sheets.Read("r.zip", data); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
