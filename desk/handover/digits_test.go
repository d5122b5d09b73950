package handover_test

import (
	"slices"
	"testing"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	rules "mashang/domain/handover"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// Six digits are for whoever proved the number: by having logged in with it, or by the platform's word. They work
// once.
func TestDigitsAreForOneNumber(t *testing.T) {
	t.Parallel()
	const fathers = "13900139000"
	for how, redeem := range map[string]func(b *desktest.Bundle, digits string) (access.Caller, error){
		"logged in with it": func(b *desktest.Bundle, digits string) (access.Caller, error) {
			c := b.Caller(b.ByPhone(fathers).Token)
			_, err := b.Handover.Redeem(b.T.Context(), c, digits[:3]+" "+digits[3:], "")
			return c, err
		},
		"the platform's word": func(b *desktest.Bundle, digits string) (access.Caller, error) {
			c := b.Visitor("the-father")
			if _, err := b.Handover.Redeem(b.T.Context(), c, digits, ""); !slices.Equal(desktest.FieldsOf(err), []string{"phone_code"}) {
				b.T.Errorf("without a number: %v", err)
			}
			_, err := b.Handover.Redeem(b.T.Context(), c, digits, b.Emu.PhoneCode(fathers))
			return c, err
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			child := b.Visitor("the-child")
			v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
			if _, err := b.Handover.Make(t.Context(), child, v.ID, "110", false); !slices.Equal(desktest.FieldsOf(err), []string{"phone"}) {
				t.Errorf("no mobile number: %v", err)
			}
			o := offered(b, child, v.ID, fathers)
			if len(o.Digits) != 6 || o.PhoneMask != "139****9000" {
				t.Fatalf("%+v", o)
			}
			wrong := []error{}
			for _, try := range []struct{ phone, digits string }{{"13700137000", o.Digits}, {fathers, "000000"}, {"13600136000", "123456"}} {
				if try.digits == o.Digits && try.phone == fathers {
					continue // chance
				}
				c := b.Caller(b.ByPhone(try.phone).Token)
				_, err := b.Handover.Redeem(t.Context(), c, try.digits, "")
				wrong = append(wrong, err)
			}
			for _, err := range wrong {
				if !slices.Equal(desktest.FieldsOf(err), []string{"code"}) || err.Error() != wrong[0].Error() {
					t.Errorf("refusals differ: %v", wrong)
				}
			}
			father, err := redeem(b, o.Digits)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.Look(father, v.ID); got.HandedOver == nil || !got.HandedOver.Own {
				t.Errorf("%+v", got)
			}
			if got := b.Look(child, v.ID); got.HandedOver == nil || got.HandedOver.Own {
				t.Errorf("%+v", got)
			}
			if _, err := redeem(b, o.Digits); err != nil {
				t.Errorf("repeated, as the answer was lost: %v", err)
			}
			_, err = b.Handover.Redeem(t.Context(), b.Visitor("an-heir"), o.Digits, b.Emu.PhoneCode(fathers))
			if err == nil || err.Error() != wrong[0].Error() {
				t.Errorf("used again by another: %v", err)
			}
		})
	}
}

// Digits end after some minutes; new ones replace them; guessing is limited by the number and by the caller.
func TestDigitsEnd(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child := b.Visitor("the-child")
	v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	father := b.Caller(b.ByPhone("13900139000").Token)
	first := offered(b, child, v.ID, "13900139000")
	second := offered(b, child, v.ID, "13900139000")
	if first.Digits != second.Digits {
		if _, err := b.Handover.Redeem(t.Context(), father, first.Digits, ""); !slices.Equal(desktest.FieldsOf(err), []string{"code"}) {
			t.Errorf("replaced: %v", err)
		}
	}
	b.Clock.Advance(rules.DigitsTTL)
	if _, err := b.Handover.Redeem(t.Context(), father, second.Digits, ""); !slices.Equal(desktest.FieldsOf(err), []string{"code"}) {
		t.Errorf("late: %v", err)
	}
	third := offered(b, child, v.ID, "13900139000")
	var err error
	for range 10 {
		if _, err = b.Handover.Redeem(t.Context(), father, "00000x", ""); fault.Is(err, fault.TooMany) {
			break
		}
	}
	if !fault.Is(err, fault.TooMany) {
		t.Fatalf("guessing goes on: %v", err)
	}
	// Another account with the same number is stopped as well.
	other := b.Visitor("the-father")
	if _, err := b.Handover.Redeem(t.Context(), other, third.Digits, b.Emu.PhoneCode("13900139000")); !fault.Is(err, fault.TooMany) {
		t.Errorf("by another account: %v", err)
	}
}

// Both are told of what happens: that it was taken over, an answer, and the end; in words that fit each.
func TestBothAreTold(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	for _, p := range []notice.Purpose{notice.VisitorProgress, notice.VisitorReply, notice.VisitorClosed} {
		b.Consent("the-child", p, 3)
		b.Consent("the-mother", p, 3)
	}
	child, mother, member := b.Visitor("the-child"), b.Visitor("the-mother"), b.Member("m01")
	v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	b.HandOver(child, mother, v.ID, false)
	b.Deliver()
	if c, m := len(b.Emu.Messages("the-child")), len(b.Emu.Messages("the-mother")); c != 1 || m != 0 {
		t.Errorf("after the handover the child got %d, the mother %d", c, m)
	}
	b.Act(member, v.ID, casework.Accept{})
	b.Act(member, v.ID, casework.Reply{Text: "明天来修"})
	b.Act(member, v.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	b.Deliver()
	if c, m := len(b.Emu.Messages("the-child")), len(b.Emu.Messages("the-mother")); c != m+1 || m < 2 {
		t.Errorf("the child got %d, the mother %d", c, m)
	}
	if _, err := b.Handover.EndFollowing(t.Context(), mother, v.ID); err != nil {
		t.Fatal(err)
	}
	before := len(b.Emu.Messages("the-child"))
	b.Act(mother, v.ID, casework.Reopen{Reason: "又坏了"})
	b.Act(member, v.ID, casework.Reply{Text: "再来看看"})
	b.Deliver()
	if got := len(b.Emu.Messages("the-child")); got != before {
		t.Errorf("told after the end: %d, before %d", got, before)
	}
}

// Each side's erasure takes what is theirs: the proxy's leaves the submission to its filer, the filer's leaves
// nothing to the proxy.
func TestErasureOfEitherSide(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"the-child", "the-mother"} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
			v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
			b.HandOver(child, mother, v.ID, false)
			photo := b.Photo(child, 9)
			b.Act(child, v.ID, casework.Message{Text: "拍了一张", Photos: []string{photo}})
			b.RunPhotoChecks()
			b.Erase(b.Visitor(who))
			s := b.Load(v.ID)
			if s.Proxy != nil {
				t.Errorf("%+v", s.Proxy)
			}
			for _, e := range s.Thread {
				if e.By.ID == child.Person {
					t.Errorf("%+v", e)
				}
			}
			if who == "the-child" {
				if s.State != casework.Assigned || s.Filer != mother.Person || !slices.Equal(mine(b, mother), []string{v.ID}) {
					t.Errorf("%+v", s)
				}
				b.WantOpens(mother, photo, true)
			} else if s.Filer != casework.ErasedFiler || len(mine(b, child)) > 0 {
				t.Errorf("%+v", s)
			}
			b.CheckConsistent()
		})
	}
}
