package casework_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// actTypes are the types in the source that have a rule.
func actTypes(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "rule" {
				if recv, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
					types[recv.Name] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(types))
}

// TestEveryActIsRegisteredOnce: the rule of an unregistered act would not be found for a thread's entries, or
// another's would.
func TestEveryActIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	var types []string
	names := map[access.Action]bool{}
	for _, act := range casework.Registered() {
		types = append(types, strings.TrimPrefix(fmt.Sprintf("%T", act), "casework."))
		if name := casework.NameOf(act); name == "" || names[name] {
			t.Errorf("%T has the name %q, which is none or another's", act, name)
		}
		names[casework.NameOf(act)] = true
	}
	slices.Sort(types)
	same(t, "the acts", actTypes(t), types)
}

// TestAnActWithoutARuleIsRefused: in every state.
func TestAnActWithoutARuleIsRefused(t *testing.T) {
	t.Parallel()
	for _, state := range casework.States {
		s := in(state)
		next, err := s.Apply(casework.Planted{}, holder, clock, noon)
		if !fault.Is(err, fault.WrongState) || !strings.Contains(faultOf(t, err).Message, state.Chinese()) {
			t.Errorf("%s: %v", state, err)
		}
		same(t, "what a refusal returns", s, next)
	}
}

// TestNobodyDoesTheSystemsActs: access allows callers all acts except the system's.
func TestNobodyDoesTheSystemsActs(t *testing.T) {
	t.Parallel()
	system := []access.Action{casework.Released, casework.Covered, casework.Resumed, casework.Recounted}
	for _, act := range casework.Registered() {
		name, anybody := casework.NameOf(act), false
		for _, c := range callers {
			anybody = anybody || access.Can(c, name) == nil
		}
		if anybody == slices.Contains(system, name) {
			t.Errorf("%s can be done by a caller: %v", name, anybody)
		}
	}
}
