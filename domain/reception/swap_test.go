package reception_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// early is long before the lock of 2026-12-04, and late inside it.
var early, late = when("2026-12-01 10:00"), when("2026-12-03 10:00")

// asked opens a swap and has it agreed to.
func asked(t *testing.T, b reception.Book, d reception.Day, s reception.Swap, ret *reception.Day, now time.Time) reception.Day {
	t.Helper()
	s.Reason = "生病"
	d = must[reception.Day](t, "ask")(b.AskSwap(d, s, ret, now))
	return must[reception.Day](t, "agree")(b.Agree(d, s.ID, s.To, now))
}

// TestSwapsInAChain: A's seat goes to B and then to C, and if C falls ill, it is a hole.
func TestSwapsInAChain(t *testing.T) {
	t.Parallel()
	s := court(8, fridays())
	d := friday(t, s, "m01")
	for i, x := range [][2]string{{"m01", "m02"}, {"m02", "m03"}, {"m03", "m01"}, {"m01", "m03"}} {
		id := "s" + string(rune('1'+i))
		d = asked(t, book(s), d, reception.Swap{ID: id, From: x[0], To: x[1]}, nil, early)
		if h := book(s, d).Hole(d, early); !slices.Equal(h.Swapping, x[:1]) || !h.Nobody {
			t.Errorf("an open swap is no hole: %+v", h)
		}
		next, _, err := book(s, d).Approve(d, id, "", nil, false, early)
		d = must[reception.Day](t, "approve")(next, err)
		if got := d.Members(); !slices.Equal(got, x[1:]) || d.Roster[0].State != reception.Confirmed {
			t.Fatalf("after %v: %+v", x, d.Roster)
		}
	}
	if h := book(s, d).Hole(d, early); h.Open() {
		t.Errorf("%+v", h)
	}
	away(s, "m03", "2026-12-04", "2026-12-04")
	if h := book(s, d).Hole(d, early); !h.Nobody || !slices.Equal(h.Away, []string{"m03"}) {
		t.Errorf("the replacement is ill: %+v", h)
	}
	// Everybody who asks reads the same roster, and nobody steps in unsaid.
	s.Days = reception.Rosters([]reception.Day{d})
	if on := s.DutyAt(station.Target{Kind: station.ForStation}, d.Start()); len(on) != 0 {
		t.Errorf("%+v", on)
	}
}

// TestLateSwapsNeedTheLiaison: whether they were asked for, or are to be approved, inside the lock of either day.
func TestLateSwapsNeedTheLiaison(t *testing.T) {
	t.Parallel()
	s := court(8, fridays())
	plain := friday(t, s, "m01")
	for name, x := range map[string]struct{ ask, approve time.Time }{"asked late": {late, late}, "approved late": {early, late}} {
		d := asked(t, book(s), plain, reception.Swap{ID: "s1", From: "m01", To: "m06"}, nil, x.ask)
		if d.Swaps[0].Late != x.ask.Equal(late) || book(s, d).Passes(d, "s1", x.approve) {
			t.Errorf("%s: %+v", name, d.Swaps[0])
		}
		_, _, err := book(s, d).Approve(d, "s1", "", nil, false, x.approve)
		refused(t, name, err, fault.Denied)
		next, _, err := book(s, d).Approve(d, "s1", "", nil, true, x.approve)
		if must[reception.Day](t, name)(next, err); !next.Swaps[0].Late {
			t.Errorf("%s: not marked", name)
		}
	}
	// The day in return is tomorrow.
	ret := friday(t, s, "m06")
	ret.ID, ret.Date, ret.Planned = "20261202-x1", "2026-12-02", "2026-12-02"
	d := asked(t, book(s, plain, ret), plain, reception.Swap{ID: "s1", From: "m01", To: "m06", Return: ret.ID}, &ret, early)
	if book(s, d, ret).Passes(d, "s1", early) {
		t.Error("passes though the day in return is locked")
	}
	_, _, err := book(s, d, ret).Approve(d, "s1", "", &ret, false, early)
	refused(t, "the day in return", err, fault.Denied)
}

