package listindex

import (
	"slices"
	"strings"

	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/intake"
)

// Index holds the rows of one station's submissions by ids that the caller chooses. New makes one.
type Index struct {
	rows  []row
	at    map[string]int
	names interner
	// flaggedIDs are the ids with a flag that only the store knows.
	flaggedIDs map[Flag]map[string]bool
	// marks are what liaisons keep beside submissions; most have none.
	marks map[string]annotation.Marks
}

// New makes an empty index.
func New() *Index {
	return &Index{at: map[string]int{}, names: newInterner(), flaggedIDs: map[Flag]map[string]bool{}, marks: map[string]annotation.Marks{}}
}

// Len returns the number of submissions.
func (x *Index) Len() int { return len(x.rows) }

// Put adds or replaces a submission. An older version than the present one is ignored.
func (x *Index) Put(id string, s casework.Submission) {
	r := x.rowOf(id, s)
	i, ok := x.at[id]
	switch {
	case !ok:
		x.at[id] = len(x.rows)
		x.rows = append(x.rows, r)
	case r.version >= x.rows[i].version:
		r.id = x.rows[i].id
		x.rows[i] = r
	}
}

// SetFlagged replaces the set of submissions with the flag Undelivered or Photos.
func (x *Index) SetFlagged(f Flag, ids []string) {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	x.flaggedIDs[f] = set
}

// UpdateFlagged sets for the given ids whether they have the flag Undelivered or Photos: those in holds have
// it. Other submissions stay unchanged.
func (x *Index) UpdateFlagged(f Flag, ids, holds []string) {
	if x.flaggedIDs[f] == nil {
		x.flaggedIDs[f] = map[string]bool{}
	}
	for _, id := range ids {
		delete(x.flaggedIDs[f], id)
	}
	for _, id := range holds {
		x.flaggedIDs[f][id] = true
	}
}

// FlagsOf returns a submission's flags, in the order of Flags.
func (x *Index) FlagsOf(id string, s casework.Submission, now casework.Millis) []Flag {
	r := standingOf(s)
	var list []Flag
	for _, f := range Flags {
		if has(s, f) || r.late(f, now) || x.flaggedIDs[f][id] {
			list = append(list, f)
		}
	}
	return list
}

// Find returns up to limit submissions after the cursor.
func (x *Index) Find(q Query, after Cursor, limit int, now casework.Millis) Result {
	m := x.matcher(q, now)
	best := page{limit: limit, descending: q.Sort == Newest || q.Sort == ""}
	f := Result{States: map[casework.State]int{}}
	var counts [16]int
	// Scanning in the likely order of the result needs fewer insertions.
	last := len(x.rows) - 1
	backwards := last > 0 && best.descending == (x.rows[0].filed < x.rows[last].filed)
	for i := range x.rows {
		if backwards {
			i = last - i
		}
		r := &x.rows[i]
		if !m.matches(r) {
			continue
		}
		counts[r.state]++
		if m.states != nil && !m.states[r.state] {
			continue
		}
		f.Total++
		p := Cursor{Key: key(r, q.Sort), ID: r.id}
		if after.ID == "" || best.before(after, p) {
			best.offer(p)
		}
	}
	for i, s := range casework.States {
		f.States[s] = counts[i]
	}
	best.fill(&f)
	return f
}

// Groups puts each submission into the first query that it matches, so that it stands in one group only. It returns
// the number and the first limit ids of each group. A submission that skip rejects stands in none.
func (x *Index) Groups(list []Query, limit int, now casework.Millis, skip func(group int, id string, version int) bool) []Result {
	matchers, pages, out := make([]matcher, len(list)), make([]page, len(list)), make([]Result, len(list))
	for i, q := range list {
		matchers[i] = x.matcher(q, now)
		pages[i] = page{limit: limit, descending: q.Sort == Newest || q.Sort == ""}
	}
	for i := range x.rows {
		r := &x.rows[i]
		g := slices.IndexFunc(matchers, func(m matcher) bool { return m.matches(r) && (m.states == nil || m.states[r.state]) })
		if g < 0 || skip(g, r.id, int(r.version)) {
			continue
		}
		out[g].Total++
		pages[g].offer(Cursor{Key: key(r, list[g].Sort), ID: r.id})
	}
	for i := range out {
		pages[i].fill(&out[i])
	}
	return out
}

// clockStoppedOffset exceeds any stored time in milliseconds: it sorts a group of submissions after all of
// another. A float64 still represents the sums exactly.
const clockStoppedOffset = 20_000_000_000_000

// key is the sort key of a row.
func key(r *row, s Sort) int64 {
	over := int(r.state) >= len(casework.States) || !casework.States[r.state].Open()
	switch {
	case s == Due && r.clockRuns:
		return int64(r.due)
	case s == Due && !over:
		return clockStoppedOffset + int64(r.due)
	case s == Due:
		return 2*clockStoppedOffset + int64(r.due)
	case s == Promised && r.promised != 0:
		return int64(r.promised)
	case s == Oldest && over, s == Promised:
		return clockStoppedOffset + int64(r.filed)
	default:
		return int64(r.filed)
	}
}

