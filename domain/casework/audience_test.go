package casework_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mashang/domain/access"
	"mashang/domain/casework"
)

// namesInSource are all names of entries in the source: access's actions and casework's own.
func namesInSource(t *testing.T) []access.Action {
	t.Helper()
	var names []access.Action
	for _, path := range []string{"act.go", "../access/access.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			typ := spec.Type
			if sel, ok := typ.(*ast.SelectorExpr); ok {
				typ = sel.Sel
			}
			id, named := typ.(*ast.Ident)
			lit, text := spec.Values[0].(*ast.BasicLit)
			if named && id.Name == "Action" && text {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, access.Action(s))
			}
			return true
		})
	}
	if len(names) < 33 {
		t.Fatalf("only %d names were found", len(names))
	}
	return names
}

// TestWhoReadsWhatOfAnEntry: what a filer, and a follower's filer, read of each act. An act that this table
// does not have is hidden from both.
func TestWhoReadsWhatOfAnEntry(t *testing.T) {
	t.Parallel()
	const reason, note, photo, part = "说给同事的原因", "说给群众的话", "photo-1", "协办的话"
	visitor := map[string][]access.Action{
		"words": {
			access.Accept, access.Ask, access.Reply, access.Close, access.Extend, access.Message, access.Withdraw,
			access.Rate, access.Reopen, casework.Covered, casework.Resumed, casework.Recounted, access.Merge, access.Split,
			casework.TakeOver, access.Leave, casework.Correct, casework.Erase, access.Fulfil, access.Promise,
		},
		"move": {access.Transfer, access.Assign, casework.Released, access.TakeBack, access.Reveal, access.FollowUp},
	}
	follower := map[string][]access.Action{
		"words": {access.Reply, access.Close, access.Extend, access.Fulfil, access.Promise},
		"move":  {access.Accept, access.Transfer, access.Assign, casework.Covered, casework.Resumed, casework.Released, access.TakeBack},
	}
	known := slices.Concat(visitor["words"], visitor["move"], []access.Action{
		casework.File, access.Return, access.HandleDanger, casework.AddFollower, casework.DropFollower,
		access.Assist, access.Contribute, access.Decline, access.Recall,
		access.AskCall, access.Nudge, access.Read, access.Dossier, access.Manage, access.Annotate, // those from Read on leave no entry
	})
	for _, act := range namesInSource(t) {
		e := casework.Entry{
			What: act, By: casework.Actor{Role: access.Member, ID: "a", Name: "张三"}, To: "b", ToName: "李四", Text: reason, Note: note,
			Reason: reason, Photos: []string{photo}, Parts: []casework.Part{{Assist: 1, Text: part, Photos: []string{photo}}}, Category: "tour",
		}
		if !slices.Contains(known, act) {
			// It is in toVisitor, so this table needs it as well.
			t.Errorf("%s is not decided about here", act)
		}
		shown, ok := e.ForVisitor()
		if want := slices.Contains(visitor["words"], act) || slices.Contains(visitor["move"], act); ok != want {
			t.Errorf("%s is shown to its filer: %v", act, ok)
		}
		if words := shown.Text != ""; words != slices.Contains(visitor["words"], act) || shown.Reason != "" {
			t.Errorf("%s is shown to its filer as %+v", act, shown)
		}
		heard, ok := e.ForFollower()
		if want := slices.Contains(follower["words"], act) || slices.Contains(follower["move"], act); ok != want {
			t.Errorf("%s is heard by who goes on with it: %v", act, ok)
		}
		if words := heard.Text != ""; words != slices.Contains(follower["words"], act) || heard.Note != "" || heard.Reason != "" || len(heard.Photos) > 0 {
			t.Errorf("%s is heard by who goes on with it as %+v", act, heard)
		}
		for _, p := range heard.Parts {
			if len(p.Photos) > 0 {
				t.Errorf("%s is heard with photos", act)
			}
		}
		e.Private = true
		if _, ok := e.ForVisitor(); ok {
			t.Errorf("%s is private and shown", act)
		}
		if _, ok := e.ForFollower(); ok {
			t.Errorf("%s is private and heard", act)
		}
	}
	if _, ok := (casework.Entry{What: "something new", Text: reason}).ForVisitor(); ok {
		t.Error("an act nobody decided about is shown")
	}
}

// TestAnAnswerToOneIsNotHeardByAll: a member can answer only the lead's own filer.
func TestAnAnswerToOneIsNotHeardByAll(t *testing.T) {
	t.Parallel()
	f, l := merged(t, casework.Assigned, casework.Accepted)
	alone := doing{casework.Reply{Text: "您家三楼的事，周五我上门", LeadOnly: true}, holder}
	l = apply(t, l, alone, noon)
	f, ok := f.SyncWithLead(l, noon)
	if f.State != casework.Accepted || strings.Contains(f.Last().Text, "三楼") {
		t.Errorf("%v: it is %s and hears %+v", ok, f.State, f.Last())
	}
	all := does(access.Reply)
	l = apply(t, l, all, noon)
	if f, ok = f.SyncWithLead(l, noon); !ok || f.State != casework.Answered || f.Last().Text != "请说明具体位置" {
		t.Errorf("%v: it is %s and hears %+v", ok, f.State, f.Last())
	}
}
