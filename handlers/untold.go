package handlers

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// Untold is somebody who could not be told of something.
type Untold struct {
	ID         string         `json:"id"`
	Submission Matter         `json:"submission"`
	Receiver   UntoldOne      `json:"receiver"`
	Purpose    notice.Purpose `json:"purpose" doc:"What they were to be told of, as in the templates' list."`
	Why        string         `json:"why" doc:"What happened and what to do, in plain Chinese."`
	Since      time.Time      `json:"since"`
}

// Matter is as much of a submission as names it.
type Matter struct {
	ID        string         `json:"id"`
	Number    string         `json:"number"`
	KindName  string         `json:"kind_name"`
	State     casework.State `json:"state" enum:"held,pooled,assigned,accepted,waiting,answered,closed,withdrawn"`
	StateName string         `json:"state_name"`
	DueAt     time.Time      `json:"due_at"`
}

// UntoldOne is who could not be told; a visitor has no name.
type UntoldOne struct {
	Role access.Role `json:"role" enum:"visitor,member,liaison"`
	Name string      `json:"name,omitempty"`
}

// UntoldNote is what the liaison may write down.
type UntoldNote struct {
	Note string `json:"note,omitempty" doc:"At most 500 characters; written down."`
}

type untoldDoneIn struct {
	ID string `path:"id" doc:"From the list."`

	Body UntoldNote
}

func (f *Face) addUntold() {
	handle(f, op(http.MethodGet, "/station/untold", "untold", "Those who could not be told of something by any means, the longest waiting first.").
		by(staff).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.untold)
	handle(f, op(http.MethodPost, "/station/untold/{id}/done", "untoldDone", "Take one off the list: they have been told, or will not be. Written down first.").
		by(staff).writes().fails(http.StatusForbidden, http.StatusNotFound), f.untoldDone)
}

func (f *Face) untold(ctx context.Context, c access.Caller, in *Paging) (*listed[Untold], error) {
	p, err := f.desk.Overview.UntoldList(ctx, c, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listed[Untold]{page[Untold]{Items: make([]Untold, len(p.Items)), NextCursor: p.Next, Unread: p.Unread}}
	for i := range p.Items {
		out.Body.Items[i] = untoldOf(&p.Items[i])
	}
	return out, nil
}

func untoldOf(u *overview.Untold) Untold {
	s := briefOf(&u.View)
	return Untold{
		ID: u.ID, Receiver: UntoldOne{u.Role, u.Name}, Purpose: u.Purpose, Why: u.Why, Since: u.Since.In(station.Zone),
		Submission: Matter{s.ID, s.Number, s.KindName, s.State, s.StateName, s.DueAt},
	}
}

func (f *Face) untoldDone(ctx context.Context, c access.Caller, in *untoldDoneIn) (*answer[UntoldNote], error) {
	if err := f.desk.Overview.TickUntold(ctx, c, in.ID, in.Body.Note); err != nil {
		return nil, err
	}
	return &answer[UntoldNote]{in.Body}, nil
}
