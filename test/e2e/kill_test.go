package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// killRounds is how often a server is killed at moments it does not choose.
const killRounds = 12

// isAssigned is how many notices a process can have begun and not settled.
const inHand = 32

// TestServerKilled kills the server with -9 in the middle of the holiday. Its
// Redis is left an orphan, which the next start adopts.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	h := newHoliday(t, true)
	h.run(func() {
		redis := h.site.redisPID()
		h.site.kill()
		if got := h.site.redisPID(); got != redis || got == 0 {
			t.Errorf("redis-server %d did not outlive the server: %d", redis, got)
		}
		h.site.start()
		h.site.ready()
		if got := h.site.redisPID(); got != redis {
			t.Errorf("the orphan %d was not adopted: %d serves now", redis, got)
		}
	})
	if !strings.Contains(h.site.log.text(), "adopted") {
		t.Error("the log does not say that an orphan was adopted")
	}
	h.audit()
	h.outboxEmpty()
	h.spent(inHand)
}

// TestRedisKilled kills the server's Redis with -9 in the middle of the
// holiday: 503 with Retry-After until it is back, then all goes on.
func TestRedisKilled(t *testing.T) {
	t.Parallel()
	h := newHoliday(t, true)
	h.run(func() {
		first := h.site.killRedis()
		began := time.Now()
		eventually(t, "the server to say that it is not ready", func() error {
			if h.refused.Load() > 0 {
				return nil
			}
			a, err := ask(t.Context(), http.MethodGet, h.site.Base+"/readyz", "", nil, nil)
			if err != nil {
				return err
			}
			if a.status != http.StatusServiceUnavailable {
				return errNotYet
			}
			return nil
		})
		eventually(t, "a new redis-server", func() error {
			if pid := h.site.redisPID(); pid == 0 || pid == first {
				return errNotYet
			}
			return nil
		})
		h.site.ready()
		t.Logf("healed %v after kill -9 of Redis", time.Since(began).Round(time.Millisecond))
	})
	if h.refused.Load() != h.advised.Load() {
		t.Errorf("%d of %d answers 503 said when to try again", h.advised.Load(), h.refused.Load())
	}
	h.audit()
	h.outboxEmpty()
	h.spent(inHand)
}

// TestKilledAgainAndAgain files one by one while the server is killed at
// moments it does not choose, and finds every acknowledged one. In every other
// round one is acknowledged first, so that a slow machine has something to lose.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	code := s.cast().code(t, "place")
	v := s.user("visitor-rounds")
	acked := map[string]string{}
	for round := range killRounds {
		stop := make(chan struct{})
		done := make(chan struct{})
		first := make(chan struct{})
		go func() {
			defer close(done)
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				key := fmt.Sprintf("rounds-%d-%d", round, n)
				a, err := v.file(t.Context(), key, object{"scene": code.Key, "kind": "help", "text": "求助" + key})
				var sub wireSubmission
				if err != nil || a.status != http.StatusCreated || a.into(&sub) != nil {
					return // the server is gone, or we went too fast
				}
				acked[sub.ID] = sub.Number
				if n == 0 {
					close(first)
				}
			}
		}()
		if round%2 == 1 {
			select {
			case <-first:
			case <-done:
			}
		}
		pause(t.Context(), time.Duration(10+17*round)*time.Millisecond)
		s.kill()
		close(stop)
		<-done
		s.start()
		s.ready()
	}
	mine := map[string]string{}
	for _, sub := range all[wireSubmission](v, "/submissions", 100) {
		mine[sub.ID] = sub.Number
	}
	for id, number := range acked {
		if mine[id] != number {
			t.Errorf("%s was acknowledged: %v", number, errLost)
		}
	}
	if len(acked) == 0 {
		t.Error("nothing was acknowledged in any round")
	}
	t.Logf("%d acknowledged over %d kills, %d there", len(acked), killRounds, len(mine))
}

// TestKilledWhileSeeding kills first starts at different moments. The next
// start finishes what was begun, and makes nothing twice.
func TestKilledWhileSeeding(t *testing.T) {
	t.Parallel()
	for _, after := range []int{40, 120, 180, 250, 350} {
		s := newSite(t, nil)
		s.start()
		pause(t.Context(), time.Duration(after)*time.Millisecond)
		s.kill()
		s.start()
		s.ready()
		cast := s.cast()
		targets := map[string]bool{}
		for _, c := range cast.Codes {
			if targets[c.Kind+c.Name] {
				t.Errorf("killed after %v ms: two codes for %s", after, c.Name)
			}
			targets[c.Kind+c.Name] = true
		}
		if len(cast.Members) != holidayMembers || len(cast.Codes) < holidayCodes {
			t.Errorf("killed after %v ms: %d members, %d codes", after, len(cast.Members), len(cast.Codes))
		}
		template := cast.template(t, "member_new")
		for _, m := range cast.Members {
			p := s.user(m.OpenID)
			if p.User.MemberID != m.ID {
				t.Errorf("killed after %v ms: %s is %+v", after, m.ID, p.User)
			}
			if left := p.grant(template, 1); left < 21 {
				t.Errorf("killed after %v ms: %s can be sent %d notices", after, m.ID, left-1)
			}
		}
		s.stop()
	}
}