// TestAnEarlySwapPasses where it fits, of one day and of two.
func TestAnEarlySwapPasses(t *testing.T) {
	t.Parallel()
	rule := fridays()
	rule.Expertise = []string{"法律咨询"}
	s := court(8, rule)
	ret := friday(t, s, "m06")
	ret.ID, ret.Date, ret.Planned = "20261211-j01", "2026-12-11", "2026-12-11"
	for name, x := range map[string]struct {
		from, to, back string
		others         []string
		passes         bool
	}{
		"a lawyer for a lawyer":                {from: "m01", to: "m06", passes: true},
		"nobody in return":                     {from: "m01", to: "m02"},
		"another lawyer is there":              {from: "m01", to: "m02", others: []string{"m06"}, passes: true},
		"it was lacking before":                {from: "m02", to: "m03", passes: true},
		"an exchange of lawyers":               {from: "m01", to: "m06", back: ret.ID, passes: true},
		"an exchange that the other day loses": {from: "m02", to: "m06", back: ret.ID},
	} {
		d := friday(t, s, append([]string{x.from}, x.others...)...)
		var back *reception.Day
		if x.back != "" {
			back = &ret
		}
		d = asked(t, book(s, d, ret), d, reception.Swap{ID: "s1", From: x.from, To: x.to, Return: x.back}, back, early)
		if got := book(s, d, ret).Passes(d, "s1", early); got != x.passes {
			t.Errorf("%s: passes %v", name, got)
		}
		if x.passes {
			next, _, err := book(s, d, ret).Approve(d, "s1", "", back, false, early)
			must[reception.Day](t, name)(next, err)
			continue
		}
		same, none, err := book(s, d, ret).Approve(d, "s1", " ", back, true, early)
		refused(t, name, err, fault.Invalid)
		if same.Sits(x.from) < 0 || none != nil {
			t.Errorf("%s: changed though refused", name)
		}
		next, other, err := book(s, d, ret).Approve(d, "s1", "没有别的律师", back, true, early)
		if must[reception.Day](t, name)(next, err); next.Roster[0].Why == "" || other != nil && other.Roster[0].Why == "" {
			t.Errorf("%s: why is not on the roster", name)
		}
	}
	d := friday(t, s, "m01")
	d = asked(t, book(s, d, ret), d, reception.Swap{ID: "s1", From: "m01", To: "m06", Return: ret.ID}, &ret, early)
	if book(s, d).Passes(d, "s1", early) {
		t.Error("passes though nobody knows the day in return")
	}
}

// TestADayChangesUnderItsSwap: the swap moves with its day, and ends with it.
func TestADayChangesUnderItsSwap(t *testing.T) {
	t.Parallel()
	s := court(8, fridays())
	d := asked(t, book(s), friday(t, s, "m01"), reception.Swap{ID: "s1", From: "m01", To: "m06"}, nil, late)

	moved := must[reception.Day](t, "postpone")(book(s, d).Postpone(d, "2026-12-09", 9*60, 12*60, "停电", late))
	if x := moved.Swaps[0]; x.State != reception.SwapAsked || x.Late || x.To != "m06" {
		t.Errorf("whoever agreed to the 4th is taken for agreeing to the 9th: %+v", x)
	}
	again := must[reception.Day](t, "agree")(book(s, moved).Agree(moved, "s1", "m06", late))
	next, _, err := book(s, again).Approve(again, "s1", "", nil, false, late)
	if must[reception.Day](t, "approve")(next, err); next.Date != "2026-12-09" || next.Sits("m06") < 0 {
		t.Errorf("%+v", next)
	}

	off := must[reception.Day](t, "cancel")(d.Cancel("停电", late))
	if off.Swaps[0].State != reception.SwapWithdrawn || off.Swaps[0].EndedAt != late.UnixMilli() {
		t.Errorf("%+v", off.Swaps)
	}
	_, _, err = book(s, off).Approve(off, "s1", "", nil, true, late)
	refused(t, "approve after the cancellation", err, fault.WrongState)
	_, err = book(s, off).Agree(off, "s1", "m06", late)
	refused(t, "agree after the cancellation", err, fault.WrongState)
	back := must[reception.Day](t, "restore")(book(s, off).Restore(off, late))
	if back.Swaps[0].Open() || back.State != reception.Published {
		t.Errorf("%+v", back)
	}

	// The rule is another one now: the stored day and its swap stay as they are.
	s.Receptions[0].Repeat, s.Receptions[0].Sectors = "每周四", []string{"农业界"}
	plan := reception.Plan(s, shipped(t), []reception.Day{d}, "2026-12-01", "2026-12-31")
	kept := find(plan.Days, d.ID)
	if kept == nil || kept.Date != "2026-12-04" || len(kept.Terms.Sectors) != 0 || kept.Swaps[0].State != reception.SwapAgreed {
		t.Fatalf("%+v", kept)
	}
	next, _, err = reception.Book{Station: s, Days: plan.Days}.Approve(*kept, "s1", "", nil, true, late)
	must[reception.Day](t, "approve under another rule")(next, err)
	// The roster was made anew under it.
	filled := must[reception.Day](t, "roster")(book(s, d).SetRoster(d, []string{"m02"}, "", late))
	if filled.Swaps[0].State != reception.SwapDone {
		t.Errorf("%+v", filled.Swaps)
	}
	// Who asked says that they come after all, or that nobody has to be looked for.
	for _, out := range []bool{false, true} {
		if said := must[reception.Day](t, "confirm")(d.Confirm("m01", out, late)); said.Swaps[0].State != reception.SwapWithdrawn {
			t.Errorf("out %v: %+v", out, said.Swaps)
		}
	}
}

