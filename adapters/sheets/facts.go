package sheets

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// cellRef is a cell, both counted from 1.
type cellRef struct{ row, column int }

// sheetInfo are what a sheet's XML says and excelize does not tell while it streams
// rows.
type sheetInfo struct {
	hidden bool
	// uncomputed are the cells with a formula whose result is not stored: programs
	// that write spreadsheets leave them so, and they read as empty.
	uncomputed map[cellRef]bool
	merged     []mergedRange
	// crowded says that there are more merged ranges than maxMerged.
	crowded bool
}

// formulaTag finds a formula's element, whatever prefix its writer gave it.
var formulaTag = regexp.MustCompile(`[<:]f[ />]`)

// sheetInfos reads them of every sheet, by name. A sheet that cannot be followed is
// left out: it must not be read as if it had none.
func sheetInfos(data []byte) map[string]*sheetInfo {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil
	}
	p := &parts{files: map[string]*zip.File{}, left: maxUnzipped}
	for _, f := range z.File {
		p.files[strings.TrimPrefix(f.Name, "/")] = f
	}
	var book struct {
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			// ID is in either namespace of relationships: ISO/IEC 29500 has one for
			// transitional files and one for strict ones.
			ID string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if xml.Unmarshal(p.read("xl/workbook.xml"), &book) != nil || xml.Unmarshal(p.read("xl/_rels/workbook.xml.rels"), &rels) != nil {
		return nil
	}
	target := map[string]string{}
	for _, r := range rels.List {
		if absolute, ok := strings.CutPrefix(r.Target, "/"); ok {
			target[r.ID] = absolute
		} else {
			target[r.ID] = path.Join("xl", r.Target)
		}
	}
	all := map[string]*sheetInfo{}
	for _, s := range book.Sheets {
		text := p.read(target[s.ID])
		if text == nil {
			continue
		}
		f := &sheetInfo{hidden: s.State == "hidden" || s.State == "veryHidden"}
		// Most sheets have neither, and are not walked through a second time.
		if formulaTag.Match(text) || bytes.Contains(text, []byte("mergeCell")) {
			f.scan(text)
		}
		all[s.Name] = f
	}
	return all
}

// parts reads files of a zip, all together no more than left bytes.
type parts struct {
	files map[string]*zip.File
	left  int64
}

// read returns nil for what is not there or cannot be read.
func (p *parts) read(name string) []byte {
	f, ok := p.files[name]
	if !ok || p.left <= 0 {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer func() { _ = r.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(r, p.left))
	p.left -= int64(len(text))
	if err != nil {
		return nil
	}
	return text
}

// scan walks through a sheet's XML and stops where that does.
func (f *sheetInfo) scan(sheet []byte) {
	f.uncomputed = map[cellRef]bool{}
	d := xml.NewDecoder(bytes.NewReader(sheet))
	name, formula, value, text, inside := "", false, false, false, false
	for {
		token, err := d.RawToken()
		if err != nil {
			return
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "c":
				name, formula, value, text = attribute(e, "r"), false, false, attribute(e, "t") == "str"
			case "f":
				formula = true
			case "v", "is":
				inside, value = true, text // a text that came out empty is a result
			case "mergeCell":
				f.merge(attribute(e, "ref"))
			}
		case xml.CharData:
			value = value || inside && len(e) > 0
		case xml.EndElement:
			inside = false
			if e.Name.Local != "c" || !formula || value || len(f.uncomputed) > maxProblems {
				continue
			}
			if column, row, err := excelize.CellNameToCoordinates(name); err == nil {
				f.uncomputed[cellRef{row, column}] = true
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// merge takes a range such as B2:B4.
func (f *sheetInfo) merge(ref string) {
	begin, end, ok := strings.Cut(ref, ":")
	if !ok {
		return
	}
	var m mergedRange
	var errFrom, errTo error
	m.from.column, m.from.row, errFrom = excelize.CellNameToCoordinates(begin)
	m.to.column, m.to.row, errTo = excelize.CellNameToCoordinates(end)
	switch {
	case errFrom != nil || errTo != nil || m.to.row < m.from.row || m.to.column < m.from.column:
	case len(f.merged) == maxMerged:
		f.crowded = true
	default:
		f.merged = append(f.merged, m)
	}
}
