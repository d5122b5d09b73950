package routing

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/reason"
	"mashang/domain/station"
)

// recentAssignment is how long an assignment counts as recent.
const recentAssignment = 24 * time.Hour

// minScore is the minimum score of a candidate with any reason for them. Candidates by office alone (the
// room's keepers, the squads' leaders) have less.
const (
	minScore    = 3
	keeperScore = 2
	leaderScore = 1
)

// scorer holds what is the same for all members of one decision.
type scorer struct {
	in             Input
	weight         weights
	accused        []string
	accusedUnknown bool // it may be about any member, so nobody may get it
	duty           map[string]bool
	sectors        []string
	squads         []station.Squad
	squadOf        map[string]string // a member's squad in charge, by its name
	scannedSector  string            // the sector of the scanned member, if no sector is in charge
	village        string
	room           string
	category       string
	text           string
	folded         string  // the text in its folded form
	runes          runeSet // those of text, folded and category
	// byID finds members; it is made when a substitute is needed.
	byID map[string]*station.Member
	// points is reused for each member.
	points []point
}

// point is one reason for a member. The argument is separate: most members' points are summed and never
// formatted.
type point struct {
	weight int
	reason reason.Reason
	arg    string
}

// weights are the station's weights, looked up once.
type weights struct {
	scanned, squad, sector, duty, touristDuty, neighbour, sameSector, room, village, expertise, busy, assignedLately int
}

func weightsOf(st *station.Station) weights {
	return weights{
		scanned: st.Weight(station.WeighScanned), squad: st.Weight(station.WeighSquad), sector: st.Weight(station.WeighSector),
		duty: st.Weight(station.WeighDuty), touristDuty: st.Weight(station.WeighTouristDuty), neighbour: st.Weight(station.WeighNeighbour), sameSector: st.Weight(station.WeighSameSector),
		room: st.Weight(station.WeighRoom), village: st.Weight(station.WeighVillage), expertise: st.Weight(station.WeighExpertise),
		busy: st.Weight(station.WeighBusy), assignedLately: st.Weight(station.WeighAssignedLately),
	}
}

func newScorer(in Input) *scorer {
	j := &scorer{
		in: in, weight: weightsOf(in.Station), duty: map[string]bool{}, squadOf: map[string]string{},
		village: in.Station.Village(in.Target),
	}
	if in.Target.Kind != station.ForMember {
		for _, d := range in.Station.DutyAt(in.Target, in.Now) {
			j.duty[d.Member] = true
		}
	}
	if in.Target.Kind == station.ForRoom {
		j.room = in.Target.ID
	}
	category, ok := Category(in.Station, in.Filing)
	if ok {
		j.sectors, j.category = in.Station.InCharge(category), category.Name
	}
	if p, ok := in.Station.Place(in.Target.ID); ok && in.Target.Kind == station.ForPlace && len(j.sectors) == 0 {
		j.sectors = p.Sectors
	}
	j.squads = in.Station.SquadsInCharge(category.Key, j.sectors)
	for _, q := range slices.Backward(j.squads) {
		for _, m := range q.Members {
			j.squadOf[m] = q.Name
		}
		if q.Leader != "" {
			j.squadOf[q.Leader] = q.Name
		}
	}
	if m, ok := in.Station.Member(in.Target.ID); ok && j.scanned(&m) && len(j.sectors) == 0 {
		j.scannedSector = m.Sector
	}
	j.text, j.folded = in.Filing.Text, fold.Key(in.Filing.Text)
	j.runes.add(j.text)
	j.runes.add(j.folded)
	j.runes.add(j.category)
	j.accused = Accused(in.Station, in.Target, in.Filing.AboutMember, in.Filing.Against)
	j.accusedUnknown = in.Filing.AboutMember && len(j.accused) == 0
	return j
}

// scanned reports whether it was filed under the member's own code. Ids of rooms and places may equal a
// member's.
func (j *scorer) scanned(m *station.Member) bool {
	return j.in.Target.Kind == station.ForMember && j.in.Target.ID == m.ID
}

// exclusion returns why a member may not have it, "" if they may.
func (j *scorer) exclusion(m *station.Member) reason.Reason {
	switch {
	case m.Left:
		return reason.Left
	case slices.Contains(j.in.Parties, m.ID), slices.Contains(j.accused, m.ID):
		return reason.Concerned
	case slices.Contains(j.in.Returned, m.ID):
		return reason.Returned
	case m.Away(j.in.Now):
		return reason.Away
	default:
		return ""
	}
}

