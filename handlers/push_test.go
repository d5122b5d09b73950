package handlers_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// delivery is one push as it goes over the wire.
type delivery struct {
	query             url.Values
	contentType, body string
	// plain is what is sealed in the body, sealed the sealed part.
	plain, sealed string
}

// delivered is a genuine text of a person's in safe mode, made at the time.
func delivered(t *testing.T, at int64, app, id string) delivery {
	t.Helper()
	return sealedOf(t, at, app, fmt.Sprintf(`{"ToUserName":"gh_1","FromUserName":"person-ma","CreateTime":%d,"MsgType":"text","Content":"好的","MsgId":%s}`, at, id))
}

// sealedOf is a genuine push of a message.
func sealedOf(t *testing.T, at int64, app, plain string) delivery {
	t.Helper()
	d := delivery{contentType: "application/json", plain: plain}
	sealed, err := util.EncryptMsg([]byte(rand.Text()[:16]), []byte(d.plain), app, pushKey)
	if err != nil {
		t.Fatal(err)
	}
	d.seal(string(sealed), strconv.FormatInt(at, 10))
	return d
}

// seal signs a sealed part as the platform does.
func (d *delivery) seal(sealed, at string) {
	d.sealed = sealed
	d.query = url.Values{
		"timestamp": {at}, "nonce": {"7"}, "encrypt_type": {"aes"}, "openid": {"person-ma"},
		"signature": {util.Signature(pushToken, at, "7")}, "msg_signature": {util.Signature(pushToken, at, "7", sealed)},
	}
	d.body = `{"ToUserName":"gh_1","Encrypt":"` + sealed + `"}`
}

// pushed sends it and returns the status and the answer.
func (b *bundle) pushed(d delivery) (status int, answer string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.http.URL+"/wechat/push?"+d.query.Encode(), strings.NewReader(d.body))
	if err != nil {
		b.t.Error(err)
		return 0, ""
	}
	if d.contentType != "" {
		r.Header.Set("Content-Type", d.contentType)
	}
	resp, err := b.http.Client().Do(r)
	if err != nil {
		b.t.Error(err)
		return 0, ""
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Error(err)
	}
	return resp.StatusCode, string(data)
}

func (b *bundle) waiting() int {
	b.t.Helper()
	n, err := b.store.Waiting(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// TestFiftyAtOnce: a genuine push that comes fifty times at the same moment
// arrives once, and each of them is answered success, so that the platform
// sends it no more. Once it is worked on it does not come back either.
func TestFiftyAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := delivered(t, b.clock.Now().Unix(), appID, "71")
	all := func() {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if status, answer := b.pushed(d); status != http.StatusOK || answer != "success" {
					t.Errorf("%d %q", status, answer)
				}
			})
		}
		wg.Wait()
	}
	all()
	if n := b.waiting(); n != 1 {
		t.Errorf("%d arrivals, want 1", n)
	}
	if n, err := b.desk.Inbound.ProcessQueue(t.Context()); err != nil || n != 1 {
		t.Errorf("worked on %d, %v", n, err)
	}
	all()
	if n := b.waiting(); n != 0 {
		t.Errorf("%d arrivals after it was worked on", n)
	}
}

