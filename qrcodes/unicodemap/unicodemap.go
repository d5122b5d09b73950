// Package unicodemap tells readers of a PDF which text its glyphs stand for.
package unicodemap

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

// The PDF library maps a glyph with a private code point to that code point, so copied names would be nonsense
// and searches would fail. Its table, one line per glyph, is rewritten in place to the glyphs' text (PDF
// 32000-1, 9.10.3). No byte moves, so the document stays valid.
var (
	tables  = regexp.MustCompile(`[0-9]+ beginbfrange\n((?:<[0-9A-F]{4}><[0-9A-F]{4}><10[0-9A-F]{4}>\n)+)endbfrange\n`)
	mapping = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><(10[0-9A-F]{4})>\n`)
)

// maxMapping is how many UTF-16 units fit into a line of the table.
const maxMapping = 3

// Rewrite writes the text of glyphs with private code points into the tables of a document, in place.
func Rewrite(pdf []byte, stands map[rune]string) []byte {
	if len(stands) == 0 {
		return pdf
	}
	for _, at := range tables.FindAllSubmatchIndex(pdf, -1) {
		table := pdf[at[0]:at[1]]
		replaced := mapping.ReplaceAllFunc(table, func(line []byte) []byte {
			m := mapping.FindSubmatch(line)
			char, err := strconv.ParseInt(string(m[2]), 16, 32)
			if err != nil {
				return line
			}
			var units []uint16
			for _, r := range stands[rune(char)] {
				if next := utf16.AppendRune(units, r); len(next) <= maxMapping {
					units = next
				}
			}
			if len(units) == 0 {
				units = []uint16{0x200B} // no text of its own
			}
			var text []byte
			for _, u := range units {
				text = fmt.Appendf(text, "%04X", u)
			}
			return fmt.Appendf(nil, "%-*s\n", len(line)-1, fmt.Sprintf("<%s><%s>", m[1], text))
		})
		replaced = bytes.Replace(replaced, []byte("beginbfrange\n"), []byte("beginbfchar \n"), 1)
		replaced = bytes.Replace(replaced, []byte("endbfrange\n"), []byte("endbfchar \n"), 1)
		copy(table, replaced)
	}
	return pdf
}
