package wechat

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Budget counts the calls of all processes, so that together they stay below
// the platform's limits. Minutes and the platform's days, which begin at
// midnight in UTC+8, are those of the time given.
type Budget interface {
	// Lease takes up to want calls out of what is left of the name's minute and
	// day, and says how many it got. It may give fewer than want, so that the
	// rest is shared; it gives none only when none is left or the name is
	// stopped, and then says until when. perMinute and perDay are what the name
	// may have; 0 is no limit. unspent of the same day's calls go back first.
	// today is how many of the day are given out, these included.
	Lease(ctx context.Context, name string, at time.Time, want, unspent, perMinute, perDay int) (got, today int, until time.Time, err error)
	// Stop gives nobody any call of the name until then.
	Stop(ctx context.Context, name string, until time.Time) error
}

const (
	// ownShare is how much of the platform's figures we allow ourselves, in
	// percent: its clock and its count are not exactly ours.
	ownShare = 95
	// warnAt is how much of a day's budget, in percent, calls somebody.
	warnAt = 80
	// batchShare is the most that one process takes of a minute's budget at a
	// time, in percent. Within it calls cost no round trip; what is left of it
	// at the end of the minute is lost for the minute and given back to the day.
	batchShare = 2
	// batchUnlimited is the batch of an endpoint without published limits: it is
	// asked about all the same, as another process may have been told to stop.
	batchUnlimited = 100
	// recheck is how long a stop is believed without asking the budget again, so
	// that one who lifts it there is heard.
	recheck = time.Minute
)

// localBudget is what this process may spend of one endpoint's budget.
type localBudget struct {
	ep     *endpoint
	shared Budget // nil: only what the platform itself says is known
	now    func() time.Time
	log    *slog.Logger
	// askLock is held by the one who asks the budget, for all.
	askLock chan struct{}

	mu           sync.Mutex
	left         int       // of the last batch
	leased       time.Time // when that was
	blockedUntil time.Time // no call until then
	recheck      time.Time // but the budget is asked again then
	today        int       // given out to all processes today
	unreachable  bool      // the budget did not answer last time
	perDay       int
	perMinute    int
	batch        int
}

func newLocalBudget(ep *endpoint, shared Budget, now func() time.Time, log *slog.Logger) *localBudget {
	p := &localBudget{
		ep: ep, shared: shared, now: now, log: log, askLock: make(chan struct{}, 1),
		perMinute: ep.perMinute * ownShare / 100, perDay: ep.perDay * ownShare / 100,
	}
	switch {
	case p.perMinute > 0:
		p.batch = max(1, p.perMinute*batchShare/100)
	case p.perDay > 0:
		p.batch = max(1, p.perDay/(24*60)*batchShare/100)
	default:
		p.batch = batchUnlimited
	}
	return p
}

// take spends one call, or says how long there will be none.
func (p *localBudget) take(ctx context.Context) (retry time.Duration, ok bool) {
	if retry, ok, known := p.takeLocal(); known {
		return retry, ok
	}
	select {
	case p.askLock <- struct{}{}:
		defer func() { <-p.askLock }()
	case <-ctx.Done():
		return 0, true // the call itself will say so
	}
	if retry, ok, known := p.takeLocal(); known { // somebody asked meanwhile
		return retry, ok
	}
	return p.takeShared(ctx)
}

// takeLocal decides without the budget if it can.
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

// takeShared takes the next batch and spends the first of it. A budget that does not
// answer stops nobody: calls go on as if it had given a batch.
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
		p.left, p.blockedUntil, p.recheck = 0, until, sooner(until, now.Add(recheck))
		return max(until.Sub(now), time.Second), false
	}
	p.left, p.leased, p.blockedUntil = got-1, now, time.Time{}
	for _, percent := range []int{warnAt, 100} {
		// The one whose batch passes the mark tells, for all processes.
		if mark := p.perDay * percent / 100; p.perDay > 0 && today-got < mark && today >= mark {
			p.log.LogAttrs(ctx, slog.LevelError, "wechat: needs a look", slog.String("what", "the day's budget of calls is running out"),
				slog.String("endpoint", p.ep.path), slog.Int("percent", percent), slog.Int("calls", p.perDay))
		}
	}
	return 0, true
}

// stop lets nobody call until then, in all processes.
func (p *localBudget) stop(ctx context.Context, until time.Time) {
	now := p.now()
	p.mu.Lock()
	p.left, p.blockedUntil, p.recheck = 0, until, until
	if p.shared != nil {
		p.recheck = sooner(until, now.Add(recheck))
	}
	p.mu.Unlock()
	if p.shared == nil {
		return
	}
	// Whoever made the call may be gone; the others must know all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cacheTimeout)
	defer cancel()
	if err := p.shared.Stop(ctx, p.ep.path, until); err != nil {
		p.log.LogAttrs(ctx, slog.LevelWarn, "wechat: other processes are not told of a limit",
			slog.String("endpoint", p.ep.path), slog.Any("error", err))
	}
}

// used is how much of the day's budget is given out, 0 to 1.
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

func sooner(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
