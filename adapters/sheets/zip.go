package sheets

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/domain/fault"
)

// unzip returns the csv files of a zip by name; others are left out. Nothing is
// unpacked to disk, nor more than MaxBytes at all.
func unzip(data []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fault.New(fault.Invalid, "压缩包打不开，请重新压缩后再导入")
	}
	files, left := map[string][]byte{}, int64(MaxBytes)
	for _, f := range z.File {
		name := zipName(f)
		if !strings.EqualFold(path.Ext(name), ".csv") || strings.HasPrefix(path.Base(name), ".") {
			continue
		}
		if len(files) == maxSheets {
			return nil, fault.New(fault.Invalid, "文件过多：最多 %d 个", maxSheets)
		}
		text, err := unpack(f, left)
		if err != nil {
			return nil, err
		}
		left -= int64(len(text))
		files[name] = text
	}
	if len(files) == 0 {
		return nil, fault.New(fault.Invalid, "压缩包里没有 CSV 文件：请把各表的 CSV 压缩在一起，文件名即表名，如“委员.csv”")
	}
	return files, nil
}

// zipName is a file's name; Windows in China writes it in GB18030.
func zipName(f *zip.File) string {
	name := f.Name
	if f.NonUTF8 {
		if s, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = s
		}
	}
	return strings.ReplaceAll(name, `\`, "/")
}

func unpack(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fault.New(fault.Invalid, "压缩包打不开，请重新压缩后再导入")
	}
	defer func() { _ = r.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "压缩包打不开，请重新压缩后再导入")
	}
	if int64(len(text)) > most {
		return nil, tooLarge()
	}
	return text, nil
}
