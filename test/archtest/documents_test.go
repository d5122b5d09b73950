package archtest_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	declared = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)\w+)\(`)
	named    = regexp.MustCompile(`\b(?:Test|Benchmark|Fuzz)[A-Z]\w+`)
	// inPackage are names behind their package and names before it, as tables have them.
	inPackage = regexp.MustCompile("`(\\w+)(?:` |\\.)((?:Test|Benchmark|Fuzz)[A-Z]\\w+)`?")
	listedIn  = regexp.MustCompile("((?:`(?:Test|Benchmark|Fuzz)[A-Z]\\w+`(?:, )?)+) \\(([\\w/]+)\\)")
	scripts   = regexp.MustCompile("`((?:console|miniprogram)/[\\w./-]+\\.(?:test|spec)\\.ts)`")
)

// TestWhatDocumentsNameIsThere holds the pages that say which test guards what to
// the tests there are: each exists, in the package that is named with it.
func TestWhatDocumentsNameIsThere(t *testing.T) {
	t.Parallel()
	files := tracked(t)
	packages := map[string][]string{} // name of a test -> the folders of its packages
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			continue
		}
		for _, m := range declared.FindAllStringSubmatch(string(text(t, f)), -1) {
			packages[m[1]] = append(packages[m[1]], path.Dir(f))
		}
	}
	found := 0
	for _, f := range files {
		if path.Ext(f) != ".md" || !strings.HasPrefix(f, "docs/") {
			continue
		}
		page := string(text(t, f))
		for _, name := range named.FindAllString(page, -1) {
			found++
			if packages[name] == nil {
				t.Errorf("%s names %s, which is nowhere", f, name)
			}
		}
		within := func(pkg, name string) {
			if in := packages[name]; in != nil && !slices.ContainsFunc(in, func(dir string) bool { return strings.Contains("/"+dir+"/", "/"+pkg+"/") }) {
				t.Errorf("%s says that %s is in %s; it is in %v", f, name, pkg, in)
			}
		}
		for _, m := range inPackage.FindAllStringSubmatch(page, -1) {
			within(m[1], m[2])
		}
		for _, m := range listedIn.FindAllStringSubmatch(page, -1) {
			for _, name := range named.FindAllString(m[1], -1) {
				within(m[2], name)
			}
		}
		for _, m := range scripts.FindAllStringSubmatch(page, -1) {
			if found++; !slices.Contains(files, m[1]) {
				t.Errorf("%s names %s, which is nowhere", f, m[1])
			}
		}
	}
	if found < 100 {
		t.Errorf("%d names found: the pages are no longer read", found)
	}
}
