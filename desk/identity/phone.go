package identity

import (
	"context"

	"mashang/domain/access"
	"mashang/domain/casework"
)

// PhoneBy exchanges a phone code for its number. The platform is asked once for a code.
func (svc *Service) PhoneBy(ctx context.Context, c access.Caller, code string) (string, error) {
	phone, err := svc.kit.Cache.Phones.Get(ctx, PhoneKey(c, code), func(ctx context.Context, _ string) (string, error) {
		return svc.platform.Phone(ctx, code)
	})
	if err != nil {
		return "", err
	}
	return casework.NormalPhone(phone), nil
}

// PhoneKey is the cache key of a phone code. It has the person, so that nobody gets a number by another
// person's code.
func PhoneKey(c access.Caller, code string) string { return c.Person + " " + code }
