package handover

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/handover"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// How often six digits can be tried in triesSpan, by one caller and for one number. Used tries come back evenly, so
// that while digits are valid a number has up to 2 * maxTriesByNumber = 10: whoever has proved it guesses one offer in
// 100,000.
const (
	maxTriesByCaller = 10
	maxTriesByNumber = 5
	triesSpan        = 30 * time.Minute
)

// Claim is what somebody who opened a link is shown: two digits for the person who sent it. Submission is set once it
// is theirs; nothing of it is shown before.
type Claim struct {
	Check      string
	Until      time.Time
	Submission string
}

// Claim claims the submission of a link. It may be repeated; the digits stay the same.
func (svc *Service) Claim(ctx context.Context, c access.Caller, token string) (Claim, error) {
	if c.Person == "" {
		return Claim{}, access.NoSession()
	}
	id, err := svc.submissionOf(ctx, token)
	if err != nil {
		return Claim{}, err
	}
	if id == "" {
		return Claim{}, handover.Closed()
	}
	seed, err := svc.seed()
	if err != nil {
		return Claim{}, err
	}
	var shown Claim
	err = svc.changeOffer(ctx, id, func(o handover.Offer, sealed string) (done bool, err error) {
		has, err := svc.has(ctx, c.Person, id)
		switch {
		case err != nil:
			return false, err
		case has:
			svc.complete(ctx, id, c.Person) // the first time may have been cut short
			shown = Claim{Submission: id}
			return true, nil
		case sealed == "", o.Token != token:
			return false, handover.Closed()
		}
		next, claim, err := o.Claim(c.Person, seed, svc.kit.Now())
		if err != nil {
			return false, err
		}
		shown = Claim{Check: claim.Check, Until: time.UnixMilli(o.LinkUntil)}
		if len(next.Claims) == len(o.Claims) {
			return true, nil
		}
		return svc.swapOffer(ctx, sealed, next, 0)
	})
	if err != nil {
		return Claim{}, err
	}
	return shown, nil
}

