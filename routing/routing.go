// Package routing decides which member a submission goes to, and why.
//
// Decide is pure: the same station, target, filing, loads and moment give the
// same ranked list, so a decision can be explained and run again. It ranks;
// whether the first candidate still has room is settled by the store in the
// same step that queues the submission, because only there can two filings
// not both take the last place.
package routing

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"mashang/casework"
	"mashang/station"
)

// RuleVersion is stored with each decision; it is raised when the rules here
// change what would be decided.
const RuleVersion = 1

// MaxCandidates bounds the ranked list that is stored and offered.
const MaxCandidates = 5

// Input is everything a decision depends on.
type Input struct {
	Station *station.Station
	Target  station.Target
	Filing  casework.Filing
	// Loads are the open submissions each member holds, by id.
	Loads map[string]int
	// FilerMember is the member id of the filer, if the filer is a member of
	// this station: nobody handles their own matter.
	FilerMember string
	Now         time.Time
}

// The weights. The scanned member comes before all, a sector in charge before
// everything else together: it is the right people's matter, and among them
// whoever is on duty there now comes first. Without a sector in charge duty
// leads, then the room, then nearness. A sector that is only the scanned
// member's own is a weaker guess than somebody on duty.
const (
	weighScanned    = 1000
	weighSector     = 100
	weighDuty       = 40
	weighSameSector = 30
	weighRoom       = 25
	weighVillage    = 20
	weighExpertise  = 10
)

// Category returns the category a filing is routed by: its own, or the
// tourist's default when a tourist names none. ok is false without one.
func Category(st *station.Station, f casework.Filing) (station.Category, bool) {
	if f.Category != "" {
		return st.Category(f.Category)
	}
	if f.Visitor == casework.Tourist {
		return st.TouristCategory()
	}
	return station.Category{}, false
}

// Decide ranks the members of the station. A member who is gone, away, or
// concerned by the matter is never a candidate; one whom nothing but free time
// speaks for is none either, so the list may be empty and the pool takes it.
// The pool also takes what is about a member when nobody can tell which: it
// must never reach the one it is about (信访工作条例 §30).
func Decide(in Input) casework.Decision {
	d := casework.Decision{Rule: RuleVersion, Roster: in.Station.Version}
	j := newJudge(in)
	if j.nobody {
		return d
	}
	for _, m := range in.Station.Members {
		c := j.weigh(m)
		if c.Score == 0 {
			continue
		}
		if why := j.bars(m); why != "" {
			if j.scanned(m) {
				d.Passed = append(d.Passed, casework.Passed{Member: m.ID, Name: m.Name, Why: why})
			}
			continue
		}
		d.Candidates = append(d.Candidates, c)
	}
	j.rank(d.Candidates)
	d.Candidates = j.shorten(d.Candidates)
	return d
}

// judge holds what is the same for all members of one decision.
type judge struct {
	in       Input
	accused  []string
	nobody   bool // may be told, because it may be about any of them
	duty     map[string]bool
	sectors  []string
	like     string // the scanned member's sector, where none is in charge
	village  string
	room     string
	category string
	text     string
	runes    runeSet // those of text and category
}

func newJudge(in Input) *judge {
	j := &judge{in: in, duty: map[string]bool{}, village: in.Station.Village(in.Target)}
	if in.Target.Kind != station.ForMember {
		for _, d := range in.Station.DutyAt(in.Target, in.Now) {
			j.duty[d.Member] = true
		}
	}
	if in.Target.Kind == station.ForRoom {
		j.room = in.Target.ID
	}
	if c, ok := Category(in.Station, in.Filing); ok {
		j.sectors, j.category = c.Sectors, c.Name
	}
	if p, ok := in.Station.Place(in.Target.ID); ok && in.Target.Kind == station.ForPlace && len(j.sectors) == 0 {
		j.sectors = p.Sectors
	}
	if m, ok := in.Station.Member(in.Target.ID); ok && j.scanned(m) && len(j.sectors) == 0 {
		j.like = m.Sector
	}
	j.text = in.Filing.Text
	j.runes.add(j.text)
	j.runes.add(j.category)
	j.accused = Accused(in.Station, in.Target, in.Filing.AboutMember, in.Filing.Against)
	j.nobody = in.Filing.AboutMember && len(j.accused) == 0
	return j
}

