package wechat

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// Parse lets fuzz targets reach the decoders without a seal.
func Parse(body []byte) error { _, err := parse(body); return err }

// Decrypt opens a sealed message.
func Decrypt(appID, sealed, aesKey string) ([]byte, error) { return open(appID, sealed, aesKey) }

// Encrypt seals a message by the SDK, which makes what the real platform makes.
func Encrypt(random, msg []byte, appID, aesKey string) (string, error) {
	b, err := util.EncryptMsg(random, msg, appID, aesKey)
	return string(b), err
}

// Signature is the platform's, by the SDK.
func Signature(parts ...string) string { return util.Signature(parts...) }

// SDKGet makes a request as the SDK does outside any client.
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

// Breaker is the breaker by itself.
type Breaker struct{ b breaker }

// Verdicts are what a call may say of the platform, for Breaker.
var Verdicts = map[string]verdict{"neither": neither, "alive": alive, "failed": failed}

// NewBreaker returns a closed one.
func NewBreaker(now func() time.Time, told func(open bool)) *Breaker {
	return &Breaker{breaker{now: now, onChange: func(_ context.Context, open bool) { told(open) }}}
}

// Call makes a call that ends as told, or says how long none will be made.
func (b *Breaker) Call(ctx context.Context, during func(), end verdict) (retry time.Duration, ok bool) {
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

// Line is one line of the policy as an endpoint has it.
type Line struct {
	Code       int64
	Means, Act string
}

// Endpoints lists every path that is called, and whether it may be repeated.
func Endpoints() map[string]bool {
	m := make(map[string]bool)
	for _, ep := range endpoints {
		m[ep.path] = ep.repeatable
	}
	return m
}

// Policy lists what is done about each errcode at a path, by errcode.
func Policy(path string) []Line {
	var lines []Line
	for _, ep := range endpoints {
		if ep.path != path {
			continue
		}
		for code := range policy {
			r := ep.ruleOf(code)
			lines = append(lines, Line{code, r.means, string(r.act)})
		}
	}
	slices.SortFunc(lines, func(a, b Line) int { return cmp.Compare(a.Code, b.Code) })
	return lines
}
