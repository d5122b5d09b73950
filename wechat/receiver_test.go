package wechat_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"mashang/domain/fault"
	"mashang/wechat"
)

// The platform's published vectors for the message push.
const (
	vectorToken   = "AAAAA"
	vectorAppID   = "wxba5fad812f8e6fb9"
	vectorEncrypt = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)

var vectorKey = strings.Repeat("A", 43)

// receiver returns a receiver of the given mode whose clock stands at at.
func receiver(t *testing.T, mode wechat.PushMode, token, key, app string, at int64) *wechat.Receiver {
	t.Helper()
	c, err := wechat.New(wechat.Config{
		AppID: app, AppSecret: "s", PushMode: mode, PushToken: token, PushAESKey: key,
	}, &fakeCache{}, func() time.Time { return time.Unix(at, 0) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.Receiver()
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestVectorEcho(t *testing.T) {
	t.Parallel()
	r := receiver(t, wechat.PushSafe, vectorToken, vectorKey, vectorAppID, 1714036504)
	query := values("signature", "f464b24fc39322e44b38aa78f5edd27bd1441696", "timestamp", "1714036504",
		"nonce", "1514711492", "echostr", "4375120948345356249")
	echo, err := r.Echo(query)
	if err != nil || echo != "4375120948345356249" {
		t.Fatalf("got %q, %v", echo, err)
	}
	for name, value := range map[string]string{
		"signature": "f464b24fc39322e44b38aa78f5edd27bd1441697", "timestamp": "1714036505", "nonce": "1",
		"echostr": "<script>",
	} {
		bad := values("signature", query.Get("signature"), "timestamp", query.Get("timestamp"),
			"nonce", query.Get("nonce"), "echostr", query.Get("echostr"))
		bad.Set(name, value)
		_, err := r.Echo(bad)
		wantCode(t, err, fault.Denied)
	}
}

func TestVectorPlain(t *testing.T) {
	t.Parallel()
	r := receiver(t, wechat.PushPlain, vectorToken, "", vectorAppID, 1714037059)
	body := `{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714037059,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}`
	got, err := r.Open(values("signature", "899cf89e464efb63f54ddac96b0a0a235f53aa78",
		"timestamp", "1714037059", "nonce", "486452656"), []byte(body))
	if err != nil || len(got) != 1 || got[0].Kind != wechat.Other || got[0].At.Unix() != 1714037059 {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestVectorSafe(t *testing.T) {
	t.Parallel()
	r := receiver(t, wechat.PushSafe, vectorToken, vectorKey, vectorAppID, 1714112445)
	query := values("signature", "6c5c811b55cc85e0e1b54100749188c20beb3f5d", "timestamp", "1714112445",
		"nonce", "415670741", "openid", "o9AgO5Kd5ggOC-bXrbNODIiE3bGY", "encrypt_type", "aes",
		"msg_signature", "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3")
	for _, body := range []string{
		`{"ToUserName":"gh_97417a04a28d","Encrypt":"` + vectorEncrypt + `"}`,
		`{"Encrypt":"` + vectorEncrypt + `"}`,
		"<xml><Encrypt><![CDATA[" + vectorEncrypt + "]]></Encrypt></xml>",
	} {
		got, err := r.Open(query, []byte(body))
		if err != nil || len(got) != 1 || got[0].Kind != wechat.Other {
			t.Fatalf("%s: got %+v, %v", body, got, err)
		}
	}
	plain, err := wechat.Decrypt(vectorAppID, vectorEncrypt, vectorKey)
	if err != nil || len(plain) != 167 || !strings.Contains(string(plain), "debug_demo") {
		t.Fatalf("decrypted %d bytes, %v", len(plain), err)
	}
}

func TestVectorReply(t *testing.T) {
	t.Parallel()
	sealed, err := wechat.Encrypt([]byte("707722b803182950"), []byte(`{"demo_resp":"good luck"}`), vectorAppID, vectorKey)
	want := "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
	if err != nil || sealed != want {
		t.Fatalf("sealed %q, %v", sealed, err)
	}
	if got := wechat.Signature(vectorToken, "1713424427", "415670741", sealed); got != "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1" {
		t.Errorf("signature %q", got)
	}
}

// now is the time of the receivers in the tests below.
const now = 1_777_600_000

// delivery is one push as it arrives. Tests modify it.
type delivery struct {
	query url.Values
	body  string
	plain string
}

const textBody = `{"ToUserName":"` + original + `","FromUserName":"` + someone + `","CreateTime":1777600000,"MsgType":"text","Content":"请问","MsgId":7300000000000000001}`

// sealedPush signs and encrypts a message as the platform does in safe mode.
func sealedPush(t *testing.T, plain string, at int64, app string) delivery {
	t.Helper()
	sealed, err := wechat.Encrypt([]byte(rand.Text()[:16]), []byte(plain), app, pushKey)
	if err != nil {
		t.Fatal(err)
	}
	ts, nonce := strconv.FormatInt(at, 10), "12345"
	return delivery{
		query: values("timestamp", ts, "nonce", nonce, "encrypt_type", "aes", "openid", someone,
			"signature", wechat.Signature(pushToken, ts, nonce),
			"msg_signature", wechat.Signature(pushToken, ts, nonce, sealed)),
		body:  `{"ToUserName":"` + original + `","Encrypt":"` + sealed + `"}`,
		plain: plain,
	}
}

func (d delivery) to(r *wechat.Receiver) ([]wechat.Event, error) {
	return r.Open(d.query, []byte(d.body))
}

func safeReceiver(t *testing.T) *wechat.Receiver {
	t.Helper()
	return receiver(t, wechat.PushSafe, pushToken, pushKey, appID, now)
}

// TestAttacks: forgeries by somebody who has, or has not, seen a genuine push.
func TestAttacks(t *testing.T) {
	t.Parallel()
	flip := func(d *delivery) {
		sealed := sealedIn(d.body)
		raw, _ := base64.StdEncoding.DecodeString(sealed)
		raw[40] ^= 1
		d.body = strings.Replace(d.body, sealed, base64.StdEncoding.EncodeToString(raw), 1)
	}
	attacks := map[string]func(*delivery){
		"downgrade to a clear body": func(d *delivery) { d.body = d.plain },
		"downgrade by the query": func(d *delivery) {
			d.body = d.plain
			d.query.Del("encrypt_type")
			d.query.Del("msg_signature")
		},
		"downgrade with the clear message beside": func(d *delivery) {
			d.body = strings.Replace(d.plain, "{", `{"Encrypt":"",`, 1)
		},
		"clear signature as msg_signature": func(d *delivery) {
			d.body = d.plain
			d.query.Set("msg_signature", d.query.Get("signature"))
		},
		"old":                    func(d *delivery) { *d = sealedPush(t, textBody, now-301, appID) },
		"future":                 func(d *delivery) { *d = sealedPush(t, textBody, now+301, appID) },
		"moved in time":          func(d *delivery) { d.query.Set("timestamp", strconv.Itoa(now-1)) },
		"no timestamp":           func(d *delivery) { d.query.Del("timestamp") },
		"timestamp not a number": func(d *delivery) { d.query.Set("timestamp", "now") },
		"no nonce":               func(d *delivery) { d.query.Del("nonce") },
		"other nonce":            func(d *delivery) { d.query.Set("nonce", "54321") },
		"wrong msg_signature": func(d *delivery) {
			d.query.Set("msg_signature", strings.Repeat("0", 40))
		},
		"no msg_signature": func(d *delivery) { d.query.Del("msg_signature") },
		"flipped bit":      func(d *delivery) { flip(d) },
		"flipped bit, signed anew without the token": func(d *delivery) {
			flip(d)
			d.query.Set("msg_signature", wechat.Signature("", strconv.Itoa(now), "12345", sealedIn(d.body)))
		},
		"wrong appid": func(d *delivery) { *d = sealedPush(t, textBody, now, "wxanotheraccount00") },
		"truncated":   func(d *delivery) { d.body = d.body[:len(d.body)/2] },
		"cut sealed part": func(d *delivery) {
			sealed := sealedIn(d.body)
			short := sealed[:len(sealed)-8]
			d.body = strings.Replace(d.body, sealed, short, 1)
			d.query.Set("msg_signature", wechat.Signature(pushToken, strconv.Itoa(now), "12345", short))
		},
		"10 MiB": func(d *delivery) { d.body = strings.Repeat(" ", 10<<20) + d.body },
		"just over the limit": func(d *delivery) {
			d.body = strings.Repeat(" ", 64<<10-len(d.body)+1) + d.body
		},
		"two Encrypt": func(d *delivery) {
			d.body = strings.Replace(d.body, `"Encrypt":`, `"Encrypt":"AAAA","Encrypt":`, 1)
		},
		"other spelling":  func(d *delivery) { d.body = strings.Replace(d.body, "Encrypt", "encrypt", 1) },
		"trailing object": func(d *delivery) { d.body += d.plain },
		"array":           func(d *delivery) { d.body = "[" + d.body + "]" },
		"deep nesting":    func(d *delivery) { d.body = strings.Repeat(`{"a":`, 5000) },
		"empty":           func(d *delivery) { d.body = "" },
		"a form":          func(d *delivery) { d.body = "Encrypt=" + sealedIn(d.body) },
		"xml entity": func(d *delivery) {
			d.body = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>`
		},
		"undeclared xml entity": func(d *delivery) {
			d.body = `<xml><Encrypt>&lol;</Encrypt></xml>`
		},
	}
	r := safeReceiver(t)
	if got, err := sealedPush(t, textBody, now, appID).to(r); err != nil || len(got) != 1 {
		t.Fatalf("the genuine push: %v, %v", got, err)
	}
	for name, bend := range attacks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sealedPush(t, textBody, now, appID)
			bend(&d)
			got, err := d.to(r)
			if err == nil {
				t.Fatalf("passed: %+v", got)
			}
			wantCode(t, err, fault.Denied)
			// Signed with our token but with another key or AppID: this may be a wrong setting of ours.
			if n := map[string]int{"wrong appid": 1, "cut sealed part": 1}[name]; len(got) != n {
				t.Fatalf("%d events: %+v", len(got), got)
			}
			for _, e := range got {
				if e.Kind != wechat.Unreadable || e.Reason != wechat.UnreadableSealed || e.OpenID != "" || e.Text != "" {
					t.Errorf("noted as %+v", e)
				}
			}
		})
	}
}

// sealedIn returns the encrypted part of a JSON envelope.
func sealedIn(body string) string {
	_, body, _ = strings.Cut(body, `"Encrypt":"`)
	body, _, _ = strings.Cut(body, `"`)
	return body
}

// TestReplayHasOneID: each of fifty concurrent deliveries is opened, since the platform's repetitions must be
// answered success, and all have the same ID.
func TestReplayHasOneID(t *testing.T) {
	t.Parallel()
	r := safeReceiver(t)
	var ids sync.Map
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			got, err := sealedPush(t, textBody, now, appID).to(r)
			if err != nil {
				t.Error(err)
				return
			}
			ids.Store(got[0].ID, true)
		})
	}
	wg.Wait()
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d ids for one message", n)
	}
}

// TestUnreadReplayHasOneID: an unreadable push is encrypted anew in each repetition and has the same ID all the
// same.
func TestUnreadReplayHasOneID(t *testing.T) {
	t.Parallel()
	c, err := wechat.New(config(nil), &fakeCache{}, func() time.Time { return time.Unix(now, 0) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	for why, body := range map[wechat.UnreadableReason]string{
		wechat.UnreadableForm: "<xml>", wechat.UnreadableFields: `{"ToUserName":"` + original + `"}`,
		wechat.UnreadableAccount: strings.Replace(textBody, original, "gh_somebodyelse", 1),
	} {
		var ids []string
		for _, plain := range []string{body, body, body + " "} {
			got, err := sealedPush(t, plain, now, appID).to(c.Receiver())
			if err == nil || len(got) != 1 || got[0].Reason != why {
				t.Fatalf("%s: %+v, %v", why, got, err)
			}
			ids = append(ids, got[0].ID)
		}
		if ids[0] != ids[1] || ids[0] == ids[2] {
			t.Errorf("%s: %q", why, ids)
		}
	}
}

func TestAnotherAccount(t *testing.T) {
	t.Parallel()
	c, err := wechat.New(config(nil), &fakeCache{}, func() time.Time { return time.Unix(now, 0) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sealedPush(t, textBody, now, appID).to(c.Receiver()); err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(textBody, original, "gh_somebodyelse", 1)
	got, err := sealedPush(t, other, now, appID).to(c.Receiver())
	wantCode(t, err, fault.Denied)
	if len(got) != 1 || got[0].Reason != wechat.UnreadableAccount || got[0].OpenID != "" || got[0].Text != "" {
		t.Errorf("noted as %+v", got)
	}
}

func TestCompatibleNeedsBothAndReadsTheSealedPart(t *testing.T) {
	t.Parallel()
	r := receiver(t, wechat.PushCompatible, pushToken, pushKey, appID, now)
	mixed := func() delivery {
		d := sealedPush(t, textBody, now, appID)
		open := strings.Replace(textBody, "请问", "伪造", 1)
		d.body = strings.TrimSuffix(open, "}") + `,"Encrypt":"` + sealedIn(d.body) + `"}`
		return d
	}
	got, err := mixed().to(r)
	if err != nil || got[0].Text != "请问" {
		t.Fatalf("got %+v, %v", got, err)
	}
	for _, name := range []string{"signature", "msg_signature"} {
		d := mixed()
		d.query.Set(name, strings.Repeat("0", 40))
		_, err := d.to(r)
		wantCode(t, err, fault.Denied)
	}
}

func TestPlainRefusesSealedQueries(t *testing.T) {
	t.Parallel()
	r := receiver(t, wechat.PushPlain, pushToken, "", appID, now)
	d := sealedPush(t, textBody, now, appID)
	d.body = textBody
	_, err := d.to(r)
	wantCode(t, err, fault.Denied)
	d.query.Del("encrypt_type")
	if got, err := d.to(r); err != nil || got[0].Text != "请问" {
		t.Fatalf("got %+v, %v", got, err)
	}
	d.query.Set("signature", "x")
	_, err = d.to(r)
	wantCode(t, err, fault.Denied)
}

func FuzzDecrypt(f *testing.F) {
	f.Add(vectorEncrypt)
	f.Add("")
	f.Add("AAAA")
	f.Add(base64.StdEncoding.EncodeToString(make([]byte, 64)))
	f.Fuzz(func(t *testing.T, sealed string) {
		plain, err := wechat.Decrypt(vectorAppID, sealed, vectorKey)
		if err == nil && len(plain) > len(sealed) {
			t.Errorf("%d bytes out of %d", len(plain), len(sealed))
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		textBody, "{}", `{"a":{"b":[1,"2",null,true]}}`, `{"a":1,"a":[1],"a":{}}`, "[[[[[[[[[[", "\uFEFF{\x02}", "{\"a\":\"\\\x02n\n\"}",
	} {
		f.Add([]byte(seed))
	}
	fuzzBody(f)
}

func FuzzXML(f *testing.F) {
	for _, seed := range []string{
		"<xml><MsgType><![CDATA[text]]></MsgType><CreateTime>1</CreateTime></xml>",
		"<xml><List><a>1</a></List><List><a>2</a></List></xml>", "<!DOCTYPE x><xml/>", "<xml>&lt;</xml>", "<a><b>",
		"<xml><a>1</a><a><b/></a>\x02&#2;&#x1F;<![CDATA[&#2;]]></xml>", "\uFEFF<xml/>\xff",
	} {
		f.Add([]byte(seed))
	}
	fuzzBody(f)
}

// fuzzBody checks that a genuine push with any body gives events with different IDs, and that an unreadable one
// is reported.
func fuzzBody(f *testing.F) {
	f.Helper()
	c, err := wechat.New(wechat.Config{
		AppID: appID, AppSecret: "s", PushMode: wechat.PushPlain, PushToken: pushToken,
	}, &fakeCache{}, func() time.Time { return time.Unix(now, 0) }, nil)
	if err != nil {
		f.Fatal(err)
	}
	ts := fmt.Sprint(now)
	query := values("timestamp", ts, "nonce", "1", "signature", wechat.Signature(pushToken, ts, "1"))
	f.Fuzz(func(t *testing.T, body []byte) {
		bad := wechat.Parse(body)
		got, err := c.Receiver().Open(query, body)
		if len(body) > 64<<10 {
			return
		}
		if lost := len(got) == 1 && got[0].Kind == wechat.Unreadable; err != nil && (fault.CodeOf(err) != fault.Invalid || !lost) {
			t.Fatalf("a genuine body is refused: %v, %+v", err, got)
		}
		ids := make(map[string]bool)
		for _, e := range got {
			if e.ID == "" || ids[e.ID] {
				t.Fatalf("ids are missing or repeated: %+v", got)
			}
			ids[e.ID] = true
			if bad != nil && (e.Kind != wechat.Unreadable || e.Reason != wechat.UnreadableForm || e.Text != "") {
				t.Fatalf("opened what does not parse: %+v", e)
			}
		}
		if len(got) == 0 {
			t.Fatal("no event")
		}
	})
}

// FuzzForbidden inserts a control character anywhere into a text. The text must be read as without it.
func FuzzForbidden(f *testing.F) {
	f.Add("您好，谢谢", byte(2), uint(3))
	f.Add(`a"b\c]]>&#2;<x>`, byte(0), uint(4))
	f.Fuzz(func(t *testing.T, words string, char byte, at uint) {
		words = strings.ToValidUTF8(words, "")
		quoted, err := json.Marshal(strings.Map(func(r rune) rune {
			if r < ' ' || r == '\uFFFE' || r == '\uFFFF' || r >= '\uE000' && r <= '\uF8FF' {
				return -1
			}
			return r
		}, words))
		if err != nil || len(words) > 2000 {
			t.Skip()
		}
		char %= ' '
		if char == '\n' || char == '\r' || char == '\t' {
			char = 1
		}
		i := 1 + int(at%uint(len(quoted)-1)) // inside the quotes
		spoilt := string(quoted[:i]) + string(char) + string(quoted[i:])
		head := `{"FromUserName":"a","CreateTime":1,"MsgType":"text","MsgId":1,"Content":`
		clean := openPlain(t, head+string(quoted)+"}")
		if got := openPlain(t, head+spoilt+"}"); got[0] != clean[0] || got[0].Kind != wechat.Text {
			t.Errorf("%q is read as %+v", spoilt, got[0])
		}
		cdata := strings.ReplaceAll(clean[0].Text, "]]>", "]]]]><![CDATA[>")
		k := int(at % uint(len(cdata)+1))
		for k < len(cdata) && !utf8.RuneStart(cdata[k]) {
			k++
		}
		head = "<xml><FromUserName>a</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId><Content><![CDATA["
		want := openPlain(t, head+cdata+"]]></Content></xml>")
		if got := openPlain(t, head+cdata[:k]+string(char)+cdata[k:]+"]]></Content></xml>"); got[0] != want[0] || got[0].Kind != wechat.Text {
			t.Errorf("xml with %q at %d of %q is read as %+v", char, k, cdata, got[0])
		}
	})
}
