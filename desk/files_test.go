package desk_test

import (
	"bytes"
	"image/jpeg"
	"io"
	"strings"
	"testing"

	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// TestFiles is the matrix of who opens what was sent.
func TestFiles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor("villager"), b.member("m01")
	loose, filedPhoto, answerPhoto := b.photo(v, 1), b.photo(v, 2), b.photo(m, 3)
	attach := func(id string) func(*filing.Request) {
		return func(r *filing.Request) { r.Filing.Photos = []string{id} }
	}
	s := b.file(v, b.key(station.ForMember, "m01"), attach(filedPhoto))
	b.act(m, s.ID, access.Reply, func(r *matters.ActRequest) { r.Photos = []string{answerPhoto} })
	heldPhoto := b.photo(v, 4)
	b.file(v, b.key(station.ForMember, "m01"), attach(heldPhoto), says(emulator.WordReview))
	b.checked()
	for name, who := range map[string]struct {
		c    access.Caller
		sees []string
	}{
		"the filer":                 {v, []string{loose, filedPhoto, answerPhoto, heldPhoto}},
		"the member":                {m, []string{filedPhoto, answerPhoto}},
		"the liaison":               {b.liaison(), []string{filedPhoto, answerPhoto, heldPhoto}},
		"another member":            {b.member("m02"), nil},
		"another visitor":           {b.visitor("neighbour"), nil},
		"an administrator":          {b.bound(here, access.Liaison, "a01"), nil},
		"a department":              {b.bound(here, access.Department, "d01"), nil},
		"another station's liaison": {b.bound(there, access.Liaison, "l01"), nil},
		"another station's member":  {b.bound(there, access.Member, "m01"), nil},
	} {
		for _, id := range []string{loose, filedPhoto, answerPhoto, heldPhoto} {
			for _, thumb := range []bool{false, true} {
				f, err := b.Matters.File(t.Context(), who.c, id, thumb)
				var want fault.Code
				if !strings.Contains(strings.Join(who.sees, " "), id) {
					want = fault.NotFound
				}
				if fault.CodeOf(err) != want {
					t.Errorf("%s opens %s: %v, want %q", name, id, err, want)
				}
				if err == nil {
					if f.Type != "image/jpeg" {
						t.Errorf("type %q", f.Type)
					}
					if img, err := jpeg.Decode(f); err != nil || img.Bounds().Dx() != 32 {
						t.Errorf("%s: %v", id, err)
					}
					_ = f.Close()
				}
			}
		}
	}
	if _, err := b.Matters.File(t.Context(), access.Caller{}, filedPhoto, false); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := b.Matters.File(t.Context(), v, "f-none", false); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown: %v", err)
	}
	// Handed on, it is the next member's and no longer this one's.
	b.act(m, s.ID, access.Transfer, to("m02", "请你办"))
	if _, err := b.Matters.File(t.Context(), m, filedPhoto, false); !fault.Is(err, fault.NotFound) {
		t.Errorf("handed over: %v", err)
	}
	if _, err := b.Matters.File(t.Context(), b.member("m02"), filedPhoto, false); err != nil {
		t.Errorf("the next member: %v", err)
	}
}

// mp3 is about a second of silence.
func mp3() []byte {
	frame := append([]byte{0xff, 0xfb, 0x90, 0x00}, make([]byte, 413)...) // 128 kbit/s, 44.1 kHz
	return bytes.Repeat(frame, 40)
}

func TestVoice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visitor("villager")
	u, err := b.Uploads.Upload(t.Context(), v, bytes.NewReader(mp3()))
	if err != nil || u.Kind != "voice" || u.Seconds != 1 {
		t.Fatalf("%+v, %v", u, err)
	}
	s := b.file(v, b.key(station.ForMember, "m01"), says(""), func(r *filing.Request) { r.Filing.Voice = u.ID })
	if s.Voice != u.ID || s.Text != "" {
		t.Errorf("filed %+v", s.Submission)
	}
	if b.line.calls(checkPath) != 0 {
		t.Error("an empty text was checked")
	}
	f, err := b.Matters.File(t.Context(), b.member("m01"), u.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(data, mp3()) || f.Type != "audio/mpeg" {
		t.Errorf("%d bytes of %s, %v", len(data), f.Type, err)
	}
	_ = f.Close()
	if _, err := b.Matters.File(t.Context(), v, u.ID, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("a voice's thumbnail: %v", err)
	}
	if _, err := b.Uploads.Upload(t.Context(), v, strings.NewReader("no picture")); wrong(err) != "file" {
		t.Errorf("no picture: %v", err)
	}
	if _, err := b.Uploads.Upload(t.Context(), access.Caller{}, bytes.NewReader(mp3())); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}
