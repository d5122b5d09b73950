package figures

import (
	"cmp"
	"slices"
	"sort"

	"mashang/domain/casework"
)

// clock is how something stands with its deadline, but for the time it is now.
type clock struct {
	// known is false where there was no deadline.
	known              bool
	done, due, endedAt casework.Millis
	stopped            bool
}

func (c clock) at(now casework.Millis) Standing {
	if !c.known {
		return Unknown
	}
	return standing(c.done, c.due, now, c.stopped, c.endedAt)
}

// seed is a submission's fact for any moment.
type seed struct {
	fact          Fact
	version       int
	first, answer clock
	kept          clock
}

func (s seed) at(now casework.Millis) Fact {
	f := s.fact
	f.First, f.Answer, f.Kept = s.first.at(now), s.answer.at(now), s.kept.at(now)
	return f
}

// Ledger holds what figures need of a station's submissions, some 350 bytes of
// each, so that any span is counted without reading them. It is not safe for
// concurrent use.
type Ledger struct {
	// seeds are in the order of filing, ids deciding among equals, while ordered.
	seeds   []seed
	ordered bool
	at      map[string]int
	// words holds one copy of each name that many facts have.
	words map[string]string
}

// NewLedger makes an empty one.
func NewLedger() *Ledger { return &Ledger{at: map[string]int{}, words: map[string]string{}} }

// Put adds a submission, or replaces what is held of it; an older version than the
// one it has changes nothing.
func (l *Ledger) Put(s casework.Submission) {
	x := seedOf(s)
	l.share(&x.fact)
	i, ok := l.at[s.ID]
	switch {
	case !ok:
		l.at[s.ID] = len(l.seeds)
		l.seeds = append(l.seeds, x)
		l.ordered = false
	case x.version >= l.seeds[i].version:
		l.seeds[i] = x
	}
}

// share makes facts hold the same copy of what is the same.
func (l *Ledger) share(f *Fact) {
	once := func(s string) string {
		if have, ok := l.words[s]; ok {
			return have
		}
		l.words[s] = s
		return s
	}
	f.Member, f.Station, f.Category, f.Filer = once(f.Member), once(f.Station), once(f.Category), once(f.Filer)
	f.Kind, f.Visitor = casework.Kind(once(string(f.Kind))), casework.Visitor(once(string(f.Visitor)))
	f.Target.ID = once(f.Target.ID)
}

// Between are the facts at the moment now of what was filed from From up to before
// To, the newest first.
func (l *Ledger) Between(from, to, now casework.Millis) []Fact {
	l.order()
	begin := sort.Search(len(l.seeds), func(i int) bool { return l.seeds[i].fact.Filed >= from })
	end := sort.Search(len(l.seeds), func(i int) bool { return l.seeds[i].fact.Filed >= to })
	list := make([]Fact, 0, max(0, end-begin))
	for i := end - 1; i >= begin; i-- {
		list = append(list, l.seeds[i].at(now))
	}
	return list
}

func (l *Ledger) order() {
	if l.ordered {
		return
	}
	slices.SortFunc(l.seeds, func(a, b seed) int {
		return cmp.Or(cmp.Compare(a.fact.Filed, b.fact.Filed), cmp.Compare(a.fact.ID, b.fact.ID))
	})
	for i, s := range l.seeds {
		l.at[s.fact.ID] = i
	}
	l.ordered = true
}
