package login

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Factors checks passwords and the codes of authenticator apps.
type Factors interface {
	// HashPassword and CheckPassword return fault.Unavailable when too many callers wait, or ctx ends.
	HashPassword(ctx context.Context, password string) (string, error)
	// CheckPassword takes the same time when kept is "". count is called when the caller's turn has come,
	// before the check.
	CheckPassword(ctx context.Context, password, kept string, count func() error) (bool, error)
	// Common reports whether a password is among the commonest ones.
	Common(password string) bool
	NewSecret(issuer, account string) (secret, address string, err error)
	// CheckCode returns the time step of a code; ok is false for a wrong code.
	CheckCode(secret, code string, now time.Time) (step int64, ok bool)
}

const (
	minPassword, maxPassword = 10, 128 // characters
	// maxSignInTries is how many wrong tries an account allows, signInPause how long it is locked after the
	// last of them. Signing in by phone works meanwhile.
	maxSignInTries = 5
	signInPause    = 15 * time.Minute
	// stepUpWindow is the greatest age of a session opened by phone that may set a first password, or a new one
	// without the old.
	stepUpWindow = 10 * time.Minute
	// recoveryCodeCount is how many recovery codes replace a lost app.
	recoveryCodeCount = 10
)

// Account returns the staff's account name, "<id>@<station>".
func Account(c access.Caller) string { return c.ID + "@" + c.Station }

// CredentialState tells which credentials a person has.
type CredentialState struct {
	Account string
	// SetAt is when the password was set, zero for no password.
	SetAt time.Time
	// App means that an authenticator app is confirmed. Without one the password is not enough to sign in.
	App bool
	// Recovery is how many recovery codes are left.
	Recovery int
}

// Credentials returns the state of the caller's credentials.
func (svc *Service) Credentials(ctx context.Context, c access.Caller) (CredentialState, error) {
	if err := requireStaff(c); err != nil {
		return CredentialState{}, err
	}
	k, err := svc.store.Credentials(ctx, c.Person)
	if err != nil {
		return CredentialState{}, err
	}
	s := CredentialState{Account: Account(c), App: k.Secret != ""}
	if k.SetAt != 0 {
		s.SetAt = time.UnixMilli(k.SetAt)
	}
	s.Recovery, err = svc.store.CountRecovery(ctx, c.Person)
	return s, err
}

// SetPassword sets the caller's password. It requires the old password, or a console session that the phone
// opened within stepUpWindow. All other console sessions of the caller end.
func (svc *Service) SetPassword(ctx context.Context, c access.Caller, token, before, password string) error {
	k, err := svc.stepUp(ctx, c, token, before)
	if err != nil {
		return err
	}
	n := utf8.RuneCountInString(password)
	if n < minPassword || n > maxPassword || fold.Stored(password) != password || strings.Contains(strings.ToLower(password), c.ID) {
		return kit.Field("password", "密码须为 10 至 128 个字符，首尾不能有空格，不能有看不见的字符，不能含账号")
	}
	if svc.factors.Common(password) {
		return kit.Field("password", "这个密码太常见，容易被猜中；请换一个，例如几个不相干的词连在一起")
	}
	next := k
	if next.Password, err = svc.factors.HashPassword(ctx, password); err != nil {
		return err
	}
	next.SetAt = svc.kit.Now().UnixMilli()
	set := audit.Act{By: c, What: audit.SetPassword, Object: c.ID, Why: "设置密码"}
	return audit.Run(ctx, svc.audit, c.Station, set, func(w audit.Written) error {
		if err := svc.changeCredentials(ctx, w, c, k, next); err != nil {
			return err
		}
		return svc.endOtherSessions(ctx, c, token)
	})
}

// changeCredentials is putCredentials for an audited act.
func (svc *Service) changeCredentials(ctx context.Context, w audit.Written, c access.Caller, was, next record.Credentials) error {
	if err := w.Of(audit.SetPassword, audit.ConfirmApp); err != nil {
		return err
	}
	return svc.putCredentials(ctx, c, was, next)
}

// putCredentials replaces the credentials that were read. It returns a Conflict after a concurrent change,
// which would otherwise be undone.
func (svc *Service) putCredentials(ctx context.Context, c access.Caller, was, next record.Credentials) error {
	ok, err := svc.store.ChangeCredentials(ctx, c.Person, was, next)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "登录方式刚刚在别处改过，请刷新后重试")
	}
	return err
}

