package overview

import (
	"context"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/jobs"
	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

type jobIn struct {
	ID string `path:"id" doc:"The job's id."`
}

func (rt *routes) addJobs() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/jobs", "jobs", "The caller's own jobs of the last hour, newest first.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.jobs)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/jobs/{id}", "job", "How far one of the caller's own jobs is.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound), rt.job)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/station/jobs/{id}", "cancelJob", "Stop one of the caller's own jobs; one that has ended stays as it is.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.cancelJob)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/jobs/{id}/file", "jobFile", "What one of the caller's own jobs made.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity).
		Binary("application/octet-stream", "application/pdf", "application/zip"), rt.jobFile)
}

func (rt *routes) jobs(ctx context.Context, c access.Caller, in *wire.Paging) (*wire.ListOutput[wire.Job], error) {
	p, err := rt.desk.jobs.Jobs(ctx, c, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[wire.Job]{Body: wire.Page[wire.Job]{Items: make([]wire.Job, len(p.Items)), NextCursor: p.Next}}
	for i, j := range p.Items {
		out.Body.Items[i] = wire.JobOf(j)
	}
	return out, nil
}

func (rt *routes) job(ctx context.Context, c access.Caller, in *jobIn) (*wire.Output[wire.Job], error) {
	j, err := rt.desk.jobs.Job(ctx, c, in.ID)
	return &wire.Output[wire.Job]{Body: wire.JobOf(j)}, err
}

func (rt *routes) cancelJob(ctx context.Context, c access.Caller, in *jobIn) (*struct{}, error) {
	return nil, rt.desk.jobs.CancelJob(ctx, c, in.ID)
}

func (rt *routes) jobFile(ctx context.Context, c access.Caller, in *jobIn) (*web.Picture, error) {
	return sendFile(rt.desk.jobs.JobFile(ctx, c, in.ID))
}

// sendFile sends a file for saving under its name.
func sendFile(p jobs.Product, err error) (*web.Picture, error) {
	if err != nil {
		return nil, err
	}
	return &web.Picture{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", p.Type)
		ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.Name}))
		ctx.SetHeader("Cache-Control", "no-store")
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(p.Data) // fails only if the caller has gone
	}}, nil
}
