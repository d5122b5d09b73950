package deadlines

import (
	"context"
	"log/slog"

	"mashang/desk/kit"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// relay passes the leads' newest steps on to their followers, for a hundred leads a round. Each follower is
// changed once, by whichever process comes first.
func (svc *Service) relay(ctx context.Context, st *station.Station) error {
	ids, err := svc.store.PendingRelays(ctx, st.ID, kit.SweepSize)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := svc.matters.NotifyFollowers(ctx, id); fault.Is(err, fault.Unavailable) {
			return err
		} else if err != nil {
			// One unreadable lead must not keep the others' followers from being notified.
			svc.kit.Log.WarnContext(ctx, "followers not told", slog.String("submission", id), slog.Any("err", err))
		}
	}
	return nil
}
