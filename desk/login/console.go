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

// Staff sign in to the console by phone: the screen shows a QR code and two digits; the signed-in phone scans
// the code and its owner types the digits. A code that a stranger sent comes without the digits. The
// alternative is a password and an authenticator app (credentials.go).

const (
	// screenLoginTTL is how long a code on a screen is valid.
	screenLoginTTL = 3 * time.Minute
	// maxNumberTries is how often the two digits can be wrong.
	maxNumberTries = 2
	// SessionTTL is the longest life of a console session: a working day.
	SessionTTL = 12 * time.Hour
	// sessionIdleTTL is how long a session lasts without use: a lunch break.
	sessionIdleTTL = time.Hour
	// touchInterval is the precision with which a session's use is stored.
	touchInterval = 5 * time.Minute
)

// Offer is a login that a screen shows.
type Offer struct {
	ID string
	// Secret is for the browser only.
	Secret string
	// Number is the two digits that the person types on their phone.
	Number string
	// URL is what the QR code leads to, Drawing the QR code as SVG.
	URL       string
	Drawing   []byte
	ExpiresAt time.Time
}

// OfferLogin begins a login at a screen. agent is the browser's name of itself.
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
		ID: id, Secret: secret, Number: number, ExpiresAt: now.Add(screenLoginTTL),
		URL: svc.kit.Config.PublicURL + "/m/pages/approve/index?login=" + id,
	}
	if o.Drawing, err = svc.painter.SVG(o.URL); err != nil {
		return o, err
	}
	return o, svc.store.PutScreenLogin(ctx, kit.Hash(id), record.ScreenLogin{
		State: record.LoginWaiting, Number: number, Browser: kit.Hash(secret), Agent: agent, At: now.UnixMilli(),
	}, screenLoginTTL)
}

// WatchLogin returns a login's state to the browser that began it.
func (svc *Service) WatchLogin(ctx context.Context, id, secret string) (state string, err error) {
	l, err := svc.browserLogin(ctx, id, secret)
	return l.State, err
}

// browserLogin reads a login for the browser that has its secret.
func (svc *Service) browserLogin(ctx context.Context, id, secret string) (record.ScreenLogin, error) {
	l, err := svc.store.ScreenLogin(ctx, kit.Hash(id))
	if err == nil && subtle.ConstantTimeCompare([]byte(l.Browser), []byte(kit.Hash(secret))) != 1 {
		err = expiredLogin()
	}
	if fault.Is(err, fault.NotFound) {
		return record.ScreenLogin{}, expiredLogin()
	}
	return l, err
}

func expiredLogin() error {
	return fault.New(fault.NotFound, "登录二维码已过期，请在电脑上刷新后重新扫码")
}

// Details is what a phone shows of a login before it is approved.
type Details struct {
	Agent     string
	At        time.Time
	ExpiresAt time.Time
	State     string
}

// requireStaff refuses callers who are not staff of a station.
func requireStaff(c access.Caller) error {
	if c.Person == "" {
		return access.NoSession()
	}
	if c.Role != access.Liaison && c.Role != access.Admin {
		return fault.New(fault.Denied, "工作台只对联络员和管理员开放；委员请在微信里处理诉求")
	}
	return nil
}

// RequirePhoneSession refuses a console session, token being the caller's. A console session could otherwise
// approve the next one, without end and as fresh as one opened by phone, for anyone who finds it open.
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

// ClaimLogin shows a login to the person who scanned it. From then on only that person may answer it.
func (svc *Service) ClaimLogin(ctx context.Context, c access.Caller, id string) (Details, error) {
	l, err := svc.claimLogin(ctx, c, id)
	if err != nil {
		return Details{}, err
	}
	at := time.UnixMilli(l.At)
	return Details{Agent: l.Agent, At: at, ExpiresAt: at.Add(screenLoginTTL), State: l.State}, nil
}

// claimLogin reads a login for a phone and claims it for that person.
func (svc *Service) claimLogin(ctx context.Context, c access.Caller, id string) (record.ScreenLogin, error) {
	if err := requireStaff(c); err != nil {
		return record.ScreenLogin{}, err
	}
	l, err := svc.store.ScreenLogin(ctx, kit.Hash(id))
	if fault.Is(err, fault.NotFound) {
		err = expiredLogin()
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
			return l, expiredLogin()
		}
		l = next
	}
	if l.Person != c.Person {
		return l, expiredLogin()
	}
	return l, nil
}

