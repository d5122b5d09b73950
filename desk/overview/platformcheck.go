package overview

import (
	"context"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Mark says how a Finding is to be taken.
type Mark string

// The marks of findings.
const (
	Good    Mark = "good"
	Warning Mark = "warning" // to be looked at
	Bad     Mark = "bad"     // must be put right
)

// Finding is one thing that was examined about the platform, in Chinese.
type Finding struct {
	Mark Mark
	Text string
	// More are lines that belong to it, such as a value to paste.
	More []string
}

// Examine examines the account, the pushes and the templates as far as the platform tells. It ends with ctx and
// changes nothing.
type Examine func(ctx context.Context) []Finding

const (
	// maxChecks is how often a station may have the platform examined within checkSpan: the platform counts calls.
	maxChecks = 6
	checkSpan = 10 * time.Minute
	// checkTimeout ends an examination before a browser or a proxy gives up.
	checkTimeout = 25 * time.Second
)

// CheckPlatform examines the connection with the platform for the station's staff. Those who ask at the same time
// share one examination.
func (svc *Service) CheckPlatform(ctx context.Context, c access.Caller) ([]Finding, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	if svc.examine == nil {
		return []Finding{{Mark: Warning, Text: "演示：微信由本系统模拟，没有可检查的。正式使用前请管理员填入小程序的 AppID"}}, nil
	}
	wait, err := svc.store.TakeRate(ctx, "platform-check "+c.Station, maxChecks, checkSpan)
	if err != nil {
		return nil, err
	}
	if wait > 0 {
		return nil, fault.New(fault.TooMany, "刚检查过几次了，请过几分钟再检查").Retry(wait)
	}
	// Do runs it on a caller's own goroutine, where a panic ends the request and not the server.
	list, err, _ := svc.checks.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTimeout)
		defer cancel()
		return svc.examine(ctx), nil
	})
	if err != nil {
		return nil, err
	}
	return list.([]Finding), nil //nolint:forcetypeassert // the function above returns no other type
}
