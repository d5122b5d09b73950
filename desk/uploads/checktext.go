package uploads

import (
	"context"
	"log/slog"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
)

// CheckText has the platform check a text. Anything but a clear pass holds the submission for the liaison, a
// failed check too, so that nothing is dropped or passes unseen.
func (svc *Service) CheckText(ctx context.Context, c access.Caller, text string) (hold string, err error) {
	if text == "" {
		return "", nil
	}
	openid, err := svc.kit.OpenID(ctx, c.Person)
	if err != nil {
		return "", err
	}
	if kit.IsExternal(openid) {
		// The platform checks for its own users only. Other people's texts are read by the member and the staff
		// and published nowhere, so they pass.
		return "", nil
	}
	verdict, err := svc.platform.CheckText(ctx, openid, text)
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "text check failed; submission held", slog.Any("err", err))
		return casework.HoldUnchecked, nil
	}
	switch verdict {
	case kit.Pass:
		return "", nil
	case kit.Risky:
		return casework.HoldRisky, nil
	case kit.Inactive:
		return casework.HoldInactive, nil
	default:
		return casework.HoldReview, nil
	}
}
