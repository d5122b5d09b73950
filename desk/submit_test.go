package desk_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/desk/codes"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// jpegOf is a photo with content of its own.
func jpegOf(tb testing.TB, shade uint8) []byte {
	tb.Helper()
	img := image.NewGray(image.Rect(0, 0, 32, 24))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(3, 3, color.Gray{Y: 255 - shade})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// photo uploads one and returns its id.
func (b *bundle) photo(c access.Caller, shade uint8) string {
	b.t.Helper()
	u, err := b.Uploads.Upload(b.t.Context(), c, bytes.NewReader(jpegOf(b.t, shade)))
	if err != nil {
		b.t.Fatal(err)
	}
	if u.Kind != "photo" || u.Owner != c.Person || u.Width != 32 || u.Height != 24 {
		b.t.Fatalf("upload: %+v", u)
	}
	return u.ID
}

func says(text string) func(*filing.Request) { return func(r *filing.Request) { r.Filing.Text = text } }

func category(key string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Category = key }
}
func tourist(r *filing.Request)   { r.Filing.Visitor = casework.Tourist }
func anonymous(r *filing.Request) { r.Filing.Anonymous = true }
func phone(number string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Phone = number }
}

func against(name string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Against = &casework.Against{Name: name} }
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.visitor("villager")
	pic := b.photo(c, 10)
	v := b.file(c, b.key(station.ForMember, "m01"), phone("+86 138-0013 8000"), func(r *filing.Request) {
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
		v.FiledAt != casework.At(start) || !slices.Equal(v.Photos, []string{pic}) || v.Place.Text != "村口" {
		t.Errorf("submission: %+v", v.Submission)
	}
	if diff := cmp.Diff([]string{"由陈一委员办理：您扫的是这位委员的码"}, v.Why); diff != "" {
		t.Error(diff)
	}
	if v.DueAt.Time().Format(time.DateTime) != "2026-07-29 18:00:00" { // five working days
		t.Errorf("due %v", v.DueAt.Time())
	}
	if b.waiting() != 1 || b.seen.of("filed", "assigned") != 1 {
		t.Errorf("%d notices wait, %d observed", b.waiting(), b.seen.of("filed", "assigned"))
	}
	inbox, err := b.Matters.Inbox(t.Context(), b.member("m01"), matters.Filter{}, "", 0)
	if err != nil || len(inbox.Items) != 1 || inbox.Items[0].ID != v.ID || inbox.Items[0].As != access.Member {
		t.Errorf("inbox: %+v, %v", inbox, err)
	}
}

// TestNoPhoneInTheStore plants numbers by every way in and looks for them in
// all that Redis holds and has written to disk.
func TestNoPhoneInTheStore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.visitor("villager")
	key := b.key(station.ForMember, "m01")
	planted := []string{"13800138000", "13900139000", "13700137000"}
	first := b.file(c, key, phone(planted[0]), func(r *filing.Request) {
		r.Filing.OnBehalf = &casework.OnBehalf{Name: "李奶奶", Relation: "邻居", Phone: planted[1]}
	})
	b.file(c, key, func(r *filing.Request) { r.PhoneCode = b.emu.PhoneCode(planted[2]) })
	b.act(b.member("m01"), first.ID, access.Accept)
	b.act(b.member("m01"), first.ID, access.Close, closing(casework.Solved, "修好了"))
	if _, err := b.Overview.Phone(t.Context(), b.liaison(), first.ID, "回访"); err != nil {
		t.Fatal(err)
	}
	for key, value := range b.everything() {
		for _, number := range planted {
			if strings.Contains(key+value, number) {
				t.Errorf("%s holds a phone number", key)
			}
		}
	}
	if err := filepath.WalkDir(b.server.Dir(), func(path string, e fs.DirEntry, err error) error {
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
		if strings.Contains(b.log.String(), number) {
			t.Error("the log holds a phone number")
		}
	}
	// The cipher of one submission opens in no other.
	s := b.load(first.ID)
	if _, err := b.parts.Sealer.Open(s.Phone, "lj-other"); err == nil {
		t.Error("a phone opens outside its submission")
	}
}

// TestHold has each answer of the platform that is no clear pass hold the
// matter for the liaison: nothing is dropped and nothing goes round unseen.
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
		"busy":         {"话", busy, nil, casework.HoldUnchecked},
		"unreachable":  {"话", refused, nil, casework.HoldUnchecked},
		"in the place": {"话", nil, func(r *filing.Request) { r.Filing.Place = &casework.Place{Text: emulator.WordRisky} }, casework.HoldRisky},
		"in a name":    {"话", nil, against(emulator.WordReview), casework.HoldReview},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			filer := b.visitor("villager")
			b.line.on(checkPath, c.trip)
			change := []func(*filing.Request){says(c.text)}
			if c.more != nil {
				change = append(change, c.more)
			}
			v := b.file(filer, b.key(station.ForMember, "m01"), change...)
			if v.State != casework.Held || v.Assignee != "" || v.Hold != "" || len(v.Why) != 1 {
				t.Errorf("the filer sees %s, %q, %q, %v", v.State, v.Assignee, v.Hold, v.Why)
			}
			if b.waiting() != 0 {
				t.Error("somebody is told of what is held")
			}
			if _, err := b.Matters.Get(t.Context(), b.member("m01"), v.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("the member: %v", err)
			}
			pool, err := b.Matters.PoolList(t.Context(), b.liaison(), "", 0)
			if err != nil || len(pool.Items) != 1 || pool.Items[0].Hold != c.want {
				t.Fatalf("pool: %+v, %v", pool.Items, err)
			}
			b.line.on(checkPath, nil)
			v = b.act(b.liaison(), v.ID, access.Assign, to("m01", "内容没有问题"))
			if v.State != casework.Assigned || v.Hold != "" || b.waiting() != 2 {
				t.Errorf("released: %s, %q, %d notices", v.State, v.Hold, b.waiting())
			}
			if _, err := b.Matters.Get(t.Context(), b.member("m01"), v.ID); err != nil {
				t.Errorf("the member after that: %v", err)
			}
		})
	}
}

