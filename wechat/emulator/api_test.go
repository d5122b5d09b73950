package emulator_test

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/wechat/emulator"
)

func TestErrorShape(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	a := b.do(http.MethodPost, "/wxa/msg_sec_check", "{}")
	b.want(a, 41001)
	if !regexp.MustCompile(` rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`).MatchString(a.ErrMsg) {
		t.Errorf("errmsg %q has no rid", a.ErrMsg)
	}
	if got := a.header.Get("Content-Type"); got != "application/json; charset=UTF-8" {
		t.Errorf("content type %q", got)
	}
	b.want(b.do(http.MethodGet, "/no/such/path", ""), 40066)
	b.want(b.do(http.MethodGet, "/wxa/msg_sec_check", ""), 43002)
	b.want(b.do(http.MethodPost, "/cgi-bin/token", ""), 43001)
	b.want(b.do(http.MethodPost, "/wxa/msg_sec_check?access_token=nonsense", "{}"), 40001)
}

func TestStableToken(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	first := b.stable(false)
	if first.Expires != 7200 || len(first.Token) > 512 {
		t.Fatalf("first: %+v", first)
	}
	b.clock.Advance(6900 * time.Second)
	same := b.stable(false)
	if same.Token != first.Token || same.Expires != 300 {
		t.Fatalf("at the margin: same %v, %d s left", same.Token == first.Token, same.Expires)
	}
	b.clock.Advance(time.Second)
	next := b.stable(false)
	if next.Token == first.Token || next.Expires != 7200 {
		t.Fatalf("past the margin: same %v, %d s left", next.Token == first.Token, next.Expires)
	}
	use := func(token string) answer {
		return b.do(http.MethodPost, "/wxa/business/getuserphonenumber?access_token="+token, `{"code":"x"}`)
	}
	b.want(use(first.Token), 40029) // the overlap: the token is good, the code is not
	b.want(use(next.Token), 40029)
	b.clock.Advance(299 * time.Second)
	b.want(use(first.Token), 42001)
	b.want(use(next.Token), 40029)
}

func TestForcedRefresh(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	token := b.stable(false).Token
	for i := range 20 {
		forced := b.stable(true).Token
		if forced == token {
			t.Fatalf("refresh %d did nothing", i)
		}
		b.want(b.do(http.MethodPost, "/wxa/msg_sec_check?access_token="+token, "{}"), 40001) // killed at once
		token = forced
		if b.stable(true).Token != token {
			t.Fatal("a second refresh within 30 s took effect")
		}
		b.clock.Advance(30 * time.Second)
	}
	b.want(b.stable(true), 45009)
	b.clock.Advance(24 * time.Hour)
	b.want(b.stable(true), 0)
}

func TestNormalToken(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	get := func() answer {
		return b.do(http.MethodGet, "/cgi-bin/token?grant_type=client_credential&appid="+appID+"&secret="+appSecret, "")
	}
	first, second := get(), get()
	if first.Token == second.Token {
		t.Fatal("two calls gave one token")
	}
	use := func(token string) answer {
		return b.do(http.MethodPost, "/wxa/business/getuserphonenumber?access_token="+token, "{}")
	}
	b.want(use(first.Token), 40029)
	b.clock.Advance(5 * time.Minute)
	b.want(use(first.Token), 42001)
	b.want(use(second.Token), 40029)
	b.stable(true)
	b.want(use(second.Token), 40029) // the lines know nothing of one another
	b.RevokeTokens()
	b.want(use(second.Token), 40001)
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for body, want := range map[string]int{
		`{"grant_type":"x","appid":"` + appID + `","secret":"s"}`:                           40002,
		`{"grant_type":"client_credential","secret":"s"}`:                                   41002,
		`{"grant_type":"client_credential","appid":"` + appID + `"}`:                        41004,
		`{"grant_type":"client_credential","appid":"wxother","secret":"` + appSecret + `"}`: 40013,
		`{"grant_type":"client_credential","appid":"` + appID + `","secret":"other"}`:       40125,
		`not json`: 47001,
	} {
		b.want(b.do(http.MethodPost, "/cgi-bin/stable_token", body), want)
	}
}

func (b *bundle) login(code string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, "/sns/jscode2session?grant_type=authorization_code&appid="+appID+"&secret="+appSecret+"&js_code="+code, "")
}

func TestLoginCodes(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	code := b.LoginCode(someone)
	if a := b.login(code); a.OpenID != someone {
		t.Fatalf("login: %s", a.raw)
	}
	b.want(b.login(code), 40163)
	b.want(b.login("nonsense"), 40029)
	b.want(b.login(""), 41008)
	late := b.LoginCode(someone)
	b.clock.Advance(5*time.Minute - time.Second)
	inTime := b.LoginCode(someone)
	b.clock.Advance(time.Second)
	b.want(b.login(late), 40029)
	b.want(b.login(inTime), 0)
	b.LoginCode(someone) // makes room
	b.want(b.login(code), 40029)
}

