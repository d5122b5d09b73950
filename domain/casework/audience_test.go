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

// actsInSource are all acts that the package declares, whoever adds one.
func actsInSource(t *testing.T) []casework.Act {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "act.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var acts []casework.Act
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		typ, named := spec.Type.(*ast.Ident)
		lit, text := spec.Values[0].(*ast.BasicLit)
		if named && typ.Name == "Act" && text {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			acts = append(acts, casework.Act(s))
		}
		return true
	})
	if len(acts) < 28 {
		t.Fatalf("only %d acts were found", len(acts))
	}
	return acts
}

// TestWhoReadsWhatOfAnEntry: for every act there is, whether a filer, and a filer
// who goes on with it, reads of it, and in which words. An act that is not decided
// about is shown to neither.
func TestWhoReadsWhatOfAnEntry(t *testing.T) {
	t.Parallel()
	const reason, note, photo, part = "说给同事的原因", "说给群众的话", "photo-1", "协办的话"
	visitor := map[string][]casework.Act{
		"words": {
			casework.Accept, casework.Ask, casework.Reply, casework.Close, casework.Extend, casework.Message, casework.Withdraw,
			casework.Rate, casework.Reopen, casework.Cover, casework.Resume, casework.Recount, casework.Merge, casework.Split,
			casework.TakeOver, casework.Correct, casework.Erase, casework.Fulfil, casework.PromiseAct,
		},
		"move": {casework.Transfer, casework.Assign, casework.Release, casework.TakeBack},
	}
	follower := map[string][]casework.Act{
		"words": {casework.Reply, casework.Close, casework.Extend, casework.Fulfil, casework.PromiseAct},
		"move":  {casework.Accept, casework.Transfer, casework.Assign, casework.Cover, casework.Resume, casework.Release, casework.TakeBack},
	}
	known := slices.Concat(visitor["words"], visitor["move"], []casework.Act{
		casework.File, casework.Return, casework.Attend, casework.Gather, casework.Ungather,
		casework.AskAssist, casework.Contribute, casework.Decline, casework.Recall,
	})
	for _, act := range actsInSource(t) {
		e := casework.Entry{
			What: act, By: casework.Actor{Role: access.Member, ID: "a", Name: "张三"}, To: "b", ToName: "李四", Text: reason, Note: note,
			Photos: []string{photo}, Parts: []casework.Part{{Assist: 1, Text: part, Photos: []string{photo}}}, Category: "tour",
		}
		if !slices.Contains(known, act) {
			// Its showing is in toVisitor: this table has to say so as well.
			t.Errorf("%s is not decided about here", act)
		}
		shown, ok := e.ForVisitor()
		if want := slices.Contains(visitor["words"], act) || slices.Contains(visitor["move"], act); ok != want {
			t.Errorf("%s is shown to its filer: %v", act, ok)
		}
		if words := shown.Text != ""; words != slices.Contains(visitor["words"], act) {
			t.Errorf("%s is shown to its filer as %+v", act, shown)
		}
		heard, ok := e.ForFollower()
		if want := slices.Contains(follower["words"], act) || slices.Contains(follower["move"], act); ok != want {
			t.Errorf("%s is heard by who goes on with it: %v", act, ok)
		}
		if words := heard.Text != ""; words != slices.Contains(follower["words"], act) || heard.Note != "" || len(heard.Photos) > 0 {
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

// TestAnAnswerToOneIsNotHeardByAll: a member can answer the lead's own filer alone.
func TestAnAnswerToOneIsNotHeardByAll(t *testing.T) {
	t.Parallel()
	f, l := merged(t, casework.Assigned, casework.Accepted)
	alone := does(casework.Reply)
	alone.Text, alone.Alone = "您家三楼的事，周五我上门", true
	l = apply(t, l, alone, noon)
	f, ok := f.Hear(l, noon)
	if f.State != casework.Accepted || strings.Contains(f.Last().Text, "三楼") {
		t.Errorf("%v: it is %s and hears %+v", ok, f.State, f.Last())
	}
	all := does(casework.Reply)
	l = apply(t, l, all, noon)
	if f, ok = f.Hear(l, noon); !ok || f.State != casework.Answered || f.Last().Text != all.Text {
		t.Errorf("%v: it is %s and hears %+v", ok, f.State, f.Last())
	}
}
