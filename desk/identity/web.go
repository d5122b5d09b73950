package identity

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"time"

	"mashang/desk/kit"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/record"
)

// People who do not come by the mini program prove a phone number, or log in by
// the official account. They are persons like others, known by a keyed digest of
// the number or by their openid there; the mark keeps the mini program's platform
// from ever being asked about them.

// What stands for an openid begins so; no openid does.
const (
	telMark = kit.ExternalMark + "tel:"
	// An openid of the official account is no openid of the mini program.
	officialMark = kit.ExternalMark + "oa:"
)

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
func (svc *Service) Texts() bool { return svc.sms != nil }

// WebLogin is where WeChat's browser logs somebody in for the client's pages, with
// "STATE" where the client puts its own; "" without an official account.
func (svc *Service) WebLogin() string {
	return svc.platform.AuthorizeURL(svc.kit.Config.PublicURL+"/m/", "STATE")
}

// OpenByOfficial logs in with the code that comes back from there. The person is
// another than in the mini program, which the platform has no way to tell us.
func (svc *Service) OpenByOfficial(ctx context.Context, code, scene string) (OpenedSession, error) {
	openid, err := svc.platform.OfficialLogin(ctx, code)
	if err != nil {
		return OpenedSession{}, err
	}
	id, err := svc.kit.NewID("u")
	if err != nil {
		return OpenedSession{}, err
	}
	person, err := svc.store.PersonByOpenID(ctx, officialMark+openid, id)
	if err != nil {
		return OpenedSession{}, err
	}
	return svc.openSession(ctx, person, scene)
}

// mayText bounds what a number and an address may cost: each code is paid for, and
// none may be used to pester somebody. The counts are the store's: a restart does
// not forget them, and all processes share them. from is the address, "" for one
// without bound. It comes last: who taps again and again is held back by their own
// number, and takes nothing from the neighbours who share the address.
func (svc *Service) mayText(ctx context.Context, from, who string) error {
	day := textLimit{"day " + who, mostTexts, 24 * time.Hour, "今天发的验证码已经很多了，请明天再试，或打工作站电话"}
	for _, l := range []textLimit{{"minute " + who, 1, LoginCodeEvery, "验证码刚刚发过，请稍等再发"}, day} {
		if err := svc.takeText(ctx, l); err != nil {
			return err
		}
	}
	if from == "" {
		return nil
	}
	err := svc.takeText(ctx, textLimit{
		svc.sealer.BlindIndex(from, "texts from"), mostTextsFrom, time.Hour, "从这里发的验证码已经很多了，请过一会儿再试，或打工作站电话",
	})
	if fault.Is(err, fault.TooMany) {
		// None was sent: that their neighbours had many is not to cost them their day's.
		if lost := svc.store.ReturnRate(ctx, day.rate(), day.most, day.span); lost != nil {
			svc.kit.Log.WarnContext(ctx, "a code that was not sent counts", slog.Any("err", lost))
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

func (svc *Service) takeText(ctx context.Context, l textLimit) error {
	wait, err := svc.store.TakeRate(ctx, l.rate(), l.most, l.span)
	if err == nil && wait > 0 {
		err = fault.New(fault.TooMany, "%s", l.wait).Retry(wait)
	}
	return err
}

// SendLoginCode sends a one-time code to a mainland mobile number, for somebody at
// the address from; "" leaves the address out of the bounds. Whether the number is
// known makes no difference to anybody who watches.
func (svc *Service) SendLoginCode(ctx context.Context, phone, from string) error {
	if svc.sms == nil {
		return fault.New(fault.NotFound, "这里不能用手机号登录，请用微信扫码")
	}
	phone, err := Mobile(phone)
	if err != nil {
		return err
	}
	code, err := svc.sixDigits()
	if err != nil {
		return err
	}
	who := svc.sealer.BlindIndex(phone, "login")
	if err := svc.mayText(ctx, from, who); err != nil {
		return err
	}
	if err := svc.store.PutLoginCode(ctx, who, svc.loginCode(who, code), loginCodeLife); err != nil {
		return err
	}
	return svc.sms.SendCode(ctx, phone, code)
}

// OpenByPhone logs in with a code that was sent to the number.
func (svc *Service) OpenByPhone(ctx context.Context, phone, code, scene string) (OpenedSession, error) {
	phone, err := Mobile(phone)
	if err != nil {
		return OpenedSession{}, err
	}
	who := svc.sealer.BlindIndex(phone, "login")
	ok, err := svc.store.TryLoginCode(ctx, who, svc.loginCode(who, fold.Code(code)), loginCodeTries)
	if err != nil {
		return OpenedSession{}, err
	}
	if !ok {
		return OpenedSession{}, kit.Field("sms_code", "验证码不对或已过期，请核对；也可以再发一次")
	}
	person, err := svc.byPhone(ctx, phone)
	if err != nil {
		return OpenedSession{}, err
	}
	return svc.openSession(ctx, person, scene)
}

// loginCode is what the store knows of a code. It is keyed: all codes there are
// can be hashed in a second, so a plain hash would hide none.
func (svc *Service) loginCode(who, code string) string {
	return svc.sealer.BlindIndex(who+" "+code, "login code")
}

// byPhone finds the person of a number under any key of the ring, so that a
// new key makes nobody a stranger, or makes them.
func (svc *Service) byPhone(ctx context.Context, phone string) (record.Person, error) {
	for _, index := range svc.sealer.BlindIndexes(phone, "login") {
		p, err := svc.store.FindPerson(ctx, telMark+index)
		if err == nil || !fault.Is(err, fault.NotFound) {
			return p, err
		}
	}
	id, err := svc.kit.NewID("u")
	if err != nil {
		return record.Person{}, err
	}
	return svc.store.PersonByOpenID(ctx, telMark+svc.sealer.BlindIndex(phone, "login"), id)
}

// openSession opens a session for a person who has proved who they are.
func (svc *Service) openSession(ctx context.Context, person record.Person, scene string) (OpenedSession, error) {
	caller, err := svc.kit.CallerOf(ctx, person)
	if err != nil {
		return OpenedSession{}, err
	}
	token, err := svc.kit.Random("", 32)
	if err != nil {
		return OpenedSession{}, err
	}
	o := OpenedSession{Token: token, ExpiresAt: svc.kit.Now().Add(svc.kit.Config.SessionTTL), User: UserOf(caller)}
	if err := svc.store.PutSession(ctx, kit.Hash(token), person.ID, svc.kit.Config.SessionTTL); err != nil {
		return OpenedSession{}, err
	}
	if scene != "" {
		if o.Target, o.TargetError, err = svc.target(ctx, caller, scene); err != nil {
			return OpenedSession{}, err
		}
	}
	return o, nil
}

// Mobile is a mainland mobile number in its one spelling; fault.Invalid on
// phone for anything else.
func Mobile(phone string) (string, error) {
	phone = casework.NormalPhone(phone)
	if !mobile.MatchString(phone) {
		return "", kit.Field("phone", "请填写 11 位手机号")
	}
	return phone, nil
}

// sixDigits draws a code without favouring any.
func (svc *Service) sixDigits() (string, error) {
	const codes = 1_000_000
	const most = 1<<24 - 1<<24%codes
	b := make([]byte, 3)
	for {
		if _, err := io.ReadFull(svc.kit.Rand, b); err != nil {
			return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
		}
		if n := int(b[0])<<16 | int(b[1])<<8 | int(b[2]); n < most {
			return strconv.Itoa(n%codes + codes)[1:], nil
		}
	}
}
