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

// These prefixes begin what stands in place of an openid; see kit.ExternalMark.
const (
	phonePrefix = kit.PhoneMark
	// An openid of the official account is none of the mini program.
	officialPrefix = kit.ExternalMark + "oa:"
)

// SMS sends one-time codes. Neither number nor code may be logged or stored.
type SMS interface {
	// SendCode returns fault.Unavailable when a retry may succeed.
	SendCode(ctx context.Context, phone, code string) error
}

const (
	// loginCodeTTL is how long a code is valid.
	loginCodeTTL = 5 * time.Minute
	// maxLoginCodeTries is how many guesses a code allows: one attack in 200,000 succeeds.
	maxLoginCodeTries = 5
	// LoginCodeInterval is the least time between two codes to one number.
	LoginCodeInterval = time.Minute
	// maxTextsPerNumber is how many codes a number gets in a day, maxTextsPerAddress how many an IP address may
	// request in an hour: a whole village may share one.
	maxTextsPerNumber  = 5
	maxTextsPerAddress = 20
)

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// CanText reports whether one-time codes can be sent.
func (svc *Service) CanText() bool { return svc.sms != nil }

// WebLoginURL is where WeChat's browser logs in to the client's pages, with "STATE" as the placeholder of the
// client's state; "" without an official account.
func (svc *Service) WebLoginURL() string {
	return svc.platform.AuthorizeURL(svc.kit.Config.PublicURL+"/m/", "STATE")
}

// OpenByOfficial logs in with the code of that web login. The person is another record than in the mini
// program, because the platform gives us no way to link the two.
func (svc *Service) OpenByOfficial(ctx context.Context, code, scene string) (OpenedSession, error) {
	openid, err := svc.platform.OfficialLogin(ctx, code)
	if err != nil {
		return OpenedSession{}, err
	}
	id, err := svc.kit.NewID("u")
	if err != nil {
		return OpenedSession{}, err
	}
	person, err := svc.store.PersonByOpenID(ctx, officialPrefix+openid, id)
	if err != nil {
		return OpenedSession{}, err
	}
	return svc.openSession(ctx, person, scene)
}

// checkTextLimits bounds the codes per number and per address: each code costs money, and nobody may be
// pestered with them. The counts are in the store, so that all processes share them and a restart keeps them.
// from is the address, "" for no bound. The address is counted last, so that somebody who taps repeatedly is
// stopped by their own number's limit and uses up nothing of their neighbours'.
func (svc *Service) checkTextLimits(ctx context.Context, from, phoneIndex string) error {
	day := textLimit{"day " + phoneIndex, maxTextsPerNumber, 24 * time.Hour, "今天发的验证码已经很多了，请明天再试，或打工作站电话"}
	for _, l := range []textLimit{{"minute " + phoneIndex, 1, LoginCodeInterval, "验证码刚刚发过，请稍等再发"}, day} {
		if err := svc.takeTextRate(ctx, l); err != nil {
			return err
		}
	}
	if from == "" {
		return nil
	}
	err := svc.takeTextRate(ctx, textLimit{
		svc.sealer.BlindIndex(from, "texts from"), maxTextsPerAddress, time.Hour, "从这里发的验证码已经很多了，请过一会儿再试，或打工作站电话",
	})
	if fault.Is(err, fault.TooMany) {
		// No code was sent: the address's limit must not use up the number's daily count.
		if returnErr := svc.store.ReturnRate(ctx, day.rate(), day.count, day.span); returnErr != nil {
			svc.kit.Log.WarnContext(ctx, "a code that was not sent counts", slog.Any("err", returnErr))
		}
	}
	return err
}

// textLimit is how many codes may be sent in a span, with the message beyond that.
type textLimit struct {
	key     string
	count   int
	span    time.Duration
	message string
}

func (l textLimit) rate() string { return "sms " + l.key }

func (svc *Service) takeTextRate(ctx context.Context, l textLimit) error {
	wait, err := svc.store.TakeRate(ctx, l.rate(), l.count, l.span)
	if err == nil && wait > 0 {
		err = fault.New(fault.TooMany, "%s", l.message).Retry(wait)
	}
	return err
}

// SendLoginCode sends a one-time code to a mainland mobile number, requested from an address; "" has no address
// bound. Known and unknown numbers get the same answer.
func (svc *Service) SendLoginCode(ctx context.Context, phone, from string) error {
	if svc.sms == nil {
		return fault.New(fault.NotFound, "这里不能用手机号登录，请用微信扫码")
	}
	phone, err := Mobile(phone)
	if err != nil {
		return err
	}
	code, err := svc.SixDigits()
	if err != nil {
		return err
	}
	phoneIndex := svc.sealer.BlindIndex(phone, kit.LoginIndex)
	if err := svc.checkTextLimits(ctx, from, phoneIndex); err != nil {
		return err
	}
	if err := svc.store.PutLoginCode(ctx, phoneIndex, svc.loginCodeHash(phoneIndex, code), loginCodeTTL); err != nil {
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
	phoneIndex := svc.sealer.BlindIndex(phone, kit.LoginIndex)
	ok, err := svc.store.TryLoginCode(ctx, phoneIndex, svc.loginCodeHash(phoneIndex, fold.Code(code)), maxLoginCodeTries)
	if err != nil {
		return OpenedSession{}, err
	}
	if !ok {
		return OpenedSession{}, kit.Field("sms_code", "验证码不对或已过期，请核对；也可以再发一次")
	}
	person, err := svc.personByPhone(ctx, phone)
	if err != nil {
		return OpenedSession{}, err
	}
	return svc.openSession(ctx, person, scene)
}

// loginCodeHash is the stored form of a code. It is keyed: there are so few codes that a plain hash could be
// reversed in a second.
func (svc *Service) loginCodeHash(phoneIndex, code string) string {
	return svc.sealer.BlindIndex(phoneIndex+" "+code, "login code")
}

// personByPhone finds or creates the person of a number. It looks under all keys of the ring, so that a key
// change loses nobody.
func (svc *Service) personByPhone(ctx context.Context, phone string) (record.Person, error) {
	for _, index := range svc.sealer.BlindIndexes(phone, kit.LoginIndex) {
		p, err := svc.store.FindPerson(ctx, phonePrefix+index)
		if err == nil || !fault.Is(err, fault.NotFound) {
			return p, err
		}
	}
	id, err := svc.kit.NewID("u")
	if err != nil {
		return record.Person{}, err
	}
	return svc.store.PersonByOpenID(ctx, phonePrefix+svc.sealer.BlindIndex(phone, kit.LoginIndex), id)
}

// openSession opens a session for an authenticated person.
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

// Mobile normalizes a mainland mobile number; fault.Invalid on field phone for anything else.
func Mobile(phone string) (string, error) {
	phone = casework.NormalPhone(phone)
	if !mobile.MatchString(phone) {
		return "", kit.Field("phone", "请填写 11 位手机号")
	}
	return phone, nil
}

// SixDigits draws a uniformly random code.
func (svc *Service) SixDigits() (string, error) {
	const codes = 1_000_000
	const limit = 1<<24 - 1<<24%codes
	b := make([]byte, 3)
	for {
		if _, err := io.ReadFull(svc.kit.Rand, b); err != nil {
			return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
		}
		if n := int(b[0])<<16 | int(b[1])<<8 | int(b[2]); n < limit {
			return strconv.Itoa(n%codes + codes)[1:], nil
		}
	}
}