func TestCodeImage(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	const path = "/wxa/getwxacodeunlimit"
	good := map[string]any{"scene": "aB3-_.~!#$&'()*+,/:;=?@", "page": "pages/index/index"}
	a := b.post(path, good)
	if got := a.header.Get("Content-Type"); got != "image/jpeg" {
		t.Fatalf("content type %q: %s", got, a.raw)
	}
	img, err := jpeg.Decode(bytes.NewReader(a.raw))
	if err != nil || img.Bounds().Dx() != 430 || img.Bounds().Dy() != 430 {
		t.Fatalf("image %v, %v", img.Bounds(), err)
	}
	if again := b.post(path, good); !bytes.Equal(again.raw, a.raw) {
		t.Error("one scene, two pictures")
	}
	if other := b.post(path, map[string]any{"scene": "other"}); bytes.Equal(other.raw, a.raw) {
		t.Error("two scenes, one picture")
	}
	for _, width := range []int{280, 1280} {
		a := b.post(path, map[string]any{"scene": strings.Repeat("W", 32), "width": width})
		if img, err := jpeg.Decode(bytes.NewReader(a.raw)); err != nil || img.Bounds().Dx() != width {
			t.Errorf("width %d: %v", width, err)
		}
	}
	for name, tc := range map[string]struct {
		body any
		want int
	}{
		"no scene":      {map[string]any{}, 40169},
		"long scene":    {map[string]any{"scene": strings.Repeat("a", 33)}, 40169},
		"not json":      {"scene=a", 40169},
		"percent":       {map[string]any{"scene": "a%20"}, 40129},
		"chinese":       {map[string]any{"scene": "码"}, 40129},
		"slash":         {map[string]any{"scene": "a", "page": "/pages/index/index"}, 41030},
		"query":         {map[string]any{"scene": "a", "page": "pages/index/index?a=b"}, 41030},
		"not released":  {map[string]any{"scene": "a", "page": "pages/new/index"}, 41030},
		"trial, still":  {map[string]any{"scene": "a", "page": "pages/new/index", "env_version": "trial"}, 41030},
		"env":           {map[string]any{"scene": "a", "env_version": "beta"}, 40097},
		"narrow":        {map[string]any{"scene": "a", "width": 279}, 40097},
		"wide":          {map[string]any{"scene": "a", "width": 1281}, 40097},
		"unchecked":     {map[string]any{"scene": "a", "page": "pages/new/index", "check_path": false}, 0},
		"unchecked bad": {map[string]any{"scene": "a", "page": "/pages/new/index", "check_path": false}, 41030},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sub := *b
			sub.t = t
			sub.want(sub.post(path, tc.body), tc.want)
		})
	}
}

func TestTextCheck(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.want(b.login(b.LoginCode(someone)), 0)
	check := func(openid, content string, version, scene int) answer {
		return b.post("/wxa/msg_sec_check", map[string]any{"openid": openid, "content": content, "version": version, "scene": scene})
	}
	for content, want := range map[string]string{
		"路灯坏了": "pass", "a" + emulator.WordRisky: "risky", emulator.WordReview + "b": "review",
		emulator.WordReview + emulator.WordRisky: "risky",
	} {
		a := check(someone, content, 2, 2)
		b.want(a, 0)
		if a.Result.Suggest != want || (want == "pass") != (a.Result.Label == 100) {
			t.Errorf("%s: %+v, want %s", content, a.Result, want)
		}
	}
	b.want(check(someone, emulator.WordInactive, 2, 2), 61010)
	b.want(check("stranger", "路灯坏了", 2, 2), 43104)
	b.want(check("x", "路灯坏了", 2, 2), 40003)
	b.want(check(someone, "", 2, 2), 44002)
	b.want(check(someone, strings.Repeat("字", 2500), 2, 2), 0)
	b.want(check(someone, strings.Repeat("字", 2501), 2, 2), 45002)
	b.want(check(someone, "路灯坏了", 1, 2), 40097)
	b.want(check(someone, "路灯坏了", 2, 5), 40129)
	b.want(b.post("/wxa/msg_sec_check", "[]"), 47001)
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	_, err := emulator.New(t.Context(), emulator.Options{
		PushMode: "loud", PushFormat: "yaml", Push: (&sink{}).push,
		Templates: []emulator.Template{{}, {ID: "a", Fields: []emulator.Field{{Key: "poem1"}}}},
	})
	if err == nil {
		t.Fatal("a bad configuration was taken")
	}
	for _, want := range []string{"AppID", "Clock", "PushMode", "PushFormat", "PushToken", "template needs", "poem1"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not named in: %v", want, err)
		}
	}
}
