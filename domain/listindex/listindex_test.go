package listindex_test

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/intake"
	"mashang/domain/listindex"
	"mashang/domain/rating"
	"mashang/domain/station"
)

const now = casework.Millis(1_784_000_000_000)

// plain is a second, simple telling of what the package promises: a scan over the
// submissions themselves.
type plain struct {
	all    map[string]casework.Submission
	marked map[listindex.Flag][]string
}

func (p plain) flags(id string, s casework.Submission) (list []listindex.Flag) {
	late := false
	for _, a := range s.Assists {
		late = late || a.Late(now)
	}
	k, r := s.Clocks, s.Rating
	low := r != nil && (r.Verdict == rating.Not || r.Satisfaction == rating.Dissatisfied ||
		r.Verdict == "" && (!r.Solved || r.Attitude < 3 || r.Speed < 3))
	is := map[listindex.Flag]bool{
		listindex.Alarm: s.HasOpenDanger(), listindex.Danger: len(s.Dangers) > 0,
		listindex.Uncontacted: s.ClockRuns() && k != nil && k.FirstDueAt != 0 && k.ContactedAt == 0 && k.FirstDueAt <= now,
		listindex.AssistLate:  late,
		listindex.Undelivered: slices.Contains(p.marked[listindex.Undelivered], id), listindex.Photos: slices.Contains(p.marked[listindex.Photos], id),
		listindex.Returned: s.Returns > 0, listindex.Reopened: len(s.Thread) > 0 && s.Thread[0].What == access.Reopen,
		listindex.LowRating:   low,
		listindex.FollowUp:    low && s.Phone != "" && s.State == casework.Closed && s.Last().FollowUp == "" && r.At != 0 && casework.Millis(r.At) >= now-60*24*3600*1000,
		listindex.AboutMember: s.AboutMember,
		listindex.Fulfilled:   s.Promise != nil && s.Promise.DoneAt > 0,
		listindex.PromiseLate: s.State == casework.Closed && s.Outcome == casework.Agreed && s.Lead == "" && dayOf(s) < now,
	}
	for _, f := range listindex.Flags {
		if is[f] {
			list = append(list, f)
		}
	}
	return list
}

// dayOf is by when what is owed is to be carried out.
func dayOf(s casework.Submission) casework.Millis {
	if s.Promise != nil {
		return s.Promise.DueAt
	}
	at := s.ClosedAt.Time()
	return casework.At(time.Date(at.Year(), at.Month(), at.Day()+31, 0, 0, 0, 0, station.Zone)) - 1
}

func anyOf[T comparable](wanted []T, v T) bool { return len(wanted) == 0 || slices.Contains(wanted, v) }

func dash(text string) string { return cmp.Or(text, listindex.None) }

// keeps asks everything but the state.
func (p plain) keeps(q listindex.Query, id string, s casework.Submission) bool {
	if q.Assignees != nil && !slices.Contains(q.Assignees, dash(s.Assignee)) ||
		!anyOf(q.Kinds, s.Kind) || !anyOf(q.Visitors, s.Visitor) || !anyOf(q.Channels, s.Intake.Via()) || !anyOf(q.Categories, dash(s.Category)) || !anyOf(q.Targets, s.Target) ||
		s.FiledAt < q.FiledFrom || q.FiledTo != 0 && s.FiledAt > q.FiledTo ||
		q.DueTo != 0 && (!s.ClockRuns() || s.DueAt < q.DueFrom || s.DueAt > q.DueTo) {
		return false
	}
	if !anyOf(q.Outcomes, s.Outcome) || q.ExcludeMerged && s.Lead != "" {
		return false
	}
	if len(q.Flags) > 0 && !slices.ContainsFunc(p.flags(id, s), func(f listindex.Flag) bool { return slices.Contains(q.Flags, f) }) {
		return false
	}
	for _, w := range q.Words {
		if !strings.Contains(strings.ToLower(s.Text), w) && !strings.Contains(s.Number, w) {
			return false
		}
	}
	return true
}

