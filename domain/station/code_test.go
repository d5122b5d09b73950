package station_test

import (
	"strings"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/station"
)

const key = "abc23456xy"

func TestParseScene(t *testing.T) {
	t.Parallel()
	for _, scene := range []string{
		key, " " + key + "\n", strings.ToUpper(key),
		"https://host.example/q/" + key, "https://host.example/q/" + key + "/", "http://host.example:8080/q/" + key,
		"https://host.example/q/" + key + "?from=poster", "https://host.example/q/" + key + "#top",
		"https://host.example/q/" + key + "?next=/q/zzzzzzzzzz", "https://host.example/base/q/" + key,
		"HTTPS://HOST.EXAMPLE/q/" + strings.ToUpper(key), "/q/" + key,
	} {
		if got, err := station.ParseScene(scene); err != nil || got != key {
			t.Errorf("%q: %q %v", scene, got, err)
		}
	}
	for _, scene := range []string{
		"", key[1:], key + "2", "abc23456x0", "abc23456x1", "abc23456xi", "abc23456xl", "abc23456xo", "abc-23456x",
		"https://host.example/" + key, "https://host.example/q/", "https://host.example/q/" + key + "/more",
		"https://host.example/q/q", "码码码码码码码码码码", "../../" + key[:4], "https://host.example/?q=/q/" + key,
	} {
		got, err := station.ParseScene(scene)
		if got != "" || !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %q %v", scene, got, err)
		}
	}
}

func FuzzParseScene(f *testing.F) {
	for _, s := range []string{key, "https://host.example/q/" + key + "?a=b", "/q//q/" + key, "\u212a" + key[1:], "", "%2Fq%2F" + key} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, scene string) {
		got, err := station.ParseScene(scene)
		if err != nil {
			if got != "" || !fault.Is(err, fault.NotFound) {
				t.Errorf("%q: %q %v", scene, got, err)
			}
			return
		}
		if len(got) != station.KeyLength || strings.Trim(got, station.KeyAlphabet) != "" {
			t.Errorf("%q gave the key %q", scene, got)
		}
		if again, err := station.ParseScene("https://host.example/q/" + got + "?x"); err != nil || again != got {
			t.Errorf("%q does not read back: %q %v", got, again, err)
		}
	})
}

func TestKeyAlphabet(t *testing.T) {
	t.Parallel()
	if len(station.KeyAlphabet) != 31 {
		t.Errorf("%d characters", len(station.KeyAlphabet))
	}
	for i, r := range station.KeyAlphabet {
		if strings.ContainsRune("01iloIO", r) || strings.ContainsRune(station.KeyAlphabet[i+1:], r) {
			t.Errorf("%q is mistaken for another or stands twice", r)
		}
	}
}

func TestResolveAndVillage(t *testing.T) {
	t.Parallel()
	st := &station.Station{
		ID: "hexi", Name: "河西站",
		Rooms:      []station.Room{{ID: "r1", Name: "议事室", Village: "甲村"}},
		Places:     []station.Place{{ID: "p1", Name: "码头", Village: "乙村"}},
		Members:    []station.Member{{ID: "m1", Name: "渡晓舟", Village: "丙村"}, {ID: "m2", Name: "雁南归", Left: true}},
		Receptions: []station.Reception{{ID: "j1", Name: "周五接待", Room: "r1"}, {ID: "j2", Name: "站里接待"}},
	}
	for target, want := range map[station.Target]struct {
		name    string
		ok      bool
		village string
	}{
		{Kind: station.ForMember, ID: "m1"}:    {"渡晓舟", true, "丙村"},
		{Kind: station.ForMember, ID: "m2"}:    {"雁南归", false, ""},
		{Kind: station.ForMember, ID: "m3"}:    {},
		{Kind: station.ForRoom, ID: "r1"}:      {"议事室", true, "甲村"},
		{Kind: station.ForRoom, ID: "p1"}:      {},
		{Kind: station.ForPlace, ID: "p1"}:     {"码头", true, "乙村"},
		{Kind: station.ForPlace}:               {},
		{Kind: station.ForStation}:             {"河西站", true, ""},
		{Kind: station.ForStation, ID: "m1"}:   {"河西站", false, ""},
		{Kind: "moon", ID: "m1"}:               {},
		{Kind: station.ForReception, ID: "j1"}: {"周五接待", true, "甲村"},
		{Kind: station.ForReception, ID: "j2"}: {"站里接待", true, ""},
		{Kind: station.ForReception, ID: "m1"}: {},
	} {
		name, ok := st.Resolve(target)
		if name != want.name || ok != want.ok || st.Village(target) != want.village {
			t.Errorf("%+v: %q %v %q", target, name, ok, st.Village(target))
		}
	}
}

// TestWhereACodesFilingsGo: those of a rule's code go to the rule's place, all others to the code's own target.
func TestWhereACodesFilingsGo(t *testing.T) {
	t.Parallel()
	room, place, here := station.Target{Kind: station.ForRoom, ID: "r1"}, station.Target{Kind: station.ForPlace, ID: "p1"}, station.Target{Kind: station.ForStation}
	st := &station.Station{
		ID: "hexi", Members: []station.Member{{ID: "m1"}, {ID: "m2"}}, Rooms: []station.Room{{ID: "r1", Village: "甲村"}}, Places: []station.Place{{ID: "p1"}},
		Receptions: []station.Reception{{ID: "j1", Room: "r1"}, {ID: "j2", Place: "p1"}, {ID: "j3"}},
		Duty:       []station.DutySlot{{Member: "m1", Weekday: 5, From: 0, To: 1440}, {Member: "m2", Room: "r1", Weekday: 5, From: 0, To: 1440}},
	}
	rule := func(id string) station.Target { return station.Target{Kind: station.ForReception, ID: id} }
	for of, want := range map[station.Target]station.Target{rule("j1"): room, rule("j2"): place, rule("j3"): here, rule("gone"): here, room: room, here: here} {
		if got := st.FilingTarget(of); got != want {
			t.Errorf("%+v files at %+v, want %+v", of, got, want)
		}
	}
	// Whoever asks by a rule who is there reads those at its place.
	friday := time.Date(2026, 12, 4, 10, 0, 0, 0, station.Zone)
	if on := st.DutyAt(rule("j1"), friday); len(on) != 1 || on[0].Member != "m2" {
		t.Errorf("on duty %+v", on)
	}
	if next := st.NextShifts(rule("j3"), friday.AddDate(0, 0, -1), 3); len(next) != 1 || next[0].Member != "m1" {
		t.Errorf("next %+v", next)
	}
	if rooms := st.RoomsOf(rule("j1")); len(rooms) != 1 || rooms[0] != "r1" {
		t.Errorf("rooms %v", rooms)
	}
}
