package desk

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
)

// People who do not come by the mini program prove a phone number, or log in by
// the official account. They are persons like others, known by a keyed digest of
// the number or by their openid there; the mark keeps the mini program's platform
// from ever being asked about them.

// What stands for an openid begins so; no openid does.
const (
	outsideMark = "@"
	telMark     = outsideMark + "tel:"
	// An openid of the official account is no openid of the mini program.
	officialMark = outsideMark + "oa:"
)

// outside reports whether the platform does not know the person: it can check
// nothing and send nothing for them.
func outside(openid string) bool { return strings.HasPrefix(openid, outsideMark) }

// SMS sends one-time codes. Neither number nor code may be written down.
type SMS interface {
	// SendCode answers fault.Unavailable when it can be tried again.
	SendCode(ctx context.Context, phone, code string) error
}

const (
	// loginCodeLife is how long a code can be used.
	loginCodeLife = 5 * time.Minute
	// loginCodeTries is how often one can be guessed at: one in 200,000 gets in.
	loginCodeTries = 5
	// LoginCodeEvery is how soon a number is sent another.
	LoginCodeEvery = time.Minute
	// mostTexts is how many codes a number is sent in a day, and mostTextsFrom how
	// many an address can have sent in an hour: a village may share one.
	mostTexts     = 5
	mostTextsFrom = 20
)

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// Texts reports whether one-time codes can be sent.
func (d *Desk) Texts() bool { return d.sms != nil }

// WebLogin is where WeChat's browser logs somebody in for the client's pages, with
// "STATE" where the client puts its own; "" without an official account.
func (d *Desk) WebLogin() string { return d.platform.AuthorizeURL(d.cfg.PublicURL+"/m/", "STATE") }

// OpenByOfficial logs in with the code that comes back from there. The person is
// another than in the mini program, which the platform has no way to tell us.
func (d *Desk) OpenByOfficial(ctx context.Context, code, scene string) (Opened, error) {
	openid, err := d.platform.OfficialLogin(ctx, code)
	if err != nil {
		return Opened{}, err
	}
	id, err := d.newID("u")
	if err != nil {
		return Opened{}, err
	}
	person, err := d.store.PersonByOpenID(ctx, officialMark+openid, id)
	if err != nil {
		return Opened{}, err
	}
	return d.begin(ctx, person, scene)
}

// mayText bounds what a number and an address may cost: each code is paid for, and
// none may be used to pester somebody. The counts are the store's: a restart does
// not forget them, and all processes share them. from is the address, "" for one
// without bound. It comes last: who taps again and again is held back by their own
// number, and takes nothing from the neighbours who share the address.
func (d *Desk) mayText(ctx context.Context, from, who string) error {
	day := textLimit{"day " + who, mostTexts, 24 * time.Hour, "今天发的验证码已经很多了，请明天再试，或打工作站电话"}
	for _, l := range []textLimit{{"minute " + who, 1, LoginCodeEvery, "验证码刚刚发过，请稍等再发"}, day} {
		if err := d.takeText(ctx, l); err != nil {
			return err
		}
	}
	if from == "" {
		return nil
	}
	err := d.takeText(ctx, textLimit{
		d.sealer.BlindIndex(from, "texts from"), mostTextsFrom, time.Hour, "从这里发的验证码已经很多了，请过一会儿再试，或打工作站电话",
	})
	if fault.Is(err, fault.TooMany) {
		// None was sent: that their neighbours had many is not to cost them their day's.
		if lost := d.store.ReturnRate(ctx, day.rate(), day.most, day.span); lost != nil {
			d.log.WarnContext(ctx, "a code that was not sent counts", slog.Any("err", lost))
		}
	}
	return err
}

// textLimit is how many codes may be sent in a span, and what is said beyond.
type textLimit struct {
	key  string
	most int
	span time.Duration
	wait string
}

func (l textLimit) rate() string { return "sms " + l.key }

func (d *Desk) takeText(ctx context.Context, l textLimit) error {
	wait, err := d.store.TakeRate(ctx, l.rate(), l.most, l.span)
	if err == nil && wait > 0 {
		err = fault.New(fault.TooMany, "%s", l.wait).Retry(wait)
	}
	return err
}

