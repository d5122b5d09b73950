package reception_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/calendar"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// world is a station whose days change by random acts.
type world struct {
	st   *station.Station
	days []reception.Day
	now  time.Time
	// swaps counts them for their ids.
	swaps int
}

// newWorld has two weeks of days at the station and in two rooms, at the same hours, of eight members.
func newWorld() *world {
	st := court(8,
		station.Reception{ID: "j01", Name: "本站", Repeat: "每周一至周五", From: 9 * 60, To: 12 * 60, Min: 2, Max: 3, Sectors: []string{"教育界"}},
		station.Reception{ID: "j02", Name: "一号室", Room: "r01", Repeat: "每周一、周三、周五", From: 10 * 60, To: 11 * 60, Max: 2, Expertise: []string{"法律咨询"}, LockHours: 120},
		station.Reception{ID: "j03", Name: "二号室", Room: "r02", Repeat: "每周五", From: 14 * 60, To: 17 * 60})
	w := &world{st: st, now: when("2026-12-04 12:00")}
	w.days = reception.Plan(st, calendar.New(station.Zone), nil, "2026-12-07", "2026-12-18").Days
	return w
}

func (w *world) book() reception.Book { return reception.Book{Station: w.st, Days: w.days} }

func (w *world) day(t *rapid.T) *reception.Day {
	return &w.days[rapid.IntRange(0, len(w.days)-1).Draw(t, "day")]
}

func (w *world) member(t *rapid.T) string {
	return w.st.Members[rapid.IntRange(0, len(w.st.Members)-1).Draw(t, "member")].ID
}

// keep stores the day of an act that was not refused.
func (w *world) keep(d *reception.Day) func(reception.Day, error) {
	return func(next reception.Day, err error) {
		if err == nil {
			*d = next
		}
	}
}

// swap draws a swap of a day that has one.
func (w *world) swap(t *rapid.T) (*reception.Day, reception.Swap) {
	var all [][2]int
	for i, d := range w.days {
		for j, s := range d.Swaps {
			if s.Open() {
				all = append(all, [2]int{i, j})
			}
		}
	}
	if len(all) == 0 {
		t.Skip("no swap")
	}
	x := rapid.SampledFrom(all).Draw(t, "swap")
	return &w.days[x[0]], w.days[x[0]].Swaps[x[1]]
}

func (w *world) set(t *rapid.T) {
	d := w.day(t)
	var members []string
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		members = append(members, w.member(t))
	}
	w.keep(d)(w.book().SetRoster(*d, members, rapid.SampledFrom([]string{"", "没有别人"}).Draw(t, "why"), w.now))
}

// fill takes every proposal: each can be carried out as it is.
func (w *world) fill(t *rapid.T) {
	for _, p := range w.book().Fill(w.now, nil, nil, rapid.IntRange(0, 3).Draw(t, "aim")) {
		if len(p.Adds) > 0 {
			d := find(w.days, p.Day)
			for _, id := range p.Adds {
				if !w.book().Free(id, *d) {
					t.Fatalf("%s is proposed for %s and not free", id, p.Day)
				}
			}
			*d = must[reception.Day](t, "proposal")(w.book().SetRoster(*d, append(d.Members(), p.Adds...), "", w.now))
		}
	}
}

func (w *world) ask(t *rapid.T) {
	d := w.day(t)
	if len(d.Roster) == 0 {
		t.Skip("nobody")
	}
	w.swaps++
	s := reception.Swap{ID: fmt.Sprint("s", w.swaps), From: rapid.SampledFrom(d.Roster).Draw(t, "from").Member, Reason: "生病"}
	var ret *reception.Day
	switch rapid.IntRange(0, 2).Draw(t, "to") {
	case 1:
		s.To = w.member(t)
	case 2:
		if ret = w.day(t); len(ret.Roster) == 0 {
			t.Skip("nobody in return")
		}
		s.To, s.Return = rapid.SampledFrom(ret.Roster).Draw(t, "to").Member, ret.ID
	}
	w.keep(d)(w.book().AskSwap(*d, s, ret, w.now))
}

func (w *world) agree(t *rapid.T) {
	d, s := w.swap(t)
	member := s.To
	if member == "" {
		member = w.member(t)
	}
	w.keep(d)(w.book().Agree(*d, s.ID, member, w.now))
}

// approve checks R5 to R7 where a swap is made.
func (w *world) approve(t *rapid.T) {
	d, s := w.swap(t)
	ret := find(w.days, s.Return)
	why := rapid.SampledFrom([]string{"", "只有他有空"}).Draw(t, "why")
	staff := rapid.Bool().Draw(t, "staff")
	before, locked := *d, d.Locked(w.now)
	passes := w.book().Passes(*d, s.ID, w.now)
	next, back, err := w.book().Approve(*d, s.ID, why, ret, staff, w.now)
	if err != nil {
		if next.Revision != before.Revision || !slices.Equal(next.Roster, before.Roster) || back != nil {
			t.Fatalf("a refused swap changes the day: %v", err)
		}
		return
	}
	if !staff && (locked || s.Late) {
		t.Fatalf("a convener approves a late swap")
	}
	had1, had2 := before.Lacking(append(w.book().Coming(before), w.known(s.From)))
	*d = next
	lacks1, lacks2 := next.Lacking(w.book().Coming(next))
	lost := len(lacks1) > len(had1) || len(lacks2) > len(had2)
	if lost && (why == "" || next.Roster[next.Sits(s.To)].Why == "" || passes) {
		t.Fatalf("%s lacks %v %v unsaid", d.ID, lacks1, lacks2)
	}
	if next.Sits(s.From) >= 0 || next.Sits(s.To) < 0 {
		t.Fatalf("the swap did not swap: %+v", next.Roster)
	}
	i := slices.IndexFunc(next.Swaps, func(x reception.Swap) bool { return x.ID == s.ID })
	if done := next.Swaps[i]; done.State != reception.SwapApproved || locked && !done.Late {
		t.Fatalf("%+v", done)
	}
	if s.Return != "" {
		had1, had2 = ret.Lacking(append(w.book().Coming(*ret), w.known(s.To)))
		lacks1, lacks2 = back.Lacking(w.book().Coming(*back))
		if (len(lacks1) > len(had1) || len(lacks2) > len(had2)) && (why == "" || passes) {
			t.Fatalf("%s lacks %v %v unsaid", ret.ID, lacks1, lacks2)
		}
		if *ret = *back; back.Sits(s.From) < 0 || back.Sits(s.To) >= 0 {
			t.Fatalf("the exchange did not exchange: %+v", back.Roster)
		}
	}
}

