package filing_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/intake"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

func TestSubmit(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	pic := b.Photo(c, 10)
	v := b.File(c, b.Key(station.ForMember, "m01"), desktest.Phone("+86 138-0013 8000"), func(r *filing.Request) {
		r.Filing.Photos = []string{pic}
		r.Filing.Place = &casework.Place{Text: " 村口\u200b "}
		r.Filing.OnBehalf = &casework.OnBehalf{Name: "李奶奶", Relation: "邻居", Phone: "13900139000"}
	})
	want := matters.View{As: access.Visitor, StationName: "临江镇委员工作站", StationPhone: "0930-0000001", TargetName: "陈一"}
	if v.As != want.As || v.StationName != want.StationName || v.StationPhone != want.StationPhone || v.TargetName != want.TargetName {
		t.Errorf("view: %+v", v)
	}
	if v.Number != "260722-0001" || v.Version != 1 || v.State != casework.Assigned || v.Assignee != "m01" ||
		v.AssigneeCard == nil || v.AssigneeCard.Name != "陈一" || v.PhoneMask != "138****8000" ||
		v.FiledAt != casework.At(desktest.Start) || !slices.Equal(v.Photos, []string{pic}) || v.Place.Text != "村口" {
		t.Errorf("submission: %+v", v.Submission)
	}
	if diff := cmp.Diff([]string{"由陈一委员办理：您扫的是这位委员的码"}, v.Why); diff != "" {
		t.Error(diff)
	}
	if v.DueAt.Time().Format(time.DateTime) != "2026-07-29 18:00:00" { // five working days
		t.Errorf("due %v", v.DueAt.Time())
	}
	if b.PendingNotices() != 1 || b.Seen.Of("filed", "assigned") != 1 {
		t.Errorf("%d notices wait, %d observed", b.PendingNotices(), b.Seen.Of("filed", "assigned"))
	}
	inbox, err := b.Matters.Inbox(t.Context(), b.Member("m01"), matters.Filter{}, "", 0)
	if err != nil || len(inbox.Items) != 1 || inbox.Items[0].ID != v.ID || inbox.Items[0].As != access.Member {
		t.Errorf("inbox: %+v, %v", inbox, err)
	}
}

