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

// reading are the functions that read whole submissions, and for what. Functions that work for a caller use
// kit.Submission and kit.SubmissionAt, or show what they read of a list through kit.Scope: a function added
// here must say which.
var reading = map[string]string{
	"kit.New":                       "hands them to the kit",
	"kit.Load":                      "the way itself",
	"kit.Submission":                "the way itself, for somebody",
	"kit.SubmissionWithUndelivered": "the way itself, for somebody who reads it",
	"kit.SubmissionAt":              "the way itself, for a change",

	"matters.list":                "shows by Scope",
	"matters.Mine":                "one's own, shown by Scope",
	"kit.StaffList":               "rows show by Scope",
	"listing.Find":                "shows by Scope",
	"listing.waiting":             "counts what is late in the caller's own inbox",
	"overview.FigureList":         "shows by Scope",
	"overview.Rising":             "shows by Scope",
	"overview.openSubmissions":    "counts, and shows by Scope",
	"matters.inStation":           "asks Scope",
	"matters.maySee":              "asks Scope",
	"inbound.assignedTo":          "a member's own inbox, to answer it",
	"inbound.filedBy":             "what the caller filed, to add to it in the chat",
	"overview.Today":              "a moment of the liaison's own pool",
	"overview.needItems":          "shows by Scope",
	"overview.snoozed":            "shows by Scope",
	"overview.undelivered":        "the list of the untold, for the liaison",
	"overview.exportJob":          "the liaison's own list, written down first",
	"matters.OfferSimilar":        "shows of each what SameOffer has, and no id",
	"matters.ResolveOffer":        "asks shareable, shows nothing",
	"matters.JoinLead":            "joins the one that was chosen",
	"matters.Similar":             "the liaison's own station",
	"matters.Dossier":             "the liaison's own, written down first",
	"matters.Worksheet":           "shows by Scope",
	"audit.objectID":              "finds a number in the liaison's own audit",
	"audit.objectName":            "a number in the liaison's own audit",
	"matters.Split":               "the lead of the liaison's own",
	"matters.leadOf":              "what one that is acted on goes on with",
	"matters.leaveLead":           "the lead of what is the caller's",
	"privacy.Rewrite":             "its change asks access, or holds an offer",
	"handover.complete":           "gives the files to who took it over",
	"handover.has":                "whether the caller has it by now",
	"privacy.eraseSubmission":     "the caller's own, from Mine",
	"privacy.nextOwner":           "whose a file is",
	"delivery.isGone":             "whether it is there; nobody is told",
	"overview.Redecide":           "decisions, for whoever sees all of the station",
	"matters.refreshSimilar":      "the index of likeness",
	"listing.advance":             "the index of lists",
	"listing.catchUp":             "the index of lists",
	"delivery.currentSubmission":  "a notice",
	"delivery.waiting":            "a notice",
	"delivery.addFailed":          "a notice",
	"uploads.holdFor":             "a photo's state",
	"deadlines.collectReminders":  "reminders",
	"deadlines.finalizeDeadlines": "deadlines",
	"deadlines.urgeAssists":       "reminders",
	"deadlines.coverFor":          "an absence",
	"deadlines.handBack":          "an absence",
	"deadlines.poolFromFormer":    "a member who left",
	"delivery.ExpireUndelivered":  "what nobody needs to be told of any more",
	"matters.NotifyFollowers":     "what followers hear",
}

// TestWhoReadsWholeSubmissions holds that every function which reads one is known,
// and that nothing but the view makes a View.
func TestWhoReadsWholeSubmissions(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	paths, err := filepath.Glob("*/*.go")
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
		area, _, _ := strings.Cut(path, "/")
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if whole(n) {
						found[area+"."+f.Name.Name] = true
					}
				case *ast.CompositeLit:
					if ofMatters(area, n.Type) && len(n.Elts) > 0 && path != "matters/view.go" && area+"."+f.Name.Name != "filing.receipt" {
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

// whole reports whether an expression reads whole submissions: the records
// themselves, or the kit's way to load one.
func whole(n *ast.SelectorExpr) bool {
	switch n.Sel.Name {
	case "Records":
		return true
	case "Load", "loadBy":
		return named(n.X) == "kit" || named(n.X) == "k"
	default:
		return false
	}
}

// ofMatters reports whether an expression is the type matters.View.
func ofMatters(area string, e ast.Expr) bool {
	if sel, ok := e.(*ast.SelectorExpr); ok {
		return named(sel.X) == "matters" && sel.Sel.Name == "View"
	}
	return area == "matters" && named(e) == "View"
}

// named is the last name of an expression, "" if it has none.
func named(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	default:
		return ""
	}
}
