package emulator

import (
	"cmp"
	"time"
)

// activeFor is how long after a login or a use of the chat the platform checks a person's texts and media.
const activeFor = 2 * time.Hour

// inactive is the answer for people whom the platform has not seen lately.
var inactive = refuse(61010, "code is expired, user is not active")

// BlockUser makes the platform block the person: every login fails (40226). It panics on an invalid openid, as
// LoginCode does.
func (e *Emulator) BlockUser(openid string) {
	mustOpenID(openid)
	e.people.withNew(openid, func(p *person, _ bool) { p.blocked = true })
}

// countLogin counts a login and reports whether it is within the person's limit a minute.
func (e *Emulator) countLogin(openid string) (ok bool) {
	if e.opts.Unlimited {
		return true
	}
	limit := cmp.Or(e.opts.LoginsPerMinute, loginsPerMinute)
	now := e.opts.Clock()
	e.people.with(openid, func(p *person) { ok = p.logins.add(now.Unix()/60, limit) })
	return ok
}

// recordLogin records a login, unless the person is blocked.
func (e *Emulator) recordLogin(openid string) (ok bool) {
	now := e.opts.Clock()
	e.people.with(openid, func(p *person) {
		if ok = !p.blocked; ok {
			p.active = now
		}
	})
	return ok
}

// withCheckable runs f if the person's content may be checked now, else it returns the refusal.
func (e *Emulator) withCheckable(openid string, f func(*person)) (no *refusal) {
	now := e.opts.Clock()
	known := e.people.with(openid, func(p *person) {
		if e.opts.StrictActivity && now.Sub(p.active) > activeFor {
			no = inactive
			return
		}
		f(p)
	})
	if !known {
		return refuse(43104, "appid and openid does not match")
	}
	return no
}