// TestAttacksOnThePush have no effect at all over HTTP either.
func TestAttacksOnThePush(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.clock.Now().Unix()
	stamp := strconv.FormatInt(at, 10)
	for name, bend := range map[string]func(*delivery){
		"downgrade": func(d *delivery) {
			d.body = d.plain
			d.query.Del("encrypt_type")
			d.query.Del("msg_signature")
		},
		"downgrade beside": func(d *delivery) { d.body = strings.Replace(d.plain, "{", `{"Encrypt":"",`, 1) },
		"old":              func(d *delivery) { *d = delivered(t, at-301, appID, "72") },
		"future":           func(d *delivery) { *d = delivered(t, at+301, appID, "72") },
		"moved in time":    func(d *delivery) { d.query.Set("timestamp", strconv.FormatInt(at-1, 10)) },
		"wrong msg_signature": func(d *delivery) {
			d.query.Set("msg_signature", strings.Repeat("0", 40))
		},
		"clear signature": func(d *delivery) { d.query.Set("msg_signature", d.query.Get("signature")) },
		"flipped bit": func(d *delivery) {
			raw, _ := base64.StdEncoding.DecodeString(d.sealed)
			raw[40] ^= 1
			d.body = strings.Replace(d.body, d.sealed, base64.StdEncoding.EncodeToString(raw), 1)
		},
		"flipped bit, signed": func(d *delivery) { // by somebody with the token, without the key
			raw, _ := base64.StdEncoding.DecodeString(d.sealed)
			raw[len(raw)-40] ^= 1
			d.seal(base64.StdEncoding.EncodeToString(raw), stamp)
		},
		"wrong appid":   func(d *delivery) { *d = delivered(t, at, "wxanotheraccount00", "72") },
		"truncated":     func(d *delivery) { d.body = d.body[:len(d.body)/2] },
		"oversized":     func(d *delivery) { d.body = strings.Repeat(" ", 64<<10) + d.body },
		"duplicate key": func(d *delivery) { d.body = strings.Replace(d.body, `"Encrypt":`, `"Encrypt":"AAAA","Encrypt":`, 1) },
		"a form":        func(d *delivery) { d.body = url.Values{"Encrypt": {d.sealed}}.Encode() },
		"xml entity": func(d *delivery) {
			d.body = `<!DOCTYPE x [<!ENTITY e "` + d.sealed + `">]><xml><Encrypt>&e;</Encrypt></xml>`
		},
		"nothing": func(d *delivery) { d.body = "" },
	} {
		d := delivered(t, at, appID, "72")
		bend(&d)
		if status, answer := b.pushed(d); status/100 != 4 || answer == "success" {
			t.Errorf("%s: answered %d %q", name, status, answer)
		}
		if name == "flipped bit, signed" { // it looks like a genuine one that is damaged: the sender is asked again
			if n, err := b.desk.Inbound.ProcessQueue(t.Context()); n != 1 || err != nil {
				t.Errorf("%s: %d arrivals, %v", name, n, err)
			}
		}
		if n := b.waiting(); n != 0 {
			t.Fatalf("%s: %d arrivals", name, n)
		}
	}
	if status, answer := b.pushed(delivered(t, at, appID, "72")); status != http.StatusOK || answer != "success" || b.waiting() != 1 {
		t.Errorf("the genuine one: %d %q, %d arrivals", status, answer, b.waiting())
	}
}

// TestAnyContentType: the body says what it is, whatever the header calls it.
func TestAnyContentType(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.clock.Now().Unix()
	for i, contentType := range []string{"", "text/plain", "application/octet-stream", "text/xml", "application/x-www-form-urlencoded", "no type"} {
		for k, form := range []string{`{"Encrypt":"%s"}`, "<xml><Encrypt>%s</Encrypt></xml>"} {
			d := delivered(t, at, appID, strconv.Itoa(100+2*i+k))
			d.contentType, d.body = contentType, fmt.Sprintf(form, d.sealed)
			if status, answer := b.pushed(d); status != http.StatusOK || answer != "success" || b.waiting() != 2*i+k+1 {
				t.Errorf("%q %s: %d %q, %d arrivals", contentType, form, status, answer, b.waiting())
			}
		}
	}
}

