package desk

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"mashang/fault"
)

// The kinds of arrivals the desk works on; others are not kept.
const (
	ArrivedText    = "text"
	ArrivedConsent = "consent"
)

// Arrive keeps what the platform pushed, so that it can be answered at once
// and worked on afterwards. Repeated deliveries have one effect.
func (d *Desk) Arrive(ctx context.Context, list []Arrival) error {
	for _, a := range list {
		if err := d.store.Arrive(ctx, a, d.now()); err != nil {
			return err
		}
	}
	if len(list) > 0 {
		select {
		case d.arrived <- struct{}{}:
		default:
		}
	}
	return nil
}

// Receive works on arrivals that wait and returns how many it took on.
func (d *Desk) Receive(ctx context.Context) (int, error) {
	list, err := d.store.LeaseArrivals(ctx, d.now(), leaseTime, leaseSize)
	if err != nil {
		return 0, err
	}
	// One person's arrivals keep their order; different people's need not wait
	// for one another.
	people := map[string][]Arrival{}
	for _, a := range list {
		people[a.OpenID] = append(people[a.OpenID], a)
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(d.cfg.Workers)
	for _, queue := range people {
		work.Go(func() error {
			for _, a := range queue {
				if err := d.take(ctx, a); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return len(list), work.Wait()
}

// take works on one arrival and settles it, or puts it off.
func (d *Desk) take(ctx context.Context, a Arrival) error {
	err := d.receive(ctx, a)
	if err == nil {
		return d.store.FinishArrival(ctx, a.ID)
	}
	d.log.WarnContext(ctx, "arrival not settled", slog.String("kind", a.Kind), slog.Int("attempt", a.Attempts), slog.Any("err", err))
	if a.Attempts < d.cfg.MaxAttempts {
		return d.store.PostponeArrival(ctx, a, d.now().Add(time.Duration(a.Attempts)*laneTime))
	}
	d.cfg.Observe("arrival", "dropped")
	return d.store.FinishArrival(ctx, a.ID)
}

func (d *Desk) receive(ctx context.Context, a Arrival) error {
	id, err := d.newID("u")
	if err != nil {
		return err
	}
	p, err := d.store.PersonByOpenID(ctx, a.OpenID, id)
	if err != nil {
		return err
	}
	switch a.Kind {
	case ArrivedConsent:
		purpose, ok := d.platform.PurposeOf(a.Template)
		if !ok || !a.Accepted {
			return nil
		}
		return d.store.AddConsents(ctx, p.ID, purpose, 1)
	case ArrivedText:
		return d.chat(ctx, p, a)
	default:
		return fault.New(fault.Internal, "不认识的推送")
	}
}
