package routing_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/casework"
	"mashang/domain/reason"
	"mashang/domain/routing"
	"mashang/domain/station"
)

func TestWhoGetsIt(t *testing.T) {
	t.Parallel()
	duty := func(slots ...station.DutySlot) func(*routing.Input) {
		return func(in *routing.Input) {
			for _, s := range slots {
				onDuty(in, s)
			}
		}
	}
	for name, tc := range map[string]struct {
		in   routing.Input
		want []string
	}{
		"a member's code": {ask(at("plain"), nil), []string{"plain", "keeper"}},
		"a member's code, others near": {
			ask(at("doctor"), func(in *routing.Input) { in.Filing.Category = "tourism" }), []string{"doctor", "tour"},
		},
		"a member's code whatever the category": {
			ask(at("plain"), func(in *routing.Input) { in.Filing.Category = "health"; in.Filing.Text = "医保报销" }),
			[]string{"plain", "doctor"},
		},
		"a member's code, another on duty": {
			ask(at("plain"), duty(station.DutySlot{Member: "tour"})), []string{"plain", "keeper"},
		},
		"the station's code, nobody on duty": {ask(atStation, nil), nil},
		"the station's code, on duty":        {ask(atStation, duty(station.DutySlot{Member: "plain"})), []string{"plain"}},
		"on duty elsewhere":                  {ask(atStation, duty(station.DutySlot{Member: "plain", Room: "r1"})), nil},
		"a category":                         {ask(atStation, func(in *routing.Input) { in.Filing.Category = "health" }), []string{"doctor"}},
		"a category nobody is in charge of":  {ask(atStation, func(in *routing.Input) { in.Filing.Category = "other" }), nil},
		"words in the text":                  {ask(atStation, func(in *routing.Input) { in.Filing.Text = "慢性病怎么办" }), []string{"doctor"}},
		"a room: keeper, then neighbours":    {ask(atRoom, nil), []string{"keeper", "doctor"}},
		"duty at the room outranks its keeper": {
			ask(atRoom, duty(station.DutySlot{Member: "plain", Room: "r1"})), []string{"plain", "keeper", "doctor"},
		},
		"a room without a village": {ask(station.Target{Kind: station.ForRoom, ID: "r2"}, nil), nil},
		"a place: its sectors, then its village": {
			ask(atJetty, nil), []string{"trade", "tour"},
		},
		"a place: the category before its own sectors": {
			ask(atJetty, func(in *routing.Input) { in.Filing.Category = "health" }), []string{"doctor", "tour"},
		},
		"a place: its sectors when the category has none": {
			ask(atJetty, func(in *routing.Input) { in.Filing.Category = "other" }), []string{"trade", "tour"},
		},
		"a place: sector, duty, village": {
			ask(atJetty, duty(station.DutySlot{Member: "plain", Place: "jetty"})), []string{"trade", "plain", "tour"},
		},
		"within the sector, who is on duty there": {
			ask(atJetty, func(in *routing.Input) {
				edit(in, "plain", func(m *station.Member) { m.Sector = "经济" })
				onDuty(in, station.DutySlot{Member: "plain", Place: "jetty"})
			}), []string{"plain", "trade", "tour"},
		},
		"a member's code while they are away, no category: their sector": {
			ask(at("plain"), func(in *routing.Input) {
				edit(in, "plain", func(m *station.Member) { m.Absences = []station.Absence{{From: "2000-01-01", To: "2099-12-31"}} })
			}), []string{"keeper"},
		},
		"a tourist goes to culture and tourism": {
			ask(atStation, func(in *routing.Input) { in.Filing.Visitor = casework.Tourist }), []string{"tour"},
		},
		"a tourist at a place with other sectors": {
			ask(atJetty, func(in *routing.Input) { in.Filing.Visitor = casework.Tourist }), []string{"tour"},
		},
		"a tourist who names a category": {
			ask(atStation, func(in *routing.Input) { in.Filing.Visitor, in.Filing.Category = casework.Tourist, "health" }), []string{"doctor"},
		},
		"a tourist where nothing is set for tourists": {
			ask(atJetty, func(in *routing.Input) {
				in.Filing.Visitor = casework.Tourist
				in.Station.Categories = in.Station.Categories[1:]
			}), []string{"trade", "tour"},
		},
		"a business is no tourist": {
			ask(atStation, func(in *routing.Input) { in.Filing.Visitor = casework.Business }), nil,
		},
		"an unknown place": {ask(station.Target{Kind: station.ForPlace, ID: "none"}, nil), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := routing.Decide(tc.in)
			if diff := cmp.Diff(tc.want, picks(d)); diff != "" {
				t.Errorf("%s\n%+v", diff, d)
			}
			if d.Rule != routing.RuleVersion || d.Roster != 7 {
				t.Errorf("decided by rule %d, roster %d", d.Rule, d.Roster)
			}
		})
	}
}