// SendLoginCode sends a one-time code to a mainland mobile number, for somebody at
// the address from; "" leaves the address out of the bounds. Whether the number is
// known makes no difference to anybody who watches.
func (d *Desk) SendLoginCode(ctx context.Context, phone, from string) error {
	if d.sms == nil {
		return fault.New(fault.NotFound, "这里不能用手机号登录，请用微信扫码")
	}
	phone, err := Mobile(phone)
	if err != nil {
		return err
	}
	code, err := d.sixDigits()
	if err != nil {
		return err
	}
	who := d.sealer.BlindIndex(phone, "login")
	if err := d.mayText(ctx, from, who); err != nil {
		return err
	}
	if err := d.store.PutLoginCode(ctx, who, d.loginCode(who, code), loginCodeLife); err != nil {
		return err
	}
	return d.sms.SendCode(ctx, phone, code)
}

// OpenByPhone logs in with a code that was sent to the number.
func (d *Desk) OpenByPhone(ctx context.Context, phone, code, scene string) (Opened, error) {
	phone, err := Mobile(phone)
	if err != nil {
		return Opened{}, err
	}
	who := d.sealer.BlindIndex(phone, "login")
	ok, err := d.store.TryLoginCode(ctx, who, d.loginCode(who, fold.Code(code)), loginCodeTries)
	if err != nil {
		return Opened{}, err
	}
	if !ok {
		return Opened{}, field("sms_code", "验证码不对或已过期，请核对；也可以再发一次")
	}
	person, err := d.byPhone(ctx, phone)
	if err != nil {
		return Opened{}, err
	}
	return d.begin(ctx, person, scene)
}

// loginCode is what the store knows of a code. It is keyed: all codes there are
// can be hashed in a second, so a plain hash would hide none.
func (d *Desk) loginCode(who, code string) string {
	return d.sealer.BlindIndex(who+" "+code, "login code")
}

// byPhone finds the person of a number under any key of the ring, so that a
// new key makes nobody a stranger, or makes them.
func (d *Desk) byPhone(ctx context.Context, phone string) (Person, error) {
	for _, index := range d.sealer.BlindIndexes(phone, "login") {
		p, err := d.store.PersonKnown(ctx, telMark+index)
		if err == nil || !fault.Is(err, fault.NotFound) {
			return p, err
		}
	}
	id, err := d.newID("u")
	if err != nil {
		return Person{}, err
	}
	return d.store.PersonByOpenID(ctx, telMark+d.sealer.BlindIndex(phone, "login"), id)
}

// begin opens a session for a person who has proved who they are.
func (d *Desk) begin(ctx context.Context, person Person, scene string) (Opened, error) {
	caller, err := d.callerOf(ctx, person)
	if err != nil {
		return Opened{}, err
	}
	token, err := d.random("", 32)
	if err != nil {
		return Opened{}, err
	}
	o := Opened{Token: token, ExpiresAt: d.now().Add(d.cfg.SessionTTL), User: userOf(caller)}
	if err := d.store.PutSession(ctx, hash(token), person.ID, d.cfg.SessionTTL); err != nil {
		return Opened{}, err
	}
	if scene != "" {
		if o.Target, o.TargetError, err = d.target(ctx, caller, scene); err != nil {
			return Opened{}, err
		}
	}
	return o, nil
}

// Mobile is a mainland mobile number in its one spelling; fault.Invalid on
// phone for anything else.
func Mobile(phone string) (string, error) {
	phone = casework.NormalPhone(phone)
	if !mobile.MatchString(phone) {
		return "", field("phone", "请填写 11 位手机号")
	}
	return phone, nil
}

// sixDigits draws a code without favouring any.
func (d *Desk) sixDigits() (string, error) {
	const codes = 1_000_000
	const most = 1<<24 - 1<<24%codes
	b := make([]byte, 3)
	for {
		if _, err := io.ReadFull(d.rand, b); err != nil {
			return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
		}
		if n := int(b[0])<<16 | int(b[1])<<8 | int(b[2]); n < most {
			return strconv.Itoa(n%codes + codes)[1:], nil
		}
	}
}

// reachable reports whether the platform can send the caller anything.
func (d *Desk) reachable(ctx context.Context, c access.Caller) (bool, error) {
	openid, err := d.openid(ctx, c.Person)
	return !outside(openid), err
}