// TestTheDayInReturnChanges: nobody is held to a day that they did not agree to.
func TestTheDayInReturnChanges(t *testing.T) {
	t.Parallel()
	s := court(8, fridays())
	ret := friday(t, s, "m06")
	ret.ID, ret.Date, ret.Planned = "20261211-j01", "2026-12-11", "2026-12-11"
	plain := friday(t, s, "m01")
	exchange := reception.Swap{ID: "s1", From: "m01", To: "m06", Return: ret.ID}
	d := asked(t, book(s, plain, ret), plain, exchange, &ret, early)
	later := early.Add(time.Minute)
	for name, change := range map[string]func(reception.Day) *reception.Day{
		"moved": func(r reception.Day) *reception.Day {
			r = must[reception.Day](t, "postpone")(r.Postpone("2026-12-16", 9*60, 12*60, "停电", later))
			return &r
		},
		"cancelled": func(r reception.Day) *reception.Day {
			r = must[reception.Day](t, "cancel")(r.Cancel("停电", later))
			return &r
		},
		"another roster": func(r reception.Day) *reception.Day {
			r = must[reception.Day](t, "roster")(book(s, r).SetRoster(r, []string{"m02"}, "", later))
			return &r
		},
		"out": func(r reception.Day) *reception.Day {
			r = must[reception.Day](t, "out")(r.Confirm("m06", true, later))
			return &r
		},
		"on it by now": func(r reception.Day) *reception.Day {
			r = must[reception.Day](t, "roster")(book(s, r).SetRoster(r, []string{"m06", "m01"}, "", later))
			return &r
		},
		"gone": func(reception.Day) *reception.Day { return nil },
		"another day": func(r reception.Day) *reception.Day {
			r.ID = "20261218-j01"
			return &r
		},
	} {
		now := change(ret)
		days := []reception.Day{d}
		if now != nil {
			days = append(days, *now)
		}
		same, back, err := book(s, days...).Approve(d, "s1", "", now, true, later)
		refused(t, name, err, fault.Conflict)
		if same.Sits("m01") < 0 || back != nil {
			t.Errorf("%s: half of the exchange was done", name)
		}
	}
	away(s, "m01", "2026-12-11", "2026-12-11")
	_, _, err := book(s, d, ret).Approve(d, "s1", "", &ret, true, later)
	refused(t, "away on the day in return", err, fault.Conflict)
	_, err = book(s, plain, ret).AskSwap(plain, reception.Swap{ID: "s2", From: "m01", To: "m06", Return: ret.ID, Reason: "公务"}, &ret, early)
	refused(t, "ask for a day on which one is away", err, fault.Invalid)
}

