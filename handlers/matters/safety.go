package matters

import (
	"context"
	"net/http"
	"time"

	"mashang/domain/access"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// EmergencyQuestion is the body for checking a text for dangers.
type EmergencyQuestion struct {
	Text string `json:"text" doc:"What is written so far, at most 2,000 characters; it is not kept."`
}

// EmergencyAnswer is whom to call.
type EmergencyAnswer struct {
	Emergency *wire.Emergency `json:"emergency,omitempty" doc:"Absent when the text speaks of no danger."`
}

type emergencyIn struct{ Body EmergencyQuestion }

// HeldPhoto is a photo that waits for the liaison.
type HeldPhoto struct {
	Upload     Upload          `json:"upload"`
	State      string          `json:"state" enum:"doubtful,risky,unjudged"`
	Advice     string          `json:"advice"`
	Submission wire.Submission `json:"submission"`
	Since      time.Time       `json:"since"`
}

// PhotoVerdict is the liaison's decision about a photo.
type PhotoVerdict struct {
	Show   bool   `json:"show" doc:"True lets everybody concerned see it."`
	Reason string `json:"reason" doc:"At most 500 characters; written down."`
}

type photoVerdictIn struct {
	ByUpload

	Body PhotoVerdict
}

func (rt *routes) addSafety() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/emergencies", "getEmergencyAdvice", "Whom to call when a text that somebody is writing speaks of a danger.").
		Open(), rt.emergency) // whoever is in danger has not logged in
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/alarms", "alarms", "Submissions that speak of a danger no liaison has seen to, oldest first.").
		By(web.Staff).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.alarms)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/photos", "heldPhotos", "Photos that wait for the liaison's eye, the longest waiting first.").
		By(web.Staff).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.heldPhotos)
	web.Handle(rt.api, web.Op(http.MethodPost, "/uploads/{id}/verdict", "setPhotoVerdict", "Let everybody concerned see a photo, or keep it from them. Written down first.").
		By(web.Staff).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.decidePhoto)
}

func (rt *routes) emergency(_ context.Context, _ access.Caller, in *emergencyIn) (*wire.Output[EmergencyAnswer], error) {
	dangers, err := rt.desk.matters.Dangers(in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &wire.Output[EmergencyAnswer]{Body: EmergencyAnswer{wire.WarningOf(dangers)}}, nil
}

func (rt *routes) alarms(ctx context.Context, c access.Caller, in *wire.Paging) (*wire.ListOutput[wire.Submission], error) {
	return wire.Briefs(rt.desk.matters.Alarms(ctx, c, in.Cursor, in.Limit))
}

func (rt *routes) heldPhotos(ctx context.Context, c access.Caller, in *wire.Paging) (*wire.ListOutput[HeldPhoto], error) {
	p, err := rt.desk.matters.HeldPhotos(ctx, c, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[HeldPhoto]{Body: wire.Page[HeldPhoto]{Items: make([]HeldPhoto, len(p.Items)), NextCursor: p.Next, Unread: p.Unread}}
	for i := range p.Items {
		h := &p.Items[i]
		out.Body.Items[i] = HeldPhoto{
			Upload: uploadOf(h.Upload), State: string(h.Upload.Safety), Advice: wire.HeldAdvice[h.Upload.Safety],
			Submission: wire.BriefOf(&h.View), Since: h.Since.In(station.Zone),
		}
	}
	return out, nil
}

func (rt *routes) decidePhoto(ctx context.Context, c access.Caller, in *photoVerdictIn) (*wire.Output[PhotoVerdict], error) {
	if err := rt.desk.matters.DecidePhoto(ctx, c, in.ID, in.Body.Show, in.Body.Reason); err != nil {
		return nil, err
	}
	return &wire.Output[PhotoVerdict]{Body: in.Body}, nil
}
