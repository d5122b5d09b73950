package sheets

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// readTexts reads csv files by name, in the order of the names so that the
// same files always give the same problems.
func readTexts(files map[string][]byte) (grids []grid, problems []Problem) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		sheet := path.Base(strings.ReplaceAll(name, `\`, "/"))
		if ext := path.Ext(sheet); strings.EqualFold(ext, ".csv") {
			sheet = strings.TrimSuffix(sheet, ext)
		}
		if title(sheet) == guide {
			continue
		}
		g, problem := readText(sheet, files[name])
		if problem.Message != "" {
			problems = append(problems, problem)
		}
		grids = append(grids, g)
	}
	return grids, problems
}

// readText reads one csv file. Its row numbers are those a spreadsheet shows:
// the reader's line numbers, less the line breaks inside quoted cells.
func readText(sheet string, data []byte) (grid, Problem) {
	g := grid{sheet: sheet}
	text, ok := decode(data)
	if !ok {
		return g, Problem{Sheet: sheet, Message: "文字编码无法识别，请另存为“CSV UTF-8（逗号分隔）”"}
	}
	text = lineEnds(text)
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord, reader.Comma = -1, separator(text)
	breaks := 0
	for {
		values, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return g, Problem{}
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			return g, Problem{Sheet: sheet, Row: wrong.StartLine - breaks, Message: "这一行的引号不成对，请改正后再导入"}
		}
		if err != nil {
			return g, Problem{Sheet: sheet, Message: "文件读不出来，请重新另存为 CSV"}
		}
		start, _ := reader.FieldPos(0)
		row := start - breaks
		for _, v := range values {
			breaks += strings.Count(v, "\n")
		}
		if problem := g.add(row, pair(values, values)); problem != "" {
			return g, Problem{Sheet: sheet, Row: row, Message: problem}
		}
	}
}

// lineEnds makes the line ends of old Macs, which csv does not know, plain ones.
// Where there is any other line end, a lone CR belongs to the text of a cell.
func lineEnds(text []byte) []byte {
	if bytes.ContainsRune(text, '\n') {
		return text
	}
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

// separator is what stands between the cells: the one of comma, tab and semicolon
// that the first line has most of. Excel writes tabs as "Unicode 文本", and
// semicolons where the system's list separator is one.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	best, most := ',', 0
	for _, r := range []rune{',', '\t', ';'} {
		if n := bytes.Count(first, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}

// decode returns UTF-8 without its byte order mark. Excel's "Unicode 文本" is UTF-16
// with one. What is neither is taken for GB18030, the encoding of Excel's plain CSV
// in China.
func decode(data []byte) ([]byte, bool) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		return text, err == nil && !bytes.ContainsRune(text, utf8.RuneError)
	}
	if data, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return data, utf8.Valid(data)
	}
	if utf8.Valid(data) {
		return data, true
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, false
	}
	return text, true
}
