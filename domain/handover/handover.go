// Package handover has the rules of an offer by which the filer of a submission for somebody else hands it over
// to that person.
//
// An offer has two ways. Its link (a card, a QR code, an address) may reach anybody, so opening it only claims
// the submission: the claimant is shown two digits, and the filer, who asks the person they meant for them, gives
// it to the claimant with these digits. Its six digits are bound to a phone number: whoever has proved that number
// and knows the digits takes the submission at once.
//
// An Offer is a value; each function returns the next one.
package handover

import (
	"crypto/subtle"
	"slices"
	"strconv"
	"time"

	"mashang/domain/fault"
)

const (
	// LinkTTL is how long a link can be claimed. A card is often read in the evening.
	LinkTTL = 24 * time.Hour
	// DigitsTTL is how long six digits are valid: a call, and finding the page.
	DigitsTTL = 30 * time.Minute
	// MaxClaims is how many people can claim one link, so that a stranger who was first keeps nobody out.
	MaxClaims = 5
	// MaxWrong is how often the filer can type wrong check digits. One in 90 is right by chance.
	MaxWrong = 3
	// ReserveTTL is how long an offer is reserved for one person. Giving takes less; after a crash the offer is free
	// again.
	ReserveTTL = 2 * time.Minute
)

// The check digits are the numbers from 10 to 99.
const firstCheck, checks = 10, 90

// Offer is a filer's offer. A submission has one at most.
type Offer struct {
	Submission string `json:"s"`
	// By is the filer's person.
	By string `json:"b"`
	// Follow: the filer goes on following it.
	Follow bool `json:"f,omitempty"`
	// Token is the secret of the link, LinkUntil its end in UTC milliseconds.
	Token     string  `json:"t"`
	LinkUntil int64   `json:"u"`
	Claims    []Claim `json:"c,omitempty"`
	// Wrong counts wrong check digits.
	Wrong int `json:"w,omitempty"`
	// Digits are the six digits, "" for none; Hashes are their keyed hashes together with the number, under each
	// index that the number may be known by.
	Digits      string   `json:"d,omitempty"`
	Hashes      []string `json:"h,omitempty"`
	PhoneMask   string   `json:"m,omitempty"`
	DigitsUntil int64    `json:"v,omitempty"`
	// Reserved is the person to whom it is being given, "" for nobody; ReservedUntil is in UTC milliseconds.
	Reserved      string `json:"r,omitempty"`
	ReservedUntil int64  `json:"ru,omitempty"`
}

// Claim is somebody who opened the link.
type Claim struct {
	Person string `json:"p"`
	// Check is the two digits that only this person is shown.
	Check string `json:"c"`
}

// New makes an offer with a link.
func New(submission, by, token string, follow bool, now time.Time) Offer {
	return Offer{Submission: submission, By: by, Token: token, Follow: follow, LinkUntil: now.Add(LinkTTL).UnixMilli()}
}

// WithDigits adds six digits, or replaces earlier ones.
func (o Offer) WithDigits(digits string, hashes []string, mask string, now time.Time) Offer {
	o.Digits, o.Hashes, o.PhoneMask, o.DigitsUntil = digits, slices.Clone(hashes), mask, now.Add(DigitsTTL).UnixMilli()
	return o
}

// Renewed returns the offer with its link and claims, and with what is chosen in a newer one: who goes on following,
// and six digits if it has any.
func (o Offer) Renewed(newer Offer) Offer {
	o = o.Released()
	o.Follow = newer.Follow
	if newer.Digits != "" {
		o.Digits, o.Hashes, o.PhoneMask, o.DigitsUntil = newer.Digits, newer.Hashes, newer.PhoneMask, newer.DigitsUntil
	}
	return o
}

// LinkOpen reports whether the link can be claimed and given.
func (o Offer) LinkOpen(now time.Time) bool {
	return now.UnixMilli() < o.LinkUntil && o.Wrong < MaxWrong
}

// DigitsOpen reports whether the six digits are valid.
func (o Offer) DigitsOpen(now time.Time) bool {
	return o.Digits != "" && now.UnixMilli() < o.DigitsUntil
}

