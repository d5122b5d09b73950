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

// Factors are passwords and the codes of authenticator apps.
type Factors interface {
	// Both answer fault.Unavailable when too many wait, or ctx ends.
	HashPassword(ctx context.Context, password string) (string, error)
	// CheckPassword takes as long for nothing kept as for something. count is called
	// once it is the caller's turn, which others wait for.
	CheckPassword(ctx context.Context, password, kept string, count func() error) (bool, error)
	// Common reports whether a password is among the first that are tried.
	Common(password string) bool
	NewSecret(issuer, account string) (secret, address string, err error)
	// CheckCode returns the step a code is of; ok is false for a wrong one.
	CheckCode(secret, code string, now time.Time) (step int64, ok bool)
}

const (
	minPassword, maxPassword = 10, 128 // characters
	// signInTries is how many wrong tries an account has, and signInPause how long
	// it rests after the last of them. The phone lets its owner in meanwhile.
	signInTries = 5
	signInPause = 15 * time.Minute
	// stepUpWindow is how young a session by phone is to set a first password or a
	// new one in place of a forgotten one.
	stepUpWindow = 10 * time.Minute
	// recoveryCodes is how many codes stand in for a lost app.
	recoveryCodes = 10
)

// Account is what somebody of the staff types to sign in: "<id>@<station>".
func Account(c access.Caller) string { return c.ID + "@" + c.Station }

// CredentialState is what a person has to sign in with.
type CredentialState struct {
	Account string
	// SetAt is since when there is a password, zero for none.
	SetAt time.Time
	// App tells that an authenticator app is confirmed; without one the password
	// lets nobody in.
	App bool
	// Recovery is how many codes are left.
	Recovery int
}

// Credentials says what the caller has.
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

// SetPassword sets the caller's password. It takes the one before, or a session
// at a computer that the phone opened a moment ago. All other sessions at
// computers end.
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
		return svc.endOthers(ctx, c, token)
	})
}

// changeCredentials is putCredentials for what somebody is let in with.
func (svc *Service) changeCredentials(ctx context.Context, w audit.Written, c access.Caller, was, next record.Credentials) error {
	if err := w.Of(audit.SetPassword, audit.ConfirmApp); err != nil {
		return err
	}
	return svc.putCredentials(ctx, c, was, next)
}

// putCredentials replaces what was read by what it becomes. Of two changes at
// once the second is to be made anew: it would bring back what the first replaced.
func (svc *Service) putCredentials(ctx context.Context, c access.Caller, was, next record.Credentials) error {
	ok, err := svc.store.ChangeCredentials(ctx, c.Person, was, next)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "登录方式刚刚在别处改过，请刷新后重试")
	}
	return err
}

// stepUp makes sure that it is really them before what they sign in with is
// changed.
func (svc *Service) stepUp(ctx context.Context, c access.Caller, token, before string) (record.Credentials, error) {
	if err := requireStaff(c); err != nil {
		return record.Credentials{}, err
	}
	k, err := svc.store.Credentials(ctx, c.Person)
	if err != nil {
		return k, err
	}
	seat, err := svc.store.ConsoleSession(ctx, c.Person, kit.Hash(token))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return k, err
	}
	if err == nil && seat.By == "scan" && svc.kit.Now().Sub(time.UnixMilli(seat.At)) < stepUpWindow {
		return k, nil
	}
	if before == "" {
		return k, kit.Field("before", "请填写现在的密码；忘记了请退出，用手机扫码登录后 10 分钟内再设置")
	}
	ok, err := svc.factors.CheckPassword(ctx, before, k.Password, func() error { return svc.tried(ctx, ownTries(c)) })
	if err != nil {
		return k, err
	}
	if !ok {
		return k, kit.Field("before", "现在的密码不对")
	}
	return k, svc.store.ForgetTries(ctx, ownTries(c))
}

func (svc *Service) endOthers(ctx context.Context, c access.Caller, token string) error {
	seats, err := svc.store.ConsoleSessions(ctx, c.Person)
	if err != nil {
		return err
	}
	for h := range seats {
		if h == kit.Hash(token) {
			continue
		}
		if err := svc.endConsoleSession(ctx, c.Person, h); err != nil {
			return err
		}
	}
	return nil
}

// AppOffer is what an authenticator app is given.
type AppOffer struct {
	// Secret is to be typed by who cannot scan; Drawing is the code to scan, SVG.
	Secret  string
	Drawing []byte
}

