package handlers_test

import (
	"strings"
	"testing"

	"mashang/wechat/emulator"
)

// TestAPageThatIsNotReleasedIsSaid: whoever asks for a round code hears what to
// do, and not to come back later.
func TestAPageThatIsNotReleasedIsSaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := b.emu.SetFaults(emulator.Fault{Path: "/wxa/getwxacodeunlimit", Kind: emulator.FaultErrcode, Code: 41030}); err != nil {
		t.Fatal(err)
	}
	r := b.send("GET", "/api/v1/codes/"+codeOfMa+"/wxacode", "", nil)
	said := at[string](b.problem(r, 422, "wrong_state"), "detail")
	if !strings.Contains(said, "发布小程序") || strings.Contains(said, "稍后") || r.Header.Get("Retry-After") != "" {
		t.Errorf("%q, Retry-After %q", said, r.Header.Get("Retry-After"))
	}
}

// TestOnePersonsLoginLimit: one person is told to wait a minute, the next logs in.
func TestOnePersonsLoginLimit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := b.emu.SetFaults(emulator.Fault{Path: "/sns/jscode2session", Kind: emulator.FaultErrcode, Code: 45011, Times: 1}); err != nil {
		t.Fatal(err)
	}
	login := func(openid string) reply {
		return b.send("POST", "/api/v1/sessions", "", map[string]any{"code": b.emu.LoginCode(openid)})
	}
	r := login("person-hasty")
	b.problem(r, 429, "too_many")
	if r.Header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
	}
	b.want(login("person-calm"), 201)
}
