package wechat_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/wechat"
)

func TestUploadMedia(t *testing.T) {
	t.Parallel()
	h := &heard{answer: `{"type":"image","media_id":"m1","created_at":1777600000}`}
	b := stubbed(t, h.ServeHTTP)
	id, until, err := b.UploadMedia(t.Context(), "image", "灯 \"1\".gif", "image/gif", gif)
	if err != nil || id != "m1" || !until.Equal(time.Unix(1777600000, 0).Add(72*time.Hour)) {
		t.Fatalf("%q, %v, %v", id, until, err)
	}
	_, params, err := mime.ParseMediaType(h.header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	part, err := multipart.NewReader(bytes.NewReader(h.body), params["boundary"]).NextPart()
	if err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(part)
	if part.FormName() != "media" || !strings.HasSuffix(part.FileName(), ".gif") || part.Header.Get("Content-Type") != "image/gif" || !bytes.Equal(got, gif) {
		t.Errorf("sent %q %q %v %q", part.FormName(), part.FileName(), part.Header, got)
	}
	if !strings.Contains(h.query, "type=image") {
		t.Errorf("query %q", h.query)
	}
	for what, bad := range map[string]struct {
		kind, contentType string
		data              []byte
	}{
		"kind":     {"voice", "image/gif", gif},
		"type":     {"image", "image/bmp", []byte("BM")},
		"disguise": {"image", "image/png", gif},
		"size":     {"image", "image/gif", append(bytes.Clone(gif), make([]byte, 10<<20)...)},
	} {
		if _, _, err := b.UploadMedia(t.Context(), bad.kind, "a", bad.contentType, bad.data); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestMediaIsWhatItsBytesAre: the bytes decide the type, not the header, and their number is bounded.
func TestMediaIsWhatItsBytesAre(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer, kind string
		code         fault.Code
	}{
		"picture":   {string(gif), "image/gif", ""},
		"recording": {"#!AMR\n0123", "audio/amr", ""},
		"gone":      {`{"errcode":40007,"errmsg":"invalid media_id"}`, "", fault.NotFound},
		"page":      {"<html>", "", fault.Unavailable},
		"json":      {`{"video_url":"https://a.example/1"}`, "", fault.Unavailable},
		"huge":      {string(gif) + strings.Repeat("0", 10<<20), "", fault.Unavailable},
		"most":      {string(gif) + strings.Repeat("0", 10<<20-len(gif)), "image/gif", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := stubbed(t, (&heard{answer: tc.answer}).ServeHTTP)
			kind, data, err := b.Media(t.Context(), "m1")
			wantCode(t, err, tc.code)
			if err == nil && (kind != tc.kind || string(data) != tc.answer) {
				t.Errorf("%q, %d bytes", kind, len(data))
			}
		})
	}
}

func TestWhatIsSentIntoTheChat(t *testing.T) {
	t.Parallel()
	h := &heard{answer: `{"errcode":0,"errmsg":"ok"}`}
	b := stubbed(t, h.ServeHTTP)
	ctx := t.Context()
	if err := b.SendImage(ctx, someone, "m1"); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"touser": someone, "msgtype": "image", "image": map[string]any{"media_id": "m1"}}
	if diff := cmp.Diff(want, h.said(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	card := wechat.ChatCard{Title: strings.Repeat("题", 40) + "\n", Page: wechat.PageMatter + "?id=s1-7", Thumb: "m2"}
	if err := b.SendCard(ctx, someone, card); err != nil {
		t.Fatal(err)
	}
	want = map[string]any{"touser": someone, "msgtype": "miniprogrampage", "miniprogrampage": map[string]any{
		"title": strings.Repeat("题", 31) + "…", "appid": appID, "pagepath": card.Page, "thumb_media_id": "m2",
	}}
	if diff := cmp.Diff(want, h.said(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for what, bad := range map[string]wechat.ChatCard{
		"page":  {Title: "a", Page: "pages/nowhere/index", Thumb: "m"},
		"title": {Title: " ", Page: wechat.PageMine, Thumb: "m"},
		"thumb": {Title: "a", Page: wechat.PageMine},
	} {
		err := b.SendCard(ctx, someone, bad)
		f, _ := errors.AsType[*fault.Error](err)
		if !fault.Is(err, fault.Invalid) || len(f.Fields) != 1 || f.Fields[0].Field != what {
			t.Errorf("%s: %v", what, err)
		}
	}
	wantCode(t, b.SendImage(ctx, someone, ""), fault.Invalid)
}

func TestCheckPicture(t *testing.T) {
	t.Parallel()
	h := &heard{answer: `{"errcode":0,"errmsg":"ok","trace_id":"tr1"}`}
	b := stubbed(t, h.ServeHTTP)
	trace, err := b.CheckPicture(t.Context(), someone, "https://a.example/p/1.jpg")
	if err != nil || trace != "tr1" {
		t.Fatalf("%q, %v", trace, err)
	}
	want := map[string]any{"version": 2.0, "openid": someone, "scene": 2.0, "media_type": 2.0, "media_url": "https://a.example/p/1.jpg"}
	if diff := cmp.Diff(want, h.said(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, address := range []string{"", "p/1.jpg", "file:///etc/passwd", "https://", ":"} {
		_, err := b.CheckPicture(t.Context(), someone, address)
		wantCode(t, err, fault.Invalid)
	}
}

func TestDrawCodeSaysWhatIsWanted(t *testing.T) {
	t.Parallel()
	h := &heard{answer: "\x89PNG\r\n\x1a\n0000"}
	b := stubbed(t, h.ServeHTTP)
	_, err := b.DrawCode(t.Context(), wechat.Code{Scene: "k7", Page: wechat.PageBind, Width: 300, Colour: &wechat.RGB{R: 1, B: 255}, Transparent: true})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"scene": "k7", "page": wechat.PageBind, "check_path": true, "env_version": "release", "width": 300.0,
		"line_color": map[string]any{"r": 1.0, "g": 0.0, "b": 255.0}, "is_hyaline": true,
	}
	if diff := cmp.Diff(want, h.said(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = b.DrawCode(t.Context(), wechat.Code{Scene: "k7", Page: "pages/nowhere/index"})
	wantCode(t, err, fault.Invalid)
}

// TestSendKeepsTheMessageID: msgid may be a number, a string or null.
func TestSendKeepsTheMessageID(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"errcode":0,"errmsg":"ok","msgid":2258934629375361031}`:   "2258934629375361031",
		`{"errcode":0,"errmsg":"ok","msgid":"2258934629375361031"}`: "2258934629375361031",
		`{"errcode":0,"errmsg":"ok","msgid":null}`:                  "",
		`{"errcode":0,"errmsg":"ok"}`:                               "",
	} {
		b := stubbed(t, (&heard{answer: answer}).ServeHTTP)
		got, err := b.Send(t.Context(), aMessage())
		if diff := cmp.Diff(wechat.SendResult{Outcome: notice.Sent, MsgID: want}, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", answer, err, diff)
		}
	}
}
