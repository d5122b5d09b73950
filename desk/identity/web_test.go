package identity_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"mashang/adapters/seal"
	"mashang/desk"
	"mashang/desk/delivery"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/identity"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

const webPhone = "13900139000"

func TestPhoneIsAPerson(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	first, again := b.ByPhone(webPhone), b.ByPhone("+86 139 0013 9000")
	if first.User.ID != again.User.ID || first.Token == again.Token {
		t.Errorf("%+v, %+v", first, again)
	}
	if other := b.ByPhone("13700137000"); other.User.ID == first.User.ID {
		t.Error("two numbers are one person")
	}
	// Nobody reads the number from the store, or finds it there by trying.
	c := b.Server.Client(t)
	for _, key := range c.Keys(t.Context(), "*").Val() {
		value := c.Get(t.Context(), key).Val() + fmt.Sprint(c.HGetAll(t.Context(), key).Val())
		if strings.Contains(key+value, webPhone) || strings.Contains(key+value, webPhone[3:]) {
			t.Errorf("the number is in %s", key)
		}
	}
}

func TestLoginCodeOfAPhone(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	send := func() string {
		b.Clock.Advance(identity.LoginCodeInterval)
		if err := b.Identity.SendLoginCode(t.Context(), webPhone, ""); err != nil {
			t.Fatal(err)
		}
		return b.Texts.List()[0].Code
	}
	refused := func(what, phone, code string) {
		t.Helper()
		if _, err := b.Identity.OpenByPhone(t.Context(), phone, code, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	old := send()
	code := send()
	if old != code {
		refused("one that was replaced", webPhone, old)
	}
	refused("nothing", webPhone, "")
	refused("another's", "13700137000", code)
	if _, err := b.Identity.OpenByPhone(t.Context(), webPhone, " "+code+" ", ""); err != nil {
		t.Error(err)
	}
	refused("a used one", webPhone, code)

	code = send()
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range 5 {
		refused("a guess", webPhone, wrong)
	}
	refused("after five guesses", webPhone, code)

	send()
	c := b.Server.Client(t)
	for _, key := range c.Keys(t.Context(), "sms:*").Val() {
		if ttl := c.TTL(t.Context(), key).Val(); ttl <= 0 || ttl > 5*time.Minute {
			t.Errorf("a code lives %v", ttl)
		}
	}
}

// overtaken has another log in with the same code once this one's was looked at.
type overtaken struct {
	desk.Store

	other func()
}

func (o overtaken) TryLoginCode(ctx context.Context, who, codeHash string, most int) (bool, error) {
	ok, err := o.Store.TryLoginCode(ctx, who, codeHash, most)
	o.other()
	return ok, err
}

// TestCodesOfOneAddressAreLimited: repeated taps use up none of the neighbours' codes, and a refusal because of
// the address uses up none of the number's daily ones.
func TestCodesOfOneAddressAreLimited(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	const village = "203.0.113.7"
	send := func(phone string) error { return b.Identity.SendLoginCode(t.Context(), phone, village) }
	sent := func(want int) {
		t.Helper()
		if n := len(b.Texts.List()); n != want {
			t.Errorf("%d sent, want %d", n, want)
		}
	}
	for i := range 30 {
		if err := send(webPhone); (err != nil) != (i > 0) {
			t.Fatalf("tap %d: %v", i, err)
		}
	}
	sent(1)
	for i := range 19 {
		if err := send(fmt.Sprintf("138001380%02d", i)); err != nil {
			t.Fatalf("neighbour %d: %v", i, err)
		}
	}
	const late = "13700137000"
	for range 6 { // more than a day's; one code of the address comes back meanwhile
		b.Clock.Advance(time.Minute)
		if err := send(late); !fault.Is(err, fault.TooMany) && err != nil {
			t.Fatal(err)
		}
	}
	before := len(b.Texts.List())
	for range 3 {
		b.Clock.Advance(4 * time.Minute)
		if err := send(late); err != nil {
			t.Errorf("refused for what was never sent: %v", err)
		}
	}
	sent(before + 3)
}

func TestLoginCodeIsUsedOnceConcurrently(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	if err := b.Identity.SendLoginCode(t.Context(), webPhone, ""); err != nil {
		t.Fatal(err)
	}
	code := b.Texts.List()[0].Code
	var late error
	d := b.SecondDesk(func(p *desk.Parts) {
		p.Store = overtaken{p.Store, func() { _, late = b.Identity.OpenByPhone(t.Context(), webPhone, code, "") }}
	})
	if _, err := d.Identity.OpenByPhone(t.Context(), webPhone, code, ""); err != nil {
		t.Error(err)
	}
	if !fault.Is(late, fault.Invalid) {
		t.Errorf("the second with one code: %v", late)
	}
}

// The store's content is not enough to try out codes: without the key nothing in it yields the digest.
func TestLoginCodeIsNotReadFromTheStore(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	if err := b.Identity.SendLoginCode(t.Context(), webPhone, ""); err != nil {
		t.Fatal(err)
	}
	code := b.Texts.List()[0].Code
	c := b.Server.Client(t)
	keys := c.Keys(t.Context(), "sms:*").Val()
	if len(keys) != 1 {
		t.Fatalf("%d keys", len(keys))
	}
	kept := c.Get(t.Context(), keys[0]).Val()
	who := strings.TrimPrefix(keys[0], "sms:")
	for _, guess := range []string{code, who + code, who + " " + code} {
		sum := sha256.Sum256([]byte(guess))
		if strings.Contains(kept, code) || strings.Contains(kept, hex.EncodeToString(sum[:])) {
			t.Error("the code can be tried out")
		}
	}
}

// A new key makes nobody a stranger as long as the old one is in the ring, as
// the operation guide says.
func TestPhoneWhenKeysChange(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := func(id string, fill byte) string {
		return id + ":" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{fill}, 32))
	}
	login := func(keys string) string {
		t.Helper()
		ring, err := seal.Parse(keys)
		if err != nil {
			t.Fatal(err)
		}
		d := b.SecondDesk(func(p *desk.Parts) { p.Sealer = ring })
		b.Clock.Advance(identity.LoginCodeInterval)
		if err := d.Identity.SendLoginCode(t.Context(), webPhone, ""); err != nil {
			t.Fatal(err)
		}
		o, err := d.Identity.OpenByPhone(t.Context(), webPhone, b.Texts.List()[0].Code, "")
		if err != nil {
			t.Fatal(err)
		}
		return o.User.ID
	}
	first := login(key("k1", 1))
	if again := login(key("k2", 2) + "," + key("k1", 1)); again != first {
		t.Error("a new key makes a stranger")
	}
	if without := login(key("k2", 2)); without == first {
		t.Error("known without the key: the guide asks for more than is needed")
	}
}

