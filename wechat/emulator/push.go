package emulator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The platform's rules for pushes.
const (
	pushTries   = 3
	pushTimeout = 5 * time.Second
)

// errPushRefused is the error of a push that the push URL never answered with success.
var errPushRefused = errors.New("emulator: the push URL did not answer success")

// pair is one named value of a push. The order of pairs is the order in the body. A value is a string, an
// int64, a doc, or a []doc.
type pair struct {
	name  string
	value any
}

type doc []pair

// header returns the beginning of every push. CreateTime is unique for each person, so that a program which
// identifies events by sender and time, as the platform advises, does not mistake two for one.
func (e *Emulator) header(openid, msgType string) (doc, int64) {
	at := e.opts.Clock().Unix()
	e.people.with(openid, func(p *person) {
		at = max(at, p.lastEvent+1)
		p.lastEvent = at
	})
	return doc{
		{"ToUserName", e.opts.OriginalID},
		{"FromUserName", openid},
		{"CreateTime", at},
		{"MsgType", msgType},
	}, at
}

func (e *Emulator) pushEnter(ctx context.Context, openid, session string) error {
	d, _ := e.header(openid, "event")
	return e.push(ctx, openid, append(d, pair{"Event", "user_enter_tempsession"}, pair{"SessionFrom", cmp.Or(session, "emulator")}))
}

func (e *Emulator) pushPopup(ctx context.Context, openid, template string, accept bool, n int) error {
	answer := "reject"
	if accept {
		answer = "accept"
	}
	items := make([]doc, n)
	for i := range items {
		items[i] = doc{{"TemplateId", template}, {"SubscribeStatusString", answer}, {"PopupScene", "0"}}
	}
	return e.pushSubscribe(ctx, openid, "subscribe_msg_popup_event", "SubscribeMsgPopupEvent", items)
}

func (e *Emulator) pushWithdrawn(ctx context.Context, openid, template string) error {
	return e.pushSubscribe(ctx, openid, "subscribe_msg_change_event", "SubscribeMsgChangeEvent",
		[]doc{{{"TemplateId", template}, {"SubscribeStatusString", "reject"}}})
}

// pushSent reports the result of a message. A failed one has the platform's code for an internal error; other
// failures are not emulated.
func (e *Emulator) pushSent(ctx context.Context, openid, template string, id int64, arrived bool) {
	code, status := "0", "success"
	if !arrived {
		code, status = "-1", "failed: system failed"
	}
	err := e.pushSubscribe(ctx, openid, "subscribe_msg_sent_event", "SubscribeMsgSentEvent", []doc{{
		{"TemplateId", template},
		{"MsgID", strconv.FormatInt(id, 10)},
		{"ErrorCode", code},
		{"ErrorStatus", status},
	}})
	if err != nil {
		e.log.LogAttrs(ctx, slog.LevelWarn, "emulator: delivery report not taken", slog.Any("error", err))
	}
}

// pushSubscribe pushes a subscribe event in the platform's two forms. XML nests the list in an element of its
// own. JSON has it at the top, as an object if there is one item, and writes numbers as strings.
func (e *Emulator) pushSubscribe(ctx context.Context, openid, event, wrapper string, items []doc) error {
	d, at := e.header(openid, "event")
	d = append(d, pair{"Event", event})
	switch {
	case e.opts.PushFormat == XML:
		d = append(d, pair{wrapper, doc{{"List", items}}})
	case len(items) == 1:
		d = append(d, pair{"List", items[0]})
	default:
		d = append(d, pair{"List", items})
	}
	if e.opts.PushFormat == JSON {
		d[2].value = strconv.FormatInt(at, 10)
	}
	return e.push(ctx, openid, d)
}

// push signs and sends a message up to three times, until the push URL answers with "success" or an empty body.
// With ResendAlways it sends three times in any case.
func (e *Emulator) push(ctx context.Context, openid string, d doc) error {
	if e.opts.Push == nil {
		return nil
	}
	query, body, err := e.encodePush(openid, d)
	if err != nil {
		return err
	}
	taken := false
	for range pushTries {
		err = e.pushOnce(ctx, query, body)
		taken = taken || err == nil
		if taken && !e.opts.ResendAlways || ctx.Err() != nil {
			break
		}
	}
	if taken {
		return nil
	}
	return err
}

func (e *Emulator) pushOnce(ctx context.Context, query url.Values, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, pushTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.opts.PushURL+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if e.opts.PushFormat == XML {
		req.Header.Set("Content-Type", "text/xml")
	}
	resp, err := e.opts.Push(ctx, req)
	if err != nil {
		return fmt.Errorf("%w: %w", errPushRefused, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil {
		return fmt.Errorf("%w: %w", errPushRefused, err)
	}
	if text := strings.TrimSpace(string(answer)); resp.StatusCode != http.StatusOK || text != "" && text != "success" {
		return fmt.Errorf("%w: status %d", errPushRefused, resp.StatusCode)
	}
	return nil
}

// marshal renders a message in the configured format.
func (e *Emulator) marshal(d doc) ([]byte, error) {
	var b bytes.Buffer
	if e.opts.PushFormat == XML {
		err := writeXML(&b, pair{"xml", d})
		return b.Bytes(), err
	}
	err := writeJSON(&b, d)
	return b.Bytes(), err
}

func writeJSON(b *bytes.Buffer, value any) error {
	switch v := value.(type) {
	case doc:
		b.WriteByte('{')
		for i, p := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(p.name) + ":")
			if err := writeJSON(b, p.value); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case []doc:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, item); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		b.Write(data)
	}
	return nil
}

func writeXML(b *bytes.Buffer, p pair) error {
	if list, ok := p.value.([]doc); ok {
		for _, item := range list {
			if err := writeXML(b, pair{p.name, item}); err != nil {
				return err
			}
		}
		return nil
	}
	b.WriteString("<" + p.name + ">")
	switch v := p.value.(type) {
	case doc:
		for _, sub := range v {
			if err := writeXML(b, sub); err != nil {
				return err
			}
		}
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case string:
		if strings.Contains(v, "]]>") {
			if err := xml.EscapeText(b, []byte(v)); err != nil {
				return err
			}
			break
		}
		b.WriteString("<![CDATA[" + v + "]]>")
	}
	b.WriteString("</" + p.name + ">")
	return nil
}
