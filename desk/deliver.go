package desk

import (
	"context"
	"encoding/binary"
	"io"
	"sync"
	"time"

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
	var wg sync.WaitGroup
	gate := make(chan struct{}, d.cfg.Workers)
	for _, e := range entries {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			if err := d.deliver(ctx, st, e); err != nil {
				// The lease ends by itself and the entry comes back.
				d.log.WarnContext(ctx, "notice not settled", "purpose", e.Purpose, "err", err)
			}
		})
	}
	wg.Wait()
	return len(entries), nil
}

// deliver takes one entry to an outcome, or puts it off.
func (d *Desk) deliver(ctx context.Context, st string, e notice.Entry) error {
	s, roster, err := d.load(ctx, e.Submission)
	if fault.Is(err, fault.NotFound) {
		return d.settle(ctx, st, e, notice.Moot)
	}
	if err != nil {
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
	if person == "" {
		if person, err = d.store.Bound(ctx, Invite{Station: st, Role: "member", Ref: e.Member}); err != nil {
			return err
		}
	}
	if person == "" {
		return d.settle(ctx, st, e, notice.NoAddress)
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

// send spends a consent on the message and settles the entry by the answer.
func (d *Desk) send(ctx context.Context, st string, e notice.Entry, person string, m notice.Message) error {
	ok, err := d.store.SpendConsent(ctx, person, e.Purpose)
	if err != nil {
		return err
	}
	if !ok {
		return d.settle(ctx, st, e, notice.NoConsent)
	}
	if m.OpenID, err = d.openid(ctx, person); err != nil {
		return err
	}
	outcome, cause := d.platform.Notify(ctx, m)
	if cause != nil {
		d.log.WarnContext(ctx, "notice not sent", "purpose", e.Purpose, "outcome", outcome, "attempt", e.Attempts, "err", cause)
	}
	switch outcome {
	case notice.NoConsent:
		if err := d.store.ClearConsents(ctx, person, e.Purpose); err != nil {
			return err
		}
	case notice.Retry, notice.Unknown:
		// What was not spent is given back. After a lost answer it may have
		// been spent; the platform corrects us then with errcode 43101.
		if err := d.store.AddConsents(ctx, person, e.Purpose, 1); err != nil {
			return err
		}
		if e.Attempts >= d.cfg.MaxAttempts {
			return d.settle(ctx, st, e, notice.Dead)
		}
		d.cfg.Observe("notice", string(outcome))
		return d.store.Postpone(ctx, st, e, d.now().Add(notice.Backoff(e.Attempts, d.jitter())))
	}
	return d.settle(ctx, st, e, outcome)
}

func (d *Desk) settle(ctx context.Context, st string, e notice.Entry, o notice.Outcome) error {
	d.cfg.Observe("notice", string(o))
	return d.store.Finish(ctx, st, e, o, d.now())
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
