package login_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// hashed is the stored form of a token.
func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	token := b.OpenConsole(c).Token
	for password, good := range map[string]bool{
		"九个字的密码不够长": false, "十个字的密码刚好够长": true, strings.Repeat("渡口的船早", 25) + "六点开": true, strings.Repeat("渡口的船早", 25) + "六点半开": false,
		" leading space": false, "trailing space ": false, "inner space is fine": true, "it has l01 in it": false, "it has L01 in it": false, "": false,
		"password123": false, "Qwertyuiop": false, "1234567890": false,
	} {
		err := b.Login.SetPassword(t.Context(), c, token, "", password)
		if want := map[bool]string{true: "ok", false: "invalid password"}[good]; desktest.KindOf(err) != want {
			t.Errorf("%q: %v", password, err)
		}
	}
	s, err := b.Login.Credentials(t.Context(), c)
	if err != nil || s.Account != "l01@lj" || !s.SetAt.Equal(desktest.Start) || s.App || s.Recovery != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// Changing credentials needs the phone or the password; an unattended computer is not enough.
func TestStepUp(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, ctx := b.Liaison(), t.Context()
	scanned := b.OpenConsole(c)
	b.Clock.Advance(10 * time.Minute)
	phone := b.Open(desktest.OpenidOf(desktest.Here, access.Liaison, "l01"), "")
	for what, token := range map[string]string{"ten minutes later": scanned.Token, "a program's token": phone.Token, "none": ""} {
		if err := b.Login.SetPassword(ctx, c, token, "", desktest.GoodPassword); desktest.KindOf(err) != "invalid before" {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := b.Login.NewApp(ctx, c, token, ""); desktest.KindOf(err) != "invalid before" {
			t.Errorf("%s: %v", what, err)
		}
		if err := b.Login.SetPassword(ctx, c, token, "guessed", desktest.GoodPassword); desktest.KindOf(err) != "invalid before" {
			t.Errorf("%s, guessed where there is none: %v", what, err)
		}
	}
	password, secret, _ := b.SetUpCredentials(c)
	b.Clock.Advance(11 * time.Minute)
	own, err := b.Login.SignIn(ctx, "l01@lj", password, b.Code(secret), desktest.Browser)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Login.SetPassword(ctx, c, own.Token, "", "another password"); desktest.KindOf(err) != "invalid before" {
		t.Errorf("a session by password is not fresh: %v", err)
	}
	if err := b.Login.SetPassword(ctx, c, own.Token, "wrong password", "another password"); desktest.KindOf(err) != "invalid before" {
		t.Errorf("a wrong one: %v", err)
	}
	elsewhere := b.OpenConsole(c)
	b.Clock.Advance(11 * time.Minute)
	if err := b.Login.SetPassword(ctx, c, own.Token, password, "another password"); err != nil {
		t.Fatal(err)
	}
	// All others end; this one and the phones stay.
	b.WantConsoleEnded("another computer", elsewhere.Token)
	b.WantConsoleEnded("the first computer", scanned.Token)
	if _, err := b.Login.ConsoleCaller(ctx, own.Token); err != nil {
		t.Error(err)
	}
	b.Caller(phone.Token)
	b.Clock.Advance(time.Minute)
	if _, err := b.Login.SignIn(ctx, "l01@lj", password, b.Code(secret), desktest.Browser); desktest.KindOf(err) != "invalid password" {
		t.Errorf("the password of before: %v", err)
	}
	b.Clock.Advance(time.Minute)
	if _, err := b.Login.SignIn(ctx, "l01@lj", "another password", b.Code(secret), desktest.Browser); err != nil {
		t.Error(err)
	}
}

func TestSignInTakesBothFactors(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	password, secret, _ := b.SetUpCredentials(b.Liaison())
	if err := b.Login.SetPassword(ctx, b.Admin(), b.OpenConsole(b.Admin()).Token, "", desktest.GoodPassword); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(time.Minute)
	good := b.Code(secret)
	for what, x := range map[string][3]string{
		"wrong password": {"l01@lj", "not the password", good}, "wrong code": {"l01@lj", password, wrongCode(good)},
		"no code": {"l01@lj", password, ""}, "no password": {"l01@lj", "", good},
		"no app": {"a01@lj", password, good}, "no app, no code": {"a01@lj", password, ""},
		"another's account": {"a01@lj", password, good}, "the other station": {"l01@hz", password, good},
		"a member": {"m01@lj", password, good}, "nobody": {"l99@lj", password, good}, "no station": {"l01@nowhere", password, good},
		"no account": {"l01", password, good}, "nonsense": {"@", password, good}, "long": {strings.Repeat("l", 70) + "@lj", password, good},
	} {
		s, err := b.Login.SignIn(ctx, x[0], x[1], x[2], desktest.Browser)
		if desktest.KindOf(err) != "invalid password" || s.Token != "" {
			t.Errorf("%s: %v", what, err)
		}
		// Nothing says which of them was wrong, nor whether there is such an account.
		if e, ok := errors.AsType[*fault.Error](err); ok && e.Fields[0].Message != "账号、密码或动态码不对；还没有设置过的，请用手机扫码登录后在“登录与安全”里设置" {
			t.Errorf("%s: %s", what, e.Fields[0].Message)
		}
	}
	s, err := b.Login.SignIn(ctx, " L01@lj ", password, " "+good[:3]+" "+good[3:], desktest.Browser)
	if err != nil || s.User.ID != b.Liaison().Person || s.StationID != desktest.Here {
		t.Fatalf("%+v, %v", s, err)
	}
	if c, err := b.Login.ConsoleCaller(ctx, s.Token); err != nil || c.ID != "l01" || c.Role != access.Liaison {
		t.Errorf("%+v, %v", c, err)
	}
	if seat, err := b.Login.ConsoleSession(ctx, b.Liaison(), s.Token); err != nil || seat.By != "password" || seat.Agent != desktest.Browser {
		t.Errorf("%+v, %v", seat, err)
	}
}

func wrongCode(code string) string {
	if code == "000000" {
		return "111111"
	}
	return "000000"
}

// A code of the app is good once, and none of an earlier step after it.
func TestCodeIsGoodOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	password, secret, _ := b.SetUpCredentials(b.Liaison())
	try := func(code string) string {
		_, err := b.Login.SignIn(t.Context(), "l01@lj", password, code, desktest.Browser)
		return desktest.KindOf(err)
	}
	if got := try(b.Code(secret)); got != "invalid password" {
		t.Errorf("the code that confirmed the app: %s", got)
	}
	b.Clock.Advance(30 * time.Second)
	before := b.Code(secret)
	b.Clock.Advance(30 * time.Second)
	now := b.Code(secret)
	if got := try(now); got != "ok" {
		t.Fatal(got)
	}
	for what, code := range map[string]string{"again": now, "of the step before": before} {
		if got := try(code); got != "invalid password" {
			t.Errorf("%s: %s", what, got)
		}
	}
	b.Clock.Advance(30 * time.Second)
	if got := try(b.Code(secret)); got != "ok" {
		t.Error(got)
	}
}

func TestRecoveryCodesAreGoodOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, ctx := b.Liaison(), t.Context()
	password, _, codes := b.SetUpCredentials(c)
	left := func(want int) {
		t.Helper()
		if s, err := b.Login.Credentials(ctx, c); err != nil || s.Recovery != want || !s.App {
			t.Errorf("%+v, %v, want %d", s, err, want)
		}
	}
	if left(10); len(codes) != 10 || codes[0] == codes[1] {
		t.Fatal(codes)
	}
	typed := strings.ToUpper(codes[0][:4] + "-" + codes[0][4:8] + " " + codes[0][8:])
	if _, err := b.Login.SignIn(ctx, "l01@lj", password, typed, desktest.Browser); err != nil {
		t.Fatal(err)
	}
	left(9)
	if _, err := b.Login.SignIn(ctx, "l01@lj", password, codes[0], desktest.Browser); desktest.KindOf(err) != "invalid password" {
		t.Errorf("again: %v", err)
	}
	if _, err := b.Login.SignIn(ctx, "l01@lj", "not the password", codes[1], desktest.Browser); desktest.KindOf(err) != "invalid password" {
		t.Errorf("with a wrong password: %v", err)
	}
	left(9) // a wrong password uses none up
	var all sync.WaitGroup
	var won atomic.Int32
	for range 4 {
		all.Go(func() {
			if _, err := b.Login.SignIn(ctx, "l01@lj", password, codes[1], desktest.Browser); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d got in by one code", won.Load())
	}
	left(8)
}

// Until a code confirms the new app, the one before counts; then it does not.
func TestNewAppCountsWhenConfirmed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, ctx := b.Liaison(), t.Context()
	if _, err := b.Login.ConfirmApp(ctx, c, "123456"); !fault.Is(err, fault.WrongState) {
		t.Errorf("nothing to confirm: %v", err)
	}
	password, secret, codes := b.SetUpCredentials(c)
	b.Clock.Advance(time.Minute)
	token := b.OpenConsole(c).Token
	o, err := b.Login.NewApp(ctx, c, token, "")
	if err != nil || o.Secret == secret || !strings.HasPrefix(string(o.Drawing), "svg otpauth://totp/") || !strings.Contains(string(o.Drawing), o.Secret) {
		t.Fatalf("%s, %v", o.Drawing, err)
	}
	if _, err := b.Login.ConfirmApp(ctx, c, wrongCode(b.Code(o.Secret))); desktest.KindOf(err) != "invalid code" {
		t.Errorf("a wrong code: %v", err)
	}
	if _, err := b.Login.SignIn(ctx, "l01@lj", password, b.Code(secret), desktest.Browser); err != nil {
		t.Errorf("the app before: %v", err)
	}
	b.Clock.Advance(time.Minute)
	again, err := b.Login.ConfirmApp(ctx, c, b.Code(o.Secret))
	if err != nil || len(again) != 10 {
		t.Fatal(again, err)
	}
	b.Clock.Advance(time.Minute)
	for what, code := range map[string]string{"the app before": b.Code(secret), "a code of before": codes[5]} {
		if _, err := b.Login.SignIn(ctx, "l01@lj", password, code, desktest.Browser); desktest.KindOf(err) != "invalid password" {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, code := range []string{b.Code(o.Secret), again[9]} {
		if _, err := b.Login.SignIn(ctx, "l01@lj", password, code, desktest.Browser); err != nil {
			t.Error(err)
		}
	}
}

func TestAccountIsLockedAfterFiveWrongTries(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	password, secret, _ := b.SetUpCredentials(b.Liaison())
	theirs, their, _ := b.SetUpCredentials(b.Admin())
	b.Clock.Advance(time.Minute)
	b.FailSignIns("l01@lj", 4)
	if _, err := b.Login.SignIn(ctx, "l01@lj", password, b.Code(secret), desktest.Browser); err != nil {
		t.Fatalf("the fifth is right: %v", err)
	}
	b.Clock.Advance(time.Minute)
	// A success resets the count. An unknown account is locked too, because otherwise it could be recognised.
	for _, account := range []string{"l01@lj", "l99@lj", "nonsense"} {
		b.FailSignIns(account, 5)
		_, err := b.Login.SignIn(ctx, strings.ToUpper(account[:1])+account[1:], password, b.Code(secret), desktest.Browser)
		e, ok := errors.AsType[*fault.Error](err)
		if !ok || e.Code != fault.TooMany || e.RetryAfter != 15*time.Minute || !strings.Contains(e.Message, "15 分钟") || !strings.Contains(e.Message, "扫码") {
			t.Errorf("%s: %v", account, err)
		}
	}
	if _, err := b.Login.SignIn(ctx, "a01@lj", theirs, b.Code(their), desktest.Browser); err != nil {
		t.Errorf("another account: %v", err)
	}
	b.OpenConsole(b.Liaison()) // the phone lets its owner in meanwhile
	keys, err := b.Server.Client(t).Keys(ctx, "tries:*").Result()
	if err != nil || len(keys) != 3 {
		t.Fatal(keys, err)
	}
	for _, key := range keys {
		if left := b.Server.Client(t).PTTL(ctx, key).Val(); left > 15*time.Minute || left < 14*time.Minute {
			t.Errorf("%s rests %v", key, left)
		}
	}
	// Further tries do not extend the lock, and do not keep the owner, signed in by phone, from setting up a
	// new app.
	rests := b.Server.Client(t)
	for _, key := range keys {
		if err := rests.Expire(ctx, key, time.Minute).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Login.SignIn(ctx, "l01@lj", "not the password", "123456", desktest.Browser); !fault.Is(err, fault.TooMany) {
		t.Error(err)
	}
	for _, key := range keys {
		if left := rests.PTTL(ctx, key).Val(); left > time.Minute || left < 0 {
			t.Errorf("%s rests %v more", key, left)
		}
	}
	token := b.OpenConsole(b.Liaison()).Token
	o, err := b.Login.NewApp(ctx, b.Liaison(), token, "")
	if err != nil {
		t.Fatal(err)
	}
	secret = o.Secret
	if _, err := b.Login.ConfirmApp(ctx, b.Liaison(), b.Code(secret)); err != nil {
		t.Errorf("a new app meanwhile: %v", err)
	}
	b.Clock.Advance(time.Minute)
	b.Expire("tries:*")
	if _, err := b.Login.SignIn(ctx, "l01@lj", password, b.Code(secret), desktest.Browser); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// Passwords cannot be guessed at an unattended computer either.
func TestOldPasswordTriesAreLimited(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, ctx := b.Liaison(), t.Context()
	password, _, _ := b.SetUpCredentials(c)
	token := b.OpenConsole(c).Token
	b.Clock.Advance(11 * time.Minute)
	for range 5 {
		if err := b.Login.SetPassword(ctx, c, token, "guessed", "another password"); desktest.KindOf(err) != "invalid before" {
			t.Fatal(err)
		}
	}
	if err := b.Login.SetPassword(ctx, c, token, password, "another password"); !fault.Is(err, fault.TooMany) {
		t.Error(err)
	}
}

// Tries are counted before they are made: a hundred at once are no hundred guesses.
func TestTriesAtOnceAreCounted(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.SetUpCredentials(b.Liaison())
	other := b.SecondDesk()
	var all sync.WaitGroup
	var made, refused atomic.Int32
	for i := range 16 {
		d := b.Desk
		if i%2 == 1 {
			d = other
		}
		all.Go(func() {
			switch _, err := d.Login.SignIn(t.Context(), "l01@lj", "not the password", "123456", desktest.Browser); {
			case desktest.KindOf(err) == "invalid password":
				made.Add(1)
			case fault.Is(err, fault.TooMany):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if made.Load() != 5 || refused.Load() != 11 {
		t.Errorf("%d made, %d refused", made.Load(), refused.Load())
	}
}

// A former staff account is answered like an unknown one, even with the right password.
func TestFormerStaffSignInLikeUnknown(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx := t.Context()
	password, secret, _ := b.SetUpCredentials(b.Liaison())
	b.Admin()
	if _, err := b.Roster.RemoveEntry(ctx, b.Admin(), station.TableLiaison, roster.Edit{Version: b.Stored().Version, ID: "l01"}); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(11 * time.Second)
	_, left := b.Login.SignIn(ctx, "l01@lj", password, b.Code(secret), desktest.Browser)
	_, never := b.Login.SignIn(ctx, "l77@lj", password, b.Code(secret), desktest.Browser)
	if desktest.KindOf(left) != "invalid password" || left.Error() != never.Error() {
		t.Errorf("who left: %v; who never was: %v", left, never)
	}
}
