package overview_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/listindex"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// reads counts the submissions that are read of a store.
type reads struct {
	desk.Store

	mu     sync.Mutex
	n      map[string]int
	before func() // of a page
}

func (r *reads) add(what string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n[what] += n
}

func (r *reads) take() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.n
	r.n = map[string]int{}
	return was
}

func (r *reads) LoadMany(ctx context.Context, st string, ids []string) ([]casework.Submission, error) {
	r.add("several", len(ids))
	return r.Store.LoadMany(ctx, st, ids)
}

func (r *reads) Page(ctx context.Context, st string, ix record.Index, after record.Cursor, limit int) ([]casework.Submission, record.Cursor, bool, error) {
	if r.before != nil {
		r.before()
	}
	list, next, more, err := r.Store.Page(ctx, st, ix, after, limit)
	r.add("page", len(list))
	return list, next, more, err
}

func (r *reads) Load(ctx context.Context, id string) (casework.Submission, error) {
	r.add("load", 1)
	return r.Store.Load(ctx, id)
}

// ids are the ids of a list.
func idsOf(m overview.Matters) (list []string) {
	for _, i := range m.Items {
		list = append(list, i.ID)
	}
	return list
}

// TestASearchLoadsOnePage: once the catalogue is made, a list reads the
// submissions it shows and those that changed since, whatever it looks for.
func TestASearchLoadsOnePage(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	counted := &reads{Store: b.Store, n: map[string]int{}}
	other := b.SecondDesk(func(p *desk.Parts) { p.Store = counted })
	l, v := b.Liaison(), b.Visitor("villager")
	var all []string
	for i := range 30 {
		all = append(all, b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText(fmt.Sprintf("第%d件，停车", i))).ID)
	}
	look := func(f overview.MatterFilter) overview.Matters {
		t.Helper()
		m, err := other.Overview.Matters(t.Context(), l, f, "", 5)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	expect := func(what string, want map[string]int) {
		t.Helper()
		if d := gocmp.Diff(want, counted.take()); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	if m := look(overview.MatterFilter{}); m.Total != 30 || len(m.Items) != 5 || m.Next == "" {
		t.Errorf("%d of %d", len(m.Items), m.Total)
	}
	expect("the first time", map[string]int{"page": 30, "several": 5})
	for _, f := range []overview.MatterFilter{{}, {Query: "停车"}, {Due: overview.DueOver}, {Flags: listindex.Flags}, {Sort: listindex.Due}} {
		n := len(look(f).Items)
		expect(fmt.Sprintf("%+v", f), map[string]int{"several": n})
	}
	look(overview.MatterFilter{Query: "没有"})
	expect("nothing is found", map[string]int{"several": 0})

	// The other process's acts and filings are seen at once.
	b.Act(b.Member("m01"), all[3], casework.Accept{})
	added := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("又一件"))
	if m := look(overview.MatterFilter{States: []string{"accepted"}}); !slices.Equal(idsOf(m), all[3:4]) || m.States[casework.Assigned] != 30 {
		t.Errorf("%v, %v", idsOf(m), m.States)
	}
	expect("two changed", map[string]int{"several": 3})
	if m := look(overview.MatterFilter{Query: "又一件"}); !slices.Equal(idsOf(m), []string{added.ID}) {
		t.Error(idsOf(m))
	}
}

