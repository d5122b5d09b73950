package wechat

import (
	"context"
	"slices"
	"strings"

	"mashang/domain/fault"
)

// chatBytes is the maximum length of a customer-service text, in bytes of UTF-8.
const chatBytes = 2048

// cardTitle is how many characters of a card's title a phone shows.
const cardTitle = 32

// ChatCard is a mini-program card for the chat: a title and a picture. Tapping it opens a page.
type ChatCard struct {
	Title string
	// Page is one of Pages, with a query if need be ("pages/matter/index?id=…").
	Page string
	// Thumb is the media id of the picture (UploadMedia), best at 5:4.
	Thumb string
}

type chatRequest struct {
	ToUser string     `json:"touser"`
	Type   string     `json:"msgtype"`
	Text   *chatText  `json:"text,omitempty"`
	Image  *chatImage `json:"image,omitempty"`
	Card   *wireCard  `json:"miniprogrampage,omitempty"`
}

type chatText struct {
	Content string `json:"content"`
}

type chatImage struct {
	Media string `json:"media_id"`
}

type wireCard struct {
	Title string `json:"title"`
	AppID string `json:"appid"`
	Page  string `json:"pagepath"`
	Thumb string `json:"thumb_media_id"`
}

// Chat sends a text into the person's customer-service chat. The platform allows five texts within 48 hours of
// the person's last message, and two within a minute of entering. A longer text is cut, with an ellipsis.
//
// Faults: WrongState when the window is closed or used up (use another channel), NotFound for an unknown
// person, Invalid for a blank text, TooMany, Unavailable.
func (c *Client) Chat(ctx context.Context, openid, text string) error {
	content := truncateBytes(cleanLines(text), chatBytes)
	if content == "" {
		return invalidField("text", "请填写要发送的内容", nil)
	}
	return c.chat(ctx, chatRequest{ToUser: openid, Type: "text", Text: &chatText{content}})
}

// SendImage sends a picture, as uploaded by UploadMedia, into the person's chat.
//
// Faults: as Chat's; Invalid (field "media") for one that is unknown or expired.
func (c *Client) SendImage(ctx context.Context, openid, media string) error {
	if media == "" {
		return invalidField("media", staleMedia, nil)
	}
	return c.chat(ctx, chatRequest{ToUser: openid, Type: "image", Image: &chatImage{media}})
}

// SendCard sends a mini-program card into the person's chat. A longer title is
// cut, with an ellipsis.
//
// Faults: as Chat's; Invalid (field "title", "page" or "thumb") before any call,
// and for a picture that is unknown or expired ("media").
func (c *Client) SendCard(ctx context.Context, openid string, card ChatCard) error {
	title := truncate(clean(card.Title), cardTitle)
	var check fault.Check
	check.Require(title != "", "title", "请填写卡片标题")
	check.Require(knownPage(card.Page), "page", "小程序里没有这个页面")
	check.Require(card.Thumb != "", "thumb", "缺少卡片图片")
	if err := check.Err(); err != nil {
		return err
	}
	return c.chat(ctx, chatRequest{
		ToUser: openid, Type: "miniprogrampage",
		Card: &wireCard{Title: title, AppID: c.cfg.AppID, Page: card.Page, Thumb: card.Thumb},
	})
}

// knownPage reports whether a page, with or without a query, is one of Pages.
func knownPage(page string) bool {
	path, _, _ := strings.Cut(page, "?")
	return slices.Contains(Pages, path)
}

const staleMedia = "图片已过期，请重新上传"

func (c *Client) chat(ctx context.Context, in chatRequest) error {
	err := c.postJSON(ctx, epChat, in, &status{})
	switch epChat.errcode(err) {
	case codeChatWindow, codeChatCount:
		return fault.Wrap(err, fault.WrongState, "对方近期没有在客服会话中留言，微信不允许再发送")
	case codeOpenID:
		return fault.Wrap(err, fault.NotFound, "对方不是本小程序的用户")
	case codeMedia:
		return invalidField("media", staleMedia, err)
	}
	if err != nil {
		return c.fault(err)
	}
	return nil
}
