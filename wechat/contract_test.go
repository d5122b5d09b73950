package wechat_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

// TestContract runs every call against the emulator, in this process and over HTTP. Both must behave alike.
func TestContract(t *testing.T) {
	t.Parallel()
	ways := map[string]func(*testing.T) *bundle{"in process": setup, "http": setupHTTP}
	calls := map[string]func(*testing.T, *bundle){
		"login": contractLogin, "official": contractOfficial, "phone": contractPhone, "check": contractCheck,
		"notify": contractNotify, "chat": contractChat, "image": contractImage, "ping": contractPing,
	}
	for way, build := range ways {
		for name, call := range calls {
			t.Run(way+"/"+name, func(t *testing.T) {
				t.Parallel()
				call(t, build(t))
			})
		}
	}
}

func wantCode(t *testing.T, err error, want fault.Code) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Fatalf("got fault %q (%v), want %q", got, err, want)
	}
}

func contractLogin(t *testing.T, b *bundle) {
	t.Helper()
	code := b.emu.LoginCode(someone)
	openid, err := b.Login(t.Context(), code)
	if err != nil || openid != someone {
		t.Fatalf("login: %q, %v", openid, err)
	}
	_, err = b.Login(t.Context(), code)
	wantCode(t, err, fault.Invalid) // used
	old := b.emu.LoginCode(someone)
	b.clock.Advance(5 * time.Minute)
	_, err = b.Login(t.Context(), old)
	wantCode(t, err, fault.Invalid)
	for _, bad := range []string{"", "a b", "x&appid=wx1", "a#b", strings.Repeat("a", 129)} {
		_, err := b.Login(t.Context(), bad)
		wantCode(t, err, fault.Invalid)
	}
}

func contractOfficial(t *testing.T, b *bundle) {
	t.Helper()
	code := b.emu.OAuthCode(someone)
	openid, err := b.OfficialLogin(t.Context(), code)
	if err != nil || openid == someone || !strings.HasSuffix(openid, someone) {
		t.Fatalf("login: %q, %v", openid, err)
	}
	_, err = b.OfficialLogin(t.Context(), code)
	wantCode(t, err, fault.Invalid) // used
	// A code of one account is invalid for the other.
	_, err = b.OfficialLogin(t.Context(), b.emu.LoginCode(someone))
	wantCode(t, err, fault.Invalid)
	_, err = b.Login(t.Context(), b.emu.OAuthCode(someone))
	wantCode(t, err, fault.Invalid)
	// A snapshot of the page logs nobody in.
	_, err = b.OfficialLogin(t.Context(), b.emu.OAuthCode("snapshot-someone"))
	wantCode(t, err, fault.Invalid)
	for _, bad := range []string{"", "a b", "x&appid=wx1"} {
		_, err := b.OfficialLogin(t.Context(), bad)
		wantCode(t, err, fault.Invalid)
	}
	const want = "https://open.weixin.qq.com/connect/oauth2/authorize?appid=" + officialID +
		"&redirect_uri=https%3A%2F%2Fma.example.cn%2Fm%2F&response_type=code&scope=snsapi_base&state=STATE#wechat_redirect"
	if got := b.AuthorizeURL("https://ma.example.cn/m/", "STATE"); got != want {
		t.Errorf("%s", got)
	}
}

func contractPhone(t *testing.T, b *bundle) {
	t.Helper()
	code := b.emu.PhoneCode("13912345678")
	phone, err := b.Phone(t.Context(), code)
	if err != nil || phone != "13912345678" {
		t.Fatalf("phone: %q, %v", phone, err)
	}
	_, err = b.Phone(t.Context(), code)
	wantCode(t, err, fault.Invalid)
	_, err = b.Phone(t.Context(), "no such code")
	wantCode(t, err, fault.Invalid)
}

func contractCheck(t *testing.T, b *bundle) {
	t.Helper()
	b.meet(t)
	long := strings.Repeat("路灯坏了。", 1200) // 6,000 characters: three pieces
	for text, want := range map[string]string{
		"路灯坏了":                        wechat.Pass,
		"  \n":                        wechat.Pass,
		"有 测试违规 的话":                   wechat.Risky,
		"有 测试复审 的话":                   wechat.Review,
		"有 测试未活跃 的话":                  wechat.Inactive,
		long:                          wechat.Pass,
		long + "测试复审":                 wechat.Review,
		long[:3*2498] + "测试违规" + long: wechat.Risky, // across the first boundary
	} {
		got, err := b.CheckText(t.Context(), someone, text)
		if err != nil || got != want {
			t.Errorf("%.20q...: got %q, %v, want %q", text, got, err, want)
		}
	}
	_, err := b.CheckText(t.Context(), "stranger", "路灯坏了")
	wantCode(t, err, fault.Unauthenticated)
}

func aMessage() notice.Message {
	return notice.Message{
		OpenID: someone, Purpose: notice.MemberNew, Page: wechat.PageMatter + "?id=s1-7",
		Data: map[string]string{
			notice.Number:  "20260501-0007",
			notice.Subject: "投诉：农家乐\n多收了停车费，\t还不肯开票，态度很差",
			notice.Place:   "",
			notice.Due:     "2026-05-02T02:00:00Z",
		},
	}
}

