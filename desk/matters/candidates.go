package matters

import (
	"context"
	"slices"

	"mashang/domain/access"
	"mashang/domain/routing"
)

// Suggestion is to whom the rules would assign a submission now.
type Suggestion struct {
	// Candidates are the members who may have it, best first, without the assignee.
	Candidates []CandidateScore
	// Passed are members with reasons for the assignment who are excluded, such as those who returned it.
	Passed []PassedOver
}

// Candidates suggests to the liaison whom to give an open submission: by
// today's rules, roster and loads, past the members who returned it.
func (svc *Service) Candidates(ctx context.Context, c access.Caller, id string) (Suggestion, error) {
	x, err := svc.kit.Submission(ctx, c, access.Assign, id)
	if err != nil {
		return Suggestion{}, err
	}
	s, st := x.Submission(), x.Station()
	in := routing.Input{
		Station: st, Target: s.Target, Filing: routing.FilingOf(s), Returned: s.ReturnedBy(), Now: svc.kit.Now(),
	}
	if in.Loads, err = svc.kit.Loads(ctx, st); err != nil {
		return Suggestion{}, err
	}
	if in.LastAssigned, err = svc.lastAssigned(ctx, st.ID); err != nil {
		return Suggestion{}, err
	}
	filer, err := svc.store.Person(ctx, s.Filer)
	if err != nil {
		return Suggestion{}, err
	}
	if filer.Station == st.ID && filer.Role == string(access.Member) {
		in.FilerMember = filer.Ref
	}
	in.Contact = contactAt(filer.Contact, st.ID, in.Filing)
	decision := routing.Decide(in)
	var out Suggestion
	for _, c := range decision.Offered() {
		if c.Member != s.Assignee {
			out.Candidates = append(out.Candidates, candidateScore(st, c, in.Loads[c.Member] >= c.Capacity))
		}
	}
	for _, p := range slices.Concat(decision.Passed, decision.RuledOut) {
		if p.Member != s.Assignee {
			g := weightedReasonOf(p.Why, 0)
			out.Passed = append(out.Passed, PassedOver{ID: p.Member, Name: p.Name, Code: g.Code, Text: g.Text})
		}
	}
	return out, nil
}