// TestUnreadPushes: what is genuine and cannot be read is refused and listed for
// the staff, without a word of it; who sent it is asked to do so again.
func TestUnreadPushes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	list := func() (all []map[string]any) {
		t.Helper()
		for _, u := range at[[]any](b.send("GET", "/api/v1/station/unread-pushes", liaison, nil).JSON(t), "items") {
			all = append(all, obj(u))
		}
		return all
	}
	warnings := func() string {
		return fmt.Sprint(b.send("GET", "/api/v1/station/today", liaison, nil).JSON(t)["warnings"])
	}
	if len(list()) != 0 || strings.Contains(warnings(), "没有读出") {
		t.Fatal("there is something already")
	}
	if err := b.emu.Write(t.Context(), "person-ma", "在吗"); err != nil { // the program may write to them now
		t.Fatal(err)
	}
	if n, err := b.desk.Inbound.ProcessQueue(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	now := b.clock.Now().Unix()
	var broken delivery
	for range 3 { // as the platform does with what is not taken; it seals each anew
		broken = sealedOf(t, now, appID, `<xml><FromUserName>person-ma</FromUserName><MsgType>text</MsgType><Content>秘密 <`)
		if status, _ := b.pushed(broken); status != http.StatusUnprocessableEntity {
			t.Errorf("answered %d", status)
		}
	}
	if status, _ := b.pushed(delivered(t, now, "wxanotheraccount00", "5")); status != http.StatusForbidden {
		t.Errorf("of another account: %d", status)
	}
	if n := b.send("GET", "/api/v1/station/today", liaison, nil).JSON(t)["unread_pushes"]; n != float64(2) {
		t.Errorf("the first page counts %v", n)
	}
	got := list()
	if len(got) != 2 || strings.Contains(fmt.Sprint(got), "秘密") || strings.Contains(fmt.Sprint(got), "person-ma") {
		t.Fatalf("listed: %v", got)
	}
	for _, u := range got {
		if u["next"] == "" {
			t.Errorf("nothing to do: %v", u)
		}
		if u["kind"] == "文字消息" && (u["why"] != "内容格式不对，读不出来" || u["size"] != float64(len(broken.body))) {
			t.Errorf("listed as %v", u)
		}
		if u["kind"] == "未知类型" && !strings.Contains(fmt.Sprint(u["why"]), "EncodingAESKey") {
			t.Errorf("listed as %v", u)
		}
	}
	if w := warnings(); !strings.Contains(w, "有 2 条微信推送没有读出") {
		t.Errorf("said: %s", w)
	}
	if n, err := b.desk.Inbound.ProcessQueue(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	said := b.emu.Chat("person-ma")
	if !strings.Contains(said[len(said)-1].Text, "没有读出来") {
		t.Errorf("the sender is told %v", said)
	}
	b.clock.Advance(31 * 24 * time.Hour)
	if got := list(); len(got) != 0 {
		t.Errorf("after a month: %v", got)
	}
}

// TestUnreadPushWhileTheStoreIsDown: that it could not be listed is answered as such,
// so that the platform sends it again.
func TestUnreadPushWhileTheStoreIsDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	broken := sealedOf(t, b.clock.Now().Unix(), appID, "<xml>")
	b.redis.Kill(t)
	if status, _ := b.pushed(broken); status != http.StatusServiceUnavailable {
		t.Errorf("answered %d", status)
	}
	b.redis.Start(t)
	if status, _ := b.pushed(broken); status != http.StatusUnprocessableEntity {
		t.Errorf("answered %d once it could be listed", status)
	}
}

// TestTwoPeopleWithOneMessageID: the platform counts messages for each sender, so
// both have their effect, in JSON and in XML.
func TestTwoPeopleWithOneMessageID(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.clock.Now().Unix()
	for i, form := range []string{
		`{"ToUserName":"gh_x","FromUserName":"%s","CreateTime":%d,"MsgType":"%s","Content":"您好","MediaId":"m","MsgId":90001}`,
		"<xml><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime><MsgType>%s</MsgType><Content>您好</Content><MediaId>m</MediaId><MsgId>90002</MsgId></xml>",
	} {
		for _, kind := range []string{"text", "image"} {
			for _, who := range []string{"member-one", "member-two"} {
				if status, _ := b.pushed(sealedOf(t, at, appID, fmt.Sprintf(form, who, at, kind))); status != http.StatusOK {
					t.Errorf("answered %d", status)
				}
			}
		}
		if n := b.waiting(); n != 4*(i+1) {
			t.Errorf("%d arrivals, want %d", n, 4*(i+1))
		}
	}
}
