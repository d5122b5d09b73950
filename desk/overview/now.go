package overview

import (
	"context"
	"slices"
	"time"

	"mashang/desk/codes"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/listindex"
	"mashang/domain/rating"
	"mashang/domain/record"
	"mashang/domain/station"
)

// The groups of submissions that need a liaison. A submission stands in the first that it fits.
const (
	NeedAlarm       = "alarm"
	NeedMentioned   = "mentioned"
	NeedReminded    = "reminded"
	NeedOverdue     = "overdue"
	NeedUncontacted = "uncontacted"
	NeedReturned    = "returned"
	NeedPool        = "pooled"
	NeedHeld        = "held"
	NeedDueToday    = "due_today"
	NeedReopened    = "reopened"
	NeedAssist      = "assist_late"
	NeedPromise     = "promise_late"
	NeedPhotos      = "photos"
	NeedUndelivered = "untold"
	NeedFollowUp    = "follow_up"
)

// neverSnoozed are the groups that no snooze hides: a danger, and what a note or a day brings back, which may be later
// than the snooze.
var neverSnoozed = []string{NeedAlarm, NeedMentioned, NeedReminded}

const (
	// maxNeedItems is how many submissions a group lists. Those behind them move up as the first are done.
	maxNeedItems = 20
	// usualWeeks is over how many weeks the usual number is averaged.
	usualWeeks = 8
)

// Need is one group of submissions that need the liaison. Filter lists the group's submissions, and those of them
// that stand in a more urgent group or are snoozed.
type Need struct {
	Key    string
	Total  int
	Items  []NeedItem
	Filter MatterFilter
}

// NeedItem is a submission of a group.
type NeedItem struct {
	Matter

	// Note is why it is in the group in somebody's words, "" for none: the reason of a return, of a rating, of a
	// reopening.
	Note string
	// Mention is the newest note that names the caller and that they have not seen, nil for none.
	Mention *annotation.Note
	// Reminder is what the caller wrote for this day, nil if they are not to be reminded by now.
	Reminder *annotation.Reminder
	// Nudges counts the nudges, and LastNudge is the last of them, 0 for none.
	Nudges    int
	LastNudge casework.Millis
	// Calls is how many calls in vain there were since the rating.
	Calls int
	// Proposed is to whom the rules would assign it, nil if it is not to be assigned or nobody has room.
	Proposed *matters.CandidateScore
}

// Now is a liaison's start page.
type Now struct {
	Today
	// Needs are the groups that are not empty.
	Needs []Need
	// Snoozed are the submissions that the caller wants to see later, the first to come back first.
	Snoozed []Snoozed
	// Shifts are all shifts of the day, past ones included.
	Shifts []Shift
	// Arrived counts today's filings. Usual is the average number by this time on such a weekday, -1 without
	// earlier weeks.
	Arrived int
	Usual   float64
}

// Shift is one duty of the day.
type Shift struct {
	Member   codes.MemberCard
	Target   station.Target
	Name     string
	From, To time.Time
}

// needGroups returns the groups, the most urgent first.
func needGroups() []Need {
	flagged := func(f listindex.Flag, states ...string) MatterFilter {
		return MatterFilter{Flags: []listindex.Flag{f}, States: states, Sort: listindex.Oldest}
	}
	by := func(f MatterFilter, s listindex.Sort) MatterFilter { f.Sort = s; return f }
	pooled, held, assigned := string(casework.Pooled), string(casework.Held), string(casework.Assigned)
	return []Need{
		{Key: NeedAlarm, Filter: by(flagged(listindex.Alarm), listindex.Newest)},
		{Key: NeedMentioned, Filter: MatterFilter{Mine: Mentioned, Sort: listindex.Oldest}},
		{Key: NeedReminded, Filter: MatterFilter{Mine: Reminded, Sort: listindex.Oldest}},
		{Key: NeedOverdue, Filter: MatterFilter{Due: DueOver, Sort: listindex.Due}},
		{Key: NeedUncontacted, Filter: flagged(listindex.Uncontacted)},
		{Key: NeedReturned, Filter: flagged(listindex.Returned, pooled)},
		{Key: NeedPool, Filter: MatterFilter{States: []string{pooled}, Sort: listindex.Oldest}},
		{Key: NeedHeld, Filter: MatterFilter{States: []string{held}, Sort: listindex.Oldest}},
		{Key: NeedDueToday, Filter: MatterFilter{Due: DueToday, Sort: listindex.Due}},
		{Key: NeedReopened, Filter: by(flagged(listindex.Reopened, assigned), listindex.Due)},
		{Key: NeedAssist, Filter: by(flagged(listindex.AssistLate), listindex.Due)},
		{Key: NeedPromise, Filter: by(flagged(listindex.PromiseLate), listindex.Promised)},
		{Key: NeedPhotos, Filter: flagged(listindex.Photos)},
		{Key: NeedUndelivered, Filter: flagged(listindex.Undelivered)},
		{Key: NeedFollowUp, Filter: MatterFilter{Flags: []listindex.Flag{listindex.FollowUp}}},
	}
}

