package handlers

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"mashang/desk/login"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// ScreenLogin is a login that a computer's screen shows.
type ScreenLogin struct {
	ID        string    `json:"id"`
	Number    string    `json:"number" doc:"Two digits to type on the phone."`
	URL       string    `json:"url" doc:"What the code holds."`
	QR        string    `json:"qr" doc:"The code as a data: address of an SVG."`
	ExpiresAt time.Time `json:"expires_at"`
}

// ScreenLook is what a phone is shown before it allows a login.
type ScreenLook struct {
	Agent     string    `json:"agent" doc:"What the browser says it is."`
	At        time.Time `json:"at" doc:"Since when the screen shows the code."`
	ExpiresAt time.Time `json:"expires_at"`
	State     string    `json:"state" enum:"seen,approved,refused,used"`
}

// LoginState is what the browser is told of its login.
type LoginState struct {
	State string `json:"state" enum:"waiting,seen,approved,refused,used,expired"`
}

// ScreenAnswer allows a login or refuses it.
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
	User        User      `json:"user"`
	Station     string    `json:"station" doc:"The station's id."`
	StationName string    `json:"station_name"`
	By          string    `json:"by" enum:"scan,password,token"`
	ExpiresAt   time.Time `json:"expires_at" doc:"At the latest; an hour without any use ends it before."`
	Notice      string    `json:"notice,omitempty" doc:"Chinese: what the staff should have the server's operator see to, a disk that fills up."`
}

// notice is what the staff are told of the server, "" while all is well.
func (f *Face) notice() string {
	switch state, words := f.o.Disk(); state {
	case DiskFull:
		return "服务器磁盘已满，新的诉求收不下来（" + words + "）。请马上联系系统管理员"
	case DiskLow:
		return "服务器磁盘快满了（" + words + "）。请联系系统管理员清理或扩容"
	default:
		return ""
	}
}

