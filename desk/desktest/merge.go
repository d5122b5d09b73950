package desktest

import (
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/store"
)

const LampText = "北街的路灯坏了半个月，晚上看不见路，老人摔了一跤"

func SameAs(offer string) func(*filing.Request) { return func(r *filing.Request) { r.SameAs = offer } }

// FirstOffer returns the first offer for LampText under a code.
func (b *Bundle) FirstOffer(c access.Caller, key string) string {
	b.T.Helper()
	offers, err := b.Matters.OfferSimilar(b.T.Context(), c, key, LampText, nil)
	if err != nil || len(offers) == 0 || offers[0].Token == "" {
		b.T.Fatalf("offered %+v, %v", offers, err)
	}
	return offers[0].Token
}

// CheckConsistent fails the test if a submission is in a wrong list.
func (b *Bundle) CheckConsistent() {
	b.T.Helper()
	r, err := b.Store.Verify(b.T.Context(), store.Verification{})
	if err != nil || len(r.Faults) > 0 {
		b.T.Errorf("%v: %v", err, r.Faults)
	}
}