// find returns all ids in order and the counts.
func (p plain) find(q listindex.Query) (ids []string, states map[casework.State]int) {
	states = map[casework.State]int{}
	for _, s := range casework.States {
		states[s] = 0
	}
	for id, s := range p.all {
		if !p.keeps(q, id, s) {
			continue
		}
		states[s.State]++
		if anyOf(q.States, s.State) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return p.order(q.Sort, a, b) })
	return ids, states
}

func (p plain) order(by listindex.Sort, a, b string) int {
	x, y := p.all[a], p.all[b]
	class := func(s casework.Submission) int {
		switch {
		case !s.State.Open():
			return 2
		case by == listindex.Due && !s.ClockRuns():
			return 1
		default:
			return 0
		}
	}
	switch by {
	case listindex.Due:
		return cmp.Or(class(x)-class(y), cmp.Compare(x.DueAt, y.DueAt), strings.Compare(a, b))
	case listindex.Promised:
		owed := func(s casework.Submission) int {
			if s.Owed() {
				return 0
			}
			return 1
		}
		if owed(x)+owed(y) == 0 {
			return cmp.Or(cmp.Compare(dayOf(x), dayOf(y)), strings.Compare(a, b))
		}
		return cmp.Or(owed(x)-owed(y), cmp.Compare(x.FiledAt, y.FiledAt), strings.Compare(a, b))
	case listindex.Oldest:
		return cmp.Or(class(x)-class(y), cmp.Compare(x.FiledAt, y.FiledAt), strings.Compare(a, b))
	default:
		return cmp.Or(cmp.Compare(y.FiledAt, x.FiledAt), strings.Compare(b, a))
	}
}

var (
	texts   = []string{"路灯坏了", "停车收费 WiFi 慢", "公厕没水，路灯", "", "水渠渗漏"}
	targets = []station.Target{{Kind: station.ForStation}, {Kind: station.ForRoom, ID: "r1"}, {Kind: station.ForPlace, ID: "r1"}, {Kind: station.ForMember, ID: "m1"}}
)

// near is a moment close to now, with many that are equal.
func near(t *rapid.T, what string) casework.Millis {
	return now + casework.Millis(rapid.IntRange(-3, 3).Draw(t, what))
}

