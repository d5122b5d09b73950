package kit

import (
	"context"
	"strings"
)

// OpenID returns the platform's id of a person. The desk sends it to the platform only.
func (k *Kit) OpenID(ctx context.Context, person string) (string, error) {
	return k.Cache.OpenIDs.Get(ctx, person, func(ctx context.Context, _ string) (string, error) {
		p, err := k.store.Person(ctx, person)
		return p.OpenID, err
	})
}

// People who do not use the mini program prove a phone number or log in through the official account. Their
// record has, in place of an openid, a keyed digest of the number or their openid of that account, after
// ExternalMark. So the mini program's platform is never asked about them.

// ExternalMark begins what stands in place of an openid. No openid begins with it.
const ExternalMark = "@"

// PhoneMark begins what stands in place of the openid of somebody who logged in by phone; the index of their
// number under LoginIndex follows.
const (
	PhoneMark  = ExternalMark + "tel:"
	LoginIndex = "login"
)

// IsExternal reports whether the mini program's platform does not know the person: nothing can be checked with
// it or sent through it for them.
func IsExternal(openid string) bool { return strings.HasPrefix(openid, ExternalMark) }
