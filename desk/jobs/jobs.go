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
	// jobsAtOnce is how many jobs a process works on: one processor stays free
	// for those who wait for an answer.
	jobsAtOnce = 2
	// jobsWaiting is how many a process has taken at most.
	jobsWaiting = 20
	// cancelPoll is how often a job looks whether somebody wants it to stop.
	cancelPoll = 500 * time.Millisecond
	// heartbeatEvery is how often it gives a sign of life, and heartbeatTimeout after how
	// long without one it is lost.
	heartbeatEvery   = 5 * time.Second
	heartbeatTimeout = 30 * time.Second
	// finalWriteTimeout bounds how long its end takes to be written down.
	finalWriteTimeout = 20 * time.Second
	// MaxJobFile is the most bytes a job may make.
	MaxJobFile = 32 << 20
)

// Why a job's context ended.
var (
	errJobCancelled = errors.New("the job was cancelled")
	errJobStopped   = errors.New("the process ends")
)

// Product is the file a job made. Name is what it is saved as, with its ending;
// Type is its media type.
type Product struct {
	Name, Type string
	Data       []byte
	// LeftOut is what it lacks, and why.
	LeftOut []record.JobGap
}

// Progress says that done of total parts are finished; total 0 means that
// nobody knows how many there are. It costs nothing and may be called often.
type Progress func(done, total int)

// JobRun is the work of a job. Its ctx ends when somebody cancels it or the
// process stops. An error with a fault's code is shown to whoever began it.
type JobRun func(ctx context.Context, progress Progress) (Product, error)

// jobRunner is where a process works on its jobs.
type jobRunner struct {
	mu      sync.Mutex
	stopped bool
	// running cancels each job in hand, by id.
	running map[string]context.CancelCauseFunc
	done    sync.WaitGroup
	slots   chan struct{}
}

func newJobRunner() *jobRunner {
	return &jobRunner{running: map[string]context.CancelCauseFunc{}, slots: make(chan struct{}, jobsAtOnce)}
}

// start makes room for a job; its context outlives the request that began it.
func (w *jobRunner) start(ctx context.Context, id string) (context.Context, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return nil, fault.New(fault.Unavailable, "系统正在重启，请稍后再试")
	}
	if len(w.running) >= jobsWaiting {
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

// cancel ends a job if it is in this process's hands.
func (w *jobRunner) cancel(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if cancel, ok := w.running[id]; ok {
		cancel(errJobCancelled)
	}
}

// StopJobs ends all jobs in hand and waits until that is written down. Jobs
// begun later are refused. Run does it when its context ends.
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

// StartJob begins work for staff that takes longer than they should wait for
// an answer; they see how far it is, cancel it and fetch its file under the
// job's id, for an hour. kind is a short word in lower-case letters; of each
// kind somebody has one in hand (fault.Conflict). Whether the caller may have
// it done at all, and what is to be written down first, is asked before.
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

// run waits for a slot, does the work and writes down what became of it.
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

// runRecovered turns a panic of the work into an error: others are being served by
// this process. What was thrown may quote what a person wrote, so the error has
// only its type, or the runtime's own words.
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

// reportProgress tells how far the job is, and ends it when somebody wants that.
func (svc *Service) reportProgress(ctx context.Context, j record.Job, state func() record.Job) {
	tick := time.NewTicker(cancelPoll)
	defer tick.Stop()
	told, silent := j, time.Duration(0)
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
		if now.State == told.State && now.Done == told.Done && now.Total == told.Total && silent < heartbeatEvery {
			continue
		}
		if svc.store.PutJob(ctx, now) == nil { // else the next round tells it
			told, silent = now, 0
		}
	}
}

// storeFile seals the file: it may hold what nobody should read from a disk.
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

// ended is the job as it is left.
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

// seen is a job as its owner sees it: one that gave no sign for long is lost.
func (svc *Service) seen(j record.Job) record.Job {
	if !j.State.Ended() && svc.kit.Now().Sub(j.HeartbeatAt.Time()) > heartbeatTimeout {
		j.State, j.Error = record.JobLost, jobLostWords
	}
	return j
}

// Jobs lists the caller's jobs of the last hour, the newest first.
func (svc *Service) Jobs(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[record.Job], error) {
	p := kit.PageOf[record.Job]{Items: []record.Job{}}
	_, at, limit, err := svc.kit.StaffPlace(ctx, c, true, cursor, limit)
	if err != nil {
		return p, err
	}
	list, err := svc.store.Jobs(ctx, c.Station, c.Person)
	if err != nil {
		return p, err
	}
	for _, j := range list {
		if at.ID != "" && cmp.Or(cmp.Compare(at.Score, float64(j.Made)), cmp.Compare(at.ID, j.ID)) <= 0 {
			continue // shown before
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

// Job is one job of the caller's; another's answers access.Missing.
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

// ValidJob keeps what no job is called out of the store's keys.
func ValidJob(id string) bool {
	return len(id) == 17 && !slices.ContainsFunc([]byte(id), func(b byte) bool {
		return (b < '0' || b > '9') && (b < 'a' || b > 'z')
	})
}

// CancelJob ends a job of the caller's within a second, wherever it runs; one
// that has ended stays as it is.
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

// JobFile is what a job of the caller's made.
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
