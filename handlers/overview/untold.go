package overview

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/kit"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Untold is a receiver whom a notice did not reach.
type Untold struct {
	ID         string         `json:"id"`
	Submission *Matter        `json:"submission,omitempty" doc:"Left out where it is about a reception day."`
	Day        *UntoldDay     `json:"day,omitempty" doc:"The reception day that it is about."`
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

// UntoldDay is a reception day and whose booking it is about.
type UntoldDay struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	When      string          `json:"when" doc:"In Chinese: 12月4日 周五 09:00–12:00."`
	State     reception.State `json:"state" enum:"draft,published,held,closed,cancelled"`
	BookingID string          `json:"booking,omitempty" doc:"The booking of whoever is to be told; none for members and liaisons."`
	Number    string          `json:"number,omitempty" doc:"The booking's number."`
	HasPhone  bool            `json:"has_phone,omitempty" doc:"They left a number, which is shown with a reason."`
}

// UntoldOne is the receiver; a visitor has no name.
type UntoldOne struct {
	Role access.Role `json:"role" enum:"visitor,member,liaison,department"`
	Name string      `json:"name,omitempty"`
}

// UntoldNote is a note of the liaison.
type UntoldNote struct {
	Note string `json:"note,omitempty" doc:"At most 500 characters; written down."`
}

type untoldIn struct {
	wire.Paging

	Submission []string `query:"submission" maxItems:"50" doc:"About these submissions alone, with commas; all of it in one answer."`
	Day        []string `query:"day" maxItems:"50" doc:"About these reception days, likewise."`
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

func (rt *routes) untold(ctx context.Context, c access.Caller, in *untoldIn) (*wire.ListOutput[Untold], error) {
	read := func() (kit.PageOf[overview.Undelivered], error) {
		if len(in.Submission)+len(in.Day) > 0 {
			return rt.desk.overview.UndeliveredOf(ctx, c, in.Submission, in.Day)
		}
		return rt.desk.overview.UndeliveredList(ctx, c, in.Cursor, in.Limit)
	}
	p, err := read()
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
	out := Untold{ID: u.ID, Receiver: UntoldOne{u.Role, u.Name}, Purpose: u.Purpose, Why: u.Why, Since: u.Since.In(station.Zone)}
	if u.Day == nil {
		s := wire.BriefOf(&u.View)
		out.Submission = &Matter{s.ID, s.Number, s.KindName, s.State, s.StateName, s.DueAt}
		return out
	}
	out.Day = &UntoldDay{ID: u.Day.ID, Name: notice.NameOf(u.Day.Day), When: notice.WhenOf(u.Day.Day), State: u.Day.State}
	if b := u.Day.Booking; b != nil {
		out.Day.BookingID, out.Day.Number, out.Day.HasPhone = b.ID, b.Number, b.Phone != ""
	}
	return out
}

func (rt *routes) untoldDone(ctx context.Context, c access.Caller, in *untoldDoneIn) (*wire.Output[UntoldNote], error) {
	if err := rt.desk.overview.ResolveUndelivered(ctx, c, in.ID, in.Body.Note); err != nil {
		return nil, err
	}
	return &wire.Output[UntoldNote]{Body: in.Body}, nil
}
