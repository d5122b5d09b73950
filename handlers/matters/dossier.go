package matters

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// DossierRequest is the body for requesting a dossier.
type DossierRequest struct {
	Reason   string `json:"reason" doc:"Why it is handed over; at most 500 characters, written down and printed."`
	Contacts bool   `json:"contacts,omitempty" doc:"With the phone numbers; that is written down as well."`
}

// Worksheet is what a printed worksheet has beside the submission.
type Worksheet struct {
	QR     string            `json:"qr" doc:"The QR code of the submission's page in the console, as a data: address of an SVG."`
	Linked []wire.Submission `json:"linked" nullable:"false" doc:"Those it goes on with: the one that leads it, or all that follow it, without their timelines."`
}

type dossierIn struct {
	ID   string `path:"id" doc:"The submission's id."`
	Body DossierRequest
}

func (rt *routes) addDossier() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/submissions/{id}/dossier", "createDossier", "The whole file as a PDF for the body that is by law to go on with it; who asked and why is written down first.").
		By(web.May(access.Dossier)).Writes().Fails(http.StatusForbidden, http.StatusNotFound).Binary("application/pdf"), rt.dossier)
	web.Handle(rt.api, web.Op(http.MethodGet, "/submissions/{id}/worksheet", "getWorksheet", "What a printed worksheet has beside the submission.").
		By(web.May(access.Merge)).Fails(http.StatusForbidden, http.StatusNotFound), rt.worksheet)
}

func (rt *routes) worksheet(ctx context.Context, c access.Caller, in *alikeIn) (*wire.Output[Worksheet], error) {
	w, err := rt.desk.matters.Worksheet(ctx, c, in.ID)
	if err != nil {
		return nil, web.Missing(err)
	}
	out := Worksheet{QR: web.DataSVG(w.QR), Linked: make([]wire.Submission, len(w.Linked))}
	for i := range w.Linked {
		out.Linked[i] = wire.BriefOf(&w.Linked[i])
	}
	return &wire.Output[Worksheet]{Body: out}, nil
}

func (rt *routes) dossier(ctx context.Context, c access.Caller, in *dossierIn) (*web.Picture, error) {
	pdf, number, err := rt.desk.matters.Dossier(ctx, c, in.ID, matters.DossierRequest{Reason: in.Body.Reason, Contacts: in.Body.Contacts, Timeline: wire.Sentences})
	if err != nil {
		return nil, web.Missing(err)
	}
	return &web.Picture{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/pdf")
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+number+`.pdf"`)
		ctx.SetHeader("Cache-Control", "no-store")
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(pdf) // fails only if the caller has gone
	}}, nil
}