// stepUp authenticates the caller again before their credentials are changed.
func (svc *Service) stepUp(ctx context.Context, c access.Caller, token, before string) (record.Credentials, error) {
	if err := requireStaff(c); err != nil {
		return record.Credentials{}, err
	}
	k, err := svc.store.Credentials(ctx, c.Person)
	if err != nil {
		return k, err
	}
	session, err := svc.store.ConsoleSession(ctx, c.Person, kit.Hash(token))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return k, err
	}
	if err == nil && session.By == "scan" && svc.kit.Now().Sub(time.UnixMilli(session.At)) < stepUpWindow {
		return k, nil
	}
	if before == "" {
		return k, kit.Field("before", "请填写现在的密码；忘记了请退出，用手机扫码登录后 10 分钟内再设置")
	}
	ok, err := svc.factors.CheckPassword(ctx, before, k.Password, func() error { return svc.countTry(ctx, ownTriesKey(c)) })
	if err != nil {
		return k, err
	}
	if !ok {
		return k, kit.Field("before", "现在的密码不对")
	}
	return k, svc.store.ForgetTries(ctx, ownTriesKey(c))
}

func (svc *Service) endOtherSessions(ctx context.Context, c access.Caller, token string) error {
	sessions, err := svc.store.ConsoleSessions(ctx, c.Person)
	if err != nil {
		return err
	}
	for h := range sessions {
		if h == kit.Hash(token) {
			continue
		}
		if err := svc.endConsoleSession(ctx, c.Person, h); err != nil {
			return err
		}
	}
	return nil
}

// AppOffer is the secret for a new authenticator app.
type AppOffer struct {
	// Secret is for typing, Drawing the QR code as SVG.
	Secret  string
	Drawing []byte
}

// NewApp makes the secret of a new authenticator app. ConfirmApp activates it; until then the old app counts.
func (svc *Service) NewApp(ctx context.Context, c access.Caller, token, before string) (o AppOffer, err error) {
	k, err := svc.stepUp(ctx, c, token, before)
	if err != nil {
		return o, err
	}
	secret, address, err := svc.factors.NewSecret("码上", Account(c))
	if err != nil {
		return o, fault.Wrap(err, fault.Internal, "动态码没有生成，请稍后再试")
	}
	o.Secret = secret
	if o.Drawing, err = svc.painter.SVG(address); err != nil {
		return o, err
	}
	next := k
	if next.Pending, err = svc.sealer.Seal(secret, appContext(c.Person)); err != nil {
		return o, err
	}
	return o, svc.putCredentials(ctx, c, k, next) // the pending secret lets nobody in yet
}

func appContext(person string) string { return "app " + person }

