package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/jobs"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// idle works until it is cancelled, and says when it has begun.
func idle(begun chan<- struct{}) jobs.JobRun {
	return func(ctx context.Context, _ jobs.Progress) (jobs.Product, error) {
		close(begun)
		<-ctx.Done()
		return jobs.Product{}, ctx.Err()
	}
}

func TestJobMakesAFile(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	half, seen := make(chan struct{}), make(chan struct{})
	secret := bytes.Repeat([]byte("名册里的电话"), 200_000)
	j := b.Start(c, "signs", func(_ context.Context, progress jobs.Progress) (jobs.Product, error) {
		progress(3, 7)
		close(half)
		<-seen
		return jobs.Product{Name: "码牌.pdf", Type: "application/pdf", Data: secret}, nil
	})
	if j.State != record.JobQueued || !j.Made.Time().Equal(desktest.Start) {
		t.Errorf("at first %+v", j)
	}
	<-half
	b.Eventually(c, j.ID, "half done", func(j record.Job) bool {
		return j.State == record.JobRunning && j.Done == 3 && j.Total == 7
	})
	if _, err := b.Jobs.JobFile(t.Context(), c, j.ID); !fault.Is(err, fault.WrongState) {
		t.Errorf("a file before the end: %v", err)
	}
	close(seen)
	j = b.JobEnd(c, j.ID)
	if j.State != record.JobDone || j.Done != 7 || j.Name != "码牌.pdf" || j.Size != len(secret) || j.Ended == 0 || j.Error != "" {
		t.Errorf("at last %+v", j)
	}
	p, err := b.Jobs.JobFile(t.Context(), c, j.ID)
	if err != nil || !bytes.Equal(p.Data, secret) || p.Type != "application/pdf" || p.Name != "码牌.pdf" {
		t.Errorf("%s %s of %d bytes, %v", p.Name, p.Type, len(p.Data), err)
	}
	kept, err := b.Store.JobFile(t.Context(), desktest.Here, j.ID)
	if err != nil || bytes.Contains(kept, []byte("名册")) {
		t.Errorf("the file lies open in the store: %v", err)
	}
	if b.Seen.Of("job", "done") != 1 {
		t.Error("not observed")
	}
}

