package station_test

import (
	"slices"
	"testing"

	"mashang/domain/station"
)

// TestElsewhere: a station that says nothing has every means.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	s := right()
	if got := s.Elsewhere(); !slices.Equal(got, []station.Means{station.ByChat, station.ByLiaison}) {
		t.Errorf("said nothing: %v", got)
	}
	s.Means = []station.Means{station.ByLiaison}
	if got := s.Elsewhere(); !slices.Equal(got, s.Means) {
		t.Errorf("said %v: %v", s.Means, got)
	}
	for _, m := range station.EveryMeans {
		if m.Chinese() == string(m) {
			t.Errorf("%s has no name", m)
		}
	}
}
