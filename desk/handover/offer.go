package handover

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"time"

	"mashang/desk/audit"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/handover"
)

// Offer is an offer as its filer sees it. The zero value is no offer.
type Offer struct {
	// Token is the link's secret, for a card of the mini program; Link is its address, Drawing its QR code as SVG.
	// All are empty when the link is closed.
	Token     string
	Link      string
	Drawing   []byte
	LinkUntil time.Time
	// Claimed means that somebody opened the link and waits. Who, and with which digits, the filer is not shown:
	// they are to ask the person they mean. Full means that so many opened it that nobody else can.
	Claimed, Full bool
	// Digits are the six digits for PhoneMask, "" for none.
	Digits      string
	PhoneMask   string
	DigitsUntil time.Time
	Follow      bool
}

// renewBefore is how much time a link must have left to be shown again instead of being replaced: its card may be
// with somebody already.
const renewBefore = 12 * time.Hour

// Make offers a submission to the person it was filed for, and returns an offer that exists as it is. With a mainland
// mobile number it adds six digits for whoever has this number. alone means that the caller will not follow the
// submission; staff who wrote it down for somebody never do, as they have it at work.
func (svc *Service) Make(ctx context.Context, c access.Caller, id, phone string, alone bool) (Offer, error) {
	x, err := svc.kit.Submission(ctx, c, access.Manage, id)
	if err != nil {
		return Offer{}, err
	}
	now := svc.kit.Now()
	if err := handover.Possible(x.Submission(), now); err != nil {
		return Offer{}, err
	}
	if phone = casework.NormalPhone(phone); phone != "" {
		if phone, err = identity.Mobile(phone); err != nil {
			return Offer{}, err
		}
	}
	staff := x.Role() != access.Visitor
	token, err := svc.kit.Random("", 15)
	if err != nil {
		return Offer{}, err
	}
	fresh := handover.New(id, c.Person, token, !alone && !staff, now)
	if phone != "" {
		if fresh, err = svc.withDigits(fresh, phone, now); err != nil {
			return Offer{}, err
		}
	}
	var o handover.Offer
	if !staff {
		o, err = svc.putOffer(ctx, fresh, now)
	} else {
		act := audit.Act{By: c, What: audit.HandOver, Object: id, Why: fresh.PhoneMask}
		err = audit.Run(ctx, svc.audit, kit.StationOf(id), act, func(w audit.Written) (err error) {
			o, err = svc.putRecorded(ctx, w, fresh, now)
			return err
		})
	}
	if err != nil {
		return Offer{}, err
	}
	return svc.shown(o, now)
}

// withDigits adds six digits for a number. The number may be known by an index under an older key.
func (svc *Service) withDigits(o handover.Offer, phone string, now time.Time) (handover.Offer, error) {
	digits, err := svc.identity.SixDigits()
	if err != nil {
		return o, err
	}
	var hashes []string
	for _, index := range svc.sealer.BlindIndexes(phone, kit.LoginIndex) {
		hashes = append(hashes, svc.digitsHash(index, digits))
	}
	return o.WithDigits(digits, hashes, casework.MaskPhone(phone), now), nil
}

// digitsHash is what six digits for a number are known by. It is keyed: there are so few digits that a plain hash
// could be reversed in a second.
func (svc *Service) digitsHash(phoneIndex, digits string) string {
	return svc.sealer.BlindIndex(phoneIndex+" "+digits, "handover digits")
}

// putOffer stores a new offer, or what is new of it when there is one with a link that may be with somebody already,
// and then what leads to it. It returns what it stored.
func (svc *Service) putOffer(ctx context.Context, fresh handover.Offer, now time.Time) (handover.Offer, error) {
	var o handover.Offer
	var left time.Duration
	err := svc.changeOffer(ctx, fresh.Submission, func(was handover.Offer, sealed string) (done bool, err error) {
		if err := was.Free(now); err != nil && was.By == fresh.By {
			return false, err
		}
		o = fresh
		// A link that somebody opened is not replaced: they would wait for nothing.
		stays := was.LinkOpen(now) && (len(was.Claims) > 0 || was.LinkOpen(now.Add(renewBefore)))
		if was.By == fresh.By && stays {
			o = was.Renewed(fresh)
		}
		left = max(time.UnixMilli(o.LinkUntil).Sub(now), time.UnixMilli(o.DigitsUntil).Sub(now))
		return svc.swapOffer(ctx, sealed, o, left)
	})
	if err != nil {
		return handover.Offer{}, err
	}
	for _, h := range o.Hashes {
		if err := svc.store.PutHandover(ctx, kit.Hash(h), o.Submission, handover.DigitsTTL); err != nil {
			return handover.Offer{}, err
		}
	}
	return o, svc.store.PutHandover(ctx, kit.Hash(o.Token), o.Submission, left)
}