func drawSubmission(t *rapid.T, version int) casework.Submission {
	s := casework.Submission{
		Version: version, Number: fmt.Sprintf("260715-%04d", rapid.IntRange(1, 12).Draw(t, "number")),
		Text: rapid.SampledFrom(texts).Draw(t, "text"), FiledAt: near(t, "filed"), DueAt: near(t, "due"),
		State: rapid.SampledFrom(casework.States).Draw(t, "state"), Kind: rapid.SampledFrom(casework.Kinds).Draw(t, "kind"),
		Visitor:     rapid.SampledFrom([]casework.Visitor{casework.Resident, casework.Tourist}).Draw(t, "visitor"),
		Assignee:    rapid.SampledFrom([]string{"", "m1", "m2"}).Draw(t, "assignee"),
		Category:    rapid.SampledFrom([]string{"", "tour", "road"}).Draw(t, "category"),
		Target:      rapid.SampledFrom(targets).Draw(t, "target"),
		Phone:       rapid.SampledFrom([]string{"", "sealed", "sealed"}).Draw(t, "phone"),
		Returns:     rapid.IntRange(0, 1).Draw(t, "returns"),
		AboutMember: rapid.Bool().Draw(t, "about"),
		Lead:        rapid.SampledFrom([]string{"", "", "lj-x"}).Draw(t, "lead"),
	}
	if s.State == casework.Closed {
		s.Outcome, s.ClosedAt = rapid.SampledFrom([]casework.Outcome{casework.Solved, casework.Agreed}).Draw(t, "outcome"), near(t, "closed")-31*24*3600*1000
		switch rapid.IntRange(0, 2).Draw(t, "promise") {
		case 1:
			s.Promise = &casework.Promise{DueAt: near(t, "promised")}
		case 2:
			s.Outcome, s.Promise = casework.Solved, &casework.Promise{DoneAt: now}
		}
	}
	if rapid.Bool().Draw(t, "clocks") {
		s.Clocks = &casework.Clocks{FirstDueAt: near(t, "first"), ContactedAt: rapid.SampledFrom([]casework.Millis{0, now}).Draw(t, "contacted")}
	}
	if rapid.Bool().Draw(t, "dangers") {
		s.Dangers, s.DangerHandledAt = []danger.Kind{danger.Fire}, rapid.SampledFrom([]casework.Millis{0, now}).Draw(t, "attended")
	}
	if rapid.Bool().Draw(t, "reopened") {
		s.Thread = []casework.Entry{{What: access.Reopen}}
	}
	if rapid.Bool().Draw(t, "rated") {
		if rapid.Bool().Draw(t, "called") {
			s.Thread = append(s.Thread, casework.Entry{What: access.FollowUp, FollowUp: rating.Reached})
		}
		s.Rating = &rating.Rating{Solved: rapid.Bool().Draw(t, "solved"), Attitude: rapid.IntRange(1, 5).Draw(t, "attitude"), Speed: 3}
		if rapid.Bool().Draw(t, "without marks") {
			s.Rating = &rating.Rating{
				Verdict:      rapid.SampledFrom(rating.Verdicts).Draw(t, "verdict"),
				Satisfaction: rapid.SampledFrom(append([]rating.Satisfaction{""}, rating.Satisfactions...)).Draw(t, "satisfaction"),
			}
		}
		const days60 = 60 * 24 * 3600 * 1000
		s.Rating.At = int64(now) - rapid.SampledFrom([]int64{0, 1, days60, days60 + 1}).Draw(t, "rated ago")
	}
	if rapid.Bool().Draw(t, "assisted") {
		s.Assists = []casework.Assist{{
			ID: 1, Role: access.Department, Who: "d1", DueAt: near(t, "assist"),
			State: rapid.SampledFrom([]casework.AssistState{casework.Asked, casework.Contributed}).Draw(t, "assist state"),
		}}
	}
	if c := rapid.SampledFrom(intake.Channels).Draw(t, "channel"); c != intake.Scan {
		s.Intake = &intake.Intake{Channel: c, Persons: 1}
	}
	return s
}

// some draws up to two of a list, mostly none.
func some[T any](t *rapid.T, what string, all ...T) []T {
	return rapid.SliceOfN(rapid.SampledFrom(all), 0, rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, what+"s")).Draw(t, what)
}

func drawQuery(t *rapid.T) listindex.Query {
	q := listindex.Query{
		States: some(t, "wanted state", casework.States...), Kinds: some(t, "wanted kind", casework.Kinds...),
		Visitors:      some(t, "wanted visitor", casework.Resident, casework.Tourist),
		Channels:      some(t, "wanted channel", intake.Channels...),
		Categories:    some(t, "wanted category", listindex.None, "tour", "other"),
		Targets:       some(t, "wanted target", append(targets, station.Target{Kind: station.ForRoom, ID: "r9"})...),
		Flags:         some(t, "wanted flag", listindex.Flags...),
		Outcomes:      some(t, "wanted outcome", casework.Solved, casework.Agreed),
		ExcludeMerged: rapid.SampledFrom([]bool{false, false, true}).Draw(t, "own"),
		Words:         listindex.Words(rapid.SampledFrom([]string{"", "", "路灯", "ｗｉｆｉ\u3000停车", "000", "坏 了", "没有"}).Draw(t, "search")),
		Sort:          rapid.SampledFrom(append(listindex.Sorts, "")).Draw(t, "sort"),
	}
	if rapid.Bool().Draw(t, "by assignee") {
		q.Assignees = append([]string{}, some(t, "wanted assignee", listindex.None, "m1", "m9")...)
	}
	if rapid.Bool().Draw(t, "by filing") {
		q.FiledFrom, q.FiledTo = near(t, "from"), rapid.SampledFrom([]casework.Millis{0, now + 1}).Draw(t, "to")
	}
	if rapid.Bool().Draw(t, "by due") {
		q.DueFrom, q.DueTo = rapid.SampledFrom([]casework.Millis{0, now - 1}).Draw(t, "due from"), near(t, "due to")
	}
	return q
}

