package station

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"mashang/domain/fault"
	"mashang/domain/fold"
)

// Rules are what a liaison may set about who gets what. The zero value behaves
// as a station without rules: the roster's own sectors in charge, and
// DefaultWeights.
type Rules struct {
	// Version is raised by each change; 0 is a station whose rules were never
	// changed.
	Version int `json:"version"`
	// Categories replaces the sectors in charge of the categories it names.
	Categories []CategoryOwners `json:"categories,omitempty"`
	// Places names the rooms whose keepers take what is filed at a place and
	// fits nobody better.
	Places []PlaceRooms `json:"places,omitempty"`
	// Weights replaces the default weights it names.
	Weights map[string]int `json:"weights,omitempty"`
	// Capacity is how many open submissions a member without a figure of their
	// own can hold; 0 means DefaultCapacity.
	Capacity int `json:"capacity,omitempty"`
	// Terms are by when visitors are to be spoken to and answered; nil for
	// DefaultTerms.
	Terms *Terms `json:"terms,omitempty"`
	// Words are words of texts that speak for a category, by its key; they add to
	// those the product knows by the category's name.
	Words map[string][]string `json:"words,omitempty"`
	// Precision is what share of texts that are put into a category without a
	// person must be put right, in per cent; 0 means 95.
	Precision int `json:"precision,omitempty"`
}

// CategoryOwners says which sectors and squads are in charge of a category.
type CategoryOwners struct {
	Category string   `json:"category"`
	Sectors  []string `json:"sectors,omitempty"`
	Squads   []string `json:"squads,omitempty"`
}

// PlaceRooms are the rooms (ids) a place belongs to.
type PlaceRooms struct {
	Place string   `json:"place"`
	Rooms []string `json:"rooms"`
}

// The names of the weights. WeighBusy and WeighAssignedLately are taken off: the first
// in proportion to the share of a member's room that is used, the second while
// the member was given something in the last day.
const (
	WeighScanned        = "scanned"
	WeighSquad          = "squad"
	WeighSector         = "sector"
	WeighDuty           = "duty"
	WeighTouristDuty    = "lane" // on duty, when a tourist files
	WeighNeighbour      = "neighbour"
	WeighSameSector     = "like"
	WeighRoom           = "room"
	WeighVillage        = "village"
	WeighExpertise      = "expertise"
	WeighBusy           = "busy"
	WeighAssignedLately = "asked"
)

// DefaultWeights are the weights of a station that sets none. The scanned
// member comes before all. A squad in charge comes before a sector in charge,
// and that before duty, room, nearness and expertise together: it is the right
// people's matter, and among them whoever is on duty there now comes first.
// Without anybody in charge the household's own contact leads, then duty, then
// the room, then nearness. A sector that is only the scanned member's own is a
// weaker guess than somebody on duty. A tourist is gone
// tomorrow: whoever is on duty where they are comes before everybody but the
// scanned member. Load and time decide among equals alone
// unless a station gives them weight.
var DefaultWeights = map[string]int{
	WeighScanned: 1000, WeighSquad: 120, WeighSector: 100, WeighDuty: 40, WeighTouristDuty: 400, WeighNeighbour: 50, WeighSameSector: 30,
	WeighRoom: 25, WeighVillage: 20, WeighExpertise: 10, WeighBusy: 0, WeighAssignedLately: 0,
}

// The limits of rules.
const (
	MaxWeight   = 10_000
	MaxCapacity = 1000
	maxListed   = 100 // sectors, squads or rooms of one entry
	maxWords    = 200 // of one category
	maxWord     = 20  // characters
	// MinPrecision and MaxPrecision bound what is asked of a model, in per cent.
	MinPrecision = 80
	MaxPrecision = 99
)

// Weight returns what a reason weighs at this station.
func (s *Station) Weight(name string) int {
	if s.Rules != nil {
		if w, ok := s.Rules.Weights[name]; ok {
			return w
		}
	}
	return DefaultWeights[name]
}

// RulesVersion is the version of the station's rules, 0 when they were never
// changed.
func (s *Station) RulesVersion() int {
	if s.Rules == nil {
		return 0
	}
	return s.Rules.Version
}

// Capacity is how many open submissions the member can hold: their own figure,
// the rules', or DefaultCapacity.
func (s *Station) Capacity(m Member) int {
	if m.Capacity == 0 && s.Rules != nil && s.Rules.Capacity > 0 {
		return s.Rules.Capacity
	}
	return m.MaxOpen()
}

// InCharge returns the sectors in charge of a category, by the rules or else by
// the roster.
func (s *Station) InCharge(c Category) []string {
	if x, ok := s.categoryOwners(c.Key); ok {
		return x.Sectors
	}
	return c.Sectors
}

// SquadsInCharge lists the squads in charge of a category ("" for none) or of
// one of the sectors.
func (s *Station) SquadsInCharge(category string, sectors []string) []Squad {
	set, _ := s.categoryOwners(category)
	var list []Squad
	for _, q := range s.Squads {
		if slices.Contains(set.Squads, q.ID) || category != "" && slices.Contains(q.Categories, category) ||
			slices.ContainsFunc(q.Sectors, func(x string) bool { return slices.Contains(sectors, x) }) {
			list = append(list, q)
		}
	}
	return list
}

func (s *Station) categoryOwners(category string) (CategoryOwners, bool) {
	if s.Rules == nil {
		return CategoryOwners{}, false
	}
	return find(s.Rules.Categories, func(c CategoryOwners) bool { return c.Category == category && category != "" })
}

