package overview_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"mashang/desk"
	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/rating"
	"mashang/domain/station"
)

// world files n submissions over three days and does something to each.
func world(b *desktest.Bundle, n int, seed uint64) {
	b.T.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	targets := []station.Target{
		{Kind: station.ForMember, ID: "m01"},
		{Kind: station.ForMember, ID: "m03"},
		{Kind: station.ForMember, ID: "m04"},
		{Kind: station.ForPlace, ID: "p1"},
		{Kind: station.ForRoom, ID: "r1"},
		{Kind: station.ForStation},
	}
	for i := range n {
		b.Clock.Advance(time.Duration(r.IntN(4)) * time.Hour)
		v, to := b.Visitor(fmt.Sprint("villager-", i%4)), targets[r.IntN(len(targets))]
		s := b.File(v, b.Key(to.Kind, to.ID), desktest.WithText(fmt.Sprintf("第%d件，路灯不亮", i)), func(x *filing.Request) {
			x.Filing.Category = []string{"", "tour", "market"}[r.IntN(3)]
			x.Filing.Kind = casework.Kinds[r.IntN(len(casework.Kinds))]
		})
		if s.State != casework.Assigned {
			continue
		}
		m := b.Member(s.Assignee)
		b.Clock.Advance(time.Duration(r.IntN(50)) * time.Minute)
		switch r.IntN(6) {
		case 0:
			b.Act(v, s.ID, casework.Withdraw{})
		case 1:
			b.Act(m, s.ID, casework.Accept{})
		case 2:
			b.Act(m, s.ID, casework.Reply{Text: "好"})
		case 3:
			b.Act(m, s.ID, casework.Accept{})
			b.Act(m, s.ID, casework.Close{Outcome: casework.Impossible, Text: "办不到"})
		default:
			b.Act(m, s.ID, casework.Accept{})
			b.Act(m, s.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
			if r.IntN(2) == 0 {
				b.Act(v, s.ID, casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Neutral})
			}
		}
	}
	b.Clock.Advance(2 * time.Hour)
}

// TestEveryFigureHasItsList: for random submissions, each number of the total, of every row and of every cell
// is the length of its list, in pages of any size.
func TestEveryFigureHasItsList(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	world(b, 40, 7)
	count := func(rt *rapid.T, q overview.FigureQuery, limit int) int {
		ids := pages(rt, limit, func(cursor string, limit int) (kit.PageOf[matters.View], error) {
			return b.Overview.FigureList(t.Context(), l, q, cursor, limit)
		})
		slices.Sort(ids)
		if n := len(slices.Compact(slices.Clone(ids))); n != len(ids) {
			rt.Fatalf("%+v lists %d of %d", q, n, len(ids))
		}
		return len(ids)
	}
	rapid.Check(t, func(rt *rapid.T) {
		q := overview.FigureQuery{
			Figure: rapid.SampledFrom(figures.Figures()).Draw(rt, "figure"),
			Part:   rapid.SampledFrom([]figures.Part{figures.PartYes, figures.PartNo, figures.PartOf}).Draw(rt, "part"),
		}
		if rapid.Bool().Draw(rt, "from") {
			q.From = desktest.At(rapid.IntRange(21, 24).Draw(rt, "day"), 0, 0)
		}
		by := rapid.SampledFrom(figures.Breakdowns).Draw(rt, "by")
		limit := rapid.IntRange(1, 60).Draw(rt, "limit")
		f, err := b.Overview.Figures(t.Context(), l, q.From, q.To, by)
		if err != nil {
			rt.Fatal(err)
		}
		if got, want := count(rt, q, limit), q.Figure.Value(&f.Whole, q.Part); got != want {
			rt.Fatalf("%+v lists %d of %d", q, got, want)
		}
		q.By = by
		for _, r := range f.Rows {
			q.Key = r.Key
			if got, want := count(rt, q, limit), q.Figure.Value(&r.Tally, q.Part); got != want {
				rt.Fatalf("%+v lists %d of %d", q, got, want)
			}
		}
		q.Cross = rapid.SampledFrom(figures.Breakdowns).Draw(rt, "cross")
		g, _, err := b.Overview.Grid(t.Context(), l, q.From, q.To, q.By, q.Cross)
		if err != nil || len(f.Rows) > 0 && len(g.Cells) == 0 {
			rt.Fatal(err)
		}
		c := g.Cells[rapid.IntRange(0, len(g.Cells)-1).Draw(rt, "cell")]
		q.Key, q.Other = c.Row, c.Col
		if got, want := count(rt, q, limit), q.Figure.Value(&c.Tally, q.Part); got != want {
			rt.Fatalf("%+v lists %d of %d", q, got, want)
		}
	})
	whole, err := b.Overview.Figures(t.Context(), l, time.Time{}, time.Time{}, figures.ByStation)
	if w := whole.Whole; err != nil || w.Filed != 40 || w.Solved.Yes == 0 || w.Satisfied.Of == 0 || w.Out[figures.Withdrawn] == 0 || w.First.Of == w.First.Yes {
		t.Errorf("the world is too simple: %+v, %v", w, err)
	}
}

