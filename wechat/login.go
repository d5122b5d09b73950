package wechat

import (
	"context"
	"errors"
	"regexp"

	"github.com/silenceper/wechat/v2/miniprogram/auth"

	"mashang/fault"
)

// codeShape is what a code from the client may look like. The SDK puts login
// codes into a query unescaped, so nothing else may pass.
var codeShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

const staleLogin = "登录码已失效，请重新进入"

// Login turns the client's login code into the person's openid. Codes live five
// minutes and work once. The platform's session key is dropped unread: nothing
// here needs it.
//
// Faults: Invalid (field "code") for a wrong, used or expired code, Denied for
// somebody the platform blocks, TooMany, Unavailable.
func (c *Client) Login(ctx context.Context, code string) (string, error) {
	const endpoint = "/sns/jscode2session"
	if !codeShape.MatchString(code) {
		return "", badCode("code", staleLogin, nil)
	}
	res, err := throughSDK(ctx, c, func(ctx context.Context) (auth.ResCode2Session, error) {
		return c.auth.Code2SessionContext(ctx, code)
	})
	switch {
	case res.ErrCode != 0:
		err = newAPIError(endpoint, res.ErrCode, res.ErrMsg)
	case err != nil:
		err = c.newCallError(endpoint, err)
	case res.OpenID == "":
		err = c.newCallError(endpoint, errors.New("no openid in the answer"))
	default:
		return res.OpenID, nil
	}
	switch codeOf(err) {
	case codeLoginInvalid, codeLoginUsed:
		return "", badCode("code", staleLogin, err)
	case codeRiskyUser:
		return "", fault.Wrap(err, fault.Denied, "微信平台限制了该账号登录，请直接联系工作站")
	}
	return "", c.fault(ctx, err)
}

type phoneAnswer struct {
	status
	Info struct {
		Pure      string `json:"purePhoneNumber"`
		Country   string `json:"countryCode"`
		Watermark struct {
			AppID string `json:"appid"`
		} `json:"watermark"`
	} `json:"phone_info"`
}

// Phone turns the code of the client's phone button into the number: bare for
// the mainland ("13800000000"), else with "+" and the country's code.
//
// Faults: Invalid (field "contact.phone_code") for a wrong, used or expired
// code, TooMany, Unavailable.
func (c *Client) Phone(ctx context.Context, code string) (string, error) {
	const endpoint = "/wxa/business/getuserphonenumber"
	const field, stale = "contact.phone_code", "手机号授权已失效，请重新点击获取，或直接填写号码"
	if !codeShape.MatchString(code) {
		return "", badCode(field, stale, nil)
	}
	var out phoneAnswer
	err := c.call(ctx, endpoint, map[string]string{"code": code}, &out)
	switch codeOf(err) {
	case codeLoginInvalid, codeLoginUsed:
		return "", badCode(field, stale, err)
	}
	if err == nil && (out.Info.Watermark.AppID != c.cfg.AppID || out.Info.Pure == "") {
		err = c.newCallError(endpoint, errors.New("the number is not for this mini program"))
	}
	if err != nil {
		return "", c.fault(ctx, err)
	}
	if out.Info.Country == "86" || out.Info.Country == "" {
		return out.Info.Pure, nil
	}
	return "+" + out.Info.Country + out.Info.Pure, nil
}

func badCode(field, message string, cause error) error {
	e := fault.Wrap(cause, fault.Invalid, "%s", message)
	e.Fields = []fault.Field{{Field: field, Message: message}}
	return e
}
