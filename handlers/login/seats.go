package login

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"mashang/desk/login"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// ScreenLogin is a login that a computer's screen shows.
type ScreenLogin struct {
	ID        string    `json:"id"`
	Number    string    `json:"number" doc:"Two digits to type on the phone."`
	URL       string    `json:"url" doc:"What the code holds."`
	QR        string    `json:"qr" doc:"The code as a data: address of an SVG."`
	ExpiresAt time.Time `json:"expires_at"`
}

// ScreenLook is what a phone shows before it approves a login.
type ScreenLook struct {
	Agent     string    `json:"agent" doc:"What the browser says it is."`
	At        time.Time `json:"at" doc:"Since when the screen shows the code."`
	ExpiresAt time.Time `json:"expires_at"`
	State     string    `json:"state" enum:"seen,approved,refused,used"`
}

// LoginState is the state of a login for the browser.
type LoginState struct {
	State string `json:"state" enum:"waiting,seen,approved,refused,used,expired"`
}

// ScreenAnswer approves or refuses a login.
type ScreenAnswer struct {
	Allow  bool   `json:"allow"`
	Number string `json:"number,omitempty" maxLength:"8" doc:"With allow: the two digits on the screen."`
}

// SignIn is a login at a computer without a phone.
type SignIn struct {
	Account  string `json:"account" minLength:"1" maxLength:"64" doc:"<id>@<station>"`
	Password string `json:"password" minLength:"1" maxLength:"256"`
	Code     string `json:"code" minLength:"1" maxLength:"32" doc:"Of the authenticator app, or one that stands in for it."`
}

// ConsoleSession is who is signed in at a computer.
type ConsoleSession struct {
	User        wire.User `json:"user"`
	Station     string    `json:"station" doc:"The station's id."`
	StationName string    `json:"station_name"`
	By          string    `json:"by" enum:"scan,password,token"`
	ExpiresAt   time.Time `json:"expires_at" doc:"At the latest; an hour without any use ends it before."`
	Notice      string    `json:"notice,omitempty" doc:"Chinese: what the staff should have the server's operator see to, a disk that fills up."`
}

// notice returns the message about the server for the staff, "" if all is well.
func (rt *routes) notice() string {
	switch state, words := rt.api.Options.Disk(); state {
	case web.DiskFull:
		return "服务器磁盘已满，新的诉求收不下来（" + words + "）。请马上联系系统管理员"
	case web.DiskLow:
		return "服务器磁盘快满了（" + words + "）。请联系系统管理员清理或扩容"
	default:
		return ""
	}
}

