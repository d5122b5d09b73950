package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// Today is what a liaison sees first: open submissions by state.
type Today struct {
	Date          string     `json:"date" format:"date"`
	Held          int        `json:"held"`
	Pooled        int        `json:"pooled"`
	Assigned      int        `json:"assigned"`
	Accepted      int        `json:"accepted"`
	Waiting       int        `json:"waiting"`
	Answered      int        `json:"answered"`
	Overdue       int        `json:"overdue" doc:"Held by members past their time."`
	DueToday      int        `json:"due_today" doc:"Held by members and due before midnight."`
	Alarms        int        `json:"alarms" doc:"Speak of a danger no liaison has seen to."`
	HeldPhotos    int        `json:"held_photos" doc:"Photos that wait for the liaison's eye."`
	Untold        int        `json:"untold" doc:"Could not be told of something, and wait for the liaison to."`
	Assists       int        `json:"assists" doc:"Wait for an assistant's answer."`
	AssistsLate   int        `json:"assists_late" doc:"Those past the assistant's time."`
	OldestWaiting *time.Time `json:"oldest_waiting" doc:"Since when the oldest in the pool waits; null for none."`
	OnDuty        []Duty     `json:"on_duty" nullable:"false" doc:"At the station now."`
	Surge         Surge      `json:"surge"`
	Warnings      []string   `json:"warnings" nullable:"false" doc:"What the station's staff should have mended soon, in Chinese."`
	UnreadPushes  int        `json:"unread_pushes" doc:"What WeChat pushed in the last seven days without an effect; a warning speaks of them."`
}

// InviteOne is the body that makes an invitation; it may be missing.
type InviteOne struct {
	Again bool `json:"again,omitempty" doc:"Confirms that somebody who has bound a WeChat changes it: without, that is a conflict."`
}

// Invitation is a one-time code to bind a WeChat with.
type Invitation struct {
	Invitation string    `json:"invitation"`
	ExpiresAt  time.Time `json:"expires_at"`
}

// Colleague is a member to whom a submission can be given.
type Colleague struct {
	Member

	Away     bool `json:"away"`
	Open     *int `json:"open,omitempty" doc:"Submissions in their hands; for staff."`
	Capacity *int `json:"capacity,omitempty" doc:"How many they can hold; for staff."`
}

type (
	inboxIn struct {
		Paging

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

func (f *Face) addQueues() {
	handle(f, op(http.MethodGet, "/inbox", "inbox", "What the member has to do, first due first.").
		by(memberOnly).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.inbox)
	handle(f, op(http.MethodGet, "/pool", "pool", "What waits for the liaison, oldest first.").
		by(staff).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.pool)
	handle(f, op(http.MethodGet, "/station/today", "today", "The station's open submissions in figures.").
		by(staff).fails(http.StatusForbidden), f.today)
	handle(f, op(http.MethodGet, "/members", "members", "The station's members, to choose whom to give a submission.").
		by(roster.Colleagues).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.members)
	handle(f, op(http.MethodPost, "/members/{id}/invitations", "invite", "Make an invitation. Only an administrator invites liaisons.").
		by(staffOrAdmin).writes().creates().fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict), f.invite)
	const sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	handle(f, op(http.MethodGet, "/roster/template.xlsx", "rosterTemplate", "The empty roster spreadsheet.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusNotFound).binary(sheet),
		func(_ context.Context, _ access.Caller, _ *nothing) (*picture, error) { return f.template(sheet) })
}

func memberOnly(c access.Caller) error {
	if err := anyone(c); err != nil {
		return err
	}
	return access.Can(c, access.Accept)
}

func (f *Face) inbox(ctx context.Context, c access.Caller, in *inboxIn) (*listed[Submission], error) {
	filter := matters.Filter{State: casework.State(in.State), Kind: casework.Kind(in.Kind), Query: in.Query, Late: in.Late, Owed: in.Owed}
	return briefs(f.desk.Matters.Inbox(ctx, c, filter, in.Cursor, in.Limit))
}

func (f *Face) pool(ctx context.Context, c access.Caller, in *Paging) (*listed[Submission], error) {
	return briefs(f.desk.Matters.PoolList(ctx, c, in.Cursor, in.Limit))
}

func (f *Face) today(ctx context.Context, c access.Caller, _ *nothing) (*answer[Today], error) {
	t, err := f.desk.Overview.Today(ctx, c)
	if err != nil {
		return nil, err
	}
	return &answer[Today]{todayOf(&t)}, nil
}

func todayOf(t *overview.Today) Today {
	out := Today{
		Date: t.Date, Held: t.Held, Pooled: t.Pooled, Assigned: t.Assigned, Accepted: t.Accepted,
		Waiting: t.Waiting, Answered: t.Answered, Overdue: t.Overdue, DueToday: t.DueToday,
		Alarms: t.Alarms, HeldPhotos: t.HeldPhotos, Untold: t.Untold, Assists: t.Assists, AssistsLate: t.AssistsLate,
		OnDuty: dutiesOf(t.OnDuty), Surge: surgeOf(t.Surge), Warnings: filled(t.Warnings), UnreadPushes: t.UnreadPushes,
	}
	if !t.OldestWaiting.IsZero() {
		out.OldestWaiting = &t.OldestWaiting
	}
	return out
}

func (f *Face) members(ctx context.Context, c access.Caller, in *Paging) (*listed[Colleague], error) {
	p, err := f.desk.Roster.Members(ctx, c, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listed[Colleague]{page[Colleague]{Items: make([]Colleague, len(p.Items)), NextCursor: p.Next}}
	for i, m := range p.Items {
		row := Colleague{Member: memberOf(m.MemberCard), Away: m.Away}
		if c.Role != access.Member {
			row.Open, row.Capacity = &m.Open, &m.Capacity
		}
		out.Body.Items[i] = row
	}
	return out, nil
}

func (f *Face) invite(ctx context.Context, c access.Caller, in *invitee) (*answer[Invitation], error) {
	i, err := f.desk.Identity.Invite(ctx, c, in.ID, in.Body != nil && in.Body.Again)
	if err != nil {
		return nil, err
	}
	return &answer[Invitation]{Invitation{i.Code, i.ExpiresAt.In(station.Zone)}}, nil
}

func (f *Face) template(mediaType string) (*picture, error) {
	if f.o.Template == nil {
		return nil, access.Missing()
	}
	data, err := f.o.Template()
	if err != nil {
		return nil, err
	}
	return &picture{func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", mediaType)
		ctx.SetHeader("Content-Disposition", `attachment; filename="roster-template.xlsx"`)
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(data) // whoever asked has gone
	}}, nil
}