// Full reports whether nobody else can claim the link.
func (o Offer) Full() bool { return len(o.Claims) >= MaxClaims }

// Closed is the answer to whoever opens a link that leads nowhere, for whatever reason.
func Closed() error {
	return fault.New(fault.NotFound, "这张卡片已经用不了了：可能已被接手、收回、过期，或者打开的人太多。请让发给您的人收回后再发一次")
}

// Free returns why the offer cannot be changed or taken back now, nil if it can: it is being given to somebody.
func (o Offer) Free(now time.Time) error {
	if o.Reserved != "" && now.UnixMilli() < o.ReservedUntil {
		return fault.New(fault.WrongState, "有人正在接手这件诉求，现在不能改，也不能收回。请过一会儿再看")
	}
	return nil
}

// Reserve reserves the offer for the person to whom it is about to be given, so that meanwhile it is neither taken
// back nor given to another. It may be repeated for the same person.
func (o Offer) Reserve(person string, now time.Time) (Offer, error) {
	if o.Reserved != person {
		if err := o.Free(now); err != nil {
			return o, err
		}
	}
	o.Reserved, o.ReservedUntil = person, now.Add(ReserveTTL).UnixMilli()
	return o, nil
}

// Released ends the reservation: the offer was not given after all.
func (o Offer) Released() Offer {
	o.Reserved, o.ReservedUntil = "", 0
	return o
}

// TakenBack returns what is left of an offer that its filer took back: nothing leads to it.
func (o Offer) TakenBack() Offer { return Offer{Submission: o.Submission, By: o.By} }

// Claim returns the claim of a person, a new one at their first time. seed is random and chooses the digits.
func (o Offer) Claim(person string, seed uint64, now time.Time) (Offer, Claim, error) {
	if !o.LinkOpen(now) {
		return o, Claim{}, Closed()
	}
	if person == o.By {
		return o, Claim{}, fault.New(fault.WrongState, "这是您自己发出的：请让对方用自己的手机打开")
	}
	for _, c := range o.Claims {
		if c.Person == person {
			return o, c, nil
		}
	}
	if o.Full() {
		return o, Claim{}, Closed()
	}
	c := Claim{Person: person, Check: o.freeCheck(seed)}
	o.Claims = append(slices.Clone(o.Claims), c)
	return o, c, nil
}

// freeCheck returns digits that no claim has.
func (o Offer) freeCheck(seed uint64) string {
	for n := seed % checks; ; n = (n + 1) % checks {
		check := strconv.FormatUint(n+firstCheck, 10)
		if !slices.ContainsFunc(o.Claims, func(c Claim) bool { return c.Check == check }) {
			return check
		}
	}
}

// Confirm returns the person whom the filer means, by the digits that this person was shown. With wrong digits
// person is "" and the next offer has counted them; the last of MaxWrong ends the link.
func (o Offer) Confirm(check string, now time.Time) (next Offer, person string, err error) {
	if !o.LinkOpen(now) {
		return o, "", fault.New(fault.WrongState, "已经用不了了，请重新发一次")
	}
	for _, c := range o.Claims {
		if subtle.ConstantTimeCompare([]byte(c.Check), []byte(check)) == 1 {
			return o, c.Person, nil
		}
	}
	var fields fault.Check
	o.Wrong++
	if o.LinkOpen(now) {
		fields.Require(false, "check", "和对方手机上的两位数对不上，请再问一遍")
	} else {
		fields.Require(false, "check", "错了 %d 次，为了稳妥这次作废了：请重新发一次", MaxWrong)
	}
	return o, "", fields.Err()
}

// Redeem reports whether the hash is that of the six digits and a number they are bound to. All hashes are compared
// in a time that does not depend on them.
func (o Offer) Redeem(hash string, now time.Time) bool {
	match := 0
	for _, h := range o.Hashes {
		match |= subtle.ConstantTimeCompare([]byte(h), []byte(hash))
	}
	return match == 1 && o.DigitsOpen(now)
}
