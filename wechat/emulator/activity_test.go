package emulator_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"mashang/wechat/emulator"
)

func textCheck(content string) map[string]any {
	return map[string]any{"version": 2, "openid": someone, "scene": 1, "content": content}
}

func TestStrictActivity(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*bundle) error{
		"login": func(b *bundle) error { b.want(b.login(b.LoginCode(someone)), 0); return nil },
		"text":  func(b *bundle) error { return b.Write(b.t.Context(), someone, "您好") },
		"image": func(b *bundle) error {
			return b.SendImage(b.t.Context(), someone, "image/png", photoOf(b.t, "image/png"))
		},
		"enter": func(b *bundle) error { return b.Enter(b.t.Context(), someone) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(o *emulator.Options) { o.StrictActivity = true })
			check := func(want int) {
				t.Helper()
				b.want(b.post(textPath, textCheck("路灯坏了")), want)
				b.want(b.post("/wxa/media_check_async", mediaCheck(nil)), want)
			}
			check(43104)
			b.grant(1) // known, but not seen lately
			check(61010)
			if err := act(b); err != nil {
				t.Fatal(err)
			}
			b.clock.Advance(2 * time.Hour)
			check(0)
			b.clock.Advance(time.Second)
			check(61010)
			if err := b.WaitIdle(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
	lax := setup(t, nil)
	lax.grant(1)
	lax.want(lax.post(textPath, textCheck("路灯坏了")), 0)
}

func TestInactiveChecksCostNoVerdict(t *testing.T) {
	t.Parallel()
	s, asked := &sink{}, make(chan string, 1)
	b := setup(t, func(o *emulator.Options) {
		o.Push, o.PushMode, o.Fetch, o.StrictActivity = s.push, emulator.Plain, fetcher(asked), true
	})
	b.SetMediaVerdicts(someone, emulator.VerdictNever)
	b.want(b.post("/wxa/media_check_async", mediaCheck(nil)), 61010)
	b.want(b.login(b.LoginCode(someone)), 0)
	b.checked()
	if len(s.got) != 0 {
		t.Errorf("pushed %s", s.got[0].body)
	}
}

func TestBlockedPeopleDoNotLogIn(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.want(b.login(b.LoginCode(someone)), 0)
	b.BlockUser(someone)
	code := b.LoginCode(someone)
	b.want(b.login(code), 40226)
	b.want(b.login(code), 40163) // the code is used up all the same
	b.want(b.login(b.LoginCode("somebody-else")), 0)
}

func TestCalls(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	if err := b.SetFaults(emulator.Fault{Path: textPath, Kind: emulator.FaultErrcode, Code: -1, Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.want(b.post(textPath, "{}"), -1)    // hit by a fault
	b.want(b.post(textPath, "{}"), 40097) // refused
	b.want(b.do(http.MethodGet, textPath, ""), 43002)
	b.want(b.do(http.MethodGet, "/no/such/path", ""), 40066)
	if got, want := b.Calls(), map[string]int{"/cgi-bin/stable_token": 2, textPath: 3}; !maps.Equal(got, want) {
		t.Errorf("calls %v, want %v", got, want)
	}
}
