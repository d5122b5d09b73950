package figures

import (
	"cmp"
	"slices"
	"strings"

	"mashang/domain/casework"
	"mashang/domain/intake"
	"mashang/domain/station"
)

// By is a breakdown of figures.
type By string

// The breakdowns.
const (
	ByStation  By = "station"
	ByMonth    By = "month"
	ByKind     By = "kind"
	ByCategory By = "category"
	ByVisitor  By = "visitor"
	ByChannel  By = "channel"
	ByTarget   By = "target"
	BySector   By = "sector"
	ByVillage  By = "village"
	ByMember   By = "member"
)

// Breakdowns lists all of them.
var Breakdowns = []By{ByStation, ByMonth, ByKind, ByCategory, ByVisitor, ByChannel, ByTarget, BySector, ByVillage, ByMember}

// RosterLookup looks up the present sectors of members and villages of codes in a roster. It caches its results
// and is not safe for concurrent use.
type RosterLookup struct {
	st      *station.Station
	sector  map[string]string
	village map[station.Target]string
}

// NewRosterLookup returns a lookup in a roster.
func NewRosterLookup(st *station.Station) RosterLookup {
	t := RosterLookup{st, map[string]string{}, map[station.Target]string{}}
	for _, m := range st.Members {
		t.sector[m.ID] = m.Sector
	}
	return t
}

func (t RosterLookup) villageOf(x station.Target) string {
	village, ok := t.village[x]
	if !ok {
		village = t.st.Village(x)
		t.village[x] = village
	}
	return village
}

// Key returns the part to which a fact belongs, "" for none (no category, no member, no village). The month is
// that of filing, in the station's zone; the village is that of the scanned code.
func (b By) Key(f Fact, t RosterLookup) string {
	switch b {
	case ByMonth:
		return f.Filed.Time().Format("2006-01")
	case ByKind:
		return string(f.Kind)
	case ByCategory:
		return f.Category
	case ByVisitor:
		return string(f.Visitor)
	case ByChannel:
		return string(f.Channel)
	case ByTarget:
		return string(f.Target.Kind) + "/" + f.Target.ID
	case BySector:
		return t.sector[f.Member]
	case ByVillage:
		return t.villageOf(f.Target)
	case ByMember:
		return f.Member
	default:
		return f.Station
	}
}

// Name returns a key's name for people.
func (b By) Name(st *station.Station, key string) string {
	switch b {
	case ByStation:
		return st.Name
	case ByKind:
		return casework.Kind(key).Chinese()
	case ByVisitor:
		return casework.Visitor(key).Chinese()
	case ByChannel:
		return intake.Channel(key).Chinese()
	case ByCategory:
		if c, ok := st.Category(key); ok {
			return c.Name
		}
		return cmp.Or(key, "未分类")
	case ByTarget:
		kind, id, _ := strings.Cut(key, "/")
		if name, ok := st.Resolve(station.Target{Kind: station.TargetKind(kind), ID: id}); ok {
			return name
		}
		return key
	case ByMember:
		if m, ok := st.Member(key); ok {
			return m.Name
		}
		return cmp.Or(key, "未分派")
	case ByVillage:
		return cmp.Or(key, "未分村")
	default:
		return cmp.Or(key, "无")
	}
}

// Row is the sum of one part.
type Row struct {
	Key, Name string
	Tally
}

// Rows returns the sums of the parts, the largest first; months in chronological order.
func (b By) Rows(st *station.Station, facts []Fact) []Row {
	ties, at := NewRosterLookup(st), map[string]int{}
	var rows []Row
	for _, f := range facts {
		if f.Out == Invalid {
			continue // only the whole says how many there are
		}
		key := b.Key(f, ties)
		i, ok := at[key]
		if !ok {
			i = len(rows)
			at[key] = i
			rows = append(rows, Row{Key: key, Name: b.Name(st, key)})
		}
		rows[i].Add(f)
	}
	slices.SortFunc(rows, func(x, y Row) int {
		if b == ByMonth {
			return cmp.Compare(x.Key, y.Key)
		}
		return cmp.Or(cmp.Compare(y.Filed, x.Filed), cmp.Compare(x.Key, y.Key))
	})
	return rows
}

// Cell is the sum of a row's and a column's common facts.
type Cell struct {
	Row, Col string
	Tally
}

// Grid has the sums of facts by two breakdowns. Rows and columns have the order of By.Rows; empty cells are
// omitted.
type Grid struct {
	Rows, Cols []Row
	Cells      []Cell
}

// Cross returns the grid of two breakdowns.
func Cross(st *station.Station, facts []Fact, rows, cols By) Grid {
	g := Grid{Rows: rows.Rows(st, facts), Cols: cols.Rows(st, facts)}
	ties, at := NewRosterLookup(st), map[[2]string]int{}
	for _, f := range facts {
		if f.Out == Invalid {
			continue
		}
		key := [2]string{rows.Key(f, ties), cols.Key(f, ties)}
		i, ok := at[key]
		if !ok {
			i = len(g.Cells)
			at[key] = i
			g.Cells = append(g.Cells, Cell{Row: key[0], Col: key[1]})
		}
		g.Cells[i].Add(f)
	}
	slices.SortFunc(g.Cells, func(x, y Cell) int {
		return cmp.Or(cmp.Compare(x.Row, y.Row), cmp.Compare(x.Col, y.Col))
	})
	return g
}