// AnswerLogin approves a login with the number on the screen, or refuses it.
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
		if next.Tries++; next.Tries >= maxNumberTries {
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

// OpenedSession is a new console session.
type OpenedSession struct {
	Token     string
	ExpiresAt time.Time
	User      identity.User
	// StationID and Station are the id and name of the staff's station.
	StationID, Station string
}

// OpenConsoleSession opens the session of an approved login, once, for the browser that began it.
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
		return OpenedSession{}, expiredLogin()
	}
	return svc.openConsoleSession(ctx, l.Person, l.Agent, "scan")
}

// openConsoleSession opens a console session for an authenticated person. It is audited.
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
	until := now.Add(SessionTTL)
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
	return svc.store.PutConsoleSession(ctx, tokenHash, person, s, sessionIdleTTL)
}

// ConsoleCaller is Caller for a console session. Each use extends the session, up to SessionTTL.
func (svc *Service) ConsoleCaller(ctx context.Context, token string) (access.Caller, error) {
	c, err := svc.identity.Caller(ctx, token)
	if err != nil {
		return c, err
	}
	h := kit.Hash(token)
	now := svc.kit.Now()
	if last, ok := svc.kit.Cache.Seen.Get(h); ok && now.Sub(last) < touchInterval {
		return c, nil
	}
	session, err := svc.store.ConsoleSession(ctx, c.Person, h)
	if fault.Is(err, fault.NotFound) {
		return c, nil // a phone's session, which has its own lifetime
	}
	if err != nil {
		return c, err
	}
	left := time.UnixMilli(session.Until).Sub(now)
	if left <= 0 {
		return access.Caller{}, access.NoSession()
	}
	session.Seen = now.UnixMilli()
	if err := svc.store.TouchConsoleSession(ctx, h, c.Person, session, min(sessionIdleTTL, left)); err != nil {
		return c, err
	}
	svc.kit.Cache.Seen.Add(h, now)
	return c, nil
}

// ConsoleSession returns the session of the token.
func (svc *Service) ConsoleSession(ctx context.Context, c access.Caller, token string) (record.ConsoleSession, error) {
	if err := requireStaff(c); err != nil {
		return record.ConsoleSession{}, err
	}
	return svc.store.ConsoleSession(ctx, c.Person, kit.Hash(token))
}

// StationName returns the name of the caller's station.
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

// SignOut ends the console session of the token.
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

// SessionRow is one of a person's console sessions.
type SessionRow struct {
	// ID identifies the session and does not open it.
	ID string
	record.ConsoleSession

	Here bool
}

// sessionID is the shown part of a token's hash.
func sessionID(tokenHash string) string { return tokenHash[:16] }

// ConsoleSessions lists the caller's console sessions, last used first.
func (svc *Service) ConsoleSessions(ctx context.Context, c access.Caller, token string) ([]SessionRow, error) {
	if err := requireStaff(c); err != nil {
		return nil, err
	}
	sessions, err := svc.store.ConsoleSessions(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	list := []SessionRow{}
	for h, s := range sessions {
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

// EndConsoleSession ends one of the caller's console sessions.
func (svc *Service) EndConsoleSession(ctx context.Context, c access.Caller, id string) error {
	if err := requireStaff(c); err != nil {
		return err
	}
	sessions, err := svc.store.ConsoleSessions(ctx, c.Person)
	if err != nil {
		return err
	}
	for h := range sessions {
		if sessionID(h) == id {
			return svc.endConsoleSession(ctx, c.Person, h)
		}
	}
	return access.Missing()
}

// twoDigits draws a uniformly random number from 10 to 99.
func (svc *Service) twoDigits() (string, error) {
	const first, count = 10, 90
	b := make([]byte, 1)
	for {
		if _, err := io.ReadFull(svc.kit.Rand, b); err != nil {
			return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
		}
		if n := int(b[0]); n < 256/count*count {
			n = n%count + first
			return string([]byte{byte('0' + n/10), byte('0' + n%10)}), nil
		}
	}
}
