package overview

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/listing"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Today is the liaison's first page: open submissions by state.
type Today struct {
	Date          string      `json:"date" format:"date"`
	Held          int         `json:"held"`
	Pooled        int         `json:"pooled"`
	Assigned      int         `json:"assigned"`
	Accepted      int         `json:"accepted"`
	Waiting       int         `json:"waiting"`
	Answered      int         `json:"answered"`
	Overdue       int         `json:"overdue" doc:"Held by members past their time."`
	DueToday      int         `json:"due_today" doc:"Held by members and due before midnight."`
	Alarms        int         `json:"alarms" doc:"Speak of a danger no liaison has seen to."`
	HeldPhotos    int         `json:"held_photos" doc:"Photos that wait for the liaison's eye."`
	Untold        int         `json:"untold" doc:"Could not be told of something, and wait for the liaison to."`
	Assists       int         `json:"assists" doc:"Wait for an assistant's answer."`
	AssistsLate   int         `json:"assists_late" doc:"Those past the assistant's time."`
	OldestWaiting *time.Time  `json:"oldest_waiting" doc:"Since when the oldest in the pool waits; null for none."`
	OnDuty        []wire.Duty `json:"on_duty" nullable:"false" doc:"At the station now."`
	Surge         wire.Surge  `json:"surge"`
	Warnings      []string    `json:"warnings" nullable:"false" doc:"What the station's staff should have mended soon, in Chinese."`
	UnreadPushes  int         `json:"unread_pushes" doc:"What WeChat pushed in the last seven days without an effect; a warning speaks of them."`
}

// InboxSummary counts what waits for the caller.
type InboxSummary struct {
	Todo        int    `json:"todo" doc:"A member's open submissions, a department's unanswered assists, the liaison's unassigned submissions."`
	Late        int    `json:"late" doc:"Those of todo past their time."`
	Assists     int    `json:"assists" doc:"A member's unanswered assists."`
	AssistsLate int    `json:"assists_late" doc:"Those of assists past their time."`
	Alarms      int    `json:"alarms" doc:"Speak of a danger no liaison has seen to; for the liaison."`
	Place       string `json:"place" doc:"While it stays the same, no submission of the station has changed."`
}

// InviteOne is the body for making an invitation; it may be missing.
type InviteOne struct {
	Again bool `json:"again,omitempty" doc:"Confirms that somebody who has bound a WeChat changes it: without, that is a conflict."`
}

// Invitation is a one-time code for binding a WeChat user.
type Invitation struct {
	Invitation string    `json:"invitation"`
	ExpiresAt  time.Time `json:"expires_at"`
}

// Colleague is a member to whom a submission can be handed.
type Colleague struct {
	wire.Member

	Away     bool `json:"away"`
	Open     *int `json:"open,omitempty" doc:"Submissions in their hands; for staff."`
	Capacity *int `json:"capacity,omitempty" doc:"How many they can hold; for staff."`
}

type (
	inboxIn struct {
		wire.Paging

		State string `query:"state" enum:"assigned,accepted,waiting,answered,closed,withdrawn" doc:"Left out: what is to be done (assigned, accepted, waiting)."`
		Kind  string `query:"kind" enum:"complaint,suggestion,inquiry,help,dispute"`
		Query string `query:"q" maxLength:"100" doc:"Looked for in number and text."`
		Late  bool   `query:"late" doc:"Only what is past its time."`
		Owed  bool   `query:"owed" doc:"What was closed as agreed and is not carried out, by the day promised."`
	}
	invitee struct {
		ID   string `path:"id" doc:"A member's, liaison's or department's id."`
		Body *InviteOne
	}
)