// Now returns the liaison's start page.
func (svc *Service) Now(ctx context.Context, c access.Caller) (Now, error) {
	today, err := svc.Today(ctx, c)
	if err != nil {
		return Now{}, err
	}
	n := Now{Today: today, Shifts: []Shift{}}
	now := svc.kit.Now().In(station.Zone)
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Now{}, err
	}
	if n.Needs, n.Snoozed, err = svc.findNeeds(ctx, c, st, now); err != nil {
		return Now{}, err
	}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, station.Zone)
	for _, t := range st.UpcomingShifts(func(station.DutySlot) bool { return true }, midnight, 1) {
		m, _ := st.Member(t.Member)
		name, _ := st.Resolve(t.Target)
		n.Shifts = append(n.Shifts, Shift{Member: codes.CardOf(m), Target: t.Target, Name: name, From: t.From, To: t.To})
	}
	n.Arrived, n.Usual, err = svc.arrivals(ctx, st.ID, midnight, now)
	return n, err
}

// findNeeds returns the groups that are not empty, and what the caller snoozed and is still the same.
func (svc *Service) findNeeds(ctx context.Context, c access.Caller, st *station.Station, now time.Time) ([]Need, []Snoozed, error) {
	groups := needGroups()
	queries := make([]listindex.Query, len(groups))
	for i, g := range groups {
		var err error
		if queries[i], err = g.Filter.query(st, c.ID, now); err != nil {
			return nil, nil, err
		}
	}
	asleep, err := svc.snoozes(ctx, c, now)
	if err != nil {
		return nil, nil, err
	}
	var found []listindex.Result
	var snoozed []record.Snooze
	err = svc.listing.WithIndex(ctx, st.ID, func(x *listindex.Index) {
		found = x.Groups(queries, maxNeedItems, casework.At(now), func(group int, id string, version int) bool {
			s, ok := asleep[id]
			if !ok || s.Version != version || slices.Contains(neverSnoozed, groups[group].Key) {
				return false
			}
			snoozed = append(snoozed, s)
			return true
		})
	})
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, f := range found {
		ids = append(ids, f.IDs...)
	}
	items, err := svc.needItems(ctx, c, st, ids, now)
	if err != nil {
		return nil, nil, err
	}
	later, err := svc.snoozed(ctx, c, st, snoozed, now)
	if err != nil {
		return nil, nil, err
	}
	full := groups[:0]
	for i, g := range groups {
		if g.Total = found[i].Total; g.Total == 0 {
			continue
		}
		for _, id := range found[i].IDs {
			if m, ok := items[id]; ok {
				g.Items = append(g.Items, m)
			}
		}
		full = append(full, g)
	}
	return full, later, nil
}

// needItems reads submissions as the caller may see them, with what the groups show of them.
func (svc *Service) needItems(ctx context.Context, c access.Caller, st *station.Station, ids []string, now time.Time) (map[string]NeedItem, error) {
	list, err := svc.kit.Records.LoadMany(ctx, st.ID, ids)
	if err != nil {
		return nil, err
	}
	sets, err := svc.store.Annotations(ctx, st.ID, ids)
	if err != nil {
		return nil, err
	}
	var unassigned []casework.Submission
	for _, s := range list {
		if s.State == casework.Pooled {
			unassigned = append(unassigned, s)
		}
	}
	proposed, err := svc.matters.Proposals(ctx, c, st, unassigned)
	if err != nil {
		return nil, err
	}
	items := make(map[string]NeedItem, len(list))
	err = svc.listing.WithIndex(ctx, st.ID, func(x *listindex.Index) {
		for _, s := range list {
			m := NeedItem{Matter: svc.matter(c, st, x, s, now)}
			if m.As == access.Liaison {
				m.Note, m.Calls = needNote(s)
				annotate(&m, sets[s.ID], c.ID, casework.At(now))
			}
			if p, ok := proposed[s.ID]; ok {
				m.Proposed = &p
			}
			items[s.ID] = m
		}
	})
	return items, err
}

// annotate fills in what liaisons keep beside the submission.
func annotate(m *NeedItem, set annotation.Set, liaison string, now casework.Millis) {
	m.Nudges = len(set.Nudges)
	if m.Nudges > 0 {
		m.LastNudge = set.Nudges[m.Nudges-1].At
	}
	if n, ok := set.OpenMention(liaison); ok {
		m.Mention = &n
	}
	if r, ok := set.ReminderOf(liaison); ok && r.At <= now {
		m.Reminder = &r
	}
}

// needNote returns the words of who returned, reopened or rated it last, and how many calls were in vain since.
func needNote(s casework.Submission) (note string, calls int) {
	for _, e := range slices.Backward(s.Thread) {
		switch {
		case e.FollowUp == rating.NotReached:
			calls++
		case e.What == access.Return:
			return e.By.Name + "委员退回：" + e.Text, 0
		case e.What == access.Rate, e.Reopens():
			return e.Text, calls
		}
	}
	return "", 0
}

// arrivals counts the filings since midnight, and averages those by this time on the same weekdays before, as
// far back as the station has filings.
func (svc *Service) arrivals(ctx context.Context, st string, midnight, now time.Time) (today int, usual float64, err error) {
	if today, err = svc.store.Filed(ctx, st, midnight, now.Add(time.Millisecond)); err != nil {
		return 0, 0, err
	}
	sum, weeks := 0, 0
	for w := 1; w <= usualWeeks; w++ {
		back := -7 * w
		before, err := svc.store.Filed(ctx, st, time.Time{}, midnight.AddDate(0, 0, back+1))
		if err != nil {
			return 0, 0, err
		}
		if before == 0 {
			break // the station had not begun
		}
		n, err := svc.store.Filed(ctx, st, midnight.AddDate(0, 0, back), now.AddDate(0, 0, back))
		if err != nil {
			return 0, 0, err
		}
		sum, weeks = sum+n, w
	}
	if weeks == 0 {
		return today, -1, nil
	}
	return today, float64(sum) / float64(weeks), nil
}
