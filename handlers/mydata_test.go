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
	child, mother := b.login("the-child"), b.login("the-mother")
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

	r = b.send("POST", path+"/handover-code", child, nil)
	b.want(r, 200)
	r = b.send("POST", "/api/v1/takeovers", mother, map[string]any{"code": r.JSON(t)["code"]})
	b.want(r, 200)
	if got := r.JSON(t); got["id"] != s["id"] || got["on_behalf_of"] != nil {
		t.Errorf("%v", got)
	}
	b.problem(b.send("GET", path, child, nil), 404, "not_found")
}

// Wrong codes end as wrong invitations do, also for the right one after them.
func TestTakeoverCodesAreNotGuessed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	child, guesser := b.login("the-child"), b.login("guesser")
	s := b.file(child, map[string]any{"on_behalf_of": map[string]any{"name": "王秀英", "relation": "母亲"}})
	r := b.send("POST", "/api/v1/submissions/"+at[string](s, "id")+"/handover-code", child, nil)
	b.want(r, 200)
	code := r.JSON(t)["code"]
	for range 50 {
		if r = b.send("POST", "/api/v1/takeovers", guesser, map[string]any{"code": "wrong"}); r.Status != 422 {
			break
		}
	}
	b.want(r, 429)
	b.want(b.send("POST", "/api/v1/takeovers", guesser, map[string]any{"code": code}), 429)
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
