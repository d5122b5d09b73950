package desktest

import (
	"mashang/desk/identity"
)

// ByPhone logs in a person without WeChat.
func (b *Bundle) ByPhone(phone string) identity.OpenedSession {
	b.T.Helper()
	b.Clock.Advance(identity.LoginCodeInterval)
	if err := b.Identity.SendLoginCode(b.T.Context(), phone, ""); err != nil {
		b.T.Fatal(err)
	}
	o, err := b.Identity.OpenByPhone(b.T.Context(), phone, b.Texts.List()[0].Code, "")
	if err != nil {
		b.T.Fatal(err)
	}
	return o
}
