package desktest

import (
	"github.com/pquerna/otp/totp"

	"mashang/domain/access"
)

// Code returns the present code of an authenticator app.
func (b *Bundle) Code(secret string) string {
	b.T.Helper()
	code, err := totp.GenerateCode(secret, b.Clock.Now())
	if err != nil {
		b.T.Fatal(err)
	}
	return code
}

const GoodPassword = "渡口的船 早上六点开"

// SetUpCredentials gives the caller a password and an app, from a console session opened by phone.
func (b *Bundle) SetUpCredentials(c access.Caller) (password, secret string, codes []string) {
	b.T.Helper()
	ctx, token := b.T.Context(), b.OpenConsole(c).Token
	if err := b.Login.SetPassword(ctx, c, token, "", GoodPassword); err != nil {
		b.T.Fatal(err)
	}
	o, err := b.Login.NewApp(ctx, c, token, "")
	if err != nil {
		b.T.Fatal(err)
	}
	if codes, err = b.Login.ConfirmApp(ctx, c, b.Code(o.Secret)); err != nil {
		b.T.Fatal(err)
	}
	if err := b.Login.SignOut(ctx, c, token); err != nil {
		b.T.Fatal(err)
	}
	return GoodPassword, o.Secret, codes
}

// FailSignIns tries to sign in with a wrong password so many times.
func (b *Bundle) FailSignIns(account string, times int) {
	b.T.Helper()
	for i := range times {
		if _, err := b.Login.SignIn(b.T.Context(), account, "not the password", "123456", Browser); KindOf(err) != "invalid password" {
			b.T.Fatalf("%s, try %d: %v", account, i+1, err)
		}
	}
}
