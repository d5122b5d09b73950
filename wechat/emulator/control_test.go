package emulator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/wechat/emulator"
)

// control makes a call on the people's side and decodes the answer.
func (b *bundle) control(method, path, body string, wantStatus int, into any) {
	b.t.Helper()
	w := request(b.t, b.ctl, method, "/_emulator/"+path, body)
	if w.Code != wantStatus {
		b.t.Fatalf("%s %s: status %d, want %d: %s", method, path, w.Code, wantStatus, w.Body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		b.t.Fatalf("%s: %v", w.Body, err)
	}
}

func TestControlLogin(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for _, body := range []string{"", "{}"} {
		var out struct{ Code string }
		b.control(http.MethodPost, "users/anybody_-1/code", body, http.StatusOK, &out)
		if a := b.login(out.Code); a.OpenID != "anybody_-1" {
			t.Errorf("login: %s", a.raw)
		}
	}
	for _, openid := range []string{"abc", strings.Repeat("a", 65), "a%20bcd", "%E5%8F%B7abc"} {
		b.control(http.MethodPost, "users/"+openid+"/code", "", http.StatusUnprocessableEntity, nil)
	}
	b.control(http.MethodGet, "users/anybody/code", "", http.StatusMethodNotAllowed, nil)
	b.control(http.MethodGet, "cast", "", http.StatusNotFound, nil)
}

func TestControlPhone(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for body, want := range map[string]string{"": "13800000000", `{"phone":"13912345678"}`: "13912345678"} {
		var out struct{ Code string }
		b.control(http.MethodPost, "users/anybody/phonecode", body, http.StatusOK, &out)
		a := b.post("/wxa/business/getuserphonenumber", map[string]string{"code": out.Code})
		if !strings.Contains(string(a.raw), want) || !strings.Contains(string(a.raw), appID) {
			t.Errorf("got %s, want %s with the watermark", a.raw, want)
		}
		b.want(b.post("/wxa/business/getuserphonenumber", map[string]string{"code": out.Code}), 40163)
	}
	b.control(http.MethodPost, "users/anybody/phonecode", `{"phone":"110"}`, http.StatusUnprocessableEntity, nil)
	b.control(http.MethodPost, "users/anybody/phonecode", `{"number":"13912345678"}`, http.StatusUnprocessableEntity, nil)
}

func TestControlGrantsAndMessages(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) { o.Push, o.PushMode = s.push, emulator.Plain })
	var list struct{ Items []emulator.Message }
	b.control(http.MethodGet, "users/"+someone+"/messages", "", http.StatusOK, &list)
	if list.Items == nil || len(list.Items) != 0 {
		t.Fatalf("messages of a new person: %+v", list)
	}
	var out struct {
		Granted []struct {
			Template string `json:"template_id"`
			Left     int    `json:"left"`
		}
	}
	b.control(http.MethodPost, "users/"+someone+"/grants", `{"template_id":"`+tpl+`","count":2}`, http.StatusOK, &out)
	b.control(http.MethodPost, "users/"+someone+"/grants", "", http.StatusOK, &out)
	if len(out.Granted) != 2 || out.Granted[0].Left != 3 || out.Granted[1].Left != 1 {
		t.Fatalf("granted: %+v", out)
	}
	b.want(b.send(nil), 0)
	b.clock.Advance(time.Minute)
	b.want(b.send(func(m map[string]any) { m["page"] = "" }), 0)
	b.control(http.MethodGet, "users/"+someone+"/messages", "", http.StatusOK, &list)
	if len(list.Items) != 2 || list.Items[0].Page != "" || list.Items[1].Page != "pages/index/index?id=1" ||
		!list.Items[0].At.After(list.Items[1].At) || list.Items[1].Template != tpl {
		t.Errorf("messages, newest first: %+v", list.Items)
	}
	for _, body := range []string{`{"template_id":"nonsense"}`, `{"count":-1}`, `{"count":"2"}`, `{"n":1}`, `[`} {
		b.control(http.MethodPost, "users/"+someone+"/grants", body, http.StatusUnprocessableEntity, nil)
	}
}

