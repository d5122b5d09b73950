package delivery

import (
	"context"

	"mashang/desk/kit"
	"mashang/domain/access"
)

// reachable reports whether the platform can send messages to the caller.
func (svc *Service) reachable(ctx context.Context, c access.Caller) (bool, error) {
	openid, err := svc.kit.OpenID(ctx, c.Person)
	return !kit.IsExternal(openid), err
}
