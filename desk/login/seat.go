package login

import (
	"context"
	"crypto/subtle"
	"io"
	"slices"
	"strings"
	"time"

	"mashang/desk/audit"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/record"
)

// The staff work at a computer. Whoever sits there proves who they are by their
// phone: the screen shows a code and two digits, the phone of somebody who is
// signed in already opens the code and types the digits. A code that was sent to
// somebody by a stranger shows no digits to type. Or they have a password and an
// authenticator app (credentials.go).

const (
	// screenLife is how long a code on a screen can be used.
	screenLife = 3 * time.Minute
	// screenTries is how often the two digits can be wrong.
	screenTries = 2
	// SessionLife is how long a session at a computer lasts at most: a day's work.
	SessionLife = 12 * time.Hour
	// sessionIdle is how long it lasts without any use: a lunch.
	sessionIdle = time.Hour
	// seenEvery is how precisely the use is written down.
	seenEvery = 5 * time.Minute
)

// Offer is a login that a screen shows.
type Offer struct {
	ID string
	// Secret is for the browser alone.
	Secret string
	// Number is two digits for the person to type on their phone.
	Number string
	// URL is what the code on the screen leads to, Drawing the code as SVG.
	URL       string
	Drawing   []byte
	ExpiresAt time.Time
}

// OfferLogin begins a login at a screen. agent is what the browser says it is.
func (svc *Service) OfferLogin(ctx context.Context, agent string) (Offer, error) {
	id, err := svc.kit.Random("", 15)
	if err != nil {
		return Offer{}, err
	}
	secret, err := svc.kit.Random("", 32)
	if err != nil {
		return Offer{}, err
	}
	number, err := svc.twoDigits()
	if err != nil {
		return Offer{}, err
	}
	now := svc.kit.Now()
	o := Offer{
		ID: id, Secret: secret, Number: number, ExpiresAt: now.Add(screenLife),
		URL: svc.kit.Config.PublicURL + "/m/pages/approve/index?login=" + id,
	}
	if o.Drawing, err = svc.painter.SVG(o.URL); err != nil {
		return o, err
	}
	return o, svc.store.PutScreenLogin(ctx, kit.Hash(id), record.ScreenLogin{
		State: record.LoginWaiting, Number: number, Browser: kit.Hash(secret), Agent: agent, At: now.UnixMilli(),
	}, screenLife)
}

// WatchLogin is how a login stands, for the browser that began it.
func (svc *Service) WatchLogin(ctx context.Context, id, secret string) (state string, err error) {
	l, err := svc.browserLogin(ctx, id, secret)
	return l.State, err
}

// browserLogin reads a login for the browser whose secret it is.
func (svc *Service) browserLogin(ctx context.Context, id, secret string) (record.ScreenLogin, error) {
	l, err := svc.store.ScreenLogin(ctx, kit.Hash(id))
	if err == nil && subtle.ConstantTimeCompare([]byte(l.Browser), []byte(kit.Hash(secret))) != 1 {
		err = overdueLogin()
	}
	if fault.Is(err, fault.NotFound) {
		return record.ScreenLogin{}, overdueLogin()
	}
	return l, err
}

func overdueLogin() error {
	return fault.New(fault.NotFound, "登录二维码已过期，请在电脑上刷新后重新扫码")
}

// Details is what a phone shows of a login before it is allowed.
type Details struct {
	Agent     string
	At        time.Time
	ExpiresAt time.Time
	State     string
}

// requireStaff reports who may sit at a computer: the station's staff.
func requireStaff(c access.Caller) error {
	if c.Person == "" {
		return access.NoSession()
	}
	if c.Role != access.Liaison && c.Role != access.Admin {
		return fault.New(fault.Denied, "工作台只对联络员和管理员开放；委员请在微信里处理诉求")
	}
	return nil
}

// RequirePhoneSession refuses a session at a computer, which could else go on for ever: it
// would open the next one, and as young as by phone at that, for whoever found it
// open. token is the caller's.
func (svc *Service) RequirePhoneSession(ctx context.Context, c access.Caller, token string) error {
	switch _, err := svc.ConsoleSession(ctx, c, token); {
	case err == nil:
		return fault.New(fault.Denied, "请在手机微信里扫码确认登录，不能用电脑上的登录来确认")
	case fault.Is(err, fault.NotFound):
		return nil
	default:
		return err
	}
}

// ClaimLogin shows a login to who scanned it; from then on they alone may
// answer it.
func (svc *Service) ClaimLogin(ctx context.Context, c access.Caller, id string) (Details, error) {
	l, err := svc.claimLogin(ctx, c, id)
	if err != nil {
		return Details{}, err
	}
	at := time.UnixMilli(l.At)
	return Details{Agent: l.Agent, At: at, ExpiresAt: at.Add(screenLife), State: l.State}, nil
}

