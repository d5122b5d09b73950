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

// Allowed is a login that the caller's phone has allowed.
func (b *Bundle) Allowed(c access.Caller) login.Offer {
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

// Seat signs the caller in at a computer by their phone.
func (b *Bundle) Seat(c access.Caller) login.OpenedSession {
	b.T.Helper()
	o := b.Allowed(c)
	s, err := b.Login.OpenConsoleSession(b.T.Context(), o.ID, o.Secret)
	if err != nil {
		b.T.Fatal(err)
	}
	return s
}

// SeatEnded fails unless the token opens nothing at a computer any more.
func (b *Bundle) SeatEnded(why, token string) {
	b.T.Helper()
	if c, err := b.Login.ConsoleCaller(b.T.Context(), token); !fault.Is(err, fault.Unauthenticated) {
		b.T.Errorf("%s: %+v, %v", why, c, err)
	}
}

// Ttl is how long the only key like the pattern has left.
func (b *Bundle) Ttl(pattern string) time.Duration {
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

// Expire lets every key like the pattern end now.
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
	b.Gone(pattern)
}

// KindOf names how a call ended: a fault's code, with the first field it is of.
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
