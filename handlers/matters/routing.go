package matters

import (
	"context"
	"net/http"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/language"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Routing is why a submission is where it is.
type Routing struct {
	Sentence string   `json:"sentence" doc:"One or two sentences in the caller's language. They name nobody but the member who has it."`
	Decision *Decided `json:"decision,omitempty" doc:"For the liaison: everything that was weighed."`
}

// Decided is a whole decision, as it was made at filing.
type Decided struct {
	RuleVersion   int          `json:"rule_version" doc:"Of the program's rule."`
	RulesVersion  int          `json:"rules_version" doc:"Of the station's rules; 0 when they were never changed."`
	RosterVersion int          `json:"roster_version"`
	Candidates    []Weighing   `json:"candidates" nullable:"false" doc:"Whom it was offered to, best first."`
	Passed        []PassedOver `json:"passed" nullable:"false" doc:"For whom something spoke and who could not have it: the one whose code was scanned, then the best of the others."`
	RunnerUp      string       `json:"runner_up,omitempty" doc:"Id of who would have had it next."`
	Change        string       `json:"change" doc:"What would have given it to somebody else."`
	Moved         bool         `json:"moved" doc:"People or an absence have moved it since."`
}

// Weighing is one candidate.
type Weighing struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Sector   string   `json:"sector"`
	Score    int      `json:"score"`
	Picked   bool     `json:"picked" doc:"Took it at filing."`
	Full     bool     `json:"full" doc:"Had no room at that moment."`
	Open     int      `json:"open" doc:"Submissions in their hands, as far as was known."`
	Capacity int      `json:"capacity"`
	For      []Ground `json:"for" nullable:"false"`
	Against  []Ground `json:"against" nullable:"false"`
}

// Ground is one reason.
type Ground struct {
	Code   string `json:"code"`
	Text   string `json:"text" doc:"In Chinese."`
	Weight int    `json:"weight" doc:"0 for what decides nothing."`
}

// PassedOver is a member who could not have it.
type PassedOver struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Code string `json:"code" enum:"away,concerned,left,returned"`
	Text string `json:"text" doc:"In Chinese."`
}

type explainIn struct {
	wire.ByID
	Languages string `header:"Accept-Language" maxLength:"500" doc:"The sentence is in Chinese, or in English for whoever reads no Chinese."`
}

func (rt *routes) addRouting() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/submissions/{id}/routing", "explainRouting", "Why it went where it went: a sentence to its visitor and its member, everything to the liaison.").
		By(web.May(access.Read)).Fails(http.StatusNotFound), rt.routing)
	web.Handle(rt.api, web.Op(http.MethodGet, "/submissions/{id}/candidates", "suggestAssignees", "Whom the rules would give it now, past who returned it.").
		By(web.May(access.Assign)).Fails(http.StatusForbidden, http.StatusNotFound), rt.candidates)
	rt.addContact()
}

func (rt *routes) routing(ctx context.Context, c access.Caller, in *explainIn) (*wire.Output[Routing], error) {
	e, err := rt.desk.matters.Explain(ctx, c, in.ID, language.Accepted(in.Languages))
	if err != nil {
		return nil, web.Missing(err)
	}
	out := Routing{Sentence: e.Sentence}
	if e.Full != nil {
		out.Decision = decidedOf(e.Full)
	}
	return &wire.Output[Routing]{Body: out}, nil
}

func decidedOf(d *matters.DecisionDetail) *Decided {
	return &Decided{
		RuleVersion: d.Rule, RulesVersion: d.Rules, RosterVersion: d.Roster,
		Candidates: weighingsOf(d.Candidates), Passed: passedOf(d.Passed),
		RunnerUp: d.RunnerUp, Change: d.Change, Moved: d.Reassigned,
	}
}

func groundsOf(list []matters.WeightedReason) []Ground {
	out := make([]Ground, len(list))
	for i, g := range list {
		out[i] = Ground(g)
	}
	return out
}

// Suggestion is the member to whom the rules would now assign a submission.
type Suggestion struct {
	Candidates []Weighing   `json:"candidates" nullable:"false" doc:"Who may have it, best first; without who has it. full: has no room now."`
	Passed     []PassedOver `json:"passed" nullable:"false" doc:"For whom something speaks and who may not have it, those who returned it among them."`
}

func (rt *routes) candidates(ctx context.Context, c access.Caller, in *wire.ByID) (*wire.Output[Suggestion], error) {
	s, err := rt.desk.matters.Candidates(ctx, c, in.ID)
	if err != nil {
		return nil, web.Missing(err)
	}
	return &wire.Output[Suggestion]{Body: Suggestion{weighingsOf(s.Candidates), passedOf(s.Passed)}}, nil
}

func weighingsOf(list []matters.CandidateScore) []Weighing {
	out := make([]Weighing, len(list))
	for i, c := range list {
		out[i] = Weighing{
			ID: c.ID, Name: c.Name, Sector: c.Sector, Score: c.Score, Picked: c.Picked, Full: c.Full,
			Open: c.Open, Capacity: c.Capacity, For: groundsOf(c.For), Against: groundsOf(c.Against),
		}
	}
	return out
}

func passedOf(list []matters.PassedOver) []PassedOver {
	out := make([]PassedOver, len(list))
	for i, p := range list {
		out[i] = PassedOver(p)
	}
	return out
}
