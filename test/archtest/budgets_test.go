package archtest_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a package may be, so that one can keep it in mind. The packages of tests are
// not measured. A plug may join small views in one struct that embeds them, as store.Store
// does: only the methods that a struct declares are counted. In desk embedded methods count
// as well: an area that is split over embedded structs is still one area.
const (
	maxPackage   = 3500 // lines without tests
	maxInterface = 35   // methods, with those of what it embeds
	maxStruct    = 80   // methods; in desk with those of what it embeds
	maxRing      = 10   // files that need each other
)

// size is what is measured of a package.
type size struct {
	lines int
	// interfaces and structs are the counts of methods by name.
	interfaces, structs map[string]int
	// ring is the largest set of files each of which needs all others.
	ring []string
}

// over are the sizes that still break a budget, each with what it may be at most, and
// why. A number here only falls; what keeps to the budget leaves the list.
var over = map[string]struct {
	most int
	why  string
}{
	"desk interface Store":            {153, "the sum of the areas' ports: cmd's one check that the store fits them all"},
	"store lines":                     {6080, "one package keeps the page of keys and the scripts' headers together"},
	"cmd/mashang/internal/app lines":  {4222, "doctor, import and serving stand in one package yet"},
	"cmd/mashang/internal/app ring":   {17, "doctor and serving share how a server is put up"},
	"wechat lines":                    {4335, "client, receiver and policy stand in one package yet"},
	"wechat ring":                     {19, "every call goes through the client, which knows its parts"},
	"wechat/emulator lines":           {4352, "one platform with one state"},
	"wechat/emulator struct Emulator": {119, "one platform with one state"},
	"wechat/emulator ring":            {26, "one platform with one state"},
	"domain/station ring":             {16, "the tables of a roster know one another"},
}

// overBudget returns a sentence for each budget that a package breaks.
func overBudget(pkg string, s size) []string {
	var out []string
	check := func(what string, n, most int) {
		key := pkg + " " + what
		if o, ok := over[key]; ok {
			most = o.most
		}
		if n > most {
			out = append(out, fmt.Sprintf("%s: %d; at most %d", key, n, most))
		}
	}
	check("lines", s.lines, maxPackage)
	for name, n := range s.interfaces {
		check("interface "+name, n, maxInterface)
	}
	for name, n := range s.structs {
		check("struct "+name, n, maxStruct)
	}
	check("ring", len(s.ring), maxRing)
	slices.Sort(out)
	return out
}

func TestPackagesKeepToTheirBudgets(t *testing.T) {
	t.Parallel()
	sizes := measured(t)
	if len(sizes) < 50 {
		t.Fatalf("only %d packages were measured", len(sizes))
	}
	for pkg, s := range sizes {
		for _, v := range overBudget(pkg, s) {
			t.Error(v)
		}
	}
	for key, o := range over {
		pkg, what, _ := strings.Cut(key, " ")
		if n := sizeOf(sizes[pkg], what); n < o.most || o.why == "" {
			t.Errorf("%s is %d now: the list of exceptions says %d (%s)", key, n, o.most, o.why)
		}
	}
}

// sizeOf reads one number of a size by the words of the list of exceptions.
func sizeOf(s size, what string) int {
	kind, name, _ := strings.Cut(what, " ")
	switch kind {
	case "lines":
		return s.lines
	case "interface":
		return s.interfaces[name]
	case "struct":
		return s.structs[name]
	default:
		return len(s.ring)
	}
}

func TestBudgetsAreChecked(t *testing.T) {
	t.Parallel()
	files := make([]string, maxRing+1)
	for want, s := range map[string]size{
		"lines":       {lines: maxPackage + 1},
		"interface X": {interfaces: map[string]int{"X": maxInterface + 1}},
		"struct X":    {structs: map[string]int{"X": maxStruct + 1}},
		"ring":        {ring: files},
	} {
		if got := overBudget("planted", s); len(got) != 1 || !strings.HasPrefix(got[0], "planted "+want+":") {
			t.Errorf("%s: %v", want, got)
		}
	}
	fine := size{maxPackage, map[string]int{"X": maxInterface}, map[string]int{"X": maxStruct}, files[1:]}
	if got := overBudget("planted", fine); len(got) != 0 {
		t.Error(got)
	}
}

