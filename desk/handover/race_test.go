package handover_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/handover"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	rules "mashang/domain/handover"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// between is a store with which something happens once right after an offer was read, or was changed.
type between struct {
	handover.Store
	read, changed sync.Once
	afterRead     func()
	afterChange   func()
}

func (s *between) Handover(ctx context.Context, name string) (string, error) {
	value, err := s.Store.Handover(ctx, name)
	if s.afterRead != nil && strings.HasPrefix(name, desktest.Here+"-") {
		s.read.Do(s.afterRead)
	}
	return value, err
}

func (s *between) ChangeHandover(ctx context.Context, submission, was, next string, ttl time.Duration) (bool, error) {
	ok, err := s.Store.ChangeHandover(ctx, submission, was, next, ttl)
	if s.afterChange != nil && ok {
		s.changed.Do(s.afterChange)
	}
	return ok, err
}

// slow is a second process in whose handover something happens in between.
func slow(b *desktest.Bundle, s *between) *handover.Service {
	s.Store = b.Store
	return b.SecondDesk(func(p *desk.Parts) { p.Handovers = s }).Handover
}

// family files for the father, who has a number, and offers it with digits.
func family(t *testing.T) (b *desktest.Bundle, child, father access.Caller, id string, o handover.Offer) {
	t.Helper()
	b = desktest.Setup(t)
	child, father = b.Visitor("the-child"), b.Caller(b.ByPhone("13900139000").Token)
	id = b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf).ID
	return b, child, father, id, offered(b, child, id, "13900139000")
}

// An offer that is made twice at once is one offer, and a claim that comes meanwhile stays.
func TestOffersAtOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
	id := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf).ID
	var first handover.Offer
	second, err := slow(b, &between{afterRead: func() { first = offered(b, child, id, "") }}).Make(t.Context(), child, id, "", false)
	if err != nil || second.Token != first.Token || second.Token == "" {
		t.Errorf("%q and %q, %v", first.Token, second.Token, err)
	}
	var claim handover.Claim
	third, err := slow(b, &between{afterRead: func() {
		if claim, err = b.Handover.Claim(t.Context(), mother, first.Token); err != nil {
			t.Error(err)
		}
	}}).Make(t.Context(), child, id, "13900139000", false)
	if err != nil || third.Token != first.Token || third.Digits == "" || !third.Claimed {
		t.Errorf("%+v, %v", third, err)
	}
	if _, err := b.Handover.Confirm(t.Context(), child, id, claim.Check); err != nil {
		t.Errorf("the claim is lost: %v", err)
	}
	b.CheckConsistent()
}

// Of a taking back and a taking over one happens, and the other is told.
func TestTakenBackOrTakenOver(t *testing.T) {
	t.Parallel()
	t.Run("taken back first", func(t *testing.T) {
		t.Parallel()
		b, child, father, id, o := family(t)
		_, err := slow(b, &between{afterRead: func() {
			if err := b.Handover.TakeBack(t.Context(), child, id); err != nil {
				t.Error(err)
			}
		}}).Redeem(t.Context(), father, o.Digits, "")
		if !slices.Equal(desktest.FieldsOf(err), []string{"code"}) || b.Load(id).Filer != child.Person {
			t.Errorf("taken over after it was taken back: %v", err)
		}
	})
	t.Run("while it is given", func(t *testing.T) {
		t.Parallel()
		b, child, father, id, o := family(t)
		var back, again error
		_, err := slow(b, &between{afterChange: func() {
			back = b.Handover.TakeBack(t.Context(), child, id)
			_, again = b.Handover.Make(t.Context(), child, id, "13700137000", false)
		}}).Redeem(t.Context(), father, o.Digits, "")
		if err != nil || b.Load(id).Filer != father.Person {
			t.Errorf("not given: %v", err)
		}
		if !fault.Is(back, fault.WrongState) || !fault.Is(again, fault.WrongState) {
			t.Errorf("taken back: %v, offered anew: %v", back, again)
		}
	})
	t.Run("given first", func(t *testing.T) {
		t.Parallel()
		b, child, father, id, o := family(t)
		err := slow(b, &between{afterRead: func() {
			if _, err := b.Handover.Redeem(t.Context(), father, o.Digits, ""); err != nil {
				t.Error(err)
			}
		}}).TakeBack(t.Context(), child, id)
		if !fault.Is(err, fault.Denied) || b.Load(id).Filer != father.Person {
			t.Errorf("taken back after it was given: %v", err)
		}
	})
}

// An offer that could not be given is free again at once; one whose process died is after a while.
func TestAReservationEnds(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	mother := b.Visitor("the-mother")
	id := b.File(mother, b.Key(station.ForMember, "m01"), desktest.OnBehalf).ID
	o := offered(b, mother, id, "")
	claim, err := b.Handover.Claim(t.Context(), b.Member("m01"), o.Token)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Handover.Confirm(t.Context(), mother, id, claim.Check); !slices.Equal(desktest.FieldsOf(err), []string{"check"}) {
		t.Errorf("%v", err)
	}
	if err := b.Handover.TakeBack(t.Context(), mother, id); err != nil {
		t.Errorf("not given and not free: %v", err)
	}

	b, child, father, id, o := family(t)
	dying, die := context.WithCancel(t.Context())
	if _, err := slow(b, &between{afterChange: die}).Redeem(dying, father, o.Digits, ""); err == nil {
		t.Fatal("given by who died")
	}
	if err := b.Handover.TakeBack(t.Context(), child, id); !fault.Is(err, fault.WrongState) {
		t.Errorf("taken back at once: %v", err)
	}
	b.Clock.Advance(rules.ReserveTTL)
	if err := b.Handover.TakeBack(t.Context(), child, id); err != nil {
		t.Error(err)
	}
}

