package reception

import (
	"context"
	"time"

	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// OpenDay is a day as a visitor sees it: when and where, what about, who comes and what they know, what is free.
type OpenDay struct {
	Station string
	// StationName and Phone are the station's, so that a page that was reached by a link stands alone.
	StationName string
	Phone       string
	ID          string
	Name        string
	Date        string
	From, To    int
	Where       string
	Theme       string
	NotFor      string
	Sectors     []string
	Cancelled   bool
	Reason      string
	// MovedFrom is the date that was announced before, "" if it stands.
	MovedFrom string
	Members   []station.Member
	Slots     []reception.Slot
}

// maxOpenDays is how many coming days a code's page shows.
const maxOpenDays = 4

// openDays is how many days ahead they are looked for.
const openDays = 62

// maxStationDays is how many coming days of a whole station are listed.
const maxStationDays = 8

// OpenDays returns the next published days at what a code points at, for everybody who scans it. Those of a member are
// the days on which they sit, and those of a rule are its own.
func (svc *Service) OpenDays(ctx context.Context, key string) ([]OpenDay, error) {
	st, t, err := svc.target(ctx, key)
	if err != nil {
		return nil, err
	}
	return svc.open(ctx, st, maxOpenDays, func(d reception.Day) bool {
		switch t.Kind {
		case station.ForMember:
			return d.Sits(t.ID) >= 0
		case station.ForReception:
			return d.Rule == t.ID
		default:
			return d.Target == t
		}
	})
}

// StationDays returns the next published days of a station, for everybody. With the id of a published day they are
// those at its place.
func (svc *Service) StationDays(ctx context.Context, stationID, placeOf string) ([]OpenDay, error) {
	st, err := svc.kit.Roster(ctx, stationID)
	if err != nil {
		return nil, err
	}
	if placeOf == "" {
		return svc.open(ctx, st, maxStationDays, func(reception.Day) bool { return true })
	}
	d, err := svc.docs.find(ctx, st, placeOf)
	if err != nil {
		return nil, err
	}
	if d.PublishedAt == 0 {
		return nil, noDay()
	}
	return svc.open(ctx, st, maxStationDays, func(o reception.Day) bool { return o.Target == d.Target })
}

// OpenDay returns one published day, for everybody.
func (svc *Service) OpenDay(ctx context.Context, stationID, id string) (OpenDay, error) {
	st, err := svc.kit.Roster(ctx, stationID)
	if err != nil {
		return OpenDay{}, err
	}
	d, b, err := svc.docs.dayWith(ctx, st, id)
	if err != nil {
		return OpenDay{}, err
	}
	if d.PublishedAt == 0 {
		return OpenDay{}, noDay()
	}
	return svc.openOf(st, d, b), nil
}

// target returns what an unrevoked code points at.
func (svc *Service) target(ctx context.Context, key string) (*station.Station, station.Target, error) {
	key, err := station.ParseScene(key)
	if err != nil {
		return nil, station.Target{}, err
	}
	code, err := svc.kit.Code(ctx, key)
	if err != nil {
		return nil, station.Target{}, err
	}
	st, err := svc.kit.Roster(ctx, code.Station)
	if err != nil {
		return nil, station.Target{}, err
	}
	if _, ok := st.Resolve(code.Target); !ok || code.Revoked {
		return nil, station.Target{}, fault.New(fault.NotFound, "这个码已停用，请打工作站电话")
	}
	return st, code.Target, nil
}

// open returns at most limit of the next published days that fit, the first first.
func (svc *Service) open(ctx context.Context, st *station.Station, limit int, fits func(reception.Day) bool) ([]OpenDay, error) {
	now := svc.kit.Now()
	today := now.In(station.Zone).Format(time.DateOnly)
	cal, err := svc.docs.plan(ctx, st, today, reception.AddDays(today, openDays))
	if err != nil {
		return nil, err
	}
	var shownDays []reception.Day
	for _, d := range cal.Days {
		if len(shownDays) == limit {
			break
		}
		shown := d.State == reception.Published || d.State == reception.Cancelled && d.PublishedAt != 0
		if shown && now.Before(d.End()) && fits(d) {
			shownDays = append(shownDays, d)
		}
	}
	all, err := svc.docs.bookingsOf(ctx, st.ID, shownDays)
	list := make([]OpenDay, len(all))
	for i, b := range all {
		list[i] = svc.openOf(st, shownDays[i], b)
	}
	return list, err
}

func (svc *Service) openOf(st *station.Station, d reception.Day, b reception.Bookings) OpenDay {
	where, _ := st.Resolve(d.Target)
	o := OpenDay{
		Station: st.ID, StationName: st.Name, Phone: st.Phone, ID: d.ID, Name: d.Name, Date: d.Date, From: d.From, To: d.To, Where: where, Theme: d.Theme, NotFor: d.NotFor, Sectors: d.Sectors,
		Cancelled: d.State == reception.Cancelled, Reason: d.Reason, Slots: reception.Slots(d, b, svc.kit.Now()),
	}
	if n := len(d.Postponed); n > 0 {
		o.MovedFrom = d.Postponed[n-1].From
	}
	o.Members = comingTo(st, d)
	return o
}

// comingTo are the members of whom everybody is told that they come.
func comingTo(st *station.Station, d reception.Day) (list []station.Member) {
	for _, id := range d.Members() {
		if m, ok := st.Member(id); ok && !m.Left && !m.Away(d.Start()) {
			list = append(list, m)
		}
	}
	return list
}