// TestAnIndexIsRebuiltAfterAGap: a feed that was lost, as with a backup that
// was put back, is noticed.
func TestAnIndexIsRebuiltAfterAGap(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v := b.Liaison(), b.Visitor("villager")
	look := func() overview.Matters {
		t.Helper()
		m, err := b.Overview.Matters(t.Context(), l, overview.MatterFilter{}, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("第一件"))
	look()
	second := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("第二件"))
	if err := b.Server.Client(t).Del(t.Context(), "{lj}:changed").Err(); err != nil {
		t.Fatal(err)
	}
	got := idsOf(look())
	slices.Sort(got)
	want := []string{first.ID, second.ID}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestChangesWhileAnIndexIsBuilt: changes between two steps of the build are in the first answer.
func TestChangesWhileAnIndexIsBuilt(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v := b.Liaison(), b.Visitor("villager")
	old := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("先提交的"))
	var added matters.View
	other := b.SecondDesk(func(p *desk.Parts) {
		p.Store = &reads{Store: b.Store, n: map[string]int{}, before: sync.OnceFunc(func() {
			b.Act(b.Member("m01"), old.ID, casework.Accept{})
			added = b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("中间提交的"))
		})}
	})
	m, err := other.Overview.Matters(t.Context(), l, overview.MatterFilter{}, "", 0)
	if err != nil || m.Total != 2 || m.States[casework.Accepted] != 1 || m.States[casework.Assigned] != 1 || added.ID == "" {
		t.Errorf("%v %v %v", m.Total, m.States, err)
	}
}

