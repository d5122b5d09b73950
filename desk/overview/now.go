package overview

import (
	"context"
	"time"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/listindex"
	"mashang/domain/station"
)

// The names of the groups of what needs a liaison, the most pressing first.
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
	// needNamed is how many matters a group names.
	needNamed = 5
	// needRatings is how many days back filings with bad ratings are shown.
	needRatings = 60
	// usualWeeks is over how many weeks the usual is taken.
	usualWeeks = 8
)

// Need is one group of matters that need the liaison, and how to list them all.
type Need struct {
	Key    string
	Total  int
	Items  []Matter
	Filter MatterFilter
}

// Now is what a liaison sees first.
type Now struct {
	Today
	// Needs are the groups with something in them.
	Needs []Need
	// Shifts are the duty of the whole day, also what is over.
	Shifts []Shift
	// Arrived are what was filed today; Usual is how many are by this time on
	// such a weekday, less than zero while there is nothing to compare with.
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

// needs are the groups in their order. What is in one may be in another, too:
// each is a reason of its own.
func needs(now time.Time) []Need {
	recent := now.In(station.Zone).AddDate(0, 0, -needRatings).Format(time.DateOnly)
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

// Now gathers what needs the liaison at this moment.
func (svc *Service) Now(ctx context.Context, c access.Caller) (Now, error) {
	today, err := svc.Today(ctx, c)
	if err != nil {
		return Now{}, err
	}
	n := Now{Today: today, Needs: []Need{}, Shifts: []Shift{}}
	now := svc.kit.Now().In(station.Zone)
	for _, need := range needs(now) {
		m, err := svc.Matters(ctx, c, need.Filter, "", needNamed)
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

// arrivals counts what was filed since midnight, and by this time on the same
// weekdays before, as far back as there was anything.
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
