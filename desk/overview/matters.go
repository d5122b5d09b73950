package overview

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/intake"
	"mashang/domain/listindex"
	"mashang/domain/station"
)

// MatterFilter filters the station's submissions. Zero fields do not filter; the values of a field are ORed.
type MatterFilter struct {
	// States are states, or Open and Ended for all open or ended ones.
	States   []string
	Kinds    []casework.Kind
	Visitors []casework.Visitor
	Channels []intake.Channel
	// Categories are keys; listindex.None selects those without one.
	Categories []string
	// Member is the assignee, listindex.None for none. Sector is the assignee's sector.
	Member, Sector string
	// Room and Place are the ids of the scanned targets; the two are ORed.
	Room, Place string
	// Due is DueOver, DueToday or DueSoon. It selects submissions with a running clock only.
	Due string
	// From and To are days of filing as YYYY-MM-DD, both inclusive.
	From, To string
	// Outcomes select closed submissions.
	Outcomes []casework.Outcome
	Flags    []listindex.Flag
	// Tags are what liaisons filed it under.
	Tags []string
	// Mine is Mentioned or Reminded: what waits for the caller.
	Mine string
	// Query is searched in number, text, place, the other side, and the names of the person it was filed for and
	// of the assignee; all of its words must match.
	Query string
	// Sort is listindex.Newest when empty.
	Sort listindex.Sort
}

// The values of States, Due and Mine.
const (
	Open     = "open" // not closed or withdrawn
	Ended    = "over" // closed or withdrawn
	DueOver  = "overdue"
	DueToday = "today" // later today
	DueSoon  = "soon"  // within soonDays, today included
	// Mentioned: a note names the caller, who has not seen it. Reminded: the caller is to be reminded of it by now.
	Mentioned = "mentioned"
	Reminded  = "reminded"
)

const (
	soonDays = 3
	maxWords = 10
)

// Matter is one row of the station's list.
type Matter struct {
	matters.View

	Flags []listindex.Flag
	Tags  []string
}

// Matters is one page of the list, with the number of all matches, and the number in each state without the
// filter by state.
type Matters struct {
	kit.PageOf[Matter]

	Total  int
	States map[casework.State]int
}

// Matters lists the station's submissions that match the filter, for the liaison.
func (svc *Service) Matters(ctx context.Context, c access.Caller, f MatterFilter, cursor string, limit int) (Matters, error) {
	st, at, limit, err := svc.kit.StaffPage(ctx, c, false, cursor, limit)
	if err != nil {
		return Matters{}, err
	}
	now := svc.kit.Now()
	q, err := f.query(st, c.ID, now)
	if err != nil {
		return Matters{}, err
	}
	found, list, next, err := svc.listing.Find(ctx, st.ID, q, at, limit)
	if err != nil {
		return Matters{}, err
	}
	out := Matters{Total: found.Total, States: found.States}
	out.Items, out.Next = make([]Matter, len(list)), next
	err = svc.listing.WithIndex(ctx, st.ID, func(x *listindex.Index) {
		for i, s := range list {
			out.Items[i] = svc.matter(c, st, x, s, now)
		}
	})
	return out, err
}

// matter returns a submission as a row of the caller's list.
func (svc *Service) matter(c access.Caller, st *station.Station, x *listindex.Index, s casework.Submission, now time.Time) Matter {
	m := Matter{View: svc.matters.View(svc.kit.Scope(c, st, s))}
	if m.As == access.Liaison {
		m.Flags, m.Tags = x.FlagsOf(s.ID, s, casework.At(now)), x.MarksOf(s.ID).Tags
	}
	return m
}

