package handlers_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"mashang/desk/jobs"
	"mashang/domain/access"
)

// patience bounds every wait. It ends what hangs and judges no speed: a slow or
// busy machine runs a correct tree to its end.
const patience = 2 * time.Minute

// jobEnds waits until a job has ended and returns it.
func (b *bundle) jobEnds(token, id string) map[string]any {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		r := b.send("GET", "/api/v1/station/jobs/"+id, token, nil)
		b.want(r, 200)
		if j := r.JSON(b.t); j["state"] != "queued" && j["state"] != "running" {
			return j
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.t.Fatalf("does not end: %s", r.Body)
		}
	}
}

// callerOf is who a token stands for.
func (b *bundle) callerOf(token string) access.Caller {
	b.t.Helper()
	c, err := b.desk.Identity.Caller(b.t.Context(), token)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// A job on the wire: listed, looked at, its file fetched, cancelled.
func TestJobs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.as("sun", "hk", "liaison", "l1")
	c := b.callerOf(token)
	made, err := b.desk.Jobs.StartJob(t.Context(), c, "signs", func(_ context.Context, p jobs.Progress) (jobs.Product, error) {
		p(2, 2)
		return jobs.Product{Name: "河口镇码牌.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7")}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	j := b.jobEnds(token, made.ID)
	file := obj(j["file"])
	if j["state"] != "done" || j["state_name"] != "已完成" || j["done"] != 2.0 || j["total"] != 2.0 || j["kind"] != "signs" ||
		!strings.HasSuffix(at[string](j, "ended_at"), "+08:00") || file["name"] != "河口镇码牌.pdf" || file["size"] != 8.0 {
		t.Errorf("a job: %v", j)
	}
	path := "/api/v1/station/jobs/" + made.ID
	r := b.send("GET", path+"/file", token, nil)
	b.want(r, 200)
	if string(r.Body) != "%PDF-1.7" || r.Header.Get("Content-Type") != "application/pdf" || r.Header.Get("Cache-Control") != "no-store" ||
		!strings.Contains(r.Header.Get("Content-Disposition"), "filename*=utf-8''%E6%B2%B3") {
		t.Errorf("the file: %v %q", r.Header, r.Body)
	}
	begun := make(chan struct{})
	other, err := b.desk.Jobs.StartJob(t.Context(), c, "signs", func(ctx context.Context, _ jobs.Progress) (jobs.Product, error) {
		close(begun)
		<-ctx.Done()
		return jobs.Product{}, ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	b.problem(b.send("GET", "/api/v1/station/jobs/"+other.ID+"/file", token, nil), 422, "wrong_state")
	b.want(b.send("DELETE", "/api/v1/station/jobs/"+other.ID, token, nil), 204)
	if j := b.jobEnds(token, other.ID); j["state"] != "cancelled" || j["file"] != nil || j["error"] != nil {
		t.Errorf("cancelled: %v", j)
	}
	list := at[[]any](b.send("GET", "/api/v1/station/jobs", token, nil).JSON(t), "items")
	if len(list) != 2 {
		t.Errorf("listed %v", list)
	}
	admin := b.as("qian", "hk", "liaison", "a1")
	for _, p := range []string{path, path + "/file"} {
		b.problem(b.send("GET", p, admin, nil), 404, "not_found")
	}
	b.problem(b.send("DELETE", path, admin, nil), 404, "not_found")
}
