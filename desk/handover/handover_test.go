package handover_test

import (
	"slices"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// A submission taken over is the new filer's: they see and erase it, and nothing in it reveals who filed it.
func TestTakenOverIsTheNewFilers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
	id := b.Photo(child, 1)
	hash := b.Hash(id)
	v := b.FileAndTakeOver(child, mother, id)
	b.WantOpens(mother, id, true)
	b.WantOpens(child, id, false)
	for _, e := range b.Load(v.ID).Thread {
		if e.By.ID == child.Person {
			t.Errorf("%+v", e)
		}
	}
	b.Erase(mother)
	b.NoUpload("the photo", id, hash)
}

// A call that the member asked for was to the former filer's number.
func TestTheCallEndsWithTheNumber(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother, member := b.Visitor("the-child"), b.Visitor("the-mother"), b.Member("m01")
	v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf, desktest.Phone("13800138000"))
	b.Act(member, v.ID, casework.AskCall{Reason: "请问是哪一根管子"})
	isCall := func(u overview.Undelivered) bool { return u.Purpose == record.CallPurpose }
	if list := b.UndeliveredHere(); !slices.ContainsFunc(list, isCall) {
		t.Fatalf("no call is listed: %+v", list)
	}
	b.HandOver(child, mother, v.ID, true)
	if list := b.UndeliveredHere(); slices.ContainsFunc(list, isCall) {
		t.Errorf("the former filer is to be called: %+v", list)
	}
	if got := b.Look(member, v.ID); got.Call != nil {
		t.Errorf("there is nobody to call: %+v", got.Call)
	}
	b.Clock.Advance(time.Minute)
	if _, err := b.Privacy.CorrectPhone(t.Context(), mother, v.ID, "13900139000", ""); err != nil {
		t.Fatal(err)
	}
	b.Act(member, v.ID, casework.AskCall{Reason: "请问是哪一根管子"})
}

// Who follows it no more has nothing of it: the photos that they added as its proxy are the filer's.
func TestEndedFollowingLeavesNoFiles(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"the-child", "the-mother"} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
			v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
			b.HandOver(child, mother, v.ID, false)
			photo, kept := b.Photo(child, 9), b.Photo(child, 10)
			b.Act(child, v.ID, casework.Message{Text: "拍了一张", Photos: []string{photo}})
			b.RunPhotoChecks()
			b.WantOpens(child, photo, true)
			if _, err := b.Handover.EndFollowing(t.Context(), b.Visitor(who), v.ID); err != nil {
				t.Fatal(err)
			}
			b.WantOpens(child, photo, false)
			b.WantOpens(child, kept, true)
			b.WantOpens(mother, photo, true)
			b.Erase(child)
			b.WantOpens(mother, photo, true)
			b.CheckConsistent()
		})
	}
}

// The former filer's erasure does not touch the new filer's data.
func TestEraseLeavesWhatWasTakenOver(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
	id := b.Photo(child, 1)
	b.FileAndTakeOver(child, mother, id)
	b.RunPhotoChecks()
	b.Erase(child)
	b.WantOpens(mother, id, true)
	if u, err := b.Store.Upload(t.Context(), id); err != nil || u.Owner == child.Person {
		t.Errorf("%+v, %v", u, err)
	}
}

// A pending notice to a former filer is not sent.
func TestNoNoticeToAFormerFiler(t *testing.T) {
	t.Parallel()
	for what, leave := range map[string]func(b *desktest.Bundle, c access.Caller, id string){
		"taken over": func(b *desktest.Bundle, c access.Caller, id string) {
			b.HandOver(c, b.Visitor("the-mother"), id, true)
		},
		"forgotten": func(b *desktest.Bundle, c access.Caller, _ string) { b.Erase(c) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			b.Consent("the-child", notice.VisitorClosed, 3)
			c := b.Visitor("the-child")
			v := b.File(c, b.Key(station.ForMember, "m01"), desktest.OnBehalf, desktest.Phone("13800138000"))
			b.Act(b.Member("m01"), v.ID, casework.Accept{})
			b.Act(b.Member("m01"), v.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
			leave(b, c, v.ID)
			b.Deliver()
			if got := b.Emu.Messages("the-child"); len(got) != 0 {
				t.Errorf("told %+v", got)
			}
			for _, u := range b.UndeliveredHere() {
				if u.Role == access.Visitor {
					t.Errorf("the liaison is to call them: %+v", u)
				}
			}
		})
	}
}

// After the time in which it could be reopened nothing is left to take over.
func TestHandingOverEndsWithReopening(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, mother := b.Visitor("the-child"), b.Visitor("the-mother")
	v := b.File(c, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	b.Act(b.Member("m01"), v.ID, casework.Accept{})
	b.Act(b.Member("m01"), v.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	b.Clock.Advance(casework.ReopenDays*24*time.Hour - time.Hour)
	o := offered(b, c, v.ID, "")
	claim, err := b.Handover.Claim(t.Context(), mother, o.Token)
	if err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(2 * time.Hour)
	if _, err := b.Handover.Make(t.Context(), c, v.ID, "", false); !fault.Is(err, fault.WrongState) {
		t.Errorf("an offer: %v", err)
	}
	if _, err := b.Handover.Confirm(t.Context(), c, v.ID, claim.Check); !fault.Is(err, fault.WrongState) {
		t.Errorf("an offer from before: %v", err)
	}
}
