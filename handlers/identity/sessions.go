package identity

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/identity"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Login is the body of a login: with a code of the platform, or with a phone number and its one-time code.
type Login struct {
	Code      string `json:"code,omitempty" maxLength:"256" doc:"The platform's login code, good once and for five minutes."`
	Phone     string `json:"phone,omitempty" maxLength:"40" doc:"Instead of code: a mainland mobile number."`
	SMSCode   string `json:"sms_code,omitempty" maxLength:"16" doc:"With phone: the code that was sent to it."`
	OAuthCode string `json:"oauth_code,omitempty" maxLength:"256" doc:"Instead of code: what the official account's consent page came back with."`
	Scene     string `json:"scene,omitempty" maxLength:"512" doc:"What was scanned: the key, or the whole /q/ address."`
}

// Session is a new session.
type Session struct {
	Token     string     `json:"token" doc:"For Authorization: Bearer."`
	ExpiresAt time.Time  `json:"expires_at"`
	User      wire.User  `json:"user"`
	Target    *wire.Code `json:"target" doc:"What was scanned; null when nothing was, or with target_error."`
	// TargetError is "unknown" or "revoked"; the login succeeds all the same.
	TargetError string `json:"target_error,omitempty" enum:"unknown,revoked"`
}

// Binding is the body that binds the caller.
type Binding struct {
	Invitation string `json:"invitation" minLength:"1" maxLength:"64" doc:"The one-time code; spaces, hyphens and capitals do not matter."`
}

// Bound is the caller after binding.
type Bound struct {
	User wire.User `json:"user"`
}

// SMSRequest is the body for requesting a one-time code.
type SMSRequest struct {
	Phone string `json:"phone" minLength:"1" maxLength:"40" doc:"A mainland mobile number."`
}

// SMSSent says when another code can be requested.
type SMSSent struct {
	ResendIn int `json:"resend_in" doc:"Seconds."`
}

// Ways are the kinds of login that a browser can use here.
type Ways struct {
	SMS       bool   `json:"sms" doc:"By a one-time code to a phone number."`
	WeChatURL string `json:"wechat_url" doc:"Inside WeChat: where to be logged in by the official account, with STATE for a word of the client's own; empty when there is none."`
	Emulator  bool   `json:"emulator" doc:"WeChat is emulated here, and anybody can be played at /_emulator/."`
}

type (
	smsIn     struct{ Body SMSRequest }
	loginIn   struct{ Body Login }
	bindingIn struct{ Body Binding }
)

func (rt *routes) addSessions() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/sessions", "login", "Log in, and learn what was scanned.").
		Open().Creates().Fails(http.StatusUnprocessableEntity).Proves("code", "sms_code", "oauth_code"), rt.login)
	web.Handle(rt.api, web.Op(http.MethodGet, "/sessions/ways", "getLoginMethods", "How a browser can log in here.").Open(), rt.ways)
	web.Handle(rt.api, web.Op(http.MethodPost, "/sessions/sms", "sendLoginCode", "Send a one-time code to a phone number.").
		Open().Fails(http.StatusNotFound, http.StatusUnprocessableEntity), rt.sendLoginCode)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/sessions", "logout", "Log out: the token is of no more use."), rt.logout)
	web.Handle(rt.api, web.Op(http.MethodGet, "/me", "me", "Who the caller is."), rt.me)
	web.Handle(rt.api, web.Op(http.MethodPost, "/bindings", "bindRole", "Bind the caller's WeChat by an invitation.").
		Writes().Proves("invitation"), rt.bind)
}

func (rt *routes) login(ctx context.Context, _ access.Caller, in *loginIn) (*wire.Output[Session], error) {
	if err := rt.api.BoundAddress(ctx, web.VisitOf(ctx).Gin, rt.api.Limits.Logins, web.SlowLogin); err != nil {
		return nil, err
	}
	o, err := rt.open(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	s := Session{
		Token: o.Token, ExpiresAt: o.ExpiresAt.In(station.Zone), User: wire.UserOf(o.User), TargetError: o.TargetError,
	}
	if o.Target != nil {
		rt.api.Scanned(ctx, o.Target)
		c := wire.CodeOf(*o.Target)
		s.Target = &c
	}
	return &wire.Output[Session]{Body: s}, nil
}

// open logs in in the one requested way.
func (rt *routes) open(ctx context.Context, b Login) (identity.OpenedSession, error) {
	var check fault.Check
	ways := 0
	for _, w := range []string{b.Code, b.Phone, b.OAuthCode} {
		if w != "" {
			ways++
		}
	}
	check.Require(ways == 1, "code", "请给出微信登录码，或手机号和验证码，或服务号授权码，只选一种")
	check.Require(b.SMSCode == "" || b.Phone != "", "phone", "请填写手机号")
	if err := check.Err(); err != nil {
		return identity.OpenedSession{}, err
	}
	switch {
	case b.Phone != "":
		return rt.desk.identity.OpenByPhone(ctx, b.Phone, b.SMSCode, b.Scene)
	case b.OAuthCode != "":
		return rt.desk.identity.OpenByOfficial(ctx, b.OAuthCode, b.Scene)
	default:
		return rt.desk.identity.Open(ctx, b.Code, b.Scene)
	}
}

func (rt *routes) ways(context.Context, access.Caller, *web.Nothing) (*wire.Output[Ways], error) {
	return &wire.Output[Ways]{Body: Ways{SMS: rt.desk.identity.CanText(), WeChatURL: rt.desk.identity.WebLoginURL(), Emulator: rt.api.Options.Emulator != nil}}, nil
}

func (rt *routes) sendLoginCode(ctx context.Context, _ access.Caller, in *smsIn) (*wire.Output[SMSSent], error) {
	from := ""
	if addr, bound := rt.api.AddressOf(ctx, web.VisitOf(ctx).Gin); bound {
		from = web.AddressKey(addr)
	}
	if err := rt.desk.identity.SendLoginCode(ctx, in.Body.Phone, from); err != nil {
		return nil, err
	}
	return &wire.Output[SMSSent]{Body: SMSSent{ResendIn: int(identity.LoginCodeInterval.Seconds())}}, nil
}

func (rt *routes) logout(ctx context.Context, _ access.Caller, _ *web.Nothing) (*web.Nothing, error) {
	return nil, rt.desk.identity.SignOut(ctx, web.VisitOf(ctx).Token)
}

func (rt *routes) me(_ context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[wire.User], error) {
	u, err := rt.desk.privacy.Me(c)
	if err != nil {
		return nil, err
	}
	return &wire.Output[wire.User]{Body: wire.UserOf(u)}, nil
}

// bind counts only wrong invitations, so that two invitations of one person do no harm.
func (rt *routes) bind(ctx context.Context, c access.Caller, in *bindingIn) (*wire.Output[Bound], error) {
	u, err := web.Guessed(rt.api, c, func() (identity.User, error) { return rt.desk.identity.Bind(ctx, c, in.Body.Invitation) })
	if err != nil {
		return nil, err
	}
	return &wire.Output[Bound]{Body: Bound{wire.UserOf(u)}}, nil
}
