package desk_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/desk/roster"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// effects are the calls that carry out audited acts, as the last two names of the expression ("MapPhones" alone
// for any receiver), with the functions that may make them. A function with the reason "" takes an
// audit.Written and calls its Of; another has a reason why no line is written. A function added here must say
// which it is.
var effects = map[string]map[string]string{
	"store.AppendAudit": {"audit.writeLine": "the line itself"},

	// Numbers in clear, and whatever else is sealed.
	"sealer.Open": {
		"matters.Numbers": "", "roster.openPhone": "",
		"roster.listedChanges":       "compares, and shows no number",
		"login.useCode":              "checks a code of the caller's own app",
		"matters.openOfferToken":     "a token of the caller's own",
		"overview.loadExportRequest": "a request, without what it exports",
		"handover.load":              "an offer, which holds no number",
		"reception.phone":            "",
		"reception.openBooking":      "what a party said, for itself and for the desk of the hour, which gets no number",
		"delivery.sendBySMS":         "sends to the number itself, and shows it to nobody",
		"jobs.JobFile":               "the file of the caller's own job, whose line is written",
	},
	"ring.Open": {
		"app.rosters":   "checks a backup, and shows no number",
		"app.opens":     "checks a backup, and shows no number",
		"app.checkKeys": "checks the keys",
	},
	"MapPhones": {
		"roster.OpenPhones":    "",
		"roster.merged":        "seals numbers",
		"roster.withoutPhones": "hides numbers",
		"app.rosters":          "checks a backup, and shows no number",
	},

	// Files.
	"sheets.Write":         {"roster.writeSheet": "", "app.write": ""},
	"painter.Dossier":      {"matters.printDossier": ""},
	"reporter.Spreadsheet": {"overview.exportJob": "", "overview.ReportFile": "hands it to reportJob"},
	"reporter.Print":       {"overview.ReportFile": "hands it to reportJob"},

	// Exports with a second person's word.
	"store.PutExportRequest":    {"overview.putExportRequest": ""},
	"store.ChangeExportRequest": {"overview.changeExportRequest": ""},
	"store.TakeExportRequest":   {"overview.takeExportRequest": ""},

	// What staff hand over.
	"store.PutHandover": {"handover.putOffer": "its callers are listed"},
	"svc.putOffer": {
		"handover.putRecorded": "",
		"handover.Make":        "what the caller filed themselves",
	},

	// The roster and its parts.
	"store.PutStation": {"roster.putRoster": "its callers are listed"},
	"svc.putRoster": {
		"roster.putChanged":    "",
		"roster.storeRoster":   "nobody's act",
		"roster.createStation": "a station's first roster, by the command line",
	},
	"ChangeRoster": {
		"deadlines.forgetAbsences":     "time alone: absences that are long over",
		"deadlines.dropPreviousRoster": "time alone: what an edit replaced an hour ago",
	},
	"store.ForgetRate": {"roster.resetReveals": ""},

	// Codes.
	"store.ChangeCode": {"codes.swapCode": ""},
	"store.PutCode":    {"codes.MintCode": "a new code changes no sign that hangs"},

	// Bindings and credentials.
	"store.PutInvite": {
		"identity.issue": "its callers are listed",
		"identity.Bind":  "puts a code back that did nothing",
	},
	"svc.issue": {
		"identity.issueFor":    "",
		"identity.IssueInvite": "the command line, where the first liaison comes from",
	},
	"store.Bind": {
		"identity.rebind": "",
		"identity.Bind":   "the first to have the role: the invitation's line says it",
	},
	"store.Unbind":          {"identity.unbind": "", "identity.UnbindFormer": ""},
	"store.EndSessions":     {"identity.unbind": ""},
	"store.DropCredentials": {"identity.unbind": ""},
	"store.ChangeCredentials": {
		"login.putCredentials": "its callers are listed",
	},
	"svc.putCredentials": {
		"login.changeCredentials": "",
		"login.NewApp":            "an app that is not confirmed lets nobody in",
	},
	"store.PutRecovery":       {"login.putRecovery": ""},
	"store.PutConsoleSession": {"login.putConsoleSession": ""},

	// What people filed and sent.
	"svc.commitAct": {
		"matters.commitRecorded": "",
		"matters.commitAudited":  "acts of which the thread tells",
		"matters.RecordView":     "Phone writes the line before it",
	},
	"store.ResolveUndelivered": {
		"overview.resolveUndelivered": "",
		"delivery.ExpireUndelivered":  "nobody needs to be told any more",
	},
	"store.Judge": {
		"matters.judgePhoto": "",
		"uploads.judge":      "the platform's answer",
	},
	"store.PutResult": {
		"results.putResult":        "",
		"results.PublishFulfilled": "follows an act of the submission, which its thread says",
	},
	"store.DropResult": {
		"results.dropResult":        "",
		"privacy.eraseSubmission":   "",
		"results.UnpublishReopened": "follows an act of the submission, which its thread says",
	},
	"store.DropPerson": {"privacy.erase": ""},
	"store.PutAnnotations": {
		"notes.change": "its callers are listed",
		"notes.Erase":  "",
	},
	"svc.change": {
		"notes.nudge": "", "notes.remove": "", "notes.setTags": "",
		"notes.Add":      "a note says who wrote it",
		"notes.MarkSeen": "the caller's own",
		"notes.Remind":   "the caller's own",
	},
}

