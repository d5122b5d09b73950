package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/store"
	"mashang/store/storetest"
	"mashang/wechat"
)

// limits is a budget that counts its requests.
type limits struct {
	wechat.Budget

	leases atomic.Int64
	down   atomic.Bool
}

func (l *limits) Lease(ctx context.Context, name string, at time.Time, want, unspent, perMinute, perDay int) (got, today int, until time.Time, err error) {
	l.leases.Add(1)
	if l.down.Load() {
		return 0, 0, time.Time{}, errDown
	}
	return l.Budget.Lease(ctx, name, at, want, unspent, perMinute, perDay)
}

// office is several processes with one store and one platform.
type office struct {
	clock     *clock
	budget    *limits
	processes []*bundle
	calls     atomic.Int64 // without those for a token
	refusal   atomic.Pointer[string]
}

func newOffice(t *testing.T, processes int) *office {
	t.Helper()
	server := storetest.New(t)
	o := &office{clock: newClock(), budget: &limits{Budget: server.Open(t).Budgets(appID)}}
	for range processes {
		cfg := config(wechat.HandlerTransport(http.HandlerFunc(o.answer)))
		cfg.Budget = o.budget
		o.processes = append(o.processes, client(t, o.clock, nil, cfg))
	}
	return o
}

func (o *office) answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/cgi-bin/stable_token" {
		_, _ = w.Write([]byte(`{"access_token":"t","expires_in":7200}`))
		return
	}
	o.calls.Add(1)
	if refusal := o.refusal.Load(); refusal != nil {
		_, _ = w.Write([]byte(*refusal))
		return
	}
	_, _ = w.Write([]byte(`{"errcode":0,"result":{"suggest":"pass"},"trace_id":"t"}`))
}

func (o *office) refuse(code int) {
	s := fmt.Sprintf(`{"errcode":%d,"errmsg":"limit"}`, code)
	o.refusal.Store(&s)
}

func (o *office) log() string {
	var b strings.Builder
	for _, p := range o.processes {
		b.WriteString(p.log.String())
	}
	return b.String()
}

