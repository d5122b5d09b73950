package matters

import (
	"context"
	"log/slog"
)

// filedView adds what is known of the photos. What is filed is filed: a store
// that fails now takes nothing of the receipt.
func (svc *Service) filedView(ctx context.Context, v View) View {
	with, err := svc.withPhotos(ctx, v)
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "photos' states not read", slog.Any("err", err))
		return v
	}
	return with
}
