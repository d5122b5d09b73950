package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mashang/wechat"
	"mashang/wechat/emulator"
)

// transports are the two ways in which a program reaches the emulator.
var transports = map[string]func(t *testing.T, h http.Handler) (http.RoundTripper, string){
	"socket": func(t *testing.T, h http.Handler) (http.RoundTripper, string) {
		t.Helper()
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		// Keeping no connection also keeps net/http from repeating a cut call.
		return &http.Transport{DisableKeepAlives: true}, s.URL
	},
	"in process": func(_ *testing.T, h http.Handler) (http.RoundTripper, string) {
		return wechat.HandlerTransport(h), "http://platform.example"
	},
}

// reached is what a caller sees of one call.
type reached struct {
	cut    bool
	status int
	kind   string
	body   string
}

func (r reached) errcode() int {
	var a answer
	if json.Unmarshal([]byte(r.body), &a) != nil {
		return -999
	}
	return a.ErrCode
}

// reach makes a call through a transport.
func reach(t *testing.T, rt http.RoundTripper, method, address, body string) reached {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return reached{cut: true}
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return reached{cut: true}
	}
	return reached{status: resp.StatusCode, kind: resp.Header.Get("Content-Type"), body: string(data)}
}

func TestFaultKinds(t *testing.T) {
	t.Parallel()
	const path = "/cgi-bin/message/subscribe/send"
	const jsonKind = "application/json; charset=UTF-8"
	for _, tc := range []struct {
		fault emulator.Fault
		want  func(reached) bool
		sent  int // messages on the phone afterwards
	}{
		{emulator.Fault{Kind: emulator.FaultErrcode, Code: 45009, Msg: "reach max api daily quota limit"}, func(r reached) bool {
			return r.errcode() == 45009 && r.kind == jsonKind && strings.Contains(r.body, "quota limit rid: ")
		}, 0},
		{emulator.Fault{Kind: emulator.FaultDelay, Delay: 3 * time.Second}, func(r reached) bool { return r.errcode() == 0 }, 1},
		{emulator.Fault{Kind: emulator.FaultCutBefore}, func(r reached) bool { return r.cut }, 0},
		{emulator.Fault{Kind: emulator.FaultCutAfter}, func(r reached) bool { return r.cut }, 1},
		{emulator.Fault{Kind: emulator.FaultMalformed}, func(r reached) bool {
			return r.status == http.StatusOK && r.kind == jsonKind && !json.Valid([]byte(r.body))
		}, 1},
		{emulator.Fault{Kind: emulator.FaultHTML}, func(r reached) bool {
			return r.status == http.StatusOK && r.kind == "text/html" && strings.Contains(r.body, "<html>")
		}, 0},
		{emulator.Fault{Kind: emulator.FaultStatus}, func(r reached) bool { return r.status == http.StatusBadGateway }, 0},
		{emulator.Fault{Kind: emulator.FaultStatus, Status: 503}, func(r reached) bool { return r.status == 503 }, 0},
		{emulator.Fault{Kind: emulator.FaultRevoke}, func(r reached) bool { return r.errcode() == 40001 }, 0},
	} {
		for name, transport := range transports {
			t.Run(fmt.Sprint(name, " ", tc.fault.Kind, tc.fault.Status), func(t *testing.T) {
				t.Parallel()
				var waited atomic.Int64
				b := setup(t, func(o *emulator.Options) {
					o.Wait = func(_ context.Context, d time.Duration) { waited.Add(int64(d)) }
				})
				b.grant(1)
				rt, base := transport(t, b.api)
				body, err := json.Marshal(message(nil))
				if err != nil {
					t.Fatal(err)
				}
				address := base + path + "?access_token=" + b.stable(false).Token
				fault := tc.fault // both transports have the row
				fault.Path, fault.Times = path, 1
				if err := b.SetFaults(fault); err != nil {
					t.Fatal(err)
				}
				if got := reach(t, rt, http.MethodPost, address, string(body)); !tc.want(got) {
					t.Errorf("got %+v", got)
				}
				if n := len(b.Messages(someone)); n != tc.sent || b.Left(someone, tpl) != 1-tc.sent {
					t.Errorf("%d messages and %d grants left, want %d and %d", n, b.Left(someone, tpl), tc.sent, 1-tc.sent)
				}
				if got := time.Duration(waited.Load()); got != tc.fault.Delay {
					t.Errorf("waited %v, want %v", got, tc.fault.Delay)
				}
				if plan := b.Faults(); len(plan) != 1 || plan[0].Hits != 1 {
					t.Errorf("plan: %+v", plan)
				}
			})
		}
	}
}

func TestFaultTimes(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	err := b.SetFaults(
		emulator.Fault{Path: "/wxa/msg_sec_check", Kind: emulator.FaultErrcode, Code: -1, Times: 2},
		emulator.Fault{Path: "/wxa/msg_sec_check", Kind: emulator.FaultErrcode, Code: 44991, Times: 1},
	)
	if err != nil {
		t.Fatal(err)
	}
	b.stable(false) // another path: not hit
	for _, want := range []int{-1, -1, 44991, 40097} {
		b.want(b.post("/wxa/msg_sec_check", "{}"), want)
	}
	if plan := b.Faults(); plan[0].Hits != 2 || plan[1].Hits != 1 {
		t.Errorf("plan: %+v", plan)
	}
	// A new plan begins anew, and hits every path if it names none.
	if err := b.SetFaults(emulator.Fault{Kind: emulator.FaultErrcode, Code: -1, Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.want(b.stable(false), -1)
	b.want(b.stable(false), 0)
	if err := b.SetFaults(); err != nil || len(b.Faults()) != 0 {
		t.Errorf("an empty plan: %v, %+v", err, b.Faults())
	}
}

func TestFaultChance(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	fault := emulator.Fault{Kind: emulator.FaultErrcode, Code: -1, Chance: 0.5}
	if err := b.SetFaults(fault); err != nil {
		t.Fatal(err)
	}
	hits := 0
	for range 400 {
		if b.stable(false).ErrCode == -1 {
			hits++
		}
	}
	if hits < 120 || hits > 280 || b.Faults()[0].Hits != hits { // eight standard deviations
		t.Errorf("%d of 400 hit, %d counted", hits, b.Faults()[0].Hits)
	}
}

func TestFaultPlanIsChecked(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	good := emulator.Fault{Kind: emulator.FaultHTML}
	if err := b.SetFaults(good); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]emulator.Fault{
		"kind":            {Kind: "earthquake"},
		"path":            {Kind: emulator.FaultHTML, Path: "/no/such/path"},
		"no code":         {Kind: emulator.FaultErrcode},
		"delay":           {Kind: emulator.FaultDelay, Delay: -1},
		"times":           {Kind: emulator.FaultHTML, Times: -1},
		"chance":          {Kind: emulator.FaultHTML, Chance: 1.1},
		"negative chance": {Kind: emulator.FaultHTML, Chance: -0.1},
		"status 200":      {Kind: emulator.FaultStatus, Status: 200},
		"status 1000":     {Kind: emulator.FaultStatus, Status: 1000},
	} {
		if err := b.SetFaults(good, bad); err == nil || !strings.Contains(err.Error(), "fault 1") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if plan := b.Faults(); len(plan) != 1 || plan[0].Kind != emulator.FaultHTML {
		t.Errorf("a refused plan replaced the present one: %+v", plan)
	}
}
