package wechat

import (
	"context"
	"sync"
	"time"
)

const (
	// breakAfter calls in a row without an answer of the platform, all within
	// breakWindow, open the breaker.
	breakAfter  = 8
	breakWindow = time.Minute
	// breakFirst is how long it stays open; each probe in vain doubles the time,
	// up to breakMost.
	breakFirst = 5 * time.Second
	breakMost  = time.Minute
)

// breaker spares everybody the wait for an endpoint that does not answer, and
// the platform the load of those who keep asking. Each endpoint has its own: a
// stranger's code images that fail must not keep people from logging in. While
// it is open no call is made; then one is, as a probe, and its end closes or
// opens it again.
type breaker struct {
	now func() time.Time
	// onChange hears of every opening and closing.
	onChange func(ctx context.Context, open bool)

	mu      sync.Mutex
	fails   int           // in a row
	since   time.Time     // the first of them
	openFor time.Duration // 0: closed
	until   time.Time     // open until then
	probing bool          // somebody is finding out
}

// verdict is what a call says of the platform's health.
type verdict int

const (
	neither verdict = iota // it was not made, or the caller gave up
	alive                  // it was answered, be it by an errcode
	failed
)

// permit is the leave to make one call; it is given back by done.
type permit struct{ probe bool }

// admit gives leave for a call, or says how long none will be made.
func (b *breaker) admit() (p permit, retry time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.openFor == 0 {
		return permit{}, 0, true
	}
	if left := b.until.Sub(b.now()); left > 0 {
		return permit{}, left, false
	}
	if b.probing {
		return permit{}, time.Second, false
	}
	b.probing = true
	return permit{probe: true}, 0, true
}

// done tells how a call ended. Calls that began before the breaker opened may
// close it, but cannot keep it open longer.
func (b *breaker) done(ctx context.Context, p permit, v verdict) {
	if opened, closed := b.settle(p, v); opened || closed {
		b.onChange(ctx, opened)
	}
}

func (b *breaker) settle(p permit, v verdict) (opened, closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.probe {
		b.probing = false
	}
	now := b.now()
	switch {
	case v == alive:
		closed = b.openFor > 0
		b.fails, b.openFor = 0, 0
	case v == failed && p.probe:
		b.openFor = min(2*b.openFor, breakMost)
		b.until = now.Add(b.openFor)
	case v == failed && b.openFor == 0:
		if b.fails == 0 || now.Sub(b.since) > breakWindow {
			b.fails, b.since = 0, now
		}
		if b.fails++; b.fails >= breakAfter {
			b.openFor, b.until, opened = breakFirst, now.Add(breakFirst), true
		}
	}
	return opened, closed
}

// open reports whether calls are being held back.
func (b *breaker) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.openFor > 0
}
