package roster

import (
	"context"
	"time"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// SurgeState is the station's surge as staff see it.
type SurgeState struct {
	On bool
	// Since, Until, By and Note are set while a surge is on; By is the liaison's name.
	Since, Until time.Time
	By, Note     string
	// Arrivals is the rate of filings. Proposed means that the rate suggests a surge; it is never set while one
	// is on.
	Arrivals station.Arrivals
	Proposed bool
}

// usualDays is over how many past days the usual rate is averaged.
const usualDays = 7

// Surge returns the state for the staff.
func (svc *Service) Surge(ctx context.Context, c access.Caller) (SurgeState, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return SurgeState{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return SurgeState{}, err
	}
	return svc.SurgeState(ctx, st)
}

// SurgeState returns the state of a station's surge now.
func (svc *Service) SurgeState(ctx context.Context, st *station.Station) (SurgeState, error) {
	now := svc.kit.Now()
	var s SurgeState
	var err error
	hour := now.Add(-time.Hour)
	if s.Arrivals.LastHour, err = svc.store.Filed(ctx, st.ID, hour, now); err != nil {
		return s, err
	}
	before, err := svc.store.Filed(ctx, st.ID, hour.AddDate(0, 0, -usualDays), hour)
	if err != nil {
		return s, err
	}
	s.Arrivals.PerHour = float64(before) / (usualDays * 24)
	if s.On = st.Surging(now); s.On {
		s.Since, s.Until, s.Note = time.UnixMilli(st.Surge.Since), time.UnixMilli(st.Surge.Until), st.Surge.Note
		l, _ := st.Liaison(st.Surge.By)
		s.By = l.Name
	}
	s.Proposed = !s.On && s.Arrivals.Rush()
	return s, nil
}

// StartSurge starts the station's surge until the time, or changes its end. Visitors are shown the note with
// the station's phone number.
func (svc *Service) StartSurge(ctx context.Context, c access.Caller, until time.Time, note string) (SurgeState, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return SurgeState{}, err
	}
	now := svc.kit.Now()
	note = casework.Clean(note)
	var check fault.Check
	check.Require(until.After(now) && until.Sub(now) <= station.MaxSurge, "until", "结束时间须在现在之后、%d 天之内", int(station.MaxSurge.Hours()/24))
	check.Require(casework.Runes(note) <= station.MaxSurgeNote, "note", "说明最多 %d 字", station.MaxSurgeNote)
	if err := check.Err(); err != nil {
		return SurgeState{}, err
	}
	return svc.setSurge(ctx, c, audit.StartSurge, func(st *station.Station) {
		since := now.UnixMilli()
		if st.Surging(now) {
			since = st.Surge.Since
		}
		st.Surge = &station.Surge{Since: since, Until: until.UnixMilli(), By: c.ID, Note: note}
	})
}

// EndSurge ends the surge. Without a surge it changes nothing.
func (svc *Service) EndSurge(ctx context.Context, c access.Caller) (SurgeState, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return SurgeState{}, err
	}
	st, err := svc.store.Station(ctx, c.Station)
	if err != nil {
		return SurgeState{}, err
	}
	if !st.Surging(svc.kit.Now()) {
		return svc.SurgeState(ctx, st)
	}
	return svc.setSurge(ctx, c, audit.EndSurge, func(st *station.Station) { st.Surge = nil })
}

// setSurge changes the surge; it is audited.
func (svc *Service) setSurge(ctx context.Context, c access.Caller, what audit.Action, change func(*station.Station)) (SurgeState, error) {
	st, err := svc.changeRoster(ctx, c.Station, func(st *station.Station) (audit.Act, error) {
		change(st)
		return audit.Act{By: c, What: what, Object: c.Station}, nil
	})
	if err != nil {
		return SurgeState{}, err
	}
	return svc.SurgeState(ctx, st)
}