func TestReasonsAreTrue(t *testing.T) {
	t.Parallel()
	in := ask(atRoom, func(in *routing.Input) {
		in.Filing.Category, in.Filing.Text = "health", "医保和慢性病"
		edit(in, "doctor", func(m *station.Member) { m.Rooms = []string{"r1"} })
		onDuty(in, station.DutySlot{Member: "doctor", Room: "r1"})
	})
	got := routing.Decide(in).Candidates[0]
	want := casework.Candidate{
		Member: "doctor", Name: "李四", Score: got.Score, Capacity: station.DefaultCapacity,
		Reasons: []reason.Reason{
			reason.SectorIn.With("医药卫生"), reason.OnDuty, reason.RoomKeeper,
			reason.Village.With("河口村"), reason.Expertise.With("医保"),
		},
		Weights: []int{100, 40, 25, 20, 10},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if own := routing.Decide(ask(at("doctor"), nil)).Candidates[0]; len(own.Reasons) != 1 || own.Reasons[0] != reason.Scanned {
		t.Errorf("%v: one does not live near oneself", own.Reasons)
	}
}

func TestIdsOfPlacesAndMembersMayBeEqual(t *testing.T) {
	t.Parallel()
	in := ask(station.Target{Kind: station.ForRoom, ID: "1"}, func(in *routing.Input) {
		in.Station.Rooms = []station.Room{{ID: "1", Name: "议事室", Village: "河口村"}}
		edit(in, "doctor", func(m *station.Member) { m.ID = "1" })
	})
	d := routing.Decide(in)
	if len(d.Candidates) != 1 || d.Candidates[0].Reasons[0] != reason.Village.With("河口村") {
		t.Errorf("%+v: the neighbour was taken for the one whose code was scanned", d)
	}
	in.Now = noon
	edit(&in, "1", away)
	if d = routing.Decide(in); len(d.Passed) != 0 {
		t.Errorf("%+v", d.Passed)
	}
}

func TestEmptyWordsSpeakForNobody(t *testing.T) {
	t.Parallel()
	in := ask(station.Target{Kind: station.ForPlace, ID: "park"}, func(in *routing.Input) {
		in.Filing.Text = ""
		in.Station.Places[1].Sectors = []string{""}
		for i := range in.Station.Members {
			m := &in.Station.Members[i]
			m.Village, m.Sector, m.Expertise, m.Rooms = "", "", []string{""}, []string{""}
		}
	})
	if d := routing.Decide(in); len(d.Candidates) != 0 {
		t.Errorf("%+v", d.Candidates)
	}
}

func TestThePassedOver(t *testing.T) {
	t.Parallel()
	const id = "doctor"
	for name, tc := range map[string]struct {
		change func(*routing.Input)
		want   reason.Reason
	}{
		"fit":      {func(*routing.Input) {}, ""},
		"busy":     {func(in *routing.Input) { in.Loads = map[string]int{id: 99} }, ""}, // the store knows at that moment
		"away":     {func(in *routing.Input) { edit(in, id, away) }, reason.Away},
		"gone":     {func(in *routing.Input) { edit(in, id, func(m *station.Member) { m.Left = true }) }, reason.Left},
		"filer":    {func(in *routing.Input) { in.Parties = []string{"somebody", id} }, reason.Concerned},
		"returned": {func(in *routing.Input) { in.Returned = []string{"tour", id} }, reason.Returned},
		"about":    {func(in *routing.Input) { in.Filing.AboutMember = true }, reason.Concerned},
		"named":    {func(in *routing.Input) { in.Filing.Against = &casework.Against{Name: "李四"} }, reason.Concerned},
		"away and about": {func(in *routing.Input) {
			in.Filing.AboutMember = true
			edit(in, id, away)
		}, reason.Concerned},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := routing.Decide(ask(at(id), tc.change))
			if tc.want == "" {
				if len(d.Passed) != 0 || d.Candidates[0].Member != id {
					t.Errorf("%+v", d)
				}
				return
			}
			want := []casework.PassedOver{{Member: id, Name: "李四", Why: tc.want}}
			if diff := cmp.Diff(want, d.Passed); diff != "" {
				t.Error(diff)
			}
			for _, c := range d.Candidates {
				if c.Member == id {
					t.Error("passed over and yet a candidate")
				}
			}
		})
	}
	if d := routing.Decide(ask(at("nobody"), nil)); len(d.Passed)+len(d.Candidates) != 0 {
		t.Errorf("an unknown member: %+v", d)
	}
}

