package wechat

import (
	"context"
	"net/url"

	"mashang/domain/fault"
)

// mediaTypePicture is the platform's media_type of pictures.
const mediaTypePicture = 2

type pictureRequest struct {
	Version int    `json:"version"`
	OpenID  string `json:"openid"`
	Scene   int    `json:"scene"`
	URL     string `json:"media_url"`
	Type    int    `json:"media_type"`
}

type pictureAnswer struct {
	Trace string `json:"trace_id"`
}

// CheckPicture asks the platform to check a person's picture. The platform fetches the picture, of at most 10
// MB, from the address, which must be reachable from outside. It answers within 30 minutes by an event of kind
// MediaCheck with the same trace id.
//
// Faults: WrongState when the platform has not seen the person for two hours: nothing is checked, and this is
// not a pass; Conflict when the same picture was checked too often; Invalid (field "url") before any call;
// Unauthenticated for an openid of another mini program; TooMany, Unavailable.
func (c *Client) CheckPicture(ctx context.Context, openid, address string) (trace string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", invalidField("url", "图片地址不完整", nil)
	}
	var out pictureAnswer
	err = c.postJSON(ctx, epPicture,
		pictureRequest{Version: 2, OpenID: openid, Scene: sceneComment, URL: address, Type: mediaTypePicture}, &out)
	switch epPicture.errcode(err) {
	case codeInactive:
		return "", fault.Wrap(err, fault.WrongState, "微信只检查两小时内来过的人的图片，请对方重新进入小程序")
	case codeChecked:
		return "", fault.Wrap(err, fault.Conflict, "同一张图片检查次数过多，请换一张")
	case codeForeignOpenID, codeOpenID:
		return "", fault.Wrap(err, fault.Unauthenticated, "登录已失效，请重新进入小程序")
	}
	if err == nil && out.Trace == "" {
		err = c.newCallError(epPicture.path, malformed("no trace id in the answer"))
	}
	if err != nil {
		return "", c.fault(err)
	}
	return out.Trace, nil
}
