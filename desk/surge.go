package desk

import (
	"context"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// SurgeState is what the staff see of the station's surge.
type SurgeState struct {
	On bool
	// Since, Until, By and Note are set while it is on; By is the liaison's name.
	Since, Until time.Time
	By, Note     string
	// Arrivals says how many submissions come, Proposed that so many come that a
	// surge should be thought of; never while it is on.
	Arrivals station.Arrivals
	Proposed bool
}

// usualDays is how many days back the usual number of arrivals is taken from.
const usualDays = 7

// Surge tells the staff how it stands.
func (d *Desk) Surge(ctx context.Context, c access.Caller) (SurgeState, error) {
	if err := access.Staff(c, false); err != nil {
		return SurgeState{}, err
	}
	st, err := d.roster(ctx, c.Station)
	if err != nil {
		return SurgeState{}, err
	}
	return d.surgeState(ctx, st)
}

func (d *Desk) surgeState(ctx context.Context, st *station.Station) (SurgeState, error) {
	now := d.now()
	var s SurgeState
	var err error
	hour := now.Add(-time.Hour)
	if s.Arrivals.LastHour, err = d.store.Filed(ctx, st.ID, hour, now); err != nil {
		return s, err
	}
	before, err := d.store.Filed(ctx, st.ID, hour.AddDate(0, 0, -usualDays), hour)
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

// StartSurge switches the station's surge on until the time, or moves its end.
// Visitors are told the note beside the station's number.
func (d *Desk) StartSurge(ctx context.Context, c access.Caller, until time.Time, note string) (SurgeState, error) {
	if err := access.Staff(c, false); err != nil {
		return SurgeState{}, err
	}
	now := d.now()
	note = casework.Clean(note)
	var check fault.Check
	check.Require(until.After(now) && until.Sub(now) <= station.MaxSurge, "until", "结束时间须在现在之后、%d 天之内", int(station.MaxSurge.Hours()/24))
	check.Require(casework.Runes(note) <= station.MaxSurgeNote, "note", "说明最多 %d 字", station.MaxSurgeNote)
	if err := check.Err(); err != nil {
		return SurgeState{}, err
	}
	return d.setSurge(ctx, c, "surge", func(st *station.Station) {
		since := now.UnixMilli()
		if st.Surging(now) {
			since = st.Surge.Since
		}
		st.Surge = &station.Surge{Since: since, Until: until.UnixMilli(), By: c.ID, Note: note}
	})
}

// EndSurge switches it off; off already, it changes nothing.
func (d *Desk) EndSurge(ctx context.Context, c access.Caller) (SurgeState, error) {
	if err := access.Staff(c, false); err != nil {
		return SurgeState{}, err
	}
	return d.setSurge(ctx, c, "surge-end", func(st *station.Station) { st.Surge = nil })
}

// setSurge changes the station; who did so is written down first.
func (d *Desk) setSurge(ctx context.Context, c access.Caller, what string, change func(*station.Station)) (SurgeState, error) {
	if err := d.Record(ctx, c.Station, Audited{
		At: d.now(), Role: string(c.Role), ID: c.ID, Person: c.Person, What: what, Thing: c.Station,
	}); err != nil {
		return SurgeState{}, err
	}
	st, err := d.changeRoster(ctx, c.Station, func(st *station.Station) error {
		change(st)
		return nil
	})
	if err != nil {
		return SurgeState{}, err
	}
	return d.surgeState(ctx, st)
}

// advice is what the filer of an open matter should know or do now.
func (d *Desk) advice(st *station.Station, s casework.Submission) []string {
	if !s.State.Open() {
		return nil
	}
	var list []string
	if now := d.now(); st.Surging(now) {
		list = append(list, surgeWords(st))
	}
	if lacks := s.Lacks(); len(lacks) > 0 && s.State != casework.Answered {
		words := make([]string, len(lacks))
		for i, e := range lacks {
			words[i] = e.Chinese()
		}
		list = append(list, "补充以下内容，办得更快："+strings.Join(words, "；"))
	}
	return list
}

// surgeWords is what visitors are told in a surge.
func surgeWords(st *station.Station) string {
	words := "现在是高峰时段，来的人多。急事请直接给" + st.Name + "打电话：" + st.Phone
	if st.Surge.Note != "" {
		words += "。" + st.Surge.Note
	}
	return words
}
