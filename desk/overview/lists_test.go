package overview_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/listindex"
	"mashang/domain/station"
)

// pages reads a list to its end, with pages of the limit given.
func pages(t rapid.TB, limit int, page func(cursor string, limit int) (kit.PageOf[matters.View], error)) []string {
	t.Helper()
	ids := []string{}
	cursor := ""
	for n := 0; ; n++ {
		p, err := page(cursor, limit)
		if err != nil || len(p.Items) > limit || n > 10_000 {
			t.Fatalf("page %d with %d items: %v", n, len(p.Items), err)
		}
		for _, v := range p.Items {
			ids = append(ids, v.ID)
		}
		if cursor = p.Next; cursor == "" {
			return ids
		}
	}
}

// filed is what a test knows about a submission it filed.
type filed struct {
	id, number, text, member string
	at                       time.Time
	kind                     casework.Kind
	state                    casework.State
}

// newest sorts as the lists of a station do: by time, then by id.
func newest(list []filed) []string {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b filed) int {
		return cmp.Or(b.at.Compare(a.at), strings.Compare(b.id, a.id))
	})
	ids := []string{}
	for _, f := range list {
		ids = append(ids, f.id)
	}
	return ids
}

// TestMine lists what one person filed in two stations, many of them at the
// same moment, with pages of every size.
func TestMine(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		c := b.Visitor(fmt.Sprint("filer-", n))
		var all []filed
		for range rapid.IntRange(0, 9).Draw(rt, "submissions") {
			st := rapid.SampledFrom([]string{desktest.Here, desktest.There}).Draw(rt, "station")
			b.Clock.Advance(time.Duration(rapid.IntRange(0, 1).Draw(rt, "later")) * time.Millisecond)
			v := b.File(c, b.KeyIn(st, station.ForStation, ""))
			all = append(all, filed{id: v.ID, at: b.Clock.Now()})
		}
		want := newest(all)
		for limit := 1; limit <= len(all)+1; limit++ {
			got := pages(rt, limit, func(cursor string, limit int) (kit.PageOf[matters.View], error) {
				return b.Matters.Mine(t.Context(), c, cursor, limit)
			})
			if diff := gocmp.Diff(want, got); diff != "" {
				rt.Fatalf("pages of %d: %s", limit, diff)
			}
		}
	})
}

