package kit

import (
	"strings"
)

// Clip cuts a text to n characters on one line.
func Clip(text string, n int) string {
	r := []rune(strings.ReplaceAll(text, "\n", " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}
