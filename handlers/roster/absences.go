package roster

import (
	"context"
	"net/http"

	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Absence reports that a member is away.
type Absence struct {
	From       string `json:"from" format:"date" doc:"The first day, local."`
	To         string `json:"to" format:"date" doc:"The last day, included."`
	Substitute string `json:"substitute,omitempty" doc:"Id of the member who stands in."`
	Reason     string `json:"reason,omitempty" doc:"For the liaison; at most 500 characters, and gone with the absence."`
}

// AwayTimes lists absences.
type AwayTimes struct {
	Items []wire.AwayTime `json:"items" nullable:"false" doc:"Those that are not over, first first."`
}

type (
	awayIn       struct{ Body Absence }
	memberAwayIn struct {
		ID   string `path:"id" doc:"The member's id."`
		Body Absence
	}
	awayOf struct {
		ID string `path:"id" doc:"The member's id."`
	}
	backIn struct {
		Absence string `path:"absence" doc:"The absence's id."`
	}
	memberBackIn struct {
		ID      string `path:"id" doc:"The member's id."`
		Absence string `path:"absence" doc:"The absence's id."`
	}
)

func (rt *routes) addAbsences() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/absences", "listMyAbsences", "When the member is away.").
		By(web.MemberOnly).Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[AwayTimes], error) {
		return rt.absences(ctx, c, "")
	})
	web.Handle(rt.api, web.Op(http.MethodPost, "/me/absences", "reportMyAbsence", "I am away: nothing new comes, and the substitute takes over what is open.").
		By(web.MemberOnly).Writes().Creates().Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *awayIn) (*wire.Output[wire.AwayTime], error) {
		return rt.goAway(ctx, c, "", in.Body)
	})
	web.Handle(rt.api, web.Op(http.MethodDelete, "/me/absences/{absence}", "withdrawMyAbsence", "Take it back: I am there.").
		By(web.MemberOnly).Writes().Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *backIn) (*web.Nothing, error) {
		return nil, rt.desk.roster.EndAbsence(ctx, c, "", in.Absence)
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/members/{id}/absences", "listMemberAbsences", "When a member is away.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *awayOf) (*wire.Output[AwayTimes], error) {
		return rt.absences(ctx, c, in.ID)
	})
	web.Handle(rt.api, web.Op(http.MethodPost, "/members/{id}/absences", "reportMemberAbsence", "Report an absence for a member.").
		By(web.StaffOrAdmin).Writes().Creates().Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *memberAwayIn) (*wire.Output[wire.AwayTime], error) {
		return rt.goAway(ctx, c, in.ID, in.Body)
	})
	web.Handle(rt.api, web.Op(http.MethodDelete, "/members/{id}/absences/{absence}", "withdrawMemberAbsence", "Take a member's absence back.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *memberBackIn) (*web.Nothing, error) {
		return nil, rt.desk.roster.EndAbsence(ctx, c, in.ID, in.Absence)
	})
}

func (rt *routes) absences(ctx context.Context, c access.Caller, member string) (*wire.Output[AwayTimes], error) {
	list, err := rt.desk.roster.Absences(ctx, c, member)
	if err != nil {
		return nil, err
	}
	out := AwayTimes{Items: make([]wire.AwayTime, len(list))}
	for i, a := range list {
		out.Items[i] = wire.AwayTimeOf(a)
	}
	return &wire.Output[AwayTimes]{Body: out}, nil
}

func (rt *routes) goAway(ctx context.Context, c access.Caller, member string, b Absence) (*wire.Output[wire.AwayTime], error) {
	a, err := rt.desk.roster.ReportAbsence(ctx, c, member, roster.AbsenceRequest(b))
	if err != nil {
		return nil, err
	}
	return &wire.Output[wire.AwayTime]{Body: wire.AwayTimeOf(a)}, nil
}
