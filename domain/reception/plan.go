package reception

import (
	"cmp"
	"slices"
	"time"

	"mashang/domain/station"
)

// Proposal is who should sit on a day besides those who do.
type Proposal struct {
	Day  string
	Adds []string
	// Wanting are the members who serve and want to come to the day, whether they are added or not.
	Wanting []string
	// Short is how many members are still missing to the minimum; Sectors and Expertise still lack.
	Short     int
	Sectors   []string
	Expertise []string
}

// Fill proposes a roster for the coming days of the book that lack somebody, in the order of their beginnings: to
// each the members who sat least, first for the sectors and expertise it needs. sat counts how often each has sat in
// the period that fairness looks at, without the days of the book; wishes, by member, may be nil. Who declines a day sits
// on it only while nobody else fits, and who wants it comes before others who sat as often. aim is how many should sit on
// each day, at least its minimum; 0 for the minimum. The same input gives the same proposals.
func (b Book) Fill(now time.Time, sat map[string]int, wishes map[string]Wish, aim int) []Proposal {
	f := filler{
		book: b, byDate: b.byDate(), days: slices.Clone(b.Days), on: map[string][]int{}, able: make([][]bool, len(b.Days)),
		wishes: wishes, sat: map[string]int{}, adds: map[string][]string{},
	}
	for _, m := range b.Station.Members {
		f.sat[m.ID] = sat[m.ID]
	}
	var open []int
	for i, d := range b.Days {
		f.on[d.Date] = append(f.on[d.Date], i)
		if d.State != Cancelled {
			for _, id := range d.Members() {
				f.sat[id]++
			}
		}
		if d.Live() && now.Before(d.Start()) {
			open = append(open, i)
		}
	}
	slices.SortStableFunc(open, func(i, j int) int { return byStart(f.days[i], f.days[j]) })
	// Whose seat was given to another may be the one whom a third day needs.
	for f.addAll(open, aim) {
		f.level(open)
		f.please(open)
	}
	var list []Proposal
	for _, i := range open {
		d := f.days[i]
		coming := b.Coming(d)
		p := Proposal{Day: d.ID, Adds: f.adds[d.ID], Wanting: b.wanting(d, f.adds[d.ID], wishes), Short: max(0, d.Terms.Min-len(coming))}
		p.Sectors, p.Expertise = d.Lacking(coming)
		if len(p.Adds) > 0 || p.Short > 0 || len(p.Sectors)+len(p.Expertise) > 0 {
			list = append(list, p)
		}
	}
	return list
}

// filler fills the days of one book.
type filler struct {
	book   Book
	byDate map[string]Book
	// days are the book's with what was added, and on the places in them of each local date.
	days []Day
	on   map[string][]int
	// able says of a day which members could sit on it, in their order; nil if nobody has asked yet.
	able   [][]bool
	wishes map[string]Wish
	sat    map[string]int
	// adds are the members added to each day.
	adds map[string][]string
}

// ables are the members who could sit on the day but for what is added to others. Weekly slots keep them from it as
// the book has it, so that each proposal can be carried out before the others.
func (f *filler) ables(i int) []bool {
	if f.able[i] != nil {
		return f.able[i]
	}
	d, today := f.book.Days[i], f.byDate[f.book.Days[i].Date]
	f.able[i] = make([]bool, len(f.book.Station.Members))
	for k := range f.able[i] {
		m := &f.book.Station.Members[k]
		f.able[i][k] = today.free(m, d)
	}
	return f.able[i]
}

// elsewhere reports whether a member sits on the day by now, or on another one at that time.
func (f *filler) elsewhere(member string, d *Day) bool {
	return d.Sits(member) >= 0 ||
		slices.ContainsFunc(f.on[d.Date], func(j int) bool { return keeps(&f.days[j], member, d) })
}

// addAll adds members to the days, and reports whether there was anybody to add.
func (f *filler) addAll(open []int, aim int) bool {
	added := false
	// Who is needed for what they know is not used up before by a day at the same time that only needs somebody.
	for _, i := range open {
		added = f.cover(i) || added
	}
	for _, i := range open {
		added = f.fill(i, aim) || added
	}
	return added
}

// full reports whether no more members may sit on the day.
func full(d Day) bool {
	return len(d.Members()) >= MaxRoster || d.Terms.Max > 0 && len(d.Members()) >= d.Terms.Max
}

// cover adds members for the sectors and the expertise that the day lacks.
func (f *filler) cover(i int) (added bool) {
	for !full(f.days[i]) {
		sectors, expertise := f.days[i].Lacking(f.book.Coming(f.days[i]))
		if len(sectors)+len(expertise) == 0 {
			break
		}
		pick, ok := f.least(i, func(m *station.Member) int { return covers(m, sectors, expertise) })
		if !ok {
			break
		}
		f.add(i, pick)
		added = true
	}
	return added
}