// TestRingsAreFound plants files that need each other, by functions and by methods.
func TestRingsAreFound(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	var parsed []*ast.File
	for name, text := range map[string]string{
		"a.go": "package p; type T struct{}; func a() { b() }",
		"b.go": "package p; func b() { T{}.c() }",
		"c.go": "package p; func (T) c() { a() }; type I interface { T2; m() }; type T2 interface { n(); o() }",
		"d.go": "package p; func d() { a() }",
	} {
		f, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	s, err := measure(files, "p", parsed, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.ring, []string{"a.go", "b.go", "c.go"}) || s.structs["T"] != 1 || s.interfaces["I"] != 3 {
		t.Errorf("%+v", s)
	}
}

// TestEmbeddedMethodsCountInDesk plants a struct that embeds another.
func TestEmbeddedMethodsCountInDesk(t *testing.T) {
	t.Parallel()
	const text = "package p; type T struct{}; func (*T) m() {}; func (T) n() {}; type S struct { *T }; func (S) o() {}"
	for path, want := range map[string]int{"mashang/store": 1, "mashang/desk": 3, "mashang/desk/p": 3} {
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, "a.go", text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s, err := measure(files, path, []*ast.File{f}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.structs["S"] != want || s.structs["T"] != 2 {
			t.Errorf("%s: %v", path, s.structs)
		}
	}
}

// measured type-checks every package of the product and measures it.
func measured(t *testing.T) map[string]size {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-buildvcs=false", "-deps", "-export", "-json=ImportPath,Dir,GoFiles,Export,Standard", "./...")
	cmd.Dir = root
	var failure strings.Builder
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, failure.String())
	}
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
		Standard                bool
	}
	exports := map[string]string{}
	var ours []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if in := inside(p.ImportPath); in != "" && !p.Standard && !within(in, proofs) {
			ours = append(ours, p)
		}
	}
	sizes := map[string]size{}
	for _, p := range ours {
		files := token.NewFileSet()
		var parsed []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, f)
		}
		s, err := measure(files, p.ImportPath, parsed, importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) {
			return os.Open(exports[path])
		}))
		if err != nil {
			t.Fatalf("%s: %v", p.ImportPath, err)
		}
		sizes[inside(p.ImportPath)] = s
	}
	return sizes
}

// measure type-checks the files of one package.
func measure(files *token.FileSet, path string, parsed []*ast.File, from types.Importer) (size, error) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	pkg, err := (&types.Config{Importer: from}).Check(path, files, parsed, info)
	if err != nil {
		return size{}, err
	}
	s := size{interfaces: map[string]int{}, structs: map[string]int{}}
	for _, name := range pkg.Scope().Names() {
		tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		named, ok := tn.Type().(*types.Named)
		if !ok {
			continue
		}
		if i, ok := named.Underlying().(*types.Interface); ok {
			s.interfaces[name] = i.NumMethods()
			continue
		}
		s.structs[name] = named.NumMethods()
		if within(inside(path), []string{"desk"}) {
			s.structs[name] = types.NewMethodSet(types.NewPointer(named)).Len()
		}
	}
	fileOf := func(p token.Pos) string { return filepath.Base(files.Position(p).Filename) }
	needs := map[string]map[string]bool{}
	for _, f := range parsed {
		name := fileOf(f.Package)
		s.lines += files.File(f.Package).LineCount()
		needs[name] = map[string]bool{}
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			o := info.Uses[id]
			if o == nil || o.Pkg() != pkg {
				return true
			}
			_, isFunc := o.(*types.Func) // methods are in no scope
			if isFunc || o.Parent() == pkg.Scope() {
				if to := fileOf(o.Pos()); to != name {
					needs[name][to] = true
				}
			}
			return true
		})
	}
	s.ring = ringOf(needs)
	return s, nil
}

// ringOf returns the largest set of nodes each of which reaches all others.
func ringOf(needs map[string]map[string]bool) []string {
	reach := map[string]map[string]bool{}
	for from := range needs {
		seen := map[string]bool{}
		todo := []string{from}
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for to := range needs[at] {
				if !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
		reach[from] = seen
	}
	var largest []string
	for _, from := range slices.Sorted(maps.Keys(needs)) {
		var ring []string
		for to := range reach[from] {
			if reach[to][from] {
				ring = append(ring, to)
			}
		}
		slices.Sort(ring)
		if cmp.Compare(len(ring), len(largest)) > 0 {
			largest = ring
		}
	}
	return largest
}