// TestNoPhoneInTheStore plants numbers by every way in and looks for them in
// all that Redis holds and has written to disk.
func TestNoPhoneInTheStore(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	key := b.Key(station.ForMember, "m01")
	planted := []string{"13800138000", "13900139000", "13700137000"}
	first := b.File(c, key, desktest.Phone(planted[0]), func(r *filing.Request) {
		r.Filing.OnBehalf = &casework.OnBehalf{Name: "李奶奶", Relation: "邻居", Phone: planted[1]}
	})
	b.File(c, key, func(r *filing.Request) { r.PhoneCode = b.Emu.PhoneCode(planted[2]) })
	b.Act(b.Member("m01"), first.ID, casework.Accept{})
	b.Act(b.Member("m01"), first.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	if _, err := b.Overview.Phone(t.Context(), b.Liaison(), first.ID, "回访"); err != nil {
		t.Fatal(err)
	}
	for key, value := range b.DumpKeys() {
		for _, number := range planted {
			if strings.Contains(key+value, number) {
				t.Errorf("%s holds a phone number", key)
			}
		}
	}
	if err := filepath.WalkDir(b.Server.Dir(), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, number := range planted {
			if bytes.Contains(data, []byte(number)) {
				t.Errorf("%s holds a phone number", path)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, number := range planted {
		if strings.Contains(b.Log.String(), number) {
			t.Error("the log holds a phone number")
		}
	}
	// The cipher of one submission opens in no other.
	s := b.Load(first.ID)
	if _, err := b.Parts.Sealer.Open(s.Phone, "lj-other"); err == nil {
		t.Error("a phone opens outside its submission")
	}
}

// TestHold: each verdict but a clear pass holds the submission for the liaison, so that nothing is dropped or
// passes unseen.
func TestHold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		trip func(*http.Request) (*http.Response, error)
		more func(*filing.Request)
		want string
	}{
		"risky":        {"话 " + emulator.WordRisky, nil, nil, casework.HoldRisky},
		"review":       {"话 " + emulator.WordReview, nil, nil, casework.HoldReview},
		"inactive":     {"话 " + emulator.WordInactive, nil, nil, casework.HoldInactive},
		"busy":         {"话", desktest.Busy, nil, casework.HoldUnchecked},
		"unreachable":  {"话", desktest.Refused, nil, casework.HoldUnchecked},
		"in the place": {"话", nil, func(r *filing.Request) { r.Filing.Place = &casework.Place{Text: emulator.WordRisky} }, casework.HoldRisky},
		"in a name":    {"话", nil, desktest.Against(emulator.WordReview), casework.HoldReview},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			filer := b.Visitor("villager")
			b.Line.Handle(desktest.CheckPath, c.trip)
			change := []func(*filing.Request){desktest.WithText(c.text)}
			if c.more != nil {
				change = append(change, c.more)
			}
			v := b.File(filer, b.Key(station.ForMember, "m01"), change...)
			if v.State != casework.Held || v.Assignee != "" || v.Hold != "" || len(v.Why) != 1 {
				t.Errorf("the filer sees %s, %q, %q, %v", v.State, v.Assignee, v.Hold, v.Why)
			}
			if b.PendingNotices() != 0 {
				t.Error("somebody is told of what is held")
			}
			if _, err := b.Matters.Get(t.Context(), b.Member("m01"), v.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("the member: %v", err)
			}
			pool, err := b.Matters.PoolList(t.Context(), b.Liaison(), "", 0)
			if err != nil || len(pool.Items) != 1 || pool.Items[0].Hold != c.want {
				t.Fatalf("pool: %+v, %v", pool.Items, err)
			}
			b.Line.Handle(desktest.CheckPath, nil)
			v = b.Act(b.Liaison(), v.ID, casework.Assign{To: "m01", Reason: "内容没有问题"})
			if v.State != casework.Assigned || v.Hold != "" || b.PendingNotices() != 2 {
				t.Errorf("released: %s, %q, %d notices", v.State, v.Hold, b.PendingNotices())
			}
			if _, err := b.Matters.Get(t.Context(), b.Member("m01"), v.ID); err != nil {
				t.Errorf("the member after that: %v", err)
			}
		})
	}
}

func TestSubmitTwiceIsOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	scene := b.Key(station.ForMember, "m01")
	key := desktest.Fresh()
	withCode := desktest.Request(scene, func(r *filing.Request) { r.PhoneCode = b.Emu.PhoneCode("13800138000") })
	first, err := b.Filing.Submit(t.Context(), c, key, withCode)
	if err != nil || first.PhoneMask != "138****8000" {
		t.Fatalf("%+v, %v", first, err)
	}
	// The phone code is used up, and in the end the printed code is revoked:
	// the receipt is still the first one.
	again := func(when string) {
		t.Helper()
		v, err := b.Filing.Submit(t.Context(), c, key, withCode)
		if err != nil || v.ID != first.ID || v.Number != first.Number || v.State != first.State || !v.Replayed {
			t.Errorf("%s: %s, %v", when, v.ID, err)
		}
		// It is a receipt: the present state is read by its id.
		if diff := cmp.Diff(matters.View{Submission: casework.Submission{ID: first.ID, Number: first.Number, State: first.State}, Replayed: true}, v); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
	}
	again("again")
	revoked := true
	if _, err := b.Codes.ChangeCode(t.Context(), b.Liaison(), scene, codes.CodeChange{Revoked: &revoked}); err != nil {
		t.Fatal(err)
	}
	again("after the code was revoked")
	if _, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(scene)); desktest.WrongFields(err) != "scene" {
		t.Errorf("a new one under a revoked code: %v", err)
	}
	if n := b.Count(record.Index{Name: record.All}); n != 1 || b.PendingNotices() != 1 {
		t.Errorf("%d submissions, %d notices", n, b.PendingNotices())
	}
}

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, other := b.Visitor("villager"), b.Visitor("neighbour")
	scene := b.Key(station.ForMember, "m01")
	key := desktest.Fresh()
	first, err := b.Filing.Submit(t.Context(), c, key, desktest.Request(scene))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Filing.Submit(t.Context(), c, key, desktest.Request(scene, desktest.WithText("另一件事"))); !fault.Is(err, fault.IdempotencyMismatch) {
		t.Errorf("another body: %v", err)
	}
	v, err := b.Filing.Submit(t.Context(), other, key, desktest.Request(scene))
	if err != nil || v.ID == first.ID {
		t.Errorf("another person's key: %s, %v", v.ID, err)
	}
	for _, bad := range []string{"", "short", strings.Repeat("x", 65), "with space", "中文中文中文"} {
		if _, err := b.Filing.Submit(t.Context(), c, bad, desktest.Request(scene)); desktest.WrongFields(err) != "Idempotency-Key" {
			t.Errorf("key %q: %v", bad, err)
		}
	}
	if _, err := b.Filing.Submit(t.Context(), access.Caller{}, desktest.Fresh(), desktest.Request(scene)); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}

