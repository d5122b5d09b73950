package emulator_test

import (
	"crypto/rand"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/wechat/emulator"
)

// ask makes n calls of a path with a good token and returns the last answer.
func (b *bundle) ask(path string, n int, token string) (last answer) {
	b.t.Helper()
	for range n {
		last = b.do(http.MethodPost, path+"?access_token="+token, "{}")
	}
	return last
}

// TestDocumentedQuotas: the platform's published quotas apply, with their errcodes, and reset at the minute and
// at midnight in China.
func TestDocumentedQuotas(t *testing.T) {
	t.Parallel()
	const usual = 40097 // what an empty text check is told
	b := setup(t, nil)
	token := b.stable(false).Token
	const path = "/wxa/msg_sec_check"
	b.want(b.ask(path, 4000, token), usual)
	b.want(b.ask(path, 1, token), 44991)
	b.clock.Advance(59 * time.Second)
	b.want(b.ask(path, 1, token), 44991)
	b.clock.Advance(time.Second)
	b.want(b.ask(path, 1, token), usual)

	b.want(b.ask("/wxa/media_check_async", 2000, token), usual)
	b.want(b.ask("/wxa/media_check_async", 1, token), 44991)
	b.want(b.ask("/wxa/getwxacodeunlimit", 5000, token), 40169)
	b.want(b.ask("/wxa/getwxacodeunlimit", 1, token), 45011)
	b.want(b.ask(linkPath, 60, token), 85401)
	b.want(b.ask(schemePath, 40, token), 85401)
	b.want(b.ask(linkPath, 1, token), 44990) // they share their second
	b.clock.Advance(time.Second)
	b.want(b.ask(schemePath, 1, token), 85401)
	b.want(b.ask("/cgi-bin/message/custom/send", 6000, token), 40003) // no limit is published
	for range 10_000 {
		b.stable(false)
	}
	b.want(b.stable(false), 45011)
}

func TestQuotaOfDay(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) {
		o.Quotas = map[string]emulator.Quota{
			"/wxa/msg_sec_check": {PerDay: 3}, linkPath: {PerDay: 2, DayCode: 44993}, schemePath: {PerDay: 2, DayCode: 44993},
			"/wxa/getwxacodeunlimit": {PerMinute: 1, MinuteCode: 45009}, "/wxa/media_check_async": {},
		}
	})
	token := b.stable(false).Token
	b.want(b.ask("/wxa/msg_sec_check", 4, token), 45009)
	b.want(b.ask(linkPath, 1, token), 85401)
	b.want(b.ask(schemePath, 1, token), 85401)
	b.want(b.ask(schemePath, 1, token), 44993)
	b.want(b.ask(linkPath, 1, token), 44993)
	b.want(b.ask("/wxa/getwxacodeunlimit", 2, token), 45009)
	b.want(b.ask("/wxa/media_check_async", 2001, token), 40097)
	b.clock.Advance(14*time.Hour - time.Second) // it was ten in the morning
	token = b.stable(false).Token
	b.want(b.ask("/wxa/msg_sec_check", 1, token), 45009)
	b.clock.Advance(time.Second)
	b.want(b.ask("/wxa/msg_sec_check", 1, token), 40097)
	b.want(b.ask("/wxa/msg_sec_check", 1, "wrong"), 40001) // not counted
	b.want(b.ask("/wxa/msg_sec_check", 2, token), 40097)
	b.want(b.ask("/wxa/msg_sec_check", 1, token), 45009)
}

func TestUnlimited(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) { o.Unlimited = true })
	b.want(b.ask("/wxa/msg_sec_check", 4500, b.stable(false).Token), 40097)
}

func TestQuotaIsExactAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) {
		o.Quotas = map[string]emulator.Quota{"/wxa/msg_sec_check": {PerMinute: 100}}
	})
	token := b.stable(false).Token
	var good atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if b.do(http.MethodPost, "/wxa/msg_sec_check?access_token="+token, "{}").ErrCode == 40097 {
					good.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if good.Load() != 100 {
		t.Errorf("%d calls let through, want 100", good.Load())
	}
}

func TestQuotasAreChecked(t *testing.T) {
	t.Parallel()
	for _, q := range []map[string]emulator.Quota{{"/no/such/path": {}}, {sendPath: {PerDay: -1}}} {
		_, err := emulator.New(t.Context(), emulator.Options{
			AppID: appID, AppSecret: appSecret, Clock: (&clock{now: start}).Now, Rand: rand.Reader, Quotas: q,
		})
		if err == nil {
			t.Errorf("%v was taken", q)
		}
	}
}

// TestClearQuota: clearing resets today's counts, ten times a month.
func TestClearQuota(t *testing.T) {
	t.Parallel()
	const path = "/wxa/msg_sec_check"
	b := setup(t, func(o *emulator.Options) { o.Quotas = map[string]emulator.Quota{path: {PerDay: 1}} })
	reset := func(app string) answer { return b.post("/cgi-bin/clear_quota", map[string]string{"appid": app}) }
	b.want(b.post(path, "{}"), 40097)
	b.want(b.post(path, "{}"), 45009)
	b.want(reset("wx9999999999999999"), 40013)
	b.want(b.post(path, "{}"), 45009)
	for range 10 {
		b.want(reset(appID), 0)
	}
	b.want(b.post(path, "{}"), 40097)
	b.want(reset(appID), 48006)
	b.want(b.post(path, "{}"), 45009)
}
