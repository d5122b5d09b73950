package delivery

import (
	"context"
	"errors"
	"sync"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Deliver sends a station's due notices, several concurrently, and returns how many entries it leased.
func (svc *Service) Deliver(ctx context.Context, st string) (int, error) {
	entries, err := svc.store.Lease(ctx, st, svc.kit.Now(), kit.LeaseTime, kit.LeaseSize)
	if err != nil {
		return 0, err
	}
	// A delivery that begins later could outlast the lease, and another worker would send the notice too.
	begin, cancel := context.WithTimeout(ctx, kit.LeaseTime-kit.PersonLockTTL)
	defer cancel()
	var wg sync.WaitGroup
	gate := make(chan struct{}, svc.kit.Config.Workers)
	for _, b := range svc.plan(ctx, st, entries) {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			svc.deliverGroup(ctx, begin, st, b)
		})
	}
	wg.Wait()
	return len(entries), nil
}

// requeue makes an entry due at once for the next worker.
func (svc *Service) requeue(ctx context.Context, st string, e notice.Entry) error {
	return svc.postpone(context.WithoutCancel(ctx), st, e, svc.kit.Now())
}

// deliver brings one entry to an outcome or postpones it. sent means that its message was sent, which also
// covers the others.
func (svc *Service) deliver(ctx context.Context, st string, b joinedEntry) (sent bool, err error) {
	e, t, err := svc.current(ctx, st, b.Entry)
	switch {
	case fault.Is(err, fault.NotFound):
		return false, svc.settle(ctx, st, e, notice.Obsolete)
	case fault.Is(err, fault.Internal) && e.Attempts >= svc.kit.Config.MaxAttempts:
		// An entry about something unreadable would be retried for ever.
		return false, errors.Join(err, svc.settle(ctx, st, e, notice.Dead))
	case err != nil:
		return false, err
	}
	now := svc.kit.Now().In(station.Zone)
	if t.stale(e, now) {
		return false, svc.settle(ctx, st, e, notice.Obsolete)
	}
	if until := t.until(e, svc.kit.Config.Quiet, now); until.After(now) {
		return false, svc.postpone(ctx, st, e, until)
	}
	person, roster := e.Person, t.station
	if m, ok := roster.Member(e.Member); e.Member != "" && (!ok || m.Left) {
		return false, svc.tryFallbacks(ctx, e, t, "", notice.NoAddress)
	}
	if l, ok := roster.Liaison(e.Liaison); e.Liaison != "" && (!ok || l.Left) {
		return false, svc.settle(ctx, st, e, notice.NoAddress)
	}
	if _, ok := roster.Department(e.Department); e.Department != "" && !ok {
		return false, svc.settle(ctx, st, e, notice.NoAddress)
	}
	if person == "" && e.Booking == "" { // a booking without a person is that of somebody without an account
		if person, err = svc.bound(ctx, st, e); err != nil {
			return false, err
		}
	}
	if person == "" {
		return false, svc.tryFallbacks(ctx, e, t, "", notice.NoAddress)
	}
	// The platform is never asked about somebody whom it does not know.
	if ok, err := svc.reachable(ctx, person); err != nil {
		return false, err
	} else if !ok {
		return false, svc.tryFallbacks(ctx, e, t, person, notice.NoAddress)
	}
	// Checked before taking the person's lock, which costs two synced writes, and again under it.
	if _, why, err := svc.ChooseConsent(ctx, person, e.Purpose); err != nil {
		return false, err
	} else if why != "" {
		return false, svc.tryFallbacks(ctx, e, t, person, why)
	}
	release, ok, err := svc.store.LockPerson(ctx, person, kit.PersonLockTTL)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, svc.postpone(ctx, st, e, now.Add(kit.PersonLockWait))
	}
	r, err := svc.send(ctx, st, e, person, func(use notice.Purpose) notice.Message {
		return t.compose(e, use, b.alsoCovered(e))
	})
	release()
	// The result is stored even if the time is up.
	ctx = context.WithoutCancel(ctx)
	switch {
	case r.Outcome == notice.Sent:
		svc.settleJoined(ctx, st, b.others, r)
		return true, err
	case err != nil || r.Outcome == "":
		return false, err
	default:
		return false, svc.tryFallbacks(ctx, e, t, person, r.Outcome)
	}
}

// bound returns the person bound to the entry's member, liaison or department, "" for none.
func (svc *Service) bound(ctx context.Context, st string, e notice.Entry) (string, error) {
	in := record.Invite{Station: st, Role: string(access.Member), Ref: e.Member}
	if e.Liaison != "" {
		in.Role, in.Ref = string(access.Liaison), e.Liaison
	}
	if e.Department != "" {
		in.Role, in.Ref = string(access.Department), e.Department
	}
	return svc.kit.Cache.Bound.Get(ctx, in.Station+" "+in.Role+" "+in.Ref, func(ctx context.Context, _ string) (string, error) {
		return svc.store.Bound(ctx, in)
	})
}
