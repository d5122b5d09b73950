package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/wechat"
)

// observed is a client that records the result of each text check.
func observed(t *testing.T, answer http.HandlerFunc, change func(*wechat.Config)) (b *bundle, codes func() []string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/cgi-bin/stable_token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"t","expires_in":7200}`))
	})
	mux.HandleFunc("/", answer)
	cfg := config(wechat.HandlerTransport(mux))
	var mu sync.Mutex
	var list []string
	cfg.Observe = func(endpoint, code string, _ time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		if endpoint == "/wxa/msg_sec_check" {
			list = append(list, code)
		}
	}
	if change != nil {
		change(&cfg)
	}
	return client(t, newClock(), nil, cfg), func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(list)
	}
}

// TestEveryEndIsObserved checks the label of every result, and the one label of all unknown errcodes.
func TestEveryEndIsObserved(t *testing.T) {
	t.Parallel()
	says := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
	}
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		want   []string
	}{
		"0":            {says(`{"errcode":0,"result":{"suggest":"pass"}}`), []string{"0"}},
		"an errcode":   {says(`{"errcode":61010}`), []string{"61010"}},
		"an unheard":   {says(`{"errcode":123456789}`), []string{"other"}},
		"busy":         {says(`{"errcode":-1}`), []string{"-1", "-1", "-1"}},
		"a page":       {says(`<html>`), []string{"garbage", "garbage", "garbage"}},
		"a limit":      {says(`{"errcode":45009}`), []string{"45009"}},
		"a cut":        {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, []string{"cut", "cut", "cut"}},
		"a status":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, []string{"status", "status", "status"}},
		"a wrong path": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, []string{"status"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, codes := observed(t, tc.answer, nil)
			_ = b.check(t) // other tests check the result
			if got := codes(); !slices.Equal(got, tc.want) {
				t.Errorf("observed %v, want %v", got, tc.want)
			}
		})
	}
}

// TestNoAnswerIsNotTriedAgain: a call that timed out is not retried, as the caller has waited long enough.
func TestNoAnswerIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, codes := observed(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil)
		begin := time.Now() //nolint:forbidigo // the bubble's clock
		wantCode(t, b.check(t), fault.Unavailable)
		if took := time.Since(begin); took != 8*time.Second { //nolint:forbidigo // the bubble's clock
			t.Errorf("it took %v", took)
		}
		if got := codes(); !slices.Equal(got, []string{"timeout"}) {
			t.Errorf("observed %v", got)
		}
	})
}

func TestHeldCallsAreObserved(t *testing.T) {
	t.Parallel()
	b, codes := observed(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"errcode":45011}`) }, nil)
	_, _ = b.check(t), b.check(t)
	if got := codes(); !slices.Equal(got, []string{"45011", "budget"}) {
		t.Errorf("observed %v", got)
	}
	b, codes = observed(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, nil)
	for range 4 {
		_ = b.check(t)
	}
	if got := codes(); len(got) != 10 || got[7] != "status" || got[8] != "open" || got[9] != "open" {
		t.Errorf("observed %v", got)
	}
}

// TestACallerWhoGivesUp: a cancelled call does not count as a failure of the platform and is not retried.
func TestACallerWhoGivesUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	b, codes := observed(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}, nil)
	for range 10 {
		if _, err := b.CheckText(ctx, someone, "路灯坏了"); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if b.Open() {
		t.Error("callers who gave up opened the breaker")
	}
	for _, code := range codes() {
		if code != "canceled" {
			t.Errorf("observed %v", codes())
		}
	}
}

// TestNoTimeToBegin: a call without time left does not count as a failure of the platform either.
func TestNoTimeToBegin(t *testing.T) {
	t.Parallel()
	b, codes := observed(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"errcode":0}`) }, nil)
	if err := b.check(t); err != nil { // fetches a token
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for range 10 {
		if outcome, err := b.Notify(ctx, aMessage()); outcome != notice.Retry || err == nil {
			t.Errorf("%q, %v", outcome, err)
		}
		if _, err := b.CheckText(ctx, someone, "路灯坏了"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	}
	if b.Open() || slices.Contains(codes(), "timeout") {
		t.Errorf("open %v, observed %v", b.Open(), codes())
	}
}

// TestPausesGrow: pauses grow and are random, so that callers do not retry at the same moment. A caller without
// time left does not wait.
func TestPausesGrow(t *testing.T) {
	t.Parallel()
	var pauses []time.Duration
	b, codes := observed(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"errcode":-1}`) }, func(c *wechat.Config) {
		c.Wait = func(_ context.Context, d time.Duration) error {
			pauses = append(pauses, d)
			if len(pauses) == 3 {
				return context.DeadlineExceeded
			}
			return nil
		}
	})
	_, _ = b.check(t), b.check(t)
	if len(pauses) != 3 || len(codes()) != 4 {
		t.Fatalf("pauses %v, calls %v; want two and three, then one and one", pauses, codes())
	}
	for i, base := range []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 200 * time.Millisecond} {
		if low, high := base/2, base; pauses[i] < low || pauses[i] >= high {
			t.Errorf("pause %d is %v, want %v to %v", i, pauses[i], low, high)
		}
	}
	if pauses[0] == pauses[2] {
		t.Errorf("no chance in the pauses: %v", pauses)
	}
}
