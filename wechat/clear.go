package wechat

import (
	"context"
	"log/slog"
	"strconv"
	"time"
)

// clearGrace is how long the quota counts as just cleared: calls that were under way when it was cleared may
// still get the limit's errcode.
const clearGrace = 30 * time.Second

// clearQuota clears the account's quota of calls, at most once a day among all processes, and reports whether
// it did. If not, the endpoint is blocked until midnight, unless the quota is being cleared or was just
// cleared.
func (c *Client) clearQuota(ctx context.Context, ep *endpoint, cause error) bool {
	now := c.now()
	key, ends := "quota_cleared:"+c.cfg.AppID, midnight(now)
	mine, err := c.tokens.claim(ctx, key, ends.Sub(now))
	if err != nil || !mine {
		if err == nil && c.justCleared(ctx, key) {
			return false
		}
		c.blockEndpoint(ctx, ep, ends, cause)
		return false
	}
	err = c.clear(ctx)
	c.cfg.Cleared(ctx, err)
	done := now
	if err != nil {
		done = time.Unix(0, 0) // the quota counts as not cleared for the rest of the day
		c.blockEndpoint(ctx, ep, ends, cause)
	} else {
		c.log.LogAttrs(ctx, slog.LevelWarn, "wechat: the day's quota was used up and has been cleared, once for today",
			slog.String("endpoint", ep.path))
	}
	c.shareCleared(ctx, key, strconv.FormatInt(done.Unix(), 10), ends.Sub(now))
	return err == nil
}

// clear resets the platform's count of today's calls.
func (c *Client) clear(ctx context.Context) error {
	return c.postJSON(ctx, epClear, map[string]string{"appid": c.cfg.AppID}, &status{})
}

// justCleared reports whether the quota is being cleared, or has just been.
func (c *Client) justCleared(ctx context.Context, key string) bool {
	ctx, cancel := context.WithTimeout(ctx, cacheTimeout)
	defer cancel()
	v, err := c.tokens.shared.Get(ctx, key)
	if err != nil {
		return false
	}
	if v == Claimed {
		return true
	}
	at, err := strconv.ParseInt(v, 10, 64)
	return err == nil && c.now().Sub(time.Unix(at, 0)) < clearGrace
}

// shareCleared shares when the quota was cleared, even if the caller has gone.
func (c *Client) shareCleared(ctx context.Context, key, value string, ttl time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cacheTimeout)
	defer cancel()
	if err := c.tokens.shared.Set(ctx, key, value, ttl); err != nil {
		c.log.LogAttrs(ctx, slog.LevelWarn, "wechat: other processes are not told that the quota was cleared", slog.Any("error", err))
	}
}

// blockEndpoint lets no process call the endpoint before until, and alarms.
func (c *Client) blockEndpoint(ctx context.Context, ep *endpoint, until time.Time, cause error) {
	c.budgets[ep.budgetOwner()].block(ctx, until)
	c.alarm(ctx, "the day's quota is used up", cause)
}
