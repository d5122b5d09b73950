package e2e_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The account of the tests, as an operator would configure a real one.
const (
	accountID     = "wx1234567890abcdef"
	accountSecret = "5ec2e7c0ffee5ec2e7c0ffee5ec2e7c0"
	accountToken  = "pushTokenOfTheTest"
	accountKey    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
	accountOrigin = "gh_e2etest00000"
	accessToken   = "ACCESS-TOKEN-OF-THE-TEST"
)

// account plays the platform's servers for a product with a real AppID:
// written from the platform's pages, not from the product's emulator.
type account struct {
	t      *testing.T
	server *httptest.Server

	mu    sync.Mutex
	sent  []wireMessage
	chats []wireLine
	calls map[string]int
}

func newAccount(t *testing.T) *account {
	t.Helper()
	a := &account{t: t, calls: map[string]int{}}
	a.server = httptest.NewServer(a)
	t.Cleanup(a.server.Close)
	return a
}

// ServeHTTP implements http.Handler: each path as the platform documents it.
func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls[r.URL.Path]++
	var in struct {
		AppID      string `json:"appid"`
		Secret     string `json:"secret"`
		ToUser     string `json:"touser"`
		TemplateID string `json:"template_id"`
		Page       string `json:"page"`
		Data       map[string]struct {
			Value string `json:"value"`
		} `json:"data"`
		Text struct {
			Content string `json:"content"`
		} `json:"text"`
		Scene any `json:"scene"`
	}
	if r.Method == http.MethodPost {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			a.t.Errorf("%s: %v", r.URL.Path, err)
		}
	}
	q := r.URL.Query()
	fresh := r.URL.Path == "/cgi-bin/stable_token" || r.URL.Path == "/sns/jscode2session"
	if !fresh && q.Get("access_token") != accessToken {
		say(w, object{"errcode": 40001, "errmsg": "invalid credential"})
		return
	}
	switch r.URL.Path {
	case "/cgi-bin/stable_token":
		if in.AppID != accountID || in.Secret != accountSecret {
			say(w, object{"errcode": 40125, "errmsg": "invalid appsecret"})
			return
		}
		say(w, object{"access_token": accessToken, "expires_in": 7200})
	case "/sns/jscode2session":
		openid, ok := strings.CutPrefix(q.Get("js_code"), "code-of-")
		if !ok || q.Get("secret") != accountSecret || q.Get("appid") != accountID {
			say(w, object{"errcode": 40029, "errmsg": "invalid code"})
			return
		}
		say(w, object{"openid": openid, "session_key": "c2Vzc2lvbi1rZXktb2YtdGhlLXRlc3Q="})
	case "/wxa/msg_sec_check":
		say(w, object{"errcode": 0, "errmsg": "ok", "result": object{"suggest": "pass", "label": 100}, "trace_id": "t"})
	case "/cgi-bin/message/subscribe/send":
		a.sent = append(a.sent, wireMessage{TemplateID: in.TemplateID, Page: in.Page, Data: in.Data})
		say(w, object{"errcode": 0, "errmsg": "ok", "msgid": len(a.sent)})
	case "/cgi-bin/message/custom/send":
		a.chats = append(a.chats, wireLine{From: in.ToUser, Text: in.Text.Content})
		say(w, object{"errcode": 0, "errmsg": "ok"})
	case "/wxa/getwxacodeunlimit":
		w.Header().Set("Content-Type", "image/jpeg")
		_ = jpeg.Encode(w, image.NewGray(image.Rect(0, 0, 280, 280)), nil)
	default:
		a.t.Errorf("the product called %s", r.URL.Path)
		say(w, object{"errcode": 40066, "errmsg": "invalid url"})
	}
}

func say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}

// told counts the subscribe messages that hold the text.
func (a *account) told(template, text string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, m := range a.sent {
		if m.TemplateID == template && m.says(text) {
			n++
		}
	}
	return n
}

// answers are the customer-service messages to an openid.
func (a *account) answers(openid string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []string
	for _, c := range a.chats {
		if c.From == openid {
			list = append(list, c.Text)
		}
	}
	return list
}

// push is one delivery to the push URL.
type push struct {
	query url.Values
	body  []byte
}

// signed is the platform's signature: SHA-1 over the sorted parts.
func signed(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// sealed makes a push in safe mode as the platform's page on message
// encryption has it: AES-256-CBC over random, length, message and AppID.
func sealed(t *testing.T, message object, appID string, at time.Time) push {
	t.Helper()
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	key, err := base64.StdEncoding.DecodeString(accountKey + "=")
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	plain := make([]byte, 16)
	_, _ = rand.Read(plain)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(text)))
	plain = append(append(plain, text...), appID...)
	pad := 32 - len(plain)%32
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(plain, plain)
	encrypted := base64.StdEncoding.EncodeToString(plain)
	body, err := json.Marshal(object{"ToUserName": accountOrigin, "Encrypt": encrypted})
	if err != nil {
		t.Fatal(err)
	}
	timestamp, nonce := strconv.FormatInt(at.Unix(), 10), "8675309"
	return push{body: body, query: url.Values{
		"signature": {signed(accountToken, timestamp, nonce)}, "timestamp": {timestamp}, "nonce": {nonce},
		"encrypt_type": {"aes"}, "msg_signature": {signed(accountToken, timestamp, nonce, encrypted)},
	}}
}

