package emulator

import (
	"context"
	"strings"
	"time"
)

// How long and how often the program may write into a chat after the person wrote or entered.
const (
	wroteWindow, wroteCount     = 48 * time.Hour, 5
	enteredWindow, enteredCount = time.Minute, 2
)

// maxChat is the maximum length of a customer-service text, in bytes.
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

// chatLine returns what the phone shows of the message, without its time.
func (e *Emulator) chatLine(in *chatRequest) (Line, *refusal) {
	said := Line{From: FromService}
	switch in.Type {
	case "text":
		switch {
		case strings.TrimSpace(in.Text.Content) == "":
			return said, refuse(44004, "empty content")
		case len(in.Text.Content) > maxChat:
			return said, refuse(45002, "content size out of limit")
		}
		said.Text = in.Text.Content
	case "image":
		if !e.media.hasImage(in.Image.MediaID) {
			return said, refuse(40007, "invalid media_id")
		}
		said.Text, said.Media = shownImage, in.Image.MediaID
	case "link":
		if in.Link.Title == "" || in.Link.URL == "" {
			return said, refuse(40097, "invalid args")
		}
		said.Text = "[链接] " + in.Link.Title
	case "miniprogrampage":
		switch {
		case in.Card.Title == "" || in.Card.Page == "":
			return said, refuse(40097, "invalid args")
		case !e.media.hasImage(in.Card.Thumb):
			return said, refuse(40007, "invalid media_id")
		}
		said.Text, said.Media, said.Page = shownCard+in.Card.Title, in.Card.Thumb, in.Card.Page
	default:
		return said, refuse(40008, "invalid message type")
	}
	return said, nil
}

// What the phone shows of a message that is not a text.
const (
	shownImage = "[图片]"
	shownVoice = "[语音]"
	shownCard  = "[小程序] "
)

func (e *Emulator) sendChat(_ context.Context, c call) (any, *refusal) {
	var in chatRequest
	if no := parse(c.body, &in); no != nil {
		return nil, no
	}
	if !e.people.with(in.ToUser, func(*person) {}) {
		return nil, refuse(40003, "invalid openid")
	}
	said, no := e.chatLine(&in)
	if no != nil {
		return nil, no
	}
	now := e.opts.Clock()
	e.people.with(in.ToUser, func(p *person) {
		if no = p.charge(now); no == nil {
			said.At = now.In(china)
			p.chat = appendBounded(p.chat, said)
		}
	})
	if no != nil {
		return nil, no
	}
	return okAnswer, nil
}

// charge spends one message of the open windows, the short one first.
func (p *person) charge(now time.Time) *refusal {
	open := false
	for _, a := range []*chatQuota{&p.enteredQuota, &p.wroteQuota} {
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
