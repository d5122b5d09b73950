package wechat

import (
	"crypto/rand"
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/silenceper/wechat/v2/util"
)

// Probe is a request such as the platform makes to the push URL, made by
// ourselves with the configured token and key: who sends it and gets the answer
// has shown that the URL leads to a receiver with the same configuration.
type Probe struct {
	Query url.Values
	// ContentType and Body are empty for a GET.
	ContentType string
	Body        []byte
	// Answer is the body that a right receiver answers with status 200.
	Answer string
}

// EchoProbe is the platform's check of the push URL (GET), signed as of now.
func (r *Receiver) EchoProbe() Probe {
	query, _, _ := r.stamp()
	query.Set("echostr", rand.Text())
	return Probe{Query: query, Answer: query.Get("echostr")}
}

// EventProbe is a push (POST) in the configured mode, signed and sealed as of
// now. Its event is the one that the platform's own debugging tool sends: it is
// of kind Other, so whoever receives it acknowledges it and does nothing.
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
	query, timestamp, nonce := r.stamp()
	p := Probe{Query: query, ContentType: "application/json", Body: plain, Answer: "success"}
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

// stamp returns the signed part of the query that every push has.
func (r *Receiver) stamp() (query url.Values, timestamp, nonce string) {
	timestamp, nonce = strconv.FormatInt(r.now().Unix(), 10), rand.Text()
	return url.Values{
		"signature": {util.Signature(r.token, timestamp, nonce)}, "timestamp": {timestamp}, "nonce": {nonce},
	}, timestamp, nonce
}