// TestMineIsOnlyTheCallers looks for other people's submissions.
func TestMineIsOnlyTheCallers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	own := b.File(m, b.Key(station.ForMember, "m03"))
	b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	p, err := b.Matters.Mine(t.Context(), m, "", 0)
	if err != nil || len(p.Items) != 1 || p.Items[0].ID != own.ID || p.Items[0].As != access.Visitor {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := b.Matters.Mine(t.Context(), b.Visitor("newcomer"), "", 0); err != nil || len(p.Items) != 0 || p.Items == nil {
		t.Errorf("a newcomer: %+v, %v", p, err)
	}
	for name, err := range map[string]error{
		"nobody": desktest.Third(b.Matters.Mine(t.Context(), access.Caller{}, "", 0)),
		"cursor": desktest.Third(b.Matters.Mine(t.Context(), m, "???", 0)),
		"limit":  desktest.Third(b.Matters.Mine(t.Context(), m, "", 101)),
	} {
		want := fault.Invalid
		if name == "nobody" {
			want = fault.Unauthenticated
		}
		if !fault.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// rows is a page of the station's list as a page of another list.
func rows(m overview.Matters, err error) (kit.PageOf[matters.View], error) {
	p := kit.PageOf[matters.View]{Next: m.Next}
	for _, i := range m.Items {
		p.Items = append(p.Items, i.View)
	}
	return p, err
}

// TestMatters tries random filters and page sizes on a station with submissions in every state.
func TestMatters(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v := b.Liaison(), b.Visitor("villager")
	var all []filed
	kinds := []casework.Kind{casework.Complaint, casework.Help, casework.Inquiry}
	for i := range 60 {
		id := []string{"m01", "m03", "m04"}[i%3]
		words := fmt.Sprintf("第%d件，%s", i, []string{"路灯", "停车", "收费"}[i%4%3])
		b.Clock.Advance(time.Duration(i%2) * time.Millisecond)
		s := b.File(v, b.Key(station.ForMember, id), desktest.WithText(words), func(r *filing.Request) { r.Filing.Kind = kinds[i%5%3] })
		one := filed{id: s.ID, number: s.Number, text: words, member: id, at: b.Clock.Now(), kind: s.Kind, state: s.State}
		switch i % 4 {
		case 1:
			one.state = b.Act(b.Member(id), s.ID, casework.Accept{}).State
		case 2:
			one.state = b.Act(b.Member(id), s.ID, casework.Reply{Text: "好"}).State
		case 3:
			one.state = b.Act(v, s.ID, casework.Withdraw{}).State
		}
		all = append(all, one)
	}
	rapid.Check(t, func(rt *rapid.T) {
		state := rapid.SampledFrom([]casework.State{"", casework.Assigned, casework.Accepted, casework.Answered, casework.Withdrawn, casework.Held}).Draw(rt, "state")
		kind := rapid.SampledFrom(append(kinds, "")).Draw(rt, "kind")
		f := overview.MatterFilter{
			Member: rapid.SampledFrom([]string{"", "m01", "m03", "m04", "m99"}).Draw(rt, "member"),
			Query:  rapid.SampledFrom([]string{"", "路灯", " 停车 ", "0017", "没有"}).Draw(rt, "query"),
		}
		if state != "" {
			f.States = []string{string(state)}
		}
		if kind != "" {
			f.Kinds = []casework.Kind{kind}
		}
		var want []filed
		for _, s := range all {
			q := strings.TrimSpace(f.Query)
			if (state == "" || s.state == state) && (f.Member == "" || s.member == f.Member) && (kind == "" || s.kind == kind) &&
				(strings.Contains(s.text, q) || strings.Contains(s.number, q)) {
				want = append(want, s)
			}
		}
		got := pages(rt, rapid.IntRange(1, 70).Draw(rt, "limit"), func(cursor string, limit int) (kit.PageOf[matters.View], error) {
			return rows(b.Overview.Matters(t.Context(), l, f, cursor, limit))
		})
		if diff := gocmp.Diff(newest(want), got); diff != "" {
			rt.Fatal(diff)
		}
	})
	for field, f := range map[string]overview.MatterFilter{
		"state": {States: []string{"lost"}}, "kind": {Kinds: []casework.Kind{"gossip"}}, "visitor": {Visitors: []casework.Visitor{"ghost"}},
		"flag": {Flags: []listindex.Flag{"red"}}, "sort": {Sort: "random"}, "due": {Due: "never"}, "from": {From: "yesterday"},
		"to": {From: "2026-07-02", To: "2026-07-01"}, "q": {Query: "一 二 三 四 五 六 七 八 九 十 十一"},
	} {
		if err := desktest.Refusal(b.Overview.Matters(t.Context(), l, f, "", 0)); desktest.WrongFields(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	inbox(t, b)
}

// inbox reads each member's queue of TestMatters in every state.
func inbox(t *testing.T, b *desktest.Bundle) {
	t.Helper()
	for _, id := range []string{"m01", "m03", "m04"} {
		m := b.Member(id)
		for state, want := range map[casework.State][]casework.State{
			"":                 {casework.Assigned, casework.Accepted},
			casework.Assigned:  {casework.Assigned},
			casework.Accepted:  {casework.Accepted},
			casework.Waiting:   nil,
			casework.Answered:  {casework.Answered},
			casework.Withdrawn: {casework.Withdrawn},
			casework.Closed:    nil,
		} {
			for _, limit := range []int{1, 3, 100} {
				var last matters.View
				total := map[casework.State]int{}
				pages(t, limit, func(cursor string, limit int) (kit.PageOf[matters.View], error) {
					p, err := b.Matters.Inbox(t.Context(), m, matters.Filter{State: state}, cursor, limit)
					for _, v := range p.Items {
						if v.Assignee != id || !slices.Contains(want, v.State) {
							t.Errorf("%s of %s holds %s of %s", state, id, v.State, v.Assignee)
						}
						if state != casework.Withdrawn && v.DueAt < last.DueAt {
							t.Errorf("%s of %s: due %v after %v", state, id, v.DueAt, last.DueAt)
						}
						total[v.State]++
						last = v
					}
					return p, err
				})
				for _, s := range want {
					if total[s] != 5 {
						t.Errorf("%s of %s in pages of %d: %v", state, id, limit, total)
					}
				}
			}
		}
		if err := desktest.Third(b.Matters.Inbox(t.Context(), m, matters.Filter{State: casework.Held}, "", 0)); desktest.WrongFields(err) != "state" {
			t.Errorf("held: %v", err)
		}
	}
}

// TestWhoReadsWhichList is the matrix of lists.
func TestWhoReadsWhichList(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	staff := map[access.Role]access.Caller{
		access.Visitor: b.Visitor("villager"), access.Member: b.Member("m01"), access.Liaison: b.Liaison(),
		access.Department: b.Bound(desktest.Here, access.Department, "d01"), access.Admin: b.Bound(desktest.Here, access.Liaison, "a01"), "": {},
	}
	for role, c := range staff {
		lists := map[string]error{
			"inbox":   desktest.Third(b.Matters.Inbox(t.Context(), c, matters.Filter{}, "", 0)),
			"pool":    desktest.Third(b.Matters.PoolList(t.Context(), c, "", 0)),
			"station": desktest.Refusal(b.Overview.Matters(t.Context(), c, overview.MatterFilter{}, "", 0)),
		}
		_, lists["today"] = b.Overview.Today(t.Context(), c)
		_, lists["codes"] = b.Codes.Codes(t.Context(), c, codes.CodeFilter{}, "", 0)
		may := map[access.Role][]string{
			access.Member: {"inbox"}, access.Liaison: {"pool", "station", "today", "codes"}, access.Admin: {"codes"},
		}
		for name, err := range lists {
			want := fault.Denied
			switch {
			case role == "":
				want = fault.Unauthenticated
			case slices.Contains(may[role], name):
				want = ""
			}
			if fault.CodeOf(err) != want {
				t.Errorf("%s reads %s: %v, want %q", role, name, err, want)
			}
		}
	}
}

// TestPoolAndToday counts the submissions that wait for the liaison.
func TestPoolAndToday(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l := b.Visitor("villager"), b.Liaison()
	b.Clock.Set(desktest.Start.Add(3 * time.Hour)) // nobody is on duty at the station
	nowhere := b.Key(station.ForPlace, "p2")
	var pooled []string
	for range 3 {
		b.Clock.Advance(time.Minute)
		pooled = append(pooled, b.File(v, nowhere).ID)
	}
	b.Act(b.Member("m01"), b.File(v, b.Key(station.ForMember, "m01")).ID, casework.Ask{Text: "哪里？"})
	b.Act(b.Member("m03"), b.File(v, b.Key(station.ForMember, "m03")).ID, casework.Accept{})
	b.File(b.Visitor("traveller"), b.Key(station.ForMember, "m04"), desktest.Tourist)
	b.File(v, b.KeyIn(desktest.There, station.ForStation, ""))
	for limit := 1; limit <= 4; limit++ {
		got := pages(t, limit, func(cursor string, limit int) (kit.PageOf[matters.View], error) {
			return b.Matters.PoolList(t.Context(), l, cursor, limit)
		})
		if diff := gocmp.Diff(pooled, got); diff != "" { // oldest first
			t.Errorf("pages of %d: %s", limit, diff)
		}
	}
	today, err := b.Overview.Today(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	want := overview.Today{
		Surge: roster.SurgeState{Arrivals: station.Arrivals{LastHour: 2}},
		Date:  "2026-07-22", Pooled: 3, Assigned: 1, Accepted: 1, Waiting: 1,
		OldestWaiting: desktest.Start.Add(3*time.Hour + time.Minute),
	}
	if diff := gocmp.Diff(want, today); diff != "" {
		t.Error(diff)
	}
	b.Clock.Set(desktest.Start.Add(24 * time.Hour)) // Thursday's noon: the tourist's is due today
	if today, err = b.Overview.Today(t.Context(), l); err != nil || today.DueToday != 1 || today.Overdue != 0 {
		t.Errorf("a day later: %+v, %v", today, err)
	}
	b.Clock.Set(desktest.Start.AddDate(0, 0, 7))
	if today, err = b.Overview.Today(t.Context(), l); err != nil || today.Overdue != 1 || today.DueToday != 1 ||
		len(today.OnDuty) != 1 || today.OnDuty[0].Member.ID != "m03" {
		t.Errorf("a week later: %+v, %v", today, err)
	}
}

// TestARowListsWhatItCounts: what was no matter is nobody's, in the row as in its list.
func TestARowListsWhatItCounts(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), b.Key(station.ForMember, "m01")
	spam := b.File(b.Visitor("villager"), key)
	b.Act(l, spam.ID, casework.Close{Outcome: casework.Invalid, Reason: "广告"})
	for by, want := range map[figures.By]int{"": 1, figures.ByMember: 0} {
		for _, figure := range []figures.Figure{figures.LeftOut, figures.Figure(figures.Invalid)} {
			q := overview.FigureQuery{Figure: figure, Part: figures.PartYes, By: by}
			if by != "" {
				q.Key = "m01"
			}
			p, err := b.Overview.FigureList(t.Context(), l, q, "", 10)
			if err != nil || len(p.Items) != want {
				t.Errorf("%s by %q: %d of %d, %v", figure, by, len(p.Items), want, err)
			}
		}
	}
}