// refused is a line on which nobody answers.
func refused(r *http.Request) (*http.Response, error) {
	_ = r.Body.Close()
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
}

func TestSubmitTwiceIsOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.visitor("villager")
	scene := b.key(station.ForMember, "m01")
	key := fresh()
	withCode := request(scene, func(r *filing.Request) { r.PhoneCode = b.emu.PhoneCode("13800138000") })
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
		// It is a receipt: what became of it since is read by its id.
		if diff := cmp.Diff(matters.View{Submission: casework.Submission{ID: first.ID, Number: first.Number, State: first.State}, Replayed: true}, v); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
	}
	again("again")
	revoked := true
	if _, err := b.Codes.ChangeCode(t.Context(), b.liaison(), scene, codes.CodeChange{Revoked: &revoked}); err != nil {
		t.Fatal(err)
	}
	again("after the code was revoked")
	if _, err := b.Filing.Submit(t.Context(), c, fresh(), request(scene)); wrong(err) != "scene" {
		t.Errorf("a new one under a revoked code: %v", err)
	}
	if n := b.count(record.Index{Name: record.All}); n != 1 || b.waiting() != 1 {
		t.Errorf("%d submissions, %d notices", n, b.waiting())
	}
}

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, other := b.visitor("villager"), b.visitor("neighbour")
	scene := b.key(station.ForMember, "m01")
	key := fresh()
	first, err := b.Filing.Submit(t.Context(), c, key, request(scene))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Filing.Submit(t.Context(), c, key, request(scene, says("另一件事"))); !fault.Is(err, fault.IdempotencyMismatch) {
		t.Errorf("another body: %v", err)
	}
	v, err := b.Filing.Submit(t.Context(), other, key, request(scene))
	if err != nil || v.ID == first.ID {
		t.Errorf("another person's key: %s, %v", v.ID, err)
	}
	for _, bad := range []string{"", "short", strings.Repeat("x", 65), "with space", "中文中文中文"} {
		if _, err := b.Filing.Submit(t.Context(), c, bad, request(scene)); wrong(err) != "Idempotency-Key" {
			t.Errorf("key %q: %v", bad, err)
		}
	}
	if _, err := b.Filing.Submit(t.Context(), access.Caller{}, fresh(), request(scene)); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}

// TestSubmitAtOnce sends one request many times at the same moment.
func TestSubmitAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.visitor("villager")
	r, key := request(b.key(station.ForMember, "m01")), fresh()
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
	if n := b.count(record.Index{Name: record.All}); n != 1 || b.waiting() != 1 || b.seen.of("filed", "assigned") != 1 {
		t.Errorf("%d submissions, %d notices", n, b.waiting())
	}
}

