// Package numbers reads the numbers in what people write: the number of a submission
// as it is typed, and the numbers that somebody could be found by, which it hides.
package numbers

import (
	"regexp"
	"strings"

	"mashang/domain/fold"
)

// The words that stand in front of a submission's number, as patterns for a folded
// text. Every door that reads a typed number is built of them.
const (
	// Words say that a number of ours follows.
	Words = `#|编号|单号|工单|受理号|诉求号|号码|序号|尾[号数]|[末后][两二三四]位|number`
	// Letters say so too where no letter stands before them: No., Nr.
	Letters = `n[or]`
	// AboutWords say what the words are about, by a number or by something else.
	AboutWords = `关于|对于|至于|针对|[答回]复|补充|[给致第]`
)

// typed is a submission's number as people write and paste it, folded; short is
// the last part of one behind a word or sign that says so.
var (
	typed = regexp.MustCompile(`^(?:[\s\p{P}\p{S}]|诉求|` + Words + `|` + Letters + `|` + AboutWords +
		`)*(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:[ -]?(\d{4,6})|-(\d{1,3}))(?:[\s\p{P}\p{S}]|号|件)*$`)
	short = regexp.MustCompile(`^[\s\p{P}]*(?:` + Words + `|第|` + Letters + `\b)[\s\p{P}]*(\d{3,6})(?:[\s\p{P}]|号|件)*$`)
)

// End is the last part of a number with the zeros that people leave out: 0047
// of 47.
func End(digits string) string {
	return strings.Repeat("0", max(0, 4-len(digits))) + digits
}

// Typed returns the number of a submission that a text is and nothing
// else, "" for any other text: 261123-0047 whatever the width, the dash or none,
// the zeros behind it, brackets, quotes and [Words] or [AboutWords] around
// it. Of #0047 and 编号0047 it is 0047, a number's end.
func Typed(text string) string {
	key := fold.Key(text)
	if m := typed.FindStringSubmatch(key); m != nil {
		return m[1] + "-" + End(m[2]+m[3])
	}
	if m := short.FindStringSubmatch(key); m != nil {
		return m[1]
	}
	return ""
}
