package privacy_test

import (
	"errors"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// The liaison's list of held photos goes on without one that was deleted.
func TestEraseReleasesHeldPhotos(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Emu.SetMediaVerdicts("villager", emulator.VerdictRisky)
	v := b.Visitor("villager")
	b.File(v, b.Key(station.ForMember, "m01"), desktest.Showing(b.Photo(v, 1)))
	b.RunPhotoChecks()
	if n := len(b.HeldPhotos()); n != 1 {
		t.Fatalf("%d held photos", n)
	}
	b.Erase(v)
	if n := len(b.HeldPhotos()); n != 0 {
		t.Errorf("%d held photos of nobody", n)
	}
}

// Nothing is asked about a photo that was deleted.
func TestEraseEndsChecks(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	id := b.Photo(v, 1)
	b.File(v, b.Key(station.ForMember, "m01"), desktest.Showing(id))
	b.Erase(v)
	b.Clock.Advance(time.Hour)
	if n, err := b.Uploads.CheckPhotos(t.Context()); err != nil || n != 0 {
		t.Errorf("%d questions, %v", n, err)
	}
	if keys := b.Server.Client(t).Keys(t.Context(), "upload:"+id+"*").Val(); len(keys) != 0 {
		t.Errorf("%q are left", keys)
	}
}

// Uploads that were never filed are the person's too.
func TestEraseDeletesUploadsNeverFiled(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	id := b.Photo(v, 1)
	hash := b.Hash(id)
	b.Erase(v)
	b.NoUpload("the draft", id, hash)
}

// stuck is a disk that deletes nothing.
type stuck struct{ desk.Media }

func (stuck) Remove(string) error { return errors.New("the disk is read-only") }

// A file that could not be deleted is deleted by the next call.
func TestEraseContinuesAfterADiskFault(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	id := b.Photo(v, 1)
	hash := b.Hash(id)
	b.File(v, b.Key(station.ForMember, "m01"), desktest.Showing(id))
	bad := b.SecondDesk(func(p *desk.Parts) { p.Media = stuck{p.Media} })
	if err := bad.Privacy.Erase(t.Context(), v); err == nil {
		t.Fatal("a disk that deletes nothing is no error")
	}
	b.Erase(v)
	b.NoUpload("the photo", id, hash)
}

// A former member keeps the answers given as one.
func TestEraseKeepsAMembersAnswers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	v := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	id := b.Photo(m, 1)
	b.Act(m, v.ID, casework.Reply{Text: "修好了", Photos: []string{id}})
	b.RunPhotoChecks()
	// Another WeChat is bound to the member: this one is a visitor's from then on.
	in, err := b.Identity.IssueInvite(t.Context(), record.Invite{Station: desktest.Here, Role: string(access.Member), Ref: "m01"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Bind(t.Context(), b.Visitor("the-successor"), in.Code); err != nil {
		t.Fatal(err)
	}
	m.Role, m.Station, m.ID = access.Visitor, "", ""
	b.Erase(m)
	b.WantOpens(b.Visitor("villager"), id, true)
	if u, err := b.Store.Upload(t.Context(), id); err != nil || u.Owner == m.Person {
		t.Errorf("%+v, %v", u, err)
	}
}

// TestEraseBesideADamagedRecord deletes all that can be read, says that
// something could not, and finishes once it can be read again, although the
// person is gone by then.
func TestEraseBesideADamagedRecord(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx, redis := t.Context(), b.Server.Client(t)
	v := b.Visitor("villager")
	kept, broken := b.Photo(v, 1), b.Photo(v, 2)
	b.File(v, b.Key(station.ForMember, "m01"), desktest.Showing(kept))
	keptHash, brokenHash := b.Hash(kept), b.Hash(broken)
	value, err := redis.Get(ctx, "upload:"+broken).Result()
	if err != nil {
		t.Fatal(err)
	}
	if err := redis.Set(ctx, "upload:"+broken, value[:len(value)-1], 0).Err(); err != nil {
		t.Fatal(err)
	}
	b.Erase(v)
	b.NoUpload("what could be read", kept, keptHash)
	if n := redis.Exists(ctx, "person:"+v.Person).Val(); n != 0 {
		t.Error("the person waits for the repair of a record that may be anybody's")
	}
	lines, err := b.Audit.AuditList(ctx, b.Liaison(), audit.Filter{Action: "erasure-unread"}, "", 10)
	if err != nil || len(lines.Items) != 1 || lines.Items[0].Object != v.Person {
		t.Errorf("written down: %+v, %v", lines.Items, err)
	}
	if left, err := b.Privacy.FinishErasures(ctx); err != nil || left != 1 {
		t.Errorf("while it is damaged: %d left, %v", left, err)
	}
	if err := redis.Set(ctx, "upload:"+broken, value, 0).Err(); err != nil {
		t.Fatal(err)
	}
	if left, err := b.Privacy.FinishErasures(ctx); err != nil || left != 0 {
		t.Errorf("once it is repaired: %d left, %v", left, err)
	}
	b.NoUpload("what was repaired", broken, brokenHash)
	if n := redis.Exists(ctx, "unerased").Val(); n != 0 {
		t.Error("it is on the list still")
	}
}

// TestPhotosOfTheResultGoWithTheirFiler: they were taken by the member, at the filer's home perhaps.
func TestPhotosOfTheResultGoWithTheirFiler(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	photo := b.Photo(m, 60)
	hash := b.Hash(photo)
	b.Act(m, id, casework.Accept{})
	b.Act(m, id, casework.Close{Outcome: casework.Solved, Text: "修好了", Photos: []string{photo}})
	b.RunPhotoChecks()
	b.Erase(v)
	b.NoUpload("the photo of the closing", photo, hash)
	if _, err := b.Matters.File(t.Context(), m, photo, false); !fault.Is(err, fault.NotFound) {
		t.Errorf("the member opens it: %v", err)
	}
}
