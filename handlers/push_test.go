package handlers_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

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
	d := delivery{contentType: "application/json"}
	d.plain = fmt.Sprintf(`{"ToUserName":"gh_1","FromUserName":"person-ma","CreateTime":%d,"MsgType":"text","Content":"好的","MsgId":%s}`, at, id)
	sealed, err := util.EncryptMsg([]byte("0123456789abcdef"), []byte(d.plain), app, pushKey)
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
	if n, err := b.desk.Receive(t.Context()); err != nil || n != 1 {
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
		"wrong appid":     func(d *delivery) { *d = delivered(t, at, "wxanotheraccount00", "72") },
		"truncated":       func(d *delivery) { d.body = d.body[:len(d.body)/2] },
		"oversized":       func(d *delivery) { d.body = strings.Repeat(" ", 64<<10) + d.body },
		"duplicate key":   func(d *delivery) { d.body = strings.Replace(d.body, `"Encrypt":`, `"Encrypt":"AAAA","Encrypt":`, 1) },
		"no content type": func(d *delivery) { d.contentType = "" },
		"form":            func(d *delivery) { d.contentType = "application/x-www-form-urlencoded" },
		"xml said":        func(d *delivery) { d.contentType = "text/xml" },
		"xml entity": func(d *delivery) {
			d.contentType = "text/xml"
			d.body = `<!DOCTYPE x [<!ENTITY e "` + d.sealed + `">]><xml><Encrypt>&e;</Encrypt></xml>`
		},
		"nothing": func(d *delivery) { d.body = "" },
	} {
		d := delivered(t, at, appID, "72")
		bend(&d)
		if status, answer := b.pushed(d); status/100 != 4 || answer == "success" {
			t.Errorf("%s: answered %d %q", name, status, answer)
		}
		if n := b.waiting(); n != 0 {
			t.Fatalf("%s: %d arrivals", name, n)
		}
	}
	if status, answer := b.pushed(delivered(t, at, appID, "72")); status != http.StatusOK || answer != "success" || b.waiting() != 1 {
		t.Errorf("the genuine one: %d %q, %d arrivals", status, answer, b.waiting())
	}
}