// A person without WeChat can file; the platform is never asked about them, and notices take the other
// channels.
func TestFilingWithoutWeChat(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	caller, err := b.Identity.Caller(t.Context(), b.ByPhone(webPhone).Token)
	if err != nil {
		t.Fatal(err)
	}
	before := b.Line.Calls("/wxa/msg_sec_check")
	r := filing.Request{Scene: b.Key(station.ForMember, "m03"), Filing: casework.Filing{Kind: casework.Complaint, Text: "路灯坏了", Phone: webPhone}}
	v, err := b.Filing.Submit(t.Context(), caller, "web-filing-1", r)
	if err != nil || v.State != casework.Assigned {
		t.Fatalf("%s, %v", v.State, err)
	}
	if n := b.Line.Calls("/wxa/msg_sec_check"); n != before {
		t.Errorf("the platform was asked %d times about somebody it does not know", n-before)
	}
	if err := b.Delivery.Subscribe(t.Context(), caller, []delivery.Grant{{Template: desktest.Template(notice.VisitorReply), Accepted: true}}); err != nil {
		t.Error(err)
	}
	if left, err := b.Store.ConsentsLeft(t.Context(), caller.Person); err != nil || len(left) != 0 {
		t.Errorf("consents %v, %v", left, err)
	}
	photo := b.Photo(caller, 7)
	if _, err := b.Uploads.CheckPhotos(t.Context()); err != nil {
		t.Fatal(err)
	}
	if u, err := b.Store.Upload(t.Context(), photo); err != nil || u.Safety != record.Unjudged {
		t.Errorf("%q, %v", u.Safety, err)
	}
}

func TestOfficialAccountIsAPersonOfItsOwn(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	if at := b.Identity.WebLoginURL(); !strings.Contains(at, "appid="+desktest.OfficialID) || !strings.Contains(at, "state=STATE") {
		t.Errorf("leads to %s", at)
	}
	mini := b.Open("one-person", "")
	first, err := b.Identity.OpenByOfficial(t.Context(), b.Emu.OAuthCode("one-person"), b.Key(station.ForMember, "m01"))
	if err != nil || first.User.ID == mini.User.ID || first.Target == nil {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := b.Identity.OpenByOfficial(t.Context(), b.Emu.OAuthCode("one-person"), "")
	if err != nil || again.User.ID != first.User.ID {
		t.Errorf("%+v, %v", again, err)
	}
	code := b.Emu.OAuthCode("one-person")
	if _, err := b.Identity.OpenByOfficial(t.Context(), code, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.OpenByOfficial(t.Context(), code, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("a used code: %v", err)
	}
	// The mini program's platform is not asked about them.
	before := b.Line.Calls("/wxa/msg_sec_check")
	r := filing.Request{Scene: b.Key(station.ForMember, "m01"), Filing: casework.Filing{Kind: casework.Help, Text: "路灯坏了"}}
	if _, err := b.Filing.Submit(t.Context(), b.Caller(first.Token), "official-filing", r); err != nil {
		t.Fatal(err)
	}
	if b.Line.Calls("/wxa/msg_sec_check") != before {
		t.Error("the platform was asked about somebody it does not know")
	}
}
