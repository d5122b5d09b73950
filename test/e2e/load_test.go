package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The holiday: 300 requests and complaints in one go, as a town's scenic area
// had them in May.
const (
	holidayVisitors    = 60
	holidaySubmissions = 300
	holidayCodes       = 40
	holidayMembers     = 31
	// What the visitors allow, and the members beside what they begin with.
	visitorGrants = 12
	memberGrants  = 60
)

// holiday is a load on a site: visitors who file until they are acknowledged,
// members and a liaison who work meanwhile.
type holiday struct {
	*testing.T
	site     *site
	cast     wireCast
	codes    []castCode
	visitors []*phone
	members  []*phone
	liaison  *phone

	// gentle keeps members from acts that make a notice to a member needless,
	// so that every such notice must have been sent.
	gentle bool

	filed    atomic.Int64
	retried  atomic.Int64
	refused  atomic.Int64 // 503 while something was down
	advised  atomic.Int64 // of those, with Retry-After
	finished atomic.Bool

	mu    sync.Mutex
	acked map[string]wireSubmission // by the unique text
	faces []string                  // what went wrong
}

// newHoliday logs everybody in and gives the members consent enough.
func newHoliday(t *testing.T, gentle bool) *holiday {
	t.Helper()
	s := serving(t, nil)
	h := &holiday{T: t, site: s, cast: s.cast(), gentle: gentle, acked: map[string]wireSubmission{}}
	if len(h.cast.Codes) < holidayCodes || len(h.cast.Members) != holidayMembers {
		t.Fatalf("a cast of %d codes and %d members", len(h.cast.Codes), len(h.cast.Members))
	}
	// Places first: that is where tourists scan.
	for _, kind := range []string{"place", "member", "room", "station"} {
		for _, c := range h.cast.Codes {
			if c.Kind == kind && len(h.codes) < holidayCodes {
				h.codes = append(h.codes, c)
			}
		}
	}
	h.liaison = s.liaison(h.cast)
	h.visitors, h.members = make([]*phone, holidayVisitors), make([]*phone, holidayMembers)
	template := h.cast.template(t, "member_new")
	reply, closed := h.cast.template(t, "visitor_reply"), h.cast.template(t, "visitor_closed")
	h.crowd(len(h.members), func(i int) {
		h.members[i] = s.user(h.cast.Members[i].OpenID)
		h.members[i].grant(template, memberGrants)
	})
	h.crowd(len(h.visitors), func(i int) {
		h.visitors[i] = s.user(fmt.Sprintf("holiday-visitor-%02d", i))
		h.visitors[i].grant(reply, visitorGrants)
		h.visitors[i].grant(closed, visitorGrants) // else an answer's consent tells of the closing
	})
	eventually(t, "the consents to be counted", func() error {
		if n := s.metrics()["mashang_arrivals_waiting"]; n != 0 {
			return fmt.Errorf("%v arrivals wait", n)
		}
		return nil
	})
	return h
}

// crowd runs f for 0..n-1, eight at a time.
func (h *holiday) crowd(n int, f func(i int)) {
	h.Helper()
	var wg sync.WaitGroup
	gate := make(chan struct{}, 8)
	for i := range n {
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			f(i)
		})
	}
	wg.Wait()
}

// run files everything while everybody works, and calls trouble once when
// half of it is acknowledged.
func (h *holiday) run(trouble func()) {
	h.Helper()
	began := time.Now()
	ctx, cancel := context.WithTimeout(h.Context(), patience)
	defer cancel()
	var filing, work sync.WaitGroup
	half := make(chan struct{})
	var once sync.Once
	for i, v := range h.visitors {
		filing.Go(func() {
			for n := range holidaySubmissions / holidayVisitors {
				h.fileUntilTaken(ctx, v, i, n)
				if h.filed.Load() >= holidaySubmissions/2 {
					once.Do(func() { close(half) })
				}
			}
		})
	}
	for i, m := range h.members {
		work.Go(func() { h.answer(ctx, m, rand.New(rand.NewPCG(1, uint64(i)))) })
	}
	work.Go(func() { h.assignPool(ctx, rand.New(rand.NewPCG(2, 2))) })
	select {
	case <-half:
	case <-ctx.Done():
		h.Fatalf("%d of %d acknowledged after %v\n%s", h.filed.Load(), holidaySubmissions, time.Since(began), h.site.log.tail())
	}
	trouble()
	filing.Wait()
	h.Logf("%d acknowledged in %v, %d requests repeated, %d answered 503",
		h.filed.Load(), time.Since(began).Round(time.Millisecond), h.retried.Load(), h.refused.Load())
	h.finished.Store(true)
	work.Wait()
	h.Logf("the members had worked it off after %v", time.Since(began).Round(time.Millisecond))
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.faces {
		h.Error(f)
	}
	if h.filed.Load() != holidaySubmissions {
		h.Fatalf("%d acknowledged, want %d", h.filed.Load(), holidaySubmissions)
	}
}

