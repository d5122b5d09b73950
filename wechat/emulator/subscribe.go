package emulator

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
)

type messageRequest struct {
	ToUser   string           `json:"touser"`
	Template string           `json:"template_id"`
	Page     string           `json:"page"`
	Data     map[string]Value `json:"data"`
	State    string           `json:"miniprogram_state"`
	Lang     string           `json:"lang"`
}

type messageAnswer struct {
	plainAnswer
	MsgID int64 `json:"msgid"`
}

var (
	states = []string{"", "formal", "trial", "developer"}
	langs  = []string{"", "zh_CN", "en_US", "zh_HK", "zh_TW"}
)

func (e *Emulator) sendMessage(ctx context.Context, c call) (any, *refusal) {
	var in messageRequest
	if no := parse(c.body, &in); no != nil {
		return nil, no
	}
	if !e.people.with(in.ToUser, func(*person) {}) {
		return nil, refuse(40003, "invalid openid")
	}
	t, ok := e.templates[in.Template]
	switch {
	case !ok || t.Type == ServiceCard:
		return nil, refuse(40037, "invalid template_id")
	case in.Page != "" && !e.released(in.Page):
		return nil, refuse(41030, "invalid page")
	case !slices.Contains(states, in.State) || !slices.Contains(langs, in.Lang):
		return nil, refuse(40097, "invalid args")
	}
	if no := checkFields(t, in.Data); no != nil {
		return nil, no
	}
	saved, no := e.useGrant(in.ToUser, t)
	if no != nil {
		return nil, no
	}
	// From here on the message is sent, even if the caller has gone.
	if e.opts.Delivering != nil {
		e.opts.Delivering(ctx, in.ToUser)
	}
	arrived := e.deliver(t, in)
	if err := e.saver.wait(context.WithoutCancel(ctx), saved); err != nil {
		e.log.LogAttrs(ctx, slog.LevelError, "emulator: state not saved", slog.Any("error", err))
	}
	id := e.random.number()
	if e.opts.SentEvents {
		e.pushSent(ctx, in.ToUser, t.ID, id, arrived)
	}
	return messageAnswer{okAnswer, id}, nil
}

// useGrant uses up one grant of a one-time template and marks the person as sending. Two sends to one person at
// once are refused, as by the platform.
func (e *Emulator) useGrant(openid string, t Template) (saved *batch, no *refusal) {
	e.people.with(openid, func(p *person) {
		switch {
		case p.sending:
			no = refuse(43108, "concurrent sends to the same user")
		case p.grants[t.ID] == 0:
			no = refuse(43101, "user refuse to accept the msg")
		default:
			p.sending = true
			if t.Type != LongTerm {
				p.grants[t.ID]--
			}
			saved = e.saver.put(grantKey(openid, t.ID), strconv.Itoa(p.grants[t.ID]))
		}
	})
	return saved, no
}

// deliver puts the message, with the template's fields only, on the phone, and reports whether it arrived.
func (e *Emulator) deliver(t Template, in messageRequest) (arrived bool) {
	data := make(map[string]Value, len(t.Fields))
	for _, f := range t.Fields {
		data[f.Key] = in.Data[f.Key]
	}
	m := Message{Template: t.ID, Page: in.Page, Data: data, At: e.opts.Clock().In(china)}
	e.people.with(in.ToUser, func(p *person) {
		p.sending = false
		if arrived = p.failNext == 0; !arrived {
			p.failNext--
			return
		}
		p.messages = appendBounded(p.messages, m)
	})
	return arrived
}

// FailNext makes the person's next n messages fail: they are accepted, cost a grant, and never arrive. Only
// subscribe_msg_sent_event reports it, with an ErrorCode other than 0. It panics on an invalid openid, as
// LoginCode does, on n below 0, and without Options.SentEvents, without which the failure would go unreported.
func (e *Emulator) FailNext(openid string, n int) {
	mustOpenID(openid)
	if n < 0 || !e.opts.SentEvents {
		panic("emulator: FailNext needs SentEvents and a number of messages")
	}
	e.people.withNew(openid, func(p *person, _ bool) { p.failNext = n })
}

// maxGrant is the maximum of Grant's count.
const maxGrant = 1000

// popupItems is the maximum number of items of one push, which bounds its size.
const popupItems = 100

// Grant acts as if the person tapped "allow" for the template count times: they may get as many more messages.
// The grants are saved before they are pushed, in events with an item for each tap. The error says that the
// template or count is wrong, that saving failed, or that the push URL did not accept the event. In the last
// case the grants exist all the same, as on the platform.
func (e *Emulator) Grant(ctx context.Context, openid, template string, count int) (left int, err error) {
	if err := e.addGrants(ctx, openid, template, count, &left); err != nil {
		return 0, err
	}
	for ; count > 0; count -= popupItems {
		if err := e.pushPopup(ctx, openid, template, true, min(count, popupItems)); err != nil {
			return left, err
		}
	}
	return left, nil
}

// GrantQuietly is Grant without a push, for tests in which the program counts the grants by other means.
func (e *Emulator) GrantQuietly(ctx context.Context, openid, template string, count int) error {
	var left int
	return e.addGrants(ctx, openid, template, count, &left)
}

func (e *Emulator) addGrants(ctx context.Context, openid, template string, count int, left *int) error {
	switch {
	case !openidShape.MatchString(openid):
		return badInput(errOpenID)
	case count < 1 || count > maxGrant:
		return badInput(fmt.Sprintf("count must be 1 to %d", maxGrant))
	}
	if err := e.knownTemplate(template); err != nil {
		return err
	}
	if e.templates[template].Type == ServiceCard {
		return badInput("20001: a service card cannot be asked for in the popup")
	}
	var saved *batch
	e.people.withNew(openid, func(p *person, isNew bool) {
		if isNew {
			e.saver.put(openid, "1")
		}
		p.grants[template] += count
		*left = p.grants[template]
		saved = e.saver.put(grantKey(openid, template), strconv.Itoa(*left))
	})
	return e.saver.wait(ctx, saved)
}

func (e *Emulator) knownTemplate(id string) error {
	if _, ok := e.templates[id]; !ok {
		return badInput("unknown template_id; known: " + fmt.Sprint(e.templateIDs()))
	}
	return nil
}

// checkTemplate checks the arguments of Reject and Withdraw.
func (e *Emulator) checkTemplate(ctx context.Context, openid, template string) error {
	if !openidShape.MatchString(openid) {
		return badInput(errOpenID)
	}
	if err := e.knownTemplate(template); err != nil {
		return err
	}
	return e.ensurePerson(ctx, openid)
}

// Reject acts as if the person tapped "refuse" when asked for the template.
func (e *Emulator) Reject(ctx context.Context, openid, template string) error {
	if err := e.checkTemplate(ctx, openid, template); err != nil {
		return err
	}
	return e.pushPopup(ctx, openid, template, false, 1)
}

// Withdraw acts as if the person switched the template off in the settings. Their grants become 0.
func (e *Emulator) Withdraw(ctx context.Context, openid, template string) error {
	if err := e.checkTemplate(ctx, openid, template); err != nil {
		return err
	}
	var saved *batch
	e.people.with(openid, func(p *person) {
		p.grants[template] = 0
		saved = e.saver.put(grantKey(openid, template), "0")
	})
	if err := e.saver.wait(ctx, saved); err != nil {
		return err
	}
	return e.pushWithdrawn(ctx, openid, template)
}