// SeatRow is one of the caller's console sessions.
type SeatRow struct {
	ID        string    `json:"id"`
	Agent     string    `json:"agent"`
	By        string    `json:"by" enum:"scan,password"`
	At        time.Time `json:"at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Here      bool      `json:"here" doc:"The one that asks."`
}

// Credentials are the ways in which the caller can sign in.
type Credentials struct {
	Account       string     `json:"account"`
	PasswordSetAt *time.Time `json:"password_set_at" doc:"Null without a password."`
	App           bool       `json:"app" doc:"An authenticator app is in use; without one the password lets nobody in."`
	RecoveryLeft  int        `json:"recovery_left"`
}

// NewPassword sets a password.
type NewPassword struct {
	Before   string `json:"before,omitempty" maxLength:"256" doc:"The present one; not needed within ten minutes of a login by phone."`
	Password string `json:"password" minLength:"1" maxLength:"256"`
}

// NewApp requests the secret of an authenticator app.
type NewApp struct {
	Before string `json:"before,omitempty" maxLength:"256" doc:"As for a password."`
}

// AppSecret is the secret for an authenticator app.
type AppSecret struct {
	Secret string `json:"secret" doc:"To be typed by who cannot scan."`
	QR     string `json:"qr" doc:"The code as a data: address of an SVG."`
}

// AppCode confirms an app.
type AppCode struct {
	Code string `json:"code" minLength:"1" maxLength:"16"`
}

// Recovery has the codes that replace the app, shown once.
type Recovery struct {
	Codes []string `json:"codes" nullable:"false"`
}

type (
	// ByLogin is the input of operations that need the id of a login.
	ByLogin struct {
		ID string `path:"id" maxLength:"64"`
	}
	streamedLogin struct {
		ByLogin
		web.Streaming
	}
	screenAnswerIn struct {
		ByLogin

		Body ScreenAnswer
	}
	signInIn      struct{ Body SignIn }
	newPasswordIn struct{ Body NewPassword }
	newAppIn      struct{ Body NewApp }
	appCodeIn     struct{ Body AppCode }
	// cookieOutput is an answer that sets or removes a cookie.
	cookieOutput[T any] struct {
		SetCookie string `header:"Set-Cookie"`
		Body      T
	}
	leaving struct {
		SetCookie string `header:"Set-Cookie"`
	}
)

func (rt *routes) addSeats() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/console/logins", "startConsoleLogin", "Begin a login at a computer's screen, to be allowed on a phone. A cookie ties it to the browser.").
		Open().Creates(), rt.offerLogin)
	web.Handle(rt.api, web.Op(http.MethodGet, "/console/logins/{id}/events", "watchConsoleLogin", "At the computer: how its login stands, as server-sent events, until it is decided.").
		Open().Fails(http.StatusNotFound).Binary("text/event-stream"), rt.watchLogin)
	web.Handle(rt.api, web.Op(http.MethodGet, "/console/logins/{id}", "claimConsoleLogin", "On the phone: what is about to be allowed. From now on only the caller may answer.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound), rt.lookAtLogin)
	web.Handle(rt.api, web.Op(http.MethodPost, "/console/logins/{id}/answer", "answerConsoleLogin", "On the phone: allow the login, with the number on the screen, or refuse it.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound).Proves("number"), rt.answerLogin)
	web.Handle(rt.api, web.Op(http.MethodPost, "/console/logins/{id}/session", "openConsoleSession", "At the computer: open the session that was allowed. A cookie holds it.").
		Open().Creates().Fails(http.StatusNotFound, http.StatusForbidden, http.StatusUnprocessableEntity), rt.takeSeat)
	web.Handle(rt.api, web.Op(http.MethodPost, "/console/sessions", "signInWithPassword", "Sign in at a computer by password and authenticator app. A cookie holds the session.").
		Open().Creates().Fails(http.StatusForbidden).Proves("password"), rt.signIn)
	web.Handle(rt.api, web.Op(http.MethodGet, "/console/session", "getConsoleSession", "Who is signed in here.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.consoleSession)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/console/session", "closeConsoleSession", "Sign out here.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.standUp)
	web.Handle(rt.api, web.Op(http.MethodGet, "/console/sessions", "listConsoleSessions", "The caller's sessions at computers, the last used first.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.seats)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/console/sessions/{id}", "endConsoleSession", "End one of the caller's sessions at computers.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound), rt.endSeat)
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/credentials", "credentials", "What the caller can sign in with at a computer.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.credentials)
	web.Handle(rt.api, web.Op(http.MethodPut, "/me/password", "setPassword", "Set the caller's password. All other sessions at computers end.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden).Proves("before"), rt.setPassword)
	web.Handle(rt.api, web.Op(http.MethodPost, "/me/authenticator", "startAuthenticatorSetup", "Make the secret of an authenticator app; the one before counts until a code confirms it.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden).Proves("before"), rt.newApp)
	web.Handle(rt.api, web.Op(http.MethodPut, "/me/authenticator", "confirmAuthenticator", "Take the app into use. The answer shows, once, the codes that stand in for it.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden).Proves("code"), rt.confirmApp)
}

func (rt *routes) offerLogin(ctx context.Context, _ access.Caller, _ *web.Nothing) (*cookieOutput[ScreenLogin], error) {
	c := web.VisitOf(ctx).Gin
	if err := rt.api.BoundAddress(ctx, c, rt.api.Limits.Logins, web.SlowLogin); err != nil {
		return nil, err
	}
	o, err := rt.desk.login.OfferLogin(ctx, agentOf(c.Request.UserAgent()))
	if err != nil {
		return nil, err
	}
	return &cookieOutput[ScreenLogin]{
		SetCookie: rt.api.Cookie(web.CookieScreen(o.ID), o.Secret, int(o.ExpiresAt.Sub(rt.api.Now()).Seconds())),
		Body:      ScreenLogin{o.ID, o.Number, o.URL, web.DataSVG(o.Drawing), o.ExpiresAt.In(station.Zone)},
	}, nil
}

// watchLogin sends the browser the state of its login until it is decided.
func (rt *routes) watchLogin(ctx context.Context, _ access.Caller, in *streamedLogin) (*web.Picture, error) {
	secret := rt.api.CookieOf(web.VisitOf(ctx).Gin, web.CookieScreen(in.ID))
	state, err := rt.desk.login.WatchLogin(ctx, in.ID, secret)
	if err != nil {
		return nil, err
	}
	end, err := rt.api.Limits.Watchers.Take(in.ID)
	if err != nil {
		return nil, err
	}
	return rt.api.Stream(in.Once, end, func(e *web.Events) {
		told := ""
		e.Each(func() bool {
			if told != "" {
				if state, err = rt.desk.login.WatchLogin(ctx, in.ID, secret); fault.Is(err, fault.NotFound) {
					state = "expired"
				} else if err != nil {
					return true // the browser connects again
				}
			}
			if state == told {
				return false
			}
			told = state
			return e.Send("state", LoginState{state}) != nil || state != record.LoginWaiting && state != record.LoginSeen
		})
	}), nil
}

func (rt *routes) lookAtLogin(ctx context.Context, c access.Caller, in *ByLogin) (*wire.Output[ScreenLook], error) {
	if err := rt.desk.login.RequirePhoneSession(ctx, c, web.VisitOf(ctx).Token); err != nil {
		return nil, err
	}
	l, err := rt.desk.login.ClaimLogin(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	return &wire.Output[ScreenLook]{Body: ScreenLook{l.Agent, l.At.In(station.Zone), l.ExpiresAt.In(station.Zone), l.State}}, nil
}

func (rt *routes) answerLogin(ctx context.Context, c access.Caller, in *screenAnswerIn) (*web.Nothing, error) {
	if err := rt.desk.login.RequirePhoneSession(ctx, c, web.VisitOf(ctx).Token); err != nil {
		return nil, err
	}
	return nil, rt.desk.login.AnswerLogin(ctx, c, in.ID, in.Body.Number, in.Body.Allow)
}

func (rt *routes) takeSeat(ctx context.Context, _ access.Caller, in *ByLogin) (*cookieOutput[ConsoleSession], error) {
	c := web.VisitOf(ctx).Gin
	if err := rt.api.Origin.Check(c.Request); err != nil {
		return nil, access.Missing()
	}
	s, err := rt.desk.login.OpenConsoleSession(ctx, in.ID, rt.api.CookieOf(c, web.CookieScreen(in.ID)))
	return rt.seated(s, "scan", err)
}

func (rt *routes) signIn(ctx context.Context, _ access.Caller, in *signInIn) (*cookieOutput[ConsoleSession], error) {
	c := web.VisitOf(ctx).Gin
	if err := rt.api.BoundAddress(ctx, c, rt.api.Limits.Logins, web.SlowLogin); err != nil {
		return nil, err
	}
	if err := rt.api.Origin.Check(c.Request); err != nil {
		return nil, fault.New(fault.Denied, "请在工作台的登录页登录")
	}
	b := in.Body
	s, err := rt.desk.login.SignIn(ctx, b.Account, b.Password, b.Code, agentOf(c.Request.UserAgent()))
	if err != nil {
		v := web.VisitOf(ctx)
		v.Station, v.Account = rt.desk.login.StaffAccount(ctx, b.Account)
	}
	return rt.seated(s, "password", err)
}

func (rt *routes) seated(s login.OpenedSession, by string, err error) (*cookieOutput[ConsoleSession], error) {
	if err != nil {
		return nil, err
	}
	return &cookieOutput[ConsoleSession]{
		SetCookie: rt.api.Cookie(web.CookieSeat, s.Token, int(login.SessionTTL.Seconds())),
		Body:      ConsoleSession{wire.UserOf(s.User), s.StationID, s.Station, by, s.ExpiresAt.In(station.Zone), rt.notice()},
	}, nil
}

func (rt *routes) consoleSession(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[ConsoleSession], error) {
	u, err := rt.desk.privacy.Me(c)
	if err != nil {
		return nil, err
	}
	st, err := rt.desk.login.StationName(ctx, c)
	if err != nil {
		return nil, err
	}
	seat, err := rt.desk.login.ConsoleSession(ctx, c, web.VisitOf(ctx).Token)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	until := time.UnixMilli(seat.Until)
	if seat.Until == 0 {
		until = rt.api.Now() // a program's token has a fixed end
	}
	return &wire.Output[ConsoleSession]{Body: ConsoleSession{wire.UserOf(u), c.Station, st, cmp.Or(seat.By, "token"), until.In(station.Zone), rt.notice()}}, nil
}

func (rt *routes) standUp(ctx context.Context, c access.Caller, _ *web.Nothing) (*leaving, error) {
	if err := rt.desk.login.SignOut(ctx, c, web.VisitOf(ctx).Token); err != nil {
		return nil, err
	}
	return &leaving{rt.api.Cookie(web.CookieSeat, "", -1)}, nil
}

func (rt *routes) seats(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.ListOutput[SeatRow], error) {
	list, err := rt.desk.login.ConsoleSessions(ctx, c, web.VisitOf(ctx).Token)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[SeatRow]{Body: wire.Page[SeatRow]{Items: make([]SeatRow, len(list))}}
	for i, s := range list {
		out.Body.Items[i] = SeatRow{s.ID, s.Agent, s.By, local(s.At), local(s.Seen), local(s.Until), s.Here}
	}
	return out, nil
}

func local(ms int64) time.Time { return time.UnixMilli(ms).In(station.Zone) }

func (rt *routes) endSeat(ctx context.Context, c access.Caller, in *ByLogin) (*web.Nothing, error) {
	return nil, rt.desk.login.EndConsoleSession(ctx, c, in.ID)
}

func (rt *routes) credentials(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Credentials], error) {
	s, err := rt.desk.login.Credentials(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Credentials{Account: s.Account, App: s.App, RecoveryLeft: s.Recovery}
	if !s.SetAt.IsZero() {
		at := s.SetAt.In(station.Zone)
		out.PasswordSetAt = &at
	}
	return &wire.Output[Credentials]{Body: out}, nil
}

func (rt *routes) setPassword(ctx context.Context, c access.Caller, in *newPasswordIn) (*web.Nothing, error) {
	return nil, rt.desk.login.SetPassword(ctx, c, web.VisitOf(ctx).Token, in.Body.Before, in.Body.Password)
}

func (rt *routes) newApp(ctx context.Context, c access.Caller, in *newAppIn) (*wire.Output[AppSecret], error) {
	o, err := rt.desk.login.NewApp(ctx, c, web.VisitOf(ctx).Token, in.Body.Before)
	if err != nil {
		return nil, err
	}
	return &wire.Output[AppSecret]{Body: AppSecret{o.Secret, web.DataSVG(o.Drawing)}}, nil
}

func (rt *routes) confirmApp(ctx context.Context, c access.Caller, in *appCodeIn) (*wire.Output[Recovery], error) {
	codes, err := rt.desk.login.ConfirmApp(ctx, c, in.Body.Code)
	if err != nil {
		return nil, err
	}
	return &wire.Output[Recovery]{Body: Recovery{codes}}, nil
}

// agentOf describes a browser in a few words for its owner. The whole header would reveal more than needed.
func agentOf(header string) string {
	find := func(names [][2]string, otherwise string) string {
		for _, n := range names {
			if strings.Contains(header, n[0]) {
				return n[1]
			}
		}
		return otherwise
	}
	system := find([][2]string{
		{"Windows", "Windows"}, {"Android", "安卓"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Mac OS", "macOS"}, {"Linux", "Linux"},
	}, "其他系统")
	browser := find([][2]string{
		{"MicroMessenger", "微信"}, {"Edg/", "Edge"}, {"QQBrowser", "QQ 浏览器"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	}, "其他浏览器")
	return system + " · " + browser
}
