package wechat

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	// maxRetries is how often a call is retried at most.
	maxRetries = 2
	// firstBackoff is the wait before the first retry, doubled for the next. Each is shortened at random, so that
	// many callers do not retry at once.
	firstBackoff = 200 * time.Millisecond
)

// tokenError marks a call that was not made, as there was no token.
type tokenError struct{ error }

func (e tokenError) Unwrap() error { return e.error }

// call makes every call of the platform: it gets a token, if the endpoint takes one, and retries as the policy
// says.
func (c *Client) call(ctx context.Context, ep *endpoint, once func(ctx context.Context, token string) error) error {
	renewed, cleared := false, false
	for again := 0; ; {
		token := ""
		if !ep.tokenless {
			var err error
			if token, err = c.tokens.GetAccessTokenContext(ctx); err != nil {
				return c.tokenFailure(ep, err)
			}
		}
		err := c.roundTrip(ctx, ep, func(ctx context.Context) error { return once(ctx, token) })
		if ep.action(err) == actRenew && !ep.tokenless {
			c.tokens.invalidate(ctx, token)
			if renewed {
				c.alarm(ctx, "the platform refuses the token it just gave", err)
				return err
			}
			renewed = true
			continue // nothing was done: this is no retry
		}
		if ep.action(err) == actClear {
			if cleared { // it did not help
				c.blockEndpoint(ctx, ep, midnight(c.now()), err)
				return err
			}
			if cleared = c.clearQuota(ctx, ep, err); cleared {
				continue // nothing was done: this is no retry
			}
			return err
		}
		if again >= ep.retries(err) || c.cfg.Wait(ctx, backoff(again)) != nil {
			return err
		}
		again++
	}
}

func (c *Client) tokenFailure(ep *endpoint, err error) error {
	if _, ok := errors.AsType[*APIError](err); ok {
		return tokenError{err}
	}
	if _, ok := errors.AsType[*HeldError](err); ok {
		return tokenError{err}
	}
	return tokenError{c.newCallError(ep.path, err)}
}

// action returns the policy's action for an errcode, "" for an error without one.
func (e *endpoint) action(err error) action {
	if a, ok := errors.AsType[*APIError](err); ok {
		return e.ruleOf(a.Code).action
	}
	return ""
}

// retries returns how often a call that ended with err may be retried.
func (e *endpoint) retries(err error) int {
	if a, ok := errors.AsType[*APIError](err); ok {
		switch {
		case e.ruleOf(a.Code).action != actRetry:
			return 0
		case e.repeatable:
			return maxRetries
		default:
			return 1
		}
	}
	f, ok := errors.AsType[*CallError](err)
	switch {
	case !ok, f.kind == kindCanceled:
		return 0
	case !f.Reached:
		return maxRetries
	case f.kind == kindTimeout: // the caller has waited long enough
		return 0
	case e.repeatable && (f.kind != kindStatus || f.status >= 500):
		return maxRetries
	default:
		return 0
	}
}

func backoff(again int) time.Duration {
	d := firstBackoff << again
	return d/2 + rand.N(d/2) //nolint:gosec // it spreads load and keeps no secret
}

// roundTrip makes one call unless the breaker or the budget holds it back. It reports the call to Observe and
// applies the policy to its result.
func (c *Client) roundTrip(ctx context.Context, ep *endpoint, once func(context.Context) error) error {
	b := c.breakers[ep]
	p, retry, ok := b.admit()
	if !ok {
		c.cfg.Observe(ep.path, heldOpen, 0)
		return &HeldError{Endpoint: ep.path, Retry: retry, reason: heldOpen}
	}
	if retry, ok := c.budgets[ep.budgetOwner()].take(ctx); !ok {
		b.done(ctx, p, healthUnknown)
		c.cfg.Observe(ep.path, heldBudget, 0)
		return &HeldError{Endpoint: ep.path, Retry: retry, reason: heldBudget}
	}
	end := healthUnknown // a panic returns the permit
	defer func() { b.done(ctx, p, end) }()
	start := c.now()
	err := once(ctx)
	end = healthOf(err)
	c.cfg.Observe(ep.path, ep.label(err), c.now().Sub(start))
	c.applyPolicy(ctx, ep, err)
	return err
}

// healthOf says what the result of a call tells about the platform's health. A platform that is slower than its
// callers can wait counts as failed.
func healthOf(err error) health {
	if f, ok := errors.AsType[*CallError](err); ok {
		if f.kind == kindCanceled {
			return healthUnknown
		}
		return healthDown
	}
	if codeOf(err) == codeBusy {
		return healthDown
	}
	return healthUp
}

// label is the result of a call for Config.Observe. All unknown errcodes share one label, so that answers
// cannot add series to the metrics.
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
