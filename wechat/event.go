package wechat

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what a pushed event is about.
type Kind string

// The kinds. The values are ours, not the platform's.
const (
	Text            Kind = "text"             // a text in the customer-service chat
	Image           Kind = "image"            // a picture there
	Voice           Kind = "voice"            // a recording there
	Card            Kind = "card"             // a mini-program card there
	Enter           Kind = "enter"            // somebody opened the chat
	Scan            Kind = "scan"             // somebody scanned a code of a service account
	SubscribePopup  Kind = "subscribe_popup"  // somebody accepted or rejected a template when asked
	SubscribeChange Kind = "subscribe_change" // somebody withdrew a template in the settings
	SubscribeSent   Kind = "subscribe_sent"   // a message was delivered or failed for good
	MediaCheck      Kind = "media_check"      // the verdict on a picture or recording
	Unreadable      Kind = "unread"           // a push that cannot be read
	Other           Kind = "other"            // any other event; acknowledged and ignored
)

// Event is one event that the platform pushes.
type Event struct {
	Kind Kind
	// ID is the same for every delivery of one event and differs between events. The use case gives each ID one
	// effect. It holds nothing personal.
	ID     string
	OpenID string
	// At is when it happened, by the platform's clock.
	At time.Time
	// Text is set for Text. For Enter it is the contact button's session-from, or "" if the chat was opened
	// from the list of chats.
	Text string
	// Media is the platform's media id, for Image and Voice.
	Media string
	// Format is the encoding of a Voice, such as "amr".
	Format string
	// Page is the page of a Card.
	Page string
	// Scene is what the scanned code of a Scan holds.
	Scene string
	// Template is set for the Subscribe kinds.
	Template string
	// MsgID is the platform's id of the message of a SubscribeSent, as Send
	// returned it.
	MsgID string
	// Accept reports for SubscribePopup whether the person accepted.
	Accept bool
	// ErrorCode is 0 for a delivered SubscribeSent or a finished MediaCheck.
	ErrorCode int64
	// Trace is the trace id of a MediaCheck, as the request returned it.
	Trace string
	// Verdict is Pass, Review or Risky for a MediaCheck without ErrorCode.
	Verdict string
	// Reason is set for Unreadable. MsgType is then the platform's type of the message, as far as it is known, and
	// Size the bytes of the body. OpenID may then be "".
	Reason  UnreadableReason
	MsgType string
	Size    int
}

// UnreadableReason is why a push cannot be read.
type UnreadableReason string

// The reasons.
const (
	UnreadableSealed  UnreadableReason = "sealed"  // signed with our token, encrypted with another key or for another AppID
	UnreadableAccount UnreadableReason = "account" // for another account than original_id says
	UnreadableForm    UnreadableReason = "shape"   // not well-formed JSON or XML
	UnreadableFields  UnreadableReason = "fields"  // a field is missing, or has several values
)

// chatTypes are the platform's types of messages that a person sends.
var chatTypes = []string{"text", "image", "voice", "miniprogrampage"}

// FromPerson reports whether the event is something that a person sent.
func (e Event) FromPerson() bool {
	switch e.Kind {
	case Text, Image, Voice, Card:
		return true
	case Unreadable:
		return slices.Contains(chatTypes, e.MsgType)
	default:
		return false
	}
}

// scalarFields are the fields that have one value in every push that has them.
var scalarFields = []string{
	"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId",
	"Content", "MediaId", "Format", "PagePath", "trace_id", "errcode",
}

// events reads a pushed message. It returns at least one event, or why the message cannot be read.
func events(t tree) ([]Event, UnreadableReason) {
	for _, name := range scalarFields {
		if _, ok := t.scalar(name); !ok {
			return nil, UnreadableFields
		}
	}
	base := Event{Kind: Other, OpenID: t.text("FromUserName")}
	sec, err := strconv.ParseInt(t.text("CreateTime"), 10, 64)
	if err != nil {
		return nil, UnreadableFields
	}
	base.At = time.Unix(sec, 0)
	if t.text("MsgType") == "event" {
		return eventsOf(t, base), ""
	}
	// The platform says to deduplicate messages by MsgId, but two people's messages may share one. A message
	// without MsgId is identified by its content.
	base.ID = digest("msg", base.OpenID, t.text("MsgType"), t.text("MsgId"))
	if t.text("MsgId") == "" {
		base.ID = digest("msg", base.OpenID, t.text("MsgType"), "", t.text("CreateTime"), t.text("Content"), t.text("MediaId"), t.text("PagePath"))
	}
	switch t.text("MsgType") {
	case "text":
		base.Kind, base.Text = Text, t.text("Content")
	case "image":
		base.Kind, base.Media = Image, t.text("MediaId")
	case "voice":
		base.Kind, base.Media, base.Format = Voice, t.text("MediaId"), t.text("Format")
	case "miniprogrampage":
		base.Kind, base.Page = Card, t.text("PagePath")
	}
	return []Event{base}, ""
}

