package privacy_test

import (
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
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
			h, err := b.Privacy.NewHandoverCode(b.T.Context(), c, id)
			if err == nil {
				_, err = b.Privacy.TakeOver(b.T.Context(), b.Visitor("the-mother"), h.Code)
			}
			if err != nil {
				b.T.Fatal(err)
			}
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
func TestTakeOverEndsWithReopening(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("the-child")
	v := b.File(c, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	b.Act(b.Member("m01"), v.ID, casework.Accept{})
	b.Act(b.Member("m01"), v.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	b.Clock.Advance(casework.ReopenDays*24*time.Hour - 3*24*time.Hour)
	h, err := b.Privacy.NewHandoverCode(t.Context(), c, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(4 * 24 * time.Hour)
	if _, err := b.Privacy.NewHandoverCode(t.Context(), c, v.ID); !fault.Is(err, fault.WrongState) {
		t.Errorf("a code: %v", err)
	}
	if _, err := b.Privacy.TakeOver(t.Context(), b.Visitor("the-mother"), h.Code); !fault.Is(err, fault.WrongState) {
		t.Errorf("a code from before: %v", err)
	}
}
