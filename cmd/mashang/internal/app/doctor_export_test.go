package app

import (
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"mashang/cmd/mashang/adapt"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/notice"
	"mashang/miniprogram"
	"mashang/wechat"
)

// What tests from outside see of the doctor.
type (
	Account     = account
	Fitting     = templateMatch
	PushAdapter = adapt.Push
)

var (
	FitTo    = matchFields
	Trouble  = describeNetError
	Declared = miniprogram.Privacy()
	Stands   = compatibleTypes
)

// Checkup examines the platform's side alone.
type Checkup struct {
	Config  config.Config
	Account Account
	Key     string
	// Web reaches the public address; nil takes the doctor's own way.
	Web http.RoundTripper
	// Slow is how long an answer to a push may take; a second when zero.
	Slow time.Duration
}

func (c Checkup) made(out io.Writer) *platformCheck {
	made := newPlatformCheck(&findings{out: out}, c.Config, c.Account, c.Key)
	if c.Web != nil {
		made.web.Transport = c.Web
	}
	if c.Slow != 0 {
		made.slow = c.Slow
	}
	return made
}

// Run examines and returns how much is wrong.
func (c Checkup) Run(ctx context.Context, out io.Writer) (bad, warned int) {
	made := c.made(out)
	made.run(ctx)
	return made.bad, made.warned
}

// Skew is how far our clock is from the platform's.
func (c Checkup) Skew(ctx context.Context) (time.Duration, error) {
	made := c.made(io.Discard)
	defer made.web.CloseIdleConnections()
	return made.skew(ctx)
}

// Probed is a client with its receiver as the doctor sees them.
func Probed(c *wechat.Client) Account { return client{adapt.Platform{Client: c}, c.Receiver()} }

// PurposeName is a purpose as the doctor calls it.
func PurposeName(p notice.Purpose) string { return p.Chinese() }

// ConfigFindings is what the doctor says of the configuration itself.
func ConfigFindings(cfg config.Config) string {
	return findingsOf(cfg, (*Doctor).config)
}

// WeChatFindings is what it says of the platform without a store.
func WeChatFindings(ctx context.Context, cfg config.Config) string {
	return findingsOf(cfg, func(d *Doctor) { d.wechat(ctx, nil) })
}

func findingsOf(cfg config.Config, examine func(*Doctor)) string {
	var out strings.Builder
	examine(&Doctor{Config: cfg, findings: findings{out: &out}})
	return out.String()
}

// KnownCodes are the platform's errcodes that the doctor has words for.
func KnownCodes() []int64 {
	return slices.AppendSeq([]int64{codeForeignIP, codeNoPage}, maps.Keys(further))
}
