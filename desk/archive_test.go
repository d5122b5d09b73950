package desk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// reading are the functions that read whole submissions, and for what. Whoever works
// for a caller goes by Desk.reach and Desk.reachNow, or shows what they read of a list
// by Desk.see: a function that comes to this list has to say which it is.
var reading = map[string]string{
	"load":        "the way itself",
	"reach":       "the way itself, for somebody",
	"reachListed": "the way itself, for somebody who reads it",
	"reachNow":    "the way itself, for a change",

	"list":         "shows by see",
	"Mine":         "one's own, shown by see",
	"staffList":    "rows show by see",
	"find":         "shows by see",
	"FigureList":   "shows by see",
	"Hot":          "shows by see",
	"openMatters":  "counts, and shows by see",
	"inStation":    "asks see",
	"maySee":       "asks see",
	"inHand":       "a member's own inbox, to answer it",
	"filed":        "what the caller filed, to add to it in the chat",
	"Today":        "a moment of the liaison's own pool",
	"exportJob":    "the liaison's own list, written down first",
	"Offers":       "shows of each what SameOffer has, and no id",
	"chosen":       "asks joinable, shows nothing",
	"follow":       "joins the one that was chosen",
	"Alike":        "the liaison's own station",
	"thingOf":      "finds a number in the liaison's own audit",
	"thingName":    "a number in the liaison's own audit",
	"Split":        "the lead of the liaison's own",
	"leadOf":       "what one that is acted on goes on with",
	"leave":        "the lead of what is the caller's",
	"rewrite":      "its change asks access, or holds a code",
	"settleIn":     "gives the files to who took it over",
	"forgetOne":    "the caller's own, from Mine",
	"heir":         "whose a file is",
	"isGone":       "whether it is there; nobody is told",
	"Redecide":     "decisions, for whoever sees all of the station",
	"fill":         "the index of likeness",
	"further":      "the index of lists",
	"followUp":     "the index of lists",
	"current":      "a notice",
	"join":         "a notice",
	"listFailed":   "a notice",
	"holdFor":      "a photo's state",
	"gather":       "reminders",
	"recount":      "deadlines",
	"urgeAssists":  "reminders",
	"coverFor":     "an absence",
	"handBack":     "an absence",
	"release":      "a member who left",
	"ExpireUntold": "what nobody needs to be told of any more",
	"relayOne":     "what followers hear",
}

// TestWhoReadsWholeSubmissions holds that every function which reads one is known,
// that nothing but the archive makes a sight, and nothing but the view a View.
func TestWhoReadsWholeSubmissions(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if n.Sel.Name == "records" || n.Sel.Name == "load" || n.Sel.Name == "loadBy" {
						found[f.Name.Name] = true
					}
				case *ast.CompositeLit:
					made, ok := n.Type.(*ast.Ident)
					switch {
					case !ok || len(n.Elts) == 0:
					case made.Name == "sight" && path != "archive.go":
						t.Errorf("%s makes a sight by hand", files.Position(n.Pos()))
					case made.Name == "View" && path != "view.go" && f.Name.Name != "receipt":
						t.Errorf("%s makes a View by hand", files.Position(n.Pos()))
					}
				}
				return true
			})
		}
	}
	for name := range reading {
		if !found[name] {
			t.Errorf("%s reads no submission any more", name)
		}
	}
	var strange []string
	for name := range found {
		if reading[name] == "" {
			strange = append(strange, name)
		}
	}
	slices.Sort(strange)
	if len(strange) > 0 {
		t.Errorf("these read whole submissions and are not known to: %v", strange)
	}
	if len(found) < 20 {
		t.Errorf("only %d functions were found", len(found))
	}
}