// page collects the first limit+1 cursors, in order.
type page struct {
	limit      int
	descending bool
	list       []Cursor
}

// before compares by key, then by id.
func (p *page) before(a, b Cursor) bool {
	if p.descending {
		a, b = b, a
	}
	if a.Key != b.Key {
		return a.Key < b.Key
	}
	return a.ID < b.ID
}

func (p *page) offer(x Cursor) {
	n := len(p.list)
	if n > p.limit && !p.before(x, p.list[n-1]) {
		return
	}
	i, _ := slices.BinarySearchFunc(p.list, x, func(a, b Cursor) int {
		if p.before(a, b) {
			return -1
		}
		return 1
	})
	if p.list = slices.Insert(p.list, i, x); len(p.list) > p.limit+1 {
		p.list = p.list[:p.limit+1]
	}
}

// fill sets the ids of a result, whether there are more, and the cursor after them.
func (p *page) fill(r *Result) {
	list := p.list[:min(len(p.list), p.limit)]
	r.More = len(p.list) > p.limit
	for _, x := range list {
		r.IDs, r.Next = append(r.IDs, x.ID), x
	}
}

// matcher is a query prepared for many rows. A nil set matches all.
type matcher struct {
	Query

	now                            casework.Millis
	states, kinds, visitors        []bool
	channels                       []bool
	assignees, categories, targets []bool
	outcomes                       []bool
	flags                          uint16
	late                           []Flag
	flaggedIDs                     []map[string]bool
	holders                        map[string][]bool
	// marked are the ids whose marks match, nil for all.
	marked map[string]bool
}

func (x *Index) matcher(q Query, now casework.Millis) matcher {
	m := matcher{
		Query: q, now: now,
		states: set(casework.States, q.States), kinds: set(casework.Kinds, q.Kinds), visitors: set(visitors, q.Visitors),
		channels:  set(intake.Channels, q.Channels),
		assignees: x.names.mask(q.Assignees), outcomes: set(casework.Outcomes, q.Outcomes),
	}
	if len(q.Categories) > 0 {
		m.categories = x.names.mask(q.Categories)
	}
	if len(q.Targets) > 0 {
		var list []string
		for _, t := range q.Targets {
			list = append(list, targetName(t))
		}
		m.targets = x.names.mask(list)
	}
	m.marked = x.marked(q, now)
	m.holders = make(map[string][]bool, len(q.Holders))
	for w, list := range q.Holders {
		m.holders[w] = x.names.mask(list)
	}
	for _, f := range q.Flags {
		m.flags |= flagBits[f]
		switch f {
		case Uncontacted, AssistLate, FollowUp, PromiseLate:
			m.late = append(m.late, f)
		case Undelivered, Photos:
			m.flaggedIDs = append(m.flaggedIDs, x.flaggedIDs[f])
		}
	}
	return m
}

// set marks the positions of some values in the list of all.
func set[T comparable](all, some []T) []bool {
	if len(some) == 0 {
		return nil
	}
	marks := make([]bool, len(all)+1)
	for _, v := range some {
		if i := slices.Index(all, v); i >= 0 {
			marks[i] = true
		}
	}
	return marks
}

// matches checks all conditions but the state, the most expensive last.
func (m *matcher) matches(r *row) bool {
	switch {
	case m.kinds != nil && !m.kinds[r.kind], m.visitors != nil && !m.visitors[r.visitor], m.channels != nil && !m.channels[r.channel],
		m.assignees != nil && !m.assignees[r.assignee], m.categories != nil && !m.categories[r.category],
		m.targets != nil && !m.targets[r.target], m.outcomes != nil && !m.outcomes[r.outcome], m.ExcludeMerged && r.joint:
		return false
	case r.filed < m.FiledFrom, m.FiledTo != 0 && r.filed > m.FiledTo:
		return false
	case m.DueTo != 0 && (!r.clockRuns || r.due < m.DueFrom || r.due > m.DueTo):
		return false
	case len(m.Flags) > 0 && !m.flagged(r):
		return false
	case m.marked != nil && !m.marked[r.id]:
		return false
	case m.PhoneMask != "" && r.mask != m.PhoneMask && !r.behalfPhone:
		return false
	}
	for _, w := range m.Words {
		if !strings.Contains(r.words, w) && (!m.Behalf || !strings.Contains(r.behalf, w)) && !m.heldBy(r, w) {
			return false
		}
	}
	return true
}

// heldBy reports whether the word is part of the name of the row's assignee.
func (m *matcher) heldBy(r *row, word string) bool {
	holders := m.holders[word]
	return holders != nil && holders[r.assignee]
}

func (m *matcher) flagged(r *row) bool {
	if r.flags&m.flags != 0 || slices.ContainsFunc(m.late, func(f Flag) bool { return r.late(f, m.now) }) {
		return true
	}
	return slices.ContainsFunc(m.flaggedIDs, func(ids map[string]bool) bool { return ids[r.id] })
}