// SeatRow is one of the caller's sessions at computers.
type SeatRow struct {
	ID        string    `json:"id"`
	Agent     string    `json:"agent"`
	By        string    `json:"by" enum:"scan,password"`
	At        time.Time `json:"at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Here      bool      `json:"here" doc:"The one that asks."`
}

// Credentials are what the caller can sign in with.
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

// NewApp asks for the secret of an authenticator app.
type NewApp struct {
	Before string `json:"before,omitempty" maxLength:"256" doc:"As for a password."`
}

// AppSecret is what an authenticator app is given.
type AppSecret struct {
	Secret string `json:"secret" doc:"To be typed by who cannot scan."`
	QR     string `json:"qr" doc:"The code as a data: address of an SVG."`
}

// AppCode confirms an app.
type AppCode struct {
	Code string `json:"code" minLength:"1" maxLength:"16"`
}

// Recovery are the codes that stand in for the app, shown once.
type Recovery struct {
	Codes []string `json:"codes" nullable:"false"`
}

type (
	// ByLogin is the input of what needs the id of a login.
	ByLogin struct {
		ID string `path:"id" maxLength:"64"`
	}
	streamedLogin struct {
		ByLogin
		Streaming
	}
	screenAnswerIn struct {
		ByLogin

		Body ScreenAnswer
	}
	signInIn      struct{ Body SignIn }
	newPasswordIn struct{ Body NewPassword }
	newAppIn      struct{ Body NewApp }
	appCodeIn     struct{ Body AppCode }
	// seating is an answer that sets or takes back a cookie.
	seating[T any] struct {
		SetCookie string `header:"Set-Cookie"`
		Body      T
	}
	leaving struct {
		SetCookie string `header:"Set-Cookie"`
	}
)

func (f *Face) addSeats() {
	handle(f, op(http.MethodPost, "/console/logins", "offerLogin", "Begin a login at a computer's screen, to be allowed on a phone. A cookie ties it to the browser.").
		open().creates(), f.offerLogin)
	handle(f, op(http.MethodGet, "/console/logins/{id}/events", "watchLogin", "At the computer: how its login stands, as server-sent events, until it is decided.").
		open().fails(http.StatusNotFound).binary("text/event-stream"), f.watchLogin)
	handle(f, op(http.MethodGet, "/console/logins/{id}", "lookAtLogin", "On the phone: what is about to be allowed. From now on only the caller may answer.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusNotFound), f.lookAtLogin)
	handle(f, op(http.MethodPost, "/console/logins/{id}/answer", "answerLogin", "On the phone: allow the login, with the number on the screen, or refuse it.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden, http.StatusNotFound).proves("number"), f.answerLogin)
	handle(f, op(http.MethodPost, "/console/logins/{id}/session", "takeSeat", "At the computer: open the session that was allowed. A cookie holds it.").
		open().creates().fails(http.StatusNotFound, http.StatusForbidden, http.StatusUnprocessableEntity), f.takeSeat)
	handle(f, op(http.MethodPost, "/console/sessions", "signIn", "Sign in at a computer by password and authenticator app. A cookie holds the session.").
		open().creates().fails(http.StatusForbidden).proves("password"), f.signIn)
	handle(f, op(http.MethodGet, "/console/session", "consoleSession", "Who is signed in here.").
		by(staffOrAdmin).fails(http.StatusForbidden), f.consoleSession)
	handle(f, op(http.MethodDelete, "/console/session", "standUp", "Sign out here.").
		by(staffOrAdmin).fails(http.StatusForbidden), f.standUp)
	handle(f, op(http.MethodGet, "/console/sessions", "seats", "The caller's sessions at computers, the last used first.").
		by(staffOrAdmin).fails(http.StatusForbidden), f.seats)
	handle(f, op(http.MethodDelete, "/console/sessions/{id}", "endSeat", "End one of the caller's sessions at computers.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusNotFound), f.endSeat)
	handle(f, op(http.MethodGet, "/me/credentials", "credentials", "What the caller can sign in with at a computer.").
		by(staffOrAdmin).fails(http.StatusForbidden), f.credentials)
	handle(f, op(http.MethodPut, "/me/password", "setPassword", "Set the caller's password. All other sessions at computers end.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden).proves("before"), f.setPassword)
	handle(f, op(http.MethodPost, "/me/authenticator", "newApp", "Make the secret of an authenticator app; the one before counts until a code confirms it.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden).proves("before"), f.newApp)
	handle(f, op(http.MethodPut, "/me/authenticator", "confirmApp", "Take the app into use. The answer shows, once, the codes that stand in for it.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden).proves("code"), f.confirmApp)
}

func (f *Face) offerLogin(ctx context.Context, _ access.Caller, _ *nothing) (*seating[ScreenLogin], error) {
	c := visitOf(ctx).gin
	if err := f.boundAddress(ctx, c, f.limits.logins, slowLogin); err != nil {
		return nil, err
	}
	o, err := f.desk.Login.OfferLogin(ctx, agentOf(c.Request.UserAgent()))
	if err != nil {
		return nil, err
	}
	return &seating[ScreenLogin]{
		SetCookie: f.cookie(cookieScreen, o.Secret, int(o.ExpiresAt.Sub(f.now()).Seconds())),
		Body:      ScreenLogin{o.ID, o.Number, o.URL, dataSVG(o.Drawing), o.ExpiresAt.In(station.Zone)},
	}, nil
}

func dataSVG(drawing []byte) string {
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(drawing)
}

// watchLogin tells the browser how its login stands, until it is decided.
func (f *Face) watchLogin(ctx context.Context, _ access.Caller, in *streamedLogin) (*picture, error) {
	secret := f.cookieOf(visitOf(ctx).gin, cookieScreen)
	state, err := f.desk.Login.WatchLogin(ctx, in.ID, secret)
	if err != nil {
		return nil, err
	}
	end, err := f.limits.watchers.take(in.ID)
	if err != nil {
		return nil, err
	}
	return f.stream(in.Once, end, func(e *events) {
		told := ""
		e.each(func() bool {
			if told != "" {
				if state, err = f.desk.Login.WatchLogin(ctx, in.ID, secret); fault.Is(err, fault.NotFound) {
					state = "expired"
				} else if err != nil {
					return true // the browser connects again
				}
			}
			if state == told {
				return false
			}
			told = state
			return e.send("state", LoginState{state}) != nil || state != record.LoginWaiting && state != record.LoginSeen
		})
	}), nil
}

func (f *Face) lookAtLogin(ctx context.Context, c access.Caller, in *ByLogin) (*answer[ScreenLook], error) {
	if err := f.desk.Login.AtPhone(ctx, c, visitOf(ctx).token); err != nil {
		return nil, err
	}
	l, err := f.desk.Login.LookAtLogin(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	return &answer[ScreenLook]{ScreenLook{l.Agent, l.At.In(station.Zone), l.ExpiresAt.In(station.Zone), l.State}}, nil
}

func (f *Face) answerLogin(ctx context.Context, c access.Caller, in *screenAnswerIn) (*nothing, error) {
	if err := f.desk.Login.AtPhone(ctx, c, visitOf(ctx).token); err != nil {
		return nil, err
	}
	return nil, f.desk.Login.AnswerLogin(ctx, c, in.ID, in.Body.Number, in.Body.Allow)
}

func (f *Face) takeSeat(ctx context.Context, _ access.Caller, in *ByLogin) (*seating[ConsoleSession], error) {
	c := visitOf(ctx).gin
	if err := f.origin.Check(c.Request); err != nil {
		return nil, access.Missing()
	}
	s, err := f.desk.Login.TakeSeat(ctx, in.ID, f.cookieOf(c, cookieScreen))
	return f.seated(s, "scan", err)
}

func (f *Face) signIn(ctx context.Context, _ access.Caller, in *signInIn) (*seating[ConsoleSession], error) {
	c := visitOf(ctx).gin
	if err := f.boundAddress(ctx, c, f.limits.logins, slowLogin); err != nil {
		return nil, err
	}
	if err := f.origin.Check(c.Request); err != nil {
		return nil, fault.New(fault.Denied, "请在工作台的登录页登录")
	}
	b := in.Body
	s, err := f.desk.Login.SignIn(ctx, b.Account, b.Password, b.Code, agentOf(c.Request.UserAgent()))
	if err != nil {
		v := visitOf(ctx)
		v.station, v.account = f.desk.Login.StaffAccount(ctx, b.Account)
	}
	return f.seated(s, "password", err)
}

func (f *Face) seated(s login.Seat, by string, err error) (*seating[ConsoleSession], error) {
	if err != nil {
		return nil, err
	}
	return &seating[ConsoleSession]{
		SetCookie: f.cookie(cookieSeat, s.Token, int(login.SeatLife.Seconds())),
		Body:      ConsoleSession{userOf(s.User), s.StationID, s.Station, by, s.ExpiresAt.In(station.Zone), f.notice()},
	}, nil
}

func (f *Face) consoleSession(ctx context.Context, c access.Caller, _ *nothing) (*answer[ConsoleSession], error) {
	u, err := f.desk.Privacy.Me(c)
	if err != nil {
		return nil, err
	}
	st, err := f.desk.Login.StationName(ctx, c)
	if err != nil {
		return nil, err
	}
	seat, err := f.desk.Login.SeatOf(ctx, c, visitOf(ctx).token)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	until := time.UnixMilli(seat.Until)
	if seat.Until == 0 {
		until = f.now() // a program's token, whose end it was told
	}
	return &answer[ConsoleSession]{ConsoleSession{userOf(u), c.Station, st, cmp.Or(seat.By, "token"), until.In(station.Zone), f.notice()}}, nil
}

func (f *Face) standUp(ctx context.Context, c access.Caller, _ *nothing) (*leaving, error) {
	if err := f.desk.Login.StandUp(ctx, c, visitOf(ctx).token); err != nil {
		return nil, err
	}
	return &leaving{f.cookie(cookieSeat, "", -1)}, nil
}

func (f *Face) seats(ctx context.Context, c access.Caller, _ *nothing) (*listed[SeatRow], error) {
	list, err := f.desk.Login.Seats(ctx, c, visitOf(ctx).token)
	if err != nil {
		return nil, err
	}
	out := &listed[SeatRow]{page[SeatRow]{Items: make([]SeatRow, len(list))}}
	for i, s := range list {
		out.Body.Items[i] = SeatRow{s.ID, s.Agent, s.By, local(s.At), local(s.Seen), local(s.Until), s.Here}
	}
	return out, nil
}

func local(ms int64) time.Time { return time.UnixMilli(ms).In(station.Zone) }

func (f *Face) endSeat(ctx context.Context, c access.Caller, in *ByLogin) (*nothing, error) {
	return nil, f.desk.Login.EndSeat(ctx, c, in.ID)
}

func (f *Face) credentials(ctx context.Context, c access.Caller, _ *nothing) (*answer[Credentials], error) {
	s, err := f.desk.Login.Credentials(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Credentials{Account: s.Account, App: s.App, RecoveryLeft: s.Recovery}
	if !s.SetAt.IsZero() {
		at := s.SetAt.In(station.Zone)
		out.PasswordSetAt = &at
	}
	return &answer[Credentials]{out}, nil
}

func (f *Face) setPassword(ctx context.Context, c access.Caller, in *newPasswordIn) (*nothing, error) {
	return nil, f.desk.Login.SetPassword(ctx, c, visitOf(ctx).token, in.Body.Before, in.Body.Password)
}

func (f *Face) newApp(ctx context.Context, c access.Caller, in *newAppIn) (*answer[AppSecret], error) {
	o, err := f.desk.Login.NewApp(ctx, c, visitOf(ctx).token, in.Body.Before)
	if err != nil {
		return nil, err
	}
	return &answer[AppSecret]{AppSecret{o.Secret, dataSVG(o.Drawing)}}, nil
}

func (f *Face) confirmApp(ctx context.Context, c access.Caller, in *appCodeIn) (*answer[Recovery], error) {
	codes, err := f.desk.Login.ConfirmApp(ctx, c, in.Body.Code)
	if err != nil {
		return nil, err
	}
	return &answer[Recovery]{Recovery{codes}}, nil
}

// agentOf says in a few words what a browser is, for its owner to know it again.
// The whole header would tell more than is needed.
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
