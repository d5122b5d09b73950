package wechat_test

import (
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/wechat"
)

// TestProbesAreTakenAndLeft sends a receiver its own probes: it accepts them as genuine, and their event is of
// a kind that is ignored.
func TestProbesAreTakenAndLeft(t *testing.T) {
	t.Parallel()
	const at = 1_800_000_000
	for _, mode := range []wechat.PushMode{wechat.PushPlain, wechat.PushCompatible, wechat.PushSafe} {
		for _, original := range []string{"", "gh_0123456789ab"} {
			r := probed(t, mode, original, vectorToken, vectorKey, vectorAppID, at)
			echo := r.EchoProbe()
			if got, err := r.Echo(echo.Query); err != nil || got != echo.Want || got == "" {
				t.Errorf("%s: echo %q, %v", mode, got, err)
			}
			push, err := r.EventProbe()
			if err != nil {
				t.Fatal(err)
			}
			list, err := r.Open(push.Query, push.Body)
			if err != nil || len(list) != 1 || list[0].Kind != wechat.Other {
				t.Errorf("%s: %+v, %v", mode, list, err)
			}
		}
	}
}

// TestProbesTellConfigurationsApart: a receiver of another configuration refuses a probe.
func TestProbesTellConfigurationsApart(t *testing.T) {
	t.Parallel()
	const at = 1_800_000_000
	ours := probed(t, wechat.PushSafe, "gh_0123456789ab", vectorToken, vectorKey, vectorAppID, at)
	echo := ours.EchoProbe()
	push, err := ours.EventProbe()
	if err != nil {
		t.Fatal(err)
	}
	otherKey := "B" + vectorKey[1:]
	for what, other := range map[string]*wechat.Receiver{
		"another token":       probed(t, wechat.PushSafe, "", "BBBBB", vectorKey, vectorAppID, at),
		"a clock ahead":       probed(t, wechat.PushSafe, "", vectorToken, vectorKey, vectorAppID, at+301),
		"another key":         probed(t, wechat.PushSafe, "", vectorToken, otherKey, vectorAppID, at),
		"another app":         probed(t, wechat.PushSafe, "", vectorToken, vectorKey, "wxffffffffffffffff", at),
		"another account":     probed(t, wechat.PushSafe, "gh_ffffffffffff", vectorToken, vectorKey, vectorAppID, at),
		"clear bodies wanted": probed(t, wechat.PushPlain, "", vectorToken, "", vectorAppID, at),
	} {
		_, err := other.Open(push.Query, push.Body)
		wantCode(t, err, fault.Denied)
		if what == "another token" || what == "a clock ahead" {
			_, err := other.Echo(echo.Query)
			wantCode(t, err, fault.Denied)
		}
	}
	if ours.EchoProbe().Query.Get("nonce") == echo.Query.Get("nonce") {
		t.Error("two probes are the same")
	}
}

func probed(t *testing.T, mode wechat.PushMode, original, token, key, app string, at int64) *wechat.Receiver {
	t.Helper()
	c, err := wechat.New(wechat.Config{
		AppID: app, AppSecret: "s", OriginalID: original, PushMode: mode, PushToken: token, PushAESKey: key,
	}, &fakeCache{}, func() time.Time { return time.Unix(at, 0) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.Receiver()
}