func contractNotify(t *testing.T, b *bundle) {
	t.Helper()
	b.meet(t)
	outcome, err := b.Notify(t.Context(), aMessage())
	if err != nil || outcome != notice.NoConsent {
		t.Fatalf("without a grant: %q, %v", outcome, err)
	}
	if _, err := b.emu.Grant(t.Context(), someone, templateID(notice.MemberNew), 1); err != nil {
		t.Fatal(err)
	}
	outcome, err = b.Notify(t.Context(), aMessage())
	if err != nil || outcome != notice.Sent {
		t.Fatalf("with a grant: %q, %v", outcome, err)
	}
	got := b.emu.Messages(someone)
	if len(got) != 1 {
		t.Fatalf("got %d messages, want 1", len(got))
	}
	for key, want := range map[string]string{
		"character_string1": "20260501-0007",
		"thing2":            "投诉：农家乐 多收了停车费， 还不肯开…",
		"thing3":            "无",
		"time4":             "2026-05-02 10:00",
	} {
		if v := got[0].Data[key].Value; v != want {
			t.Errorf("%s: got %q, want %q", key, v, want)
		}
	}
	if got[0].Page != wechat.PageMatter+"?id=s1-7" {
		t.Errorf("page: %q", got[0].Page)
	}
	outcome, err = b.Notify(t.Context(), aMessage())
	if err != nil || outcome != notice.NoConsent {
		t.Fatalf("second message on one grant: %q, %v", outcome, err)
	}
	for name, change := range map[string]func(*notice.Message){
		"unknown person": func(m *notice.Message) { m.OpenID = "stranger" },
		"foreign page":   func(m *notice.Message) { m.Page = "pages/nowhere/index" },
		"slash":          func(m *notice.Message) { m.Page = "/" + wechat.PageMatter },
		"no time":        func(m *notice.Message) { m.Data[notice.Due] = "soon" },
		"no template":    func(m *notice.Message) { m.Purpose = "unheard_of" },
		"nobody":         func(m *notice.Message) { m.OpenID = "" },
	} {
		m := aMessage()
		change(&m)
		if outcome, err := b.Notify(t.Context(), m); outcome != notice.Refused || err == nil {
			t.Errorf("%s: got %q, %v, want refused and why", name, outcome, err)
		}
	}
}

func contractChat(t *testing.T, b *bundle) {
	t.Helper()
	b.meet(t)
	wantCode(t, b.Chat(t.Context(), someone, "您好"), fault.WrongState)
	if err := b.emu.Write(t.Context(), someone, "请问到哪一步了"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := b.Chat(t.Context(), someone, "正在办理"+strings.Repeat("。", 3000)); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, b.Chat(t.Context(), someone, "第六条"), fault.WrongState)
	wantCode(t, b.Chat(t.Context(), someone, " \x00 "), fault.Invalid)
	wantCode(t, b.Chat(t.Context(), "stranger", "您好"), fault.NotFound)
	if got := b.emu.Chat(someone); len(got) != 6 || got[0].From != emulator.FromUser || got[5].From != emulator.FromService {
		t.Errorf("chat has %d lines: %v", len(got), got)
	}
}

func contractImage(t *testing.T, b *bundle) {
	t.Helper()
	data, err := b.CodeImage(t.Context(), "aB3dE6gH9k", 0)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Dx() != 430 {
		t.Fatalf("image: %v, %v", img.Bounds(), err)
	}
	for _, scene := range []string{"", "有字", "a%20b", "a b", strings.Repeat("a", 33)} {
		_, err := b.CodeImage(t.Context(), scene, 0)
		wantCode(t, err, fault.Invalid)
	}
	for _, width := range []int{-1, 279, 1281} {
		_, err := b.CodeImage(t.Context(), "abc", width)
		wantCode(t, err, fault.Invalid)
	}
}

func contractPing(t *testing.T, b *bundle) {
	t.Helper()
	if err := b.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestPageNotReleased(t *testing.T) {
	t.Parallel()
	c := newClock()
	emu := emulated(t, c, func(o *emulator.Options) { o.Pages = []string{"pages/other/index"} })
	for env, want := range map[string]fault.Code{wechat.EnvRelease: fault.WrongState, wechat.EnvTrial: "", wechat.EnvDevelop: ""} {
		cfg := config(wechat.HandlerTransport(emu.API()))
		cfg.EnvVersion = env
		_, err := client(t, c, emu, cfg).CodeImage(t.Context(), "abc", 300)
		wantCode(t, err, want)
		if f, ok := errors.AsType[*fault.Error](err); ok && (f.RetryAfter != 0 || !strings.Contains(f.Message, "发布小程序") || strings.Contains(f.Message, "稍后")) {
			t.Errorf("%q, again after %v: waiting does not mend it", f.Message, f.RetryAfter)
		}
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, p := range notice.Purposes {
		id := b.TemplateID(p)
		if back, ok := b.Purpose(id); !ok || back != p {
			t.Errorf("%s: template %q leads back to %q", p, id, back)
		}
	}
	if _, ok := b.Purpose("unheard-of"); ok || b.TemplateID("unheard_of") != "" {
		t.Error("an unknown template or purpose was found")
	}
}
