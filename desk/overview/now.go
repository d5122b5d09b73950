package overview

import (
	"context"
	"time"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/listindex"
	"mashang/domain/station"
)

// The groups of submissions that need a liaison, most urgent first.
const (
	NeedAlarm       = "alarm"
	NeedOverdue     = "overdue"
	NeedPool        = "pooled"
	NeedHeld        = "held"
	NeedPhotos      = "photos"
	NeedUndelivered = "untold"
	NeedAssist      = "assist_late"
	NeedReturned    = "returned"
	NeedReopened    = "reopened"
	NeedRating      = "low_rating"
	NeedPromise     = "promise_late"
)

const (
	// maxNeedItems is how many submissions a group lists.
	maxNeedItems = 5
	// ratingDays is for how many days after filing a bad rating is shown.
	ratingDays = 60
	// usualWeeks is over how many weeks the usual number is averaged.
	usualWeeks = 8
)

// Need is one group of submissions that need the liaison, with the filter that lists all of them.
type Need struct {
	Key    string
	Total  int
	Items  []Matter
	Filter MatterFilter
}

// Now is a liaison's start page.
type Now struct {
	Today
	// Needs are the groups that are not empty.
	Needs []Need
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

// needs returns the groups in their order. A submission may be in several groups.
func needs(now time.Time) []Need {
	recent := now.In(station.Zone).AddDate(0, 0, -ratingDays).Format(time.DateOnly)
	open := []string{Open}
	return []Need{
		{Key: NeedAlarm, Filter: MatterFilter{Flags: []listindex.Flag{listindex.Alarm}, Sort: listindex.Oldest}},
		{Key: NeedOverdue, Filter: MatterFilter{Due: DueOver, Sort: listindex.Due}},
		{Key: NeedPool, Filter: MatterFilter{States: []string{"pooled"}, Sort: listindex.Oldest}},
		{Key: NeedHeld, Filter: MatterFilter{States: []string{"held"}, Sort: listindex.Oldest}},
		{Key: NeedPhotos, Filter: MatterFilter{Flags: []listindex.Flag{listindex.Photos}, Sort: listindex.Oldest}},
		{Key: NeedUndelivered, Filter: MatterFilter{Flags: []listindex.Flag{listindex.Undelivered}, Sort: listindex.Oldest}},
		{Key: NeedAssist, Filter: MatterFilter{Flags: []listindex.Flag{listindex.AssistLate}, Sort: listindex.Due}},
		{Key: NeedPromise, Filter: MatterFilter{Flags: []listindex.Flag{listindex.PromiseLate}, Sort: listindex.Promised}},
		{Key: NeedReturned, Filter: MatterFilter{Flags: []listindex.Flag{listindex.Returned}, States: open, Sort: listindex.Due}},
		{Key: NeedReopened, Filter: MatterFilter{Flags: []listindex.Flag{listindex.Reopened}, States: open, Sort: listindex.Due}},
		{Key: NeedRating, Filter: MatterFilter{Flags: []listindex.Flag{listindex.LowRating}, From: recent}},
	}
}

// Now returns the liaison's start page.
func (svc *Service) Now(ctx context.Context, c access.Caller) (Now, error) {
	today, err := svc.Today(ctx, c)
	if err != nil {
		return Now{}, err
	}
	n := Now{Today: today, Needs: []Need{}, Shifts: []Shift{}}
	now := svc.kit.Now().In(station.Zone)
	for _, need := range needs(now) {
		m, err := svc.Matters(ctx, c, need.Filter, "", maxNeedItems)
		if err != nil {
			return Now{}, err
		}
		if need.Total, need.Items = m.Total, m.Items; need.Total > 0 {
			n.Needs = append(n.Needs, need)
		}
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
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
