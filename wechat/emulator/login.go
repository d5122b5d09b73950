package emulator

import (
	"context"
	"strings"
)

type tokenRequest struct {
	GrantType string `json:"grant_type"`
	AppID     string `json:"appid"`
	Secret    string `json:"secret"`
	Force     bool   `json:"force_refresh"`
}

type tokenAnswer struct {
	Token  string `json:"access_token"`
	Expiry int64  `json:"expires_in"`
}

func (e *Emulator) stableToken(_ context.Context, c call) (any, *refusal) {
	var in tokenRequest
	if no := parse(c.body, &in); no != nil {
		return nil, no
	}
	if no := e.credentials(in.GrantType, "client_credential", in.AppID, in.Secret); no != nil {
		return nil, no
	}
	if no := e.checkIP(c.peer); no != nil {
		return nil, no
	}
	value, left, no := e.tokens.getStable(in.Force)
	if no != nil {
		return nil, no
	}
	return tokenAnswer{value, left}, nil
}

func (e *Emulator) normalToken(_ context.Context, c call) (any, *refusal) {
	if no := e.credentials(c.query.Get("grant_type"), "client_credential", c.query.Get("appid"), c.query.Get("secret")); no != nil {
		return nil, no
	}
	if no := e.checkIP(c.peer); no != nil {
		return nil, no
	}
	value, left := e.tokens.getNormal()
	return tokenAnswer{value, left}, nil
}

func (e *Emulator) credentials(grant, wantGrant, appID, secret string) *refusal {
	switch {
	case grant != wantGrant:
		return refuse(40002, "invalid grant_type")
	case appID == "":
		return refuse(41002, "appid missing")
	case secret == "":
		return refuse(41004, "appsecret missing")
	case appID != e.opts.AppID:
		return refuse(40013, "invalid appid")
	case secret != e.opts.AppSecret:
		return refuse(40125, "invalid appsecret")
	}
	return nil
}

type sessionAnswer struct {
	OpenID     string `json:"openid"`
	SessionKey string `json:"session_key"`
}

func (e *Emulator) codeToSession(ctx context.Context, c call) (any, *refusal) {
	if no := e.credentials(c.query.Get("grant_type"), "authorization_code", c.query.Get("appid"), c.query.Get("secret")); no != nil {
		return nil, no
	}
	if c.query.Get("js_code") == "" {
		return nil, refuse(41008, "missing code")
	}
	openid, no := e.logins.redeem(c.query.Get("js_code"))
	if no != nil {
		return nil, no
	}
	if err := e.ensurePerson(ctx, openid); err != nil {
		return nil, e.internalRefusal(ctx, err)
	}
	if !e.countLogin(openid) {
		return nil, refuse(45011, "api minute-quota reach limit  must slower  retry next minute")
	}
	if !e.recordLogin(openid) {
		return nil, refuse(40226, "code blocked")
	}
	return sessionAnswer{OpenID: openid, SessionKey: e.random.text(18)}, nil
}

type phoneAnswer struct {
	plainAnswer
	Info phoneInfo `json:"phone_info"`
}

type phoneInfo struct {
	Phone     string    `json:"phoneNumber"`
	Pure      string    `json:"purePhoneNumber"`
	Country   any       `json:"countryCode"`
	Watermark watermark `json:"watermark"`
}

type watermark struct {
	At    int64  `json:"timestamp"`
	AppID string `json:"appid"`
}

func (e *Emulator) phoneNumber(_ context.Context, c call) (any, *refusal) {
	var in struct {
		Code string `json:"code"`
	}
	if no := parse(c.body, &in); no != nil {
		return nil, no
	}
	phone, no := e.phones.redeem(in.Code)
	if no != nil {
		return nil, no
	}
	var country any = 86
	if e.opts.CountryAsText {
		country = "86"
	}
	info := phoneInfo{Phone: phone, Pure: phone, Country: country, Watermark: watermark{e.opts.Clock().Unix(), e.opts.AppID}}
	return phoneAnswer{okAnswer, info}, nil
}

type oauthAnswer struct {
	Token    string `json:"access_token"`
	Expiry   int    `json:"expires_in"`
	Refresh  string `json:"refresh_token"`
	OpenID   string `json:"openid"`
	Scope    string `json:"scope"`
	Snapshot int    `json:"is_snapshotuser,omitempty"`
}

// oauthToken is the official account's answer to a login on a web page. The person's openid there differs from
// the one at the mini program.
func (e *Emulator) oauthToken(_ context.Context, c call) (any, *refusal) {
	switch q := c.query; {
	case q.Get("grant_type") != "authorization_code":
		return nil, refuse(40002, "invalid grant_type")
	case e.opts.OfficialAppID == "" || q.Get("appid") != e.opts.OfficialAppID:
		return nil, refuse(40013, "invalid appid")
	case q.Get("secret") != e.opts.OfficialSecret:
		return nil, refuse(40125, "invalid appsecret")
	case q.Get("code") == "":
		return nil, refuse(41008, "missing code")
	}
	openid, no := e.oauths.redeem(c.query.Get("code"))
	if no != nil {
		return nil, no
	}
	a := oauthAnswer{Token: e.random.text(64), Expiry: 7200, Refresh: e.random.text(64), OpenID: "official-" + openid, Scope: "snsapi_base"}
	if strings.HasPrefix(openid, "snapshot-") {
		a.Snapshot = 1
	}
	return a, nil
}

// OAuthCode returns the code with which WeChat's browser comes back from the official account's consent page. A
// person whose openid begins with "snapshot-" sees only a snapshot of the page.
func (e *Emulator) OAuthCode(openid string) string {
	mustOpenID(openid)
	return e.oauths.issue(openid)
}