func TestPopupEvents(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) { o.Push, o.PushMode = s.push, emulator.Plain })
	for _, n := range []int{1, 3, 150} {
		if _, err := b.Grant(t.Context(), someone, tpl, n); err != nil {
			t.Fatal(err)
		}
	}
	times := make(map[string]bool)
	var sizes []int
	for _, p := range s.got {
		var body struct {
			CreateTime string
			List       json.RawMessage
		}
		if err := json.Unmarshal(p.body, &body); err != nil {
			t.Fatalf("%s: %v", p.body, err)
		}
		times[body.CreateTime] = true
		size := 1 // an object
		if body.List[0] == '[' {
			var items []any
			if err := json.Unmarshal(body.List, &items); err != nil {
				t.Fatal(err)
			}
			size = len(items)
		}
		sizes = append(sizes, size)
		if len(p.body) > 64<<10 {
			t.Errorf("a push of %d bytes", len(p.body))
		}
	}
	if len(sizes) != 4 || sizes[0] != 1 || sizes[1] != 3 || sizes[2] != 100 || sizes[3] != 50 {
		t.Errorf("items in each push: %v", sizes)
	}
	if len(times) != 4 {
		t.Errorf("%d times of creation for 4 events", len(times))
	}
}

func TestControlChat(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) { o.Push = s.push })
	var list struct{ Items []emulator.Line }
	b.control(http.MethodPost, "users/"+someone+"/chat", `{"text":"您好"}`, http.StatusOK, &list)
	if len(list.Items) != 1 || list.Items[0].From != "user" || list.Items[0].Text != "您好" {
		t.Fatalf("chat: %+v", list)
	}
	b.control(http.MethodPost, "users/"+someone+"/chat", "", http.StatusOK, nil) // opens the chat
	if len(s.got) != 2 || s.got[0].query["encrypt_type"][0] != "aes" || strings.Contains(string(s.got[0].body), "您好") {
		t.Fatalf("pushed: %+v", s.got)
	}
	for _, body := range []string{`{"text":""}`, `{"text":"a\u0000b"}`, `{"text":"` + strings.Repeat("字", 700) + `"}`, `{"txt":"a"}`} {
		b.control(http.MethodPost, "users/"+someone+"/chat", body, http.StatusUnprocessableEntity, nil)
	}
	b.control(http.MethodGet, "users/"+someone+"/chat", "", http.StatusOK, &list)
	if len(list.Items) != 1 {
		t.Errorf("chat: %+v", list)
	}
}

func (b *bundle) say(text string) answer {
	b.t.Helper()
	return b.post("/cgi-bin/message/custom/send", map[string]any{
		"touser": someone, "msgtype": "text", "text": map[string]string{"content": text},
	})
}

func TestChatWindow(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.want(b.say("您好"), 40003)
	b.want(b.login(b.LoginCode(someone)), 0)
	b.want(b.say("您好"), 45015)
	if err := b.Enter(t.Context(), someone); err != nil {
		t.Fatal(err)
	}
	b.want(b.say("一"), 0)
	b.want(b.say("二"), 0)
	b.want(b.say("三"), 45047)
	b.clock.Advance(time.Minute)
	b.want(b.say("四"), 45015)
	if err := b.Write(t.Context(), someone, "在吗"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		b.want(b.say("在"), 0)
	}
	b.want(b.say("六"), 45047)
	if err := b.Write(t.Context(), someone, "再问"); err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(48*time.Hour - time.Second)
	b.want(b.say("赶上了"), 0)
	b.clock.Advance(time.Second)
	b.want(b.say("晚了"), 45015)
}

