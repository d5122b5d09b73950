package handlers

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/matters"
	"mashang/domain/access"
)

// DossierRequest is the body of asking for a dossier.
type DossierRequest struct {
	Reason   string `json:"reason" doc:"Why it is handed over; at most 500 characters, written down and printed."`
	Contacts bool   `json:"contacts,omitempty" doc:"With the phone numbers; that is written down as well."`
}

type dossierIn struct {
	ID   string `path:"id" doc:"The submission's id."`
	Body DossierRequest
}

func (f *Face) addDossier() {
	handle(f, op(http.MethodPost, "/submissions/{id}/dossier", "dossier", "The whole file as a PDF for the body that is by law to go on with it; who asked and why is written down first.").
		by(may(access.Dossier)).writes().fails(http.StatusForbidden, http.StatusNotFound).binary("application/pdf"), f.dossier)
}

func (f *Face) dossier(ctx context.Context, c access.Caller, in *dossierIn) (*picture, error) {
	pdf, number, err := f.desk.Matters.Dossier(ctx, c, in.ID, matters.DossierRequest{Reason: in.Body.Reason, Contacts: in.Body.Contacts, Timeline: told})
	if err != nil {
		return nil, missing(err)
	}
	return &picture{func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/pdf")
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+number+`.pdf"`)
		ctx.SetHeader("Cache-Control", "no-store")
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(pdf) // whoever asked has gone
	}}, nil
}
