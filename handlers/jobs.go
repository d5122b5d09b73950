package handlers

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/jobs"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Job is work in the background.
type Job struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind" doc:"What it does: signs, …"`
	State     record.JobState `json:"state" enum:"queued,running,done,failed,cancelled,lost"`
	StateName string          `json:"state_name" doc:"In Chinese."`
	Done      int             `json:"done" doc:"Parts that are finished."`
	Total     int             `json:"total" doc:"Of so many; 0 while nobody knows."`
	Error     string          `json:"error,omitempty" doc:"Why it failed or was lost and what to do, in Chinese."`
	File      *JobFile        `json:"file,omitempty" doc:"What it made; at /file for an hour."`
	LeftOut   []JobGap        `json:"left_out,omitempty" doc:"What the file lacks; the rest was made."`
	MadeAt    time.Time       `json:"made_at"`
	EndedAt   *time.Time      `json:"ended_at,omitempty"`
}

// JobGap is a part that was left out.
type JobGap struct {
	Name    string `json:"name" doc:"Whose sign it is."`
	Message string `json:"message" doc:"Why, and what to do, in Chinese."`
}

// JobFile tells of the file a job made.
type JobFile struct {
	Name string `json:"name"`
	Type string `json:"type" doc:"Its media type."`
	Size int    `json:"size" doc:"In bytes."`
}

// jobStates are the states in Chinese.
var jobStates = map[record.JobState]string{
	record.JobQueued: "排队中", record.JobRunning: "进行中", record.JobDone: "已完成",
	record.JobFailed: "没有做成", record.JobCancelled: "已取消", record.JobLost: "已中断",
}

type jobIn struct {
	ID string `path:"id" doc:"The job's id."`
}

func (f *Face) addJobs() {
	handle(f, op(http.MethodGet, "/station/jobs", "jobs", "The caller's own jobs of the last hour, newest first.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.jobs)
	handle(f, op(http.MethodGet, "/station/jobs/{id}", "job", "How far one of the caller's own jobs is.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusNotFound), f.job)
	handle(f, op(http.MethodDelete, "/station/jobs/{id}", "cancelJob", "Stop one of the caller's own jobs; one that has ended stays as it is.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden, http.StatusNotFound), f.cancelJob)
	handle(f, op(http.MethodGet, "/station/jobs/{id}/file", "jobFile", "What one of the caller's own jobs made.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity).
		binary("application/octet-stream", "application/pdf", "application/zip"), f.jobFile)
}

func jobOf(j record.Job) Job {
	out := Job{
		ID: j.ID, Kind: j.Kind, State: j.State, StateName: jobStates[j.State], Done: j.Done, Total: j.Total,
		Error: j.Error, MadeAt: j.Made.Time(),
	}
	if j.State == record.JobDone && j.Size > 0 {
		out.File = &JobFile{j.Name, j.Type, j.Size}
	}
	for _, g := range j.LeftOut {
		out.LeftOut = append(out.LeftOut, JobGap(g))
	}
	if j.Ended != 0 {
		at := j.Ended.Time().In(station.Zone)
		out.EndedAt = &at
	}
	return out
}

// begins marks an operation that answers a job.
func (o operation) begins() operation { o.DefaultStatus = http.StatusAccepted; return o }

// begun answers with a job that was begun.
func begun(j record.Job, err error) (*answer[Job], error) { return &answer[Job]{jobOf(j)}, err }

func (f *Face) jobs(ctx context.Context, c access.Caller, in *Paging) (*listed[Job], error) {
	p, err := f.desk.Jobs.Jobs(ctx, c, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listed[Job]{page[Job]{Items: make([]Job, len(p.Items)), NextCursor: p.Next}}
	for i, j := range p.Items {
		out.Body.Items[i] = jobOf(j)
	}
	return out, nil
}

func (f *Face) job(ctx context.Context, c access.Caller, in *jobIn) (*answer[Job], error) {
	j, err := f.desk.Jobs.Job(ctx, c, in.ID)
	return &answer[Job]{jobOf(j)}, err
}

func (f *Face) cancelJob(ctx context.Context, c access.Caller, in *jobIn) (*struct{}, error) {
	return nil, f.desk.Jobs.CancelJob(ctx, c, in.ID)
}

func (f *Face) jobFile(ctx context.Context, c access.Caller, in *jobIn) (*picture, error) {
	return saved(f.desk.Jobs.JobFile(ctx, c, in.ID))
}

// saved sends a file to be saved under its name.
func saved(p jobs.Product, err error) (*picture, error) {
	if err != nil {
		return nil, err
	}
	return &picture{func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", p.Type)
		ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.Name}))
		ctx.SetHeader("Cache-Control", "no-store")
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(p.Data) // whoever asked has gone
	}}, nil
}