// TestRealAccount runs the product with an AppID against a platform of our
// own: what a deployment is, but for the address.
func TestRealAccount(t *testing.T) {
	t.Parallel()
	platform := newAccount(t)
	s := newSite(t, map[string]string{
		"MASHANG_WECHAT_APP_ID": accountID, "MASHANG_WECHAT_APP_SECRET": accountSecret, "MASHANG_WECHAT_PUSH_TOKEN": accountToken,
		"MASHANG_WECHAT_PUSH_AES_KEY": accountKey, "MASHANG_WECHAT_ORIGINAL_ID": accountOrigin,
		"MASHANG_WECHAT_API_BASE":     platform.server.URL,
		"MASHANG_WECHAT_TEMPLATES":    "member_new=tmpl-member-new,visitor_reply=tmpl-visitor-reply",
		"MASHANG_WECHAT_VERIFY_FILES": "WW_verify_ab12.txt=ab12",
		"MASHANG_SEAL_KEYS":           "k7:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)),
	})
	s.Args = []string{"serve"}
	for what, secret := range map[string]string{
		"the AppSecret": accountSecret, "the push token": accountToken, "the AES key": accountKey, "an access token": accessToken,
		"a session key": "c2Vzc2lvbi1rZXk", "the sealing key": base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))[:20],
	} {
		s.secret(what, secret)
	}
	s.start()
	s.ready()
	r := &realAccount{T: t, site: s, platform: platform}
	r.doors()
	r.people()
	r.work()
	r.pushes()
}

type realAccount struct {
	*testing.T
	site            *site
	platform        *account
	member, visitor *phone
	key             string
	sub             wireSubmission
}

// doors: the emulator is not there, the verification file is.
func (r *realAccount) doors() {
	for path, want := range map[string]int{
		"/_emulator/cast": 404, "/_emulator/users/somebody/messages": 404,
		"/WW_verify_ab12.txt": 200, "/q/WW_verify_ab12.txt": 200, "/q/other.txt": 404, "/healthz": 200,
	} {
		a, err := ask(r.Context(), http.MethodGet, r.site.Base+path, "", nil, nil)
		if err != nil || a.status != want {
			r.Errorf("%s: %v, want %d: %v", path, err, want, a)
		}
		if strings.HasSuffix(path, "ab12.txt") && string(a.body) != "ab12" {
			r.Errorf("%s: %q", path, a.body)
		}
	}
	a, err := ask(r.Context(), http.MethodPost, r.site.Base+"/_emulator/users/somebody/code", "", nil, nil)
	if err != nil || a.status != http.StatusNotFound {
		r.Errorf("the emulator answers beside a real AppID: %v %v", err, a)
	}
	bad, err := ask(r.Context(), http.MethodPost, r.site.Base+"/api/v1/sessions", "", nil, object{"code": "forged"})
	if err != nil || bad.status < 400 || bad.status >= 500 {
		r.Errorf("a forged login code: %v %v", err, bad)
	}
	if dir := r.site.Dir + "/keys"; strings.Contains(r.site.log.text(), "made a key") {
		r.Errorf("keys were made in %s though some were given", dir)
	}
}

// enter logs an openid in through the platform.
func (r *realAccount) enter(openid string) *phone {
	r.Helper()
	p := r.site.person(openid)
	a, err := ask(r.Context(), http.MethodPost, r.site.Base+"/api/v1/sessions", "", nil, object{"code": "code-of-" + openid})
	if err != nil {
		r.Fatal(err)
	}
	var o wireSession
	p.wants(http.StatusCreated, a, &o)
	if bytes.Contains(a.body, []byte(openid)) || bytes.Contains(a.body, []byte("session_key")) {
		r.Errorf("the login leaks: %v", a)
	}
	p.Token, p.User = o.Token, o.User
	r.site.secret("a token", o.Token)
	return p
}

func (r *realAccount) people() {
	invitations := r.site.work + "/invitations.csv"
	r.site.mustRun("roster", "import", "--invitations", invitations, smallRoster().folder(r.T))
	codes := readInvitations(r.T, invitations)
	r.member, r.visitor = r.enter("oMember-0123456789abcdefgh"), r.enter("oVisitor-0123456789abcdefg")
	liaison := r.enter("oLiaison-0123456789abcdefg")
	for p, code := range map[*phone]string{r.member: codes["黄土坡"], liaison: codes["梁上燕"]} {
		p.call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": code}, nil)
	}
	r.key = r.site.keyOf(liaison)
	a, err := ask(r.Context(), http.MethodGet, r.site.Base+"/api/v1/codes/"+r.key+"/wxacode", "", nil, nil)
	if err != nil || a.status != http.StatusOK || a.header.Get("Content-Type") != "image/jpeg" {
		r.Errorf("the platform's code image: %v %d", err, a.status)
	}
}

