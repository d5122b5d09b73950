package matters

import (
	"context"
	"slices"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/handover"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
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
	in, err := routingInput(ctx, svc.kit, svc.store, st)
	if err != nil {
		return Suggestion{}, err
	}
	decision, err := decideAgain(in, s, svc.people(ctx))
	if err != nil {
		return Suggestion{}, err
	}
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

// Proposals returns, by the submission's id, the best member with room for each of a station's submissions, for the
// station's liaison. One for which nobody has room is absent.
func (svc *Service) Proposals(ctx context.Context, c access.Caller, st *station.Station, list []casework.Submission) (map[string]CandidateScore, error) {
	out := map[string]CandidateScore{}
	if len(list) == 0 {
		return out, nil
	}
	in, err := routingInput(ctx, svc.kit, svc.store, st)
	if err != nil {
		return nil, err
	}
	person := svc.people(ctx) // some have several that wait
	for _, s := range list {
		if err := access.May(c, access.Assign, s.AccessResource()); err != nil {
			return nil, err
		}
		decision, err := decideAgain(in, s, person)
		if err != nil {
			return nil, err
		}
		for _, x := range decision.Offered() {
			if x.Member != s.Assignee && in.Loads[x.Member] < x.Capacity {
				out[s.ID] = candidateScore(st, x, false)
				break
			}
		}
	}
	return out, nil
}

// routingInput returns what all decisions about a station's submissions have in common now. Its maps are only read.
func routingInput(ctx context.Context, k *kit.Kit, store Store, st *station.Station) (in routing.Input, err error) {
	in = routing.Input{Station: st, Now: k.Now()}
	if in.Loads, err = k.Loads(ctx, st); err != nil {
		return in, err
	}
	in.LastAssigned, err = k.Cache.LastAssigned.Get(ctx, st.ID, func(ctx context.Context, _ map[string]casework.Millis) (map[string]casework.Millis, error) {
		return store.LastAssigned(ctx, st.ID)
	})
	return in, err
}

// decideAgain ranks the members for a submission, past those who returned it.
func decideAgain(in routing.Input, s casework.Submission, person func(id string) (record.Person, error)) (casework.Decision, error) {
	in.Target, in.Filing, in.Returned = s.Target, routing.FilingOf(s), s.ReturnedBy()
	var err error
	in.Parties, in.Contact, err = PartiesOf(s, person)
	return routing.Decide(in), err
}

// people reads each person once.
func (svc *Service) people(ctx context.Context) func(id string) (record.Person, error) {
	return PeopleOnce(func(id string) (record.Person, error) { return svc.store.Person(ctx, id) })
}

// PeopleOnce returns a way to read people that reads each once, and nobody for one who had their data erased.
func PeopleOnce(person func(id string) (record.Person, error)) func(id string) (record.Person, error) {
	known := map[string]record.Person{}
	return func(id string) (record.Person, error) {
		p, ok := known[id]
		if ok {
			return p, nil
		}
		p, err := person(id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return p, err
		}
		known[id] = p
		return p, nil
	}
}

// PartiesOf returns which members of its station a submission is the own of, or their family's, and the filer's
// household contact there, "" for none. person is of PeopleOnce.
func PartiesOf(s casework.Submission, person func(id string) (record.Person, error)) (members []string, contact string, err error) {
	for _, id := range handover.Parties(s) {
		p, err := person(id)
		if err != nil {
			return nil, "", err
		}
		if p.Station == s.Station && p.Role == string(access.Member) {
			members = append(members, p.Ref)
		}
		if id == s.Filer {
			contact = contactAt(p.Contact, s.Station, routing.FilingOf(s))
		}
	}
	return members, contact, nil
}
