package figures

import (
	"cmp"
	"slices"
	"sort"

	"mashang/domain/casework"
)

// deadline has all that a Standing depends on except the present time.
type deadline struct {
	// known is false if there was no deadline.
	known              bool
	done, due, endedAt casework.Millis
	stopped            bool
}

func (c deadline) at(now casework.Millis) Standing {
	if !c.known {
		return Unknown
	}
	return standing(c.done, c.due, now, c.stopped, c.endedAt)
}

// timelessFact is a submission's fact for any time.
type timelessFact struct {
	fact          Fact
	version       int
	first, answer deadline
	kept          deadline
}

func (s timelessFact) at(now casework.Millis) Fact {
	f := s.fact
	f.First, f.Answer, f.Kept = s.first.at(now), s.answer.at(now), s.kept.at(now)
	return f
}

// FactIndex holds the facts of a station's submissions, some 350 bytes each, so that any span is counted
// without reading the submissions. It is not safe for concurrent use.
type FactIndex struct {
	// facts are in the order of filing, then of ids, while ordered is true.
	facts   []timelessFact
	ordered bool
	at      map[string]int
	// interned has one copy of each name that many facts share.
	interned map[string]string
}

// NewFactIndex returns an empty index.
func NewFactIndex() *FactIndex {
	return &FactIndex{at: map[string]int{}, interned: map[string]string{}}
}

// Put adds or replaces a submission. An older version than the present one is ignored.
func (l *FactIndex) Put(s casework.Submission) {
	x := timelessFactOf(s)
	l.intern(&x.fact)
	i, ok := l.at[s.ID]
	switch {
	case !ok:
		l.at[s.ID] = len(l.facts)
		l.facts = append(l.facts, x)
		l.ordered = false
	case x.version >= l.facts[i].version:
		l.facts[i] = x
	}
}

// intern lets equal strings of facts share memory.
func (l *FactIndex) intern(f *Fact) {
	once := func(s string) string {
		if have, ok := l.interned[s]; ok {
			return have
		}
		l.interned[s] = s
		return s
	}
	f.Member, f.Station, f.Category, f.Filer = once(f.Member), once(f.Station), once(f.Category), once(f.Filer)
	f.Kind, f.Visitor = casework.Kind(once(string(f.Kind))), casework.Visitor(once(string(f.Visitor)))
	f.Target.ID = once(f.Target.ID)
}

// Between returns the facts, as of now, of submissions filed from from up to before to, the newest first.
func (l *FactIndex) Between(from, to, now casework.Millis) []Fact {
	l.order()
	begin := sort.Search(len(l.facts), func(i int) bool { return l.facts[i].fact.Filed >= from })
	end := sort.Search(len(l.facts), func(i int) bool { return l.facts[i].fact.Filed >= to })
	list := make([]Fact, 0, max(0, end-begin))
	for i := end - 1; i >= begin; i-- {
		list = append(list, l.facts[i].at(now))
	}
	return list
}

func (l *FactIndex) order() {
	if l.ordered {
		return
	}
	slices.SortFunc(l.facts, func(a, b timelessFact) int {
		return cmp.Or(cmp.Compare(a.fact.Filed, b.fact.Filed), cmp.Compare(a.fact.ID, b.fact.ID))
	})
	for i, s := range l.facts {
		l.at[s.fact.ID] = i
	}
	l.ordered = true
}
