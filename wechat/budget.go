package wechat

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Budget counts the calls of all processes, so that together they stay below the platform's limits. Minutes and
// days are those of the given time; the platform's day begins at midnight in UTC+8.
type Budget interface {
	// Lease reserves up to want calls of the name's minute and day, and returns how many it reserved. It may
	// reserve fewer, so that other processes get some. It reserves none only if none is left or the name is
	// stopped; until is then when that ends. perMinute and perDay are the name's limits; 0 is no limit. unspent
	// calls of the same day are returned first. today is the number of the day's calls reserved by all
	// processes, these included.
	Lease(ctx context.Context, name string, at time.Time, want, unspent, perMinute, perDay int) (got, today int, until time.Time, err error)
	// Stop lets no process reserve a call of the name before until.
	Stop(ctx context.Context, name string, until time.Time) error
}

const (
	// budgetPercent is the part of the platform's limits that we use, in percent: its clock and its count differ a
	// little from ours.
	budgetPercent = 95
	// warnPercent is the part of a day's budget, in percent, from which an alarm is logged.
	warnPercent = 80
	// batchPercent is the part of a minute's budget, in percent, that one process reserves at a time. Calls
	// within the batch need no round trip. What is left of it at the end of the minute is lost for the minute
	// and returned to the day.
	batchPercent = 2
	// defaultBatch is the batch of an endpoint without published limits. The budget is still asked, since
	// another process may have stopped the endpoint.
	defaultBatch = 100
	// stopRecheck is how long a stop holds before the budget is asked again, so that an operator can lift a stop
	// there.
	stopRecheck = time.Minute
)

// localBudget is this process's part of one endpoint's budget.
type localBudget struct {
	ep     *endpoint
	shared Budget // nil: only limits that the platform reports are known
	now    func() time.Time
	log    *slog.Logger
	// askLock is held by the goroutine that asks the budget; the others wait for its answer.
	askLock chan struct{}

	mu           sync.Mutex
	left         int       // calls left of the last batch
	leased       time.Time // time of the last batch
	blockedUntil time.Time // no call before this time
	recheck      time.Time // but the budget is asked again then
	today        int       // calls reserved by all processes today
	unreachable  bool      // the last request to the budget failed
	perDay       int
	perMinute    int
	batch        int
}

func newLocalBudget(ep *endpoint, shared Budget, now func() time.Time, log *slog.Logger) *localBudget {
	p := &localBudget{
		ep: ep, shared: shared, now: now, log: log, askLock: make(chan struct{}, 1),
		perMinute: ep.perMinute * budgetPercent / 100, perDay: ep.perDay * budgetPercent / 100,
	}
	switch {
	case p.perMinute > 0:
		p.batch = max(1, p.perMinute*batchPercent/100)
	case p.perDay > 0:
		p.batch = max(1, p.perDay/(24*60)*batchPercent/100)
	default:
		p.batch = defaultBatch
	}
	return p
}

// take spends one call, or returns the time until the next one is possible.
func (p *localBudget) take(ctx context.Context) (retry time.Duration, ok bool) {
	if retry, ok, known := p.takeLocal(); known {
		return retry, ok
	}
	select {
	case p.askLock <- struct{}{}:
		defer func() { <-p.askLock }()
	case <-ctx.Done():
		return 0, true // the call itself will report it
	}
	if retry, ok, known := p.takeLocal(); known { // another caller asked meanwhile
		return retry, ok
	}
	return p.takeShared(ctx)
}

// takeLocal decides without the budget; known is false if it cannot.
func (p *localBudget) takeLocal() (retry time.Duration, ok, known bool) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch rest := p.blockedUntil.Sub(now); {
	case rest > 0 && now.Before(p.recheck):
		return rest, false, true
	case p.shared == nil:
		return 0, true, true
	case p.left > 0 && minuteOf(now) == minuteOf(p.leased):
		p.left--
		return 0, true, true
	default:
		return rest, false, false
	}
}

func minuteOf(t time.Time) int64 { return t.Unix() / 60 }

// takeShared reserves the next batch and spends its first call. If the budget does not answer, calls continue
// as if it had given a batch.
func (p *localBudget) takeShared(ctx context.Context) (retry time.Duration, ok bool) {
	now := p.now()
	p.mu.Lock()
	unspent := 0
	if midnight(now).Equal(midnight(p.leased)) {
		unspent = p.left
	}
	p.mu.Unlock()
	bounded, cancel := context.WithTimeout(ctx, cacheTimeout)
	defer cancel()
	got, today, until, err := p.shared.Lease(bounded, p.ep.path, now, p.batch, unspent, p.perMinute, p.perDay)

	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		if !p.unreachable {
			p.log.LogAttrs(ctx, slog.LevelWarn, "wechat: the call budget does not answer; calls go on uncounted",
				slog.String("endpoint", p.ep.path), slog.Any("error", err))
		}
		p.unreachable, p.left, p.leased, p.blockedUntil = true, p.batch-1, now, time.Time{}
		return 0, true
	}
	p.unreachable, p.today = false, today
	if got == 0 {
		p.left, p.blockedUntil, p.recheck = 0, until, earlier(until, now.Add(stopRecheck))
		return max(until.Sub(now), time.Second), false
	}
	p.left, p.leased, p.blockedUntil = got-1, now, time.Time{}
	for _, percent := range []int{warnPercent, 100} {
		// The process whose batch passes the mark logs it, for all processes.
		if mark := p.perDay * percent / 100; p.perDay > 0 && today-got < mark && today >= mark {
			p.log.LogAttrs(ctx, slog.LevelError, "wechat: needs a look", slog.String("what", "the day's budget of calls is running out"),
				slog.String("endpoint", p.ep.path), slog.Int("percent", percent), slog.Int("calls", p.perDay))
		}
	}
	return 0, true
}

// block lets no process call before until.
func (p *localBudget) block(ctx context.Context, until time.Time) {
	now := p.now()
	p.mu.Lock()
	p.left, p.blockedUntil, p.recheck = 0, until, until
	if p.shared != nil {
		p.recheck = earlier(until, now.Add(stopRecheck))
	}
	p.mu.Unlock()
	if p.shared == nil {
		return
	}
	// The caller may have gone; the other processes must know all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cacheTimeout)
	defer cancel()
	if err := p.shared.Stop(ctx, p.ep.path, until); err != nil {
		p.log.LogAttrs(ctx, slog.LevelWarn, "wechat: other processes are not told of a limit",
			slog.String("endpoint", p.ep.path), slog.Any("error", err))
	}
}

// used returns the part of the day's budget that is spent, 0 to 1.
func (p *localBudget) used() (share float64, limited bool) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.perDay == 0 || p.shared == nil {
		return 0, false
	}
	if !midnight(now).Equal(midnight(p.leased)) {
		return 0, true
	}
	return float64(p.today-p.left) / float64(p.perDay), true
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
