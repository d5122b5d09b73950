package reason_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"mashang/domain/language"
	"mashang/domain/reason"
)

// reasons returns the constants of the package's source, so that a new one cannot be forgotten here.
func reasons(t *testing.T) (list []reason.Reason) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for node := range ast.Preorder(file) {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if of, ok := spec.Type.(*ast.Ident); !ok || of.Name != "Reason" {
			continue
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			t.Fatalf("%s is no literal", spec.Names[0].Name)
		}
		value, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, reason.Reason(value))
	}
	if len(list) == 0 {
		t.Fatal("no reasons found")
	}
	return list
}

func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	for _, r := range reasons(t) {
		if strings.Contains(r.With("河口村").Chinese(), "河口村") {
			r = r.With("河口村")
		}
		words := r.Chinese()
		if words == "" || strings.Contains(words, "%") {
			t.Errorf("%s: %q", r, words)
		}
		_, arg, ok := strings.Cut(string(r), "=")
		if ok && !strings.Contains(words, arg) {
			t.Errorf("%s: %q does not say which", r, words)
		}
		english := strings.ReplaceAll(r.In(language.English), arg, "")
		if english == "" || strings.ContainsFunc(english, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s in English: %q", r, english)
		}
	}
	if got := reason.SectorIn.With("a=b").Chinese(); got != "所在的a=b界别负责这类事项" {
		t.Errorf("%q", got)
	}
}
