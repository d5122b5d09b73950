package handlers

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/identity"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Login is the body of a login: by a code of the platform, or by a phone number
// and the code that was sent to it.
type Login struct {
	Code      string `json:"code,omitempty" maxLength:"256" doc:"The platform's login code, good once and for five minutes."`
	Phone     string `json:"phone,omitempty" maxLength:"40" doc:"Instead of code: a mainland mobile number."`
	SMSCode   string `json:"sms_code,omitempty" maxLength:"16" doc:"With phone: the code that was sent to it."`
	OAuthCode string `json:"oauth_code,omitempty" maxLength:"256" doc:"Instead of code: what the official account's consent page came back with."`
	Scene     string `json:"scene,omitempty" maxLength:"512" doc:"What was scanned: the key, or the whole /q/ address."`
}

// Session is a new session.
type Session struct {
	Token     string    `json:"token" doc:"For Authorization: Bearer."`
	ExpiresAt time.Time `json:"expires_at"`
	User      User      `json:"user"`
	Target    *Code     `json:"target" doc:"What was scanned; null when nothing was, or with target_error."`
	// TargetError is "unknown" or "revoked"; the login stands all the same.
	TargetError string `json:"target_error,omitempty" enum:"unknown,revoked"`
}

// Binding is the body that binds the caller.
type Binding struct {
	Invitation string `json:"invitation" minLength:"1" maxLength:"64" doc:"The one-time code; spaces, hyphens and capitals do not matter."`
}

// Bound is who the caller is after binding.
type Bound struct {
	User User `json:"user"`
}

// SMSRequest is the body that asks for a one-time code.
type SMSRequest struct {
	Phone string `json:"phone" minLength:"1" maxLength:"40" doc:"A mainland mobile number."`
}

// SMSSent says when another code can be asked for.
type SMSSent struct {
	ResendIn int `json:"resend_in" doc:"Seconds."`
}

// Ways are the logins a browser can use here.
type Ways struct {
	SMS       bool   `json:"sms" doc:"By a one-time code to a phone number."`
	WeChatURL string `json:"wechat_url" doc:"Inside WeChat: where to be logged in by the official account, with STATE for a word of the client's own; empty when there is none."`
	Emulator  bool   `json:"emulator" doc:"WeChat is emulated here, and anybody can be played at /_emulator/."`
}

type (
	smsIn     struct{ Body SMSRequest }
	loginIn   struct{ Body Login }
	bindingIn struct{ Body Binding }
	nothing   struct{}
)

func (f *Face) addSessions() {
	handle(f, op(http.MethodPost, "/sessions", "login", "Log in, and learn what was scanned.").
		open().creates().fails(http.StatusUnprocessableEntity).proves("code", "sms_code", "oauth_code"), f.login)
	handle(f, op(http.MethodGet, "/sessions/ways", "ways", "How a browser can log in here.").open(), f.ways)
	handle(f, op(http.MethodPost, "/sessions/sms", "sendLoginCode", "Send a one-time code to a phone number.").
		open().fails(http.StatusNotFound, http.StatusUnprocessableEntity), f.sendLoginCode)
	handle(f, op(http.MethodDelete, "/sessions", "logout", "Log out: the token is of no more use."), f.logout)
	handle(f, op(http.MethodGet, "/me", "me", "Who the caller is."), f.me)
	handle(f, op(http.MethodPost, "/bindings", "bind", "Bind the caller's WeChat by an invitation.").
		writes().proves("invitation"), f.bind)
}

func (f *Face) login(ctx context.Context, _ access.Caller, in *loginIn) (*answer[Session], error) {
	if err := f.boundAddress(ctx, visitOf(ctx).gin, f.limits.logins, slowLogin); err != nil {
		return nil, err
	}
	o, err := f.open(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	s := Session{
		Token: o.Token, ExpiresAt: o.ExpiresAt.In(station.Zone), User: userOf(o.User), TargetError: o.TargetError,
	}
	if o.Target != nil {
		f.scanned(ctx, o.Target)
		c := codeOf(*o.Target)
		s.Target = &c
	}
	return &answer[Session]{s}, nil
}

// open logs in by the one way that was chosen.
func (f *Face) open(ctx context.Context, b Login) (identity.Opened, error) {
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
		return identity.Opened{}, err
	}
	switch {
	case b.Phone != "":
		return f.desk.Identity.OpenByPhone(ctx, b.Phone, b.SMSCode, b.Scene)
	case b.OAuthCode != "":
		return f.desk.Identity.OpenByOfficial(ctx, b.OAuthCode, b.Scene)
	default:
		return f.desk.Identity.Open(ctx, b.Code, b.Scene)
	}
}

func (f *Face) ways(context.Context, access.Caller, *nothing) (*answer[Ways], error) {
	return &answer[Ways]{Ways{SMS: f.desk.Identity.Texts(), WeChatURL: f.desk.Identity.WebLogin(), Emulator: f.o.Emulator != nil}}, nil
}

func (f *Face) sendLoginCode(ctx context.Context, _ access.Caller, in *smsIn) (*answer[SMSSent], error) {
	from := ""
	if addr, bound := f.addressOf(ctx, visitOf(ctx).gin); bound {
		from = addressKey(addr)
	}
	if err := f.desk.Identity.SendLoginCode(ctx, in.Body.Phone, from); err != nil {
		return nil, err
	}
	return &answer[SMSSent]{SMSSent{ResendIn: int(identity.LoginCodeEvery.Seconds())}}, nil
}

func (f *Face) logout(ctx context.Context, _ access.Caller, _ *nothing) (*nothing, error) {
	return nil, f.desk.Identity.Leave(ctx, visitOf(ctx).token)
}

func (f *Face) me(_ context.Context, c access.Caller, _ *nothing) (*answer[User], error) {
	u, err := f.desk.Privacy.Me(c)
	if err != nil {
		return nil, err
	}
	return &answer[User]{userOf(u)}, nil
}

// bind counts wrong invitations only, so that nobody is punished for being
// invited twice.
func (f *Face) bind(ctx context.Context, c access.Caller, in *bindingIn) (*answer[Bound], error) {
	u, err := guessed(f, c, func() (identity.User, error) { return f.desk.Identity.Bind(ctx, c, in.Body.Invitation) })
	if err != nil {
		return nil, err
	}
	return &answer[Bound]{Bound{userOf(u)}}, nil
}

// guessed does what a secret code opens, as long as the caller has not been
// wrong too often.
func guessed[T any](f *Face, c access.Caller, try func() (T, error)) (out T, err error) {
	if !f.limits.guesses.left(c.Person) {
		_, err := f.limits.guesses.take(c.Person, enoughGuesses)
		return out, err
	}
	if out, err = try(); fault.Is(err, fault.Invalid) {
		if _, limit := f.limits.guesses.take(c.Person, enoughGuesses); limit != nil {
			return out, limit
		}
	}
	return out, err
}
