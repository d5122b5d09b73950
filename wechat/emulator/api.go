package emulator

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBody is the most bytes of a request that are read.
const maxBody = 1 << 20

// refusal is an answer with an errcode.
type refusal struct {
	code int64
	msg  string
}

func refuse(code int64, msg string) *refusal { return &refusal{code, msg} }

// endpoint is one path of the API. serve gets the query and the whole body and
// returns what to encode, or image bytes, or a refusal.
type endpoint struct {
	method string
	token  bool
	serve  func(ctx context.Context, query url.Values, body []byte) (any, *refusal)
}

// jpegImage is an answer that is no JSON.
type jpegImage []byte

// plainAnswer is the platform's answer when there is nothing else to say.
type plainAnswer struct {
	ErrCode int64  `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

var okAnswer = plainAnswer{0, "ok"}

func (e *Emulator) endpoints() map[string]endpoint {
	const get, post = http.MethodGet, http.MethodPost
	return map[string]endpoint{
		"/cgi-bin/stable_token":            {post, false, e.stableToken},
		"/cgi-bin/token":                   {get, false, e.normalToken},
		"/sns/jscode2session":              {get, false, e.codeToSession},
		"/wxa/business/getuserphonenumber": {post, true, e.phoneNumber},
		"/wxa/getwxacodeunlimit":           {post, true, e.codeImage},
		"/wxa/msg_sec_check":               {post, true, e.checkText},
		"/cgi-bin/message/subscribe/send":  {post, true, e.sendMessage},
		"/cgi-bin/message/custom/send":     {post, true, e.sendChat},
	}
}

// API returns the platform's side: what https://api.weixin.qq.com answers.
func (e *Emulator) API() http.Handler { return http.HandlerFunc(e.serveAPI) }

func (e *Emulator) serveAPI(w http.ResponseWriter, r *http.Request) {
	result, no := e.dispatch(r)
	if no != nil {
		e.writeJSON(w, plainAnswer{no.code, no.msg + " rid: " + e.random.rid(e.opts.Clock())})
		return
	}
	if image, ok := result.(jpegImage); ok {
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(image) //nolint:gosec // a JPEG that we drew
		return
	}
	e.writeJSON(w, result)
}

func (e *Emulator) dispatch(r *http.Request) (any, *refusal) {
	ep, ok := e.api[r.URL.Path]
	if !ok {
		return nil, refuse(40066, "invalid url")
	}
	if r.Method != ep.method {
		if ep.method == http.MethodPost {
			return nil, refuse(43002, "require POST method")
		}
		return nil, refuse(43001, "require GET method")
	}
	query := r.URL.Query()
	if ep.token {
		if no := e.tokens.check(query.Get("access_token")); no != nil {
			return nil, no
		}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return nil, refuse(45001, "media size out of limit")
	}
	return ep.serve(r.Context(), query, body)
}

func (e *Emulator) writeJSON(w http.ResponseWriter, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own types come here
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_, _ = w.Write(data)
}

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

func (e *Emulator) stableToken(_ context.Context, _ url.Values, body []byte) (any, *refusal) {
	var in tokenRequest
	if json.Unmarshal(body, &in) != nil {
		return nil, refuse(47001, "data format error")
	}
	if no := e.credentials(in.GrantType, "client_credential", in.AppID, in.Secret); no != nil {
		return nil, no
	}
	return tokenOr(e.tokens.getStable(in.Force))
}

func (e *Emulator) normalToken(_ context.Context, q url.Values, _ []byte) (any, *refusal) {
	if no := e.credentials(q.Get("grant_type"), "client_credential", q.Get("appid"), q.Get("secret")); no != nil {
		return nil, no
	}
	return tokenOr(e.tokens.getNormal())
}

func tokenOr(value string, left int64, no *refusal) (any, *refusal) {
	if no != nil {
		return nil, no
	}
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

func (e *Emulator) codeToSession(ctx context.Context, q url.Values, _ []byte) (any, *refusal) {
	if no := e.credentials(q.Get("grant_type"), "authorization_code", q.Get("appid"), q.Get("secret")); no != nil {
		return nil, no
	}
	if q.Get("js_code") == "" {
		return nil, refuse(41008, "missing code")
	}
	openid, no := e.logins.redeem(q.Get("js_code"))
	if no != nil {
		return nil, no
	}
	if err := e.know(ctx, openid); err != nil {
		return nil, e.busy(ctx, err)
	}
	return sessionAnswer{OpenID: openid, SessionKey: e.random.text(18)}, nil
}

// busy is the platform's answer to a fault of its own.
func (e *Emulator) busy(ctx context.Context, err error) *refusal {
	e.log.LogAttrs(ctx, slog.LevelError, "emulator: the platform fails", slog.Any("error", err))
	return refuse(-1, "system error")
}

type phoneAnswer struct {
	plainAnswer
	Info phoneInfo `json:"phone_info"`
}

type phoneInfo struct {
	Phone     string    `json:"phoneNumber"`
	Pure      string    `json:"purePhoneNumber"`
	Country   string    `json:"countryCode"`
	Watermark watermark `json:"watermark"`
}

type watermark struct {
	At    int64  `json:"timestamp"`
	AppID string `json:"appid"`
}

func (e *Emulator) phoneNumber(_ context.Context, _ url.Values, body []byte) (any, *refusal) {
	var in struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(body, &in) != nil {
		return nil, refuse(47001, "data format error")
	}
	phone, no := e.phones.redeem(in.Code)
	if no != nil {
		return nil, no
	}
	info := phoneInfo{Phone: phone, Pure: phone, Country: "86", Watermark: watermark{e.opts.Clock().Unix(), e.opts.AppID}}
	return phoneAnswer{okAnswer, info}, nil
}

// released reports whether a page, without its query, is in the released version.
func (e *Emulator) released(page string) bool {
	path, _, _ := strings.Cut(page, "?")
	return slices.Contains(e.opts.Pages, path)
}
