package emulator_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"mashang/wechat/emulator"
)

// TestPushesOfChat: a person's message reaches the push URL with the platform's members, can be fetched, and
// opens the window for five answers.
func TestPushesOfChat(t *testing.T) {
	t.Parallel()
	photo, voice := photoOf(t, "image/png"), []byte("#!AMR\n1234")
	for name, tc := range map[string]struct {
		act     func(*bundle) error
		members string
		shown   string
		media   []byte
	}{
		"text": {
			func(b *bundle) error { return b.Write(b.t.Context(), someone, "您好") },
			"MsgType=text Content=您好", "您好", nil,
		},
		"image": {
			func(b *bundle) error { return b.SendImage(b.t.Context(), someone, "image/png", photo) },
			"MsgType=image PicUrl= MediaId=", "[图片]", photo,
		},
		"voice": {
			func(b *bundle) error { return b.SendVoice(b.t.Context(), someone, "audio/amr", voice) },
			"MsgType=voice Format=amr MediaId=", "[语音]", voice,
		},
		"card": {
			func(b *bundle) error {
				return b.SendCard(b.t.Context(), someone, "我的事项", "pages/index/index?id=1")
			},
			"MsgType=miniprogrampage Title=我的事项 AppId=" + appID + " PagePath=pages/index/index?id=1 ThumbUrl= ThumbMediaId=",
			"[小程序] 我的事项", nil,
		},
	} {
		for _, format := range []emulator.Format{emulator.JSON, emulator.XML} {
			t.Run(name+" "+string(format), func(t *testing.T) {
				t.Parallel()
				s := &sink{}
				b := setup(t, func(o *emulator.Options) { o.Push, o.PushMode, o.PushFormat = s.push, emulator.Plain, format })
				if err := tc.act(b); err != nil {
					t.Fatal(err)
				}
				got := members(t, s.got[0].body, format)
				for want := range strings.FieldsSeq(tc.members + " ToUserName=gh_emulator FromUserName=" + someone + " CreateTime= MsgId=") {
					name, value, _ := strings.Cut(want, "=")
					if got[name] == "" || value != "" && got[name] != value {
						t.Errorf("%s is %q, want %q", name, got[name], value)
					}
				}
				if len(got) != len(strings.Fields(tc.members))+4 {
					t.Errorf("members: %v", got)
				}
				if line := b.Chat(someone)[0]; line.Text != tc.shown || line.From != emulator.FromUser {
					t.Errorf("on the phone: %+v", line)
				}
				if tc.media != nil && !bytes.Equal(b.media(got["MediaId"]).raw, tc.media) {
					t.Error("the media id leads elsewhere")
				}
				if id := got["ThumbMediaId"]; id != "" && b.media(id).header.Get("Content-Type") != "image/jpeg" {
					t.Error("the card has no picture")
				}
				for range 5 {
					b.want(b.say("收到"), 0)
				}
				b.want(b.say("收到"), 45047)
			})
		}
	}
}

// members returns the top members of a push as texts. Numbers stay as written.
func members(t *testing.T, body []byte, format emulator.Format) map[string]string {
	t.Helper()
	out := make(map[string]string)
	if format == emulator.JSON {
		var all map[string]json.RawMessage
		if err := json.Unmarshal(body, &all); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		for name, value := range all {
			out[name] = strings.Trim(string(value), `"`)
		}
		return out
	}
	var all struct {
		Members []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:",any"`
	}
	if err := xml.Unmarshal(body, &all); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	for _, m := range all.Members {
		out[m.XMLName.Local] = m.Text
	}
	return out
}

func TestWhatNobodyCanSend(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) { o.Push = s.push })
	photo, voice := photoOf(t, "image/png"), []byte("#!AMR\n")
	ctx := t.Context()
	for name, err := range map[string]error{
		"another type":    b.SendImage(ctx, someone, "image/jpeg", photo),
		"no picture":      b.SendImage(ctx, someone, "", []byte("text")),
		"voice as image":  b.SendImage(ctx, someone, "audio/amr", voice),
		"large picture":   b.SendImage(ctx, someone, "image/png", append(bytes.Clone(photo), make([]byte, 10<<20)...)),
		"picture's owner": b.SendImage(ctx, "x", "image/png", photo),
		"image as voice":  b.SendVoice(ctx, someone, "image/png", photo),
		"long voice":      b.SendVoice(ctx, someone, "audio/amr", append(bytes.Clone(voice), make([]byte, 2<<20)...)),
		"voice's owner":   b.SendVoice(ctx, "x", "audio/amr", voice),
		"untitled":        b.SendCard(ctx, someone, " ", "pages/index/index"),
		"no page":         b.SendCard(ctx, someone, "卡片", "pages/other/index"),
		"slash":           b.SendCard(ctx, someone, "卡片", "/pages/index/index"),
		"card's owner":    b.SendCard(ctx, "x", "卡片", "pages/index/index"),
		"writer":          b.Write(ctx, "x", "您好"),
		"who enters":      b.Enter(ctx, "x"),
	} {
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if len(s.got) != 0 {
		t.Errorf("%d pushes", len(s.got))
	}
}