// wrong notes what must not happen; the load goes on.
func (h *holiday) wrong(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.faces) < 20 {
		h.faces = append(h.faces, fmt.Sprintf(format, args...))
	}
}

// pause waits as a client does between two tries, or returns false at the end.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// down reports whether an answer means "try again": a lost connection, a 503,
// a 429. A 503 must say when.
func (h *holiday) down(a answer, err error) (again bool, wait time.Duration) {
	switch {
	case err != nil:
		return true, 100 * time.Millisecond
	case a.status == http.StatusServiceUnavailable:
		h.refused.Add(1)
		if after, err := strconv.Atoi(a.header.Get("Retry-After")); err == nil && after > 0 {
			h.advised.Add(1)
		} else {
			h.wrong("503 without Retry-After: %v", a)
		}
		return true, 200 * time.Millisecond
	case a.status == http.StatusTooManyRequests:
		return true, time.Second
	}
	return false, 0
}

// fileUntilTaken repeats one filing under one key until it is acknowledged.
func (h *holiday) fileUntilTaken(ctx context.Context, v *phone, i, n int) {
	text := fmt.Sprintf("假日诉求%02d之%d：排队太久，请派人疏导", i, n)
	h.site.secret("the text of a submission", text)
	code := h.codes[(i*7+n*11)%len(h.codes)]
	body := object{"scene": code.Key, "kind": []string{"complaint", "help", "inquiry", "suggestion", "dispute"}[n%5], "text": text}
	if n%2 == 0 {
		body["visitor"] = "tourist"
	}
	if n == 1 {
		number := fmt.Sprintf("137%08d", 10_000_000+i)
		h.site.secret("a phone number", number)
		body["contact"] = object{"phone": number}
	}
	key := fmt.Sprintf("holiday-%02d-%d", i, n)
	for try := 0; ; try++ {
		a, err := v.file(ctx, key, body)
		if again, wait := h.down(a, err); again {
			h.retried.Add(1)
			if !pause(ctx, wait) {
				return
			}
			continue
		}
		var s wireSubmission
		// 200 is the receipt of a filing whose first answer was lost.
		if a.status != http.StatusCreated && a.status != http.StatusOK {
			h.wrong("filing refused: %v", a)
			return
		}
		if err := a.into(&s); err != nil {
			h.wrong("receipt: %v", err)
			return
		}
		h.mu.Lock()
		h.acked[text] = s
		h.mu.Unlock()
		h.filed.Add(1)
		if n%2 == 1 { // every other one is looked at again, as people do
			if a, err := v.do(ctx, http.MethodGet, "/submissions/"+s.ID, nil); err == nil && a.status == http.StatusNotFound {
				h.wrong("acknowledged and not found: %v", a)
			}
		}
		return
	}
}

// answer is a member at work until everything is filed and the inbox holds
// nothing that waits for a first answer.
func (h *holiday) answer(ctx context.Context, m *phone, dice *rand.Rand) {
	for idle := 0; idle < 3 && ctx.Err() == nil; {
		a, err := m.do(ctx, http.MethodGet, "/inbox?state=assigned", nil)
		var page wirePage[wireSubmission]
		if again, wait := h.down(a, err); again || a.into(&page) != nil {
			pause(ctx, max(wait, 50*time.Millisecond))
			continue
		}
		if a.status != http.StatusOK {
			h.wrong("inbox: %v", a)
			return
		}
		if len(page.Items) == 0 {
			if h.finished.Load() {
				idle++
			}
			pause(ctx, 100*time.Millisecond)
			continue
		}
		idle = 0
		for _, s := range page.Items {
			h.handle(ctx, m, s, dice)
		}
	}
}

