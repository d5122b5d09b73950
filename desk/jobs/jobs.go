package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

const (
	// maxRunning is how many jobs a process runs at once. One processor stays free for requests.
	maxRunning = 2
	// maxJobs is how many running and waiting jobs a process accepts.
	maxJobs = 20
	// cancelPoll is how often a job checks whether it was cancelled.
	cancelPoll = 500 * time.Millisecond
	// heartbeatEvery is how often a job writes a heartbeat. After heartbeatTimeout without one it is lost.
	heartbeatEvery   = 5 * time.Second
	heartbeatTimeout = 30 * time.Second
	// finalWriteTimeout bounds the writing of a job's result.
	finalWriteTimeout = 20 * time.Second
	// MaxJobFile is the largest file in bytes that a job may make.
	MaxJobFile = 32 << 20
)

// The causes with which a job's context is cancelled.
var (
	errJobCancelled = errors.New("the job was cancelled")
	errJobStopped   = errors.New("the process ends")
)

// Product is the file that a job made. Name is its file name with extension; Type is its media type.
type Product struct {
	Name, Type string
	Data       []byte
	// LeftOut lists what the file lacks, and why.
	LeftOut []record.JobGap
}

// Progress reports that done of total parts are finished; total 0 is unknown. It is cheap and may be called
// often.
type Progress func(done, total int)

// JobRun is the work of a job. Its ctx ends on cancellation or when the process stops. An error with a fault's
// code is shown to the job's owner.
type JobRun func(ctx context.Context, progress Progress) (Product, error)

// jobRunner runs the jobs of this process.
type jobRunner struct {
	mu      sync.Mutex
	stopped bool
	// running has the cancel function of each accepted job, by id.
	running map[string]context.CancelCauseFunc
	done    sync.WaitGroup
	slots   chan struct{}
}

func newJobRunner() *jobRunner {
	return &jobRunner{running: map[string]context.CancelCauseFunc{}, slots: make(chan struct{}, maxRunning)}
}

// start accepts a job. Its context outlives the request that started it.
func (w *jobRunner) start(ctx context.Context, id string) (context.Context, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return nil, fault.New(fault.Unavailable, "系统正在重启，请稍后再试")
	}
	if len(w.running) >= maxJobs {
		return nil, fault.New(fault.TooMany, "正在排队的任务太多，请过几分钟再试").Retry(time.Minute)
	}
	run, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	w.running[id] = cancel
	w.done.Add(1)
	return run, nil
}

func (w *jobRunner) finish(id string) {
	w.mu.Lock()
	cancel := w.running[id]
	delete(w.running, id)
	w.mu.Unlock()
	cancel(nil)
	w.done.Done()
}

// cancel cancels a job if this process runs it.
func (w *jobRunner) cancel(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if cancel, ok := w.running[id]; ok {
		cancel(errJobCancelled)
	}
}

// StopJobs cancels all jobs of this process, refuses new ones, and waits until the results are stored. Run
// calls it when its context ends.
func (svc *Service) StopJobs() {
	w := svc.runner
	w.mu.Lock()
	w.stopped = true
	for _, cancel := range w.running {
		cancel(errJobStopped)
	}
	w.mu.Unlock()
	w.done.Wait()
}

// StartJob starts background work for staff. They can follow its progress, cancel it and fetch its file by the
// job's id, for an hour. kind is a short word in lower-case letters; a person has one unfinished job of a kind
// at a time, else Conflict. Callers check access and write the audit line before.
func (svc *Service) StartJob(ctx context.Context, c access.Caller, kind string, run JobRun) (record.Job, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return record.Job{}, err
	}
	id, err := svc.kit.NewID("j")
	if err != nil {
		return record.Job{}, err
	}
	now := casework.At(svc.kit.Now())
	j := record.Job{
		ID: id, Station: c.Station, Person: c.Person, Kind: kind, State: record.JobQueued, Made: now, HeartbeatAt: now,
	}
	work, err := svc.runner.start(ctx, id)
	if err != nil {
		return record.Job{}, err
	}
	ok, err := svc.store.AddJob(ctx, j)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "您有一个同样的任务还没有做完，请等它做完，或者先取消它")
	}
	if err != nil {
		svc.runner.finish(id)
		return record.Job{}, err
	}
	go svc.run(work, j, run)
	return j, nil
}

