package uploads_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
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

// Until the platform has passed it, a photo is for its sender and the liaison; then it is for all readers of
// the submission, and its address is invalid.
func TestAPhotoIsShownOnceThePlatformFoundNothing(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.Photo(v, 1)
	filed := b.File(v, b.Key(station.ForMember, "m01"), desktest.Showing(id))
	b.WantOpens(v, id, true)
	b.WantOpens(b.Liaison(), id, true)
	b.WantOpens(m, id, false)
	if want := []matters.PhotoState{{ID: id, Safety: record.Checking}}; !slices.Equal(filed.HeldPhotos, want) {
		t.Errorf("the receipt says %v", filed.HeldPhotos)
	}
	b.RunPhotoChecks()
	b.WantOpens(m, id, true)
	if got, err := b.Matters.Get(t.Context(), m, filed.ID); err != nil || len(got.HeldPhotos) != 0 {
		t.Errorf("the member still reads of %v: %v", got.HeldPhotos, err)
	}
	if len(b.Tokens) != 1 || len(b.Tokens[0]) != 32 {
		t.Fatalf("fetched by %q", b.Tokens)
	}
	for _, token := range []string{b.Tokens[0], "", "0", strings.Repeat("0", 32)} {
		if _, err := b.Matters.OpenByToken(t.Context(), token); !fault.Is(err, fault.NotFound) {
			t.Errorf("token %q after the answer: %v", token, err)
		}
	}
	if len(b.HeldPhotos()) != 0 {
		t.Error("a harmless photo waits for the liaison")
	}
}

// A risky photo is kept, its sender is notified, and the liaison decides.
func TestARiskyPhotoIsHeldAndKept(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	b.Consent("villager", notice.VisitorProgress, 2)
	b.Emu.SetMediaVerdicts("villager", emulator.VerdictRisky)
	id := b.Photo(v, 1)
	s := b.File(v, b.Key(station.ForMember, "m01"), desktest.Showing(id))
	b.RunPhotoChecks()
	b.WantOpens(m, id, false)
	b.WantOpens(v, id, true)
	b.Deliver()
	told := b.Emu.Messages("villager")
	if len(told) != 1 || told[0].Data["thing4"].Value != "有照片未通过检查，请点开查看" {
		t.Fatalf("the visitor was told %+v", told)
	}
	held := b.HeldPhotos()
	if len(held) != 1 || held[0].Upload.ID != id || held[0].View.ID != s.ID || held[0].Upload.Safety != record.Risky {
		t.Fatalf("held %+v", held)
	}
	if got, err := b.Matters.Get(t.Context(), v, s.ID); err != nil || got.State != casework.Assigned || len(got.HeldPhotos) != 1 {
		t.Errorf("the matter itself: %s %v %v", got.State, got.HeldPhotos, err)
	}
	for who, c := range map[string]access.Caller{"member": m, "visitor": v, "other": b.Bound(desktest.There, access.Liaison, "l01")} {
		if err := b.Matters.DecidePhoto(t.Context(), c, id, true, "是证据"); !fault.Is(err, fault.Denied) && !fault.Is(err, fault.NotFound) {
			t.Errorf("the %s decides: %v", who, err)
		}
	}
	if err := b.Matters.DecidePhoto(t.Context(), b.Liaison(), id, true, " "); desktest.WrongFields(err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	if err := b.Matters.DecidePhoto(t.Context(), b.Liaison(), id, true, "是证据"); err != nil {
		t.Fatal(err)
	}
	b.WantOpens(m, id, true)
	if len(b.HeldPhotos()) != 0 {
		t.Error("still on the list")
	}
	if !slices.Contains(b.AuditTrail(), "photo_shown liaison l01 "+id+" 是证据") {
		t.Errorf("audit %q", b.AuditTrail())
	}
	if err := b.Matters.DecidePhoto(t.Context(), b.Liaison(), id, false, "当事人要求"); err != nil {
		t.Fatal(err)
	}
	b.WantOpens(m, id, false)
	b.WantOpens(b.Liaison(), id, true)
}

// Who added a photo as a proxy is told that it did not pass, and its filer is not: it is none of theirs.
func TestAProxyIsToldOfTheirPhoto(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
	v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	b.HandOver(child, mother, v.ID, false)
	b.Deliver()
	b.Consent("the-child", notice.VisitorProgress, 2)
	b.Consent("the-mother", notice.VisitorProgress, 2)
	b.Emu.SetMediaVerdicts("the-child", emulator.VerdictRisky)
	id := b.Photo(child, 1)
	b.Act(child, v.ID, casework.Message{Text: "拍了一张", Photos: []string{id}})
	b.RunPhotoChecks()
	b.Deliver()
	told := b.Emu.Messages("the-child")
	if len(told) != 1 || told[0].Data["thing4"].Value != "有照片未通过检查，请点开查看" || len(b.Emu.Messages("the-mother")) != 0 {
		t.Errorf("the proxy was told %+v, the filer %+v", told, b.Emu.Messages("the-mother"))
	}
}

// An answer before the filing, an answer with an error, and a missing answer: all wait for the liaison.
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
				b := desktest.Setup(t)
				v, m := b.Visitor("villager"), b.Member("m01")
				b.Emu.SetMediaVerdicts("villager", c.verdict)
				id := b.Photo(v, 1)
				judged := func() {
					b.RunPhotoChecks()
					if c.wait > 0 {
						b.Clock.Advance(c.wait - time.Second)
						b.RunPhotoChecks()
						if b.Safety(id) != record.Checking {
							t.Errorf("given up early: %s", b.Safety(id))
						}
						b.Clock.Advance(time.Second)
						b.RunPhotoChecks()
					}
				}
				if before {
					judged()
				}
				s := b.File(v, b.Key(station.ForMember, "m01"), desktest.Showing(id))
				if !before {
					judged()
				}
				if got := b.Safety(id); got != c.want {
					t.Fatalf("%s, want %s", got, c.want)
				}
				if held := b.HeldPhotos(); len(held) != 1 || held[0].View.ID != s.ID {
					t.Errorf("held %+v", held)
				}
				b.WantOpens(m, id, false)
				b.WantOpens(b.Liaison(), id, true)
				if _, err := b.Matters.OpenByToken(t.Context(), b.Tokens[0]); !fault.Is(err, fault.NotFound) {
					t.Errorf("its address still opens it: %v", err)
				}
			})
		}
	}
}

