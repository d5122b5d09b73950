package delivery

import (
	"context"

	"mashang/desk/kit"
)

// reachable reports whether the platform can send messages to the person.
func (svc *Service) reachable(ctx context.Context, person string) (bool, error) {
	openid, err := svc.kit.OpenID(ctx, person)
	return !kit.IsExternal(openid), err
}
