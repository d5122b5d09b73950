package wechat

import (
	"crypto/rand"
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/silenceper/wechat/v2/util"
)

// Probe is a request like the platform's to the push URL, made by ourselves with the configured token and key.
// The right answer to it shows that the URL leads to a receiver with the same configuration.
type Probe struct {
	Query url.Values
	// ContentType and Body are empty for a GET.
	ContentType string
	Body        []byte
	// Want is the body that a correctly configured receiver answers with status 200.
	Want string
}

// EchoProbe returns the platform's check of the push URL (GET), signed with the present time.
func (r *Receiver) EchoProbe() Probe {
	query, _, _ := r.signedQuery()
	query.Set("echostr", rand.Text())
	return Probe{Query: query, Want: query.Get("echostr")}
}

// EventProbe returns a push (POST) in the configured mode, signed and encrypted with the present time. Its
// event is the one that the platform's debugging tool sends. It is of kind Other, so a receiver acknowledges
// and ignores it.
func (r *Receiver) EventProbe() (Probe, error) {
	to := r.originalID
	if to == "" {
		to = "gh_probe"
	}
	message := map[string]any{
		"ToUserName": to, "FromUserName": "probe", "CreateTime": r.now().Unix(),
		"MsgType": "event", "Event": "debug_demo", "debug_str": "mashang doctor",
	}
	plain, err := json.Marshal(message)
	if err != nil {
		return Probe{}, err
	}
	query, timestamp, nonce := r.signedQuery()
	p := Probe{Query: query, ContentType: "application/json", Body: plain, Want: "success"}
	if r.mode == PushPlain {
		return p, nil
	}
	sealed, err := util.EncryptMsg([]byte(rand.Text()[:16]), plain, r.appID, r.aesKey)
	if err != nil {
		return Probe{}, err
	}
	query.Set("encrypt_type", "aes")
	query.Set("msg_signature", util.Signature(r.token, timestamp, nonce, string(sealed)))
	envelope := map[string]any{"ToUserName": to}
	if r.mode == PushCompatible {
		envelope = message
	}
	envelope["Encrypt"] = string(sealed)
	p.Body, err = json.Marshal(envelope)
	return p, err
}

// signedQuery returns the signed part of the query of every push.
func (r *Receiver) signedQuery() (query url.Values, timestamp, nonce string) {
	timestamp, nonce = strconv.FormatInt(r.now().Unix(), 10), rand.Text()
	return url.Values{
		"signature": {util.Signature(r.token, timestamp, nonce)}, "timestamp": {timestamp}, "nonce": {nonce},
	}, timestamp, nonce
}
