package handlers_test

import (
	"strings"
	"testing"

	"mashang/wechat/emulator"
)

// Whoever writes of a danger reads whom to call in the very answer; the liaison
// finds it among the alarms until they have seen to it.
func TestEmergency(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison, ma := b.login("villager"), b.as("sun", "hk", "liaison", "l1"), b.as("ma", "hk", "member", "m1")
	if s := b.file(visitor, map[string]any{"text": "停车场收费没有公示"}); s["emergency"] != nil {
		t.Errorf("an emergency of a car park: %v", s["emergency"])
	}
	s := b.file(visitor, map[string]any{"text": "有人落水了，快来救人"})
	e := obj(s["emergency"])
	var numbers []string
	for _, h := range at[[]any](e, "hotlines") {
		numbers = append(numbers, at[string](obj(h), "number"))
	}
	if strings.Join(numbers, " ") != "119 120 12395 110" || at[[]any](e, "kind_names")[0] != "水上遇险" || len(at[[]any](e, "steps")) != 2 ||
		!strings.Contains(at[string](e, "advice"), "马上拨打") || e["attended"] != false {
		t.Errorf("emergency %v", e)
	}
	alarms := func() []any {
		t.Helper()
		r := b.send("GET", "/api/v1/station/alarms", liaison, nil)
		b.want(r, 200)
		today := b.send("GET", "/api/v1/station/today", liaison, nil)
		list := at[[]any](r.JSON(t), "items")
		if today.JSON(t)["alarms"] != float64(len(list)) {
			t.Errorf("today %s, alarms %d", today.Body, len(list))
		}
		return list
	}
	list := alarms()
	if len(list) != 1 || obj(list[0])["id"] != s["id"] {
		t.Fatalf("alarms %v", list)
	}
	// The liaison is told what to do, the filer that the liaison knows.
	if e := obj(obj(list[0])["emergency"]); !strings.Contains(at[string](e, "advice"), "先打电话") || e["words"] != s["text"] || e["since"] != s["filed_at"] {
		t.Errorf("the liaison reads %v", e)
	}
	path := "/api/v1/submissions/" + at[string](s, "id")
	b.problem(b.send("POST", path+"/attend", ma, map[string]any{"version": 1, "reason": "x"}), 403, "denied")
	b.problem(b.send("POST", path+"/attend", liaison, map[string]any{"version": 1, "reason": " "}), 422, "invalid")
	r := b.send("POST", path+"/attend", liaison, map[string]any{"version": 1, "reason": "已报119，人已救起"})
	b.want(r, 200)
	if got := r.JSON(t); got["version"] != 2.0 || obj(got["emergency"])["attended"] != true || !strings.Contains(sentences(got)[1], "处理险情：已报119") {
		t.Errorf("attended %s", r.Body)
	}
	if len(alarms()) != 0 {
		t.Error("still an alarm")
	}
	if own := b.send("GET", path, visitor, nil).JSON(t); len(sentences(own)) != 1 {
		t.Errorf("the visitor reads %v", sentences(own))
	}
	b.want(b.send("POST", path+"/attend", liaison, map[string]any{"version": 2, "reason": "家属已接到人"}), 200)
}

// Whoever is still writing reads whom to call before anything is sent, in a new
// filing and anywhere else; nothing is kept and nobody is alarmed.
func TestEmergencyWhileWriting(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison := b.login("villager"), b.as("sun", "hk", "liaison", "l1")
	topics := "/api/v1/codes/" + codeOfMa + "/topics"
	for _, text := range []string{"着火了", "电 梯 困 人", "天然氣洩漏", "墙塌了压着人"} {
		for _, path := range []string{topics, "/api/v1/emergencies"} {
			for who, token := range map[string]string{"visitor": visitor, "liaison": liaison} {
				r := b.send("POST", path, token, map[string]any{"text": text})
				b.want(r, 200)
				e, _ := r.JSON(t)["emergency"].(map[string]any)
				if e == nil || at[string](obj(at[[]any](e, "hotlines")[0]), "number") != "119" || strings.Contains(at[string](e, "advice"), "提醒本站") {
					t.Errorf("%s to the %s at %s: %s", text, who, path, r.Body)
				}
			}
		}
	}
	// Who has not logged in yet reads the numbers as well, and no topics.
	r := b.send("POST", "/api/v1/emergencies", "", map[string]any{"text": "着火了"})
	b.want(r, 200)
	if e, _ := r.JSON(t)["emergency"].(map[string]any); e == nil {
		t.Errorf("without a session: %s", r.Body)
	}
	b.problem(b.send("POST", topics, "", map[string]any{"text": "着火了"}), 401, "unauthenticated")
	for _, path := range []string{topics, "/api/v1/emergencies"} {
		r := b.send("POST", path, visitor, map[string]any{"text": "跳楼价促销骗人，打人工费没给"})
		b.want(r, 200)
		if e := r.JSON(t)["emergency"]; e != nil {
			t.Errorf("%s: %v", path, e)
		}
		b.problem(b.send("POST", path, visitor, map[string]any{"text": strings.Repeat("长", 2001)}), 422, "invalid")
	}
	if r := b.send("GET", "/api/v1/station/alarms", liaison, nil); len(at[[]any](r.JSON(t), "items")) != 0 {
		t.Errorf("an alarm of what was not sent: %s", r.Body)
	}
}