// TestFilters tests each conversion of a filter into an index query; the index has tests of its own.
func TestFilters(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx, l, v := t.Context(), b.Liaison(), b.Visitor("villager")
	st := desktest.Must1(b.Store.Station(ctx, desktest.Here))(t)
	first := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("第一件"))
	room := b.File(v, b.Key(station.ForRoom, st.Rooms[0].ID), desktest.WithText("第二件"))
	b.Clock.Advance(48 * time.Hour)
	place := b.File(v, b.Key(station.ForPlace, st.Places[0].ID), desktest.WithText("第三件"))
	if err := b.Store.PutUndelivered(ctx, record.Undelivered{Submission: first.ID, Receiver: "v", Purpose: notice.VisitorReply, Why: notice.Refused, Since: b.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := b.Store.HoldPhoto(ctx, place.ID, "f-1", b.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	m01, _ := st.Member("m01")
	today, before := b.Clock.Now().Format(time.DateOnly), b.Clock.Now().AddDate(0, 0, -2).Format(time.DateOnly)
	all := []string{place.ID, room.ID, first.ID}
	for name, c := range map[string]struct {
		f    overview.MatterFilter
		want []string
	}{
		"all": {overview.MatterFilter{}, all}, "open": {overview.MatterFilter{States: []string{overview.Open}}, all}, "over": {overview.MatterFilter{States: []string{overview.Ended}}, nil},
		"room": {overview.MatterFilter{Room: st.Rooms[0].ID}, []string{room.ID}}, "place": {overview.MatterFilter{Place: st.Places[0].ID}, []string{place.ID}},
		"either":     {overview.MatterFilter{Room: st.Rooms[0].ID, Place: st.Places[0].ID}, []string{place.ID, room.ID}},
		"from today": {overview.MatterFilter{From: today}, []string{place.ID}}, "to before": {overview.MatterFilter{To: before}, []string{room.ID, first.ID}},
		"both days": {overview.MatterFilter{From: before, To: today}, all},
		"untold":    {overview.MatterFilter{Flags: []listindex.Flag{listindex.Undelivered}}, []string{first.ID}},
		"photos":    {overview.MatterFilter{Flags: []listindex.Flag{listindex.Photos}}, []string{place.ID}},
		"no sector": {overview.MatterFilter{Sector: "没有"}, nil},
		"oldest":    {overview.MatterFilter{Sort: listindex.Oldest}, []string{first.ID, room.ID, place.ID}},
	} {
		m, err := b.Overview.Matters(ctx, l, c.f, "", 0)
		if err != nil || !slices.Equal(sortedIfSame(idsOf(m), c.want), c.want) || m.Total != len(c.want) {
			t.Errorf("%s: %v of %d, %v; want %v", name, idsOf(m), m.Total, err, c.want)
		}
	}
	sector := desktest.Must1(b.Overview.Matters(ctx, l, overview.MatterFilter{Sector: m01.Sector, Member: "m01"}, "", 0))(t)
	if len(sector.Items) == 0 || slices.ContainsFunc(sector.Items, func(i overview.Matter) bool { return i.Assignee != "m01" }) {
		t.Errorf("the member's sector: %v", idsOf(sector))
	}
	end := func(days int) time.Time {
		now := b.Clock.Now().In(station.Zone)
		return time.Date(now.Year(), now.Month(), now.Day()+days, 0, 0, 0, 0, station.Zone)
	}
	for _, at := range []time.Time{first.DueAt.Time(), first.DueAt.Time().Add(-time.Millisecond), end(1), first.DueAt.Time().AddDate(0, 0, -2)} {
		b.Clock.Set(at)
		for due, last := range map[string]time.Time{overview.DueOver: at, overview.DueToday: end(1), overview.DueSoon: end(3)} {
			m := desktest.Must1(b.Overview.Matters(ctx, l, overview.MatterFilter{Due: due, Sort: listindex.Due}, "", 0))(t)
			var want []string
			for _, s := range []matters.View{first, room, place} {
				if is := s.DueAt.Time(); !is.After(last) && is.After(at) == (due != overview.DueOver) {
					want = append(want, s.ID)
				}
			}
			if !slices.Equal(sortedIfSame(idsOf(m), want), want) {
				t.Errorf("%s at %v: %v, want %v", due, at, idsOf(m), want)
			}
		}
	}
	for _, i := range desktest.Must1(b.Overview.Matters(ctx, l, overview.MatterFilter{}, "", 0))(t).Items {
		if (i.ID == first.ID) != slices.Contains(i.Flags, listindex.Undelivered) {
			t.Errorf("%s: %v", i.ID, i.Flags)
		}
	}
	_, err := b.Overview.Matters(ctx, b.Member("m01"), overview.MatterFilter{}, "", 0)
	if !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
}

// sortedIfSame returns want when got has the same elements: the order of filings with equal times is random.
func sortedIfSame(got, want []string) []string {
	a, b := slices.Clone(got), slices.Clone(want)
	slices.Sort(a)
	slices.Sort(b)
	if slices.Equal(a, b) {
		return want
	}
	return got
}

// TestAssignMany: each by itself, with its former assignee.
func TestAssignMany(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx, l, v := t.Context(), b.Liaison(), b.Visitor("villager")
	one := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("第一件"))
	pooled := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("测试复审"))
	closed := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("第三件"))
	b.Act(v, closed.ID, casework.Withdraw{})
	list := []matters.SeenVersion{{ID: one.ID, Version: 1}, {ID: pooled.ID, Version: 1}, {ID: closed.ID, Version: 2}, {ID: one.ID, Version: 1}, {ID: "hz-0000000000000000", Version: 1}}
	got, err := b.Matters.AssignMany(ctx, l, list, "m03", "更熟悉", "")
	if err != nil || len(got) != len(list) {
		t.Fatal(len(got), err)
	}
	for i, want := range []struct {
		code   fault.Code
		before string
	}{{"", "m01"}, {"", ""}, {fault.WrongState, ""}, {fault.Conflict, ""}, {fault.NotFound, ""}} {
		g, before := got[i], ""
		if g.Before != nil {
			before = g.Before.ID
		}
		if g.ID != list[i].ID || fault.CodeOf(g.Err) != want.code || before != want.before || (g.Err == nil) != (g.View.Assignee == "m03") {
			t.Errorf("%d: %s, %v, before %q, now %q", i, g.ID, g.Err, before, g.View.Assignee)
		}
	}
	back, err := b.Matters.AssignMany(ctx, l, []matters.SeenVersion{{ID: one.ID, Version: got[0].View.Version}}, got[0].Before.ID, "撤销刚才的分派", "")
	if err != nil || back[0].Err != nil || back[0].View.Assignee != "m01" {
		t.Errorf("given back: %+v, %v", back, err)
	}
	many := make([]matters.SeenVersion, 101)
	for field, try := range map[string]func() ([]matters.AssignResult, error){
		"items":  func() ([]matters.AssignResult, error) { return b.Matters.AssignMany(ctx, l, many, "m03", "x", "") },
		"to":     func() ([]matters.AssignResult, error) { return b.Matters.AssignMany(ctx, l, list, "m99", "x", "") },
		"reason": func() ([]matters.AssignResult, error) { return b.Matters.AssignMany(ctx, l, list, "m03", " ", "") },
	} {
		if _, err := try(); desktest.WrongFields(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := b.Matters.AssignMany(ctx, b.Member("m01"), list, "m03", "x", ""); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
}

// TestAssignManyStopsWithoutAStore: the first that the store does not answer is
// the last that is tried.
func TestAssignManyStopsWithoutAStore(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v := b.Liaison(), b.Visitor("villager")
	one := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("第一件"))
	counted := &reads{Store: b.Store, n: map[string]int{}}
	other := b.SecondDesk(func(p *desk.Parts) { p.Store = counted })
	if _, err := other.Overview.Matters(t.Context(), l, overview.MatterFilter{}, "", 0); err != nil { // and the roster is known
		t.Fatal(err)
	}
	counted.take()
	b.Server.Kill(t)
	got, err := other.Matters.AssignMany(t.Context(), l, []matters.SeenVersion{{ID: one.ID, Version: 1}, {ID: one.ID, Version: 1}, {ID: one.ID, Version: 1}}, "m03", "更熟悉", "")
	if err != nil || len(got) != 3 || !fault.Is(got[0].Err, fault.Unavailable) || !fault.Is(got[2].Err, fault.Unavailable) {
		t.Errorf("%+v, %v", got, err)
	}
	if n := counted.take(); n["load"] != 1 {
		t.Errorf("%v", n)
	}
}

