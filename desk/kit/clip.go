package kit

import (
	"strings"
)

// Clip puts a text on one line and cuts it to n characters.
func Clip(text string, n int) string {
	r := []rune(strings.ReplaceAll(text, "\n", " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}
