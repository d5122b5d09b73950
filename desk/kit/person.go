package kit

import (
	"context"
	"strings"
)

// OpenID returns the platform's id of a person; it never leaves the desk but
// towards the platform.
func (k *Kit) OpenID(ctx context.Context, person string) (string, error) {
	return k.Cache.OpenIDs.Get(ctx, person, func(ctx context.Context, _ string) (string, error) {
		p, err := k.store.Person(ctx, person)
		return p.OpenID, err
	})
}

// People who do not come by the mini program prove a phone number, or log in by
// the official account. They are persons like others, known by a keyed digest of
// the number or by their openid there; the mark keeps the mini program's platform
// from ever being asked about them.

// OutsideMark begins what stands for an openid; no openid begins so.
const OutsideMark = "@"

// Outside reports whether the platform does not know the person: it can check
// nothing and send nothing for them.
func Outside(openid string) bool { return strings.HasPrefix(openid, OutsideMark) }
