package emulator_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/wechat/emulator"
)

// TestDocs: docs/emulator.md names every path, route and kind of fault, and no other.
func TestDocs(t *testing.T) {
	t.Parallel()
	page := read(t, "../../docs/emulator.md")
	var paths []string
	for _, m := range regexp.MustCompile("(?m)^\\| `(?:GET|POST) (/[^`]+)`").FindAllStringSubmatch(page, -1) {
		paths = append(paths, m[1])
	}
	slices.Sort(paths)
	if want := setup(t, nil).Paths(); !slices.Equal(paths, want) {
		t.Errorf("paths: %v\nwant %v", paths, want)
	}
	routes := regexp.MustCompile("(?m)^\\| `([A-Z]+ [^/`][^`]*)`").FindAllStringSubmatch(page, -1)
	comment := read(t, "control.go")
	var count int
	for _, m := range regexp.MustCompile(`(?m)^//\t(GET|POST|PUT|DELETE) +(\S+)`).FindAllStringSubmatch(comment, -1) {
		count++
		if !slices.ContainsFunc(routes, func(r []string) bool { return r[1] == m[1]+" "+m[2] }) {
			t.Errorf("%s %s is not in the table", m[1], m[2])
		}
	}
	if count == 0 || count != len(routes) {
		t.Errorf("%d routes in the table, %d in Control's comment", len(routes), count)
	}
	for _, kind := range []emulator.FaultKind{
		emulator.FaultErrcode, emulator.FaultDelay, emulator.FaultCutBefore, emulator.FaultCutAfter,
		emulator.FaultMalformed, emulator.FaultHTML, emulator.FaultStatus, emulator.FaultRevoke,
	} {
		if !strings.Contains(page, "\n| `"+string(kind)+"` |") {
			t.Errorf("fault kind %s has no line", kind)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