func TestFairAmongEquals(t *testing.T) {
	t.Parallel()
	equal := func(loads map[string]int, capacities ...int) routing.Input {
		return ask(atStation, func(in *routing.Input) {
			in.Station.Members, in.Loads = nil, loads
			for i, c := range capacities {
				in.Station.Members = append(in.Station.Members, station.Member{
					ID: fmt.Sprintf("m%d", i), Name: fmt.Sprintf("委员%d", i), Sector: "医药卫生", Capacity: c,
				})
			}
			in.Filing.Category = "health"
		})
	}
	for name, tc := range map[string]struct {
		in   routing.Input
		want []string
		most bool
	}{
		"by id at rest":             {equal(nil, 0, 0, 0), []string{"m0", "m1", "m2"}, false},
		"less in hand":              {equal(map[string]int{"m0": 3, "m1": 2}, 0, 0, 0), []string{"m2", "m1", "m0"}, true},
		"the larger share free":     {equal(map[string]int{"m0": 4, "m1": 5}, 5, 50), []string{"m1", "m0"}, false},
		"equal shares, less in all": {equal(map[string]int{"m0": 20, "m1": 2}, 40, 4), []string{"m1", "m0"}, true},
		"more than full is last":    {equal(map[string]int{"m0": 25, "m1": 20}, 20, 20), []string{"m1", "m0"}, true},
	} {
		d := routing.Decide(tc.in)
		if diff := cmp.Diff(tc.want, picks(d)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for i, c := range d.Candidates {
			if said := c.Reasons[len(c.Reasons)-1] == reason.MostRoom; said != (tc.most && i == 0) {
				t.Errorf("%s: %s says %v", name, c.Member, c.Reasons)
			}
		}
	}
	lone := ask(atJetty, func(in *routing.Input) { in.Loads = map[string]int{"trade": 5} })
	if c := routing.Decide(lone).Candidates[0]; c.Member != "trade" || len(c.Reasons) != 1 {
		t.Errorf("%+v: room does not outweigh a sector", c)
	}
}

func TestAListOfFullMembersEndsWithOneWhoHasRoom(t *testing.T) {
	t.Parallel()
	crowd := func(loads map[string]int) casework.Decision {
		return routing.Decide(ask(atJetty, func(in *routing.Input) {
			in.Station.Members, in.Loads = nil, loads
			for i := range 8 {
				m := station.Member{ID: fmt.Sprintf("m%d", i), Name: "委员", Sector: "经济", Capacity: 2}
				if i >= 6 {
					m.Sector, m.Village = "教育", "龙湾村"
				}
				in.Station.Members = append(in.Station.Members, m)
			}
		}))
	}
	full := map[string]int{"m0": 2, "m1": 2, "m2": 2, "m3": 2, "m4": 2, "m5": 3, "m6": 2}
	if diff := cmp.Diff([]string{"m0", "m1", "m2", "m3", "m7"}, picks(crowd(full))); diff != "" {
		t.Errorf("all in charge are full: %s", diff)
	}
	full["m7"] = 2
	if diff := cmp.Diff([]string{"m0", "m1", "m2", "m3", "m4"}, picks(crowd(full))); diff != "" {
		t.Errorf("all are full: %s", diff)
	}
	full["m4"], full["m7"] = 1, 0
	if diff := cmp.Diff([]string{"m4", "m0", "m1", "m2", "m3"}, picks(crowd(full))); diff != "" {
		t.Errorf("one in charge has room: %s", diff)
	}
}

func TestCategory(t *testing.T) {
	t.Parallel()
	st := town()
	for name, tc := range map[string]struct {
		f    casework.Filing
		want string
	}{
		"its own":            {casework.Filing{Category: "health", Visitor: casework.Tourist}, "health"},
		"the tourist's":      {casework.Filing{Visitor: casework.Tourist}, "tourism"},
		"a resident's: none": {casework.Filing{Visitor: casework.Resident}, ""},
		"an unknown: none":   {casework.Filing{Category: "x", Visitor: casework.Tourist}, ""},
	} {
		if c, ok := routing.Category(st, tc.f); c.Key != tc.want || ok != (tc.want != "") {
			t.Errorf("%s: %q %v", name, c.Key, ok)
		}
	}
}