// putRecorded is putOffer for staff who wrote the submission down for somebody.
func (svc *Service) putRecorded(ctx context.Context, w audit.Written, fresh handover.Offer, now time.Time) (handover.Offer, error) {
	if err := w.Of(audit.HandOver); err != nil {
		return handover.Offer{}, err
	}
	return svc.putOffer(ctx, fresh, now)
}

// Show returns the submission's offer to its filer, the zero value for none.
func (svc *Service) Show(ctx context.Context, c access.Caller, id string) (Offer, error) {
	if _, err := svc.kit.Submission(ctx, c, access.Manage, id); err != nil {
		return Offer{}, err
	}
	o, _, err := svc.load(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && o.By != c.Person {
		return Offer{}, nil
	}
	if err != nil {
		return Offer{}, err
	}
	return svc.shown(o, svc.kit.Now())
}

// TakeBack ends the submission's offer: nothing that was sent of it works any more. While somebody is taking the
// submission over it is too late, and the filer is told.
func (svc *Service) TakeBack(ctx context.Context, c access.Caller, id string) error {
	mayManage := func() error {
		_, err := svc.kit.Submission(ctx, c, access.Manage, id)
		return err
	}
	if err := mayManage(); err != nil {
		return err
	}
	return svc.changeOffer(ctx, id, func(o handover.Offer, sealed string) (done bool, err error) {
		if sealed == "" {
			return true, mayManage() // the offer ends after the submission is given
		}
		if err := o.Free(svc.kit.Now()); err != nil {
			return false, err
		}
		return svc.swapOffer(ctx, sealed, o.TakenBack(), 0)
	})
}

// shown returns an offer as its filer sees it.
func (svc *Service) shown(o handover.Offer, now time.Time) (Offer, error) {
	out := Offer{Follow: o.Follow}
	if o.LinkOpen(now) {
		out.Token, out.LinkUntil, out.Claimed, out.Full = o.Token, time.UnixMilli(o.LinkUntil), len(o.Claims) > 0, o.Full()
		// Behind the # nothing is sent to a server, so that the secret is in no log.
		out.Link = svc.kit.Config.PublicURL + "/m/pages/takeover/index#" + o.Token
		var err error
		if out.Drawing, err = svc.painter.SVG(out.Link); err != nil {
			return Offer{}, err
		}
	}
	if o.DigitsOpen(now) {
		out.Digits, out.PhoneMask, out.DigitsUntil = o.Digits, o.PhoneMask, time.UnixMilli(o.DigitsUntil)
	}
	return out, nil
}

// seal and load convert offers to what is stored: encrypted, as it has secrets in clear, and bound to the submission.
func (svc *Service) seal(o handover.Offer) (string, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
	}
	return svc.sealer.Seal(string(text), sealedTo(o.Submission))
}

// load returns a submission's offer and its stored form; fault.NotFound for none.
func (svc *Service) load(ctx context.Context, id string) (o handover.Offer, sealed string, err error) {
	if sealed, err = svc.store.Handover(ctx, id); err != nil {
		return o, "", err
	}
	text, err := svc.sealer.Open(sealed, sealedTo(id))
	if err == nil {
		err = json.Unmarshal([]byte(text), &o)
	}
	if err != nil {
		return handover.Offer{}, "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
	}
	return o, sealed, nil
}

// changeOffer calls step with the submission's offer and its stored form, which is "" for none, until step is done or
// has an error. A step that is not done has met a concurrent change.
func (svc *Service) changeOffer(ctx context.Context, id string, step func(o handover.Offer, sealed string) (done bool, err error)) error {
	for range kit.MaxConflictRetries {
		o, sealed, err := svc.load(ctx, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if done, err := step(o, sealed); err != nil || done {
			return err
		}
	}
	return fault.New(fault.Unavailable, "系统忙，请稍后再试")
}

// swapOffer replaces an offer, in its stored form or "" for none, by the next one, which lives for ttl; 0 keeps the
// remaining time. ok is false when it has changed meanwhile.
func (svc *Service) swapOffer(ctx context.Context, was string, next handover.Offer, ttl time.Duration) (ok bool, err error) {
	sealed, err := svc.seal(next)
	if err != nil {
		return false, err
	}
	return svc.store.ChangeHandover(ctx, next.Submission, was, sealed, ttl)
}

func sealedTo(id string) string { return "handover " + id }

// seed returns a random number.
func (svc *Service) seed() (uint64, error) {
	var b [8]byte
	if _, err := io.ReadFull(svc.kit.Rand, b[:]); err != nil {
		return 0, fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
	}
	return binary.BigEndian.Uint64(b[:]), nil
}
