package reception_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/recurrence"
	"mashang/domain/station"
)

// TestAChangedRuleMovesNoStoredDay: R8, for any change of a rule and any day that is stored.
func TestAChangedRuleMovesNoStoredDay(t *testing.T) {
	t.Parallel()
	cal := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		s := court(4, fridays())
		var stored []reception.Day
		for _, d := range reception.Plan(s, cal, nil, "2026-09-01", "2026-12-31").Days {
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0:
				d.Theme = "供热"
			case 1:
				d, _ = d.Publish(when("2026-08-01 09:00"))
			case 2:
				d, _ = d.Postpone(d.Date[:8]+fmt.Sprintf("%02d", rapid.IntRange(1, 30).Draw(t, "date")), 14*60, 17*60, "停电", when("2026-08-01 09:00"))
			default:
				continue
			}
			stored = append(stored, d)
		}
		r := &s.Receptions[0]
		r.Repeat = rapid.SampledFrom([]string{"每周四", "每月10日、20日", "每周一至周五", "2026-12-31"}).Draw(t, "repeat")
		r.From, r.To, r.Min, r.Room = 8*60, 9*60, 3, "r01"
		r.Holidays = rapid.SampledFrom([]recurrence.Holidays{recurrence.Skip, recurrence.Move, recurrence.Keep}).Draw(t, "holidays")
		if rapid.Bool().Draw(t, "gone") {
			s.Receptions = nil
		}
		out := reception.Plan(s, cal, stored, "2026-09-01", "2026-12-31")
		for _, d := range stored {
			i := slices.IndexFunc(out.Days, func(x reception.Day) bool { return x.ID == d.ID })
			if i < 0 {
				t.Fatalf("%s is lost", d.ID)
			}
			kept := out.Days[i]
			if kept.Clash = d.Clash; fmt.Sprint(kept) != fmt.Sprint(d) {
				t.Fatalf("%+v was %+v", kept, d)
			}
		}
		met := map[string]bool{}
		for i, d := range out.Days {
			if met[d.ID] || i > 0 && d.Date < out.Days[i-1].Date {
				t.Fatalf("%s is twice, or out of order", d.ID)
			}
			met[d.ID] = true
			clash := slices.ContainsFunc(out.Days, func(o reception.Day) bool { return o.ID != d.ID && o.Rule == d.Rule && o.Overlaps(d) })
			if d.Clash != clash {
				t.Fatalf("%s on %s: clash %v", d.ID, d.Date, d.Clash)
			}
		}
		for _, x := range out.Skipped {
			if met[reception.IDOf(x.Rule, x.Planned)] {
				t.Fatalf("%s takes place and is skipped", x.Planned)
			}
		}
	})
}

// TestPlanOfASpan: a holiday moves days into it and out of it, and bounds of a rule count.
func TestPlanOfASpan(t *testing.T) {
	t.Parallel()
	rule := fridays()
	rule.Repeat, rule.Holidays, rule.ValidTo = "每月10日、20日", recurrence.Move, "2026-12-15"
	s := court(4, rule)
	dates := func(from, to string) string {
		var list []string
		for _, d := range reception.Plan(s, shipped(t), nil, from, to).Days {
			list = append(list, d.ID[:8]+">"+d.Date)
		}
		return strings.Join(list, " ")
	}
	if got := dates("2026-02-21", "2026-03-10"); got != "20260220>2026-02-24 20260310>2026-03-10" {
		t.Error(got)
	}
	if got := dates("2026-02-19", "2026-02-23"); got != "" {
		t.Error(got)
	}
	if got := dates("2026-12-01", "2026-12-31"); got != "20261210>2026-12-10" {
		t.Error(got)
	}
	for id, date := range map[string]string{"20260220-j01": "2026-02-24", "20260221-j01": "", "20260220-j09": "", "2026022-j01": "", "x": "", "20261220-j01": ""} {
		if d, ok := reception.FindRules(s, shipped(t), id); ok != (date != "") || d.Date != date {
			t.Errorf("%s: %s", id, d.Date)
		}
	}
	s.Receptions[0] = fridays()
	out := reception.Plan(s, shipped(t), nil, "2026-09-21", "2026-10-10")
	if len(out.Days) != 1 || len(out.Skipped) != 2 || out.Skipped[0].Planned != "2026-09-25" || out.Skipped[0].Name != "法院接待日" {
		t.Errorf("%+v", out)
	}
	if d := out.Days[0]; d.Terms.Min != 1 || d.Terms.SlotMinutes != 30 || d.Terms.PublishDays != 7 || d.Terms.LockHours != 24 {
		t.Errorf("%+v", d.Terms)
	}
}

