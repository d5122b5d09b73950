package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
)

// documented reads the tables of docs/redis-keys.md: key -> type.
func documented(t *testing.T) map[string]string {
	t.Helper()
	text := must(os.ReadFile("../docs/redis-keys.md"))(t)
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (\\w+) \\|.*\\|$").FindAllStringSubmatch(string(text), -1)
	keys := map[string]string{}
	for _, row := range rows {
		if _, twice := keys[row[1]]; twice {
			t.Errorf("%s stands there twice", row[1])
		}
		keys[row[1]] = row[2]
	}
	return keys
}

// made reads keys.go: the key each function and constant makes, with <name>
// for each argument.
func made(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "keys.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			ret, ok := d.Body.List[0].(*ast.ReturnStmt)
			if ok && (d.Recv != nil || strings.HasPrefix(name, "key")) && !strings.HasSuffix(name, "Prefix") {
				keys = append(keys, pattern(t, ret.Results[0]))
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "key") {
					keys = append(keys, pattern(t, v.Values[0]))
				}
			}
		}
	}
	return keys
}

// pattern writes the expression of a key as the page writes it.
func pattern(t *testing.T, e ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		return must(strconv.Unquote(e.Value))(t)
	case *ast.BinaryExpr:
		return pattern(t, e.X) + pattern(t, e.Y)
	case *ast.Ident:
		if e.Name == "local" {
			return "<id>"
		}
		return "<" + e.Name + ">"
	case *ast.CallExpr: // string(s), string(state), digest(openid)
		arg, _ := e.Args[0].(*ast.Ident)
		if arg.Name == "s" {
			return "{<station>}:"
		}
		return pattern(t, arg)
	}
	t.Fatalf("a key is made by something this test does not know: %T", e)
	return ""
}

func TestThePageListsExactlyTheKeysThatAreMade(t *testing.T) {
	t.Parallel()
	keys := made(t)
	slices.Sort(keys)
	equal(t, "keys", keys, slices.Sorted(maps.Keys(documented(t))))
	if len(keys) < 30 {
		t.Errorf("only %d keys were read", len(keys))
	}
}

// Whatever the store does, it leaves no key behind that the page does not
// name with its type.
func TestNoOtherKeyIsEverWritten(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	everything(t.Context(), s)
	sub := admit(t, s, filing(1, "m1"))
	sub = commit(t, s, sub, casework.Reply{Text: "好"}, noon)
	commit(t, s, sub, casework.Close{Text: "好", Outcome: casework.Solved}, noon)
	commit(t, s, admit(t, s, filing(1, "m1")), casework.Withdraw{}, noon)
	commit(t, s, admit(t, s, filing(1, "m1")), casework.Cover{To: "m2", ToName: "李委员", Reason: "外出"}, noon)
	ask := casework.AskAssist{Text: "请核实", Department: "d1", Name: "市场监管所", Days: 2}
	answered := commit(t, s, admit(t, s, filing(99, "m1")), ask, noon)
	commitBy(t, s, answered, casework.Contribute{Text: "已核实"}, casework.Actor{Role: access.Department, ID: "d1"}, noon)
	commit(t, s, admit(t, s, filing(99, "m1")), ask, noon)
	lead := admit(t, s, filing(1, "m1"))
	same, leads, err := admit(t, s, filing(1)).MergeInto(lead, casework.Actor{Role: access.System}, "同一件事", noon)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := s.CommitAll(t.Context(), st, []record.Change{{Was: lead, Next: leads}, {Was: load(t, s, same.ID), Next: same}}, nil); err != nil || !ok {
		t.Fatal(ok, err)
	}
	a := filing(1)
	a.Hold, a.Submission.Clocks.UnknownYear = true, 2027
	admit(t, s, a)

	c, known := server.Client(t), documented(t)
	found := map[string]bool{}
	for _, key := range must(c.Keys(t.Context(), "*").Result())(t) {
		name, kind := page(key, known), must(c.Type(t.Context(), key).Result())(t)
		if known[name] != kind && kind != "none" { // none: its time ended meanwhile
			t.Errorf("%s is a %s; the page knows it as %q, a %q", key, kind, name, known[name])
		}
		found[name] = true
	}
	gone := []string{"{@push}:in", "{@push}:in:d", "lane:<person>", "invite:<hash>", "sess:<hash>"}
	for key := range known {
		if !found[key] && !slices.Contains(gone, key) {
			t.Errorf("%s was never written", key)
		}
	}
}

// page finds the page's name for a key: the one that matches with the most
// letters of its own.
func page(key string, names map[string]string) string {
	best, most := "", -1
	for name := range names {
		own := regexp.MustCompile(`<\w+>`).Split(name, -1)
		quoted := make([]string, len(own))
		for i, part := range own {
			quoted[i] = regexp.QuoteMeta(part)
		}
		if regexp.MustCompile("^"+strings.Join(quoted, "[^:{}]+")+"$").MatchString(key) && len(strings.Join(own, "")) > most {
			best, most = name, len(strings.Join(own, ""))
		}
	}
	return best
}
