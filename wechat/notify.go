package wechat

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"mashang/notice"
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

// Notify asks the platform to deliver a message and says what became of it. The
// outcome is always one of Sent, NoConsent, Refused, Retry and Unknown; the
// error says why for the log and is nil with Sent and NoConsent.
//
// Every text is fitted to the platform's limits before. Messages to one person
// go one after another, as the platform refuses two at once. There is no
// idempotency key on the platform's side: Unknown means that the answer was
// lost, and trying again may tell the person twice.
func (c *Client) Notify(ctx context.Context, m notice.Message) (notice.Outcome, error) {
	in, err := c.compose(m)
	if err != nil {
		err = fmt.Errorf("wechat: message %s: %w", m.Purpose, err)
		c.alarm(ctx, "a message cannot be composed", err)
		return notice.Refused, err
	}
	release, err := c.serialise.acquire(ctx, m.OpenID)
	if err != nil {
		return notice.Retry, err
	}
	defer release()
	err = c.call(ctx, "/cgi-bin/message/subscribe/send", in, &status{})
	outcome := outcomeOf(err)
	switch outcome {
	case notice.Sent, notice.NoConsent:
		return outcome, nil
	case notice.Refused:
		c.alarm(ctx, "a message is refused for good", err)
	}
	return outcome, err
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
	if e, ok := errors.AsType[*CallError](err); ok {
		if e.Reached {
			return notice.Unknown
		}
		return notice.Retry
	}
	switch codeOf(err) {
	case codeNoConsent:
		return notice.NoConsent
	case codeConcurrent, codeBusy, codePerMinute, codePerSecond, codePerMinuteCheck, codeDayQuota,
		codeTokenInvalid, codeTokenBad, codeTokenExpired:
		return notice.Retry
	default:
		// 40003, 40037, 41030, 43107, 45168, 47003 and whatever is not known:
		// the same message would be refused again.
		return notice.Refused
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