// Another's job does not exist for the caller.
func TestJobIsItsOwners(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	j := b.Start(c, "signs", func(context.Context, jobs.Progress) (jobs.Product, error) {
		return jobs.Product{Name: "x", Data: []byte("x")}, nil
	})
	b.JobEnd(c, j.ID)
	for name, other := range map[string]access.Caller{
		"the administrator": b.Bound(desktest.Here, access.Liaison, "a01"), "another station's": b.Bound(desktest.There, access.Liaison, "l01"),
	} {
		_, err := b.Jobs.Job(t.Context(), other, j.ID)
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s sees it: %v", name, err)
		}
		if _, err := b.Jobs.JobFile(t.Context(), other, j.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s fetches it: %v", name, err)
		}
		if err := b.Jobs.CancelJob(t.Context(), other, j.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s cancels it: %v", name, err)
		}
		if p, err := b.Jobs.Jobs(t.Context(), other, "", 0); err != nil || len(p.Items) != 0 {
			t.Errorf("%s lists %v, %v", name, p.Items, err)
		}
	}
	for _, id := range []string{"", "j", "j000000000000000:", strings.Repeat("j", 18)} {
		if _, err := b.Jobs.Job(t.Context(), c, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	m := b.Member("m01")
	if _, err := b.Jobs.StartJob(t.Context(), m, "signs", nil); !fault.Is(err, fault.Denied) {
		t.Errorf("a member begins one: %v", err)
	}
	if _, err := b.Jobs.Jobs(t.Context(), m, "", 0); !fault.Is(err, fault.Denied) {
		t.Errorf("a member lists them: %v", err)
	}
	if _, err := b.Jobs.Job(t.Context(), m, j.ID); !fault.Is(err, fault.Denied) {
		t.Errorf("a member asks: %v", err)
	}
}

func TestJobsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	var want []string
	for range 5 {
		j := b.Start(c, "signs", func(context.Context, jobs.Progress) (jobs.Product, error) { return jobs.Product{}, nil })
		b.JobEnd(c, j.ID)
		want = append([]string{j.ID}, want...)
		b.Clock.Advance(time.Second)
	}
	var got []string
	cursor := ""
	for range 4 {
		p, err := b.Jobs.Jobs(t.Context(), c, cursor, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range p.Items {
			got = append(got, j.ID)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") || cursor != "" {
		t.Errorf("%v, want %v", got, want)
	}
}

// A job is cancelled in the process that works on it and from any other.
func TestJobIsCancelled(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	for name, by := range map[string]*desk.Desk{"here": b.Desk, "from another process": b.SecondDesk()} {
		begun := make(chan struct{})
		j := b.Start(c, "signs", idle(begun))
		<-begun
		if _, err := b.Jobs.StartJob(t.Context(), c, "signs", idle(nil)); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: a second of its kind: %v", name, err)
		}
		if err := by.Jobs.CancelJob(t.Context(), c, j.ID); err != nil {
			t.Fatal(err)
		}
		if j = b.JobEnd(c, j.ID); j.State != record.JobCancelled || j.Error != "" {
			t.Errorf("%s: %+v", name, j)
		}
		if err := by.Jobs.CancelJob(t.Context(), c, j.ID); err != nil {
			t.Errorf("%s, once more: %v", name, err)
		}
	}
}

// Work that fails says why in words for people, and no more than that.
func TestJobFails(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	for name, x := range map[string]struct {
		run  jobs.JobRun
		want string
	}{
		"told": {func(context.Context, jobs.Progress) (jobs.Product, error) {
			return jobs.Product{}, fault.New(fault.Invalid, "第 3 张码牌没有名称")
		}, "第 3 张码牌没有名称"},
		"plain": {func(context.Context, jobs.Progress) (jobs.Product, error) {
			return jobs.Product{}, errors.New("13800138000 is no page")
		}, "再试一次"},
		"panic": {func(context.Context, jobs.Progress) (jobs.Product, error) { panic("a text about 13912345678") }, "再试一次"},
		"large": {func(context.Context, jobs.Progress) (jobs.Product, error) {
			return jobs.Product{Data: make([]byte, jobs.MaxJobFile+1)}, nil
		}, "超过 32 MB"},
	} {
		j := b.Start(c, name, x.run)
		if j = b.JobEnd(c, j.ID); j.State != record.JobFailed || !strings.Contains(j.Error, x.want) || strings.Contains(j.Error, "138") {
			t.Errorf("%s: %s %q", name, j.State, j.Error)
		}
	}
	if log := b.Log.String(); !strings.Contains(log, "panicked") || strings.Contains(log, "13912345678") {
		t.Errorf("the log does not know of the panic, or quotes what was thrown: %s", log)
	}
}

// Two at once: the third waits, and takes its turn.
func TestJobsWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	first, second, third := make(chan struct{}), make(chan struct{}), make(chan struct{})
	j1 := b.Start(c, "one", idle(first))
	j2 := b.Start(c, "two", idle(second))
	<-first
	<-second
	j3 := b.Start(c, "three", idle(third))
	b.Eventually(c, j2.ID, "running", func(j record.Job) bool { return j.State == record.JobRunning })
	if j, err := b.Jobs.Job(t.Context(), c, j3.ID); err != nil || j.State != record.JobQueued {
		t.Errorf("the third is %s, %v", j.State, err)
	}
	if err := b.Jobs.CancelJob(t.Context(), c, j1.ID); err != nil {
		t.Fatal(err)
	}
	<-third
	for _, j := range []record.Job{j2, j3} {
		if err := b.Jobs.CancelJob(t.Context(), c, j.ID); err != nil {
			t.Fatal(err)
		}
		b.JobEnd(c, j.ID)
	}
}

func TestTooManyJobs(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	for i := range 20 {
		b.Start(c, "k"+string(rune('a'+i)), func(ctx context.Context, _ jobs.Progress) (jobs.Product, error) {
			<-ctx.Done()
			return jobs.Product{}, ctx.Err()
		})
	}
	if _, err := b.Jobs.StartJob(t.Context(), c, "another", nil); !fault.Is(err, fault.TooMany) {
		t.Errorf("one more: %v", err)
	}
	b.Jobs.StopJobs()
	p, err := b.Jobs.Jobs(t.Context(), c, "", 100)
	if err != nil || len(p.Items) != 20 {
		t.Fatalf("%d jobs, %v", len(p.Items), err)
	}
	for _, j := range p.Items {
		if j.State != record.JobLost || !strings.Contains(j.Error, "重新开始") {
			t.Errorf("after the stop %s %q", j.State, j.Error)
		}
	}
	if _, err := b.Jobs.StartJob(t.Context(), c, "another", nil); !fault.Is(err, fault.Unavailable) {
		t.Errorf("begun after the stop: %v", err)
	}
}

// A process that dies leaves its job without a sign of life.
func TestJobWithoutHeartbeatIsLost(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	ok, err := b.Store.AddJob(t.Context(), record.Job{
		ID: "j0123456789abcdef", Station: desktest.Here, Person: c.Person, Kind: "signs", State: record.JobRunning,
		Made: casework.At(desktest.Start), HeartbeatAt: casework.At(desktest.Start.Add(-31 * time.Second)),
	})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	j, err := b.Jobs.Job(t.Context(), c, "j0123456789abcdef")
	if err != nil || j.State != record.JobLost || j.Error == "" {
		t.Errorf("%+v, %v", j, err)
	}
	if err := b.Jobs.CancelJob(t.Context(), c, j.ID); err != nil {
		t.Error(err)
	}
}
