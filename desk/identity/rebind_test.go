package identity_test

import (
	"slices"
	"testing"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
)

// TestRebindNotifiesTheFormerHolder: only after a confirmation, audited, and the former holder is notified.
func TestRebindNotifiesTheFormerHolder(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	b.Consent(desktest.PhoneOfM01, notice.MemberMessage, 1)
	if _, err := b.Identity.Invite(t.Context(), b.Liaison(), "m01", false); !fault.Is(err, fault.Conflict) {
		t.Fatalf("without a second look: %v", err)
	}
	in, err := b.Identity.Invite(t.Context(), b.Liaison(), "m01", true)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := b.Identity.Bind(t.Context(), b.Visitor("another-phone"), in.Code); err != nil || u.Member != "m01" {
		t.Fatalf("%+v, %v", u, err)
	}
	if msgs := b.Emu.Messages(desktest.PhoneOfM01); len(msgs) != 1 || msgs[0].Data["thing2"].Value != "您的身份已绑定到另一个微信" {
		t.Errorf("who had it is told %+v: %s", msgs, b.Log.String())
	}
	// The next to lose it has no consent and no open chat: the staff read that.
	again, err := b.Identity.Invite(t.Context(), b.Liaison(), "m01", true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Bind(t.Context(), access.Caller{Person: m.Person, Role: access.Visitor}, again.Code); err != nil {
		t.Fatal(err)
	}
	lines, err := b.Store.Audits(t.Context(), desktest.Here, "", 20)
	if err != nil {
		t.Fatal(err)
	}
	var what []string
	for _, l := range lines {
		what = append(what, l.Action)
	}
	for _, want := range []string{"rebind", "rebind-untold", "invite"} {
		if !slices.Contains(what, want) {
			t.Errorf("%s is not written down: %v", want, what)
		}
	}
}

// TestAnOldInvitationTakesNoRoleThatWasBoundSince: made while a role was free, or
// somebody else's, it does not stand in for the second look.
func TestAnOldInvitationTakesNoRoleThatWasBoundSince(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	invite := func(again bool) string {
		t.Helper()
		in, err := b.Identity.Invite(t.Context(), b.Liaison(), "m02", again)
		if err != nil {
			t.Fatal(err)
		}
		return in.Code
	}
	bind := func(openid, code string, ok bool) {
		t.Helper()
		u, err := b.Identity.Bind(t.Context(), b.Visitor(openid), code)
		if ok && (err != nil || u.Member != "m02") || !ok && !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %+v, %v", openid, u, err)
		}
	}
	first, second, third := invite(false), invite(false), invite(false)
	bind("their-phone", first, true)
	bind("a-stranger", second, false)
	bind("their-phone", third, true) // it is theirs already
	looked, other := invite(true), invite(true)
	bind("their-new-phone", looked, true)
	bind("a-stranger", other, false)
	if got := b.Caller(b.Open("their-new-phone", "").Token); got.Role != access.Member || got.ID != "m02" {
		t.Errorf("whose it is now: %+v", got)
	}
}