func TestSavedViews(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx, l := t.Context(), b.Liaison()
	if list, err := b.Overview.SavedViews(ctx, l); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	want := []record.SavedView{{Name: "超期", Query: "state=open&due=overdue"}, {Name: "停车", Query: "q=%E5%81%9C%E8%BD%A6"}}
	if _, err := b.Overview.SetSavedViews(ctx, l, []record.SavedView{{Name: " 超期 ", Query: want[0].Query}, want[1]}); err != nil {
		t.Fatal(err)
	}
	many := make([]record.SavedView, 21)
	for i := range many {
		many[i].Name = fmt.Sprint(i)
	}
	for name, list := range map[string][]record.SavedView{
		"many": many, "twice": {{Name: "a"}, {Name: " a "}}, "nameless": {{Name: " "}}, "long": {{Name: strings.Repeat("长", 21)}},
		"query": {{Name: "a", Query: "q=<b>"}}, "long query": {{Name: "a", Query: strings.Repeat("a", 501)}},
	} {
		if _, err := b.Overview.SetSavedViews(ctx, l, list); desktest.WrongFields(err) != "items" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if list, err := b.Overview.SavedViews(ctx, l); err != nil || !slices.Equal(list, want) {
		t.Error(list, err)
	}
	if _, err := b.Overview.SavedViews(ctx, b.Member("m01")); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
}

// thrower is a store that panics once.
type thrower struct {
	desk.Store

	thrown atomic.Bool
}

func (s *thrower) Changes(ctx context.Context, st, after string) (record.FeedPage, error) {
	if !s.thrown.Swap(true) {
		panic("oh")
	}
	return s.Store.Changes(ctx, st, after)
}

func TestAPanicReleasesTheIndex(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	d := b.SecondDesk(func(p *desk.Parts) { p.Store = &thrower{Store: p.Store} })
	func() {
		defer func() { _ = recover() }() // as who serves requests does
		_, err := d.Overview.Matters(t.Context(), b.Liaison(), overview.MatterFilter{}, "", 10)
		t.Errorf("no panic, %v", err)
	}()
	if _, err := d.Overview.Matters(t.Context(), b.Liaison(), overview.MatterFilter{}, "", 10); err != nil {
		t.Error(err)
	}
}