// TestMinuteBudgetAmongProcesses: with many callers in many processes the platform gets 95 % of its limit and
// no more, and few calls need a round trip to the store.
func TestMinuteBudgetAmongProcesses(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 3)
	var refused atomic.Int64
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			for range 400 {
				switch err := o.processes[i%3].check(t); {
				case err == nil:
				case fault.Is(err, fault.TooMany):
					refused.Add(1)
				default:
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := o.calls.Load(); n > 3800 || n+refused.Load() != 4800 {
		t.Errorf("%d calls and %d refused of 4,800; want 3,800 of the platform's 4,000 at most", n, refused.Load())
	}
	for _, p := range o.processes { // a process may have calls left of its batch
		for p.check(t) == nil {
			continue
		}
	}
	if n := o.calls.Load(); n != 3800 {
		t.Errorf("%d calls in the end, want all 3,800", n)
	}
	if n := o.budget.leases.Load(); n > 150 {
		t.Errorf("%d round trips for 4,800 calls", n)
	}
	err := o.processes[0].check(t)
	f, _ := errors.AsType[*fault.Error](err)
	if f == nil || f.RetryAfter <= 0 || f.RetryAfter > time.Minute {
		t.Errorf("no advice when to come back: %v", err)
	}
	o.clock.Advance(time.Minute)
	if err := o.processes[0].check(t); err != nil {
		t.Errorf("in the next minute: %v", err)
	}
}

// TestDayBudgetCallsSomebody: it alarms at 80 % and at the end, once among all processes, and no later call
// reaches the platform before midnight in Beijing.
func TestDayBudgetCallsSomebody(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 2)
	const own, mark = 190_000, 152_000 // of 200,000 pictures a day
	spend := func(n int) {
		t.Helper()
		for n > 0 {
			got, _, _, err := o.budget.Budget.Lease(t.Context(), "/wxa/media_check_async", o.clock.Now(), n, 0, 0, own)
			if err != nil || got == 0 {
				t.Fatal(got, err)
			}
			n -= got
		}
		o.clock.Advance(time.Minute) // to a minute with calls left
	}
	check := func() error {
		_, err := o.processes[0].CheckPicture(t.Context(), someone, "https://a.example/1")
		return err
	}
	spend(mark - 10)
	if err := check(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(o.log(), "percent=80"); n != 1 {
		t.Errorf("called %d times at 80 %%: %s", n, o.log())
	}
	spend(own - mark - 40)
	var err error
	for err == nil && o.calls.Load() < 200 {
		_, err = o.processes[int(o.calls.Load())%2].CheckPicture(t.Context(), someone, "https://a.example/1")
	}
	wantCode(t, err, fault.Unavailable)
	if n := strings.Count(o.log(), "percent=100"); n != 1 {
		t.Errorf("called %d times at the end: %s", n, o.log())
	}
	made := o.calls.Load()
	wantCode(t, check(), fault.Unavailable)
	if o.calls.Load() != made {
		t.Error("a call was made beyond the budget")
	}
	o.clock.Advance(14 * time.Hour) // from ten in the morning
	if err := check(); err != nil {
		t.Errorf("after midnight: %v", err)
	}
}

// TestALimitOfThePlatformStopsAllProcesses until the limit ends.
func TestALimitOfThePlatformStopsAllProcesses(t *testing.T) {
	t.Parallel()
	for code, over := range map[int]time.Duration{
		45009: 14 * time.Hour, 44993: 14 * time.Hour, 45011: time.Minute, 44991: time.Minute, 44990: time.Second,
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, 2)
			o.refuse(code)
			if o.processes[0].check(t) == nil {
				t.Fatal("no error")
			}
			o.refusal.Store(nil)
			for i := range 2 {
				if err := o.processes[i].check(t); err == nil {
					t.Errorf("process %d went on", i)
				}
			}
			if n := o.calls.Load(); n != 1 {
				t.Errorf("%d calls, want 1", n)
			}
			o.clock.Advance(over)
			for i := range 2 {
				if err := o.processes[i].check(t); err != nil {
					t.Errorf("process %d after the limit: %v", i, err)
				}
			}
		})
	}
}

// TestALiftedStopIsHeard: every process, also the one that stopped the endpoint, resumes within a minute.
func TestALiftedStopIsHeard(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	o.refuse(45009)
	if o.processes[0].check(t) == nil {
		t.Fatal("no error")
	}
	o.refusal.Store(nil)
	if err := o.budget.Stop(t.Context(), "/wxa/msg_sec_check", o.clock.Now()); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Minute)
	if err := o.processes[0].check(t); err != nil {
		t.Errorf("after the stop was lifted: %v", err)
	}
}

// TestBudgetDownStopsNobody: calls go on, and it is logged once.
func TestBudgetDownStopsNobody(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	o.budget.down.Store(true)
	for range 300 {
		if err := o.processes[0].check(t); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(o.log(), "does not answer; calls go on uncounted"); n != 2 { // token and text check
		t.Errorf("said %d times: %s", n, o.log())
	}
	if n := o.budget.leases.Load(); n > 10 {
		t.Errorf("a budget that is down was asked %d times for 300 calls", n)
	}
	o.budget.down.Store(false)
	o.clock.Advance(time.Minute)
	if err := o.processes[0].check(t); err != nil {
		t.Error(err)
	}
	if used := o.processes[0].BudgetUsed(); used["/wxa/msg_sec_check"] <= 0 {
		t.Errorf("used: %v", used)
	}
}

// TestStoreFits: the store implements Budget and TokenCache.
func TestStoreFits(t *testing.T) {
	t.Parallel()
	var _ wechat.Budget = store.Budgets{}
	var _ wechat.TokenCache = store.Tokens{}
}
