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
	// maxPush is the maximum size of a pushed body, in bytes.
	maxPush = 64 << 10
	// maxPushAge is how far a push's timestamp may be from our clock.
	maxPushAge = 300 * time.Second
)

// Receiver verifies and decrypts the platform's pushes. It replaces the SDK's receiver, which accepts
// forgeries: that one checks only the signature over token, timestamp and nonce, never the one over the body,
// lets the request choose whether it is encrypted, and ignores its age.
//
// Here the mode is configuration. In safe mode a body is read only if msg_signature, compared in constant time,
// covers it, the timestamp is within five minutes, and the encrypted part names our AppID. Compatible mode
// requires both signatures and reads only the encrypted part. In plain mode nothing protects the body.
//
// A repeated delivery is opened again on purpose. The platform sends a push up to three times when our answer
// is late, and each must be answered success. So a replay is not refused here: it has the same Event.ID, and
// the use case gives each ID one effect. IDs must be remembered for longer than the ten minutes in which a copy
// stays fresh.
//
// A Receiver is safe for concurrent use.
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

// Echo answers the platform's check of the push URL (GET). It returns the text to send back as text/plain, or a
// Denied fault.
func (r *Receiver) Echo(query url.Values) (string, error) {
	if err := r.checkFresh(query); err != nil {
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

// Open verifies a push (POST) and returns its events, at least one. A push that lists several has an event,
// with its own ID, for each. The handler answers success once the events are stored.
//
// A push that is signed with our token but cannot be read gives one event of kind Unreadable and a fault: the
// message is lost, and a wrong setting of ours would lose all of them.
//
// Faults: Denied for a push that cannot be the platform's, Invalid for a genuine body that cannot be read,
// Unavailable when no push is configured.
func (r *Receiver) Open(query url.Values, body []byte) ([]Event, error) {
	if len(body) > maxPush {
		return nil, denied("内容过长")
	}
	if err := r.checkFresh(query); err != nil {
		return nil, err
	}
	plain, err := r.verify(query, body)
	if err != nil {
		if errors.Is(err, errDecrypt) {
			return []Event{r.unreadable(nil, body, UnreadableSealed)}, err
		}
		return nil, err
	}
	t, err := parse(plain)
	if err != nil {
		return []Event{r.unreadable(plain, body, UnreadableForm)}, fault.Wrap(err, fault.Invalid, "推送内容无法解析")
	}
	if r.originalID != "" && t.text("ToUserName") != r.originalID {
		return []Event{r.unreadable(plain, body, UnreadableAccount)}, denied("不是推给本账号的消息")
	}
	list, why := events(t)
	if why != "" {
		return []Event{r.unreadable(plain, body, why)}, fault.New(fault.Invalid, "推送内容缺项或自相矛盾")
	}
	return list, nil
}

// unreadable is the event of a push that cannot be read. plain is its decrypted content, nil if that is unknown. A
// repeated delivery is encrypted anew, so the ID is that of the plain text. The sender is left out if the push
// is for another account: that openid is none of ours.
func (r *Receiver) unreadable(plain, body []byte, why UnreadableReason) Event {
	same := plain
	if plain == nil {
		same = body
	}
	e := Event{Kind: Unreadable, ID: digest("unread", string(same)), At: r.now(), Size: len(body), Reason: why}
	if why != UnreadableAccount {
		e.OpenID, e.MsgType = senderOfUnreadable(plain)
	}
	return e
}

// errDecrypt marks a push that is signed with our token and cannot be decrypted.
var errDecrypt = errors.New("wechat: the seal does not open")

// verify checks the signatures that the mode requires and returns the decrypted message.
func (r *Receiver) verify(query url.Values, body []byte) ([]byte, error) {
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
	plain, err := decrypt(r.appID, sealed, r.aesKey)
	if err != nil {
		return nil, fault.Wrap(errors.Join(errDecrypt, err), fault.Denied, "推送内容无法解密")
	}
	return plain, nil
}

// checkFresh refuses a push that is not configured, too old or from the future.
func (r *Receiver) checkFresh(query url.Values) error {
	if r.token == "" {
		return fault.New(fault.Unavailable, "尚未配置消息推送")
	}
	sec, err := strconv.ParseInt(query.Get("timestamp"), 10, 64)
	if err != nil || query.Get("nonce") == "" {
		return denied("缺少时间戳或随机数")
	}
	if age := r.now().Sub(time.Unix(sec, 0)); age > maxPushAge || age < -maxPushAge {
		return denied("时间戳已过期")
	}
	return nil
}

// signed checks one of the query's signatures over token, timestamp, nonce and the encrypted part.
func (r *Receiver) signed(query url.Values, name, sealed string) bool {
	parts := []string{r.token, query.Get("timestamp"), query.Get("nonce")}
	if sealed != "" {
		parts = append(parts, sealed)
	}
	want, got := util.Signature(parts...), query.Get(name)
	return subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

// decrypt decrypts a message and checks that it is for this AppID.
func decrypt(appID, sealed, aesKey string) ([]byte, error) {
	_, plain, err := util.DecryptMsg(appID, sealed, aesKey)
	return plain, err
}

func denied(message string) error { return fault.New(fault.Denied, "%s", message) }
