package emulator_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// photoOf is a small one of the type.
func photoOf(t *testing.T, contentType string) []byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black})
	var out bytes.Buffer
	var err error
	switch contentType {
	case "image/jpeg":
		err = jpeg.Encode(&out, img, nil)
	case "image/png":
		err = png.Encode(&out, img)
	case "image/gif":
		err = gif.Encode(&out, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// form is a multipart body with one part; no file name makes it a plain value.
func form(t *testing.T, name, filename string, data []byte) (contentType string, body []byte) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	part, err := w.CreateFormField(name)
	if filename != "" {
		part, err = w.CreateFormFile(name, filename)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), out.Bytes()
}

type uploaded struct {
	answer

	Type  string `json:"type"`
	Media string `json:"media_id"`
	At    int64  `json:"created_at"`
}

func (b *bundle) upload(kind, contentType string, body []byte) uploaded {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost,
		"/cgi-bin/media/upload?type="+kind+"&access_token="+b.stable(false).Token, bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	b.api.ServeHTTP(w, r)
	var out uploaded
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bundle) media(id string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, "/cgi-bin/media/get?media_id="+id+"&access_token="+b.stable(false).Token, "")
}

func TestTemporaryMedia(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for kind, files := range map[string]map[string][]byte{
		"image": {
			"image/jpeg": photoOf(t, "image/jpeg"), "image/png": photoOf(t, "image/png"), "image/gif": photoOf(t, "image/gif"),
		},
		"voice": {"audio/amr": []byte("#!AMR\n1234"), "audio/mpeg": []byte("\xff\xfb\x90\x00")},
	} {
		for contentType, data := range files {
			header, body := form(t, "media", "文件.bin", data)
			up := b.upload(kind, header, body)
			if up.ErrCode != 0 || up.Type != kind || up.Media == "" || up.At != b.clock.Now().Unix() {
				t.Fatalf("%s: %+v", contentType, up)
			}
			got := b.media(up.Media)
			if !bytes.Equal(got.raw, data) || got.header.Get("Content-Type") != contentType {
				t.Errorf("%s came back as %q, %d bytes", contentType, got.header.Get("Content-Type"), len(got.raw))
			}
		}
	}
	header, body := form(t, "media", "a.png", photoOf(t, "image/png"))
	id := b.upload("image", header, body).Media
	b.clock.Advance(3*24*time.Hour - time.Second)
	b.want(b.media(id), 0)
	b.clock.Advance(time.Second)
	b.want(b.media(id), 40007)
	b.want(b.media(""), 40007)
}

func TestUploadRules(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	photo := photoOf(t, "image/png")
	big := append(bytes.Clone(photo), make([]byte, 10<<20-len(photo))...)
	voice := append([]byte("#!AMR\n"), make([]byte, 2<<20-6)...)
	for name, tc := range map[string]struct {
		kind, field, filename string
		data                  []byte
		want                  int
	}{
		"largest picture":   {"image", "media", "a.png", big, 0},
		"too large picture": {"image", "media", "a.png", append(bytes.Clone(big), 0), 45001},
		"far too large":     {"image", "media", "a.png", make([]byte, 12<<20), 45001},
		"longest voice":     {"voice", "media", "a.amr", voice, 0},
		"too long voice":    {"voice", "media", "a.amr", append(bytes.Clone(voice), 0), 45001},
		"type":              {"video", "media", "a.mp4", photo, 40004},
		"no type":           {"", "media", "a.png", photo, 40004},
		"field":             {"image", "file", "a.png", photo, 41005},
		"no file name":      {"image", "media", "", photo, 41005},
		"empty":             {"image", "media", "a.png", nil, 44001},
		"text":              {"image", "media", "a.png", []byte("no picture"), 40005},
		"voice as picture":  {"image", "media", "a.png", []byte("#!AMR\n"), 40005},
		"picture as voice":  {"voice", "media", "a.amr", photo, 40005},
	} {
		header, body := form(t, tc.field, tc.filename, tc.data)
		if got := b.upload(tc.kind, header, body); got.ErrCode != tc.want {
			t.Errorf("%s: errcode %d, want %d", name, got.ErrCode, tc.want)
		}
	}
	_, body := form(t, "media", "a.png", photo)
	for _, header := range []string{"", "application/json", "multipart/form-data", "multipart/form-data; boundary=other"} {
		if got := b.upload("image", header, body); got.ErrCode != 41005 {
			t.Errorf("%q: errcode %d, want 41005", header, got.ErrCode)
		}
	}
}

func TestLibraryIsBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	photo := photoOf(t, "image/png")
	header, body := form(t, "media", "a.png", append(photo, make([]byte, 10<<20-len(photo))...))
	first := b.upload("image", header, body).Media
	for range 6 {
		b.want(b.upload("image", header, body).answer, 0)
	}
	b.want(b.media(first), 40007) // seven of them are more than 64 MiB
}