// claimLogin reads a login for a phone, and takes it for that person.
func (svc *Service) claimLogin(ctx context.Context, c access.Caller, id string) (record.ScreenLogin, error) {
	if err := requireStaff(c); err != nil {
		return record.ScreenLogin{}, err
	}
	l, err := svc.store.ScreenLogin(ctx, kit.Hash(id))
	if fault.Is(err, fault.NotFound) {
		err = overdueLogin()
	}
	if err != nil {
		return l, err
	}
	if l.State == record.LoginWaiting {
		next := l
		next.State, next.Person = record.LoginSeen, c.Person
		ok, err := svc.store.ChangeScreenLogin(ctx, kit.Hash(id), l, next)
		if err != nil {
			return l, err
		}
		if !ok {
			return l, overdueLogin()
		}
		l = next
	}
	if l.Person != c.Person {
		return l, overdueLogin()
	}
	return l, nil
}

// AnswerLogin allows a login with the number on the screen, or refuses it.
func (svc *Service) AnswerLogin(ctx context.Context, c access.Caller, id, number string, allow bool) error {
	l, err := svc.claimLogin(ctx, c, id)
	if err != nil {
		return err
	}
	if l.State != record.LoginSeen {
		return fault.New(fault.WrongState, "这次登录已经处理过了")
	}
	next, wrong := l, allow && fold.Code(number) != l.Number
	switch {
	case wrong:
		if next.Tries++; next.Tries >= screenTries {
			next.State = record.LoginRefused
		}
	case allow:
		next.State = record.LoginApproved
	default:
		next.State = record.LoginRefused
	}
	ok, err := svc.store.ChangeScreenLogin(ctx, kit.Hash(id), l, next)
	switch {
	case err != nil:
		return err
	case !ok:
		return fault.New(fault.WrongState, "这次登录已经处理过了")
	case wrong && next.State == record.LoginRefused:
		return kit.Field("number", "数字不对，这次登录已取消。请确认扫的是您面前这台电脑的二维码")
	case wrong:
		return kit.Field("number", "数字不对，请看电脑屏幕上的两位数字")
	}
	return nil
}

// OpenedSession is a session at a computer that was just opened.
type OpenedSession struct {
	Token     string
	ExpiresAt time.Time
	User      identity.User
	// StationID and Station are whose staff they are.
	StationID, Station string
}

// OpenConsoleSession opens the session of a login that was allowed, once, for the browser
// that began it.
func (svc *Service) OpenConsoleSession(ctx context.Context, id, secret string) (OpenedSession, error) {
	l, err := svc.browserLogin(ctx, id, secret)
	if err != nil {
		return OpenedSession{}, err
	}
	if l.State != record.LoginApproved {
		return OpenedSession{}, fault.New(fault.WrongState, "手机上还没有确认登录")
	}
	next := l
	next.State = record.LoginUsed
	ok, err := svc.store.ChangeScreenLogin(ctx, kit.Hash(id), l, next)
	if err != nil {
		return OpenedSession{}, err
	}
	if !ok {
		return OpenedSession{}, overdueLogin()
	}
	return svc.openConsoleSession(ctx, l.Person, l.Agent, "scan")
}