// handle does something sensible with one submission.
func (h *holiday) handle(ctx context.Context, m *phone, s wireSubmission, dice *rand.Rand) {
	if s.State != "assigned" || s.assignee() != m.User.MemberID {
		h.wrong("in the inbox of %s: %s %s of %q", m.User.MemberID, s.Number, s.State, s.assignee())
	}
	version := object{"version": s.Version}
	with := func(more object) object {
		more["version"] = s.Version
		return more
	}
	choice := dice.IntN(10)
	if h.gentle && choice >= 6 {
		choice %= 6
	}
	switch choice {
	case 0, 1:
		h.try(ctx, m, s.ID, "accept", version)
	case 2, 3, 4:
		h.try(ctx, m, s.ID, "reply", with(object{"text": "已派人到现场疏导"}))
	case 5:
		h.try(ctx, m, s.ID, "ask", with(object{"text": "请问在哪个门？"}))
	case 6:
		to := h.cast.Members[dice.IntN(len(h.cast.Members))].ID
		if to != m.User.MemberID {
			h.try(ctx, m, s.ID, "transfer", with(object{"to": to, "reason": "在您那边"}))
		}
	case 7:
		h.try(ctx, m, s.ID, "return", with(object{"reason": "不归我管"}))
	default:
		if next, ok := h.try(ctx, m, s.ID, "accept", version); ok {
			h.try(ctx, m, s.ID, "close", object{"version": next.Version, "outcome": "solved", "text": "已疏导"})
		}
	}
}

// try does one act once. Losing to somebody else is fine; a lost answer is
// left to the next look at the inbox.
func (h *holiday) try(ctx context.Context, p *phone, id, act string, body object) (wireSubmission, bool) {
	a, err := p.do(ctx, http.MethodPost, "/submissions/"+id+"/"+act, body)
	if again, wait := h.down(a, err); again {
		pause(ctx, wait)
		return wireSubmission{}, false
	}
	var s wireSubmission
	switch a.status {
	case http.StatusNoContent: // it is somebody else's now
		return s, true
	case http.StatusOK:
		if err := a.into(&s); err != nil {
			h.wrong("%s: %v", act, err)
		}
		return s, true
	case http.StatusConflict, http.StatusNotFound, http.StatusUnprocessableEntity:
		var problem wireProblem
		if err := a.into(&problem); err != nil || problem.Code == "invalid" && act != "transfer" && act != "assign" {
			h.wrong("%s: %v", act, a)
		}
	default:
		h.wrong("%s: %v", act, a)
	}
	return s, false
}

// assignPool is the liaison at work until the pool stays empty.
func (h *holiday) assignPool(ctx context.Context, dice *rand.Rand) {
	for idle := 0; idle < 10 && ctx.Err() == nil; {
		a, err := h.liaison.do(ctx, http.MethodGet, "/pool", nil)
		var page wirePage[wireSubmission]
		if again, wait := h.down(a, err); again || a.into(&page) != nil {
			pause(ctx, max(wait, 50*time.Millisecond))
			continue
		}
		if len(page.Items) == 0 {
			if h.finished.Load() {
				idle++
			}
			pause(ctx, 100*time.Millisecond)
			continue
		}
		idle = 0
		for _, s := range page.Items {
			if s.State != "pooled" && s.State != "held" {
				h.wrong("in the pool: %s %s", s.Number, s.State)
			}
			to := h.cast.Members[dice.IntN(len(h.cast.Members))].ID
			h.try(ctx, h.liaison, s.ID, "assign", object{"version": s.Version, "to": to, "reason": "请您办理"})
		}
	}
}

// errLost is for a submission that was acknowledged and is not there.
var errLost = errors.New("lost")