func (w *world) known(id string) station.Member {
	m, _ := w.st.Member(id)
	return m
}

// check asks for what is true after each act.
func (w *world) check(t *rapid.T) {
	holes := map[string]reception.Hole{}
	for _, h := range w.book().Holes(w.now) {
		holes[h.Day] = h
	}
	for i, d := range w.days {
		open := map[string]bool{}
		seats := map[string]bool{}
		for _, s := range d.Roster {
			if seats[s.Member] {
				t.Fatalf("%s has two seats on %s", s.Member, d.ID)
			}
			seats[s.Member] = true
		}
		for _, s := range d.Swaps {
			if !s.Open() {
				continue
			}
			if open[s.From] || d.Sits(s.From) < 0 || !d.Live() {
				t.Fatalf("%s: a swap without its seat, or a second one: %+v", d.ID, d.Swaps)
			}
			open[s.From] = true
		}
		if d.Terms.Max > 0 && len(d.Members()) > d.Terms.Max {
			t.Fatalf("%s has too many: %v", d.ID, d.Members())
		}
		w.checkHole(t, d, open, holes[d.ID])
		for _, o := range w.days[:i] {
			if o.State == reception.Cancelled || d.State == reception.Cancelled || !o.Overlaps(d) {
				continue
			}
			for _, id := range d.Members() {
				if o.Sits(id) >= 0 {
					t.Fatalf("%s sits on %s and on %s", id, o.ID, d.ID)
				}
			}
		}
	}
}

// checkHole counts by itself who comes.
func (w *world) checkHole(t *rapid.T, d reception.Day, swapping map[string]bool, h reception.Hole) {
	if !d.Live() || !w.now.Before(d.End()) {
		if h.Open() {
			t.Fatalf("%s is over and a hole: %+v", d.ID, h)
		}
		return
	}
	coming := 0
	for _, id := range d.Members() {
		if m := w.known(id); !m.Away(d.Start()) && !swapping[id] {
			coming++
		}
	}
	if coming < d.Terms.Min && h.Few != d.Terms.Min-coming || coming == 0 && !h.Nobody {
		t.Fatalf("%s has %d of %d and the hole %+v", d.ID, coming, d.Terms.Min, h)
	}
}

// TestRostersAfterAnyActs: R1, R2 and R5 to R7 hold whatever is done in whatever order.
func TestRostersAfterAnyActs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		act := func(do func(*rapid.T, *reception.Day)) func(*rapid.T) {
			return func(t *rapid.T) { do(t, w.day(t)) }
		}
		t.Repeat(map[string]func(*rapid.T){
			"":        w.check,
			"set":     w.set,
			"fill":    w.fill,
			"ask":     w.ask,
			"ask 2":   w.ask,
			"agree":   w.agree,
			"agree 2": w.agree,
			"approve": w.approve, "approve 2": w.approve,
			"decline": func(t *rapid.T) {
				d, s := w.swap(t)
				w.keep(d)(d.Decline(s.ID, rapid.SampledFrom([]string{"", s.To}).Draw(t, "by"), "不行", w.now))
			},
			"withdraw": func(t *rapid.T) {
				d, s := w.swap(t)
				w.keep(d)(d.Withdraw(s.ID, s.From, w.now))
			},
			"confirm": act(func(t *rapid.T, d *reception.Day) {
				w.keep(d)(d.Confirm(w.member(t), rapid.Bool().Draw(t, "out"), w.now))
			}),
			"postpone": act(func(t *rapid.T, d *reception.Day) {
				from := rapid.SampledFrom([]int{9, 10, 14}).Draw(t, "from") * 60
				w.keep(d)(w.book().Postpone(*d, rapid.SampledFrom(w.days).Draw(t, "to").Date, from, from+120, "场地有别的会", w.now))
			}),
			"cancel":  act(func(_ *rapid.T, d *reception.Day) { w.keep(d)(d.Cancel("停电", w.now)) }),
			"restore": act(func(_ *rapid.T, d *reception.Day) { w.keep(d)(w.book().Restore(*d, w.now)) }),
			"publish": act(func(_ *rapid.T, d *reception.Day) { w.keep(d)(d.Publish(w.now)) }),
			"close":   act(func(_ *rapid.T, d *reception.Day) { w.keep(d)(d.Close(d.Members(), w.now)) }),
			"ill": func(t *rapid.T) {
				date := w.day(t).Date
				away(w.st, w.member(t), date, date)
			},
			"clock": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 12).Draw(t, "hours")) * time.Hour)
				for i, d := range w.days {
					w.days[i], _ = d.Finish(w.now)
				}
			},
		})
	})
}
