package figures

import (
	"cmp"
	"math"
	"slices"

	"mashang/domain/casework"
	"mashang/domain/station"
)

// spotsPerDegree is how many spots lie in a degree: a side is some 100 m.
const spotsPerDegree = 1000

// spotFilers is of how many persons a spot must be before it is shown: where one
// person was is nobody else's to know.
const spotFilers = 3

// Spot is a square of some 100 m, by its middle in thousandths of a degree (gcj02).
// No finer place goes into figures.
type Spot struct{ Lat, Lng int }

// Degrees are the middle's.
func (s Spot) Degrees() (lat, lng float64) {
	return float64(s.Lat) / spotsPerDegree, float64(s.Lng) / spotsPerDegree
}

func spotOf(p *casework.Place) *Spot {
	if p == nil || p.Coord == "" || p.Lat == 0 && p.Lng == 0 {
		return nil
	}
	lat, lng := p.Lat, p.Lng
	if p.Coord == "wgs84" {
		lat, lng = station.GCJ02(lat, lng)
	}
	return &Spot{int(math.Round(lat * spotsPerDegree)), int(math.Round(lng * spotsPerDegree))}
}

// SpotRow is the sum of a spot.
type SpotRow struct {
	Spot
	Tally
}

// Spots sums by where it happened, the largest first; spots of fewer than three
// persons are left out.
func Spots(facts []Fact) []SpotRow {
	rows, filers := map[Spot]*SpotRow{}, map[Spot]map[string]bool{}
	for _, f := range facts {
		if f.Spot == nil {
			continue
		}
		if rows[*f.Spot] == nil {
			rows[*f.Spot], filers[*f.Spot] = &SpotRow{Spot: *f.Spot}, map[string]bool{}
		}
		rows[*f.Spot].Add(f)
		filers[*f.Spot][f.Filer] = true
	}
	var list []SpotRow
	for at, r := range rows {
		if len(filers[at]) >= spotFilers {
			list = append(list, *r)
		}
	}
	slices.SortFunc(list, func(a, b SpotRow) int {
		return cmp.Or(cmp.Compare(b.Filed, a.Filed), cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lng, b.Lng))
	})
	return list
}
