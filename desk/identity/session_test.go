package identity_test

import (
	"strings"
	"testing"
	"time"

	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

func TestOpenTellsRoles(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	for _, c := range []struct {
		role       access.Role
		as, ref    string
		member     string
		name       string
		wantCaller access.Role
	}{
		{access.Member, "member", "m01", "m01", "陈一", access.Member},
		{access.Liaison, "liaison", "l01", "", "周联络", access.Liaison},
		{access.Liaison, "liaison", "a01", "", "吴管理", access.Admin},
		{access.Department, "department", "d01", "", "市场监管所", access.Department},
	} {
		caller := b.Bound(desktest.Here, c.role, c.ref)
		if caller.Role != c.wantCaller || caller.Station != desktest.Here || caller.ID != c.ref || caller.Name != c.name {
			t.Errorf("%s: %+v", c.ref, caller)
		}
		o := b.Open(desktest.OpenidOf(desktest.Here, c.role, c.ref), "")
		if o.User.Role != c.wantCaller || o.User.Member != c.member || o.User.Name != c.name || o.User.ID != caller.Person {
			t.Errorf("%s: user %+v", c.ref, o.User)
		}
	}
	o := b.Open("just-somebody", "")
	if o.User.Role != access.Visitor || o.User.Member != "" || o.User.Name != "" {
		t.Errorf("visitor: %+v", o.User)
	}
	if want := desktest.Start.Add(30 * 24 * time.Hour); !o.ExpiresAt.Equal(want) {
		t.Errorf("expires %v, want %v", o.ExpiresAt, want)
	}
	if strings.Contains(o.User.ID, "just-somebody") {
		t.Error("the openid is shown")
	}
}

func TestOpenFindsTheTarget(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.Key(station.ForMember, "m03")
	for _, scene := range []string{key, strings.ToUpper(key), "https://q.example.cn/q/" + key, b.Codes.URL(key) + "?from=sign"} {
		o := b.Open("scanner", scene)
		if o.Target == nil || o.TargetError != "" || o.Target.Member == nil || o.Target.Member.ID != "m03" ||
			o.Target.Station.ID != desktest.Here || len(o.Target.OnDuty) != 1 {
			t.Errorf("%q: %+v, %q", scene, o.Target, o.TargetError)
		}
	}
	for _, scene := range []string{"nothing", "22222222aa", strings.Repeat("长", 300), "https://q.example.cn/q/"} {
		if o := b.Open("scanner", scene); o.Target != nil || o.TargetError != "unknown" || o.Token == "" {
			t.Errorf("%q: %+v, %q", scene, o.Target, o.TargetError)
		}
	}
	if o := b.Open("scanner", ""); o.Target != nil || o.TargetError != "" {
		t.Errorf("no scene: %+v, %q", o.Target, o.TargetError)
	}
	revoked := true
	if _, err := b.Codes.ChangeCode(t.Context(), b.Liaison(), key, codes.CodeChange{Revoked: &revoked}); err != nil {
		t.Fatal(err)
	}
	if o := b.Open("scanner", key); o.Target != nil || o.TargetError != "revoked" || o.Token == "" {
		t.Errorf("revoked: %+v, %q", o.Target, o.TargetError)
	}
}

func TestLoginCodeWorksOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	code := b.Emu.LoginCode("somebody")
	if _, err := b.Identity.Open(t.Context(), code, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Open(t.Context(), code, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("used code: %v", err)
	}
	late := b.Emu.LoginCode("somebody")
	b.Clock.Advance(6 * time.Minute)
	if _, err := b.Identity.Open(t.Context(), late, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("old code: %v", err)
	}
}

func TestSessionsLiveSideBySide(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	first, second := b.Open("somebody", ""), b.Open("somebody", "")
	if first.Token == second.Token || len(first.Token) < 50 {
		t.Fatalf("tokens %d characters, equal %v", len(first.Token), first.Token == second.Token)
	}
	if b.Caller(first.Token) != b.Caller(second.Token) {
		t.Error("two people out of one")
	}
	if err := b.Identity.SignOut(t.Context(), first.Token); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Caller(t.Context(), first.Token); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("after leaving: %v", err)
	}
	b.Caller(second.Token)
	for _, token := range []string{"", "nonsense", first.Token + "0"} {
		if _, err := b.Identity.Caller(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("token %q: %v", token, err)
		}
	}
	// Nothing stored can be used to log in.
	for key, value := range b.DumpKeys() {
		if strings.Contains(key+value, second.Token) {
			t.Errorf("%s holds the token", key)
		}
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.SessionTTL = 50 * time.Millisecond })
	o := b.Open("somebody", "")
	b.Caller(o.Token)
	b.WaitKeysGone("sess:*")
	b.Clock.Advance(11 * time.Second) // what was read may be used for ten
	if _, err := b.Identity.Caller(t.Context(), o.Token); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("an ended session: %v", err)
	}
}

func TestBindOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	in, err := b.Identity.Invite(t.Context(), b.Liaison(), "m01", false)
	if err != nil {
		t.Fatal(err)
	}
	if want := desktest.Start.Add(7 * 24 * time.Hour); !in.ExpiresAt.Equal(want) {
		t.Errorf("expires %v", in.ExpiresAt)
	}
	typed := strings.ToUpper(in.Code[:4]) + " -" + in.Code[4:]
	first, second := b.Open("first", ""), b.Open("second", "")
	user, err := b.Identity.Bind(t.Context(), b.Caller(first.Token), typed)
	if err != nil || user.Role != access.Member || user.Member != "m01" || user.Name != "陈一" {
		t.Fatalf("bind: %+v, %v", user, err)
	}
	for name, code := range map[string]string{"used": in.Code, "wrong": "0123456789abcdef", "empty": ""} {
		_, err := b.Identity.Bind(t.Context(), b.Caller(second.Token), code)
		if !fault.Is(err, fault.Invalid) || desktest.WrongFields(err) != "invitation" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c := b.Caller(second.Token); c.Role != access.Visitor {
		t.Errorf("a wrong code gave %+v", c)
	}
	if _, err := b.Identity.Bind(t.Context(), access.Caller{}, in.Code); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}

func TestInvitationExpires(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.InviteTTL = 50 * time.Millisecond })
	in, err := b.Identity.IssueInvite(t.Context(), record.Invite{Station: desktest.Here, Role: "member", Ref: "m01"})
	if err != nil {
		t.Fatal(err)
	}
	b.WaitKeysGone("invite:*")
	if _, err := b.Identity.Bind(t.Context(), b.Visitor("somebody"), in.Code); !fault.Is(err, fault.Invalid) {
		t.Errorf("an expired invitation: %v", err)
	}
}

func TestBindingAgainMovesTheRole(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	oldPhone, newPhone := b.Open("old-phone", ""), b.Open("new-phone", "")
	for _, o := range []identity.OpenedSession{oldPhone, newPhone} {
		in, err := b.Identity.IssueInvite(t.Context(), record.Invite{Station: desktest.Here, Role: "member", Ref: "m01"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Identity.Bind(t.Context(), b.Caller(o.Token), in.Code); err != nil {
			t.Fatal(err)
		}
	}
	if c := b.Caller(oldPhone.Token); c.Role != access.Visitor {
		t.Errorf("the old phone is still %+v", c)
	}
	if c := b.Caller(newPhone.Token); c.Role != access.Member || c.ID != "m01" {
		t.Errorf("the new phone is %+v", c)
	}
}

func TestRemovedMemberLosesRights(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	token := b.Open(desktest.OpenidOf(desktest.Here, access.Member, b.Member("m01").ID), "").Token
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	if _, err := b.Matters.Get(t.Context(), b.Caller(token), s.ID); err != nil {
		t.Fatal(err)
	}
	next := desktest.Town()
	next.Members[0].Left = true
	b.Put(next, 1)
	b.Clock.Advance(3 * time.Second) // rosters are read again after two
	c := b.Caller(token)
	if c.Role != access.Visitor || c.Station != "" || c.ID != "" {
		t.Errorf("gone from the roster and still %+v", c)
	}
	if _, err := b.Matters.Get(t.Context(), c, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("reads what was theirs: %v", err)
	}
	if _, err := b.Matters.Inbox(t.Context(), c, matters.Filter{}, "", 0); !fault.Is(err, fault.Denied) {
		t.Errorf("has an inbox: %v", err)
	}
}

func TestWhoInvitesWhom(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	admin := b.Bound(desktest.Here, access.Liaison, "a01")
	for _, c := range []struct {
		who  access.Caller
		id   string
		want fault.Code
	}{
		{b.Liaison(), "m01", ""},
		{b.Liaison(), "d01", ""},
		{b.Liaison(), "l01", fault.Denied},
		{b.Liaison(), "m99", fault.NotFound},
		{admin, "l01", ""},
		{admin, "a01", ""},
		{b.Member("m01"), "m02", fault.Denied},
		{b.Visitor("villager"), "m01", fault.Denied},
		{b.Bound(desktest.Here, access.Department, "d01"), "m01", fault.Denied},
		{access.Caller{}, "m01", fault.Unauthenticated},
	} {
		if _, err := b.Identity.Invite(t.Context(), c.who, c.id, true); fault.CodeOf(err) != c.want {
			t.Errorf("%s invites %s: %v, want %q", c.who.Role, c.id, err, c.want)
		}
	}
}
