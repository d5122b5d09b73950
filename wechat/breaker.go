package wechat

import (
	"context"
	"sync"
	"time"
)

const (
	// maxFailures failed calls in a row, all within failureWindow, open the breaker.
	maxFailures   = 8
	failureWindow = time.Minute
	// minOpenTime is how long the breaker stays open at first. Each failed probe doubles the time, up to
	// maxOpenTime.
	minOpenTime = 5 * time.Second
	maxOpenTime = time.Minute
)

// breaker is a circuit breaker: callers do not wait for an endpoint that does not answer, and the platform is
// spared their calls. Each endpoint has its own, so that failing code images, which strangers can cause, do not
// block logins. While it is open no call is made. Then one call is made as a probe, and its result closes or
// reopens the breaker.
type breaker struct {
	now func() time.Time
	// onChange is called after every opening and closing.
	onChange func(ctx context.Context, open bool)

	mu      sync.Mutex
	fails   int           // failed calls in a row
	since   time.Time     // time of the first of them
	openFor time.Duration // 0 while closed
	until   time.Time     // no call before this time
	probing bool          // a probe is under way
}

// health is what the result of a call says about the platform's health.
type health int

const (
	healthUnknown health = iota // the call was not made, or the caller gave up
	healthUp                    // the platform answered, an errcode included
	healthDown
)

// callPermit allows one call. The caller gives it back with done.
type callPermit struct{ probe bool }

// admit permits a call, or returns the time until the next one is permitted.
func (b *breaker) admit() (p callPermit, retry time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.openFor == 0 {
		return callPermit{}, 0, true
	}
	if left := b.until.Sub(b.now()); left > 0 {
		return callPermit{}, left, false
	}
	if b.probing {
		return callPermit{}, time.Second, false
	}
	b.probing = true
	return callPermit{probe: true}, 0, true
}

// done reports how a call ended. A call that began before the breaker opened may close it, but cannot keep it
// open longer.
func (b *breaker) done(ctx context.Context, p callPermit, v health) {
	if opened, closed := b.settle(p, v); opened || closed {
		b.onChange(ctx, opened)
	}
}

func (b *breaker) settle(p callPermit, v health) (opened, closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.probe {
		b.probing = false
	}
	now := b.now()
	switch {
	case v == healthUp:
		closed = b.openFor > 0
		b.fails, b.openFor = 0, 0
	case v == healthDown && p.probe:
		b.openFor = min(2*b.openFor, maxOpenTime)
		b.until = now.Add(b.openFor)
	case v == healthDown && b.openFor == 0:
		if b.fails == 0 || now.Sub(b.since) > failureWindow {
			b.fails, b.since = 0, now
		}
		if b.fails++; b.fails >= maxFailures {
			b.openFor, b.until, opened = minOpenTime, now.Add(minOpenTime), true
		}
	}
	return opened, closed
}

// open reports whether the breaker holds calls back.
func (b *breaker) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.openFor > 0
}