func (rt *routes) addQueues() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/inbox", "listInbox", "What the member has to do, first due first.").
		By(web.MemberOnly).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.inbox)
	web.Handle(rt.api, web.Op(http.MethodGet, "/inbox/summary", "summarizeInbox", "How much waits for the caller. Cheap: asked for every few seconds while a page is open.").
		By(listing.RequireInbox).Background().Fails(http.StatusForbidden), rt.inboxSummary)
	web.Handle(rt.api, web.Op(http.MethodGet, "/pool", "listPool", "What waits for the liaison, oldest first.").
		By(web.Staff).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.pool)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/today", "getToday", "The station's open submissions in figures.").
		By(web.Staff).Fails(http.StatusForbidden), rt.today)
	web.Handle(rt.api, web.Op(http.MethodGet, "/members", "members", "The station's members, to choose whom to give a submission.").
		By(roster.RequireColleague).Compressed().Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.members)
	web.Handle(rt.api, web.Op(http.MethodPost, "/members/{id}/invitations", "invite", "Make an invitation. Only an administrator invites liaisons.").
		By(web.StaffOrAdmin).Writes().Creates().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict), rt.invite)
	const sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	web.Handle(rt.api, web.Op(http.MethodGet, "/roster/template.xlsx", "rosterTemplate", "The empty roster spreadsheet.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound).Binary(sheet),
		func(_ context.Context, _ access.Caller, _ *web.Nothing) (*web.Picture, error) {
			return rt.template(sheet)
		})
}

func (rt *routes) inbox(ctx context.Context, c access.Caller, in *inboxIn) (*wire.ListOutput[wire.Submission], error) {
	filter := matters.Filter{State: casework.State(in.State), Kind: casework.Kind(in.Kind), Query: in.Query, Late: in.Late, Owed: in.Owed}
	return wire.Briefs(rt.desk.matters.Inbox(ctx, c, filter, in.Cursor, in.Limit))
}

func (rt *routes) inboxSummary(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[InboxSummary], error) {
	n, err := rt.desk.listing.InboxSummary(ctx, c)
	return &wire.Output[InboxSummary]{Body: InboxSummary(n)}, err
}

func (rt *routes) pool(ctx context.Context, c access.Caller, in *wire.Paging) (*wire.ListOutput[wire.Submission], error) {
	return wire.Briefs(rt.desk.matters.PoolList(ctx, c, in.Cursor, in.Limit))
}

func (rt *routes) today(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Today], error) {
	t, err := rt.desk.overview.Today(ctx, c)
	if err != nil {
		return nil, err
	}
	return &wire.Output[Today]{Body: todayOf(&t)}, nil
}

func todayOf(t *overview.Today) Today {
	out := Today{
		Date: t.Date, Held: t.Held, Pooled: t.Pooled, Assigned: t.Assigned, Accepted: t.Accepted,
		Waiting: t.Waiting, Answered: t.Answered, Overdue: t.Overdue, DueToday: t.DueToday,
		Alarms: t.Alarms, HeldPhotos: t.HeldPhotos, Untold: t.Undelivered, Assists: t.Assists, AssistsLate: t.AssistsLate,
		OnDuty: wire.DutiesOf(t.OnDuty), Surge: wire.SurgeOf(t.Surge), Warnings: wire.Filled(t.Warnings), UnreadPushes: t.UnreadPushes,
	}
	if !t.OldestWaiting.IsZero() {
		out.OldestWaiting = &t.OldestWaiting
	}
	return out
}

func (rt *routes) members(ctx context.Context, c access.Caller, in *wire.Paging) (*wire.ListOutput[Colleague], error) {
	p, err := rt.desk.roster.Members(ctx, c, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[Colleague]{Body: wire.Page[Colleague]{Items: make([]Colleague, len(p.Items)), NextCursor: p.Next}}
	for i, m := range p.Items {
		row := Colleague{Member: wire.MemberOf(m.MemberCard), Away: m.Away}
		if c.Role != access.Member {
			row.Open, row.Capacity = &m.Open, &m.Capacity
		}
		out.Body.Items[i] = row
	}
	return out, nil
}

func (rt *routes) invite(ctx context.Context, c access.Caller, in *invitee) (*wire.Output[Invitation], error) {
	i, err := rt.desk.identity.Invite(ctx, c, in.ID, in.Body != nil && in.Body.Again)
	if err != nil {
		return nil, err
	}
	return &wire.Output[Invitation]{Body: Invitation{i.Code, i.ExpiresAt.In(station.Zone)}}, nil
}

func (rt *routes) template(mediaType string) (*web.Picture, error) {
	if rt.api.Options.Template == nil {
		return nil, access.Missing()
	}
	data, err := rt.api.Options.Template()
	if err != nil {
		return nil, err
	}
	return &web.Picture{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", mediaType)
		ctx.SetHeader("Content-Disposition", `attachment; filename="roster-template.xlsx"`)
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(data) // fails only if the caller has gone
	}}, nil
}
