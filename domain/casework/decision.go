package casework

import (
	"slices"
	"strings"

	"mashang/domain/access"
)

// Decision is why a submission was assigned as it was. Package routing makes it; casework only stores it.
type Decision struct {
	// Candidates are in order of fitness. Of those with equal score the one with most room gets it, then the
	// one with the oldest assignment. Those with a lower score get it when all before them are full.
	Candidates []Candidate `json:"c,omitempty"`
	// Ties are further members with the score of the first candidate; it was offered to them too.
	Ties []Tie `json:"e,omitempty"`
	// Passed are members who would have come first but could not have it.
	Passed []PassedOver `json:"p,omitempty"`
	// RuledOut are the best of the other members who qualified but could not have it; for the liaison.
	RuledOut []PassedOver `json:"x,omitempty"`
	// Rule, Rules and Roster are versions: of the program's rule, of the station's rules, and of its roster.
	Rule   int `json:"r"`
	Rules  int `json:"rv,omitempty"`
	Roster int `json:"v"`
}

// Candidate is one member with the reasons for and against.
type Candidate struct {
	Member   string   `json:"m"`
	Name     string   `json:"n"`
	Score    int      `json:"s"`
	Capacity int      `json:"k,omitempty"`
	Reasons  []Reason `json:"r,omitempty"`
	// Weights are those of Reasons, in the same order; older decisions have none.
	Weights []int `json:"w,omitempty"`
	// Against are the reasons against, which did not rule the member out.
	Against []WeightedReason `json:"a,omitempty"`
	// Open is how many open submissions they had, and LastAssigned when they last got one, as far as known.
	Open         int    `json:"o,omitempty"`
	LastAssigned Millis `json:"q,omitempty"`
}

// WeightedReason is a reason against with the points that it cost.
type WeightedReason struct {
	Reason Reason `json:"r"`
	Weight int    `json:"w,omitempty"`
}

// Tie is a member with the first candidate's score. Nil Reasons means the first candidate's.
type Tie struct {
	Member   string   `json:"m"`
	Name     string   `json:"n"`
	Capacity int      `json:"k,omitempty"`
	Reasons  []Reason `json:"r,omitempty"`
}

// Offered lists all members to whom it was offered, candidates first. A submission's Pick is a position in this
// list, from 1.
func (d Decision) Offered() []Candidate {
	if len(d.Ties) == 0 {
		return d.Candidates
	}
	list := slices.Clone(d.Candidates)
	for _, e := range d.Ties {
		c := Candidate{Member: e.Member, Name: e.Name, Capacity: e.Capacity, Score: d.Candidates[0].Score, Reasons: e.Reasons}
		if c.Reasons == nil {
			c.Reasons = slices.DeleteFunc(slices.Clone(d.Candidates[0].Reasons), func(r Reason) bool { return r == MostRoom })
		}
		list = append(list, c)
	}
	return list
}

// PassedOver is a member who was passed over, and why.
type PassedOver struct {
	Member string `json:"m"`
	Name   string `json:"n"`
	Why    Reason `json:"w"`
}

// Reason is a code with an optional argument, "sector=文化旅游". Its text is made when it is read, so that better
// wording also applies to old decisions.
type Reason string

// The reasons for and against.
const (
	Scanned    Reason = "scanned"
	OnDuty     Reason = "duty"
	RoomKeeper Reason = "room"
	Village    Reason = "village"
	SectorIn   Reason = "sector"
	SameSector Reason = "like" // as the member whose code was scanned
	Expertise  Reason = "expertise"
	SquadIn    Reason = "squad"
	Neighbour  Reason = "neighbour" // the household's own contact (六邻)
	Substitute Reason = "for"       // of a member who is away
	NearRoom   Reason = "near"      // keeps the room here; nobody fits better
	Leader     Reason = "leader"    // leads the squad in charge; nobody fits better
	MostRoom   Reason = "load"
	Away       Reason = "away"
	Concerned  Reason = "concerned" // the complaint is about them
	Full       Reason = "full"
	Left       Reason = "left" // no longer a member of the station
	Returned   Reason = "returned"
	// Reasons against that do not rule out.
	Busy           Reason = "busy"    // open of capacity, "5/20"
	AssignedLately Reason = "asked"   // got a submission in the last day
	OffDuty        Reason = "off"     // others are on duty there now
	OtherSector    Reason = "outside" // others' sector or squad is in charge
)

// With adds the argument.
func (r Reason) With(arg string) Reason { return r + "=" + Reason(arg) }

var reasonWords = map[Reason]string{
	Scanned:    "您扫的是这位委员的码",
	OnDuty:     "此刻正在值班",
	RoomKeeper: "负责这里的协商议事室",
	Village:    "就近联系%s",
	SectorIn:   "所在的%s界别负责这类事项",
	SameSector: "与您扫码的委员同属%s界别",
	Expertise:  "熟悉%s",
	SquadIn:    "是负责这类事项的%s的成员",
	Neighbour:  "是您家的联系委员",
	Substitute: "代外出的%s委员办理",
	NearRoom:   "负责附近的协商议事室",
	Leader:     "是负责这类事项的%s的组长",
	MostRoom:   "目前手上待办较少",
	Away:       "外出",
	Concerned:  "与此事有关，应当回避",
	Full:       "待办已满",
	Left:       "已不在本站",
	Returned:   "已退回过这件诉求",

	Busy:           "手上已有待办（%s）",
	AssignedLately: "一天之内刚接过别的诉求",
	OffDuty:        "此刻不值班，另有委员值班",
	OtherSector:    "这类事项由其他界别或专班负责",
}