// committing is a store with which something happens once right after a submission was changed.
type committing struct {
	desk.Store
	once sync.Once
	do   func()
}

func (s *committing) Commit(ctx context.Context, was, next casework.Submission, notices []notice.Entry) (bool, error) {
	ok, err := s.Store.Commit(ctx, was, next, notices)
	if ok {
		s.once.Do(s.do)
		return ok, errors.Join(err, ctx.Err()) // the answer is lost
	}
	return ok, err
}

// Who took it over and was cut off, before it was theirs or after, repeats it, and nothing is left half done.
func TestATakingOverIsRepeated(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(b *desktest.Bundle, die func()) *handover.Service{
		"before": func(b *desktest.Bundle, die func()) *handover.Service { return slow(b, &between{afterChange: die}) },
		"after": func(b *desktest.Bundle, die func()) *handover.Service {
			return b.SecondDesk(func(p *desk.Parts) { p.Store = &committing{Store: p.Store, do: die} }).Handover
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			child, father := b.Visitor("the-child"), b.Caller(b.ByPhone("13900139000").Token)
			photo := b.Photo(child, 1)
			id := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf, desktest.Showing(photo)).ID
			b.RunPhotoChecks()
			o := offered(b, child, id, "13900139000")
			dying, die := context.WithCancel(t.Context())
			if _, err := cut(b, die).Redeem(dying, father, o.Digits, ""); err == nil {
				t.Fatal("given by who died")
			}
			if given := b.Load(id).Filer == father.Person; given != (name == "after") {
				t.Fatalf("given: %v", given)
			}
			for range 2 {
				if v, err := b.Handover.Redeem(t.Context(), father, o.Digits, ""); err != nil || v.ID != id {
					t.Fatalf("%+v, %v", v, err)
				}
			}
			if s := b.Load(id); s.Filer != father.Person || s.Version != 2 {
				t.Errorf("%+v", s)
			}
			if u, err := b.Store.Upload(t.Context(), photo); err != nil || u.Owner != father.Person {
				t.Errorf("the photo is still the former filer's: %+v, %v", u, err)
			}
			if _, err := b.Store.Handover(t.Context(), id); !fault.Is(err, fault.NotFound) {
				t.Errorf("the offer is left: %v", err)
			}
		})
	}
}

// Who confirmed and lost the answer needs nothing more: the claimant's page completes it.
func TestAConfirmationIsCutOff(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
	id := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf).ID
	o := offered(b, child, id, "")
	claim, err := b.Handover.Claim(t.Context(), mother, o.Token)
	if err != nil {
		t.Fatal(err)
	}
	dying, die := context.WithCancel(t.Context())
	cut := b.SecondDesk(func(p *desk.Parts) { p.Store = &committing{Store: p.Store, do: die} }).Handover
	if _, err := cut.Confirm(dying, child, id, claim.Check); err == nil {
		t.Fatal("answered by who died")
	}
	for range 2 {
		if got, err := b.Handover.Claim(t.Context(), mother, o.Token); err != nil || got.Submission != id {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if _, err := b.Store.Handover(t.Context(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("the offer is left: %v", err)
	}
}

// erasing is a store with which something happens once right before an erasure drops an offer.
type erasing struct {
	desk.Store
	once sync.Once
	do   func()
}

func (s *erasing) DropHandover(ctx context.Context, submission string) error {
	s.once.Do(s.do)
	return s.Store.DropHandover(ctx, submission)
}

// Who erases their data while it is taken over erases nothing of the new filer's, and is told to repeat it; the new
// filer erases all of it.
func TestErasedWhileItIsTakenOver(t *testing.T) {
	t.Parallel()
	for _, closed := range []bool{false, true} {
		t.Run(map[bool]string{false: "open", true: "closed"}[closed], func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
			photo := b.Photo(child, 1)
			hash := b.Hash(photo)
			id := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf, desktest.Showing(photo)).ID
			if closed {
				b.Act(b.Member("m01"), id, casework.Accept{})
				b.Act(b.Member("m01"), id, casework.Close{Outcome: casework.Solved, Text: "修好了"})
			}
			b.RunPhotoChecks()
			if _, err := b.Notes.Add(t.Context(), b.Liaison(), id, "", "先打过电话"); err != nil {
				t.Fatal(err)
			}
			other := b.SecondDesk(func(p *desk.Parts) {
				p.Store = &erasing{Store: p.Store, do: func() { b.HandOver(child, mother, id, true) }}
			})
			if err := other.Privacy.Erase(t.Context(), child); !fault.Is(err, fault.WrongState) {
				t.Fatalf("erased meanwhile: %v", err)
			}
			s := b.Load(id)
			if s.Filer != mother.Person || s.Text == "" || s.State.Open() == closed {
				t.Errorf("%+v", s)
			}
			if u, err := b.Store.Upload(t.Context(), photo); err != nil || u.Owner != mother.Person {
				t.Errorf("%+v, %v", u, err)
			}
			if notes, err := b.Notes.Read(t.Context(), b.Liaison(), id); err != nil || len(notes.Notes) != 1 {
				t.Errorf("the station's note is gone: %+v, %v", notes, err)
			}
			b.Erase(child)
			b.WantOpens(mother, photo, true)
			b.Erase(mother)
			b.NoUpload("the photo", photo, hash)
			if after := b.Load(id); after.Filer != casework.ErasedFiler || after.Text == s.Text {
				t.Errorf("%+v", s)
			}
			b.CheckConsistent()
		})
	}
}
