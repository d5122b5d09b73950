package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/record"
)

func TestCodeUses(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	for _, list := range [][]record.Scans{
		{{Station: st, Code: "k1", Day: "2026-07-01", N: 3}, {Station: st, Code: "k2", Day: "2026-07-01", N: 1}},
		{{Station: st, Code: "k1", Day: "2026-07-02", N: 2}, {Station: "hz", Code: "k9", Day: "2026-07-02", N: 7}},
	} {
		if err := s.AddScans(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		a := filing(9, "m1", "m2")
		a.Code = "k3"
		admit(t, s, a)
	}
	admit(t, s, filing(9, "m1")) // from no code
	want := map[string]record.CodeUse{
		"k1": {Recent: 2, Total: 5, LastDay: "2026-07-02"}, "k2": {Total: 1, LastDay: "2026-07-01"}, "k3": {Filed: 2},
	}
	got := must(s.CodeUses(t.Context(), st, []string{"2026-07-02", "2026-07-03"}))(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if ttl := must(server.Client(t).TTL(t.Context(), "{lj}:scans:2026-07-01").Result())(t); ttl.Hours() < 399*24 || ttl.Hours() > 400*24 {
		t.Errorf("a day lives %v", ttl)
	}
}