// TestWhoMaySayWhatOfASwap: only whoever is asked, or asked.
func TestWhoMaySayWhatOfASwap(t *testing.T) {
	t.Parallel()
	s := court(8, fridays())
	plain := friday(t, s, "m01", "m02")
	ask := func(x reception.Swap) error {
		_, err := book(s, plain).AskSwap(plain, x, nil, early)
		return err
	}
	refused(t, "not on the roster", ask(reception.Swap{From: "m03", Reason: "生病"}), fault.NotFound)
	refused(t, "no reason", ask(reception.Swap{From: "m01"}), fault.Invalid)
	refused(t, "too many words", ask(reception.Swap{From: "m01", Reason: "其他", Words: strings.Repeat("长", 101)}), fault.Invalid)
	refused(t, "somebody who sits there", ask(reception.Swap{From: "m01", To: "m02", Reason: "其他"}), fault.Invalid)
	refused(t, "oneself", ask(reception.Swap{From: "m01", To: "m01", Reason: "其他"}), fault.Invalid)
	refused(t, "a day of nobody", ask(reception.Swap{From: "m01", Return: "x", Reason: "其他"}), fault.Invalid)
	_, err := book(s).AskSwap(plain, reception.Swap{From: "m01", Reason: "其他"}, nil, plain.Start())
	refused(t, "once it has begun", err, fault.WrongState)

	open := must[reception.Day](t, "ask")(book(s).AskSwap(plain, reception.Swap{ID: "s1", From: "m01", Reason: "外出"}, nil, early))
	_, err = book(s).AskSwap(open, reception.Swap{ID: "s2", From: "m01", Reason: "外出"}, nil, early)
	refused(t, "a second one for the seat", err, fault.Conflict)
	_, err = book(s).Agree(open, "s1", "m01", early)
	refused(t, "agreeing with oneself", err, fault.NotFound)
	_, err = book(s).Agree(open, "s1", "m02", early)
	refused(t, "agreeing while sitting there", err, fault.Conflict)
	_, err = open.Decline("s1", "m03", "", early)
	refused(t, "declining what everybody is asked", err, fault.NotFound)
	_, err = open.Decline("s1", "", strings.Repeat("长", 101), early)
	refused(t, "a long reason", err, fault.Invalid)
	_, err = open.Withdraw("s1", "m02", early)
	refused(t, "taking back another's", err, fault.NotFound)
	taken := must[reception.Day](t, "volunteer")(book(s).Agree(open, "s1", "m03", early))
	_, err = book(s).Agree(taken, "s1", "m04", early)
	refused(t, "volunteering second", err, fault.NotFound)
	ended := must[reception.Day](t, "refuse")(taken.Decline("s1", "", "人手够", early))
	if x := ended.Swaps[0]; x.State != reception.SwapRefused || x.Why != "人手够" {
		t.Errorf("%+v", x)
	}
	_, err = ended.Withdraw("s1", "m01", early)
	refused(t, "taking back what ended", err, fault.WrongState)
	for _, id := range []string{"", "s9"} {
		_, err = ended.Decline(id, "", "", early)
		refused(t, "an unknown one", err, fault.NotFound)
	}
}

// TestCandidates: who fits, then who sat least; nobody who is away, out or elsewhere.
func TestCandidates(t *testing.T) {
	t.Parallel()
	rule := fridays()
	rule.Expertise = []string{"法律咨询"}
	s := court(12, rule)
	d := friday(t, s, "m01", "m02", "m03")
	d = must[reception.Day](t, "out")(d.Confirm("m03", true, early))
	away(s, "m04", "2026-12-04", "2026-12-04")
	s.Members[4].Left = true
	elsewhere := friday(t, s, "m07")
	elsewhere.ID, elsewhere.Target = "20261204-x1", station.Target{Kind: station.ForRoom, ID: "r01"}
	s.Duty = []station.DutySlot{
		{Member: "m08", Weekday: 5, From: 11 * 60, To: 13 * 60, Room: "r02"},
		{Member: "m09", Weekday: 5, From: 12 * 60, To: 13 * 60, Room: "r02"},
		{Member: "m10", Weekday: 5, From: 9 * 60, To: 12 * 60},
	}
	var got []string
	for _, c := range book(s, d, elsewhere).Candidates(d, "m01", map[string]int{"m06": 3, "m09": 2, "m10": 1}) {
		if got = append(got, c.Member); c.Fits != (c.Member == "m06" || c.Member == "m11") {
			t.Errorf("%+v", c)
		}
	}
	if want := []string{"m11", "m06", "m12", "m10", "m09"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
