package desk_test

import (
	"context"
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/filing"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

const mediaPath = "/wxa/media_check_async"

// fetch is how the emulated platform gets a picture: by its address alone.
func (b *bundle) fetch(ctx context.Context, address string) (int, string, []byte, error) {
	token := path.Base(address)
	if address != b.cfg.PublicURL+"/check/"+token {
		return 0, "", nil, errors.New("no such address")
	}
	b.mu.Lock()
	b.tokens = append(b.tokens, token)
	b.mu.Unlock()
	f, err := b.Matters.Peek(ctx, token)
	if err != nil {
		return http.StatusNotFound, "", nil, nil // which is what the platform sees
	}
	defer func() { _ = f.Close() }()
	data := make([]byte, 1<<20)
	n, _ := f.Read(data)
	return http.StatusOK, f.Type, data[:n], nil
}

// checked lets the platform look at everything that waits for it.
func (b *bundle) checked() {
	b.t.Helper()
	for {
		n, err := b.Uploads.CheckPhotos(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if err := b.emu.Settle(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.receive()
}

func (b *bundle) safety(id string) record.Safety {
	b.t.Helper()
	u, err := b.store.Upload(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Safety
}

func showing(ids ...string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Photos = ids }
}

func (b *bundle) opens(c access.Caller, id string, want bool) {
	b.t.Helper()
	f, err := b.Matters.File(b.t.Context(), c, id, true)
	if err == nil {
		_ = f.Close()
	}
	if (err == nil) != want || err != nil && !fault.Is(err, fault.NotFound) {
		b.t.Errorf("%s opens the photo: %v, want %v", c.Role, err, want)
	}
}

func (b *bundle) heldPhotos() []matters.HeldPhoto {
	b.t.Helper()
	p, err := b.Matters.HeldPhotos(b.t.Context(), b.liaison(), "", 0)
	if err != nil {
		b.t.Fatal(err)
	}
	today, err := b.Overview.Today(b.t.Context(), b.liaison())
	if err != nil || today.HeldPhotos != len(p.Items) {
		b.t.Errorf("today has %d held photos, the list %d: %v", today.HeldPhotos, len(p.Items), err)
	}
	return p.Items
}

// Until the platform has found nothing, a photo is its sender's and the
// liaison's; then it is everybody's who sees the matter, and its address dead.
func TestAPhotoIsShownOnceThePlatformFoundNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor("villager"), b.member("m01")
	id := b.photo(v, 1)
	filed := b.file(v, b.key(station.ForMember, "m01"), showing(id))
	b.opens(v, id, true)
	b.opens(b.liaison(), id, true)
	b.opens(m, id, false)
	if want := []matters.PhotoState{{ID: id, Safety: record.Checking}}; !slices.Equal(filed.HeldPhotos, want) {
		t.Errorf("the receipt says %v", filed.HeldPhotos)
	}
	b.checked()
	b.opens(m, id, true)
	if got, err := b.Matters.Get(t.Context(), m, filed.ID); err != nil || len(got.HeldPhotos) != 0 {
		t.Errorf("the member still reads of %v: %v", got.HeldPhotos, err)
	}
	if len(b.tokens) != 1 || len(b.tokens[0]) != 32 {
		t.Fatalf("fetched by %q", b.tokens)
	}
	for _, token := range []string{b.tokens[0], "", "0", strings.Repeat("0", 32)} {
		if _, err := b.Matters.Peek(t.Context(), token); !fault.Is(err, fault.NotFound) {
			t.Errorf("token %q after the answer: %v", token, err)
		}
	}
	if len(b.heldPhotos()) != 0 {
		t.Error("a harmless photo waits for the liaison")
	}
}

// A risky photo stays where it is, its sender is told what to do, and the
// liaison decides.
func TestARiskyPhotoIsHeldAndKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor("villager"), b.member("m01")
	b.consent("villager", notice.VisitorProgress, 2)
	b.emu.JudgeMedia("villager", emulator.VerdictRisky)
	id := b.photo(v, 1)
	s := b.file(v, b.key(station.ForMember, "m01"), showing(id))
	b.checked()
	b.opens(m, id, false)
	b.opens(v, id, true)
	b.deliver()
	told := b.emu.Messages("villager")
	if len(told) != 1 || told[0].Data["thing4"].Value != "有照片未通过检查，请点开查看" {
		t.Fatalf("the visitor was told %+v", told)
	}
	held := b.heldPhotos()
	if len(held) != 1 || held[0].Upload.ID != id || held[0].View.ID != s.ID || held[0].Upload.Safety != record.Risky {
		t.Fatalf("held %+v", held)
	}
	if got, err := b.Matters.Get(t.Context(), v, s.ID); err != nil || got.State != casework.Assigned || len(got.HeldPhotos) != 1 {
		t.Errorf("the matter itself: %s %v %v", got.State, got.HeldPhotos, err)
	}
	for who, c := range map[string]access.Caller{"member": m, "visitor": v, "other": b.bound(there, access.Liaison, "l01")} {
		if err := b.Matters.DecidePhoto(t.Context(), c, id, true, "是证据"); !fault.Is(err, fault.Denied) && !fault.Is(err, fault.NotFound) {
			t.Errorf("the %s decides: %v", who, err)
		}
	}
	if err := b.Matters.DecidePhoto(t.Context(), b.liaison(), id, true, " "); wrong(err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	if err := b.Matters.DecidePhoto(t.Context(), b.liaison(), id, true, "是证据"); err != nil {
		t.Fatal(err)
	}
	b.opens(m, id, true)
	if len(b.heldPhotos()) != 0 {
		t.Error("still on the list")
	}
	if !slices.Contains(b.audit(), "photo_shown liaison l01 "+id+" 是证据") {
		t.Errorf("audit %q", b.audit())
	}
	if err := b.Matters.DecidePhoto(t.Context(), b.liaison(), id, false, "当事人要求"); err != nil {
		t.Fatal(err)
	}
	b.opens(m, id, false)
	b.opens(b.liaison(), id, true)
}

// What is known before it is filed, what the platform cannot say, and what it
// never says: all of it waits for the liaison.
func TestWhatIsNotFoundHarmlessWaitsForTheLiaison(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		verdict emulator.MediaVerdict
		want    record.Safety
		wait    time.Duration
	}{
		"doubtful":         {emulator.VerdictReview, record.Doubtful, 0},
		"could not load":   {emulator.VerdictFail, record.Unjudged, 0},
		"no answer at all": {emulator.VerdictNever, record.Unjudged, 40 * time.Minute},
	} {
		for _, before := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				v, m := b.visitor("villager"), b.member("m01")
				b.emu.JudgeMedia("villager", c.verdict)
				id := b.photo(v, 1)
				judged := func() {
					b.checked()
					if c.wait > 0 {
						b.clock.Advance(c.wait - time.Second)
						b.checked()
						if b.safety(id) != record.Checking {
							t.Errorf("given up early: %s", b.safety(id))
						}
						b.clock.Advance(time.Second)
						b.checked()
					}
				}
				if before {
					judged()
				}
				s := b.file(v, b.key(station.ForMember, "m01"), showing(id))
				if !before {
					judged()
				}
				if got := b.safety(id); got != c.want {
					t.Fatalf("%s, want %s", got, c.want)
				}
				if held := b.heldPhotos(); len(held) != 1 || held[0].View.ID != s.ID {
					t.Errorf("held %+v", held)
				}
				b.opens(m, id, false)
				b.opens(b.liaison(), id, true)
				if _, err := b.Matters.Peek(t.Context(), b.tokens[0]); !fault.Is(err, fault.NotFound) {
					t.Errorf("its address still opens it: %v", err)
				}
			})
		}
	}
}