// NewApp makes the secret of an authenticator app, to be confirmed with a code of
// it. Until then the one before counts.
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
	if next.Pending, err = svc.sealer.Seal(secret, appBound(c.Person)); err != nil {
		return o, err
	}
	return o, svc.putCredentials(ctx, c, k, next) // it lets nobody in yet
}

func appBound(person string) string { return "app " + person }

// ConfirmApp takes the app into use and returns the codes that stand in for it,
// which are shown once.
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
	if err := svc.tried(ctx, ownTries(c)); err != nil {
		return nil, err
	}
	if ok, err := svc.useCode(ctx, c.Person, k.Pending, code); err != nil || !ok {
		if err == nil {
			err = kit.Field("code", "动态码不对，请核对手机时间后重试")
		}
		return nil, err
	}
	codes, hashes := make([]string, recoveryCodes), make([]string, recoveryCodes)
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
		return codes, svc.store.ForgetTries(ctx, ownTries(c))
	})
}

func (svc *Service) putRecovery(ctx context.Context, w audit.Written, person string, hashes []string) error {
	if err := w.Of(audit.ConfirmApp); err != nil {
		return err
	}
	return svc.store.PutRecovery(ctx, person, hashes)
}

// useCode reports whether a code is the sealed secret's, and uses it up.
func (svc *Service) useCode(ctx context.Context, person, sealed, code string) (bool, error) {
	secret, err := svc.sealer.Open(sealed, appBound(person))
	if err != nil {
		return false, err
	}
	step, ok := svc.factors.CheckCode(secret, code, svc.kit.Now())
	if !ok {
		return false, nil
	}
	return svc.store.UseStep(ctx, person, step)
}

// SignIn opens a session at a computer by account, password and a code of the
// app, or one that stands in for it. Nothing says which of them was wrong.
func (svc *Service) SignIn(ctx context.Context, account, password, code, agent string) (OpenedSession, error) {
	account = strings.ToLower(fold.Plain(account))
	person, k, err := svc.holder(ctx, account)
	if err != nil {
		return OpenedSession{}, err
	}
	ok, err := svc.factors.CheckPassword(ctx, password, k.Password, func() error { return svc.tried(ctx, account) })
	if ok = ok && k.Secret != ""; ok {
		ok, err = svc.second(ctx, person, k.Secret, code)
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

// ownTries names the tries of who is signed in already. They are counted apart:
// strangers who try the account would else keep its owner from what they may do.
func ownTries(c access.Caller) string { return "own " + Account(c) }

// tried counts a try before it is made: many at once are counted, too.
func (svc *Service) tried(ctx context.Context, account string) error {
	n, err := svc.store.CountTry(ctx, account, signInTries, signInPause)
	if err == nil && n > signInTries {
		return fault.New(fault.TooMany, "试错次数太多，请 15 分钟后再试，或用手机扫码登录").Retry(signInPause)
	}
	return err
}

// holder is who has the account; nobody, with nothing to sign in with, for one
// that is not, or is of somebody who left the roster.
func (svc *Service) holder(ctx context.Context, account string) (person string, k record.Credentials, err error) {
	id, st, ok := cutAccount(account)
	if !ok {
		return "", k, nil
	}
	there, err := svc.onStaff(ctx, st, id)
	if err != nil {
		return "", k, err
	}
	// Asked for whom the roster does not have, too: each account costs the same.
	if person, err = svc.store.Bound(ctx, record.Invite{Station: st, Role: string(access.Liaison), Ref: id}); err != nil {
		return "", k, err
	}
	if k, err = svc.store.Credentials(ctx, person); err != nil || person == "" || !there {
		return "", record.Credentials{}, err
	}
	return person, k, nil
}

// cutAccount splits what somebody typed as an account; ok is false for what can be
// none.
func cutAccount(account string) (id, st string, ok bool) {
	id, st, ok = strings.Cut(strings.ToLower(fold.Plain(account)), "@")
	return id, st, ok && station.ValidID(st) && id != "" && len(account) <= 64
}

// onStaff reports whether the station's roster has a liaison or administrator of
// that id who has not left.
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

// second checks the second factor.
func (svc *Service) second(ctx context.Context, person, sealed, code string) (bool, error) {
	code = fold.Code(code)
	if len(code) > 6 {
		return svc.store.UseRecovery(ctx, person, kit.Hash(code))
	}
	return svc.useCode(ctx, person, sealed, code)
}