// run waits for a slot, does the work and stores the result.
func (svc *Service) run(ctx context.Context, j record.Job, run JobRun) {
	defer svc.runner.finish(j.ID)
	var parts atomic.Pointer[[2]int]
	var running atomic.Bool
	state := func() record.Job {
		now := j
		if running.Load() {
			now.State = record.JobRunning
		}
		if p := parts.Load(); p != nil {
			now.Done, now.Total = p[0], p[1]
		}
		now.HeartbeatAt = casework.At(svc.kit.Now())
		return now
	}
	product, err := func() (Product, error) {
		watched, stop := context.WithCancel(ctx)
		var watch sync.WaitGroup
		watch.Go(func() { svc.reportProgress(watched, j, state) })
		defer watch.Wait()
		defer stop()
		select {
		case svc.runner.slots <- struct{}{}:
			defer func() { <-svc.runner.slots }()
		case <-ctx.Done():
			return Product{}, ctx.Err()
		}
		running.Store(true)
		return runRecovered(ctx, run, func(done, total int) { parts.Store(&[2]int{done, total}) })
	}()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalWriteTimeout)
	defer cancel()
	if err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		err = svc.storeFile(last, j, product)
	}
	j = svc.ended(ctx, state(), product, err)
	if err := svc.store.PutJob(last, j); err != nil {
		svc.kit.Log.WarnContext(ctx, "end of a job not written down", slog.String("job", j.ID), slog.Any("err", err))
	}
	svc.kit.Config.Observe("job", string(j.State))
}

// runRecovered turns a panic of the work into an error, because this process serves others. A panic value may
// quote what a person wrote: the error has only its type, or the runtime's message.
func runRecovered(ctx context.Context, run JobRun, progress Progress) (p Product, err error) {
	defer func() {
		if r := recover(); r != nil {
			what := fmt.Sprintf("%T", r)
			if e, ok := r.(runtime.Error); ok {
				what = e.Error()
			}
			err = fmt.Errorf("the work panicked: %s\n%s", what, debug.Stack())
		}
	}()
	return run(ctx, progress)
}

// reportProgress stores the progress and heartbeats of a job, and cancels it when that is requested.
func (svc *Service) reportProgress(ctx context.Context, j record.Job, state func() record.Job) {
	tick := time.NewTicker(cancelPoll)
	defer tick.Stop()
	stored, silent := j, time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		silent += cancelPoll
		if cancelled, err := svc.store.JobCancelled(ctx, j.Station, j.ID); err == nil && cancelled {
			svc.runner.cancel(j.ID)
			return
		}
		now := state()
		if now.State == stored.State && now.Done == stored.Done && now.Total == stored.Total && silent < heartbeatEvery {
			continue
		}
		if svc.store.PutJob(ctx, now) == nil { // else the next tick stores it
			stored, silent = now, 0
		}
	}
}

// storeFile stores the file sealed, because it may hold personal data.
func (svc *Service) storeFile(ctx context.Context, j record.Job, p Product) error {
	if len(p.Data) == 0 {
		return nil
	}
	if len(p.Data) > MaxJobFile {
		return fault.New(fault.Invalid, "生成的文件超过 %d MB，请分几次来做", MaxJobFile>>20)
	}
	sealed, err := svc.sealer.Seal(string(p.Data), j.ID)
	if err != nil {
		return err
	}
	return svc.store.PutJobFile(ctx, j.Station, j.ID, []byte(sealed))
}