// A platform that is down is asked again, for as long as an answer is waited for.
func TestAPlatformThatCannotBeAskedAboutAPhoto(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visitor("villager")
	b.line.on(mediaPath, busy)
	id := b.photo(v, 1)
	b.checked()
	if b.safety(id) != record.Checking {
		t.Fatalf("given up at once: %s", b.safety(id))
	}
	b.line.on("", nil)
	b.clock.Advance(time.Minute)
	b.checked()
	if b.safety(id) != record.Passed {
		t.Errorf("after the platform came back: %s", b.safety(id))
	}
	b.line.on(mediaPath, busy)
	late := b.photo(v, 2)
	for range 12 {
		b.clock.Advance(5 * time.Minute)
		b.checked()
	}
	if b.safety(late) != record.Unjudged {
		t.Errorf("an hour without the platform: %s", b.safety(late))
	}
}

// An answer that comes before its question is noted is kept for a moment; one
// about nothing is not kept for ever; one that comes twice has one effect; one
// that comes after the liaison's word has none.
func TestAnswersAboutPhotosOutOfTurn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visitor("villager")
	arrive := func(id, trace, verdict string) {
		t.Helper()
		if err := b.Inbound.Arrive(t.Context(), []record.Arrival{{
			ID: id, Kind: kit.ArrivedMediaCheck, OpenID: "villager", Trace: trace, Verdict: verdict,
		}}); err != nil {
			t.Fatal(err)
		}
	}
	arrive("early", "trace-of-nothing", "risky")
	b.receive()
	if n, err := b.store.Waiting(t.Context()); err != nil || n != 1 {
		t.Fatalf("%d arrivals wait: %v", n, err)
	}
	for range 4 {
		b.clock.Advance(time.Second)
		b.receive()
	}
	if n, err := b.store.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("an answer about nothing is kept: %d, %v", n, err)
	}
	b.emu.JudgeMedia("villager", emulator.VerdictNever)
	id := b.photo(v, 1)
	b.file(v, b.key(station.ForMember, "m01"), showing(id))
	b.checked()
	noted := record.PhotoCheck{Upload: id, Owner: v.Person, Token: "k", Until: b.clock.Now().UnixMilli(), Trace: "trace-1"}
	if err := b.store.PostponeCheck(t.Context(), noted, b.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := b.Matters.DecidePhoto(t.Context(), b.liaison(), id, true, "看过"); err != nil {
		t.Fatal(err)
	}
	arrive("late", "trace-1", "risky")
	b.receive()
	if b.safety(id) != record.Shown || len(b.heldPhotos()) != 0 {
		t.Errorf("%s after the liaison's word", b.safety(id))
	}
}

// The photos of an answer are checked as well: nobody sees an unchecked one.
func TestAMembersPhotoIsChecked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor("villager"), b.member("m01")
	s := b.file(v, b.key(station.ForMember, "m01"))
	id := b.photo(m, 1)
	got := b.act(m, s.ID, access.Reply, func(r *matters.ActRequest) { r.Photos = []string{id} })
	if len(got.HeldPhotos) != 1 {
		t.Errorf("the member reads %v", got.HeldPhotos)
	}
	b.opens(v, id, false)
	b.checked()
	b.opens(v, id, true)
}
