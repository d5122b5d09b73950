package wechat

import (
	"crypto/subtle"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/silenceper/wechat/v2/util"

	"mashang/domain/fault"
)

const (
	// maxPush is the most bytes of a pushed body.
	maxPush = 64 << 10
	// pushFresh is how far a push's timestamp may lie from our clock.
	pushFresh = 300 * time.Second
)

// Receiver checks and opens what the platform pushes to us. It exists because
// the SDK's receiver takes forgeries: it checks only the signature over token,
// timestamp and nonce, never the one over the body, lets the request choose
// whether it is sealed, and knows no age.
//
// Here the mode is configuration. In safe mode a body is read only if
// msg_signature, compared in constant time, covers it, the timestamp is within
// five minutes, and the seal holds our AppID. Compatible mode asks for both
// signatures and reads only the sealed part. Plain mode has nothing that covers
// the body.
//
// A repeated delivery is opened again on purpose. The platform sends a push up
// to three times when our answer is late, and must then be answered success like
// the first time. So a replay is not refused here: it
// yields the same Event.ID, and the use case gives each ID one effect. IDs must
// be remembered for longer than the ten minutes in which a copy stays fresh.
//
// A Receiver is safe for use by many goroutines.
type Receiver struct {
	appID, originalID string
	token, aesKey     string
	mode              PushMode
	now               func() time.Time
}

func newReceiver(cfg Config, clock func() time.Time) *Receiver {
	return &Receiver{
		appID: cfg.AppID, originalID: cfg.OriginalID,
		token: cfg.PushToken, aesKey: cfg.PushAESKey, mode: cfg.PushMode, now: clock,
	}
}

var echoShape = regexp.MustCompile(`^[0-9A-Za-z_+/=-]{1,256}$`)

// Echo answers the platform's check of the push URL (GET): it returns the text
// to send back as text/plain, or a Denied fault.
func (r *Receiver) Echo(query url.Values) (string, error) {
	if err := r.fresh(query); err != nil {
		return "", err
	}
	if !r.signed(query, "signature", "") {
		return "", denied("签名不对")
	}
	echo := query.Get("echostr")
	if !echoShape.MatchString(echo) {
		return "", denied("echostr 的格式不对")
	}
	return echo, nil
}

// Open checks a push (POST) and returns its events, at least one: a push that
// lists several gives several, each with its own ID. The face answers success
// once the events are kept.
//
// What our token signed and cannot be read is one event of kind Unread beside its
// fault: the message is lost, and a wrong setting of ours loses every one.
//
// Faults: Denied for whatever cannot be the platform's, Invalid for a genuine
// body that cannot be read, Unavailable when no push is configured.
func (r *Receiver) Open(query url.Values, body []byte) ([]Event, error) {
	if len(body) > maxPush {
		return nil, denied("内容过长")
	}
	if err := r.fresh(query); err != nil {
		return nil, err
	}
	plain, err := r.unseal(query, body)
	if err != nil {
		if errors.Is(err, errSeal) {
			return []Event{r.unread(nil, body, UnreadSealed)}, err
		}
		return nil, err
	}
	t, err := parse(plain)
	if err != nil {
		return []Event{r.unread(plain, body, UnreadShape)}, fault.Wrap(err, fault.Invalid, "推送内容无法解析")
	}
	if r.originalID != "" && t.text("ToUserName") != r.originalID {
		return []Event{r.unread(plain, body, UnreadAccount)}, denied("不是推给本账号的消息")
	}
	list, why := events(t)
	if why != "" {
		return []Event{r.unread(plain, body, why)}, fault.New(fault.Invalid, "推送内容缺项或自相矛盾")
	}
	return list, nil
}

// unread is the event of a push that cannot be read. plain is what was sealed in
// it, nil where that is not known. A repeated delivery is sealed anew, so what it has
// in common with the first is the plain text; another account's names nobody of ours.
func (r *Receiver) unread(plain, body []byte, why Unreadable) Event {
	same := plain
	if plain == nil {
		same = body
	}
	e := Event{Kind: Unread, ID: digest("unread", string(same)), At: r.now(), Size: len(body), Why: why}
	if why != UnreadAccount {
		e.OpenID, e.Message = senderOfBroken(plain)
	}
	return e
}

// errSeal is in the chain of what was signed by our token and cannot be opened.
var errSeal = errors.New("wechat: the seal does not open")

// unseal checks the signatures that the mode asks for and returns the message.
func (r *Receiver) unseal(query url.Values, body []byte) ([]byte, error) {
	if r.mode != PushSafe && !r.signed(query, "signature", "") {
		return nil, denied("签名不对")
	}
	if r.mode == PushPlain {
		if query.Get("encrypt_type") == "aes" {
			return nil, denied("未启用加密")
		}
		return body, nil
	}
	envelope, err := parse(body)
	if err != nil {
		return nil, fault.Wrap(err, fault.Denied, "推送内容无法解析")
	}
	sealed := envelope.text("Encrypt")
	if sealed == "" || !r.signed(query, "msg_signature", sealed) {
		return nil, denied("签名不对")
	}
	plain, err := open(r.appID, sealed, r.aesKey)
	if err != nil {
		return nil, fault.Wrap(errors.Join(errSeal, err), fault.Denied, "推送内容无法解密")
	}
	return plain, nil
}

// fresh refuses what is not configured, too old or from the future.
func (r *Receiver) fresh(query url.Values) error {
	if r.token == "" {
		return fault.New(fault.Unavailable, "尚未配置消息推送")
	}
	sec, err := strconv.ParseInt(query.Get("timestamp"), 10, 64)
	if err != nil || query.Get("nonce") == "" {
		return denied("缺少时间戳或随机数")
	}
	if age := r.now().Sub(time.Unix(sec, 0)); age > pushFresh || age < -pushFresh {
		return denied("时间戳已过期")
	}
	return nil
}

// signed checks one of the query's signatures over token, timestamp, nonce and
// the sealed part.
func (r *Receiver) signed(query url.Values, name, sealed string) bool {
	parts := []string{r.token, query.Get("timestamp"), query.Get("nonce")}
	if sealed != "" {
		parts = append(parts, sealed)
	}
	want, got := util.Signature(parts...), query.Get(name)
	return subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

// open decrypts a sealed message and checks whom it is for.
func open(appID, sealed, aesKey string) ([]byte, error) {
	_, plain, err := util.DecryptMsg(appID, sealed, aesKey)
	return plain, err
}

func denied(message string) error { return fault.New(fault.Denied, "%s", message) }