// score sums the reasons for a member and stores them in points. Zero means that there are none.
func (j *scorer) score(m *station.Member) int {
	j.points = j.points[:0]
	sum := 0
	add := func(weight int, r reason.Reason, arg string) {
		if weight > 0 {
			sum += weight
			j.points = append(j.points, point{weight, r, arg})
		}
	}
	mine := j.scanned(m)
	if mine {
		add(j.weight.scanned, reason.Scanned, "")
	}
	if len(j.squadOf) > 0 {
		if name, ok := j.squadOf[m.ID]; ok {
			add(j.weight.squad, reason.SquadIn, name)
		}
	}
	if m.Sector != "" && slices.Contains(j.sectors, m.Sector) {
		add(j.weight.sector, reason.SectorIn, m.Sector)
	}
	switch {
	case !j.duty[m.ID]:
	case j.in.Filing.Visitor == casework.Tourist:
		add(j.weight.touristDuty, reason.OnDuty, "")
	default:
		add(j.weight.duty, reason.OnDuty, "")
	}
	if j.in.Contact != "" && j.in.Contact == m.ID {
		add(j.weight.neighbour, reason.Neighbour, "")
	}
	if j.scannedSector != "" && j.scannedSector == m.Sector && !mine {
		add(j.weight.sameSector, reason.SameSector, m.Sector)
	}
	if j.room != "" && slices.Contains(m.Rooms, j.room) {
		add(j.weight.room, reason.RoomKeeper, "")
	}
	if j.village != "" && j.village == m.Village && !mine {
		add(j.weight.village, reason.Village, m.Village)
	}
	for _, e := range m.Expertise {
		if e != "" && j.runes.hasAll(e) && (strings.Contains(j.text, e) || strings.Contains(j.folded, e) || strings.Contains(j.category, e)) {
			add(j.weight.expertise, reason.Expertise, e)
			break
		}
	}
	return sum
}

// contender is a member in the ranking with only what it needs, since all but a few of ten thousand are
// dropped.
type contender struct {
	member                *station.Member
	score, open, capacity int
	lastAssigned          casework.Millis
	// substituteFor is the member they replace, and substituteBonus what that adds to their score.
	substituteFor   string
	substituteBonus int
}

// contender returns the member's entry for the ranking: the sum minus the penalties.
func (j *scorer) contender(m *station.Member, sum int) contender {
	s := contender{member: m, open: j.in.Loads[m.ID], capacity: j.in.Station.Capacity(*m), lastAssigned: j.in.LastAssigned[m.ID]}
	busy, asked := j.penalties(s)
	s.score = max(sum-busy-asked, minScore)
	return s
}

// penalties are what a member's load and a recent assignment cost.
func (j *scorer) penalties(s contender) (busy, asked int) {
	if j.recentlyAssigned(s.lastAssigned) {
		asked = j.weight.assignedLately
	}
	return j.weight.busy * min(s.open, s.capacity) / s.capacity, asked
}

func (j *scorer) recentlyAssigned(asked casework.Millis) bool {
	return asked != 0 && casework.At(j.in.Now)-asked < casework.Millis(recentAssignment.Milliseconds())
}

// candidate returns the contender with the reasons.
func (j *scorer) candidate(s contender) casework.Candidate {
	c := newCandidate(s)
	j.score(s.member)
	for _, p := range j.points {
		r := p.reason
		if p.arg != "" {
			r = r.With(p.arg)
		}
		c.Reasons, c.Weights = append(c.Reasons, r), append(c.Weights, p.weight)
	}
	if s.substituteFor != "" {
		c.Reasons, c.Weights = append(c.Reasons, reason.Substitute.With(s.substituteFor)), append(c.Weights, s.substituteBonus)
	}
	busy, asked := j.penalties(s)
	if busy > 0 {
		c.Against = append(c.Against, casework.WeightedReason{Reason: reason.Busy.With(loadText(c)), Weight: busy})
	}
	if asked > 0 {
		c.Against = append(c.Against, casework.WeightedReason{Reason: reason.AssignedLately, Weight: asked})
	}
	return c
}

// newCandidate returns a candidate without reasons.
func newCandidate(s contender) casework.Candidate {
	return casework.Candidate{
		Member: s.member.ID, Name: s.member.Name, Score: s.score, Capacity: s.capacity, Open: s.open, LastAssigned: s.lastAssigned,
	}
}

// loadText is "3/20": open submissions of capacity.
func loadText(c casework.Candidate) string {
	return strconv.Itoa(c.Open) + "/" + strconv.Itoa(c.Capacity)
}

// addAgainst adds the reasons against a candidate that cost no points: load and time decide among equals, and the
// better claim of others shows in their scores.
func (j *scorer) addAgainst(c *casework.Candidate) {
	has := func(list ...reason.Reason) bool {
		return slices.ContainsFunc(c.Reasons, func(r reason.Reason) bool {
			code, _, _ := strings.Cut(string(r), "=")
			return slices.Contains(list, reason.Reason(code))
		})
	}
	told := func(r reason.Reason) bool {
		return slices.ContainsFunc(c.Against, func(w casework.WeightedReason) bool { return w.Reason == r })
	}
	note := func(when bool, r reason.Reason) {
		if when && !told(r) {
			c.Against = append(c.Against, casework.WeightedReason{Reason: r})
		}
	}
	note(len(j.sectors)+len(j.squads) > 0 && !has(reason.SectorIn, reason.SquadIn), reason.OtherSector)
	note(len(j.duty) > 0 && !j.duty[c.Member], reason.OffDuty)
	note(c.Open > 0, reason.Busy.With(loadText(*c)))
	note(j.recentlyAssigned(c.LastAssigned), reason.AssignedLately)
}