// TestTwoDaysOfARuleOnOneDate clash, one of them moved by a holiday or by somebody, until one is moved on.
func TestTwoDaysOfARuleOnOneDate(t *testing.T) {
	t.Parallel()
	s := court(4, fridays())
	now := when("2026-11-27 09:00")
	d := must[reception.Day](t, "postpone")(friday(t, s, "m01").Postpone("2026-12-11", 10*60, 11*60, "停电", now))
	clash := func() (n int) {
		for _, x := range reception.Plan(s, shipped(t), []reception.Day{d}, "2026-12-01", "2026-12-31").Days {
			if x.Clash {
				n++
			}
		}
		return n
	}
	if n := clash(); n != 2 {
		t.Errorf("%d clash", n)
	}
	d = must[reception.Day](t, "postpone")(d.Postpone("2026-12-11", 14*60, 17*60, "停电", now))
	if n := clash(); n != 0 {
		t.Errorf("%d clash", n)
	}
	if len(d.Postponed) != 2 || d.Postponed[0].From != "2026-12-04" || !d.Moved() {
		t.Errorf("%+v", d)
	}
}

// TestARenamedSector is no hole of a day that was stored before.
func TestARenamedSector(t *testing.T) {
	t.Parallel()
	rule := fridays()
	rule.Sectors = []string{"教育界"}
	s := court(4, rule)
	d := friday(t, s, "m02")
	s.Members[1].Sector = "教育科技界"
	s.Sectors[1] = station.Sector{Name: "教育科技界", Was: []station.FormerName{{Name: "教育界"}}}
	out := reception.Plan(s, shipped(t), []reception.Day{d}, "2026-12-01", "2026-12-10")
	if h := (reception.Book{Station: s, Days: out.Days}).Holes(when("2026-12-01 09:00")); len(h) != 0 {
		t.Errorf("%+v", h)
	}
	if d.Terms.Sectors[0] != "教育界" {
		t.Error("the stored day was changed")
	}
}

// TestStates: what can be done with a day in which state.
func TestStates(t *testing.T) {
	t.Parallel()
	s := court(4, fridays())
	d := friday(t, s, "m01", "m02")
	draft := d
	draft.State = reception.Draft
	before, during, after := d.Start().Add(-time.Hour), d.Start(), d.End()
	for at, due := range map[time.Time]bool{
		d.Start().AddDate(0, 0, -7).Add(-1): false, d.Start().AddDate(0, 0, -7): true, before: true, during: false,
	} {
		if draft.DueToPublish(at) != due || d.DueToPublish(at) {
			t.Errorf("due at %v", at)
		}
	}
	_, err := d.Publish(before)
	refused(t, "publish twice", err, fault.WrongState)
	_, err = draft.Publish(after)
	refused(t, "publish afterwards", err, fault.WrongState)
	_, err = d.Cancel("\u200b", before)
	refused(t, "cancel without a reason", err, fault.Invalid)
	_, err = d.Cancel("停电", after)
	if refused(t, "cancel afterwards", err, fault.WrongState); !strings.Contains(fault.Message(err), "已经过去") {
		t.Error(err)
	}
	off := must[reception.Day](t, "cancel")(d.Cancel("停电", during))
	_, err = off.Restore(during)
	refused(t, "restore once it would have begun", err, fault.WrongState)
	if back := must[reception.Day](t, "restore")(off.Restore(before)); back.State != reception.Published || back.Reason != "" {
		t.Errorf("%+v", back)
	}
	offDraft := must[reception.Day](t, "cancel")(reception.Day{Date: d.Date, To: d.To, From: d.From, State: reception.Draft}.Cancel("停电", before))
	if back := must[reception.Day](t, "restore")(offDraft.Restore(before)); back.State != reception.Draft {
		t.Errorf("%+v", back)
	}
	for what, x := range map[string]struct {
		date     string
		from, to int
		reason   string
		now      time.Time
		code     fault.Code
	}{
		"no date":    {"2026-13-01", 540, 600, "停电", before, fault.Invalid},
		"backwards":  {"2026-12-05", 600, 540, "停电", before, fault.Invalid},
		"no reason":  {"2026-12-05", 540, 600, " ", before, fault.Invalid},
		"the past":   {"2026-12-03", 540, 600, "停电", before, fault.Invalid},
		"far away":   {"2027-02-03", 540, 600, "停电", before, fault.Invalid},
		"no change":  {d.Date, d.From, d.To, "停电", before, fault.Invalid},
		"it is over": {"2026-12-05", 540, 600, "停电", after, fault.WrongState},
	} {
		same, err := d.Postpone(x.date, x.from, x.to, x.reason, x.now)
		if refused(t, what, err, x.code); same.Date != d.Date {
			t.Errorf("%s: moved", what)
		}
	}
	if _, over := d.Finish(after.Add(-1)); over {
		t.Error("finished too early")
	}
	held, over := d.Finish(after)
	if _, again := held.Finish(after); !over || again || held.State != reception.Held {
		t.Errorf("%+v", held)
	}
	_, err = d.Close(nil, before)
	refused(t, "close before it begins", err, fault.WrongState)
	held.Roster[1].State = reception.Out
	closed := must[reception.Day](t, "close")(held.Close([]string{"m02", "m03"}, after))
	var seats []string
	for _, x := range closed.Roster {
		seats = append(seats, x.Member+" "+string(x.State))
	}
	if got := strings.Join(seats, ", "); got != "m01 missing, m02 present, m03 present" {
		t.Error(got)
	}
	_, err = closed.WithOutline(reception.Outline{}, s)
	refused(t, "write after the end", err, fault.WrongState)
	_, err = closed.Confirm("m01", false, after)
	refused(t, "confirm after the end", err, fault.NotFound)
	_, err = d.Confirm("m01", false, after)
	refused(t, "confirm afterwards", err, fault.WrongState)
	_, err = book(s).SetRoster(closed, nil, "", before)
	refused(t, "a roster after the end", err, fault.WrongState)
}

