package handlers

import (
	"context"
	"net/http"
	"time"

	"mashang/access"
	"mashang/fault"
	"mashang/station"
)

// Login is the body of a login.
type Login struct {
	Code  string `json:"code" minLength:"1" maxLength:"256" doc:"The platform's login code, good once and for five minutes."`
	Scene string `json:"scene,omitempty" maxLength:"512" doc:"What was scanned: the key, or the whole /q/ address."`
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

type (
	loginIn   struct{ Body Login }
	bindingIn struct{ Body Binding }
	nothing   struct{}
)

func (f *Face) addSessions() {
	handle(f, op(http.MethodPost, "/sessions", "login", "Log in, and learn what was scanned.").
		open().creates().fails(http.StatusUnprocessableEntity), f.login)
	handle(f, op(http.MethodDelete, "/sessions", "logout", "Log out: the token is of no more use."), f.logout)
	handle(f, op(http.MethodGet, "/me", "me", "Who the caller is."), f.me)
	handle(f, op(http.MethodPost, "/bindings", "bind", "Bind the caller's WeChat by an invitation.").
		writes(), f.bind)
}

func (f *Face) login(ctx context.Context, _ access.Caller, in *loginIn) (*answer[Session], error) {
	if err := f.boundAddress(visitOf(ctx).gin, f.limits.logins, slowLogin); err != nil {
		return nil, err
	}
	o, err := f.desk.Open(ctx, in.Body.Code, in.Body.Scene)
	if err != nil {
		return nil, err
	}
	s := Session{
		Token: o.Token, ExpiresAt: o.ExpiresAt.In(station.Zone), User: userOf(o.User), TargetError: o.TargetError,
	}
	if o.Target != nil {
		c := codeOf(*o.Target)
		s.Target = &c
	}
	return &answer[Session]{s}, nil
}

func (f *Face) logout(ctx context.Context, _ access.Caller, _ *nothing) (*nothing, error) {
	return nil, f.desk.Leave(ctx, visitOf(ctx).token)
}

func (f *Face) me(_ context.Context, c access.Caller, _ *nothing) (*answer[User], error) {
	u, err := f.desk.Me(c)
	if err != nil {
		return nil, err
	}
	return &answer[User]{userOf(u)}, nil
}

// bind counts wrong invitations only, so that nobody is punished for being
// invited twice.
func (f *Face) bind(ctx context.Context, c access.Caller, in *bindingIn) (*answer[Bound], error) {
	if !f.limits.guesses.left(c.Person) {
		_, err := f.limits.guesses.take(c.Person, enoughGuesses)
		return nil, err
	}
	u, err := f.desk.Bind(ctx, c, in.Body.Invitation)
	if fault.Is(err, fault.Invalid) {
		if _, limit := f.limits.guesses.take(c.Person, enoughGuesses); limit != nil {
			return nil, limit
		}
	}
	if err != nil {
		return nil, err
	}
	return &answer[Bound]{Bound{userOf(u)}}, nil
}