// TestAuditedActsHaveTheirLine holds that whatever carries an audited act out takes the
// proof of its line, and that lines and proofs are made in package audit alone.
func TestAuditedActsHaveTheirLine(t *testing.T) {
	t.Parallel()
	sources := map[string]any{}
	for _, pattern := range []string{"*/*.go", "../cmd/mashang/internal/app/*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if !strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(path, "desktest/") {
				sources[path] = nil
			}
		}
	}
	faults, found := auditFaults(t, sources)
	for _, f := range faults {
		t.Error(f)
	}
	for call, callers := range effects {
		for caller := range callers {
			if !slices.Contains(found[call], caller) {
				t.Errorf("%s does not call %s any more", caller, call)
			}
		}
	}
}

// TestEffectsAreChecked plants the faults that the test above must find.
func TestEffectsAreChecked(t *testing.T) {
	t.Parallel()
	for want, src := range map[string]string{
		"a new act without a line": `func (svc *Service) PublishAll() { svc.store.PutResult() }`,
		"by a value of the method": `func (svc *Service) PublishAll() { put := svc.store.PutResult; put() }`,
		"a line by hand":           `func (svc *Service) look() { svc.store.AppendAudit() }`,
		"a record by hand":         `func look() { _ = record.Audit{Action: "phone"} }`,
		"a proof nobody asks":      `func (svc *Service) putResult(w audit.Written) { svc.store.PutResult() }`,
		"a listed one without":     `func (svc *Service) putResult() { svc.store.PutResult() }`,
		"a proof by hand":          `func (svc *Service) publish() { svc.putResult(audit.Written{}) }`,
		"a proof of zero":          `func (svc *Service) publish() { var w audit.Written; svc.putResult(w) }`,
		"a new proof":              `func (svc *Service) publish() { svc.putResult(*new(audit.Written)) }`,
		"a literal action":         `func publish() { _ = audit.Act{What: "publish"} }`,
		"a literal that is asked":  `func publish(w audit.Written) { w.Of("publish") }`,
	} {
		if faults, _ := auditFaults(t, map[string]any{"results/planted.go": "package results\n" + src}); len(faults) != 1 {
			t.Errorf("%s: %q", want, faults)
		}
	}
	fine := `package results
func (svc *Service) putResult(w audit.Written) error {
	if err := w.Of(audit.Publish); err != nil { return err }
	return svc.store.PutResult()
}`
	if faults, found := auditFaults(t, map[string]any{"results/planted.go": fine}); len(faults) != 0 || len(found) != 1 {
		t.Error(faults, found)
	}
}

