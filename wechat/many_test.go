package wechat_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mashang/store/storetest"
	"mashang/wechat"
)

// slowTokens is a platform that needs a second for a token.
type slowTokens struct {
	fetches atomic.Int64
	forced  atomic.Int64
	valid   atomic.Int64
	stuck   atomic.Bool // it hands out the token that it refuses, until one is forced
}

func (s *slowTokens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/cgi-bin/stable_token" {
		if r.URL.Query().Get("access_token") != fmt.Sprintf("token-%d", s.valid.Load()) || s.stuck.Load() {
			_, _ = w.Write([]byte(`{"errcode":40001,"errmsg":"invalid credential"}`))
			return
		}
		_, _ = w.Write([]byte(`{"errcode":0,"result":{"suggest":"pass"}}`))
		return
	}
	time.Sleep(time.Second) //nolint:forbidigo // in a bubble's time
	s.fetches.Add(1)
	if forces(r) {
		s.forced.Add(1)
		s.stuck.Store(false)
		s.valid.Add(1)
	}
	_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":7200}`, s.valid.Load())
}

func forces(r *http.Request) bool {
	b, _ := io.ReadAll(r.Body)
	return strings.Contains(string(b), `"force_refresh":true`)
}

// crowd is many callers in several processes that share one cache.
type crowd struct {
	server    slowTokens
	processes []*bundle
}

func newCrowd(t *testing.T, processes int) *crowd {
	t.Helper()
	c, cache := &crowd{}, &fakeCache{}
	for range processes {
		cfg := config(wechat.HandlerTransport(&c.server))
		cfg.Wait = nil                         // the bubble's time
		p := clientOn(t, time.Now, cache, cfg) //nolint:forbidigo // the bubble's clock
		c.processes = append(c.processes, p)
	}
	return c
}

func (c *crowd) everybody(t *testing.T, each int) {
	t.Helper()
	var wg sync.WaitGroup
	for _, p := range c.processes {
		for range each {
			wg.Go(func() {
				if err := p.check(t); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
}

// TestOneFetchForAllProcesses, for the first token and for one that the
// platform forgot.
func TestOneFetchForAllProcesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 4)
		c.everybody(t, 25)
		if n := c.server.fetches.Load(); n != 1 {
			t.Errorf("%d fetches for four processes, want 1", n)
		}
		c.server.valid.Add(1)
		c.everybody(t, 25)
		if n := c.server.fetches.Load(); n != 2 {
			t.Errorf("%d fetches after the platform forgot the token, want 2", n)
		}
	})
}

// TestAFetchThatDiesIsTakenOver: the claim of a process that never came back
// costs the others a few seconds and no more.
func TestAFetchThatDiesIsTakenOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 2)
		if mine, err := c.processes[0].cache.Claim(t.Context(), "stable_token:"+appID+":claim", time.Hour); !mine || err != nil {
			t.Fatal(mine, err)
		}
		begin := time.Now() //nolint:forbidigo // the bubble's clock
		c.everybody(t, 5)
		if took := time.Since(begin); took > 5*time.Second { //nolint:forbidigo // the bubble's clock
			t.Errorf("it took %v", took)
		}
		if n := c.server.fetches.Load(); n > 2 {
			t.Errorf("%d fetches, want one a process at most", n)
		}
	})
}

// TestTheSameTokenAgainIsForced, once for all processes.
func TestTheSameTokenAgainIsForced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 3)
		c.everybody(t, 1)
		c.server.stuck.Store(true)
		if err := c.processes[0].check(t); err != nil {
			t.Fatal(err)
		}
		c.everybody(t, 5)
		if n := c.server.forced.Load(); n != 1 {
			t.Errorf("forced %d times, want once", n)
		}
	})
}

// TestClaimsInRedis is the first with the real store and real time.
func TestClaimsInRedis(t *testing.T) {
	t.Parallel()
	redis := storetest.New(t)
	s := &tokenServer{expires: 7200}
	var processes []*bundle
	for range 3 {
		cfg := config(wechat.HandlerTransport(s))
		cfg.Wait = nil
		processes = append(processes, clientOn(t, newClock().Now, redis.Open(t).Tokens(), cfg))
	}
	for range 3 {
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				if err := processes[i%3].check(t); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s.valid.Add(1)
	}
	if n := s.fetches.Load(); n != 3 {
		t.Errorf("%d fetches for three tokens, want 3", n)
	}
}
