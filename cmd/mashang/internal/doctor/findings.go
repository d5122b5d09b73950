// Package doctor examines what stands between a server and the platform: the account, the addresses, the pushes, the
// templates. It changes nothing on either side.
package doctor

import (
	"fmt"
	"io"

	"mashang/desk/overview"
)

// signs stand before findings in a text.
var signs = map[overview.Mark]string{overview.Good: "✓", overview.Warning: "!", overview.Bad: "✗"}

// Findings collects what is found. The zero value is ready to use.
type Findings struct {
	// Out takes each finding at once as a line; nil for none.
	Out  io.Writer
	List []overview.Finding
}

// Pass adds what is well.
func (f *Findings) Pass(message string, args ...any) { f.add(overview.Good, message, args) }

// Warn adds what to look at.
func (f *Findings) Warn(message string, args ...any) { f.add(overview.Warning, message, args) }

// Fail adds what must be put right.
func (f *Findings) Fail(message string, args ...any) { f.add(overview.Bad, message, args) }

// Also adds a line to the last finding.
func (f *Findings) Also(message string, args ...any) {
	line := fmt.Sprintf(message, args...)
	last := &f.List[len(f.List)-1]
	last.More = append(last.More, line)
	f.print("    " + line)
}

// Count returns how many findings have the mark.
func (f *Findings) Count(m overview.Mark) int {
	n := 0
	for _, x := range f.List {
		if x.Mark == m {
			n++
		}
	}
	return n
}

func (f *Findings) add(m overview.Mark, message string, args []any) {
	x := overview.Finding{Mark: m, Text: fmt.Sprintf(message, args...)}
	f.List = append(f.List, x)
	f.print(signs[m] + " " + x.Text)
}

func (f *Findings) print(line string) {
	if f.Out != nil {
		_, _ = fmt.Fprintln(f.Out, line) // a closed terminal takes nothing from the list
	}
}
