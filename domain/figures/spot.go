package figures

import (
	"cmp"
	"math"
	"slices"

	"mashang/domain/casework"
	"mashang/domain/station"
)

// spotsPerDegree is the number of spots per degree: a side is some 100 m.
const spotsPerDegree = 1000

// minSpotFilers is how many persons a spot needs before it is shown, so that nobody learns where one person was.
const minSpotFilers = 3

// Spot is a square of some 100 m, by its centre in thousandths of a degree (gcj02). Figures contain no finer
// place.
type Spot struct{ Lat, Lng int }

// Degrees returns the centre in degrees.
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

// Spots returns the sums by spot, the largest first, without spots of fewer than three persons.
func Spots(facts []Fact) []SpotRow {
	rows, filers := map[Spot]*SpotRow{}, map[Spot]map[string]bool{}
	for _, f := range facts {
		if f.Spot == nil || f.Out == Invalid {
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
		if len(filers[at]) >= minSpotFilers {
			list = append(list, *r)
		}
	}
	slices.SortFunc(list, func(a, b SpotRow) int {
		return cmp.Or(cmp.Compare(b.Filed, a.Filed), cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lng, b.Lng))
	})
	return list
}