// TestOutline is checked at its fields, and a refused one changes nothing.
func TestOutline(t *testing.T) {
	t.Parallel()
	s := court(4, fridays())
	d := friday(t, s, "m01")
	for field, o := range map[string]reception.Outline{
		"theme": {Theme: strings.Repeat("长", 31)}, "not_for": {NotFor: strings.Repeat("长", 101)},
		"note": {Note: strings.Repeat("长", 1001)}, "sectors": {Sectors: []string{"航天界"}},
	} {
		same, err := d.WithOutline(o, s)
		if refused(t, field, err, fault.Invalid); same.Theme+same.NotFor+same.Note != "" || same.Sectors != nil {
			t.Errorf("%s: %+v", field, same)
		}
	}
	next := must[reception.Day](t, "outline")(d.WithOutline(reception.Outline{Theme: " 供热\u200b ", Sectors: []string{"教育界"}}, s))
	if h := book(s, next).Hole(next, early); next.Theme != "供热" || !slices.Equal(h.Sectors, []string{"教育界"}) {
		t.Errorf("%q, %+v", next.Theme, h)
	}
}

// TestRosterRules: who may be put on a day, and why it is asked.
func TestRosterRules(t *testing.T) {
	t.Parallel()
	rule := fridays()
	rule.Expertise, rule.Max = []string{"法律咨询"}, 2
	s := court(8, rule)
	d := friday(t, s, "m01", "m02")
	away(s, "m03", "2026-12-04", "2026-12-04")
	s.Members[3].Left = true
	room := friday(t, s, "m06")
	room.ID, room.Target = "20261204-x1", station.Target{Kind: station.ForRoom, ID: "r01"}
	for what, members := range map[string][]string{
		"unknown": {"m99"}, "left": {"m04"}, "away": {"m03"}, "elsewhere": {"m06"}, "too many": {"m01", "m02", "m05"},
		"the lawyer is lost": {"m02", "m05"},
	} {
		same, err := book(s, d, room).SetRoster(d, members, "", early)
		if refused(t, what, err, fault.Invalid); !slices.Equal(same.Members(), []string{"m01", "m02"}) {
			t.Errorf("%s: %v", what, same.Members())
		}
	}
	d.Roster[1].State = reception.Out
	next := must[reception.Day](t, "roster")(book(s, d, room).SetRoster(d, []string{"m05", "m05"}, "律师都没空", early))
	if got := fmt.Sprint(next.Roster); got != "[{m05 planned 律师都没空} {m02 out }]" {
		t.Error(got)
	}
	next = must[reception.Day](t, "roster")(book(s, next, room).SetRoster(next, []string{"m02"}, "", early))
	if next.Sits("m02") != 0 || next.Roster[0].State != reception.Planned {
		t.Errorf("%+v", next.Roster)
	}
}