// RoomsOf lists the rooms (ids) a target belongs to: a room itself; those the
// rules name for a place, else those of its village; those of the place of a rule of reception.
func (s *Station) RoomsOf(t Target) []string {
	switch t.Kind {
	case ForRoom:
		return []string{t.ID}
	case ForPlace:
		if s.Rules != nil {
			if p, ok := find(s.Rules.Places, func(p PlaceRooms) bool { return p.Place == t.ID }); ok {
				return p.Rooms
			}
		}
		village := s.Village(t)
		var ids []string
		for _, r := range s.Rooms {
			if village != "" && r.Village == village {
				ids = append(ids, r.ID)
			}
		}
		return ids
	case ForReception:
		return s.RoomsOf(s.FilingTarget(t))
	default:
		return nil
	}
}

// CheckRules says everything that is wrong with rules for this station, by
// field; nil for right ones.
func (s *Station) CheckRules(r Rules) error {
	var c fault.Check
	known := func(field string, ids []string, what string, has func(string) bool) {
		c.Require(len(ids) <= maxListed, field, "一项最多 %d 个", maxListed)
		for i, id := range ids[:min(len(ids), maxListed)] {
			c.Require(has(id), fmt.Sprintf("%s.%d", field, i), "没有这个%s", what)
			c.Require(!slices.Contains(ids[:i], id), fmt.Sprintf("%s.%d", field, i), "重复")
		}
	}
	c.Require(len(r.Categories) <= len(s.Categories), "categories", "比本站的类别还多")
	for i, x := range r.Categories[:min(len(r.Categories), len(s.Categories))] {
		field := fmt.Sprintf("categories.%d.", i)
		_, ok := s.Category(x.Category)
		c.Require(ok, field+"category", "没有这个类别")
		c.Require(!slices.ContainsFunc(r.Categories[:i], func(o CategoryOwners) bool { return o.Category == x.Category }), field+"category", "重复")
		known(field+"sectors", x.Sectors, "界别", s.hasSector)
		known(field+"squads", x.Squads, "专班", func(id string) bool { _, ok := s.Squad(id); return ok })
	}
	c.Require(len(r.Places) <= len(s.Places), "places", "比本站的场所还多")
	for i, x := range r.Places[:min(len(r.Places), len(s.Places))] {
		field := fmt.Sprintf("places.%d.", i)
		_, ok := s.Place(x.Place)
		c.Require(ok, field+"place", "没有这个场所")
		c.Require(!slices.ContainsFunc(r.Places[:i], func(o PlaceRooms) bool { return o.Place == x.Place }), field+"place", "重复")
		known(field+"rooms", x.Rooms, "议事室", func(id string) bool { _, ok := s.Room(id); return ok })
	}
	for _, name := range slices.Sorted(maps.Keys(r.Weights)) {
		_, ok := DefaultWeights[name]
		if !ok {
			c.Require(false, "weights", "有不认识的权重，可用的见 default_weights")
			continue
		}
		w := r.Weights[name]
		c.Require(w >= 0 && w <= MaxWeight, "weights."+name, "权重须为 0 至 %d", MaxWeight)
	}
	c.Require(r.Capacity >= 0 && r.Capacity <= MaxCapacity, "capacity", "在办上限须为 0 至 %d", MaxCapacity)
	c.Require(r.Precision == 0 || r.Precision >= MinPrecision && r.Precision <= MaxPrecision, "precision", "自动归类的准确率须为 %d 至 %d", MinPrecision, MaxPrecision)
	for _, key := range slices.Sorted(maps.Keys(r.Words)) {
		if _, ok := s.Category(key); !ok {
			c.Require(false, "words", "有本站没有的类别")
			continue
		}
		c.Require(len(r.Words[key]) <= maxWords, "words."+key, "一个类别最多 %d 个词", maxWords)
		for i, w := range r.Words[key][:min(len(r.Words[key]), maxWords)] {
			n := utf8.RuneCountInString(w)
			c.Require(fold.Visible(w) && n <= maxWord && strings.TrimSpace(w) == w, fmt.Sprintf("words.%s.%d", key, i), "须为 1 至 %d 个字，前后没有空格", maxWord)
		}
	}
	if r.Terms != nil {
		r.Terms.check(&c, s)
	}
	return c.Err()
}

// keepRules are the rules after an import: what they say of entries the roster
// no longer has goes, which makes them a new version. Neither argument is
// changed.
func keepRules(rules *Rules, listed *Station) *Rules {
	if rules == nil {
		return nil
	}
	gone := 0
	only := func(ids []string, has func(string) bool) []string {
		kept := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !has(id) })
		gone += len(ids) - len(kept)
		return kept
	}
	next := *rules
	next.Categories, next.Places = nil, nil
	for _, x := range rules.Categories {
		if _, ok := listed.Category(x.Category); !ok {
			gone++
			continue
		}
		x.Sectors = only(x.Sectors, listed.hasSector)
		x.Squads = only(x.Squads, func(id string) bool { _, ok := listed.Squad(id); return ok })
		next.Categories = append(next.Categories, x)
	}
	for _, x := range rules.Places {
		if _, ok := listed.Place(x.Place); !ok {
			gone++
			continue
		}
		x.Rooms = only(x.Rooms, func(id string) bool { _, ok := listed.Room(id); return ok })
		next.Places = append(next.Places, x)
	}
	next.Words = nil
	for key, words := range rules.Words {
		if _, ok := listed.Category(key); !ok {
			gone++
			continue
		}
		if next.Words == nil {
			next.Words = map[string][]string{}
		}
		next.Words[key] = words
	}
	if t := rules.Terms; t != nil && t.Head != "" {
		if l, ok := listed.Liaison(t.Head); !ok || l.Left || l.Admin {
			terms := *t
			terms.Head, next.Terms = "", &terms
			gone++
		}
	}
	if gone == 0 {
		return rules
	}
	next.Version++
	return &next
}
