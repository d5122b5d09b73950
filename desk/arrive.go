package desk

import (
	"context"
	"log/slog"
	"time"

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
	for _, a := range list {
		if err := d.receive(ctx, a); err != nil {
			d.log.WarnContext(ctx, "arrival not settled", slog.String("kind", a.Kind), slog.Int("attempt", a.Attempts), slog.Any("err", err))
			if a.Attempts < d.cfg.MaxAttempts {
				err = d.store.PostponeArrival(ctx, a, d.now().Add(time.Duration(a.Attempts)*laneTime))
			} else {
				err = d.store.FinishArrival(ctx, a.ID)
			}
			if err != nil {
				return len(list), err
			}
			continue
		}
		if err := d.store.FinishArrival(ctx, a.ID); err != nil {
			return len(list), err
		}
	}
	return len(list), nil
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