// TestFiguresFollowChanges: changes of any process count at once.
func TestFiguresFollowChanges(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v, m := b.Liaison(), b.Visitor("villager"), b.Member("m01")
	other := b.SecondDesk()
	for n := 1; n <= 3; n++ {
		s, err := other.Filing.Submit(t.Context(), v, desktest.Fresh(), desktest.Request(b.Key(station.ForMember, "m01"), desktest.WithText(fmt.Sprintf("第%d件，路灯不亮", n))))
		if err != nil {
			t.Fatal(err)
		}
		b.Act(m, s.ID, casework.Accept{})
		for name, d := range map[string]*desk.Desk{"this": b.Desk, "the other": other} {
			f, err := d.Overview.Figures(t.Context(), l, time.Time{}, time.Time{}, figures.ByMember)
			if err != nil || f.Whole.Filed != n || f.Whole.First.Yes != n {
				t.Fatalf("%s process counts %d of %d, %d in touch, %v", name, f.Whole.Filed, n, f.Whole.First.Yes, err)
			}
		}
	}
}

func TestFigureListRefuses(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	q := overview.FigureQuery{Figure: "filed", Part: figures.PartYes}
	with := func(change func(*overview.FigureQuery)) overview.FigureQuery {
		q := q
		change(&q)
		return q
	}
	for name, q := range map[string]overview.FigureQuery{
		"figure": with(func(q *overview.FigureQuery) { q.Figure = "weather" }),
		"part":   with(func(q *overview.FigureQuery) { q.Part = "some" }),
		"by":     with(func(q *overview.FigureQuery) { q.Cross = figures.ByKind }),
		"cross":  with(func(q *overview.FigureQuery) { q.By, q.Cross = figures.ByKind, "weather" }),
		"from":   with(func(q *overview.FigureQuery) { q.From, q.To = desktest.At(22, 0, 0), desktest.At(21, 0, 0) }),
	} {
		if err := desktest.Third(b.Overview.FigureList(t.Context(), l, q, "", 0)); desktest.WrongFields(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := desktest.Third(b.Overview.FigureList(t.Context(), l, q, "", 101)); desktest.WrongFields(err) != "limit" {
		t.Errorf("limit: %v", err)
	}
	for name, c := range map[string]access.Caller{"a member": b.Member("m01"), "an administrator": b.Bound(desktest.Here, access.Liaison, "a01")} {
		if err := desktest.Third(b.Overview.FigureList(t.Context(), c, q, "", 0)); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"rows": last(b.Overview.Grid(t.Context(), l, time.Time{}, time.Time{}, "x", figures.ByKind)),
		"cols": last(b.Overview.Grid(t.Context(), l, time.Time{}, time.Time{}, figures.ByKind, "x")),
		"by":   only(b.Overview.FigureSeries(t.Context(), l, time.Time{}, time.Time{}, "hour")),
	} {
		if desktest.WrongFields(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func last[A, B any](_ A, _ B, err error) error { return err }

func TestFigureSeries(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, key := b.Visitor("villager"), b.Key(station.ForMember, "m01")
	// Two every Wednesday of June and July, the last two today.
	for week := 7; week >= 0; week-- {
		b.Clock.Set(desktest.Start.AddDate(0, 0, -7*week))
		b.File(v, key)
		b.File(v, key)
	}
	l := b.Liaison()
	s, err := b.Overview.FigureSeries(t.Context(), l, desktest.At(1, 0, 0), desktest.At(23, 0, 0), figures.Day)
	if err != nil || len(s.Points) != 22 || s.Whole.Filed != 8 || s.Earlier.Filed != 6 || !s.Before.From.Equal(desktest.At(1, 0, 0).AddDate(0, -1, 0)) {
		t.Fatalf("%d points, %+v before, %d and %d, %v", len(s.Points), s.Before, s.Whole.Filed, s.Earlier.Filed, err)
	}
	if p := s.Points[21]; p.Filed != 2 || p.Usual != 2 {
		t.Errorf("today %d, usually %v", p.Filed, p.Usual)
	}
	if p := s.Points[20]; p.Filed != 0 || p.Usual != 0 {
		t.Errorf("yesterday %d, usually %v", p.Filed, p.Usual)
	}
	if s, err = b.Overview.FigureSeries(t.Context(), l, desktest.At(1, 0, 0), desktest.At(23, 0, 0), figures.Week); err != nil || len(s.Points) != 4 || s.Points[0].Usual != -1 {
		t.Errorf("%d weeks, %v", len(s.Points), err)
	}
}

func TestFigurePlaces(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	st := desktest.Town()
	st.Places[0].Lat, st.Places[0].Lng = 35.6, 103.2
	b.Put(st, 1)
	b.Clock.Advance(time.Minute)
	l := b.Liaison()
	where := func(r *filing.Request) {
		r.Filing.Place = &casework.Place{Text: "路口", Lat: 35.61234, Lng: 103.21, Coord: "gcj02"}
	}
	for i := range 4 {
		v := b.Visitor(fmt.Sprint("villager-", i%3))
		b.File(v, b.Key(station.ForPlace, "p1"), where)
	}
	b.File(b.Visitor("villager-1"), b.Key(station.ForMember, "m01"))
	spam := b.File(b.Visitor("villager-2"), b.Key(station.ForMember, "m02"))
	b.Act(l, spam.ID, casework.Close{Outcome: casework.Invalid, Reason: "广告"})
	b.Clock.Advance(time.Minute)
	p, err := b.Overview.FigurePlaces(t.Context(), l, time.Time{}, time.Time{})
	if err != nil || len(p.Places) != 4 {
		t.Fatalf("%+v, %v", p, err)
	}
	if x := p.Places[0]; x.Name != "一号码头" || x.Filed != 4 || x.Open != 4 || x.Lat != 35.6 || x.Village != "下滩村" {
		t.Errorf("%+v", x)
	}
	if x := p.Places[1]; x.Target.Kind != station.ForMember || x.Filed != 1 || x.Lat != 0 {
		t.Errorf("%+v", x)
	}
	if len(p.Spots) != 1 || p.Spots[0].Filed != 4 || p.Spots[0].Lat != 35612 {
		t.Errorf("%+v", p.Spots)
	}
	if err := only(b.Overview.FigurePlaces(t.Context(), b.Member("m01"), time.Time{}, time.Time{})); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
}

func TestScreen(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Clock.Set(desktest.At(21, 9, 0))
	world(b, 6, 3)
	b.Clock.Set(desktest.At(23, 9, 0))
	v := b.Visitor("villager-1")
	b.File(v, b.Key(station.ForMember, "m01"))
	a := b.Bound(desktest.Here, access.Liaison, "a01")
	s, err := b.Overview.Screen(t.Context(), a)
	if err != nil || s.Today != 1 || s.Month.Filed != 7 || s.Year.Filed != 7 || len(s.Days) != 14 || s.Days[13].Filed != 1 || s.Open == 0 || len(s.Rows) == 0 {
		t.Errorf("%+v, %v", s, err)
	}
	n := 0
	for _, d := range s.Days {
		n += d.Filed
	}
	if n != 7 {
		t.Errorf("%d in the days", n)
	}
	if err := only(b.Overview.Screen(t.Context(), b.Member("m01"))); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	world(b, 10, 5)
	r, err := b.Overview.Report(t.Context(), l, "2026-07")
	if err != nil || r.Sections[0].Rows[0][1].Number != 10 {
		t.Fatalf("%+v, %v", r.Sections, err)
	}
	for format, begins := range map[overview.Format]string{overview.XLSX: "PK", overview.PDF: "%PDF"} {
		x, err := b.JobProduct(l)(b.Overview.ReportFile(t.Context(), l, "2026-07", format))
		if err != nil || !bytes.HasPrefix(x.Data, []byte(begins)) || x.Name != "临江镇委员工作站2026年7月诉求办理报告."+string(format) {
			t.Errorf("%s: %q, %v", format, x.Name, err)
		}
	}
	lines, err := b.Audit.AuditList(t.Context(), l, audit.Filter{Action: "report"}, "", 0)
	if err != nil || len(lines.Items) != 2 || !strings.Contains(lines.Items[0].Why, "2026年7月") {
		t.Errorf("written down: %+v, %v", lines, err)
	}
	for name, err := range map[string]error{
		"period": only(b.Overview.ReportFile(t.Context(), l, "July", overview.PDF)),
		"format": only(b.Overview.ReportFile(t.Context(), l, "2026-07", "doc")),
	} {
		if desktest.WrongFields(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := only(b.Overview.Report(t.Context(), l, "2026-08")); desktest.WrongFields(err) != "period" {
		t.Errorf("the future: %v", err)
	}
	if err := only(b.Overview.ReportFile(t.Context(), b.Member("m01"), "2026-07", overview.PDF)); !fault.Is(err, fault.Denied) {
		t.Errorf("a member: %v", err)
	}
	if err := only(b.Overview.Report(t.Context(), l, "2026")); err != nil {
		t.Error(err)
	}
}

// TestExportList: it has what the list has, neither phones nor names, and is audited before it is made.
func TestExportList(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v := b.Liaison(), b.Visitor("villager")
	evil := "=HYPERLINK(\"http://x\") 我叫王小二，电话13812345678，身份证620102199001011234，座机0931-8765432"
	s := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText(evil), func(r *filing.Request) {
		r.Filing.Phone = "13800138000"
		r.Filing.OnBehalf = &casework.OnBehalf{Name: "王老汉", Relation: "父亲"}
	})
	b.Clock.Advance(24 * time.Hour)
	other := b.File(v, b.Key(station.ForMember, "m03"))
	for name, tc := range map[string]struct {
		e    overview.Export
		want []string
	}{
		"all":         {overview.Export{}, []string{other.Number, s.Number}},
		"a member's":  {overview.Export{MatterFilter: overview.MatterFilter{Member: "m01"}}, []string{s.Number}},
		"in a state":  {overview.Export{MatterFilter: overview.MatterFilter{States: []string{"assigned"}}}, []string{other.Number, s.Number}},
		"one day":     {overview.Export{MatterFilter: overview.MatterFilter{From: "2026-07-23", To: "2026-07-23"}}, []string{other.Number}},
		"the day ago": {overview.Export{MatterFilter: overview.MatterFilter{To: "2026-07-22"}, Texts: true}, []string{s.Number}},
		"none":        {overview.Export{MatterFilter: overview.MatterFilter{Query: "没有"}}, nil},
		"my mentions": {overview.Export{MatterFilter: overview.MatterFilter{Mine: overview.Mentioned}}, nil},
	} {
		tc.e.Reason = "月底核对"
		x, err := b.JobProduct(l)(b.Overview.ExportList(t.Context(), l, tc.e))
		if err != nil || !strings.HasPrefix(x.Name, "临江镇委员工作站诉求清单-2026") {
			t.Fatalf("%s: %q, %v", name, x.Name, err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(x.Data))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("诉求")
		if err != nil {
			t.Fatal(err)
		}
		all := fmt.Sprint(rows)
		var got []string
		for _, r := range rows[min(len(rows), 5):] {
			got = append(got, r[0])
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v in %s", name, got, tc.want, all)
		}
		for _, secret := range []string{"13800138000", "138****8000", "王老汉", "13812345678", "620102199001011234", "8765432"} {
			if strings.Contains(all, secret) {
				t.Errorf("%s tells %s", name, secret)
			}
		}
		if tc.e.Texts != strings.Contains(all, "我叫王小二") {
			t.Errorf("%s: texts %s", name, all)
		}
	}
	lines, err := b.Audit.AuditList(t.Context(), l, audit.Filter{Query: "月底"}, "", 0)
	if err != nil || len(lines.Items) != 7 || !slices.ContainsFunc(lines.Items, func(x audit.Line) bool { return x.Action == "list-export-texts" }) {
		t.Errorf("written down: %+v, %v", lines.Items, err)
	}
	for name, e := range map[string]overview.Export{
		"reason": {}, "state": {Reason: "x", MatterFilter: overview.MatterFilter{States: []string{"lost"}}},
		"kind": {Reason: "x", MatterFilter: overview.MatterFilter{Kinds: []casework.Kind{"gossip"}}}, "to": {Reason: "x", MatterFilter: overview.MatterFilter{From: "2026-07-23", To: "2026-07-22"}},
	} {
		if err := only(b.Overview.ExportList(t.Context(), l, e)); desktest.WrongFields(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]access.Caller{"a member": b.Member("m01"), "an administrator": b.Bound(desktest.Here, access.Liaison, "a01")} {
		if err := only(b.Overview.ExportList(t.Context(), c, overview.Export{Reason: "x"})); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