// TestNobodyIsInTwoPlacesByAWeeklySlot: it counts unless a day's roster takes its place, and a cancelled day does.
func TestNobodyIsInTwoPlacesByAWeeklySlot(t *testing.T) {
	t.Parallel()
	room := station.Reception{ID: "j02", Name: "一号室", Room: "r01", Repeat: "每周五", From: 10 * 60, To: 11 * 60}
	s := court(4, fridays(), room)
	s.Duty = []station.DutySlot{
		{Member: "m02", Weekday: 5, From: 9 * 60, To: 12 * 60},
		{Member: "m03", Weekday: 5, From: 11 * 60, To: 12 * 60},
		{Member: "m04", Weekday: 5, From: 9 * 60, To: 12 * 60, Surge: true},
	}
	days := reception.Plan(s, shipped(t), nil, "2026-12-04", "2026-12-04").Days
	here, there := days[0], days[1]
	free := func(days ...reception.Day) string {
		var list []string
		for _, m := range s.Members {
			if book(s, days...).Free(m.ID, there) {
				list = append(list, m.ID)
			}
		}
		return strings.Join(list, " ")
	}
	if got := free(here, there); got != "m01 m03 m04" {
		t.Errorf("with the weekly slots: %s", got)
	}
	planned := must[reception.Day](t, "roster")(book(s, here, there).SetRoster(here, []string{"m01"}, "", early))
	if got := free(planned, there); got != "m02 m03 m04" {
		t.Errorf("with a roster: %s", got)
	}
	off := must[reception.Day](t, "cancel")(planned.Cancel("停电", early))
	if got := free(off, there); got != "m01 m02 m03 m04" {
		t.Errorf("with a cancelled day: %s", got)
	}
	s.Days = reception.Rosters([]reception.Day{off, there})
	if on := s.DutyAt(station.Target{Kind: station.ForStation}, off.Start()); len(s.Days) != 1 || len(on) != 0 {
		t.Errorf("people are sent to a cancelled day: %+v", on)
	}
	// Whoever was given another seat meanwhile is out when the day comes back, and when another moves there.
	there = must[reception.Day](t, "roster")(book(s, off, there).SetRoster(there, []string{"m01", "m02"}, "", early))
	back := must[reception.Day](t, "restore")(book(s, off, there).Restore(off, early))
	if h := book(s, back, there).Hole(back, early); back.Sits("m01") >= 0 || !h.Nobody || !slices.Equal(h.Out, []string{"m01"}) {
		t.Errorf("%+v", h)
	}
	// A change of the weekly slots afterwards is said.
	s.Duty = append(s.Duty, station.DutySlot{Member: "m02", Place: "p01", Weekday: 5, From: 9 * 60, To: 12 * 60})
	if h := book(s, back, there).Hole(there, early); !slices.Equal(h.Double, []string{"m02"}) || !h.Open() {
		t.Errorf("%+v", h)
	}
}

// TestADayOfNoRule is checked like a rule.
func TestADayOfNoRule(t *testing.T) {
	t.Parallel()
	s := court(4)
	here := station.Target{Kind: station.ForStation}
	good := reception.Terms{Seats: 2, WalkIns: 1}
	for field, x := range map[string]struct {
		name, date string
		target     station.Target
		from, to   int
		terms      reception.Terms
	}{
		"name":     {"\u200b", "2026-12-05", here, 540, 600, good},
		"date":     {"开放日", "2026-12-01", here, 540, 600, good},
		"target":   {"开放日", "2026-12-05", station.Target{Kind: station.ForRoom, ID: "r09"}, 540, 600, good},
		"from":     {"开放日", "2026-12-05", here, 600, 540, good},
		"seats":    {"开放日", "2026-12-05", here, 540, 600, reception.Terms{Seats: 101}},
		"walk_ins": {"开放日", "2026-12-05", here, 540, 600, reception.Terms{Seats: 1, WalkIns: 2}},
		"min":      {"开放日", "2026-12-05", here, 540, 600, reception.Terms{Min: 3, Max: 2}},
		"slot":     {"开放日", "2026-12-05", here, 540, 600, reception.Terms{SlotMinutes: 1}},
	} {
		_, err := reception.NewDay(s, "ab", x.name, x.date, x.target, x.from, x.to, x.terms, early)
		e, ok := errors.AsType[*fault.Error](err)
		if !ok || len(e.Fields) != 1 || e.Fields[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	d := must[reception.Day](t, "new")(reception.NewDay(s, "ab", " 开放日 ", "2026-12-05", here, 540, 600, good, early))
	if d.ID != "20261205-xab" || d.Name != "开放日" || d.State != reception.Draft || d.Terms.Min != 1 || d.Terms.SlotMinutes != 30 {
		t.Errorf("%+v", d)
	}
	for now, slot := range map[string]int{"2026-12-05 08:00": 540, "2026-12-05 09:31": 570, "2026-12-05 12:00": 570} {
		if got := reception.SlotNow(d, when(now)); got != slot {
			t.Errorf("%s: %d", now, got)
		}
	}
}
