package reception

import (
	"cmp"
	"slices"

	"mashang/domain/station"
)

// Preference is what a member says of a day on which they do not have to sit; "" is nothing.
type Preference string

// The preferences.
const (
	Wants    Preference = "wants"
	Declines Preference = "declines"
)

// rank orders preferences: a higher one is better met.
func (p Preference) rank() int {
	switch p {
	case Wants:
		return 1
	case Declines:
		return -1
	default:
		return 0
	}
}

// Wish is what one member prefers, by the days' ids.
type Wish map[string]Preference

// Of returns what the member says of a day.
func (w Wish) Of(day string) Preference { return w[day] }

// wanting are the serving members who want to come to a day and did not sit on it before the proposal added some, in the
// order of the roster.
func (b Book) wanting(d Day, adds []string, wishes map[string]Wish) (list []string) {
	for i := range b.Station.Members {
		m := &b.Station.Members[i]
		sat := d.Sits(m.ID) >= 0 && !slices.Contains(adds, m.ID)
		if !m.Left && !sat && wishes[m.ID].Of(d.ID) == Wants {
			list = append(list, m.ID)
		}
	}
	return list
}

// WithWishes writes into the candidates for a day what each prefers. Among those who fit, and among those who do not,
// who declines stands last and who wants to come stands before others who sat as often.
func WithWishes(list []Candidate, day string, wishes map[string]Wish) []Candidate {
	list = slices.Clone(list)
	for i := range list {
		list[i].Prefers = wishes[list[i].Member].Of(day)
	}
	declines := func(c Candidate) int { return max(0, -c.Prefers.rank()) }
	unfit := func(c Candidate) int {
		if c.Fits {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b Candidate) int {
		return cmp.Or(
			cmp.Compare(unfit(a), unfit(b)), cmp.Compare(declines(a), declines(b)), cmp.Compare(a.Sat, b.Sat),
			cmp.Compare(b.Prefers.rank(), a.Prefers.rank()),
		)
	})
	return list
}

// please gives seats that were added to those who prefer them, while nobody sits more often for it: by one who sits
// less, or by an exchange of two seats. From who declines a seat goes to anybody who does not, however often they sit.
// Each step meets the wishes better, so that it ends.
func (f *filler) please(open []int) {
	wanted := map[string]bool{}
	for _, w := range f.wishes {
		for day, p := range w {
			wanted[day] = wanted[day] || p == Wants
		}
	}
	for again := true; again; {
		again = false
		for _, i := range open {
			for n := range f.adds[f.days[i].ID] {
				// Of two seats that are exchanged one at least goes to who prefers it more, so that the other seats need not
				// be looked at.
				day := f.days[i].ID
				if was := f.prefers(f.adds[day][n], i); was < 0 || was == 0 && wanted[day] {
					again = f.giveWished(i, n) || f.exchange(open, i, n) || again
				}
			}
		}
	}
}

// prefers is the rank of what a member says of the i-th day.
func (f *filler) prefers(member string, i int) int { return f.wishes[member].Of(f.days[i].ID).rank() }

// giveWished gives the n-th seat that was added to a day to somebody who prefers it more.
func (f *filler) giveWished(i, n int) bool {
	d := f.days[i]
	from := f.adds[d.ID][n]
	was := f.prefers(from, i)
	to, ok := f.least(i, func(m *station.Member) int {
		rank := f.prefers(m.ID, i)
		if rank > was && (was < 0 || f.sat[m.ID] < f.sat[from]) && f.replaceable(d, from, *m) {
			return 1
		}
		return 0
	})
	if ok {
		f.put(i, n, to)
	}
	return ok
}

// exchange exchanges the n-th seat that was added to a day with one of another day, if both members together prefer
// that.
func (f *filler) exchange(open []int, i, n int) bool {
	from := f.adds[f.days[i].ID][n]
	for _, j := range open {
		if j == i {
			continue
		}
		for k, to := range f.adds[f.days[j].ID] {
			better := f.prefers(to, i)+f.prefers(from, j) > f.prefers(from, i)+f.prefers(to, j)
			if better && from != to && f.movable(from, i, j, to) && f.movable(to, j, i, from) {
				f.put(i, n, to)
				f.put(j, k, from)
				return true
			}
		}
	}
	return false
}

// movable reports whether a member of the i-th day could sit on the j-th in the place of another, without the i-th.
func (f *filler) movable(member string, i, j int, other string) bool {
	k := slices.IndexFunc(f.book.Station.Members, func(m station.Member) bool { return m.ID == member })
	d := &f.days[j]
	if k < 0 || !f.ables(j)[k] || d.Sits(member) >= 0 || !f.replaceable(*d, other, f.book.Station.Members[k]) {
		return false
	}
	return !slices.ContainsFunc(f.on[d.Date], func(o int) bool { return o != i && keeps(&f.days[o], member, d) })
}