// Chinese returns the reason in Chinese words.
func (r Reason) Chinese() string {
	code, arg, _ := strings.Cut(string(r), "=")
	return strings.ReplaceAll(reasonWords[Reason(code)], "%s", arg)
}

// Reasons returns Chinese sentences, at least one, about why the submission is where it is.
func (s Submission) Reasons() []string {
	if s.State == Held {
		return []string{"内容需要联络员先核对，核对后马上分派"}
	}
	if s.State == Withdrawn && s.Assignee == "" {
		return []string{"已撤回，不再分派"}
	}
	var list []string
	for _, p := range s.Decision.Passed {
		list = append(list, passedOver(p.Name, p.Why))
	}
	handed, moved := s.lastHandover()
	switch pick, ok := s.Picked(); {
	case s.Assignee != "" && moved && handed.To == s.Assignee:
		return append(list, "由"+handed.ToName+"委员办理："+handoverReasons[handed.What])
	case s.Assignee != "" && !moved && ok:
		for _, c := range s.fullCandidates() {
			list = append(list, passedOver(c.Name, Full))
		}
		return append(list, pick.sentence())
	case s.Assignee != "":
		return append(list, "已由本站委员办理")
	case !moved && s.Pick == 0:
		// It was not moved since it was filed: it went to the pool because none of the candidates had room.
		for _, c := range s.Decision.Candidates {
			list = append(list, passedOver(c.Name, Full))
		}
	}
	if moved && handed.What == access.Return {
		return append(list, "前一位委员认为不由自己办理，由本站联络员尽快重新分派")
	}
	if moved && handed.What == Released {
		return append(list, "前一位委员已不在本站，由本站联络员尽快重新分派")
	}
	return append(list, "暂时没有合适的委员，由本站联络员尽快分派")
}

// lastHandover returns the newest entry that moved the submission to or from a member; ok is false if none did.
func (s Submission) lastHandover() (e Entry, ok bool) {
	for _, e := range slices.Backward(s.Thread) {
		if e.What == access.Return || e.What == Released || handoverReasons[e.What] != "" && e.To != "" {
			return e, true
		}
	}
	return Entry{}, false
}

func passedOver(name string, why Reason) string {
	return name + "委员" + why.Chinese() + "，未作分派"
}

func (c Candidate) sentence() string {
	words := make([]string, len(c.Reasons))
	for i, r := range c.Reasons {
		words[i] = r.Chinese()
	}
	return "由" + c.Name + "委员办理：" + strings.Join(words, "，")
}

// handoverReasons are the visitor's texts for entries that gave the matter to a member. Other entries are not
// in it.
var handoverReasons = map[access.Action]string{
	access.Transfer: "前一位委员或联络员转来",
	access.Assign:   "联络员指派",
	access.Reopen:   "群众要求重新办理，仍由原委员负责",
	Covered:         "原办理委员外出，代为办理",
	Resumed:         "外出已回，继续办理",
}

// Picked returns the candidate who got it at filing; ok is false if nobody did, or without a decision (views
// omit it).
func (s Submission) Picked() (c Candidate, ok bool) {
	offered := s.Decision.Offered()
	if s.Pick < 1 || s.Pick > len(offered) {
		return Candidate{}, false
	}
	return offered[s.Pick-1], true
}

// RunnerUp returns the candidate who would have got it if the picked one were not there: the best of the others
// with room; ok is false without one.
func (s Submission) RunnerUp() (c Candidate, ok bool) {
	for i, c := range s.Decision.Offered() {
		if i != s.Pick-1 && !s.WasFull(i) {
			return c, true
		}
	}
	return Candidate{}, false
}

// WasFull reports whether the i-th member to whom it was offered, from 0, had no room at filing.
func (s Submission) WasFull(i int) bool {
	if s.Decision.Rule < tieRuleVersion {
		// The first with room got it: all before were full.
		return i < len(s.Decision.Candidates) && (s.Pick == 0 || i < s.Pick-1)
	}
	return s.Full&(1<<i) != 0
}

// tieRuleVersion is the version of the program's rule since which the store decides among equals and records
// who was full.
const tieRuleVersion = 2

// fullCandidates are the candidates before the picked one who had no room.
func (s Submission) fullCandidates() []Candidate {
	pick, _ := s.Picked()
	var list []Candidate
	for i, c := range s.Decision.Candidates {
		if i != s.Pick-1 && s.WasFull(i) && (c.Score > pick.Score || i < s.Pick-1) {
			list = append(list, c)
		}
	}
	return list
}

// VisitorReason returns one sentence for its visitor about who has it and why. It names no other member.
func (s Submission) VisitorReason() string {
	list := s.Reasons()
	text := list[len(list)-1] + "。"
	if slices.ContainsFunc(s.Decision.Passed, func(p PassedOver) bool { return p.Member != s.Assignee }) {
		text = "您扫码的委员暂时不便办理这件事，" + text
	}
	return text
}
