package station_test

import (
	"math"
	"slices"
	"testing"

	"mashang/domain/station"
)

// TestGCJ02 compares with points published in both systems, to some metres.
func TestGCJ02(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string][4]float64{
		"Tiananmen": {39.90734, 116.39089, 39.90874, 116.39713},
		"Shanghai":  {31.22097, 121.49437, 31.21893, 121.49886},
	} {
		lat, lng := station.GCJ02(tc[0], tc[1])
		if math.Abs(lat-tc[2]) > 3e-4 || math.Abs(lng-tc[3]) > 3e-4 {
			t.Errorf("%s: %.5f, %.5f, want %.5f, %.5f", name, lat, lng, tc[2], tc[3])
		}
	}
	if lat, lng := station.GCJ02(48.85, 2.35); lat != 48.85 || lng != 2.35 {
		t.Errorf("Paris is moved to %v, %v", lat, lng)
	}
}

func TestCoordinatesAreChecked(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lat, lng float64
		ok       bool
	}{
		"none": {0, 0, true}, "in China": {35.6, 103.2, true}, "turned round": {103.2, 35.6, false}, "half": {35.6, 0, false},
		"elsewhere": {48.85, 2.35, false}, "nonsense": {math.NaN(), 103, false},
	} {
		st := right()
		st.Places = append(st.Places, station.Place{ID: "px", Name: "新地方", Lat: tc.lat, Lng: tc.lng})
		st.Rooms = append(st.Rooms, station.Room{ID: "rx", Name: "新议事室", Lat: tc.lat, Lng: tc.lng})
		var tables []string
		for _, f := range st.Check() {
			if f.Field == "coord" {
				tables = append(tables, f.Table)
			}
		}
		if want := map[bool][]string{false: {"rooms", "places"}}[tc.ok]; !slices.Equal(tables, want) {
			t.Errorf("%s: faults in %v", name, tables)
		}
	}
}

func TestCoordinatesAreCompared(t *testing.T) {
	t.Parallel()
	stored, listed := right(), right()
	listed.Places[0].Lat, listed.Places[0].Lng = 35.6, 103.2
	changes := station.Diff(stored, listed, nil)
	if len(changes) != 1 || !slices.Equal(changes[0].Fields, []string{"coord"}) {
		t.Errorf("%+v", changes)
	}
	if merged := station.Merge(stored, listed); merged.Places[0].Lat != 35.6 {
		t.Errorf("%+v", merged.Places[0])
	}
}