// TestSubmitAtOnce sends one request many times at the same moment.
func TestSubmitAtOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	r, key := desktest.Request(b.Key(station.ForMember, "m01")), desktest.Fresh()
	const many = 20
	ids := make(chan string, many)
	for range many {
		go func() {
			v, err := b.Filing.Submit(t.Context(), c, key, r)
			if err != nil {
				t.Error(err)
			}
			ids <- v.ID
		}()
	}
	first := <-ids
	for range many - 1 {
		if id := <-ids; id != first {
			t.Errorf("%s and %s", first, id)
		}
	}
	if n := b.Count(record.Index{Name: record.All}); n != 1 || b.PendingNotices() != 1 || b.Seen.Of("filed", "assigned") != 1 {
		t.Errorf("%d submissions, %d notices", n, b.PendingNotices())
	}
}

func TestPhotosAreTheFilers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, other := b.Visitor("villager"), b.Visitor("neighbour")
	mine, theirs := b.Photo(c, 1), b.Photo(other, 2)
	for name, r := range map[string]func(*filing.Request){
		"photos": func(r *filing.Request) { r.Filing.Photos = []string{mine, theirs} },
		"voice":  func(r *filing.Request) { r.Filing.Voice = mine },
	} {
		if _, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(b.Key(station.ForMember, "m01"), r)); desktest.WrongFields(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, ids := range map[string][]string{"twice": {mine, mine}, "unknown": {"f0000000000000000"}} {
		_, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Photos = ids }))
		if desktest.WrongFields(err) != "photos" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := b.Count(record.Index{Name: record.All}); n != 0 {
		t.Errorf("%d submissions of refused requests", n)
	}
}

func TestRefusedFilings(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	used := b.Emu.PhoneCode("13800138000")
	b.File(c, b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.PhoneCode = used })
	for want, change := range map[string]func(*filing.Request){
		"scene":                 func(r *filing.Request) { r.Scene = "nothing" },
		"text":                  desktest.WithText(" \u200b\n"),
		"kind":                  func(r *filing.Request) { r.Filing.Kind = "gossip" },
		"category":              desktest.Category("none"),
		"contact.phone":         desktest.Phone("12"),
		"contact.phone_code":    func(r *filing.Request) { r.PhoneCode = used },
		"until":                 func(r *filing.Request) { r.Filing.Until = desktest.Start.Add(-time.Hour) },
		"visitor":               func(r *filing.Request) { r.Filing.Visitor = "ghost" },
		"on_behalf_of.relation": func(r *filing.Request) { r.Filing.OnBehalf = &casework.OnBehalf{Name: "李奶奶"} },
		"against.name":          desktest.Against(""),
		"place.coord,place.lng": func(r *filing.Request) { r.Filing.Place = &casework.Place{Lat: 91} },
	} {
		if _, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(b.Key(station.ForMember, "m01"), change)); desktest.WrongFields(err) != want {
			t.Errorf("%s: %q, %v", want, desktest.WrongFields(err), err)
		}
	}
	both := func(r *filing.Request) { r.PhoneCode, r.Filing.Phone = b.Emu.PhoneCode("13800138000"), "13800138000" }
	if _, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(b.Key(station.ForMember, "m01"), both)); desktest.WrongFields(err) != "contact.phone_code" {
		t.Errorf("a number and a code for one: %v", err)
	}
	unknown := "22222222ab"
	if _, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(unknown)); desktest.WrongFields(err) != "scene" {
		t.Errorf("unknown key: %v", err)
	}
	if n := b.Count(record.Index{Name: record.All}); n != 1 {
		t.Errorf("%d submissions", n)
	}
}

