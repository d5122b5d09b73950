package overview

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/overview"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Guard is how a station protects what people wrote, and what was noticed lately.
type Guard struct {
	RevealsPerHour int  `json:"reveals_per_hour" doc:"Phone numbers one account may have shown in an hour; they come back evenly."`
	RevealsPerDay  int  `json:"reveals_per_day" doc:"Likewise in 24 hours."`
	DefaultPerHour int  `json:"default_per_hour"`
	DefaultPerDay  int  `json:"default_per_day"`
	SecondPerson   bool `json:"second_person" doc:"What people wrote is exported only with a second person's word."`
	// Says and Watched are for people.
	Says    string    `json:"says" doc:"In Chinese: whether exports of texts need a second person."`
	May     bool      `json:"may_change" doc:"The caller may change this, and let an account go on."`
	Watched []Watched `json:"watched" nullable:"false" doc:"What single accounts did within three days, the newest first."`
}

// Watched is a notable event of one account.
type Watched struct {
	What     string      `json:"what" enum:"reveals-many,reveals-braked,list-export-texts,roster-export"`
	Sentence string      `json:"sentence" doc:"In Chinese."`
	At       time.Time   `json:"at"`
	Role     access.Role `json:"role" enum:"member,liaison,department,admin"`
	ID       string      `json:"id"`
	Braked   bool        `json:"braked" doc:"An administrator may let the account go on."`
}

// GuardSetting is the body for changing it.
type GuardSetting struct {
	RevealsPerHour int  `json:"reveals_per_hour,omitempty" doc:"1 to 1,000; 0 for the default."`
	RevealsPerDay  int  `json:"reveals_per_day,omitempty" doc:"1 to 1,000; 0 for the default."`
	SecondPerson   bool `json:"second_person,omitempty"`
}

// LiftedAccount names the account whose block is removed.
type LiftedAccount struct {
	Role access.Role `json:"role" enum:"member,liaison,department,admin"`
	ID   string      `json:"id" minLength:"1" maxLength:"64"`
}

// ExportAsk is a request to export people's texts.
type ExportAsk struct {
	ID        string    `json:"id"`
	Reason    string    `json:"reason"`
	Total     int       `json:"total" doc:"How many submissions the list had when it was asked for."`
	From      string    `json:"from,omitempty"`
	To        string    `json:"to,omitempty"`
	By        string    `json:"by" doc:"Who asks."`
	AgreedBy  string    `json:"agreed_by,omitempty"`
	RefusedBy string    `json:"refused_by,omitempty"`
	At        time.Time `json:"at"`
	Until     time.Time `json:"until" doc:"It is gone then."`
	Own       bool      `json:"own" doc:"The caller's own: another of the staff answers it."`
}

// ExportAsks are a station's requests.
type ExportAsks struct {
	Items []ExportAsk `json:"items" nullable:"false" doc:"Of the last 24 hours, the newest first."`
}

// ExportAnswer approves or refuses a request.
type ExportAnswer struct {
	Agree bool `json:"agree"`
}

type (
	guardIn     struct{ Body GuardSetting }
	liftIn      struct{ Body LiftedAccount }
	exportAskIn struct {
		ID string `path:"id" doc:"The request's id."`
	}
	exportAnswerIn struct {
		ID   string `path:"id" doc:"The request's id."`
		Body ExportAnswer
	}
)

func (rt *routes) addGuard() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/guard", "getRevealPolicy", "How many phone numbers one account may have shown, whether exports of texts need a second person, and what single accounts did lately.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.guard)
	web.Handle(rt.api, web.Op(http.MethodPut, "/station/guard", "setRevealPolicy", "Change that; written down first.").
		By(access.RequireAdmin).Writes().Fails(http.StatusForbidden), rt.setGuard)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/guard/lift", "resetReveals", "Give an account that was stopped all its reveals back; never the caller's own. Written down first.").
		By(access.RequireAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.liftBrake)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/exports", "listExportRequests", "Requests to export what people wrote, where a second person's word is needed.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.exportAsks)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/exports", "requestExport", "Ask for a list with what people wrote; another of the staff agrees within 24 hours. wrong_state where nobody needs to be asked.").
		By(web.Staff).Writes().Creates().Fails(http.StatusForbidden), rt.askExport)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/exports/{id}/answer", "decideExportRequest", "Agree to a colleague's request, or refuse it; never the caller's own.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict), rt.answerExport)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/exports/{id}/file", "runApprovedExport", "Make the file of the caller's own request that was agreed to, in the background; once.").
		By(web.Staff).Writes().StartsJob().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity), rt.exportAgreed)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/station/exports/{id}", "cancelExportRequest", "Take the caller's own request back.").
		By(web.Staff).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.dropExport)
}