// ConfirmApp activates the new app and returns its recovery codes, which are shown once.
func (svc *Service) ConfirmApp(ctx context.Context, c access.Caller, code string) ([]string, error) {
	if err := requireStaff(c); err != nil {
		return nil, err
	}
	k, err := svc.store.Credentials(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	if k.Pending == "" {
		return nil, fault.New(fault.WrongState, "请先生成新的动态码")
	}
	if err := svc.countTry(ctx, ownTriesKey(c)); err != nil {
		return nil, err
	}
	if ok, err := svc.useCode(ctx, c.Person, k.Pending, code); err != nil || !ok {
		if err == nil {
			err = kit.Field("code", "动态码不对，请核对手机时间后重试")
		}
		return nil, err
	}
	codes, hashes := make([]string, recoveryCodeCount), make([]string, recoveryCodeCount)
	for i := range codes {
		if codes[i], err = svc.kit.Random("", 10); err != nil {
			return nil, err
		}
		hashes[i] = kit.Hash(codes[i])
	}
	next := k
	next.Secret, next.Pending = k.Pending, ""
	confirm := audit.Act{By: c, What: audit.ConfirmApp, Object: c.ID, Why: "启用动态码"}
	return audit.Do(ctx, svc.audit, c.Station, confirm, func(w audit.Written) ([]string, error) {
		if err := svc.changeCredentials(ctx, w, c, k, next); err != nil {
			return nil, err
		}
		if err := svc.putRecovery(ctx, w, c.Person, hashes); err != nil {
			return nil, err
		}
		return codes, svc.store.ForgetTries(ctx, ownTriesKey(c))
	})
}

func (svc *Service) putRecovery(ctx context.Context, w audit.Written, person string, hashes []string) error {
	if err := w.Of(audit.ConfirmApp); err != nil {
		return err
	}
	return svc.store.PutRecovery(ctx, person, hashes)
}

// useCode reports whether a code is valid for the sealed secret, and uses it up.
func (svc *Service) useCode(ctx context.Context, person, sealed, code string) (bool, error) {
	secret, err := svc.sealer.Open(sealed, appContext(person))
	if err != nil {
		return false, err
	}
	step, ok := svc.factors.CheckCode(secret, code, svc.kit.Now())
	if !ok {
		return false, nil
	}
	return svc.store.UseStep(ctx, person, step)
}

// SignIn opens a console session by account, password and a code of the app or a recovery code. The error does
// not say which of them was wrong.
func (svc *Service) SignIn(ctx context.Context, account, password, code, agent string) (OpenedSession, error) {
	account = strings.ToLower(fold.Plain(account))
	person, k, err := svc.accountHolder(ctx, account)
	if err != nil {
		return OpenedSession{}, err
	}
	ok, err := svc.factors.CheckPassword(ctx, password, k.Password, func() error { return svc.countTry(ctx, account) })
	if ok = ok && k.Secret != ""; ok {
		ok, err = svc.checkSecondFactor(ctx, person, k.Secret, code)
	}
	if err != nil {
		return OpenedSession{}, err
	}
	if !ok {
		return OpenedSession{}, kit.Field("password", "账号、密码或动态码不对；还没有设置过的，请用手机扫码登录后在“登录与安全”里设置")
	}
	s, err := svc.openConsoleSession(ctx, person, agent, "password")
	if err != nil {
		return OpenedSession{}, err
	}
	return s, svc.store.ForgetTries(ctx, account)
}

// ownTriesKey is the key under which a signed-in person's tries are counted. They are counted separately, so
// that strangers who guess at the account do not lock its owner out.
func ownTriesKey(c access.Caller) string { return "own " + Account(c) }

// countTry counts a try before it is made, so that concurrent tries count too.
func (svc *Service) countTry(ctx context.Context, account string) error {
	n, err := svc.store.CountTry(ctx, account, maxSignInTries, signInPause)
	if err == nil && n > maxSignInTries {
		return fault.New(fault.TooMany, "试错次数太多，请 15 分钟后再试，或用手机扫码登录").Retry(signInPause)
	}
	return err
}

// accountHolder returns the account's person and credentials. Both are empty for an unknown account and for a
// person who left the roster.
func (svc *Service) accountHolder(ctx context.Context, account string) (person string, k record.Credentials, err error) {
	id, st, ok := parseAccount(account)
	if !ok {
		return "", k, nil
	}
	onStaff, err := svc.onStaff(ctx, st, id)
	if err != nil {
		return "", k, err
	}
	// Unknown accounts are looked up too, so that each account takes the same time.
	if person, err = svc.store.Bound(ctx, record.Invite{Station: st, Role: string(access.Liaison), Ref: id}); err != nil {
		return "", k, err
	}
	if k, err = svc.store.Credentials(ctx, person); err != nil || person == "" || !onStaff {
		return "", record.Credentials{}, err
	}
	return person, k, nil
}

// parseAccount splits an account name. ok is false for text that can be none.
func parseAccount(account string) (id, st string, ok bool) {
	id, st, ok = strings.Cut(strings.ToLower(fold.Plain(account)), "@")
	return id, st, ok && station.ValidID(st) && id != "" && len(account) <= 64
}

// onStaff reports whether the station's roster has a present liaison or administrator with the id.
func (svc *Service) onStaff(ctx context.Context, st, id string) (bool, error) {
	s, err := svc.kit.Roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	l, ok := s.Liaison(id)
	return ok && !l.Left, nil
}

// checkSecondFactor checks a code of the app or a recovery code, and uses it up.
func (svc *Service) checkSecondFactor(ctx context.Context, person, sealed, code string) (bool, error) {
	code = fold.Code(code)
	if len(code) > 6 {
		return svc.store.UseRecovery(ctx, person, kit.Hash(code))
	}
	return svc.useCode(ctx, person, sealed, code)
}
