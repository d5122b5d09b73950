package desk

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"mashang/access"
	"mashang/fault"
	"mashang/notice"
	"mashang/station"
)

// How delivery is paced.
const (
	// leaseTime hides an entry from other workers; a crashed worker's entries
	// come back after it.
	leaseTime = 30 * time.Second
	leaseSize = 32
	// laneTime bounds one delivery to one person: the platform refuses two at
	// once (errcode 43108).
	laneTime = 15 * time.Second
	laneWait = time.Second
)

// Deliver sends what is due in one station's outbox, several at a time, and
// returns how many entries it took on.
func (d *Desk) Deliver(ctx context.Context, st string) (int, error) {
	entries, err := d.store.Lease(ctx, st, d.now(), leaseTime, leaseSize)
	if err != nil {
		return 0, err
	}
	// What is begun later than this could outlast the lease, and another worker
	// would send it as well.
	begin, cancel := context.WithTimeout(ctx, leaseTime-laneTime)
	defer cancel()
	var wg sync.WaitGroup
	gate := make(chan struct{}, d.cfg.Workers)
	for _, e := range entries {
		work := d.deliver
		select {
		case gate <- struct{}{}:
			if begin.Err() != nil {
				work = d.giveBack
			}
		case <-begin.Done():
			gate <- struct{}{}
			work = d.giveBack
		}
		wg.Go(func() {
			defer func() { <-gate }()
			if err := work(ctx, st, e); err != nil {
				// The lease ends by itself and the entry comes back.
				d.log.WarnContext(ctx, "notice not settled", slog.String("purpose", string(e.Purpose)), slog.Any("err", err))
			}
		})
	}
	wg.Wait()
	return len(entries), nil
}

// giveBack leaves an entry to whoever comes next.
func (d *Desk) giveBack(ctx context.Context, st string, e notice.Entry) error {
	return d.putOff(context.WithoutCancel(ctx), st, e, d.now())
}

// deliver takes one entry to an outcome, or puts it off.
func (d *Desk) deliver(ctx context.Context, st string, e notice.Entry) error {
	s, roster, err := d.load(ctx, e.Submission)
	switch {
	case fault.Is(err, fault.NotFound):
		return d.settle(ctx, st, e, notice.Moot)
	case fault.Is(err, fault.Internal) && e.Attempts >= d.cfg.MaxAttempts:
		// It cannot be read, and will not be by being tried for ever.
		return errors.Join(err, d.settle(ctx, st, e, notice.Dead))
	case err != nil:
		return err
	}
	if e.Stale(s) {
		return d.settle(ctx, st, e, notice.Moot)
	}
	now := d.now().In(station.Zone)
	if until := d.cfg.Quiet.Until(e.Purpose, now); until.After(now) {
		return d.putOff(ctx, st, e, until)
	}
	person := e.Person
	if m, ok := roster.Member(e.Member); e.Member != "" && (!ok || m.Gone) {
		return d.settle(ctx, st, e, notice.NoAddress)
	}
	if person == "" {
		if person, err = d.bound(ctx, st, e.Member); err != nil {
			return err
		}
	}
	if person == "" {
		return d.settle(ctx, st, e, notice.NoAddress)
	}
	// Looked at before the lane, which costs two synced writes, and again in it.
	if none, err := d.noConsent(ctx, person, e.Purpose); err != nil {
		return err
	} else if none {
		return d.settle(ctx, st, e, notice.NoConsent)
	}
	release, ok, err := d.store.Lane(ctx, person, laneTime)
	if err != nil {
		return err
	}
	if !ok {
		return d.putOff(ctx, st, e, now.Add(laneWait))
	}
	defer release()
	return d.send(ctx, st, e, person, notice.Compose(e, s, roster))
}

// bound is who plays the member in WeChat, "" for nobody.
func (d *Desk) bound(ctx context.Context, st, member string) (string, error) {
	return d.cache.bound.get(ctx, st+" "+member, func(ctx context.Context, _ string) (string, error) {
		return d.store.Bound(ctx, Invite{Station: st, Role: string(access.Member), Ref: member})
	})
}

// noConsent reports whether the person is known to have none left.
func (d *Desk) noConsent(ctx context.Context, person string, p notice.Purpose) (bool, error) {
	left, known, err := d.store.Consents(ctx, person, p)
	return known && left == 0, err
}

// send asks the platform unless the person is known to have no consent left,
// and settles the entry by the answer. The lane keeps others from spending the
// same consent meanwhile.
func (d *Desk) send(ctx context.Context, st string, e notice.Entry, person string, m notice.Message) (err error) {
	if m.OpenID, err = d.openid(ctx, person); err != nil {
		return err
	}
	if none, err := d.noConsent(ctx, person, e.Purpose); err != nil {
		return err
	} else if none {
		return d.settle(ctx, st, e, notice.NoConsent)
	}
	sending, cancel := context.WithTimeout(ctx, laneTime)
	outcome, cause := d.platform.Notify(sending, m)
	cancel()
	// What became of it is written down even if the time for sending is up.
	ctx = context.WithoutCancel(ctx)
	if cause != nil {
		d.log.WarnContext(ctx, "notice not sent", slog.String("purpose", string(e.Purpose)),
			slog.String("outcome", string(outcome)), slog.Int("attempt", e.Attempts), slog.Any("err", cause))
	}
	switch outcome {
	case notice.NoConsent:
		if err := d.store.ClearConsents(ctx, person, e.Purpose); err != nil {
			return err
		}
	case notice.Retry, notice.Unknown:
		return d.again(ctx, st, e, outcome)
	}
	// Settled first: a consent we forget to count costs one refused call later,
	// an entry that comes back tells somebody twice.
	if err := d.settle(ctx, st, e, outcome); err != nil || outcome != notice.Sent {
		return err
	}
	return d.store.SpendConsent(ctx, person, e.Purpose)
}

// again has the entry tried later, or gives it up. After a lost answer the
// consent may have been spent; the platform corrects our count then with
// errcode 43101.
func (d *Desk) again(ctx context.Context, st string, e notice.Entry, o notice.Outcome) error {
	if e.Attempts >= d.cfg.MaxAttempts {
		return d.settle(ctx, st, e, notice.Dead)
	}
	if err := d.store.Postpone(ctx, st, e, d.now().Add(notice.Backoff(e.Attempts, d.jitter()))); err != nil {
		return err
	}
	d.cfg.Observe("notice", string(o))
	return nil
}

func (d *Desk) settle(ctx context.Context, st string, e notice.Entry, o notice.Outcome) error {
	if err := d.store.Finish(ctx, st, e, o, d.now()); err != nil {
		return err
	}
	d.cfg.Observe("notice", string(o))
	return nil
}

// putOff makes the entry due later without counting an attempt.
func (d *Desk) putOff(ctx context.Context, st string, e notice.Entry, until time.Time) error {
	e.Attempts--
	return d.store.Postpone(ctx, st, e, until)
}

// jitter is in [0,1).
func (d *Desk) jitter() float64 {
	var b [4]byte
	if _, err := io.ReadFull(d.rand, b[:]); err != nil {
		return 0 // without chance the waits are merely all the shortest
	}
	return float64(binary.BigEndian.Uint32(b[:])) / (1 << 32)
}