func TestChatKinds(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	if err := b.Write(t.Context(), someone, "您好"); err != nil {
		t.Fatal(err)
	}
	header, body := form(t, "media", "a.png", photoOf(t, "image/png"))
	id := b.upload("image", header, body).Media
	header, body = form(t, "media", "a.amr", []byte("#!AMR\n"))
	voice := b.upload("voice", header, body).Media
	for body, want := range map[string]int{
		`"msgtype":"image","image":{"media_id":"` + id + `"}`:    0,
		`"msgtype":"image","image":{"media_id":"m"}`:             40007,
		`"msgtype":"image","image":{"media_id":"` + voice + `"}`: 40007,
		`"msgtype":"image"`: 40007,
		`"msgtype":"link","link":{"title":"t","url":"https://a"}`: 0,
		`"msgtype":"link"`: 40097,
		`"msgtype":"miniprogrampage","miniprogrampage":{"title":"t","pagepath":"p","thumb_media_id":"` + id + `"}`: 0,
		`"msgtype":"miniprogrampage","miniprogrampage":{"title":"t","pagepath":"p","thumb_media_id":"m"}`:          40007,
		`"msgtype":"miniprogrampage","miniprogrampage":{"title":"t","thumb_media_id":"` + id + `"}`:                40097,
		`"msgtype":"miniprogrampage"`: 40097,
		`"msgtype":"text"`:            44004,
		`"msgtype":"text","text":{"content":"` + strings.Repeat("a", 2049) + `"}`: 45002,
		`"msgtype":"dance"`: 40008,
		`"msgtype":`:        47001,
	} {
		a := b.post("/cgi-bin/message/custom/send", `{"touser":"`+someone+`",`+body+`}`)
		if a.ErrCode != want {
			t.Errorf("%s: errcode %d, want %d", body, a.ErrCode, want)
		}
	}
	var picture, card emulator.Line
	for _, l := range b.Chat(someone) {
		switch {
		case l.Page != "":
			card = l
		case l.Media != "":
			picture = l
		}
	}
	if picture.Media != id || picture.From != emulator.FromService || card.Media != id || card.Page != "p" {
		t.Errorf("on the phone: %+v, %+v", picture, card)
	}
}

func TestResend(t *testing.T) {
	t.Parallel()
	s := &sink{answers: []string{"error", "<html>"}}
	b := setup(t, func(o *emulator.Options) { o.Push = s.push })
	if err := b.Write(t.Context(), someone, "您好"); err != nil {
		t.Fatalf("the third try was taken, but: %v", err)
	}
	if len(s.got) != 3 || string(s.got[0].body) != string(s.got[2].body) {
		t.Fatalf("%d deliveries, want 3 of the same", len(s.got))
	}
	s.answers = []string{"no", "no", "no"}
	b.control(http.MethodPost, "users/"+someone+"/chat", `{"text":"再问"}`, http.StatusBadGateway, nil)
	if len(s.got) != 6 {
		t.Errorf("%d deliveries, want 6", len(s.got))
	}
	s.answers = []string{""}
	if err := b.Write(t.Context(), someone, "空白也算"); err != nil || len(s.got) != 7 {
		t.Errorf("an empty answer counts as success: %v, %d deliveries", err, len(s.got))
	}
}

func TestCast(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) {
		o.Cast = func(context.Context) (any, error) { return map[string]int{"members": 31}, nil }
	})
	var out map[string]int
	b.control(http.MethodGet, "cast", "", http.StatusOK, &out)
	if out["members"] != 31 {
		t.Errorf("cast: %v", out)
	}
}

// TestTheChatOpensByAContactButton: a phone can open the chat in no other way.
func TestTheChatOpensByAContactButton(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) {
		o.Push, o.PushMode, o.Contacts = s.push, emulator.Plain, []string{"pages/order/index"}
	})
	const chat = "users/" + someone + "/chat"
	var got struct {
		Items []emulator.Line
		Open  bool
	}
	for _, body := range []string{"", `{"text":"您好"}`, `{"open":{"page":"pages/index/index"}}`, `{"open":{"page":""}}`} {
		b.control(http.MethodPost, chat, body, http.StatusUnprocessableEntity, nil)
	}
	b.control(http.MethodGet, chat, "", http.StatusOK, &got)
	if got.Open || len(got.Items) != 0 || len(s.got) != 0 {
		t.Fatalf("before: %+v, %d pushes", got, len(s.got))
	}
	b.control(http.MethodPost, chat, `{"open":{"page":"pages/order/index?id=7","session_from":"LJ-7"}}`, http.StatusOK, &got)
	if !got.Open || len(s.got) != 1 || !strings.Contains(string(s.got[0].body), `"SessionFrom":"LJ-7"`) {
		t.Fatalf("opened: %+v, pushed %s", got, s.got[0].body)
	}
	b.control(http.MethodPost, chat, `{"text":"您好"}`, http.StatusOK, &got)
	b.control(http.MethodPost, chat, "", http.StatusOK, nil) // from the list of chats
	if len(got.Items) != 1 || len(s.got) != 3 {
		t.Errorf("%+v, %d pushes", got, len(s.got))
	}
}
