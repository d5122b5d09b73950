package uploads_test

import (
	"bytes"
	"image/jpeg"
	"io"
	"strings"
	"testing"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// TestFiles is the matrix of who may open which upload.
func TestFiles(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	loose, filedPhoto, answerPhoto := b.Photo(v, 1), b.Photo(v, 2), b.Photo(m, 3)
	attach := func(id string) func(*filing.Request) {
		return func(r *filing.Request) { r.Filing.Photos = []string{id} }
	}
	s := b.File(v, b.Key(station.ForMember, "m01"), attach(filedPhoto))
	b.Act(m, s.ID, casework.Reply{Photos: []string{answerPhoto}})
	heldPhoto := b.Photo(v, 4)
	b.File(v, b.Key(station.ForMember, "m01"), attach(heldPhoto), desktest.WithText(emulator.WordReview))
	b.RunPhotoChecks()
	for name, who := range map[string]struct {
		c    access.Caller
		sees []string
	}{
		"the filer":                 {v, []string{loose, filedPhoto, answerPhoto, heldPhoto}},
		"the member":                {m, []string{filedPhoto, answerPhoto}},
		"the liaison":               {b.Liaison(), []string{filedPhoto, answerPhoto, heldPhoto}},
		"another member":            {b.Member("m02"), nil},
		"another visitor":           {b.Visitor("neighbour"), nil},
		"an administrator":          {b.Bound(desktest.Here, access.Liaison, "a01"), nil},
		"a department":              {b.Bound(desktest.Here, access.Department, "d01"), nil},
		"another station's liaison": {b.Bound(desktest.There, access.Liaison, "l01"), nil},
		"another station's member":  {b.Bound(desktest.There, access.Member, "m01"), nil},
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
	b.Act(m, s.ID, casework.Transfer{To: "m02", Reason: "请你办"})
	if _, err := b.Matters.File(t.Context(), m, filedPhoto, false); !fault.Is(err, fault.NotFound) {
		t.Errorf("handed over: %v", err)
	}
	if _, err := b.Matters.File(t.Context(), b.Member("m02"), filedPhoto, false); err != nil {
		t.Errorf("the next member: %v", err)
	}
}

func TestVoice(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	u, err := b.Uploads.Upload(t.Context(), v, bytes.NewReader(desktest.Mp3()))
	if err != nil || u.Kind != "voice" || u.Seconds != 1 {
		t.Fatalf("%+v, %v", u, err)
	}
	s := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText(""), func(r *filing.Request) { r.Filing.Voice = u.ID })
	if s.Voice != u.ID || s.Text != "" {
		t.Errorf("filed %+v", s.Submission)
	}
	if b.Line.Calls(desktest.CheckPath) != 0 {
		t.Error("an empty text was checked")
	}
	f, err := b.Matters.File(t.Context(), b.Member("m01"), u.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(data, desktest.Mp3()) || f.Type != "audio/mpeg" {
		t.Errorf("%d bytes of %s, %v", len(data), f.Type, err)
	}
	_ = f.Close()
	if _, err := b.Matters.File(t.Context(), v, u.ID, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("a voice's thumbnail: %v", err)
	}
	if _, err := b.Uploads.Upload(t.Context(), v, strings.NewReader("no picture")); desktest.WrongFields(err) != "file" {
		t.Errorf("no picture: %v", err)
	}
	if _, err := b.Uploads.Upload(t.Context(), access.Caller{}, bytes.NewReader(desktest.Mp3())); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}
