package store_test

import (
	"encoding/json"
	"strings"
	"testing"

	"mashang/domain/station"
	"mashang/store"
)

// TestDepartmentsNumbersAreSealed migrates a roster of format 2, whose
// departments' numbers are in clear, with the roster it replaced; and again.
func TestDepartmentsNumbersAreSealed(t *testing.T) {
	t.Parallel()
	const now, before = "0900-7654321", "13712345678"
	s, server := open(t)
	client, keys := server.Client(t), ring(t, "k1")
	s.Seal(keys, store.Mark{ID: "a", Format: 2})
	done := must(keys.Seal("13812345678", "roster/"+st))(t)
	old := station.Station{ID: st, Name: "站", Departments: []station.Department{{ID: "d1", Name: "司法所", Phone: before}}}
	roster := station.Station{
		ID: st, Name: "站", Version: 7, Previous: &station.PreviousRoster{Roster: &old},
		Departments: []station.Department{{ID: "d1", Name: "司法所", Phone: now}, {ID: "d2", Name: "无"}, {ID: "d3", Name: "已封", Phone: done}},
	}
	if ok := must(s.PutStation(t.Context(), &roster, 0))(t); !ok {
		t.Fatal("not put")
	}
	key := "{" + st + "}:roster"
	written := func() string { return must(client.Get(t.Context(), key).Result())(t) }
	if text := written(); !strings.Contains(text, now) || !strings.Contains(text, before) {
		t.Fatalf("the old form does not show its numbers: %s", text)
	}
	var first string
	for _, mark := range []string{"a format=2", "a format=3 from=2"} {
		if err := client.Set(t.Context(), "canary", mark, 0).Err(); err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		text := written()
		for _, number := range []string{now, before} {
			if strings.Contains(text, number) {
				t.Errorf("%s is in clear after %q", number, mark)
			}
		}
		open := must(must(s.Station(t.Context(), st))(t).MapPhones(keys.Open))(t)
		equal(t, "version", open.Version, 7)
		equal(t, "departments", phones(open.Departments), []string{now, "", "13812345678"})
		equal(t, "before", phones(open.Previous.Roster.Departments), []string{before})
		if first == "" {
			first = asJSON(t, must(s.Station(t.Context(), st))(t))
		}
		equal(t, "sealed once", asJSON(t, must(s.Station(t.Context(), st))(t)), first)
	}
}

// TestANumberWhoseKeyIsGoneStopsTheMigration: it is not taken for one in clear, and
// goes on once the key is back.
func TestANumberWhoseKeyIsGoneStopsTheMigration(t *testing.T) {
	t.Parallel()
	const number = "13812345678"
	s, server := open(t)
	client := server.Client(t)
	both := ring(t, "k2", "k1")
	old := must(ring(t, "k1").Seal(number, "roster/"+st))(t)
	s.Seal(both, store.Mark{ID: "a", Format: 2})
	roster := station.Station{ID: st, Name: "站", Version: 1, Departments: []station.Department{{ID: "d1", Name: "司法所", Phone: old}}}
	if ok := must(s.PutStation(t.Context(), &roster, 0))(t); !ok {
		t.Fatal("not put")
	}
	if err := client.Set(t.Context(), "canary", "a format=2", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.Seal(ring(t, "k2"), store.Mark{ID: "a", Format: 2})
	if err := s.Migrate(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "编号 k1") || strings.Contains(err.Error(), old) {
		t.Errorf("without the key: %v", err)
	}
	s.Seal(both, store.Mark{ID: "a", Format: 2})
	if err := s.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	open := must(must(s.Station(t.Context(), st))(t).MapPhones(both.Open))(t)
	equal(t, "departments", phones(open.Departments), []string{number})
}

func phones(list []station.Department) []string {
	numbers := make([]string, len(list))
	for i, x := range list {
		numbers[i] = x.Phone
	}
	return numbers
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	return string(must(json.Marshal(v))(t))
}