// A platform that is down is asked again, for as long as an answer is waited for.
func TestAPlatformThatCannotBeAskedAboutAPhoto(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	b.Line.Handle(mediaPath, desktest.Busy)
	id := b.Photo(v, 1)
	b.RunPhotoChecks()
	if b.Safety(id) != record.Checking {
		t.Fatalf("given up at once: %s", b.Safety(id))
	}
	b.Line.Handle("", nil)
	b.Clock.Advance(time.Minute)
	b.RunPhotoChecks()
	if b.Safety(id) != record.Passed {
		t.Errorf("after the platform came back: %s", b.Safety(id))
	}
	b.Line.Handle(mediaPath, desktest.Busy)
	late := b.Photo(v, 2)
	for range 12 {
		b.Clock.Advance(5 * time.Minute)
		b.RunPhotoChecks()
	}
	if b.Safety(late) != record.Unjudged {
		t.Errorf("an hour without the platform: %s", b.Safety(late))
	}
}

// An answer that comes before its question is noted is kept for a moment; one
// about nothing is not kept for ever; one that comes twice has one effect; one
// that comes after the liaison's word has none.
func TestAnswersAboutPhotosOutOfTurn(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	arrive := func(id, trace, verdict string) {
		t.Helper()
		if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{{
			ID: id, Kind: kit.EventMediaCheck, OpenID: "villager", Trace: trace, Verdict: verdict,
		}}); err != nil {
			t.Fatal(err)
		}
	}
	arrive("early", "trace-of-nothing", "risky")
	b.Receive()
	if n, err := b.Store.Waiting(t.Context()); err != nil || n != 1 {
		t.Fatalf("%d arrivals wait: %v", n, err)
	}
	for range 4 {
		b.Clock.Advance(time.Second)
		b.Receive()
	}
	if n, err := b.Store.Waiting(t.Context()); err != nil || n != 0 {
		t.Errorf("an answer about nothing is kept: %d, %v", n, err)
	}
	b.Emu.SetMediaVerdicts("villager", emulator.VerdictNever)
	id := b.Photo(v, 1)
	b.File(v, b.Key(station.ForMember, "m01"), desktest.Showing(id))
	b.RunPhotoChecks()
	noted := record.PhotoCheck{Upload: id, Owner: v.Person, Token: "k", Until: b.Clock.Now().UnixMilli(), Trace: "trace-1"}
	if err := b.Store.PostponeCheck(t.Context(), noted, b.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := b.Matters.DecidePhoto(t.Context(), b.Liaison(), id, true, "看过"); err != nil {
		t.Fatal(err)
	}
	arrive("late", "trace-1", "risky")
	b.Receive()
	if b.Safety(id) != record.Shown || len(b.HeldPhotos()) != 0 {
		t.Errorf("%s after the liaison's word", b.Safety(id))
	}
}

// The photos of an answer are checked as well: nobody sees an unchecked one.
func TestAMembersPhotoIsChecked(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	s := b.File(v, b.Key(station.ForMember, "m01"))
	id := b.Photo(m, 1)
	got := b.Act(m, s.ID, casework.Reply{Photos: []string{id}})
	if len(got.HeldPhotos) != 1 {
		t.Errorf("the member reads %v", got.HeldPhotos)
	}
	b.WantOpens(v, id, false)
	b.RunPhotoChecks()
	b.WantOpens(v, id, true)
}
