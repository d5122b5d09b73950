package wechat

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/silenceper/wechat/v2/miniprogram/auth"

	"mashang/domain/fault"
)

// codeShape matches the codes of the client. The SDK puts login codes into a query unescaped, so nothing else
// may pass.
var codeShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

const staleLogin = "登录码已失效，请重新进入"

// Login exchanges the client's login code for the person's openid. Codes live five minutes and work once. The
// platform's session key is dropped, as nothing here needs it.
//
// Faults: Invalid (field "code") for a wrong, used or expired code, Denied for a person that the platform
// blocks, TooMany for a person who logs in more than 100 times a minute, Unavailable.
func (c *Client) Login(ctx context.Context, code string) (string, error) {
	if !codeShape.MatchString(code) {
		return "", invalidField("code", staleLogin, nil)
	}
	var openid string
	err := c.call(ctx, epLogin, func(ctx context.Context, _ string) error {
		res, err := throughSDK(ctx, c, func(ctx context.Context) (auth.ResCode2Session, error) {
			return c.auth.Code2SessionContext(ctx, code)
		})
		switch {
		case res.ErrCode != 0:
			return c.newAPIError(epLogin.path, res.ErrCode, res.ErrMsg)
		case err != nil:
			return c.newCallError(epLogin.path, err)
		case res.OpenID == "":
			return c.newCallError(epLogin.path, malformed("no openid in the answer"))
		}
		openid = res.OpenID
		return nil
	})
	switch epLogin.errcode(err) {
	case codeLoginInvalid, codeLoginUsed:
		return "", invalidField("code", staleLogin, err)
	case codeRiskyUser:
		return "", fault.Wrap(err, fault.Denied, "微信平台限制了该账号登录，请直接联系工作站")
	}
	if err != nil {
		return "", c.fault(err)
	}
	return openid, nil
}

type phoneAnswer struct {
	Info struct {
		Pure      text `json:"purePhoneNumber"`
		Country   text `json:"countryCode"`
		Watermark struct {
			AppID string `json:"appid"`
		} `json:"watermark"`
	} `json:"phone_info"`
}

// text is a string that the platform sometimes writes as a number. Its table says that countryCode is a string;
// its example shows 86.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = text(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*t = text(n.String())
	return nil
}

var callingCode = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)

// number returns the phone number as the product stores it, "" for an answer without one.
func (a *phoneAnswer) number() string {
	pure, country := string(a.Info.Pure), strings.TrimLeft(string(a.Info.Country), "+0")
	switch {
	case country == "86", country == "":
		return pure
	case pure == "" || !callingCode.MatchString(country):
		return ""
	}
	return "+" + country + pure
}

// Phone exchanges the code of the client's phone button for the number: bare for the mainland ("13800000000"),
// else with "+" and the country's code.
//
// Faults: Invalid (field "contact.phone_code") for a wrong, used or expired
// code, TooMany, Unavailable.
func (c *Client) Phone(ctx context.Context, code string) (string, error) {
	const field, stale = "contact.phone_code", "手机号授权已失效，请重新点击获取，或直接填写号码"
	if !codeShape.MatchString(code) {
		return "", invalidField(field, stale, nil)
	}
	var out phoneAnswer
	err := c.postJSON(ctx, epPhone, map[string]string{"code": code}, &out)
	switch epPhone.errcode(err) {
	case codeLoginInvalid, codeLoginUsed:
		return "", invalidField(field, stale, err)
	}
	if err == nil && (out.Info.Watermark.AppID != c.cfg.AppID || out.number() == "") {
		err = c.newCallError(epPhone.path, malformed("the number is not for this mini program"))
	}
	if err != nil {
		return "", c.fault(err)
	}
	return out.number(), nil
}

func invalidField(field, message string, cause error) error {
	e := fault.Wrap(cause, fault.Invalid, "%s", message)
	e.Fields = []fault.Field{{Field: field, Message: message}}
	return e
}
