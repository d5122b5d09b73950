package desk_test

import (
	"testing"
	"time"

	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// What was taken over is the new filer's: they see and delete it, and nothing
// in it tells who wrote it down.
func TestTakenOverIsTheNewFilers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	child, mother := b.visitor("the-child"), b.visitor("the-mother")
	id := b.photo(child, 1)
	hash := b.hash(id)
	v := b.taken(child, mother, id)
	b.opens(mother, id, true)
	b.opens(child, id, false)
	for _, e := range b.load(v.ID).Thread {
		if e.By.ID == child.Person {
			t.Errorf("%+v", e)
		}
	}
	b.forget(mother)
	b.noUpload("the photo", id, hash)
}

// The former filer's wish does not take from the new one what is theirs.
func TestForgetLeavesWhatWasTakenOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	child, mother := b.visitor("the-child"), b.visitor("the-mother")
	id := b.photo(child, 1)
	b.taken(child, mother, id)
	b.checked()
	b.forget(child)
	b.opens(mother, id, true)
	if u, err := b.store.Upload(t.Context(), id); err != nil || u.Owner == child.Person {
		t.Errorf("%+v, %v", u, err)
	}
}

// taken files for the mother, with a photo, and lets her take it over.
func (b *bundle) taken(child, mother access.Caller, photos ...string) matters.View {
	b.t.Helper()
	v := b.file(child, b.key(station.ForMember, "m01"), onBehalf, showing(photos...))
	b.act(child, v.ID, access.Message, text("她家在三号楼"))
	h, err := b.Privacy.HandOver(b.t.Context(), child, v.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	if v, err = b.Privacy.TakeOver(b.t.Context(), mother, h.Code); err != nil {
		b.t.Fatal(err)
	}
	return v
}

func onBehalf(r *filing.Request) {
	r.Filing.OnBehalf = &casework.OnBehalf{Name: "王秀英", Relation: "母亲"}
}

// A notice that was on its way to somebody who is its filer no more is not sent.
func TestNoNoticeToAFormerFiler(t *testing.T) {
	t.Parallel()
	for what, leave := range map[string]func(b *bundle, c access.Caller, id string){
		"taken over": func(b *bundle, c access.Caller, id string) {
			h, err := b.Privacy.HandOver(b.t.Context(), c, id)
			if err == nil {
				_, err = b.Privacy.TakeOver(b.t.Context(), b.visitor("the-mother"), h.Code)
			}
			if err != nil {
				b.t.Fatal(err)
			}
		},
		"forgotten": func(b *bundle, c access.Caller, _ string) { b.forget(c) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.consent("the-child", notice.VisitorClosed, 3)
			c := b.visitor("the-child")
			v := b.file(c, b.key(station.ForMember, "m01"), onBehalf, phone("13800138000"))
			b.act(b.member("m01"), v.ID, access.Accept)
			b.act(b.member("m01"), v.ID, access.Close, closing(casework.Solved, "修好了"))
			leave(b, c, v.ID)
			b.deliver()
			if got := b.emu.Messages("the-child"); len(got) != 0 {
				t.Errorf("told %+v", got)
			}
			for _, u := range b.untoldHere() {
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
	b := setup(t)
	c := b.visitor("the-child")
	v := b.file(c, b.key(station.ForMember, "m01"), onBehalf)
	b.act(b.member("m01"), v.ID, access.Accept)
	b.act(b.member("m01"), v.ID, access.Close, closing(casework.Solved, "修好了"))
	b.clock.Advance(casework.ReopenDays*24*time.Hour - 3*24*time.Hour)
	h, err := b.Privacy.HandOver(t.Context(), c, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(4 * 24 * time.Hour)
	if _, err := b.Privacy.HandOver(t.Context(), c, v.ID); !fault.Is(err, fault.WrongState) {
		t.Errorf("a code: %v", err)
	}
	if _, err := b.Privacy.TakeOver(t.Context(), b.visitor("the-mother"), h.Code); !fault.Is(err, fault.WrongState) {
		t.Errorf("a code from before: %v", err)
	}
}