func (r *realAccount) work() {
	r.sub = r.visitor.filed("account-key-1", object{"scene": r.key, "kind": "complaint", "text": "停车场没有灯"})
	if r.sub.assignee() != "m02" {
		r.Fatalf("filed: %+v", r.sub)
	}
	r.wait("the notice to the member", func() bool { return r.platform.told("tmpl-member-new", r.sub.Number) > 0 })
	r.member.act(r.sub.ID, "reply", object{"version": r.sub.Version, "text": "今晚就装"})
	r.wait("the notice to the visitor", func() bool { return r.platform.told("tmpl-visitor-reply", r.sub.Number) > 0 })
	for _, template := range []string{"tmpl-member-new", "tmpl-visitor-reply"} {
		if n := r.platform.told(template, r.sub.Number); n != 1 {
			r.Errorf("%s was sent %d times", template, n)
		}
	}
}

func (r *realAccount) wait(what string, holds func() bool) {
	r.Helper()
	eventually(r.T, what, func() error {
		if !holds() {
			return errNotYet
		}
		return nil
	})
}

// pushes delivers to the push URL as the platform does, and as others would.
func (r *realAccount) pushes() {
	now := time.Now()
	echo := url.Values{"timestamp": {fmt.Sprint(now.Unix())}, "nonce": {"42"}, "echostr": {"hello123"}}
	echo.Set("signature", signed(accountToken, echo.Get("timestamp"), "42"))
	a, err := ask(r.Context(), http.MethodGet, r.site.Base+"/wechat/push?"+echo.Encode(), "", nil, nil)
	if err != nil || a.status != http.StatusOK || string(a.body) != "hello123" {
		r.Errorf("the check of the push URL: %v %v", err, a)
	}
	text := func(id int, content string) object {
		return object{"ToUserName": accountOrigin, "FromUserName": r.member.OpenID, "CreateTime": now.Unix(), "MsgType": "text", "Content": content, "MsgId": id}
	}
	good := sealed(r.T, text(1001, r.sub.Number+" 灯已装好"), accountID, now)
	for what, forge := range map[string]func(p *push){
		"no signature":        func(p *push) { p.query.Del("msg_signature") },
		"a wrong signature":   func(p *push) { p.query.Set("msg_signature", strings.Repeat("0", 40)) },
		"in clear":            func(p *push) { p.query.Del("encrypt_type"); p.body, _ = json.Marshal(text(1, "伪造")) },
		"another body":        func(p *push) { p.body = sealed(r.T, text(2, "换了"), accountID, now).body },
		"another account":     func(p *push) { *p = sealed(r.T, text(3, "别家"), "wxffffffffffffffff", now) },
		"an old one":          func(p *push) { *p = sealed(r.T, text(4, "旧的"), accountID, now.Add(-time.Hour)) },
		"one from the future": func(p *push) { *p = sealed(r.T, text(5, "将来"), accountID, now.Add(time.Hour)) },
		"too long":            func(p *push) { p.body = append(p.body, bytes.Repeat([]byte(" "), 1<<20)...) },
	} {
		p := push{query: url.Values{}, body: good.body}
		for k, v := range good.query {
			p.query[k] = slices.Clone(v)
		}
		forge(&p)
		if a := r.deliver(p); a.status < 400 || a.status >= 500 {
			r.Errorf("%s: %v", what, a)
		}
	}
	if n := len(r.platform.answers(r.member.OpenID)); n != 0 {
		r.Errorf("%d answers to forgeries", n)
	}
	// The platform repeats what it holds to be lost: at once, and again later.
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if a := r.deliver(good); a.status != http.StatusOK || string(a.body) != "success" {
				r.Errorf("a push: %v", a)
			}
		})
	}
	wg.Wait()
	r.wait("the reply from the chat", func() bool { return len(r.platform.answers(r.member.OpenID)) > 0 })
	r.deliver(good)
	// A later push is worked on after the repetitions: when it is answered,
	// they had their chance.
	r.deliver(sealed(r.T, text(1002, "991231-9999 好"), accountID, now))
	r.wait("the answer to the next push", func() bool { return len(r.platform.answers(r.member.OpenID)) >= 2 })
	if got := r.platform.answers(r.member.OpenID); len(got) != 2 || !strings.Contains(got[0], "已答复") {
		r.Errorf("answered %q", got)
	}
	n := 0
	for _, e := range r.visitor.read(r.sub.ID).Timeline {
		if e.Text == "灯已装好" {
			n++
		}
	}
	if n != 1 {
		r.Errorf("one push delivered four times had %d effects", n)
	}
}

func (r *realAccount) deliver(p push) answer {
	r.Helper()
	a, err := ask(r.Context(), http.MethodPost, r.site.Base+"/wechat/push?"+p.query.Encode(), "", nil, p.body)
	if err != nil {
		r.Errorf("push: %v", err)
	}
	return a
}