// TestFindIsThePlainScan changes submissions at random and compares every page of
// random questions with the scan.
func TestFindIsThePlainScan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, p := listindex.New(), plain{all: map[string]casework.Submission{}, marked: map[listindex.Flag][]string{}}
		for version := range rapid.IntRange(0, 40).Draw(t, "changes") {
			id := fmt.Sprint("k", rapid.IntRange(0, 15).Draw(t, "id"))
			s := drawSubmission(t, version)
			x.Put(id, s)
			if old := s; version > 0 {
				old.Version, old.Text = -1, "路灯"
				x.Put(id, old) // a late reader's changes nothing
			}
			p.all[id] = s
		}
		for _, f := range []listindex.Flag{listindex.Undelivered, listindex.Photos} {
			p.marked[f] = some(t, string(f), "k1", "k2", "k99")
			x.SetFlagged(f, []string{"k3"})
			x.SetFlagged(f, p.marked[f])
		}
		if x.Len() != len(p.all) {
			t.Fatalf("%d rows of %d", x.Len(), len(p.all))
		}
		for id, s := range p.all {
			if diff := gocmp.Diff(p.flags(id, s), x.FlagsOf(id, s, now)); diff != "" {
				t.Fatal(diff)
			}
		}
		q, limit := drawQuery(t), rapid.IntRange(1, 6).Draw(t, "limit")
		ids, states := p.find(q)
		var got []string
		for at, more := (listindex.Cursor{}), true; more; {
			f := x.Find(q, at, limit, now)
			if f.Total != len(ids) || len(f.IDs) > limit || f.More && len(f.IDs) < limit {
				t.Fatalf("%d on a page of %d, %d in all, more %v; want %d", len(f.IDs), limit, f.Total, f.More, len(ids))
			}
			if diff := gocmp.Diff(states, f.States); diff != "" {
				t.Fatal(diff)
			}
			got, at, more = append(got, f.IDs...), f.Next, f.More
		}
		if diff := gocmp.Diff(ids, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestGroupsAreAPartition: each submission stands in the first group that it fits, in the group's order, and what is
// skipped stands in none.
func TestGroupsAreAPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, p := listindex.New(), plain{all: map[string]casework.Submission{}, marked: map[listindex.Flag][]string{}}
		for version := range rapid.IntRange(0, 25).Draw(t, "filed") {
			id := fmt.Sprint("k", version)
			p.all[id] = drawSubmission(t, version)
			x.Put(id, p.all[id])
		}
		queries := rapid.SliceOfN(rapid.Custom(drawQuery), 1, 5).Draw(t, "groups")
		asleep, limit := rapid.SampledFrom([]string{"", "k1"}).Draw(t, "skipped"), rapid.IntRange(1, 6).Draw(t, "limit")
		got := x.Groups(queries, limit, now, func(_ int, id string, version int) bool {
			if version != p.all[id].Version {
				t.Fatalf("%s in version %d", id, version)
			}
			return id == asleep
		})
		taken := map[string]bool{}
		for i, q := range queries {
			all, _ := p.find(q)
			ids := slices.DeleteFunc(all, func(id string) bool { return taken[id] })
			for _, id := range ids {
				taken[id] = true
			}
			ids = slices.DeleteFunc(ids, func(id string) bool { return id == asleep })
			if got[i].Total != len(ids) || got[i].More != (len(ids) > limit) {
				t.Fatalf("group %d has %d of %d, more %v", i, got[i].Total, len(ids), got[i].More)
			}
			if diff := gocmp.Diff(ids[:min(limit, len(ids))], got[i].IDs, cmpopts.EquateEmpty()); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// TestWordsOverNumberAndText: a word does not reach from the number into the text.
func TestWordsOverNumberAndText(t *testing.T) {
	t.Parallel()
	x := listindex.New()
	x.Put("k1", casework.Submission{Number: "260715-0001", Text: "2号楼没水，ＷｉＦｉ也断了"})
	for search, want := range map[string]int{
		"": 1, "0715-0001": 1, "00012": 0, "0001 2号": 1, "wifi": 1, "WIFI": 1, "ｗifi 没水": 1, "没电": 0, "没水 没电": 0,
	} {
		if f := x.Find(listindex.Query{Words: listindex.Words(search)}, listindex.Cursor{}, 5, now); f.Total != want {
			t.Errorf("%q: %d, want %d", search, f.Total, want)
		}
	}
}

// TestWordsOverPlaceAndPeople: the name of the person it was filed for is found by who may read it, the member who
// has it by their name.
func TestWordsOverPlaceAndPeople(t *testing.T) {
	t.Parallel()
	x := listindex.New()
	x.Put("k1", casework.Submission{
		Number: "260715-0001", Text: "路灯坏了", Assignee: "m1", Place: &casework.Place{Text: "柳荫村 12 号"},
		OnBehalf: &casework.OnBehalf{Name: "王大爷"}, Against: &casework.Against{Name: "东岸停车场", Place: "东岸"},
	})
	x.Put("k2", casework.Submission{Number: "260715-0002", Text: "水管爆了", Assignee: "m2"})
	held := map[string][]string{"柳岸": {"m1"}}
	for search, want := range map[string][2]int{
		"柳荫": {1, 1}, "停车场": {1, 1}, "王大爷": {0, 1}, "王大爷 路灯": {0, 1}, "王大爷 水管": {0, 0}, "柳岸": {1, 1}, "柳岸 水管": {0, 0}, "岸东": {0, 0},
	} {
		for i, behalf := range []bool{false, true} {
			q := listindex.Query{Words: listindex.Words(search), Behalf: behalf, Holders: held}
			if f := x.Find(q, listindex.Cursor{}, 5, now); f.Total != want[i] {
				t.Errorf("%q, with names %v: %d, want %d", search, behalf, f.Total, want[i])
			}
		}
	}
}

// TestPhoneMask keeps who may have the number; the person it was filed for has no mask.
func TestPhoneMask(t *testing.T) {
	t.Parallel()
	x := listindex.New()
	x.Put("k1", casework.Submission{PhoneMask: "138****0000"})
	x.Put("k2", casework.Submission{PhoneMask: "139****0000"})
	x.Put("k3", casework.Submission{OnBehalf: &casework.OnBehalf{Name: "王大爷", Phone: "sealed"}})
	x.Put("k4", casework.Submission{OnBehalf: &casework.OnBehalf{Name: "李大妈"}})
	f := x.Find(listindex.Query{PhoneMask: "138****0000"}, listindex.Cursor{}, 5, now)
	slices.Sort(f.IDs)
	if !slices.Equal(f.IDs, []string{"k1", "k3"}) {
		t.Errorf("%v", f.IDs)
	}
}

func BenchmarkSearch(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := listindex.New()
	body := strings.Repeat("景区东岸停车场收费与公示不符，请核实处理。", 3)
	for i := range 100_000 {
		x.Put(fmt.Sprintf("k%015d", i), casework.Submission{
			Version: 1, Number: fmt.Sprintf("260715-%04d", i), Text: fmt.Sprintf("第%d件：%s", i, body), FiledAt: now + casework.Millis(i),
			DueAt: now - casework.Millis(i), State: casework.States[i%8], Kind: casework.Complaint, Assignee: fmt.Sprint("m", i%31),
		})
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("%d bytes a submission with a text of 60 characters", (after.HeapAlloc-before.HeapAlloc)/uint64(x.Len()))
	for name, q := range map[string]listindex.Query{
		"all": {}, "due": {Sort: listindex.Due}, "rare": {Words: []string{"第99件"}}, "none": {Words: []string{"景区路灯"}}, "often": {Words: []string{"公示"}, Sort: listindex.Due},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				x.Find(q, listindex.Cursor{}, 100, now)
			}
		})
	}
}
