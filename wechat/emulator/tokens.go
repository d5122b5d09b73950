package emulator

import (
	"strconv"
	"sync"
	"time"
)

// The platform's rules for tokens.
const (
	tokenLife    = 7200 * time.Second
	tokenOverlap = 300 * time.Second
	forceGap     = 30 * time.Second
	forcePerDay  = 20
)

// china is the time zone of the platform's days.
var china = time.FixedZone("UTC+8", int(chinaOffset/time.Second))

const chinaOffset = 8 * time.Hour

// tokens issues and checks access tokens. Stable and normal tokens are independent.
type tokens struct {
	now    func() time.Time
	random *entropy

	mu             sync.Mutex
	stable, normal line
	lastForce      time.Time
	forced         daily
}

// line is the present token and its predecessor, which stays valid until its own end.
type line struct{ present, former token }

type token struct {
	value string
	end   time.Time
}

// daily counts events of one day.
type daily struct {
	day string
	n   int
}

// add counts one more and reports whether the limit allows it.
func (d *daily) add(now time.Time, limit int) bool {
	if day := now.In(china).Format(time.DateOnly); day != d.day {
		*d = daily{day: day}
	}
	if d.n >= limit {
		return false
	}
	d.n++
	return true
}

// getStable returns the stable token and its remaining seconds, at least 300. Until five minutes before its end
// it is the same for every caller. force makes a new one and invalidates the old, at most 20 times a day and
// not within 30 s.
func (t *tokens) getStable(force bool) (string, int64, *refusal) {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	due := now.After(t.stable.present.end.Add(-tokenOverlap))
	switch {
	case force && !due && now.Sub(t.lastForce) >= forceGap:
		if !t.forced.add(now, forcePerDay) {
			return "", 0, refuse(45009, "reach max api daily quota limit")
		}
		t.lastForce = now
		t.stable = line{present: t.make(now)}
	case due:
		t.stable = line{present: t.make(now), former: t.stable.present}
	}
	return t.stable.present.value, remaining(t.stable.present, now), nil
}

// getNormal makes a new normal token; the former stays valid for five minutes.
func (t *tokens) getNormal() (string, int64) {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	former := t.normal.present
	if last := now.Add(tokenOverlap); former.end.After(last) {
		former.end = last
	}
	t.normal = line{present: t.make(now), former: former}
	return t.normal.present.value, remaining(t.normal.present, now)
}

func (t *tokens) make(now time.Time) token {
	return token{value: strconv.Itoa(now.Year()%100) + "_" + t.random.text(100), end: now.Add(tokenLife)}
}

func remaining(tk token, now time.Time) int64 { return int64(tk.end.Sub(now) / time.Second) }

// check returns why a token is invalid, or nil.
func (t *tokens) check(value string) *refusal {
	if value == "" {
		return refuse(41001, "access_token missing")
	}
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tk := range []token{t.stable.present, t.stable.former, t.normal.present, t.normal.former} {
		if tk.value != value {
			continue
		}
		if now.Before(tk.end) {
			return nil
		}
		return refuse(42001, "access_token expired")
	}
	return refuse(40001, "invalid credential, access_token is invalid or not latest")
}

func (t *tokens) revoke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stable, t.normal = line{}, line{}
}
