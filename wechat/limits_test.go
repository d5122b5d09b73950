package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

const loginPath = "/sns/jscode2session"

// TestOnePersonsLimitRestsThatPerson: a person who logs in too often has to wait a minute; others log in as
// before.
func TestOnePersonsLimitRestsThatPerson(t *testing.T) {
	t.Parallel()
	c := newClock()
	emu := emulated(t, c, func(o *emulator.Options) { o.LoginsPerMinute = 2 })
	b := client(t, c, emu, config(wechat.HandlerTransport(emu.API())))
	b.meet(t)
	b.meet(t)
	_, err := b.Login(t.Context(), emu.LoginCode(someone))
	wantCode(t, err, fault.TooMany)
	if f, _ := errors.AsType[*fault.Error](err); f.RetryAfter != time.Minute {
		t.Errorf("retry after %v", f.RetryAfter)
	}
	for i := range 3 {
		if _, err := b.Login(t.Context(), emu.LoginCode(fmt.Sprintf("another-%d", i))); err != nil {
			t.Errorf("somebody else: %v", err)
		}
	}
	c.Advance(time.Minute)
	b.meet(t)
}

// TestUsedUpLoginsAreClearedOnceADay: the account's quota is cleared and reported, and logins go on. If it is
// used up again on that day, the endpoint is blocked.
func TestUsedUpLoginsAreClearedOnceADay(t *testing.T) {
	t.Parallel()
	c := newClock()
	emu := emulated(t, c, func(o *emulator.Options) {
		o.Quotas = map[string]emulator.Quota{loginPath: {PerDay: 2}}
	})
	told := 0
	cfg := config(wechat.HandlerTransport(emu.API()))
	cfg.Cleared = func(_ context.Context, err error) {
		if told++; err != nil {
			t.Errorf("cleared: %v", err)
		}
	}
	b := client(t, c, emu, cfg)
	login := func() error { return second(b.Login(t.Context(), emu.LoginCode(someone))) }
	for i := range 4 { // the third call clears the quota
		if err := login(); err != nil {
			t.Fatalf("login %d: %v", i+1, err)
		}
	}
	if told != 1 || emu.Calls()["/cgi-bin/clear_quota"] != 1 {
		t.Fatalf("told %d times, %d calls", told, emu.Calls()["/cgi-bin/clear_quota"])
	}
	wantCode(t, login(), fault.Unavailable) // like a call that was under way while the quota was cleared
	c.Advance(time.Minute)
	wantCode(t, login(), fault.Unavailable)
	made := emu.Calls()[loginPath]
	wantCode(t, login(), fault.Unavailable)
	if emu.Calls()[loginPath] != made || told != 1 {
		t.Errorf("it does not rest: %d calls, told %d times", emu.Calls()[loginPath]-made, told)
	}
	c.Advance(14 * time.Hour) // past midnight in Beijing
	if err := login(); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// TestAQuotaThatCannotBeCleared: the endpoint is blocked until midnight, and the failure is reported.
func TestAQuotaThatCannotBeCleared(t *testing.T) {
	t.Parallel()
	c := newClock()
	emu := emulated(t, c, nil)
	var why error
	cfg := config(wechat.HandlerTransport(emu.API()))
	cfg.Cleared = func(_ context.Context, err error) { why = err }
	b := client(t, c, emu, cfg)
	if err := emu.SetFaults(
		emulator.Fault{Path: loginPath, Kind: emulator.FaultErrcode, Code: 45009, Msg: "limit"},
		emulator.Fault{Path: "/cgi-bin/clear_quota", Kind: emulator.FaultErrcode, Code: 48006, Msg: "limit"},
	); err != nil {
		t.Fatal(err)
	}
	wantCode(t, second(b.Login(t.Context(), emu.LoginCode(someone))), fault.Unavailable)
	if e, ok := errors.AsType[*wechat.APIError](why); !ok || e.Code != 48006 {
		t.Errorf("told %v", why)
	}
	wantCode(t, second(b.Login(t.Context(), emu.LoginCode(someone))), fault.Unavailable)
	if n := emu.Calls()[loginPath]; n != 1 {
		t.Errorf("%d calls; want it to rest after the first", n)
	}
}

// TestOneEndpointsTroubleIsNotAnothers: while code images fail without an answer, people can log in.
func TestOneEndpointsTroubleIsNotAnothers(t *testing.T) {
	t.Parallel()
	s := newScene(t, loginPath)
	if err := s.emu.SetFaults(emulator.Fault{Path: "/wxa/getwxacodeunlimit", Kind: emulator.FaultStatus, Status: http.StatusBadGateway}); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_, err := s.CodeImage(t.Context(), "abc", 0)
		wantCode(t, err, fault.Unavailable)
	}
	if !s.Open() {
		t.Fatal("the images' breaker is closed")
	}
	s.meet(t)
	if err := s.check(t); err != nil {
		t.Errorf("a text check: %v", err)
	}
}

// TestThePhonesCountry: the platform's table says that countryCode is a string; its example shows a number.
func TestThePhonesCountry(t *testing.T) {
	t.Parallel()
	for country, want := range map[string]string{
		`"86"`: "13912345678", `86`: "13912345678", `"+86"`: "13912345678", `"0086"`: "13912345678", `""`: "13912345678", `null`: "13912345678",
		`852`: "+85213912345678", `"852"`: "+85213912345678", `{}`: "", `true`: "", `"abc"`: "", `86.5`: "", `[86]`: "",
	} {
		for _, pure := range []string{`"13912345678"`, `13912345678`} {
			b := stubbed(t, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = fmt.Fprintf(w, `{"errcode":0,"phone_info":{"purePhoneNumber":%s,"countryCode":%s,"watermark":{"appid":%q}}}`, pure, country, appID)
			})
			got, err := b.Phone(t.Context(), "code")
			if got != want || (err != nil) != (want == "") {
				t.Errorf("%s of %s: %q, %v; want %q", pure, country, got, err, want)
			}
		}
	}
	c := newClock()
	for _, text := range []bool{false, true} {
		emu := emulated(t, c, func(o *emulator.Options) { o.CountryAsText = text })
		b := client(t, c, emu, config(wechat.HandlerTransport(emu.API())))
		if got, err := b.Phone(t.Context(), emu.PhoneCode("13912345678")); got != "13912345678" || err != nil {
			t.Errorf("as text %v: %q, %v", text, got, err)
		}
	}
}
