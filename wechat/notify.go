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

// china is the platform's time zone, in which the times of messages are read.
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

// SendResult is the result of sending one message.
type SendResult struct {
	// Outcome is one of Sent, NoConsent, Refused, Retry and Unknown.
	Outcome notice.Outcome
	// MsgID is the platform's id of the message, which a SubscribeSent event refers to; "" if it gave none.
	MsgID string
}

type messageAnswer struct {
	MsgID json.RawMessage `json:"msgid"` // a number, or one as a string
}

// Send asks the platform to deliver a message. The error is the reason for the log; it is nil with Sent and
// NoConsent.
//
// Every text is first fitted to the platform's limits. Messages to one person are sent one after another, as
// the platform refuses two at once. The platform has no idempotency key: Unknown means that the answer was
// lost, and a retry may notify the person twice.
func (c *Client) Send(ctx context.Context, m notice.Message) (SendResult, error) {
	in, err := c.compose(m)
	if err != nil {
		err = fmt.Errorf("wechat: message %s: %w", m.Purpose, err)
		c.alarm(ctx, "a message cannot be composed", err)
		return SendResult{Outcome: notice.Refused}, err
	}
	release, err := c.sendLocks.acquire(ctx, m.OpenID)
	if err != nil {
		return SendResult{Outcome: notice.Retry}, err
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
		return SendResult{Outcome: outcome, MsgID: id}, nil
	case notice.NoConsent:
		return SendResult{Outcome: outcome}, nil
	default:
		return SendResult{Outcome: outcome}, err
	}
}

// Notify is Send without the message id.
func (c *Client) Notify(ctx context.Context, m notice.Message) (notice.Outcome, error) {
	s, err := c.Send(ctx, m)
	return s.Outcome, err
}

// compose fills in a message's template.
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
		State: miniprogramState(c.cfg.EnvVersion), Data: make(map[string]messageValue, len(t.Keys)),
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

// miniprogramState returns the platform's miniprogram_state for an EnvVersion.
func miniprogramState(env string) string {
	switch env {
	case EnvTrial:
		return "trial"
	case EnvDevelop:
		return "developer"
	default:
		return "formal"
	}
}

// outcomeOf maps the result of a send to the notice's outcome.
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
	code := epSend.errcode(err)
	if code == codeNoConsent {
		return notice.NoConsent
	}
	switch epSend.ruleOf(code).action {
	case actRetry, actRenew, actLater, actSecond, actMinute, actDay:
		return notice.Retry
	default:
		return notice.Refused // a retry would be refused too
	}
}

// stripes lets only one send at a time run for each person. Two people may share a stripe by chance; one of
// them then waits.
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
