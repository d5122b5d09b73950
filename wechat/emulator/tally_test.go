package emulator_test

import (
	"net/http"
	"sync"
	"testing"

	"mashang/wechat/emulator"
)

const (
	sendPath = "/cgi-bin/message/subscribe/send"
	textPath = "/wxa/msg_sec_check"
)

// faulty sets a plan that must be good.
func (b *bundle) faulty(plan ...emulator.Fault) {
	b.t.Helper()
	if err := b.SetFaults(plan...); err != nil {
		b.t.Fatal(err)
	}
}

func TestFaultTimesHoldAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.faulty(emulator.Fault{Kind: emulator.FaultErrcode, Code: 7, Times: 10})
	var mu sync.Mutex
	hits := 0
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if b.do(http.MethodGet, "/sns/jscode2session", "").ErrCode == 7 {
				mu.Lock()
				hits++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if hits != 10 || b.Faults()[0].Hits != 10 {
		t.Errorf("%d calls hit, %d counted, want 10", hits, b.Faults()[0].Hits)
	}
}

func TestCallsAreCounted(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.grant(1)
	b.want(b.send(nil), 0)
	b.want(b.send(nil), 43101)
	b.faulty(emulator.Fault{Path: sendPath, Kind: emulator.FaultErrcode, Code: -1})
	b.want(b.send(nil), -1)
	b.do(http.MethodGet, "/no/such/path", "")
	if got := b.Calls(); got[sendPath] != 3 || got["/cgi-bin/stable_token"] != 3 || len(got) != 2 {
		t.Errorf("calls: %v", got)
	}
	if got := b.Answers(sendPath); got[0] != 1 || got[43101] != 1 || len(got) != 2 {
		t.Errorf("answers: %v", got)
	}
	if got := b.Answers("/no/such/path"); len(got) != 0 {
		t.Errorf("answers of nothing: %v", got)
	}
}
