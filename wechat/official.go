package wechat

import (
	"context"
	"net/url"

	"github.com/silenceper/wechat/v2/officialaccount/config"
	oacontext "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/oauth"
)

// Official is the official account (服务号) through which people log in on web pages inside WeChat (网页授权). Its
// openids differ from the mini program's.
type Official struct{ AppID, Secret string }

// AuthorizeURL returns the address to which WeChat's browser is sent for a silent login (snsapi_base). The
// browser comes back to redirect with code and state. It is "" without an official account.
func (c *Client) AuthorizeURL(redirect, state string) string {
	if c.cfg.Official.AppID == "" {
		return ""
	}
	q := url.Values{"appid": {c.cfg.Official.AppID}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"snsapi_base"}, "state": {state}}
	return "https://open.weixin.qq.com/connect/oauth2/authorize?" + q.Encode() + "#wechat_redirect"
}

// OfficialLogin exchanges the code that came back for the person's openid at the official account. Codes live
// five minutes and work once. The access token in the answer is dropped, as the person's profile is not needed.
//
// Faults: Invalid (field "oauth_code") for a wrong, used or expired code and for a person who sees only a
// snapshot of the page, TooMany, Unavailable.
func (c *Client) OfficialLogin(ctx context.Context, code string) (string, error) {
	const field = "oauth_code"
	if c.cfg.Official.AppID == "" || !codeShape.MatchString(code) {
		return "", invalidField(field, staleLogin, nil)
	}
	var openid string
	snapshot := false
	err := c.call(ctx, epOfficial, func(ctx context.Context, _ string) error {
		res, err := throughSDK(ctx, c, func(ctx context.Context) (oauth.ResAccessToken, error) {
			return c.official.GetUserAccessTokenContext(ctx, code)
		})
		switch {
		case res.ErrCode != 0:
			return c.newAPIError(epOfficial.path, res.ErrCode, res.ErrMsg)
		case err != nil:
			return c.newCallError(epOfficial.path, err)
		case res.OpenID == "":
			return c.newCallError(epOfficial.path, malformed("no openid in the answer"))
		}
		openid, snapshot = res.OpenID, res.IsSnapShotUser == 1
		return nil
	})
	switch epOfficial.errcode(err) {
	case codeLoginInvalid, codeLoginUsed:
		return "", invalidField(field, staleLogin, err)
	}
	switch {
	case err != nil:
		return "", c.fault(err)
	case snapshot:
		return "", invalidField(field, "现在看到的是页面快照，请先点右下角“使用完整服务”，再登录", nil)
	}
	return openid, nil
}

// newOfficial returns the SDK's client for logins through an official account.
func newOfficial(o Official) *oauth.Oauth {
	return oauth.NewOauth(&oacontext.Context{Config: &config.Config{AppID: o.AppID, AppSecret: o.Secret}})
}
