package wechat_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/wechat"
)

// TestBreakerByModel compares random sequences of calls with a model of the breaker. It opens after eight
// failures in a row within a minute, permits one probe after each pause, doubles the pause after each failed
// probe up to a minute, and closes at the first answer.
func TestBreakerByModel(t *testing.T) {
	t.Parallel()
	ctx, verdicts := t.Context(), wechat.Healths
	rapid.Check(t, func(t *rapid.T) {
		now, turns := start, 0
		b := wechat.NewBreaker(func() time.Time { return now }, func(bool) { turns++ })
		var fails []time.Time
		var rest time.Duration
		var until time.Time
		for range rapid.IntRange(1, 80).Draw(t, "calls") {
			now = now.Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "ms")) * time.Millisecond)
			end := rapid.SampledFrom([]string{"failed", "failed", "failed", "failed", "failed", "failed", "alive", "neither"}).Draw(t, "end")
			retry, made := b.Call(ctx, func() {}, verdicts[end])
			if want := !now.Before(until) || rest == 0; made != want {
				t.Fatalf("made %v, want %v: rest %v until %v", made, want, rest, until.Sub(now))
			}
			if !made {
				if retry != until.Sub(now) {
					t.Fatalf("retry %v, want %v", retry, until.Sub(now))
				}
				continue
			}
			switch end {
			case "alive":
				fails, rest = nil, 0
			case "failed":
				if rest > 0 {
					rest = min(2*rest, time.Minute)
					until = now.Add(rest)
					break
				}
				if len(fails) > 0 && now.Sub(fails[0]) > time.Minute {
					fails = nil
				}
				if fails = append(fails, now); len(fails) == 8 {
					rest, until = 5*time.Second, now.Add(5*time.Second)
				}
			}
			if b.Open() != (rest > 0) {
				t.Fatalf("open %v, want %v", b.Open(), rest > 0)
			}
		}
	})
}

func TestOneProbeAtATime(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := wechat.NewBreaker(c.Now, func(bool) {})
	for range 8 {
		b.Call(t.Context(), func() {}, wechat.Healths["failed"])
	}
	c.Advance(5 * time.Second)
	_, ok := b.Call(t.Context(), func() {
		if _, ok := b.Call(t.Context(), func() {}, wechat.Healths["alive"]); ok {
			t.Error("a second call went out beside the probe")
		}
	}, wechat.Healths["neither"])
	if !ok {
		t.Fatal("no probe")
	}
	if _, ok := b.Call(t.Context(), func() {}, wechat.Healths["alive"]); !ok || b.Open() {
		t.Error("a probe whose caller gave up must leave room for the next")
	}
}

// TestBreakerSparesEverybody: a platform that does not answer is not called any more, every method of the
// client fails at once, and one successful probe closes the breaker.
func TestBreakerSparesEverybody(t *testing.T) {
	t.Parallel()
	gone, calls := true, 0
	rt := roundTrip(func(r *http.Request) (*http.Response, error) {
		calls++
		if gone {
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		}
		return wechat.HandlerTransport(&tokenServer{expires: 7200}).RoundTrip(r)
	})
	c := newClock()
	b := client(t, c, nil, config(rt))
	for range 3 {
		wantCode(t, b.check(t), fault.Unavailable)
	}
	if calls != 8 || !b.Open() {
		t.Fatalf("%d calls, open %v; want 8, then none", calls, b.Open())
	}
	err := b.check(t)
	wantCode(t, err, fault.Unavailable)
	f, _ := errors.AsType[*fault.Error](err)
	if h, ok := errors.AsType[*wechat.HeldError](err); !ok || h.Retry != 5*time.Second || f.RetryAfter != 5*time.Second {
		t.Errorf("got %v, retry %v", err, f.RetryAfter)
	}
	if got, err := b.Notify(t.Context(), aMessage()); got != notice.Retry || err == nil {
		t.Errorf("notify: %q, %v", got, err)
	}
	if n := strings.Count(b.log.String(), "calls are held back"); n != 1 {
		t.Errorf("somebody was called %d times", n)
	}
	gone = false
	c.Advance(5 * time.Second)
	if err := b.check(t); err != nil || b.Open() {
		t.Errorf("after the probe: %v, open %v", err, b.Open())
	}
}

// TestErrcodesAreAnswers: errcodes do not open the breaker.
func TestErrcodesAreAnswers(t *testing.T) {
	t.Parallel()
	b := withServer(t, &tokenServer{refusal: `{"errcode":48001,"errmsg":"api unauthorized"}`})
	for range 20 {
		wantCode(t, b.check(t), fault.Unavailable)
	}
	if b.Open() {
		t.Error("errcodes opened the breaker")
	}
}

// roundTrip adapts a function to http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
