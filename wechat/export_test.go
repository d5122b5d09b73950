package wechat

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// Parse exposes the decoders to fuzz targets, without encryption.
func Parse(body []byte) error { _, err := parse(body); return err }

// Decrypt decrypts a message.
func Decrypt(appID, sealed, aesKey string) ([]byte, error) { return decrypt(appID, sealed, aesKey) }

// Encrypt encrypts a message with the SDK, which does it as the real platform does.
func Encrypt(random, msg []byte, appID, aesKey string) (string, error) {
	b, err := util.EncryptMsg(random, msg, appID, aesKey)
	return string(b), err
}

// Signature computes the platform's signature with the SDK.
func Signature(parts ...string) string { return util.Signature(parts...) }

// SDKGet makes a request through the SDK without a client.
func SDKGet(target string) error {
	_, err := util.HTTPGet(target)
	return err
}

// TemplateFields reads a template's content.
func TemplateFields(content string) []TemplateField { return templateFields(content) }

// Clear clears the account's quota.
func (c *Client) Clear(ctx context.Context) error {
	if err := c.clear(ctx); err != nil {
		return c.fault(err)
	}
	return nil
}

// Breaker is a breaker alone.
type Breaker struct{ b breaker }

// Healths are the results of a call, for Breaker.
var Healths = map[string]health{"neither": healthUnknown, "alive": healthUp, "failed": healthDown}

// NewBreaker returns a closed breaker.
func NewBreaker(now func() time.Time, told func(open bool)) *Breaker {
	return &Breaker{breaker{now: now, onChange: func(_ context.Context, open bool) { told(open) }}}
}

// Call makes a call that ends with end, or returns the time until one is permitted.
func (b *Breaker) Call(ctx context.Context, during func(), end health) (retry time.Duration, ok bool) {
	p, retry, ok := b.b.admit()
	if !ok {
		return retry, false
	}
	during()
	b.b.done(ctx, p, end)
	return 0, true
}

// Open reports whether calls are held back.
func (b *Breaker) Open() bool { return b.b.open() }

// Line is one row of the policy at an endpoint.
type Line struct {
	Code       int64
	Means, Act string
}

// Endpoints lists every path, and whether its calls are repeatable.
func Endpoints() map[string]bool {
	m := make(map[string]bool)
	for _, ep := range endpoints {
		m[ep.path] = ep.repeatable
	}
	return m
}

// Policy lists the rule of each errcode at a path, by errcode.
func Policy(path string) []Line {
	var lines []Line
	for _, ep := range endpoints {
		if ep.path != path {
			continue
		}
		for code := range policy {
			r := ep.ruleOf(code)
			lines = append(lines, Line{code, r.meaning, string(r.action)})
		}
	}
	slices.SortFunc(lines, func(a, b Line) int { return cmp.Compare(a.Code, b.Code) })
	return lines
}
