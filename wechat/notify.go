package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"mashang/domain/notice"
)

// china is the platform's time: times in messages are read there.
var china = time.FixedZone("UTC+8", 8*60*60)

type messageRequest struct {
	ToUser   string                  `json:"touser"`
	Template string                  `json:"template_id"`
	Page     string                  `json:"page,omitempty"`
	Data     map[string]messageValue `json:"data"`
	State    string                  `json:"miniprogram_state"`
	Lang     string                  `json:"lang"`
}

type messageValue struct {
	Value string `json:"value"`
}

// Sending is what became of one message.
type Sending struct {
	// Outcome is one of Sent, NoConsent, Refused, Retry and Unknown.
	Outcome notice.Outcome
	// MsgID is the platform's id of the message, by which a SubscribeSent event
	// names it; "" if it gave none.
	MsgID string
}

type messageAnswer struct {
	MsgID json.RawMessage `json:"msgid"` // a number, or one as a string
}

// Send asks the platform to deliver a message and says what became of it. The
// error says why for the log and is nil with Sent and NoConsent.
//
// Every text is fitted to the platform's limits before. Messages to one person
// go one after another, as the platform refuses two at once. There is no
// idempotency key on the platform's side: Unknown means that the answer was
// lost, and trying again may tell the person twice.
func (c *Client) Send(ctx context.Context, m notice.Message) (Sending, error) {
	in, err := c.compose(m)
	if err != nil {
		err = fmt.Errorf("wechat: message %s: %w", m.Purpose, err)
		c.alarm(ctx, "a message cannot be composed", err)
		return Sending{Outcome: notice.Refused}, err
	}
	release, err := c.sendLocks.acquire(ctx, m.OpenID)
	if err != nil {
		return Sending{Outcome: notice.Retry}, err
	}
	defer release()
	var out messageAnswer
	err = c.postJSON(ctx, epSend, in, &out)
	switch outcome := outcomeOf(err); outcome {
	case notice.Sent:
		id := strings.Trim(string(out.MsgID), `"`)
		if id == "null" {
			id = ""
		}
		return Sending{Outcome: outcome, MsgID: id}, nil
	case notice.NoConsent:
		return Sending{Outcome: outcome}, nil
	default:
		return Sending{Outcome: outcome}, err
	}
}

// Notify is Send for those who need no id.
func (c *Client) Notify(ctx context.Context, m notice.Message) (notice.Outcome, error) {
	s, err := c.Send(ctx, m)
	return s.Outcome, err
}

// compose fits a message to its template.
func (c *Client) compose(m notice.Message) (*messageRequest, error) {
	t, ok := c.cfg.Templates[m.Purpose]
	switch {
	case !ok || t.ID == "":
		return nil, errors.New("no template is configured")
	case m.OpenID == "":
		return nil, errors.New("no receiver")
	case strings.HasPrefix(m.Page, "/"):
		return nil, errors.New("the page begins with a slash")
	}
	in := &messageRequest{
		ToUser: m.OpenID, Template: t.ID, Page: m.Page, Lang: "zh_CN",
		State: stateOf(c.cfg.EnvVersion), Data: make(map[string]messageValue, len(t.Keys)),
	}
	for _, f := range notice.Fields[m.Purpose] {
		key := t.Keys[f.Meaning]
		v, err := fit(keyType(key), m.Data[f.Meaning], china)
		if err != nil {
			return nil, fmt.Errorf("field %s (%s): %w", f.Meaning, key, err)
		}
		in.Data[key] = messageValue{v}
	}
	return in, nil
}

// stateOf is the message's word for a version of the mini program.
func stateOf(env string) string {
	switch env {
	case EnvTrial:
		return "trial"
	case EnvDevelop:
		return "developer"
	default:
		return "formal"
	}
}

// outcomeOf maps the end of one send to what it means for the notice.
func outcomeOf(err error) notice.Outcome {
	if err == nil {
		return notice.Sent
	}
	if _, ok := errors.AsType[tokenError](err); ok {
		return notice.Retry // nothing was sent
	}
	if _, ok := errors.AsType[*HeldError](err); ok {
		return notice.Retry
	}
	if e, ok := errors.AsType[*CallError](err); ok {
		if e.Reached {
			return notice.Unknown
		}
		return notice.Retry
	}
	code := epSend.at(err)
	if code == codeNoConsent {
		return notice.NoConsent
	}
	switch epSend.ruleOf(code).act {
	case actRetry, actRenew, actLater, actSecond, actMinute, actDay:
		return notice.Retry
	default:
		return notice.Refused // and would be again
	}
}

// stripes lets one send at a time through to each person. People share a stripe
// by chance, which costs a wait and nothing else.
type stripes struct {
	seed  maphash.Seed
	locks []chan struct{}
}

func newStripes() stripes {
	s := stripes{seed: maphash.MakeSeed(), locks: make([]chan struct{}, 256)}
	for i := range s.locks {
		s.locks[i] = make(chan struct{}, 1)
	}
	return s
}

func (s stripes) acquire(ctx context.Context, who string) (release func(), err error) {
	lock := s.locks[maphash.String(s.seed, who)%uint64(len(s.locks))]
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
