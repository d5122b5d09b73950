package wechat

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	// maxAgain is how often a call is made again at most.
	maxAgain = 2
	// firstPause is the wait before the first of them, doubled for the next;
	// each is shortened by chance, so that many do not come back at once.
	firstPause = 200 * time.Millisecond
)

// tokenError marks that a call failed before it was made.
type tokenError struct{ error }

func (e tokenError) Unwrap() error { return e.error }

// call is the one way out to the platform: it makes a call with a token, if the
// endpoint takes one, and makes it again as the policy has it.
func (c *Client) call(ctx context.Context, ep *endpoint, once func(ctx context.Context, token string) error) error {
	renewed, cleared := false, false
	for again := 0; ; {
		token := ""
		if !ep.open {
			var err error
			if token, err = c.tokens.GetAccessTokenContext(ctx); err != nil {
				return c.noToken(ep, err)
			}
		}
		err := c.roundTrip(ctx, ep, func(ctx context.Context) error { return once(ctx, token) })
		if ep.act(err) == actRenew && !ep.open {
			c.tokens.drop(ctx, token)
			if renewed {
				c.alarm(ctx, "the platform refuses the token it just gave", err)
				return err
			}
			renewed = true
			continue // nothing was done: this does not count as a try
		}
		if ep.act(err) == actClear {
			if cleared { // it did not help
				c.blockEndpoint(ctx, ep, midnight(c.now()), err)
				return err
			}
			if cleared = c.clearQuota(ctx, ep, err); cleared {
				continue // nothing was done: this does not count as a try
			}
			return err
		}
		if again >= ep.tries(err) || c.cfg.Wait(ctx, pauseOf(again)) != nil {
			return err
		}
		again++
	}
}

func (c *Client) noToken(ep *endpoint, err error) error {
	if _, ok := errors.AsType[*APIError](err); ok {
		return tokenError{err}
	}
	if _, ok := errors.AsType[*HeldError](err); ok {
		return tokenError{err}
	}
	return tokenError{c.newCallError(ep.path, err)}
}

// act is what an errcode asks for, "" for an end that is none.
func (e *endpoint) act(err error) act {
	if a, ok := errors.AsType[*APIError](err); ok {
		return e.ruleOf(a.Code).act
	}
	return ""
}

// tries is how often a call that ended so may be made again.
func (e *endpoint) tries(err error) int {
	if a, ok := errors.AsType[*APIError](err); ok {
		switch {
		case e.ruleOf(a.Code).act != actRetry:
			return 0
		case e.repeatable:
			return maxAgain
		default:
			return 1
		}
	}
	f, ok := errors.AsType[*CallError](err)
	switch {
	case !ok, f.kind == kindCanceled:
		return 0
	case !f.Reached:
		return maxAgain
	case f.kind == kindTimeout: // who has waited so long has waited enough
		return 0
	case e.repeatable && (f.kind != kindStatus || f.status >= 500):
		return maxAgain
	default:
		return 0
	}
}

func pauseOf(again int) time.Duration {
	d := firstPause << again
	return d/2 + rand.N(d/2) //nolint:gosec // it spreads load and keeps no secret
}

// roundTrip makes one call unless the breaker or the budget holds it back, reports
// it, and heeds what the platform says.
func (c *Client) roundTrip(ctx context.Context, ep *endpoint, once func(context.Context) error) error {
	b := c.breakers[ep]
	p, retry, ok := b.admit()
	if !ok {
		c.cfg.Observe(ep.path, heldOpen, 0)
		return &HeldError{Endpoint: ep.path, Retry: retry, why: heldOpen}
	}
	if retry, ok := c.budgets[ep.budgetOwner()].take(ctx); !ok {
		b.done(ctx, p, neither)
		c.cfg.Observe(ep.path, heldBudget, 0)
		return &HeldError{Endpoint: ep.path, Retry: retry, why: heldBudget}
	}
	end := neither // a panic gives the leave back
	defer func() { b.done(ctx, p, end) }()
	start := c.now()
	err := once(ctx)
	end = healthOf(err)
	c.cfg.Observe(ep.path, ep.label(err), c.now().Sub(start))
	c.applyPolicy(ctx, ep, err)
	return err
}

// healthOf says what the end of a call tells of the platform. A platform that
// is slower than its callers can wait is as good as gone.
func healthOf(err error) verdict {
	if f, ok := errors.AsType[*CallError](err); ok {
		if f.kind == kindCanceled {
			return neither
		}
		return failed
	}
	if codeOf(err) == codeBusy {
		return failed
	}
	return alive
}

// label is the end of a call for Config.Observe. Codes that nobody knows are
// one label, as figures must not grow by what somebody answers.
func (e *endpoint) label(err error) string {
	if err == nil {
		return "0"
	}
	if f, ok := errors.AsType[*CallError](err); ok {
		return string(f.kind)
	}
	return e.codeLabel(codeOf(err))
}

// pause is Config.Wait by the real clock.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