// openConsoleSession opens a session at a computer for a person who has proved who they are.
// That they came is written down first.
func (svc *Service) openConsoleSession(ctx context.Context, person, agent, by string) (OpenedSession, error) {
	p, err := svc.store.Person(ctx, person)
	if err != nil {
		return OpenedSession{}, err
	}
	c, err := svc.kit.CallerOf(ctx, p)
	if err != nil {
		return OpenedSession{}, err
	}
	if err := requireStaff(c); err != nil {
		return OpenedSession{}, err
	}
	token, err := svc.kit.Random("", 32)
	if err != nil {
		return OpenedSession{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return OpenedSession{}, err
	}
	now := svc.kit.Now()
	why := "手机扫码，" + agent
	if by != "scan" {
		why = "密码和动态码，" + agent
	}
	until := now.Add(SessionLife)
	s := OpenedSession{Token: token, ExpiresAt: until, User: identity.UserOf(c), StationID: st.ID, Station: st.Name}
	signIn := audit.Act{By: c, What: audit.SignIn, Object: c.Station, Why: why}
	return audit.Do(ctx, svc.audit, c.Station, signIn, func(w audit.Written) (OpenedSession, error) {
		return s, svc.putConsoleSession(ctx, w, kit.Hash(token), p.ID, record.ConsoleSession{
			At: now.UnixMilli(), Seen: now.UnixMilli(), Until: until.UnixMilli(), Agent: agent, By: by,
		})
	})
}

func (svc *Service) putConsoleSession(ctx context.Context, w audit.Written, tokenHash, person string, s record.ConsoleSession) error {
	if err := w.Of(audit.SignIn); err != nil {
		return err
	}
	return svc.store.PutConsoleSession(ctx, tokenHash, person, s, sessionIdle)
}

// ConsoleCaller is Caller for a session at a computer: use keeps it open, to the end of
// its life.
func (svc *Service) ConsoleCaller(ctx context.Context, token string) (access.Caller, error) {
	c, err := svc.identity.Caller(ctx, token)
	if err != nil {
		return c, err
	}
	h := kit.Hash(token)
	now := svc.kit.Now()
	if last, ok := svc.kit.Cache.Seen.Get(h); ok && now.Sub(last) < seenEvery {
		return c, nil
	}
	seat, err := svc.store.ConsoleSession(ctx, c.Person, h)
	if fault.Is(err, fault.NotFound) {
		return c, nil // a phone's session, which has its own life
	}
	if err != nil {
		return c, err
	}
	left := time.UnixMilli(seat.Until).Sub(now)
	if left <= 0 {
		return access.Caller{}, access.NoSession()
	}
	seat.Seen = now.UnixMilli()
	if err := svc.store.TouchConsoleSession(ctx, h, c.Person, seat, min(sessionIdle, left)); err != nil {
		return c, err
	}
	svc.kit.Cache.Seen.Add(h, now)
	return c, nil
}

// ConsoleSession is the session of the token.
func (svc *Service) ConsoleSession(ctx context.Context, c access.Caller, token string) (record.ConsoleSession, error) {
	if err := requireStaff(c); err != nil {
		return record.ConsoleSession{}, err
	}
	return svc.store.ConsoleSession(ctx, c.Person, kit.Hash(token))
}

// StationName is what the caller's station is called.
func (svc *Service) StationName(ctx context.Context, c access.Caller) (string, error) {
	if err := requireStaff(c); err != nil {
		return "", err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return "", err
	}
	return st.Name, nil
}

// SignOut ends the session of the token at a computer.
func (svc *Service) SignOut(ctx context.Context, c access.Caller, token string) error {
	if err := requireStaff(c); err != nil {
		return err
	}
	return svc.endConsoleSession(ctx, c.Person, kit.Hash(token))
}

func (svc *Service) endConsoleSession(ctx context.Context, person, tokenHash string) error {
	err := svc.store.DropConsoleSession(ctx, person, tokenHash)
	svc.kit.Cache.Sessions.Forget(tokenHash)
	return err
}

// SessionRow is one of a person's sessions at computers.
type SessionRow struct {
	// ID names it without opening anything.
	ID string
	record.ConsoleSession

	Here bool
}

// sessionID is the part of a token's hash that is shown.
func sessionID(tokenHash string) string { return tokenHash[:16] }

// ConsoleSessions lists the caller's sessions at computers, the last used first.
func (svc *Service) ConsoleSessions(ctx context.Context, c access.Caller, token string) ([]SessionRow, error) {
	if err := requireStaff(c); err != nil {
		return nil, err
	}
	seats, err := svc.store.ConsoleSessions(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	list := []SessionRow{}
	for h, s := range seats {
		list = append(list, SessionRow{ID: sessionID(h), ConsoleSession: s, Here: h == kit.Hash(token)})
	}
	slices.SortFunc(list, func(a, b SessionRow) int {
		if a.Seen != b.Seen {
			return int(b.Seen - a.Seen)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, nil
}

// EndConsoleSession ends one of the caller's sessions at computers.
func (svc *Service) EndConsoleSession(ctx context.Context, c access.Caller, id string) error {
	if err := requireStaff(c); err != nil {
		return err
	}
	seats, err := svc.store.ConsoleSessions(ctx, c.Person)
	if err != nil {
		return err
	}
	for h := range seats {
		if sessionID(h) == id {
			return svc.endConsoleSession(ctx, c.Person, h)
		}
	}
	return access.Missing()
}

// twoDigits draws 10 to 99 without favouring any.
func (svc *Service) twoDigits() (string, error) {
	const first, most = 10, 90
	b := make([]byte, 1)
	for {
		if _, err := io.ReadFull(svc.kit.Rand, b); err != nil {
			return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
		}
		if n := int(b[0]); n < 256/most*most {
			n = n%most + first
			return string([]byte{byte('0' + n/10), byte('0' + n%10)}), nil
		}
	}
}