// fill adds members until as many come as should.
func (f *filler) fill(i, aim int) (added bool) {
	for want := max(aim, f.days[i].Terms.Min); !full(f.days[i]) && len(f.book.Coming(f.days[i])) < want; {
		pick, ok := f.least(i, func(*station.Member) int { return 1 })
		if !ok {
			break
		}
		f.add(i, pick)
		added = true
	}
	return added
}

// covers counts what is lacking that the member has.
func covers(m *station.Member, sectors, expertise []string) int {
	n := 0
	if slices.Contains(sectors, m.Sector) {
		n++
	}
	for _, e := range expertise {
		if knows(*m, e) {
			n++
		}
	}
	return n
}

// least returns the free member who sat least, of those of whom fits says more than 0 one with most. Who declines the
// day is the last, and of those who sat as often one who wants it is the first.
func (f *filler) least(i int, fits func(*station.Member) int) (string, bool) {
	type candidate struct {
		id                      string
		declined, fit, sat, not int
	}
	var list []candidate
	able := f.ables(i)
	for k := range able {
		m := &f.book.Station.Members[k]
		if !able[k] {
			continue
		}
		c := candidate{id: m.ID, fit: fits(m), sat: f.sat[m.ID]}
		if c.fit == 0 || f.elsewhere(m.ID, &f.days[i]) {
			continue
		}
		switch f.wishes[m.ID].Of(f.days[i].ID) {
		case Declines:
			c.declined, c.not = 1, 1
		case Wants:
		default:
			c.not = 1
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return "", false
	}
	return slices.MinFunc(list, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(a.declined, b.declined), cmp.Compare(b.fit, a.fit), cmp.Compare(a.sat, b.sat), cmp.Compare(a.not, b.not),
			cmp.Compare(a.id, b.id),
		)
	}).id, true
}

func weekdayOf(d Day) int { return (int(d.Start().Weekday())+6)%7 + 1 }

func (f *filler) add(i int, member string) {
	d := f.days[i].clone()
	d.Roster = append(d.Roster, Seat{Member: member, State: Planned})
	f.days[i] = d
	f.adds[d.ID] = append(f.adds[d.ID], member)
	f.sat[member]++
}

// level gives seats that were added from those who sit most to those who sit least, while that makes it fairer and
// the day lacks nothing by it. Each step brings two members nearer to each other, so that it ends.
func (f *filler) level(open []int) {
	for again := true; again; {
		again = false
		for _, i := range open {
			for n := range f.adds[f.days[i].ID] {
				again = f.give(i, n) || again
			}
		}
	}
}

// give gives the n-th seat that was added to a day to somebody who sits less, if there is one.
func (f *filler) give(i, n int) bool {
	d := f.days[i]
	from := f.adds[d.ID][n]
	to, ok := f.least(i, func(m *station.Member) int {
		if f.sat[m.ID]+1 < f.sat[from] && f.replaceable(d, from, *m) {
			return 1
		}
		return 0
	})
	if !ok || f.wishes[to].Of(d.ID) == Declines {
		return false
	}
	f.put(i, n, to)
	return true
}

// put gives the n-th seat that was added to a day to somebody else.
func (f *filler) put(i, n int, to string) {
	d := f.days[i].clone()
	from := f.adds[d.ID][n]
	d.Roster[d.Sits(from)].Member = to
	f.days[i] = d
	f.adds[d.ID][n] = to
	f.sat[from]--
	f.sat[to]++
}

// replaceable reports whether the day lacks no more with the one in the place of the other.
func (f *filler) replaceable(d Day, from string, to station.Member) bool {
	coming := f.book.Coming(d)
	s1, e1 := d.Lacking(coming)
	coming = slices.DeleteFunc(coming, func(m station.Member) bool { return m.ID == from })
	s2, e2 := d.Lacking(append(coming, to))
	return len(s2) <= len(s1) && len(e2) <= len(e1)
}

// MonthNeed is what a target of so many sittings a month asks of one month.
type MonthNeed struct {
	Month string // 2006-01
	// Days are the month's reception days, and Each is how many members have to sit on every one of them so that all
	// reach the target.
	Days, Each int
	// Possible are the sittings that the days hold at most, Wanted those that the target asks for.
	Possible, Wanted int
}

// Reach says for each month of the book's days what it takes that each of so many members sits perMonth times, if at
// most so many can sit on a day; most 0 is no bound, and a day's own bound counts as well.
func Reach(days []Day, members, perMonth, most int) []MonthNeed {
	var list []MonthNeed
	for _, d := range days {
		if d.State == Cancelled {
			continue
		}
		month := d.Date[:len("2006-01")]
		i := slices.IndexFunc(list, func(m MonthNeed) bool { return m.Month == month })
		if i < 0 {
			list = append(list, MonthNeed{Month: month, Wanted: members * perMonth})
			i = len(list) - 1
		}
		list[i].Days++
		bound := members
		for _, n := range []int{most, d.Terms.Max} {
			if n > 0 {
				bound = min(bound, n)
			}
		}
		list[i].Possible += bound
	}
	for i := range list {
		list[i].Each = (list[i].Wanted + list[i].Days - 1) / list[i].Days
	}
	return list
}