// ended returns the job in its final state.
func (svc *Service) ended(ctx context.Context, j record.Job, p Product, err error) record.Job {
	j.Ended = j.HeartbeatAt
	switch cause := context.Cause(ctx); {
	case err == nil:
		j.State, j.Name, j.Type, j.Size, j.LeftOut = record.JobDone, p.Name, p.Type, len(p.Data), p.LeftOut
		j.Done = max(j.Done, j.Total)
	case errors.Is(cause, errJobCancelled):
		j.State = record.JobCancelled
	case errors.Is(cause, errJobStopped):
		j.State, j.Error = record.JobLost, jobLostWords
	default:
		j.State, j.Error = record.JobFailed, "任务没有做完，请再试一次；还是不行，请把时间告诉管理员"
		if e, ok := errors.AsType[*fault.Error](err); ok && e.Code != fault.Internal {
			j.Error = e.Message
			break
		}
		svc.kit.Log.ErrorContext(ctx, "a job failed", slog.String("job", j.ID), slog.String("kind", j.Kind), slog.Any("err", err))
	}
	return j
}

const jobLostWords = "系统重启，这个任务中断了，请重新开始"

// seen returns the job as its owner sees it: lost when its heartbeat is overdue.
func (svc *Service) seen(j record.Job) record.Job {
	if !j.State.Ended() && svc.kit.Now().Sub(j.HeartbeatAt.Time()) > heartbeatTimeout {
		j.State, j.Error = record.JobLost, jobLostWords
	}
	return j
}

// Jobs lists the caller's jobs of the last hour, newest first.
func (svc *Service) Jobs(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[record.Job], error) {
	p := kit.PageOf[record.Job]{Items: []record.Job{}}
	_, at, limit, err := svc.kit.StaffPage(ctx, c, true, cursor, limit)
	if err != nil {
		return p, err
	}
	list, err := svc.store.Jobs(ctx, c.Station, c.Person)
	if err != nil {
		return p, err
	}
	for _, j := range list {
		if at.ID != "" && cmp.Or(cmp.Compare(at.Score, float64(j.Made)), cmp.Compare(at.ID, j.ID)) <= 0 {
			continue // on an earlier page
		}
		p.Items = append(p.Items, svc.seen(j))
		if len(p.Items) == limit {
			break
		}
	}
	if n := len(p.Items); n == limit && n > 0 && list[len(list)-1].ID != p.Items[n-1].ID {
		p.Next = kit.EncodeCursor(record.Cursor{Score: float64(p.Items[n-1].Made), ID: p.Items[n-1].ID})
	}
	return p, nil
}

// Job returns one job of the caller's, else access.Missing.
func (svc *Service) Job(ctx context.Context, c access.Caller, id string) (record.Job, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return record.Job{}, err
	}
	if !ValidJob(id) {
		return record.Job{}, access.Missing()
	}
	j, err := svc.store.Job(ctx, c.Station, id)
	if fault.Is(err, fault.NotFound) || err == nil && (j.Person != c.Person || j.Station != c.Station) {
		return record.Job{}, access.Missing()
	}
	return svc.seen(j), err
}

// ValidJob reports whether id has the form of a job's id. Others never reach the store's keys.
func ValidJob(id string) bool {
	return len(id) == 17 && !slices.ContainsFunc([]byte(id), func(b byte) bool {
		return (b < '0' || b > '9') && (b < 'a' || b > 'z')
	})
}

// CancelJob cancels a job of the caller's within a second, in whichever process it runs. A job that has ended
// stays as it is.
func (svc *Service) CancelJob(ctx context.Context, c access.Caller, id string) error {
	j, err := svc.Job(ctx, c, id)
	if err != nil || j.State.Ended() {
		return err
	}
	if err := svc.store.CancelJob(ctx, j.Station, j.ID); err != nil {
		return err
	}
	svc.runner.cancel(j.ID)
	return nil
}

// JobFile returns the file of the caller's job; WrongState if it has none.
func (svc *Service) JobFile(ctx context.Context, c access.Caller, id string) (Product, error) {
	j, err := svc.Job(ctx, c, id)
	if err != nil {
		return Product{}, err
	}
	if j.State != record.JobDone || j.Size == 0 {
		return Product{}, fault.New(fault.WrongState, "这个任务没有可以下载的文件")
	}
	sealed, err := svc.store.JobFile(ctx, j.Station, j.ID)
	if err != nil {
		return Product{}, err
	}
	data, err := svc.sealer.Open(string(sealed), j.ID)
	return Product{Name: j.Name, Type: j.Type, Data: []byte(data), LeftOut: j.LeftOut}, err
}
