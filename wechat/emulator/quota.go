package emulator

import (
	"context"
	"sync/atomic"
	"time"
)

// Quota is the limit of calls of a path. 0 is no limit.
type Quota struct {
	PerSecond, PerMinute, PerDay int
	// The errcodes beyond the limits; 0 means 44990 for a second, 45011 for a
	// minute and 45009 for a day.
	SecondCode, MinuteCode, DayCode int64
}

// loginsPerMinute is how often one person may log in, by the platform's page on
// jscode2session.
const loginsPerMinute = 100

// clearsPerMonth is how often an account may clear its quotas.
const clearsPerMonth = 10

// linkQuota is the quota of URL links and schemes, which share their counts.
var linkQuota = Quota{PerSecond: 100, PerDay: 500_000, DayCode: 44993}

// defaultQuotas are the platform's published quotas.
var defaultQuotas = map[string]Quota{
	"/cgi-bin/stable_token":           {PerMinute: 10_000, PerDay: 500_000},
	"/cgi-bin/token":                  {PerDay: 2000},
	"/wxa/getwxacodeunlimit":          {PerMinute: 5000},
	"/cgi-bin/message/subscribe/send": {PerDay: 10_000_000},
	"/wxa/msg_sec_check":              {PerMinute: 4000, PerDay: 2_000_000, MinuteCode: 44991},
	"/wxa/media_check_async":          {PerMinute: 2000, PerDay: 200_000, MinuteCode: 44991},
	"/wxa/generate_urllink":           linkQuota,
	"/wxa/generatescheme":             linkQuota,
}

// sharedWith names the path whose counts another path adds to.
var sharedWith = map[string]string{"/wxa/generatescheme": "/wxa/generate_urllink"}

func (q Quota) withDefaults() Quota {
	for _, code := range []struct {
		into  *int64
		usual int64
	}{{&q.SecondCode, 44990}, {&q.MinuteCode, 45011}, {&q.DayCode, 45009}} {
		if *code.into == 0 {
			*code.into = code.usual
		}
	}
	return q
}

// meter counts the calls of a path against its quota.
type meter struct {
	quota Quota
	*counts
}

// counts are the calls in the present second, minute and day.
type counts struct{ second, minute, day window }

// window is the number of a span of time and the count in it, in 32 bits each, so that it needs no lock.
type window struct{ state atomic.Uint64 }

// add counts one call in the span and reports whether the limit allows it. With limit 0 nothing is counted.
func (w *window) add(span int64, limit int) bool {
	if limit == 0 {
		return true
	}
	for {
		old := w.state.Load()
		n := old & (1<<32 - 1)
		if old>>32 != uint64(uint32(span)) { //nolint:gosec // only its change matters
			n = 0
		}
		if n >= uint64(limit) { //nolint:gosec // checked to be positive
			return false
		}
		next := uint64(uint32(span))<<32 | (n + 1) //nolint:gosec // see above
		if w.state.CompareAndSwap(old, next) {
			return true
		}
	}
}

// spend counts one call, or returns the errcode of the limit that is reached. Days begin at midnight in China.
func (m *meter) spend(now time.Time) *refusal {
	if m == nil {
		return nil
	}
	second := now.Unix()
	day := (second + int64(chinaOffset/time.Second)) / (24 * 60 * 60)
	switch {
	case !m.day.add(day, m.quota.PerDay):
		return refuse(m.quota.DayCode, "reach max api daily quota limit")
	case !m.minute.add(second/60, m.quota.PerMinute):
		return refuse(m.quota.MinuteCode, "api minute-quota reach limit  must slower  retry next minute")
	case !m.second.add(second, m.quota.PerSecond):
		return refuse(m.quota.SecondCode, "frequency limit, please try again later")
	}
	return nil
}

// newMeters returns the meter of each path with a quota. Quotas of the options override the documented ones.
func (o Options) newMeters() map[string]*meter {
	meters := make(map[string]*meter)
	shared := make(map[string]*counts)
	if o.Unlimited {
		return meters
	}
	add := func(path string, q Quota) {
		group := path
		if to, ok := sharedWith[path]; ok {
			group = to
		}
		if shared[group] == nil {
			shared[group] = new(counts)
		}
		meters[path] = &meter{q.withDefaults(), shared[group]}
	}
	for path, q := range defaultQuotas {
		add(path, q)
	}
	for path, q := range o.Quotas {
		add(path, q)
	}
	return meters
}

// clearQuota resets today's counts, at most ten times a month.
func (e *Emulator) clearQuota(_ context.Context, c call) (any, *refusal) {
	var in struct {
		AppID string `json:"appid"`
	}
	if no := parse(c.body, &in); no != nil {
		return nil, no
	}
	if in.AppID != e.opts.AppID {
		return nil, refuse(40013, "invalid appid")
	}
	at := e.opts.Clock().In(china)
	if !e.clears.add(int64(at.Year())*12+int64(at.Month()), clearsPerMonth) {
		return nil, refuse(48006, "forbid to clear quota because of reaching the limit")
	}
	for _, m := range e.meters {
		m.day.state.Store(0)
	}
	return okAnswer, nil
}
