package roster

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// RulesTrial asks what rules would have done with what was filed in a time.
type RulesTrial struct {
	Rules Rules  `json:"rules" doc:"The rules to try, whole; their version does not matter."`
	From  string `json:"from,omitempty" doc:"The first day, 2026-07-01; a month before to when left out."`
	To    string `json:"to,omitempty" doc:"The last day, included; until now when left out."`
}

// TrialResult is what the rules would have done. Nothing is changed by a trial.
type TrialResult struct {
	From         time.Time       `json:"from"`
	To           time.Time       `json:"to"`
	Total        int             `json:"total" doc:"How many were decided again; those a liaison had to look at first are left out."`
	Changed      int             `json:"changed" doc:"How many of them would go to somebody else."`
	OtherRosters int             `json:"other_rosters" doc:"Of total, how many were decided by a roster that is not today's."`
	Partial      bool            `json:"partial" doc:"Older ones of the time were not looked at: there are more than 5,000, or ten seconds were up."`
	Categories   []TrialCategory `json:"categories" nullable:"false" doc:"By category, most changed first."`
	Items        []TrialItem     `json:"items" nullable:"false" doc:"Those that would go elsewhere, newest first, at most 200."`
}

// TrialCategory counts one category's part.
type TrialCategory struct {
	Category string `json:"category" doc:"Empty for those without one."`
	Name     string `json:"name"`
	Total    int    `json:"total"`
	Changed  int    `json:"changed"`
}

// TrialItem is one submission that would go elsewhere.
type TrialItem struct {
	ID      string         `json:"id"`
	Number  string         `json:"number"`
	FiledAt time.Time      `json:"filed_at"`
	Was     *wire.Receiver `json:"was" doc:"Who took it at filing; null for the pool."`
	Would   *wire.Receiver `json:"would" doc:"Who would take it; null for the pool."`
	Why     string         `json:"why" doc:"What speaks for that, in Chinese."`
}

type trialIn struct{ Body RulesTrial }

func (rt *routes) addTrial() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/rules/trial", "tryRules", "What other rules would have done with what was filed in a time; changes nothing.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden), rt.tryRules)
}

func (rt *routes) tryRules(ctx context.Context, c access.Caller, in *trialIn) (*wire.Output[TrialResult], error) {
	from, to, err := wire.Span{From: in.Body.From, To: in.Body.To}.Days()
	if err != nil {
		return nil, err
	}
	t, err := rt.desk.overview.TryRules(ctx, c, in.Body.Rules.plain(), from, to, nil)
	if err != nil {
		return nil, err
	}
	out := TrialResult{
		From: t.From.In(station.Zone), To: t.To.In(station.Zone), Total: t.Total, Changed: t.Changed, OtherRosters: t.OtherRosters, Partial: t.Partial,
		Categories: make([]TrialCategory, len(t.Categories)), Items: make([]TrialItem, len(t.Sample)),
	}
	for i, x := range t.Categories {
		out.Categories[i] = TrialCategory{Category: x.Key, Name: x.Name, Total: x.Total, Changed: x.Changed}
	}
	for i, x := range t.Sample {
		out.Items[i] = TrialItem{x.ID, x.Number, x.FiledAt, receiver(x.Was), receiver(x.Would), x.Why}
	}
	return &wire.Output[TrialResult]{Body: out}, nil
}

// receiver is a member on the wire, nil for the pool.
func receiver(m overview.MemberRef) *wire.Receiver {
	if m.ID == "" {
		return nil
	}
	return &wire.Receiver{ID: m.ID, Name: m.Name}
}
