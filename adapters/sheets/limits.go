package sheets

import (
	"path"
	"strings"

	"mashang/domain/fault"
	ground "mashang/domain/record"
)

// The limits of one import. They bound the work a hostile file can cause.
const (
	// MaxBytes is the size of a file, or of all csv files together.
	MaxBytes = 5 << 20
	// MaxRows is the number of filled rows of one sheet.
	MaxRows = 10_000
	// MaxColumns is the number of columns of one sheet.
	MaxColumns = 100
	// maxUnzipped bounds what an xlsx may unpack to, a zip bomb's aim.
	maxUnzipped = 64 << 20
	// maxCells bounds the cells visited in one sheet, blank ones included.
	maxCells = 2_000_000
	// maxSheets bounds the sheets of one workbook.
	maxSheets = 50
	// maxProblems is where a list of problems stops being of help.
	maxProblems = 500
)

// Problem is one thing to mend in a file.
type Problem = ground.SheetProblem

// refuse turns away what is no xlsx, with advice for the usual mistakes.
func refuse(name string, data []byte) error {
	const ole = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	switch {
	case len(data) == 0:
		return fault.New(fault.Invalid, "文件是空的")
	case strings.HasPrefix(string(data[:min(len(data), 8)]), ole):
		if strings.Contains(string(data), utf16("EncryptedPackage")) {
			return fault.New(fault.Invalid, "文件加了密码，请在 Excel 中去掉密码（文件—信息—保护工作簿）后再导入")
		}
		return fault.New(fault.Invalid, "这是旧格式的 .xls 文件，请另存为 .xlsx 后再导入")
	case strings.EqualFold(path.Ext(name), ".csv"):
		return fault.New(fault.Invalid, "CSV 文件请整套导入：把各表的 CSV 放在同一文件夹，文件名即表名，如“委员.csv”")
	case !strings.HasPrefix(string(data[:min(len(data), 4)]), "PK\x03\x04"):
		return fault.New(fault.Invalid, "这不是 .xlsx 文件，请用 Excel 或 WPS 另存为 .xlsx 后再导入")
	}
	return nil
}

// utf16 returns ASCII text in the little-endian form of compound files.
func utf16(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		b.WriteByte(0)
	}
	return b.String()
}

func tooLarge() error {
	return fault.New(fault.Invalid, "文件超过 %d MB，请只保留名册内容后再导入", MaxBytes>>20)
}