// count counts an index of the station here.
func (b *bundle) count(ix record.Index) int {
	b.t.Helper()
	n, err := b.store.Count(b.t.Context(), here, ix)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestPhotosAreTheFilers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, other := b.visitor("villager"), b.visitor("neighbour")
	mine, theirs := b.photo(c, 1), b.photo(other, 2)
	for name, r := range map[string]func(*filing.Request){
		"photos": func(r *filing.Request) { r.Filing.Photos = []string{mine, theirs} },
		"voice":  func(r *filing.Request) { r.Filing.Voice = mine },
	} {
		if _, err := b.Filing.Submit(t.Context(), c, fresh(), request(b.key(station.ForMember, "m01"), r)); wrong(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, ids := range map[string][]string{"twice": {mine, mine}, "unknown": {"f0000000000000000"}} {
		_, err := b.Filing.Submit(t.Context(), c, fresh(), request(b.key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Photos = ids }))
		if wrong(err) != "photos" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := b.count(record.Index{Name: record.All}); n != 0 {
		t.Errorf("%d submissions of refused requests", n)
	}
}

func TestRefusedFilings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.visitor("villager")
	used := b.emu.PhoneCode("13800138000")
	b.file(c, b.key(station.ForMember, "m01"), func(r *filing.Request) { r.PhoneCode = used })
	for want, change := range map[string]func(*filing.Request){
		"scene":                 func(r *filing.Request) { r.Scene = "nothing" },
		"text":                  says(" \u200b\n"),
		"kind":                  func(r *filing.Request) { r.Filing.Kind = "gossip" },
		"category":              category("none"),
		"contact.phone":         phone("12"),
		"contact.phone_code":    func(r *filing.Request) { r.PhoneCode = used },
		"until":                 func(r *filing.Request) { r.Filing.Until = start.Add(-time.Hour) },
		"visitor":               func(r *filing.Request) { r.Filing.Visitor = "ghost" },
		"on_behalf_of.relation": func(r *filing.Request) { r.Filing.OnBehalf = &casework.OnBehalf{Name: "李奶奶"} },
		"against.name":          against(""),
		"place.coord,place.lng": func(r *filing.Request) { r.Filing.Place = &casework.Place{Lat: 91} },
	} {
		if _, err := b.Filing.Submit(t.Context(), c, fresh(), request(b.key(station.ForMember, "m01"), change)); wrong(err) != want {
			t.Errorf("%s: %q, %v", want, wrong(err), err)
		}
	}
	both := func(r *filing.Request) { r.PhoneCode, r.Filing.Phone = b.emu.PhoneCode("13800138000"), "13800138000" }
	if _, err := b.Filing.Submit(t.Context(), c, fresh(), request(b.key(station.ForMember, "m01"), both)); wrong(err) != "contact.phone_code" {
		t.Errorf("a number and a code for one: %v", err)
	}
	unknown := "22222222ab"
	if _, err := b.Filing.Submit(t.Context(), c, fresh(), request(unknown)); wrong(err) != "scene" {
		t.Errorf("unknown key: %v", err)
	}
	if n := b.count(record.Index{Name: record.All}); n != 1 {
		t.Errorf("%d submissions", n)
	}
}

// TestPhoneCodeOutlivesAMistake: the platform gives the number once, and each
// time for money; a wrong field before must not use it up, nor an outage after.
func TestPhoneCodeOutlivesAMistake(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, key := b.visitor("villager"), b.key(station.ForMember, "m01")
	code := b.emu.PhoneCode("13800138000")
	with := func(r *filing.Request) { r.PhoneCode = code }
	if _, err := b.Filing.Submit(t.Context(), c, fresh(), request(key, with, says(""))); wrong(err) != "text" {
		t.Fatalf("an empty text: %v", err)
	}
	if s := b.file(c, key, with); s.PhoneMask == "" {
		t.Error("the number is lost")
	}
}

// TestReceiptOfTheDay finds a receipt without filing again, and nothing that
// was not filed.
func TestReceiptOfTheDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, key, r := b.visitor("villager"), fresh(), request(b.key(station.ForMember, "m01"))
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
