// Package numbers recognizes numbers in texts: a submission's number in any spelling, and numbers that identify
// people, which it hides.
package numbers

import (
	"regexp"
	"strings"

	"mashang/domain/fold"
)

// Patterns of the words before a submission's number, for a folded text. Every input that reads a typed number
// uses them.
const (
	// Words introduce a submission's number.
	Words = `#|编号|单号|工单|受理号|诉求号|号码|序号|尾[号数]|[末后][两二三四]位|number`
	// Letters do too if no letter precedes them: No., Nr.
	Letters = `n[or]`
	// AboutWords introduce what a message is about, by number or otherwise.
	AboutWords = `关于|对于|至于|针对|[答回]复|补充|[给致第]`
)

// typed matches a submission's number as people write and paste it, folded. short matches its last part after a
// word or sign for it.
var (
	typed = regexp.MustCompile(`^(?:[\s\p{P}\p{S}]|诉求|` + Words + `|` + Letters + `|` + AboutWords +
		`)*(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:[ -]?(\d{4,6})|-(\d{1,3}))(?:[\s\p{P}\p{S}]|号|件)*$`)
	short = regexp.MustCompile(`^[\s\p{P}]*(?:` + Words + `|第|` + Letters + `\b)[\s\p{P}]*(\d{3,6})(?:[\s\p{P}]|号|件)*$`)
)

// End returns the last part of a number with the zeros that people omit: 0047 for 47.
func End(digits string) string {
	return strings.Repeat("0", max(0, 4-len(digits))) + digits
}

// Typed returns the submission's number if the text is nothing else, "" otherwise: 261123-0047 in any width,
// with or without dash and leading zeros, and with brackets, quotes, [Words] or [AboutWords] around it. For
// #0047 and 编号0047 it returns the last part, 0047.
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