func (rt *routes) guard(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Guard], error) {
	return guardOf(rt.desk.roster.RevealPolicy(ctx, c))
}

func (rt *routes) setGuard(ctx context.Context, c access.Caller, in *guardIn) (*wire.Output[Guard], error) {
	b := in.Body
	return guardOf(rt.desk.roster.SetRevealPolicy(ctx, c, station.RevealPolicy{MaxPerHour: b.RevealsPerHour, MaxPerDay: b.RevealsPerDay, NeedsSecondPerson: b.SecondPerson}))
}

func (rt *routes) liftBrake(ctx context.Context, c access.Caller, in *liftIn) (*wire.Output[Guard], error) {
	return guardOf(rt.desk.roster.ResetReveals(ctx, c, in.Body.Role, in.Body.ID))
}

func (rt *routes) exportAsks(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[ExportAsks], error) {
	list, err := rt.desk.overview.ExportRequests(ctx, c)
	if err != nil {
		return nil, err
	}
	out := ExportAsks{Items: make([]ExportAsk, len(list))}
	for i, a := range list {
		out.Items[i] = exportAskOf(a)
	}
	return &wire.Output[ExportAsks]{Body: out}, nil
}

func (rt *routes) askExport(ctx context.Context, c access.Caller, in *exportIn) (*wire.Output[ExportAsk], error) {
	return exportAsked(rt.desk.overview.RequestExport(ctx, c, exportOf(in.Body)))
}

func (rt *routes) answerExport(ctx context.Context, c access.Caller, in *exportAnswerIn) (*wire.Output[ExportAsk], error) {
	return exportAsked(rt.desk.overview.DecideExport(ctx, c, in.ID, in.Body.Agree))
}

func (rt *routes) exportAgreed(ctx context.Context, c access.Caller, in *exportAskIn) (*wire.Output[wire.Job], error) {
	return web.JobStarted(rt.desk.overview.RunApprovedExport(ctx, c, in.ID))
}

func (rt *routes) dropExport(ctx context.Context, c access.Caller, in *exportAskIn) (*web.Nothing, error) {
	return nil, rt.desk.overview.CancelExportRequest(ctx, c, in.ID)
}

func exportAsked(a overview.ExportRequest, err error) (*wire.Output[ExportAsk], error) {
	if err != nil {
		return nil, err
	}
	return &wire.Output[ExportAsk]{Body: exportAskOf(a)}, nil
}

func exportAskOf(a overview.ExportRequest) ExportAsk {
	return ExportAsk{
		ID: a.ID, Reason: a.Reason, Total: a.Total, From: a.From, To: a.To, By: a.By, AgreedBy: a.AgreedBy, RefusedBy: a.RefusedBy,
		At: a.At.In(station.Zone), Until: a.Until.In(station.Zone), Own: a.Own,
	}
}

func guardOf(g roster.RevealPolicyView, err error) (*wire.Output[Guard], error) {
	if err != nil {
		return nil, err
	}
	out := Guard{
		RevealsPerHour: g.Policy.MaxPerHour, RevealsPerDay: g.Policy.MaxPerDay,
		DefaultPerHour: station.DefaultRevealsHour, DefaultPerDay: station.DefaultRevealsDay,
		SecondPerson: g.Policy.NeedsSecondPerson, Says: "导出反映内容的双人确认没有开启：一位联络员就能导出", May: g.May, Watched: make([]Watched, len(g.Alerts)),
	}
	if g.Policy.NeedsSecondPerson {
		out.Says = "导出反映内容的双人确认已开启：一人申请，另一人确认，24 小时内有效"
	}
	for i, w := range g.Alerts {
		out.Watched[i] = Watched{What: w.What, Sentence: w.Sentence(), At: w.At.In(station.Zone), Role: w.Role, ID: w.ID, Braked: w.CanReset}
	}
	return &wire.Output[Guard]{Body: out}, nil
}
