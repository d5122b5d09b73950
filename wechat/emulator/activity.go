package emulator

import (
	"cmp"
	"time"
)

// activeFor is how long after a login or chat the platform checks what a person
// wrote or sent.
const activeFor = 2 * time.Hour

// inactive is the answer for people whom the platform has not seen lately.
var inactive = refuse(61010, "code is expired, user is not active")

// BlockUser makes the platform take the person for a risk: no login succeeds
// any more (40226). It panics on a bad openid, as LoginCode does.
func (e *Emulator) BlockUser(openid string) {
	mustOpenID(openid)
	e.people.withNew(openid, func(p *person, _ bool) { p.blocked = true })
}

// mayLogIn counts a login of the person within the minute.
func (e *Emulator) mayLogIn(openid string) (ok bool) {
	if e.opts.Unlimited {
		return true
	}
	most := cmp.Or(e.opts.LoginsPerMinute, loginsPerMinute)
	now := e.opts.Clock()
	e.people.with(openid, func(p *person) { ok = p.logins.add(now.Unix()/60, most) })
	return ok
}

// logIn notes a login, unless the person is blocked.
func (e *Emulator) logIn(openid string) (ok bool) {
	now := e.opts.Clock()
	e.people.with(openid, func(p *person) {
		if ok = !p.blocked; ok {
			p.active = now
		}
	})
	return ok
}

// checkable runs f on a person of whom something may be checked now, or returns
// the refusal.
func (e *Emulator) checkable(openid string, f func(*person)) (no *refusal) {
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
