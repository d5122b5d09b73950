package matters

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/language"
	"mashang/domain/reason"
	"mashang/domain/station"
)

// Explanation says why a submission has its assignee. Full is for the liaison only.
type Explanation struct {
	// Sentence names nobody but the assignee.
	Sentence string
	Full     *DecisionDetail
}

// DecisionDetail is a decision in full.
type DecisionDetail struct {
	// Rule is the version of the routing rule, Rules that of the station's rules, Roster that of the roster.
	Rule, Rules, Roster int
	Candidates          []CandidateScore
	Passed              []PassedOver
	// RunnerUp is the next candidate, "" for none.
	RunnerUp string
	// Change says what would have given it to another member.
	Change string
	// Reassigned is set when somebody else than the picked candidate has it now.
	Reassigned bool
}

// CandidateScore is one candidate with the weighed reasons.
type CandidateScore struct {
	codes.MemberCard
	Score, Open, Capacity int
	// Picked: it was assigned to the candidate at filing. Full: the candidate had no room then.
	Picked, Full bool
	For, Against []WeightedReason
}

// WeightedReason is one reason with its weight. The weight is 0 for a reason that does not count in the score.
type WeightedReason struct {
	Code, Text string
	Weight     int
}

// PassedOver is a member with reasons for the assignment who was excluded from it.
type PassedOver struct{ ID, Name, Code, Text string }

// Explain says why a submission has its assignee: in one sentence of a language to its filer and its member,
// in full to the liaison. For all others, assistants included, it returns access.Missing.
func (svc *Service) Explain(ctx context.Context, c access.Caller, id string, l language.Language) (Explanation, error) {
	x, err := svc.kit.Submission(ctx, c, access.Read, id)
	if err != nil {
		return Explanation{}, err
	}
	if x.Relation().Assistant() {
		return Explanation{}, access.Missing()
	}
	e := Explanation{Sentence: x.Submission().VisitorReason(l)}
	if x.Role() == access.Liaison {
		e.Full = decisionDetail(x.Station(), x.Submission())
	}
	return e, nil
}

func decisionDetail(st *station.Station, s casework.Submission) *DecisionDetail {
	f := &DecisionDetail{Rule: s.Decision.Rule, Rules: s.Decision.Rules, Roster: s.Decision.Roster}
	for i, c := range s.Decision.Offered() {
		w := candidateScore(st, c, s.WasFull(i))
		w.Picked = i == s.Pick-1
		f.Candidates = append(f.Candidates, w)
	}
	for _, p := range slices.Concat(s.Decision.Passed, s.Decision.RuledOut) {
		g := weightedReasonOf(p.Why, 0)
		f.Passed = append(f.Passed, PassedOver{ID: p.Member, Name: p.Name, Code: g.Code, Text: g.Text})
	}
	pick, _ := s.Picked()
	f.Reassigned = pick.Member != s.Assignee
	f.RunnerUp, f.Change = runnerUpChange(s)
	return f
}

// candidateScore makes a CandidateScore; full means that the candidate had no room.
func candidateScore(st *station.Station, c casework.Candidate, full bool) CandidateScore {
	w := CandidateScore{
		MemberCard: codes.MemberCard{ID: c.Member, Name: c.Name},
		Score:      c.Score, Open: c.Open, Capacity: c.Capacity, Full: full,
	}
	if m, ok := st.Member(c.Member); ok {
		w.MemberCard = codes.CardOf(m)
		w.Name = c.Name // the name at that time
	}
	for k, r := range c.Reasons {
		g := weightedReasonOf(r, 0)
		if k < len(c.Weights) {
			g.Weight = c.Weights[k]
		}
		w.For = append(w.For, g)
	}
	if w.Full {
		w.Against = append(w.Against, weightedReasonOf(reason.Full, 0))
	}
	for _, x := range c.Against {
		w.Against = append(w.Against, weightedReasonOf(x.Reason, x.Weight))
	}
	return w
}

func weightedReasonOf(r reason.Reason, weight int) WeightedReason {
	code, _, _ := strings.Cut(string(r), "=")
	return WeightedReason{Code: code, Text: r.ForStaff(), Weight: weight}
}

// runnerUpChange returns the second candidate and what would have given it to them.
func runnerUpChange(s casework.Submission) (runnerUp, text string) {
	pick, picked := s.Picked()
	next, ok := s.RunnerUp()
	switch {
	case !picked && len(s.Decision.Candidates) == 0:
		return "", "没有委员适合办理，进入待分派；为有关类别设定负责的界别或专班，或安排值班，即可自动分派"
	case !picked && s.Hold != "":
		return "", "内容需要先核对，没有自动分派"
	case !picked:
		return "", "适合的委员当时都已满，进入待分派；有一位办结或提高在办上限，即可自动分派"
	case !ok:
		return "", "没有其他委员适合且有余量；" + pick.Name + "委员不能办理时进入待分派"
	case next.Score == pick.Score:
		return next.Member, fmt.Sprintf("%s委员与其条件相当（都是 %d 分），由待办较少、较久未接件的先办", next.Name, next.Score)
	default:
		return next.Member, fmt.Sprintf("其次是%s委员，差 %d 分；%s委员已满、外出或应当回避时由其办理", next.Name, pick.Score-next.Score, pick.Name)
	}
}