// Patterns for fields of a body that cannot be parsed, JSON or XML. A body has its sender and type before what
// the sender wrote.
var (
	senderIn = regexp.MustCompile(`(?:"FromUserName"\s*:\s*"|<FromUserName>\s*(?:<!\[CDATA\[)?)([0-9A-Za-z_-]{1,64})`)
	typeIn   = regexp.MustCompile(`(?:"MsgType"\s*:\s*"|<MsgType>\s*(?:<!\[CDATA\[)?)([a-z_]{1,32})`)
	eventIn  = regexp.MustCompile(`(?:"Event"\s*:\s*"|<Event>\s*(?:<!\[CDATA\[)?)([A-Za-z_]{1,64})`)
)

// senderOfUnreadable returns the sender and the type of a body that cannot be parsed.
func senderOfUnreadable(body []byte) (from, kind string) {
	find := func(re *regexp.Regexp) string {
		if m := re.FindSubmatch(body); m != nil {
			return string(m[1])
		}
		return ""
	}
	if kind = find(typeIn); kind == "event" {
		kind = find(eventIn)
	}
	return find(senderIn), kind
}

// eventsOf reads a message of type event. Its ID consists of the platform's key for events (sender, time and
// name) and of what distinguishes the items of a list.
func eventsOf(t tree, base Event) []Event {
	name := t.text("Event")
	key := []string{"event", base.OpenID, t.text("CreateTime"), name}
	switch name {
	case "user_enter_tempsession":
		base.Kind, base.Text = Enter, t.text("SessionFrom")
	case "SCAN", "subscribe":
		// A prefix marks the first scan, with which the person follows the account. Following without a code is
		// no scan.
		scene, first := strings.CutPrefix(t.text("EventKey"), "qrscene_")
		if name == "SCAN" || first {
			base.Kind, base.Scene = Scan, scene
			key = append(key, scene)
		}
	case "wxa_media_check":
		base.Kind, base.Trace = MediaCheck, t.text("trace_id")
		base.ErrorCode = parseErrcode(t.text("errcode"))
		if result := t.list("result"); base.ErrorCode == 0 && len(result) == 1 {
			base.Verdict = verdictOf(result[0].text("suggest"))
		}
		key = append(key, base.Trace)
	case "subscribe_msg_popup_event":
		return subscribeEvents(t, "SubscribeMsgPopupEvent", SubscribePopup, base, key)
	case "subscribe_msg_change_event":
		return subscribeEvents(t, "SubscribeMsgChangeEvent", SubscribeChange, base, key)
	case "subscribe_msg_sent_event":
		return subscribeEvents(t, "SubscribeMsgSentEvent", SubscribeSent, base, key)
	}
	base.ID = digest(key...)
	return []Event{base}
}

// subscribeEvents returns one event for each item of the list. The list is at the top in JSON and inside an element
// of its own in XML.
func subscribeEvents(t tree, wrapper string, kind Kind, base Event, key []string) []Event {
	items := t.list("List")
	for _, inner := range t.list(wrapper) {
		items = append(items, inner.list("List")...)
	}
	out := make([]Event, 0, max(len(items), 1))
	for i, item := range items {
		e := base
		e.Kind, e.Template = kind, item.text("TemplateId")
		if e.Template == "" {
			e.Template = item.text("TemplateID")
		}
		e.Accept = kind == SubscribePopup && item.text("SubscribeStatusString") == "accept"
		e.ErrorCode, e.MsgID = parseErrcode(item.text("ErrorCode")), item.text("MsgID")
		e.ID = digest(append(slices.Clip(key), strconv.Itoa(i), e.Template, e.MsgID)...)
		out = append(out, e)
	}
	if len(out) == 0 {
		base.ID = digest(key...)
		out = append(out, base)
	}
	return out
}

// parseErrcode reads an errcode. Anything but a number is -1, the platform's errcode for an unknown failure.
func parseErrcode(s string) int64 {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// digest makes an id of parts that may be personal. Each part has its length as a prefix, so that different
// lists of parts never give the same input.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
