package desktest

import (
	"time"

	"mashang/desk/login"
	"mashang/domain/access"
	"mashang/domain/fault"
)

const Browser = "Windows · Edge"

// Offer begins a login at a screen.
func (b *Bundle) Offer() login.Offer {
	b.T.Helper()
	o, err := b.Login.OfferLogin(b.T.Context(), Browser)
	if err != nil {
		b.T.Fatal(err)
	}
	return o
}

// ApprovedLogin returns a login that the caller's phone has approved.
func (b *Bundle) ApprovedLogin(c access.Caller) login.Offer {
	b.T.Helper()
	o := b.Offer()
	if _, err := b.Login.ClaimLogin(b.T.Context(), c, o.ID); err != nil {
		b.T.Fatal(err)
	}
	if err := b.Login.AnswerLogin(b.T.Context(), c, o.ID, o.Number, true); err != nil {
		b.T.Fatal(err)
	}
	return o
}

// OpenConsole signs the caller in at a computer by phone.
func (b *Bundle) OpenConsole(c access.Caller) login.OpenedSession {
	b.T.Helper()
	o := b.ApprovedLogin(c)
	s, err := b.Login.OpenConsoleSession(b.T.Context(), o.ID, o.Secret)
	if err != nil {
		b.T.Fatal(err)
	}
	return s
}

// WantConsoleEnded fails the test if the token still opens the console.
func (b *Bundle) WantConsoleEnded(why, token string) {
	b.T.Helper()
	if c, err := b.Login.ConsoleCaller(b.T.Context(), token); !fault.Is(err, fault.Unauthenticated) {
		b.T.Errorf("%s: %+v, %v", why, c, err)
	}
}

// TTLOf returns the remaining life of the only key that matches the pattern.
func (b *Bundle) TTLOf(pattern string) time.Duration {
	b.T.Helper()
	c := b.Server.Client(b.T)
	keys, err := c.Keys(b.T.Context(), pattern).Result()
	if err != nil || len(keys) != 1 {
		b.T.Fatalf("%s: %v, %v", pattern, keys, err)
	}
	left, err := c.PTTL(b.T.Context(), keys[0]).Result()
	if err != nil {
		b.T.Fatal(err)
	}
	return left
}

// Expire expires all keys that match the pattern.
func (b *Bundle) Expire(pattern string) {
	b.T.Helper()
	c := b.Server.Client(b.T)
	keys, err := c.Keys(b.T.Context(), pattern).Result()
	if err != nil || len(keys) == 0 {
		b.T.Fatalf("%s: %v, %v", pattern, keys, err)
	}
	for _, key := range keys {
		if err := c.PExpire(b.T.Context(), key, time.Millisecond).Err(); err != nil {
			b.T.Fatal(err)
		}
	}
	b.WaitKeysGone(pattern)
}

// KindOf returns a fault's code, with its first field.
func KindOf(err error) string {
	switch f := FieldsOf(err); {
	case err == nil:
		return "ok"
	case len(f) > 0:
		return string(fault.Invalid) + " " + f[0]
	case fault.Is(err, fault.NotFound):
		return string(fault.NotFound)
	case fault.Is(err, fault.WrongState):
		return string(fault.WrongState)
	}
	return err.Error()
}
