package handlers_test

import (
	"slices"
	"strings"
	"testing"
)

// What a filer corrects, reads and hands over is on the wire as documented.
func TestMyData(t *testing.T) {
	t.Parallel()
	b := setup(t)
	child := b.login("the-child")
	s := b.file(child, map[string]any{
		"contact":      map[string]any{"phone": "13800138000"},
		"on_behalf_of": map[string]any{"name": "王秀英", "relation": "母亲"},
	})
	path := "/api/v1/submissions/" + at[string](s, "id")
	b.want(b.send("PUT", path+"/contact", child, map[string]any{"phone_code": b.emu.PhoneCode("13700137000")}), 200)
	m := b.problem(b.send("PUT", path+"/contact", child, map[string]any{"phone_code": "used"}), 422, "invalid")
	if !slices.Equal(fields(m), []string{"phone_code"}) {
		t.Errorf("%v", m)
	}
	r := b.send("GET", "/api/v1/me/data", child, nil)
	b.want(r, 200)
	own := r.JSON(t)
	list := at[[]any](own, "submissions")
	if len(list) != 1 || own["more"] != false || len(at[[]any](own, "kept")) == 0 {
		t.Fatalf("%v", own)
	}
	var said []string
	for _, e := range at[[]any](obj(list[0]), "timeline") {
		said = append(said, at[string](obj(e), "sentence"))
	}
	if len(said) == 0 || !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "改了联系电话") }) {
		t.Errorf("timeline %q", said)
	}
	if strings.Contains(string(r.Body), "13700137000") {
		t.Error("the whole number")
	}
}

