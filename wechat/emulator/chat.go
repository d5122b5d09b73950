package emulator

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// What the program may send into a chat after the person acted.
const (
	wroteWindow, wroteCount     = 48 * time.Hour, 5
	enteredWindow, enteredCount = time.Minute, 2
)

// maxChat is the most bytes of a customer-service text.
const maxChat = 2048

type chatRequest struct {
	ToUser string `json:"touser"`
	Type   string `json:"msgtype"`
	Text   struct {
		Content string `json:"content"`
	} `json:"text"`
	Image struct {
		MediaID string `json:"media_id"`
	} `json:"image"`
	Link struct {
		Title string `json:"title"`
		URL   string `json:"url"`
	} `json:"link"`
	Card struct {
		Title string `json:"title"`
		Page  string `json:"pagepath"`
		Thumb string `json:"thumb_media_id"`
	} `json:"miniprogrampage"`
}

// line returns what the phone shows of the message.
func (in *chatRequest) line() (string, *refusal) {
	switch in.Type {
	case "text":
		switch {
		case strings.TrimSpace(in.Text.Content) == "":
			return "", refuse(44004, "empty content")
		case len(in.Text.Content) > maxChat || !utf8.ValidString(in.Text.Content):
			return "", refuse(45002, "content size out of limit")
		}
		return in.Text.Content, nil
	case "image":
		if in.Image.MediaID == "" {
			return "", refuse(40007, "invalid media_id")
		}
		return "[图片]", nil
	case "link":
		if in.Link.Title == "" || in.Link.URL == "" {
			return "", refuse(40097, "invalid args")
		}
		return "[链接] " + in.Link.Title, nil
	case "miniprogrampage":
		if in.Card.Title == "" || in.Card.Page == "" || in.Card.Thumb == "" {
			return "", refuse(40097, "invalid args")
		}
		return "[小程序] " + in.Card.Title, nil
	default:
		return "", refuse(40008, "invalid message type")
	}
}

func (e *Emulator) sendChat(_ context.Context, _ url.Values, body []byte) (any, *refusal) {
	var in chatRequest
	if json.Unmarshal(body, &in) != nil {
		return nil, refuse(47001, "data format error")
	}
	text, no := in.line()
	if no != nil {
		return nil, no
	}
	now := e.opts.Clock()
	known := e.people.with(in.ToUser, func(p *person) {
		if no = p.charge(now); no == nil {
			p.chat = keep(p.chat, Line{FromService, text, now.In(china)})
		}
	})
	switch {
	case !known:
		return nil, refuse(40003, "invalid openid")
	case no != nil:
		return nil, no
	}
	return okAnswer, nil
}

// charge takes one message from what is allowed now: the short window first.
func (p *person) charge(now time.Time) *refusal {
	open := false
	for _, a := range []*allowance{&p.entered, &p.wrote} {
		if !now.Before(a.until) {
			continue
		}
		open = true
		if a.left > 0 {
			a.left--
			return nil
		}
	}
	if open {
		return refuse(45047, "out of response count limit")
	}
	return refuse(45015, "response out of time limit or subscription is canceled")
}

// Write plays that the person wrote a text into the customer-service chat: the
// push URL is told, and the program may answer five times in 48 hours.
func (e *Emulator) Write(ctx context.Context, openid, text string) error {
	switch {
	case strings.TrimSpace(text) == "" || len(text) > maxChat || !utf8.ValidString(text):
		return badInput("text must hold 1 to 2048 bytes")
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' }):
		return badInput("text must hold no control characters")
	case !openidShape.MatchString(openid):
		return badInput("openid must be 4 to 64 letters, digits, _ or -")
	}
	if err := e.know(ctx, openid); err != nil {
		return err
	}
	now := e.opts.Clock()
	e.people.with(openid, func(p *person) {
		p.wrote = allowance{until: now.Add(wroteWindow), left: wroteCount}
		p.chat = keep(p.chat, Line{FromUser, text, now.In(china)})
	})
	return e.pushText(ctx, openid, text)
}

// Enter plays that the person opened the chat: the push URL is told, and the
// program may send two messages within a minute.
func (e *Emulator) Enter(ctx context.Context, openid string) error {
	if !openidShape.MatchString(openid) {
		return badInput("openid must be 4 to 64 letters, digits, _ or -")
	}
	if err := e.know(ctx, openid); err != nil {
		return err
	}
	now := e.opts.Clock()
	e.people.with(openid, func(p *person) {
		p.entered = allowance{until: now.Add(enteredWindow), left: enteredCount}
	})
	return e.pushEnter(ctx, openid)
}
