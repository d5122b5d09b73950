package overview

import (
	"context"
	"net/http"

	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Start is how far a new station is set up.
type Start struct {
	Steps  []StartStep `json:"steps" nullable:"false" doc:"In the order in which they are taken."`
	Left   int         `json:"left" doc:"How many are not done."`
	Over   bool        `json:"over" doc:"All of them were done at some time: what is left since is no reason to remind anybody."`
	Hidden bool        `json:"hidden" doc:"The caller does not want to be reminded of them."`
}

// StartStep is one step of a new station.
type StartStep struct {
	Key   string `json:"key" enum:"roster,duty,calendar,liaison,member,codes,wechat,first"`
	Name  string `json:"name" doc:"In Chinese."`
	Done  bool   `json:"done"`
	State string `json:"state" doc:"What there is, or what is wrong, in Chinese."`
	Next  string `json:"next" doc:"What to do next, in Chinese; empty once the step is done."`
}

// StartWish is whether the caller wants to be reminded.
type StartWish struct {
	Hidden bool `json:"hidden"`
}

type startWishIn struct{ Body StartWish }

func (rt *routes) addStart() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/start", "getStart", "How far a new station is set up, step by step, and what to do next.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.start)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/platform-check", "checkPlatform", "Examine the connection with the platform now. It changes nothing.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable), rt.checkPlatform)
	web.Handle(rt.api, web.Op(http.MethodPut, "/me/start", "hideStart", "Set whether the caller is reminded of these steps.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *startWishIn) (*struct{}, error) {
		return nil, rt.desk.overview.HideStart(ctx, c, in.Body.Hidden)
	})
}

func (rt *routes) start(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Start], error) {
	s, err := rt.desk.overview.Start(ctx, c)
	if err != nil {
		return nil, err
	}
	return &wire.Output[Start]{Body: startOf(s)}, nil
}

func startOf(s overview.Start) Start {
	out := Start{Steps: make([]StartStep, len(s.Steps)), Left: s.Left, Over: s.Over, Hidden: s.Hidden}
	for i, x := range s.Steps {
		out.Steps[i] = StartStep(x)
	}
	return out
}