// TestPhoneCodeOutlivesAMistake: the platform gives the number once, and each
// time for money; a wrong field before must not use it up, nor an outage after.
func TestPhoneCodeOutlivesAMistake(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, key := b.Visitor("villager"), b.Key(station.ForMember, "m01")
	code := b.Emu.PhoneCode("13800138000")
	with := func(r *filing.Request) { r.PhoneCode = code }
	if _, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(key, with, desktest.WithText(""))); desktest.WrongFields(err) != "text" {
		t.Fatalf("an empty text: %v", err)
	}
	if s := b.File(c, key, with); s.PhoneMask == "" {
		t.Error("the number is lost")
	}
}

// TestReceiptOfTheDay finds a receipt without filing again, and nothing that
// was not filed.
func TestReceiptOfTheDay(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c, key, r := b.Visitor("villager"), desktest.Fresh(), desktest.Request(b.Key(station.ForMember, "m01"))
	if _, ok, err := b.Filing.Receipt(t.Context(), c, key, r); ok || err != nil {
		t.Fatalf("before filing: %v %v", ok, err)
	}
	first, err := b.Filing.Submit(t.Context(), c, key, r)
	if err != nil || first.Replayed {
		t.Fatal(first.Replayed, err)
	}
	again, ok, err := b.Filing.Receipt(t.Context(), c, key, r)
	if !ok || err != nil || again.ID != first.ID || !again.Replayed {
		t.Errorf("the receipt: %v %v %v", again.ID, ok, err)
	}
}

// TestIntake: how a liaison heard it stays with the submission, in the list and in the figures; nobody else can say so.
func TestIntake(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), b.Key(station.ForStation, "")
	heard := desktest.Start.Add(-26 * time.Hour).UnixMilli()
	with := func(r *filing.Request) {
		r.Filing.OnBehalf = &casework.OnBehalf{Name: "王大爷", Relation: "本人"}
		r.Filing.Intake = &intake.Intake{Channel: intake.Reception, Persons: 3, HeardAt: heard}
	}
	v := b.File(l, key, with)
	plain := b.File(b.Visitor("villager"), key)
	if v.Intake.Via() != intake.Reception || v.Intake.People() != 3 || v.Intake.Heard() != heard || plain.Intake.Via() != intake.Scan || plain.Intake.People() != 1 {
		t.Errorf("%+v, %+v", v.Intake, plain.Intake)
	}
	if v.DueAt != plain.DueAt {
		t.Errorf("due %v, what was filed at that time %v", v.DueAt.Time(), plain.DueAt.Time())
	}
	list, err := b.Overview.Matters(t.Context(), l, overview.MatterFilter{Channels: []intake.Channel{intake.Reception}}, "", 0)
	if err != nil || list.Total != 1 || list.Items[0].ID != v.ID || list.Items[0].Intake.People() != 3 {
		t.Errorf("list: %+v, %v", list, err)
	}
	got, err := b.Overview.Figures(t.Context(), l, time.Time{}, time.Time{}, figures.ByChannel)
	if err != nil || got.Whole.Persons != 4 || len(got.Rows) != 2 {
		t.Errorf("figures: %+v, %v", got, err)
	}
	for who, c := range map[string]access.Caller{"a visitor": b.Visitor("other"), "a member": b.Member("m01")} {
		if _, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(key, with)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s said how it was heard: %v", who, err)
		}
	}
}