// auditFaults returns a sentence for each break of the rule in some files, each with
// its source (nil reads it), and who makes the calls of effects.
func auditFaults(tb testing.TB, sources map[string]any) (faults []string, found map[string][]string) {
	tb.Helper()
	files := token.NewFileSet()
	found = map[string][]string{}
	for _, path := range slices.Sorted(maps.Keys(sources)) {
		file, err := parser.ParseFile(files, path, sources[path], 0)
		if err != nil {
			tb.Fatal(err)
		}
		area := filepath.Base(filepath.Dir(path))
		say := func(n ast.Node, format string, args ...any) {
			faults = append(faults, files.Position(n.Pos()).String()+": "+fmt.Sprintf(format, args...))
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			name := area + "." + f.Name.Name
			proof := proofOf(f)
			asked := false
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if area == "audit" {
					if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "AppendAudit" {
						found["store.AppendAudit"] = append(found["store.AppendAudit"], name)
					}
					return true
				}
				switch n := n.(type) {
				case *ast.SelectorExpr:
					asked = asked || proof != "" && named(n.X) == proof && n.Sel.Name == "Of"
					for _, call := range []string{named(n.X) + "." + n.Sel.Name, n.Sel.Name} {
						callers, listed := effects[call]
						if !listed {
							continue
						}
						found[call] = append(found[call], name)
						switch why, known := callers[name]; {
						case !known:
							say(n, "%s calls %s and is not known to", name, call)
						case why == "" && proof == "":
							say(n, "%s calls %s and takes no audit.Written", name, call)
						}
					}
				case *ast.CompositeLit:
					switch qualified(n.Type) {
					case "record.Audit":
						say(n, "%s makes a line by hand", name)
					case "audit.Written":
						say(n, "%s makes a proof by hand", name)
					}
				case *ast.ValueSpec:
					if n.Type != nil && qualified(n.Type) == "audit.Written" {
						say(n, "%s makes a proof by hand", name)
					}
				case *ast.CallExpr:
					if named(n.Fun) == "new" && len(n.Args) == 1 && qualified(n.Args[0]) == "audit.Written" {
						say(n, "%s makes a proof by hand", name)
					}
					if sel, ok := n.Fun.(*ast.SelectorExpr); ok && proof != "" && named(sel.X) == proof && slices.ContainsFunc(n.Args, literal) {
						say(n, "%s names an action by a literal", name)
					}
				case *ast.KeyValueExpr:
					if named(n.Key) == "What" && literal(n.Value) {
						say(n, "%s names an action by a literal", name)
					}
				}
				return true
			})
			if proof != "" && !asked && area != "audit" {
				say(f, "%s takes a proof and does not ask it", name)
			}
		}
	}
	return faults, found
}

// proofOf is the name of a function's argument of type audit.Written, "" for none.
func proofOf(f *ast.FuncDecl) string {
	for _, field := range f.Type.Params.List {
		if qualified(field.Type) == "audit.Written" && len(field.Names) == 1 {
			return field.Names[0].Name
		}
	}
	return ""
}

// qualified is a type's package and name, "" for one without a package.
func qualified(e ast.Expr) string {
	if sel, ok := e.(*ast.SelectorExpr); ok {
		return named(sel.X) + "." + sel.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) bool {
	_, ok := e.(*ast.BasicLit)
	return ok
}

// TestKindsOfLinesAreKnown holds that each constant of the audit has words and is used.
func TestKindsOfLinesAreKnown(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "audit/actions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{} // by constant
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 && (named(v.Type) == "Action" || named(v.Type) == "Event") {
			text, ok := v.Values[0].(*ast.BasicLit)
			if !ok {
				t.Fatalf("%s is no text", v.Names[0].Name)
			}
			if values[v.Names[0].Name], err = strconv.Unquote(text.Value); err != nil {
				t.Fatal(err)
			}
		}
		return true
	})
	var kinds []string
	for _, k := range audit.Kinds() {
		kinds = append(kinds, k.What)
	}
	if got := slices.Sorted(maps.Values(values)); !slices.Equal(got, kinds) {
		t.Errorf("constants %v, words for %v", got, kinds)
	}
	paths, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"QuotaCleared": true} // by cmd
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "audit/") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && named(sel.X) == "audit" {
				used[sel.Sel.Name] = true
			}
			return true
		})
	}
	for name := range values {
		if !used[name] {
			t.Errorf("nobody writes %s", name)
		}
	}
}

// Exported functions that take a proof refuse the zero proof.
func TestAProofOfNothingOpensNothing(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	var none audit.Written
	_, shown := b.Matters.Numbers(none, casework.Submission{})
	st := b.Stored()
	_, opened := roster.OpenPhones(none, b.Parts.Sealer, *st)
	for what, err := range map[string]error{"numbers": shown, "phones": opened, "unbinding": b.Identity.UnbindFormer(t.Context(), none, st, st)} {
		if !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
