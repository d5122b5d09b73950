package kit

import (
	"context"
	"log/slog"
	"time"
)

// Every calls work once each period until ctx ends.
func (k *Kit) Every(ctx context.Context, period time.Duration, work func(context.Context)) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			work(ctx)
		}
	}
}

// eachStation drains the work of each station in turn.
func (k *Kit) eachStation(ctx context.Context, work func(context.Context, string) (int, error)) {
	for _, st := range k.Stations(ctx) {
		if ctx.Err() != nil {
			return
		}
		k.Drain(ctx, st, work)
	}
}

// Stations lists all stations. It returns none when the store does not answer; the next round tries again.
func (k *Kit) Stations(ctx context.Context) []string {
	ids, err := k.store.StationIDs(ctx)
	if err != nil && !k.roundsFailing.Swap(true) {
		k.Log.WarnContext(ctx, "stations not listed", slog.Any("err", err))
	}
	return ids
}

// Drain repeats work as long as it returns full batches. A batch that has begun is finished even if ctx ends
// meanwhile.
func (k *Kit) Drain(ctx context.Context, st string, work func(context.Context, string) (int, error)) {
	for ctx.Err() == nil {
		batch, cancel := context.WithTimeout(context.WithoutCancel(ctx), LeaseTime)
		n, err := work(batch, st)
		cancel()
		if err != nil {
			// A store that is down fails every round: it is logged once.
			if !k.roundsFailing.Swap(true) {
				k.Log.WarnContext(ctx, "round not finished; later ones are tried in silence", slog.String("station", st), slog.Any("err", err))
			}
			return
		}
		if k.roundsFailing.Swap(false) {
			k.Log.InfoContext(ctx, "rounds are finished again")
		}
		if n < LeaseSize {
			return
		}
	}
}