// scanned reports whether it was filed under the member's own code. Ids of
// rooms and places may equal a member's.
func (j *judge) scanned(m station.Member) bool {
	return j.in.Target.Kind == station.ForMember && j.in.Target.ID == m.ID
}

// bars says why a member may not have it, "" if they may.
func (j *judge) bars(m station.Member) casework.Reason {
	switch {
	case m.Gone:
		return casework.Left
	case j.in.FilerMember == m.ID, slices.Contains(j.accused, m.ID):
		return casework.Concerned
	case m.Away(j.in.Now):
		return casework.Away
	default:
		return ""
	}
}

// weigh sums what speaks for a member. Zero means nothing does.
func (j *judge) weigh(m station.Member) casework.Candidate {
	c := casework.Candidate{Member: m.ID, Name: m.Name, Capacity: m.Room()}
	add := func(weight int, r casework.Reason) {
		c.Score += weight
		c.Reasons = append(c.Reasons, r)
	}
	if j.scanned(m) {
		add(weighScanned, casework.Scanned)
	}
	if m.Sector != "" && slices.Contains(j.sectors, m.Sector) {
		add(weighSector, casework.SectorIn.With(m.Sector))
	}
	if j.duty[m.ID] {
		add(weighDuty, casework.OnDuty)
	}
	if j.like != "" && j.like == m.Sector && !j.scanned(m) {
		add(weighSameSector, casework.SameSector.With(m.Sector))
	}
	if j.room != "" && slices.Contains(m.Rooms, j.room) {
		add(weighRoom, casework.RoomKeeper)
	}
	if j.village != "" && j.village == m.Village && !j.scanned(m) {
		add(weighVillage, casework.Village.With(m.Village))
	}
	for _, e := range m.Expertise {
		if e != "" && j.runes.hasAll(e) && (strings.Contains(j.text, e) || strings.Contains(j.category, e)) {
			add(weighExpertise, casework.Expertise.With(e))
			break
		}
	}
	return c
}

// rank sorts best first: score, then who has the larger share of room left,
// then the smaller load, then id, so that the order never depends on chance.
func (j *judge) rank(list []casework.Candidate) {
	free := func(c casework.Candidate) int { return 1000 - 1000*j.in.Loads[c.Member]/c.Capacity }
	slices.SortStableFunc(list, func(a, b casework.Candidate) int {
		return cmp.Or(
			cmp.Compare(b.Score, a.Score),
			cmp.Compare(free(b), free(a)),
			cmp.Compare(j.in.Loads[a.Member], j.in.Loads[b.Member]),
			cmp.Compare(a.Member, b.Member),
		)
	})
	if len(list) > 1 && list[0].Score == list[1].Score && j.in.Loads[list[0].Member] < j.in.Loads[list[1].Member] {
		list[0].Reasons = append(list[0].Reasons, casework.MostRoom)
	}
}

// shorten keeps the best few. When all of those are known to be full, the best
// member with room takes the last place: in a holiday's rush a matter shall
// not wait in the pool while somebody who fits is free.
func (j *judge) shorten(list []casework.Candidate) []casework.Candidate {
	if len(list) <= MaxCandidates {
		return list
	}
	room := func(c casework.Candidate) bool { return j.in.Loads[c.Member] < c.Capacity }
	best, rest := list[:MaxCandidates:MaxCandidates], list[MaxCandidates:]
	if !slices.ContainsFunc(best, room) {
		if i := slices.IndexFunc(rest, room); i >= 0 {
			best[MaxCandidates-1] = rest[i]
		}
	}
	return slices.Clone(best)
}