// query checks the filter and converts it into an index query of a liaison.
func (f MatterFilter) query(st *station.Station, liaison string, now time.Time) (listindex.Query, error) {
	var check fault.Check
	q := listindex.Query{
		Kinds: f.Kinds, Visitors: f.Visitors, Channels: f.Channels, Categories: f.Categories, Flags: f.Flags, Sort: f.Sort, Outcomes: f.Outcomes,
		Words: listindex.Words(f.Query), Behalf: true, Assignees: f.assignees(st), Tags: f.Tags,
	}
	switch f.Mine {
	case Mentioned:
		q.Mentioned = liaison
	case Reminded:
		q.Reminded = liaison
	}
	q.Holders = holders(st, q.Words)
	for _, s := range f.States {
		states, ok := statesOf(s)
		check.Require(ok, "state", "没有这个状态")
		q.States = append(q.States, states...)
	}
	check.Require(allIn(f.Kinds, casework.Kinds), "kind", "没有这个类型")
	check.Require(allIn(f.Visitors, []casework.Visitor{casework.Resident, casework.Tourist, casework.Business}), "visitor", "没有这类来访者")
	check.Require(allIn(f.Channels, intake.Channels), "channel", "没有这个渠道")
	check.Require(allIn(f.Outcomes, casework.Outcomes), "outcome", "没有这种办理结果")
	check.Require(allIn(f.Flags, listindex.Flags), "flag", "没有这种标记")
	check.Require(f.Mine == "" || f.Mine == Mentioned || f.Mine == Reminded, "mine", "没有这种条件")
	check.Require(f.Sort == "" || slices.Contains(listindex.Sorts, f.Sort), "sort", "没有这种排序")
	check.Require(len(q.Words) <= maxWords, "q", "一次最多搜索 10 个词，请减少一些")
	if f.Room != "" {
		q.Targets = append(q.Targets, station.Target{Kind: station.ForRoom, ID: f.Room})
	}
	if f.Place != "" {
		q.Targets = append(q.Targets, station.Target{Kind: station.ForPlace, ID: f.Place})
	}
	from, to := kit.Day(&check, "from", f.From), kit.Day(&check, "to", f.To)
	check.Require(f.From == "" || f.To == "" || !to.Before(from), "to", "截止日期要不早于开始日期")
	if f.From != "" {
		q.FiledFrom = casework.At(from)
	}
	if f.To != "" {
		q.FiledTo = casework.At(to.AddDate(0, 0, 1)) - 1
	}
	var ok bool
	q.DueFrom, q.DueTo, ok = dueSpan(f.Due, now.In(station.Zone))
	check.Require(ok, "due", "没有这种期限")
	return q, check.Err()
}

// minHolderName is how many characters of a name find a member: a surname alone stands in too many words.
const minHolderName = 2

// holders returns for each word the members whose name has it.
func holders(st *station.Station, words []string) map[string][]string {
	found := map[string][]string{}
	for _, w := range words {
		if utf8.RuneCountInString(w) < minHolderName {
			continue
		}
		for _, m := range st.Members {
			if strings.Contains(fold.Key(m.Name), w) {
				found[w] = append(found[w], m.ID)
			}
		}
	}
	return found
}

// statesOf returns the states for a word of MatterFilter.States.
func statesOf(word string) ([]casework.State, bool) {
	var list []casework.State
	for _, s := range casework.States {
		if word == string(s) || word == Open && s.Open() || word == Ended && !s.Open() {
			list = append(list, s)
		}
	}
	return list, len(list) > 0
}

// dueSpan returns the range of deadlines, both ends inclusive; 0 and 0 for any.
func dueSpan(due string, now time.Time) (from, to casework.Millis, ok bool) {
	later := casework.At(now) + 1
	switch due {
	case "":
		return 0, 0, true
	case DueOver:
		return 0, casework.At(now), true
	case DueToday:
		return later, casework.At(endOfDay(now)), true
	case DueSoon:
		return later, casework.At(endOfDay(now.AddDate(0, 0, soonDays-1))), true
	default:
		return 0, 0, false
	}
}

// assignees returns the members that Member and Sector select, nil for all.
func (f MatterFilter) assignees(st *station.Station) []string {
	if f.Sector == "" {
		if f.Member == "" {
			return nil
		}
		return []string{f.Member}
	}
	list := []string{}
	for _, m := range st.Members {
		if m.Sector == f.Sector && (f.Member == "" || f.Member == m.ID) {
			list = append(list, m.ID)
		}
	}
	return list
}

func allIn[T comparable](some, all []T) bool {
	return !slices.ContainsFunc(some, func(v T) bool { return !slices.Contains(all, v) })
}

// Choice is a value that a filter may have.
type Choice struct{ ID, Name string }

// Choices are the roster's values for a MatterFilter. Members include former ones, because their submissions
// are still listed.
type Choices struct {
	Members []codes.MemberCard
	Former  map[string]bool
	Sectors []string

	Rooms, Places, Categories []Choice
}

// Choices lists them for the liaison.
func (svc *Service) Choices(ctx context.Context, c access.Caller) (Choices, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return Choices{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Choices{}, err
	}
	out := Choices{Former: map[string]bool{}}
	for _, m := range st.Members {
		out.Members = append(out.Members, codes.CardOf(m))
		if m.Left {
			out.Former[m.ID] = true
		}
		if m.Sector != "" && !slices.Contains(out.Sectors, m.Sector) {
			out.Sectors = append(out.Sectors, m.Sector)
		}
	}
	for _, r := range st.Rooms {
		out.Rooms = append(out.Rooms, Choice{r.ID, r.Name})
	}
	for _, p := range st.Places {
		out.Places = append(out.Places, Choice{p.ID, p.Name})
	}
	for _, x := range st.Categories {
		out.Categories = append(out.Categories, Choice{x.Key, x.Name})
	}
	return out, nil
}
