package wechat

import (
	"context"

	"mashang/fault"
)

// chatBytes is the most a customer-service text may hold, in bytes of UTF-8.
const chatBytes = 2048

type chatRequest struct {
	ToUser string `json:"touser"`
	Type   string `json:"msgtype"`
	Text   struct {
		Content string `json:"content"`
	} `json:"text"`
}

// Chat sends a text into the person's customer-service chat. The platform
// allows five within 48 hours of the person's last message, and two within a
// minute of entering. A longer text is cut, with an ellipsis.
//
// Faults: WrongState when the window is closed or used up (tell them otherwise),
// NotFound for an unknown person, Invalid for a blank text, TooMany, Unavailable.
func (c *Client) Chat(ctx context.Context, openid, text string) error {
	in := chatRequest{ToUser: openid, Type: "text"}
	in.Text.Content = cutBytes(cleanLines(text), chatBytes)
	if in.Text.Content == "" {
		return badCode("text", "请填写要发送的内容", nil)
	}
	err := c.call(ctx, "/cgi-bin/message/custom/send", in, &status{})
	switch codeOf(err) {
	case codeChatWindow, codeChatCount:
		return fault.Wrap(err, fault.WrongState, "对方近期没有在客服会话中留言，微信不允许再发送")
	case codeOpenID:
		return fault.Wrap(err, fault.NotFound, "对方不是本小程序的用户")
	}
	if err != nil {
		return c.fault(ctx, err)
	}
	return nil
}
