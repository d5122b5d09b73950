package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// How delivery is paced.
const (
	// leaseTime hides an entry from other workers; a crashed worker's entries
	// come back after it.
	leaseTime = 30 * time.Second
	// leaseSize is more than can be given to a member at once, so that one message
	// tells of all of it.
	leaseSize = mostAtOnce + 28
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
	for _, b := range d.plan(ctx, st, entries) {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			d.tell(ctx, begin, st, b)
		})
	}
	wg.Wait()
	return len(entries), nil
}

// giveBack leaves an entry to whoever comes next.
func (d *Desk) giveBack(ctx context.Context, st string, e notice.Entry) error {
	return d.putOff(context.WithoutCancel(ctx), st, e, d.now())
}

// deliver takes one entry to an outcome, or puts it off. told means that its
// message was sent, and tells of the others.
func (d *Desk) deliver(ctx context.Context, st string, b bunch) (told bool, err error) {
	e, s, roster, err := d.current(ctx, b.Entry)
	switch {
	case fault.Is(err, fault.NotFound):
		return false, d.settle(ctx, st, e, notice.Moot)
	case fault.Is(err, fault.Internal) && e.Attempts >= d.cfg.MaxAttempts:
		// It cannot be read, and will not be by being tried for ever.
		return false, errors.Join(err, d.settle(ctx, st, e, notice.Dead))
	case err != nil:
		return false, err
	}
	if e.Stale(s) {
		return false, d.settle(ctx, st, e, notice.Moot)
	}
	now := d.now().In(station.Zone)
	if until := e.Until(d.cfg.Quiet, now); until.After(now) {
		return false, d.putOff(ctx, st, e, until)
	}
	person := e.Person
	if m, ok := roster.Member(e.Member); e.Member != "" && (!ok || m.Gone) {
		return false, d.elsewhere(ctx, e, s, roster, "", notice.NoAddress)
	}
	if l, ok := roster.Liaison(e.Liaison); e.Liaison != "" && (!ok || l.Gone) {
		return false, d.settle(ctx, st, e, notice.NoAddress)
	}
	if _, ok := roster.Department(e.Department); e.Department != "" && !ok {
		return false, d.settle(ctx, st, e, notice.NoAddress)
	}
	if person == "" {
		if person, err = d.bound(ctx, st, e); err != nil {
			return false, err
		}
	}
	if person == "" {
		return false, d.elsewhere(ctx, e, s, roster, "", notice.NoAddress)
	}
	// Looked at before the lane, which costs two synced writes, and again in it.
	if _, why, err := d.spend(ctx, person, e.Purpose); err != nil {
		return false, err
	} else if why != "" {
		return false, d.elsewhere(ctx, e, s, roster, person, why)
	}
	release, ok, err := d.store.Lane(ctx, person, laneTime)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, d.putOff(ctx, st, e, now.Add(laneWait))
	}
	r, err := d.send(ctx, st, e, person, func(use notice.Purpose) notice.Message {
		m := notice.Compose(e, use, s, roster)
		page := m.Page
		if m = m.With(b.count(e)); e.About == notice.AboutSquad {
			m.Page = page // the inbox shows the leader's own
		}
		return m
	})
	release()
	// What became of it is written down even if the time is up.
	ctx = context.WithoutCancel(ctx)
	switch {
	case r.Outcome == notice.Sent:
		d.settleJoined(ctx, st, b.others, r)
		return true, err
	case err != nil || r.Outcome == "":
		return false, err
	default:
		return false, d.elsewhere(ctx, e, s, roster, person, r.Outcome)
	}
}

// bound is who plays the entry's member, liaison or department in WeChat, "" for
// nobody.
func (d *Desk) bound(ctx context.Context, st string, e notice.Entry) (string, error) {
	in := Invite{Station: st, Role: string(access.Member), Ref: e.Member}
	if e.Liaison != "" {
		in.Role, in.Ref = string(access.Liaison), e.Liaison
	}
	if e.Department != "" {
		in.Role, in.Ref = string(access.Department), e.Department
	}
	return d.cache.bound.get(ctx, in.Station+" "+in.Role+" "+in.Ref, func(ctx context.Context, _ string) (string, error) {
		return d.store.Bound(ctx, in)
	})
}