// A submission goes from phone to phone by the link's secret and two digits, and by six digits and a number; what
// each side is sent is as documented.
func TestHandover(t *testing.T) {
	t.Parallel()
	b := setup(t)
	child, mother, stranger := b.login("the-child"), b.login("the-mother"), b.login("a-stranger")
	file := func() string {
		return at[string](b.file(child, map[string]any{"on_behalf_of": map[string]any{"name": "王秀英", "relation": "母亲"}}), "id")
	}
	id := file()
	path := "/api/v1/submissions/" + id
	if got := b.got(b.send("GET", path+"/handover", child, nil)); got["claimed"] != false || got["link"] != nil || got["digits"] != nil {
		t.Errorf("an offer from nothing: %v", got)
	}
	o := b.got(b.send("POST", path+"/handover", child, map[string]any{}))
	token := at[string](o, "token")
	if !strings.HasSuffix(at[string](o, "link"), "/m/pages/takeover/index#"+token) || !strings.HasPrefix(at[string](o, "qr"), "data:image/svg+xml") || o["follow"] != true {
		t.Errorf("%v", o)
	}
	wrong := b.got(b.send("POST", "/api/v1/handovers", stranger, map[string]any{"token": token}))
	claim := b.got(b.send("POST", "/api/v1/handovers", mother, map[string]any{"token": token}))
	if len(at[string](claim, "check")) != 2 || claim["check"] == wrong["check"] || claim["submission"] != nil {
		t.Errorf("%v beside %v", claim, wrong)
	}
	o = b.got(b.send("GET", path+"/handover", child, nil))
	if o["claimed"] != true || o["check"] != nil || o["claims"] != nil {
		t.Errorf("%v", o)
	}
	m := b.problem(b.send("POST", path+"/handover/confirm", child, map[string]any{"check": "00"}), 422, "invalid")
	if !slices.Equal(fields(m), []string{"check"}) {
		t.Errorf("%v", m)
	}
	got := b.got(b.send("POST", path+"/handover/confirm", child, map[string]any{"check": claim["check"]}))
	if h := at[map[string]any](got, "handed_over"); h["own"] != false || h["name"] != "王秀英" {
		t.Errorf("%v", h)
	}
	if got = b.got(b.send("POST", "/api/v1/handovers", mother, map[string]any{"token": token})); got["submission"] != id {
		t.Errorf("%v", got)
	}
	b.problem(b.send("POST", "/api/v1/handovers", stranger, map[string]any{"token": token}), 404, "not_found")
	b.want(b.send("POST", path+"/messages", child, map[string]any{"text": "三号楼"}), 200)
	b.problem(b.send("POST", path+"/withdraw", child, map[string]any{}), 403, "denied")
	events := at[[]any](b.got(b.send("GET", path, mother, nil)), "timeline")
	if last := obj(events[len(events)-1]); last["by_proxy"] != true || !strings.Contains(at[string](last, "sentence"), "代群众提交的人补充：三号楼") {
		t.Errorf("%v", last)
	}
	got = b.got(b.send("DELETE", path+"/proxy", mother, nil))
	if h := at[map[string]any](got, "handed_over"); h["own"] != true || h["followed"] != false {
		t.Errorf("%v", h)
	}
	b.problem(b.send("GET", path, child, nil), 404, "not_found")

	id = file()
	o = b.got(b.send("POST", "/api/v1/submissions/"+id+"/handover", child, map[string]any{"phone": "139 0013 9000", "alone": true}))
	if len(at[string](o, "digits")) != 6 || o["phone_mask"] != "139****9000" || o["follow"] != false {
		t.Errorf("%v", o)
	}
	m = b.problem(b.send("POST", "/api/v1/takeovers", mother, map[string]any{"code": o["digits"]}), 422, "invalid")
	if !slices.Equal(fields(m), []string{"phone_code"}) {
		t.Errorf("%v", m)
	}
	m = b.problem(b.send("POST", "/api/v1/takeovers", stranger, map[string]any{"code": o["digits"], "phone_code": b.emu.PhoneCode("13700137000")}), 422, "invalid")
	if !slices.Equal(fields(m), []string{"code"}) {
		t.Errorf("%v", m)
	}
	got = b.got(b.send("POST", "/api/v1/takeovers", mother, map[string]any{"code": o["digits"], "phone_code": b.emu.PhoneCode("13900139000")}))
	if got["id"] != id || got["on_behalf_of"] != nil {
		t.Errorf("%v", got)
	}
	b.problem(b.send("GET", "/api/v1/submissions/"+id, child, nil), 404, "not_found")

	id = file()
	b.got(b.send("POST", "/api/v1/submissions/"+id+"/handover", child, map[string]any{}))
	b.want(b.send("DELETE", "/api/v1/submissions/"+id+"/handover", child, nil), 204)
	b.problem(b.send("POST", "/api/v1/submissions/"+id+"/handover/confirm", child, map[string]any{"check": "10"}), 422, "wrong_state")
}

// Wrong digits end as wrong invitations do, also for the right ones after them.
func TestDigitsAreNotGuessed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	child, guesser := b.login("the-child"), b.login("guesser")
	s := b.file(child, map[string]any{"on_behalf_of": map[string]any{"name": "王秀英", "relation": "母亲"}})
	o := b.got(b.send("POST", "/api/v1/submissions/"+at[string](s, "id")+"/handover", child, map[string]any{"phone": "13900139000"}))
	var r reply
	for range 50 {
		r = b.send("POST", "/api/v1/takeovers", guesser, map[string]any{"code": "wrong", "phone_code": b.emu.PhoneCode("13900139000")})
		if r.Status != 422 {
			break
		}
	}
	b.want(r, 429)
	b.want(b.send("POST", "/api/v1/takeovers", guesser, map[string]any{"code": o["digits"], "phone_code": b.emu.PhoneCode("13900139000")}), 429)
}

// A word has to be written, and nothing is left to log in to.
func TestErasure(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.login("villager")
	b.file(v, nil)
	m := b.problem(b.send("POST", "/api/v1/me/erasure", v, map[string]any{"confirm": "好"}), 422, "invalid")
	if !slices.Equal(fields(m), []string{"confirm"}) {
		t.Errorf("%v", m)
	}
	b.want(b.send("POST", "/api/v1/me/erasure", v, map[string]any{"confirm": "删除"}), 204)
	b.problem(b.send("GET", "/api/v1/me/data", v, nil), 401, "unauthenticated")
}