// has reports whether the submission was handed over to the person and is theirs.
func (svc *Service) has(ctx context.Context, person, id string) (bool, error) {
	s, err := svc.kit.Records.Load(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && s.Filer == person && handover.GivenAt(s) != 0, err
}

// Confirm gives the submission to the claimant who was shown the two digits.
func (svc *Service) Confirm(ctx context.Context, c access.Caller, id, check string) (matters.View, error) {
	if _, err := svc.kit.Submission(ctx, c, access.Manage, id); err != nil {
		return matters.View{}, err
	}
	check = fold.Code(check)
	over := fault.New(fault.WrongState, "已经用不了了，请重新发一次")
	var v matters.View
	err := svc.changeOffer(ctx, id, func(o handover.Offer, sealed string) (done bool, err error) {
		if o.By != c.Person {
			return false, over
		}
		next, person, refusal := o.Confirm(check, svc.kit.Now())
		if fault.Is(refusal, fault.Invalid) {
			// Wrong digits are counted before they are refused.
			if done, err = svc.swapOffer(ctx, sealed, next, 0); err != nil || !done {
				return false, err
			}
		}
		if refusal != nil {
			return false, refusal
		}
		p, err := svc.store.Person(ctx, person)
		if fault.Is(err, fault.NotFound) {
			return false, kit.Field("check", "对方已经注销，请重新发一次")
		}
		if err != nil {
			return false, err
		}
		to, err := svc.kit.CallerOf(ctx, p)
		if err != nil {
			return false, err
		}
		v, done, err = svc.give(ctx, o, sealed, c, to, "check")
		return done, err
	})
	return v, err
}

// Redeem takes over the submission of six digits. The caller proves the number that they are bound to: by having
// logged in with it, or with a phone code of the platform. All refusals are alike, so that nobody learns whether
// anything is offered to a number. It may be repeated by whoever took the submission over, as an answer can be lost.
func (svc *Service) Redeem(ctx context.Context, c access.Caller, digits, phoneCode string) (matters.View, error) {
	if c.Person == "" {
		return matters.View{}, access.NoSession()
	}
	refused := kit.Field("code", "六位数字不对或已过期，请核对；也可以请对方重新生成")
	// The caller's tries are counted first: a phone code costs the station money.
	if err := svc.countTry(ctx, "by "+c.Person, maxTriesByCaller); err != nil {
		return matters.View{}, err
	}
	phoneIndex, err := svc.provenNumber(ctx, c, phoneCode)
	if err != nil {
		return matters.View{}, err
	}
	if err := svc.countTry(ctx, "to "+phoneIndex, maxTriesByNumber); err != nil {
		return matters.View{}, err
	}
	hash := svc.digitsHash(phoneIndex, fold.Code(digits))
	id, err := svc.submissionOf(ctx, hash)
	if err != nil {
		return matters.View{}, err
	}
	if id == "" {
		return matters.View{}, refused
	}
	var v matters.View
	err = svc.changeOffer(ctx, id, func(o handover.Offer, sealed string) (done bool, err error) {
		if done, err = svc.has(ctx, c.Person, id); err != nil {
			return false, err
		}
		if done {
			svc.complete(ctx, id, c.Person) // the first time may have been cut short
			v, err = svc.matters.Get(ctx, c, id)
			return true, err
		}
		if !o.Redeem(hash, svc.kit.Now()) {
			return false, refused
		}
		v, done, err = svc.give(ctx, o, sealed, c, c, "code")
		return done, err
	})
	return v, err
}

func (svc *Service) countTry(ctx context.Context, key string, most int) error {
	wait, err := svc.store.TakeRate(ctx, "handover "+key, most, triesSpan)
	if err == nil && wait > 0 {
		err = fault.New(fault.TooMany, "试得太多了，请过一会儿再试，或者请对方发卡片、亮二维码给您").Retry(wait)
	}
	return err
}

// provenNumber returns the index of the number that the caller has proved.
func (svc *Service) provenNumber(ctx context.Context, c access.Caller, phoneCode string) (index string, err error) {
	if phoneCode != "" {
		phone, err := svc.identity.PhoneBy(ctx, c, phoneCode)
		if err != nil {
			return "", err
		}
		return svc.sealer.BlindIndex(phone, kit.LoginIndex), nil
	}
	openid, err := svc.kit.OpenID(ctx, c.Person)
	if err != nil {
		return "", err
	}
	index, ok := strings.CutPrefix(openid, kit.PhoneMark)
	if !ok {
		return "", kit.Field("phone_code", "请先核对手机号：对方是把数字交给您的手机号的")
	}
	return index, nil
}

// give makes to the submission's filer for c, who is shown it. sealed is the offer's stored form, name the field of
// what to proved. Before, it reserves the offer, so that of a giving and a taking back one happens. ok is false when
// the offer has changed meanwhile.
func (svc *Service) give(ctx context.Context, o handover.Offer, sealed string, c, to access.Caller, name string) (v matters.View, ok bool, err error) {
	reserved, err := o.Reserve(to.Person, svc.kit.Now())
	if err != nil {
		return matters.View{}, false, err
	}
	if ok, err = svc.swapOffer(ctx, sealed, reserved, 0); err != nil || !ok {
		return matters.View{}, false, err
	}
	if err = svc.kit.Visit(ctx, to.Person, kit.StationOf(o.Submission)); err == nil {
		v, err = svc.privacy.Rewrite(ctx, c, o.Submission, func(s casework.Submission) (casework.Submission, error) {
			if to.Role == access.Member && to.Station == s.Station && to.ID == s.Assignee {
				return s, kit.Field(name, "这件诉求正由接手的人办理，请先转给其他委员")
			}
			if s.Filer != o.By { // it was handed over or erased meanwhile
				return s, fault.New(fault.WrongState, "已经用不了了，请重新发一次")
			}
			return handover.Give(s, to.Person, o.Follow, svc.kit.Now())
		})
	}
	if err != nil {
		// Without an answer it may have been given: then the offer stays reserved until to repeats it or it is free again.
		if code := fault.CodeOf(err); code != fault.Unavailable && code != fault.Internal {
			svc.release(ctx, o.Submission, to.Person)
		}
		return matters.View{}, false, err
	}
	svc.complete(ctx, o.Submission, to.Person)
	return v, true, nil
}

// release ends the reservation of an offer that was not given. After an error it ends by itself.
func (svc *Service) release(ctx context.Context, id, person string) {
	ctx = context.WithoutCancel(ctx)
	err := svc.changeOffer(ctx, id, func(o handover.Offer, sealed string) (done bool, err error) {
		if o.Reserved != person {
			return true, nil
		}
		return svc.swapOffer(ctx, sealed, o.Released(), 0)
	})
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "the offer stays reserved for a while", slog.String("submission", id), slog.Any("err", err))
	}
}

// complete transfers the submission's files to the new filer, clears their undelivered entries and ends the offer.
// After an error the liaison's list has an entry too many, a file is transferred only when the filer erases their
// data, or the offer ends by itself: nobody can be given the submission by it any more.
func (svc *Service) complete(ctx context.Context, id, person string) {
	ctx = context.WithoutCancel(ctx) // it is given: a connection that ends leaves nothing half done
	dropped := svc.changeOffer(ctx, id, func(o handover.Offer, sealed string) (done bool, err error) {
		if sealed == "" || o.Reserved != person {
			return true, nil // it is the new filer's own by now
		}
		return true, svc.store.DropHandover(ctx, id) // nobody changes it while it is reserved
	})
	svc.delivery.DropUndelivered(ctx, id, record.Receiver(notice.Entry{Person: person}))
	s, err := svc.kit.Records.Load(ctx, id)
	if err == nil {
		err = svc.privacy.TransferUploads(ctx, s, s.FilerUploads(), person)
	}
	if err = errors.Join(dropped, err); err != nil {
		svc.kit.Log.WarnContext(ctx, "not handed over completely yet", slog.String("submission", id), slog.Any("err", err))
	}
}

// EndFollowing ends the part of who handed the submission over, for its filer or for that person. The view is empty
// for the latter, who sees it no more.
func (svc *Service) EndFollowing(ctx context.Context, c access.Caller, id string) (matters.View, error) {
	if _, err := svc.kit.Submission(ctx, c, access.Leave, id); err != nil {
		return matters.View{}, err
	}
	return svc.privacy.EndProxy(ctx, c, id)
}

// submissionOf returns the submission that the secret of a link, or the hash of six digits, leads to; "" for none.
func (svc *Service) submissionOf(ctx context.Context, secret string) (string, error) {
	id, err := svc.store.Handover(ctx, kit.Hash(secret))
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return id, err
}
