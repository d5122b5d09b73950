package casework

import (
	"slices"
	"strings"
)

// Decision is why a submission went where it went, stored with it. It is made
// by routing; casework only keeps it.
type Decision struct {
	// Candidates in order of fitness; the first with room takes it.
	Candidates []Candidate `json:"c,omitempty"`
	// Passed are members who would have come first but could not.
	Passed []Passed `json:"p,omitempty"`
	// Rule and Roster are the versions the decision was made by.
	Rule   int `json:"r"`
	Roster int `json:"v"`
}

// Candidate is one member with what spoke for them.
type Candidate struct {
	Member   string   `json:"m"`
	Name     string   `json:"n"`
	Score    int      `json:"s"`
	Capacity int      `json:"-"`
	Reasons  []Reason `json:"r,omitempty"`
}

// Passed is a member who was passed over, and why.
type Passed struct {
	Member string `json:"m"`
	Name   string `json:"n"`
	Why    Reason `json:"w"`
}

// Reason is a code with an optional argument, "sector=文化旅游". Sentences are
// made when somebody reads them, so wording can improve for old decisions too.
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
	MostRoom   Reason = "load"
	Away       Reason = "away"
	Concerned  Reason = "concerned" // the complaint is about them
	Full       Reason = "full"
	Left       Reason = "left" // no longer a member of the station
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
	MostRoom:   "目前手上待办较少",
	Away:       "外出",
	Concerned:  "与此事有关，应当回避",
	Full:       "待办已满",
	Left:       "已不在本站",
}

// Chinese returns the reason as words.
func (r Reason) Chinese() string {
	code, arg, _ := strings.Cut(string(r), "=")
	return strings.ReplaceAll(reasonWords[Reason(code)], "%s", arg)
}

// Reasons says in Chinese sentences why the submission is where it is. There
// is always at least one.
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
	handed, moved := s.handed()
	pick := s.Decision.Candidates
	if s.Pick > 0 && s.Pick <= len(pick) {
		pick = pick[:s.Pick-1]
	}
	switch {
	case s.Assignee != "" && moved && handed.To == s.Assignee:
		return append(list, "由"+handed.ToName+"委员办理："+handedBy[handed.What])
	case s.Assignee != "" && !moved && len(pick) < len(s.Decision.Candidates):
		for _, c := range pick {
			list = append(list, passedOver(c.Name, Full))
		}
		return append(list, s.Decision.Candidates[len(pick)].sentence())
	case s.Assignee != "":
		return append(list, "已由本站委员办理")
	case !moved && s.Pick == 0:
		// Nobody has moved it since it was filed: the pool took it because
		// none of the candidates had room.
		for _, c := range pick {
			list = append(list, passedOver(c.Name, Full))
		}
	}
	if moved && handed.What == Return {
		return append(list, "前一位委员认为不由自己办理，由本站联络员尽快重新分派")
	}
	if moved && handed.What == Release {
		return append(list, "前一位委员已不在本站，由本站联络员尽快重新分派")
	}
	return append(list, "暂时没有合适的委员，由本站联络员尽快分派")
}

// handed returns the newest entry that moved the submission to or from a
// member; ok is false while it is where filing put it.
func (s Submission) handed() (e Entry, ok bool) {
	for _, e := range slices.Backward(s.Thread) {
		if e.What == Return || e.What == Release || handedBy[e.What] != "" && e.To != "" {
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

var handedBy = map[Act]string{
	Transfer: "前一位委员或联络员转来",
	Assign:   "联络员指派",
	Reopen:   "群众要求重新办理，仍由原委员负责",
}
