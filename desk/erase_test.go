package desk_test

import (
	"errors"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/audit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

func (b *bundle) forget(c access.Caller) {
	b.t.Helper()
	if err := b.Privacy.Forget(b.t.Context(), c); err != nil {
		b.t.Fatalf("forget: %v", err)
	}
}

// noUpload expects that neither the record nor the file is left.
func (b *bundle) noUpload(what, id, hash string) {
	b.t.Helper()
	if u, err := b.store.Upload(b.t.Context(), id); !fault.Is(err, fault.NotFound) {
		b.t.Errorf("%s is known still: %+v, %v", what, u, err)
	}
	if f, err := b.parts.Media.Open("photo", hash, false); !fault.Is(err, fault.NotFound) {
		b.t.Errorf("%s is on the disk still: %v", what, err)
		if err == nil {
			_ = f.Close()
		}
	}
}

func (b *bundle) hash(id string) string {
	b.t.Helper()
	u, err := b.store.Upload(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Hash
}

// The liaison's list of held photos goes on without one that was deleted.
func TestForgetTakesHeldPhotosOffTheList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.emu.JudgeMedia("villager", emulator.VerdictRisky)
	v := b.visitor("villager")
	b.file(v, b.key(station.ForMember, "m01"), showing(b.photo(v, 1)))
	b.checked()
	if n := len(b.heldPhotos()); n != 1 {
		t.Fatalf("%d held photos", n)
	}
	b.forget(v)
	if n := len(b.heldPhotos()); n != 0 {
		t.Errorf("%d held photos of nobody", n)
	}
}

// Nothing is asked about a photo that was deleted.
func TestForgetEndsChecks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visitor("villager")
	id := b.photo(v, 1)
	b.file(v, b.key(station.ForMember, "m01"), showing(id))
	b.forget(v)
	b.clock.Advance(time.Hour)
	if n, err := b.Uploads.CheckPhotos(t.Context()); err != nil || n != 0 {
		t.Errorf("%d questions, %v", n, err)
	}
	if keys := b.server.Client(t).Keys(t.Context(), "upload:"+id+"*").Val(); len(keys) != 0 {
		t.Errorf("%q are left", keys)
	}
}

// What was sent and never filed is theirs as well.
func TestForgetDeletesUploadsNeverFiled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visitor("villager")
	id := b.photo(v, 1)
	hash := b.hash(id)
	b.forget(v)
	b.noUpload("the draft", id, hash)
}

// stuck is a disk that deletes nothing.
type stuck struct{ desk.Media }

func (stuck) Remove(string) error { return errors.New("the disk is read-only") }

// A file that could not be deleted is deleted by the next call.
func TestForgetGoesOnAfterADiskFailed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visitor("villager")
	id := b.photo(v, 1)
	hash := b.hash(id)
	b.file(v, b.key(station.ForMember, "m01"), showing(id))
	bad := b.another(func(p *desk.Parts) { p.Media = stuck{p.Media} })
	if err := bad.Privacy.Forget(t.Context(), v); err == nil {
		t.Fatal("a disk that deletes nothing is no error")
	}
	b.forget(v)
	b.noUpload("the photo", id, hash)
}

// Whoever was a member once keeps the answers they gave as one.
func TestForgetKeepsWhatAMemberAnswered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.member("m01")
	v := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"))
	id := b.photo(m, 1)
	b.act(m, v.ID, access.Reply, text("修好了"), func(r *matters.ActRequest) { r.Photos = []string{id} })
	b.checked()
	// Another WeChat is bound to the member: this one is a visitor's from then on.
	in, err := b.Identity.IssueInvite(t.Context(), record.Invite{Station: here, Role: string(access.Member), Ref: "m01"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Bind(t.Context(), b.visitor("the-successor"), in.Code); err != nil {
		t.Fatal(err)
	}
	m.Role, m.Station, m.ID = access.Visitor, "", ""
	b.forget(m)
	b.opens(b.visitor("villager"), id, true)
	if u, err := b.store.Upload(t.Context(), id); err != nil || u.Owner == m.Person {
		t.Errorf("%+v, %v", u, err)
	}
}

// TestForgetBesideADamagedRecord deletes all that can be read, says that
// something could not, and finishes once it can be read again, although the
// person is gone by then.
func TestForgetBesideADamagedRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, redis := t.Context(), b.server.Client(t)
	v := b.visitor("villager")
	kept, broken := b.photo(v, 1), b.photo(v, 2)
	b.file(v, b.key(station.ForMember, "m01"), showing(kept))
	keptHash, brokenHash := b.hash(kept), b.hash(broken)
	value, err := redis.Get(ctx, "upload:"+broken).Result()
	if err != nil {
		t.Fatal(err)
	}
	if err := redis.Set(ctx, "upload:"+broken, value[:len(value)-1], 0).Err(); err != nil {
		t.Fatal(err)
	}
	b.forget(v)
	b.noUpload("what could be read", kept, keptHash)
	if n := redis.Exists(ctx, "person:"+v.Person).Val(); n != 0 {
		t.Error("the person waits for the repair of a record that may be anybody's")
	}
	lines, err := b.Audit.AuditList(ctx, b.liaison(), audit.Filter{What: "erasure-unread"}, "", 10)
	if err != nil || len(lines.Items) != 1 || lines.Items[0].Thing != v.Person {
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
	b.noUpload("what was repaired", broken, brokenHash)
	if n := redis.Exists(ctx, "unerased").Val(); n != 0 {
		t.Error("it is on the list still")
	}
}
