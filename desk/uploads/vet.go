package uploads

import (
	"context"
	"log/slog"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
)

// CheckText asks the platform about the text. Anything but a clear pass holds
// the submission for the liaison; a platform that cannot be asked as well, so
// that nothing is dropped and nothing goes round unseen.
func (svc *Service) CheckText(ctx context.Context, c access.Caller, text string) (hold string, err error) {
	if text == "" {
		return "", nil
	}
	openid, err := svc.kit.OpenID(ctx, c.Person)
	if err != nil {
		return "", err
	}
	if kit.IsExternal(openid) {
		// The platform checks for its own people only. What others write is read by
		// the member and the staff alone and published nowhere, so it goes on.
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
