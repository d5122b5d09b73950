package overview

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Untold is a receiver whom a notice did not reach.
type Untold struct {
	ID         string         `json:"id"`
	Submission Matter         `json:"submission"`
	Receiver   UntoldOne      `json:"receiver"`
	Purpose    notice.Purpose `json:"purpose" doc:"What they were to be told of, as in the templates' list; visitor_call: their member asks the liaison to call them."`
	Why        string         `json:"why" doc:"What happened and what to do, in plain Chinese."`
	Since      time.Time      `json:"since"`
}

// Matter identifies a submission.
type Matter struct {
	ID        string         `json:"id"`
	Number    string         `json:"number"`
	KindName  string         `json:"kind_name"`
	State     casework.State `json:"state" enum:"held,pooled,assigned,accepted,waiting,answered,closed,withdrawn"`
	StateName string         `json:"state_name"`
	DueAt     time.Time      `json:"due_at"`
}

// UntoldOne is the receiver; a visitor has no name.
type UntoldOne struct {
	Role access.Role `json:"role" enum:"visitor,member,liaison"`
	Name string      `json:"name,omitempty"`
}

// UntoldNote is a note of the liaison.
type UntoldNote struct {
	Note string `json:"note,omitempty" doc:"At most 500 characters; written down."`
}

type untoldDoneIn struct {
	ID string `path:"id" doc:"From the list."`

	Body UntoldNote
}

func (rt *routes) addUntold() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/untold", "listUndelivered", "Those who could not be told of something by any means, the longest waiting first.").
		By(web.Staff).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.untold)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/untold/{id}/done", "resolveUndelivered", "Take one off the list: they have been told, or will not be. Written down first.").
		By(web.Staff).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.untoldDone)
}

func (rt *routes) untold(ctx context.Context, c access.Caller, in *wire.Paging) (*wire.ListOutput[Untold], error) {
	p, err := rt.desk.overview.UndeliveredList(ctx, c, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[Untold]{Body: wire.Page[Untold]{Items: make([]Untold, len(p.Items)), NextCursor: p.Next, Unread: p.Unread}}
	for i := range p.Items {
		out.Body.Items[i] = untoldOf(&p.Items[i])
	}
	return out, nil
}

func untoldOf(u *overview.Undelivered) Untold {
	s := wire.BriefOf(&u.View)
	return Untold{
		ID: u.ID, Receiver: UntoldOne{u.Role, u.Name}, Purpose: u.Purpose, Why: u.Why, Since: u.Since.In(station.Zone),
		Submission: Matter{s.ID, s.Number, s.KindName, s.State, s.StateName, s.DueAt},
	}
}

func (rt *routes) untoldDone(ctx context.Context, c access.Caller, in *untoldDoneIn) (*wire.Output[UntoldNote], error) {
	if err := rt.desk.overview.ResolveUndelivered(ctx, c, in.ID, in.Body.Note); err != nil {
		return nil, err
	}
	return &wire.Output[UntoldNote]{Body: in.Body}, nil
}
