package identity

import (
	"context"

	"mashang/domain/access"
	"mashang/domain/casework"
)

// PhoneBy asks the platform for the number that a phone's code stands for, once a
// code.
func (svc *Service) PhoneBy(ctx context.Context, c access.Caller, code string) (string, error) {
	phone, err := svc.kit.Cache.Phones.Get(ctx, PhoneKey(c, code), func(ctx context.Context, _ string) (string, error) {
		return svc.platform.Phone(ctx, code)
	})
	if err != nil {
		return "", err
	}
	return casework.NormalPhone(phone), nil
}

// PhoneKey keeps one person's code from giving its number to another.
func PhoneKey(c access.Caller, code string) string { return c.Person + " " + code }