// A held photo: what each reader is told of it, and how the liaison decides.
func TestHeldPhoto(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison, ma := b.login("villager"), b.as("sun", "hk", "liaison", "l1"), b.as("ma", "hk", "member", "m1")
	b.emu.SetMediaVerdicts("person-villager", emulator.VerdictRisky)
	id := at[string](b.upload(visitor, "p.png", png(t, 400, 300)), "id")
	s := b.file(visitor, map[string]any{"photos": []any{id}})
	path, file := "/api/v1/submissions/"+at[string](s, "id"), "/api/v1/uploads/"+id
	said := func(token, state, words string) {
		t.Helper()
		checks := at[[]any](b.send("GET", path, token, nil).JSON(t), "photo_checks")
		if state == "" && len(checks) == 0 {
			return
		}
		if len(checks) != 1 || obj(checks[0])["id"] != id || obj(checks[0])["state"] != state ||
			!strings.Contains(at[string](obj(checks[0]), "advice"), words) {
			t.Errorf("told %v, want %s %s", checks, state, words)
		}
	}
	said(visitor, "checking", "正在核对")
	said(ma, "checking", "正在核对")
	said(liaison, "checking", "平台正在检查")
	b.checked()
	said(visitor, "held", "换一张")
	said(ma, "held", "联络员核对之后")
	said(liaison, "risky", "原图保留")
	b.problem(b.send("GET", file+"/thumb", ma, nil), 404, "not_found")
	b.want(b.send("GET", file, liaison, nil), 200)
	list := at[[]any](b.send("GET", "/api/v1/station/photos", liaison, nil).JSON(t), "items")
	if len(list) != 1 || obj(obj(list[0])["upload"])["id"] != id || obj(list[0])["state"] != "risky" ||
		obj(obj(list[0])["submission"])["id"] != s["id"] || !strings.HasSuffix(at[string](obj(list[0]), "since"), "+08:00") {
		t.Fatalf("held photos %v", list)
	}
	b.problem(b.send("POST", file+"/verdict", liaison, map[string]any{"show": false}), 422, "invalid")
	r := b.send("POST", file+"/verdict", liaison, map[string]any{"show": false, "reason": "有他人隐私"})
	b.want(r, 200)
	said(visitor, "held", "联络员核对后没有放行")
	b.want(b.send("POST", file+"/verdict", liaison, map[string]any{"show": true, "reason": "当事人同意"}), 200)
	said(visitor, "", "")
	b.want(b.send("GET", file, ma, nil), 200)
	if list := at[[]any](b.send("GET", "/api/v1/station/photos", liaison, nil).JSON(t), "items"); len(list) != 0 {
		t.Errorf("held photos %v", list)
	}
}

// A browser outside WeChat is led into the mini program; staff get links to
// send. Without the platform the page is shown, with how to get there by hand.
func TestLinks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.send("GET", "/q/"+codeOfMa+"/open", "", nil)
	b.want(r, 302)
	link, ok := b.emu.Link(r.Header.Get("Location"))
	if !ok || link.Path != "pages/scan/index" || link.Query != "scene="+codeOfMa {
		t.Errorf("leads to %+v, %v", link, ok)
	}
	if again := b.send("GET", "/q/"+codeOfMa+"/open", "", nil); again.Header.Get("Location") != r.Header.Get("Location") {
		t.Error("a new link for each tap")
	}
	for _, gone := range []string{codeGone, "2222222222"} {
		if r := b.send("GET", "/q/"+gone+"/open", "", nil); r.Status != 410 && r.Status != 404 {
			t.Errorf("%s: %d", gone, r.Status)
		}
	}
	liaison := b.as("sun", "hk", "liaison", "l1")
	got := b.send("GET", "/api/v1/codes/"+codeOfMa+"/link", liaison, nil).JSON(t)
	if got["url"] != r.Header.Get("Location") || !strings.HasPrefix(at[string](got, "app"), "weixin://") || at[string](got, "expires_at") == "" {
		t.Errorf("link %v", got)
	}
	if err := b.emu.SetFaults(emulator.Fault{Path: "/wxa/generate_urllink", Kind: emulator.FaultErrcode, Code: 44993}); err != nil {
		t.Fatal(err)
	}
	if html := b.page("/q/"+codePlace+"/open", 200); !strings.Contains(html, "扫一扫") {
		t.Error("no way shown without a link")
	}
}
