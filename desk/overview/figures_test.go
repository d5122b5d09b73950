package overview_test

import (
	"fmt"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/rating"
	"mashang/domain/station"
)

func TestFigures(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	v, m, l := b.Visitor("villager"), b.Member("m01"), b.Liaison()
	key := b.Key(station.ForMember, "m01")
	solved := b.File(v, key, desktest.Category("market"))
	b.Act(m, solved.ID, casework.Accept{})
	b.Clock.Advance(10 * time.Minute)
	b.Act(m, solved.ID, casework.Reply{Text: "好"})
	b.Act(m, solved.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	b.Act(v, solved.ID, casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Satisfied})
	referred := b.File(v, key)
	b.Act(m, referred.ID, casework.Accept{})
	b.Act(m, referred.ID, casework.Close{Outcome: casework.Referred, Text: "已转县水务局"})
	b.File(v, b.Key(station.ForMember, "m03"))
	b.Clock.Advance(2 * time.Hour)
	b.Visitor("villager")
	got, err := b.Overview.Figures(t.Context(), l, time.Time{}, time.Time{}, figures.ByMember)
	if err != nil || got.Whole.Filed != 3 || len(got.Rows) != 2 || !got.From.Equal(desktest.At(1, 0, 0)) {
		t.Fatalf("%+v, %v", got, err)
	}
	w := got.Whole
	if w.First != (figures.Rate{Yes: 2, Of: 3}) || w.Answer != (figures.Rate{Yes: 2, Of: 2}) || w.Solved != (figures.Rate{Yes: 1, Of: 1}) ||
		w.Satisfied != (figures.Rate{Yes: 1, Of: 1}) || w.Rated != (figures.Rate{Yes: 1, Of: 2}) {
		t.Errorf("%+v", w)
	}
	if r := got.Rows[0]; r.Key != "m01" || r.Name != "陈一" || r.Filed != 2 || r.First.Yes != 2 {
		t.Errorf("the first row: %+v", r)
	}
	for by, want := range map[figures.By]string{
		figures.BySector: "[文化旅游 经济]", figures.ByCategory: "[未分类 市场收费]", figures.ByMonth: "[2026-07]", figures.ByKind: "[投诉]",
		figures.ByTarget: "[陈一 陈三]", figures.ByStation: "[临江镇委员工作站]", figures.ByVisitor: "[群众]",
	} {
		got, err := b.Overview.Figures(t.Context(), l, time.Time{}, time.Time{}, by)
		var names []string
		for _, r := range got.Rows {
			names = append(names, r.Name)
		}
		if err != nil || fmt.Sprint(names) != want {
			t.Errorf("%s: %v, %v", by, names, err)
		}
	}
	out, err := b.Overview.Excluded(t.Context(), l, time.Time{}, time.Time{})
	if err != nil || len(out) != 1 || out[0].Number != referred.Number || out[0].Out != figures.Referred {
		t.Errorf("left out %+v, %v", out, err)
	}
	mine, whole, _, err := b.Overview.MyFigures(t.Context(), m, time.Time{}, time.Time{})
	if err != nil || mine.Filed != 2 || whole.Filed != 3 {
		t.Errorf("%+v of %+v, %v", mine, whole, err)
	}
	// A single day, and invalid queries.
	if got, err := b.Overview.Figures(t.Context(), l, desktest.At(1, 0, 0), desktest.At(22, 0, 0), figures.ByKind); err != nil || got.Whole.Filed != 0 {
		t.Errorf("before: %+v, %v", got.Whole, err)
	}
	for name, err := range map[string]error{
		"a breakdown": only(b.Overview.Figures(t.Context(), l, time.Time{}, time.Time{}, "weather")),
		"backwards":   only(b.Overview.Figures(t.Context(), l, desktest.At(22, 0, 0), desktest.At(21, 0, 0), figures.ByKind)),
		"long":        only(b.Overview.Figures(t.Context(), l, desktest.At(22, 0, 0).AddDate(-2, 0, 0), desktest.At(22, 0, 0), figures.ByKind)),
	} {
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"a member":           only(b.Overview.Figures(t.Context(), m, time.Time{}, time.Time{}, figures.ByKind)),
		"a member, left out": only(b.Overview.Excluded(t.Context(), m, time.Time{}, time.Time{})),
	} {
		if !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, _, err := b.Overview.MyFigures(t.Context(), l, time.Time{}, time.Time{}); !fault.Is(err, fault.Denied) {
		t.Errorf("a liaison's own: %v", err)
	}
}

func only[T any](_ T, err error) error { return err }
