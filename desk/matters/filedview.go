package matters

import (
	"context"
	"log/slog"
)

// filedView is withPhotos, without the photos' states when they cannot be read: the submission is already
// stored, so its receipt must not fail.
func (svc *Service) filedView(ctx context.Context, v View) View {
	with, err := svc.withPhotos(ctx, v)
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "photos' states not read", slog.Any("err", err))
		return v
	}
	return with
}
