package handlers_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// reveal asks for the phone number of a submission.
func (b *bundle) reveal(token, id string) reply {
	b.t.Helper()
	return b.send("POST", "/api/v1/submissions/"+id+"/phone", token, `{"reason":"回访"}`)
}

// watched are the sentences about single accounts.
func (b *bundle) watched(token string) string {
	b.t.Helper()
	var list []string
	for _, w := range at[[]any](b.got(b.send("GET", "/api/v1/station/guard", token, nil)), "watched") {
		list = append(list, at[string](obj(w), "sentence"))
	}
	return strings.Join(list, "\n")
}

// audited is the audit as text.
func (b *bundle) audited(token, query string) string {
	b.t.Helper()
	return fmt.Sprint(b.got(b.send("GET", "/api/v1/station/audit?limit=100"+query, token, nil))["items"])
}

// One account has a number of phones shown, then waits, and the staff hear of it
// before and when it happens.
func TestRevealsAreBraked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison, admin := b.as("sun", "hk", "liaison", "l1"), b.as("qian", "hk", "liaison", "a1")
	id := at[string](b.file(b.login("villager"), map[string]any{"contact": map[string]any{"phone": "13800138000"}}), "id")
	b.want(b.send("PUT", "/api/v1/station/guard", admin, `{"reveals_per_hour":4,"reveals_per_day":6}`), 200)
	for range 2 {
		b.want(b.reveal(liaison, id), 200)
	}
	if got := b.watched(admin); got != "" {
		t.Errorf("told of two: %s", got)
	}
	b.want(b.reveal(liaison, id), 200)
	b.want(b.send("POST", "/api/v1/submissions/"+id+"/dossier", liaison, `{"reason":"移送","contacts":true}`), 200)
	if got := b.watched(admin); !strings.Contains(got, "孙联络（联络员）查看电话异常多：1 小时内查看电话 3 次") {
		t.Errorf("of four the administrator reads %q", got)
	}
	lines := b.audited(admin, "")
	r := b.reveal(liaison, id)
	p := b.problem(r, 429, "too_many")
	if d := at[string](p, "detail"); !strings.Contains(d, "1 小时最多 4 个") || !strings.Contains(d, "请本站管理员") || strings.Contains(string(r.Body), "13800138000") {
		t.Errorf("the refusal says %s", d)
	}
	if wait, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || wait != 15*60 {
		t.Errorf("again after %s s", r.Header.Get("Retry-After"))
	}
	// The other ways to a number are the same way; what shows none goes on.
	b.problem(b.send("POST", "/api/v1/submissions/"+id+"/dossier", liaison, `{"reason":"移送","contacts":true}`), 429, "too_many")
	b.want(b.send("POST", "/api/v1/submissions/"+id+"/dossier", liaison, `{"reason":"移送"}`), 200)
	after := b.audited(admin, "")
	if n := strings.Count(after, "what:phone") - strings.Count(lines, "what:phone"); n != 0 || strings.Count(after, "what:reveals-braked") != 1 || strings.Count(after, "what:reveals-many") != 1 {
		t.Errorf("%d more lines of phones; the audit: %s", n, after)
	}
	now := fmt.Sprint(b.got(b.send("GET", "/api/v1/station/now", liaison, nil))["today"])
	for _, want := range []string{"孙联络（联络员）查看电话过密，已经拦下", "查看电话异常多"} {
		if !strings.Contains(now, want) || !strings.Contains(b.watched(admin), want) {
			t.Errorf("nobody reads %s: %s", want, now)
		}
	}

	// It ends by itself, or the administrator ends it.
	b.clock.Advance(15 * time.Minute)
	b.want(b.reveal(liaison, id), 200)
	b.problem(b.reveal(liaison, id), 429, "too_many")
	b.clock.Advance(4 * time.Hour)
	b.want(b.reveal(liaison, id), 200)
	b.want(b.reveal(liaison, id), 200)
	if d := at[string](b.problem(b.reveal(liaison, id), 429, "too_many"), "detail"); !strings.Contains(d, "24 小时最多 6 个") {
		t.Errorf("the day's bound says %s", d)
	}
	lift := `{"role":"liaison","id":"l1"}`
	b.problem(b.send("POST", "/api/v1/station/guard/lift", liaison, lift), 403, "denied")
	b.problem(b.send("POST", "/api/v1/station/guard/lift", admin, `{"role":"admin","id":"a1"}`), 403, "denied")
	if g := b.got(b.send("POST", "/api/v1/station/guard/lift", admin, lift)); at[bool](obj(at[[]any](g, "watched")[0]), "braked") {
		t.Errorf("lifted, and still %v", g)
	}
	b.want(b.reveal(liaison, id), 200)
	if got := b.audited(admin, "&what=reveals-lift"); !strings.Contains(got, "孙联络") || !strings.Contains(got, "钱管理") {
		t.Errorf("who lifted for whom: %s", got)
	}
	b.clock.Advance(80 * time.Hour)
	if got := b.watched(admin); got != "" {
		t.Errorf("after three days: %s", got)
	}
}

// The numbers of the roster are counted with the others, for the administrator too,
// who then has nobody to ask.
func TestRosterPhonesAreBraked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.as("qian", "hk", "liaison", "a1")
	for _, m := range []string{"m1", "m2", "m3"} {
		roster := b.got(b.send("GET", "/api/v1/station/roster", admin, nil))
		body := fmt.Sprintf(`{"version":%v,"name":"委员%s","sector":"教育","phone":"13900000001"}`, roster["version"], m)
		b.want(b.send("PUT", "/api/v1/station/roster/members/"+m, admin, body), 200)
	}
	b.want(b.send("PUT", "/api/v1/station/guard", admin, `{"reveals_per_hour":1}`), 200)
	ask := func() reply {
		return b.send("POST", "/api/v1/station/roster/members/m1/phone", admin, `{"reason":"联系"}`)
	}
	b.want(ask(), 200)
	if d := at[string](b.problem(ask(), 429, "too_many"), "detail"); strings.Contains(d, "请本站管理员") || !strings.Contains(d, "过后可以再看") {
		t.Errorf("the only administrator reads %s", d)
	}
	b.want(b.send("POST", "/api/v1/station/roster/export", admin, `{"reason":"上报"}`), 200)
	if got := b.watched(admin); !strings.Contains(got, "钱管理（管理员）导出了含电话的名册 1 次") {
		t.Errorf("of the whole roster: %q", got)
	}
}

// Whoever exports what people wrote is named to the staff; with the setting on
// nobody does so alone.
func TestExportsOfTexts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.file(b.login("villager"), nil)
	liaison, admin, other := b.as("sun", "hk", "liaison", "l1"), b.as("qian", "hk", "liaison", "a1"), b.as("zhou", "xj", "liaison", "l9")
	const direct, asks = "/api/v1/station/submissions/export", "/api/v1/station/exports"
	g := b.got(b.send("GET", "/api/v1/station/guard", liaison, nil))
	if at[bool](g, "second_person") || !strings.Contains(at[string](g, "says"), "没有开启") || at[bool](g, "may_change") {
		t.Errorf("off, it says %v", g)
	}
	r := b.send("POST", direct, liaison, `{"reason":"核对月报","texts":true}`)
	b.want(r, 202)
	b.jobEnds(liaison, at[string](r.JSON(t), "id"))
	if got := b.watched(admin); !strings.Contains(got, "孙联络（联络员）导出了反映的内容 1 次") || !strings.Contains(got, "核对月报") {
		t.Errorf("the administrator reads %q", got)
	}
	b.problem(b.send("POST", asks, liaison, `{"reason":"核对"}`), 422, "wrong_state")

	b.problem(b.send("PUT", "/api/v1/station/guard", liaison, `{"second_person":true}`), 403, "denied")
	b.want(b.send("PUT", "/api/v1/station/guard", admin, `{"second_person":true}`), 200)
	if d := at[string](b.problem(b.send("POST", direct, liaison, `{"reason":"核对","texts":true}`), 422, "wrong_state"), "detail"); !strings.Contains(d, "先提出申请") {
		t.Errorf("alone: %s", d)
	}
	r = b.send("POST", direct, liaison, `{"reason":"核对"}`) // without texts as before
	b.want(r, 202)
	b.jobEnds(liaison, at[string](r.JSON(t), "id"))

	ask := func() string {
		r := b.send("POST", asks, liaison, `{"reason":"年终核对","from":"2026-05-01"}`)
		b.want(r, 201)
		return asks + "/" + at[string](r.JSON(t), "id")
	}
	mine := ask()
	b.problem(b.send("POST", mine+"/file", liaison, nil), 422, "wrong_state")
	b.problem(b.send("POST", mine+"/answer", liaison, `{"agree":true}`), 403, "denied")
	// A second account of the same person is no second person.
	b.problem(b.send("POST", mine+"/answer", b.as("sun", "hk", "liaison", "a1"), `{"agree":true}`), 403, "denied")
	admin, liaison = b.as("qian", "hk", "liaison", "a1"), b.as("sun", "hk", "liaison", "l1")
	b.problem(b.send("POST", mine+"/answer", other, `{"agree":true}`), 404, "not_found")
	list := at[[]any](b.got(b.send("GET", asks, admin, nil)), "items")
	if len(list) != 1 || at[string](obj(list[0]), "by") != "孙联络" || at[float64](obj(list[0]), "total") != 1 || at[bool](obj(list[0]), "own") {
		t.Errorf("the second person sees %v", list)
	}
	b.want(b.send("POST", mine+"/answer", admin, `{"agree":true}`), 200)
	b.problem(b.send("POST", mine+"/answer", admin, `{"agree":false}`), 422, "wrong_state")
	b.problem(b.send("POST", mine+"/file", other, nil), 404, "not_found")
	r = b.send("POST", mine+"/file", liaison, nil)
	b.want(r, 202)
	if j := b.jobEnds(liaison, at[string](r.JSON(t), "id")); j["state"] != "done" {
		t.Errorf("agreed: %v", j)
	}
	b.problem(b.send("POST", mine+"/file", liaison, nil), 404, "not_found") // once

	refused := ask()
	b.want(b.send("POST", refused+"/answer", admin, `{"agree":false}`), 200)
	b.problem(b.send("POST", refused+"/file", liaison, nil), 422, "wrong_state")
	dropped := ask()
	b.want(b.send("DELETE", dropped, liaison, nil), 204)
	b.problem(b.send("POST", dropped+"/answer", admin, `{"agree":true}`), 404, "not_found")
	late := ask()
	b.clock.Advance(24 * time.Hour)
	b.problem(b.send("POST", late+"/answer", admin, `{"agree":true}`), 404, "not_found")
	b.problem(b.send("POST", late+"/file", liaison, nil), 404, "not_found")
	lines := b.audited(admin, "")
	for what, n := range map[string]int{"export-ask": 4, "export-agree": 1, "export-refuse": 1, "export-drop": 1, "list-export-texts": 2, "guard": 1} {
		if got := strings.Count(lines, "what:"+what+" "); got != n {
			t.Errorf("%d lines of %s, want %d", got, what, n)
		}
	}
	if !strings.Contains(lines, "年终核对（钱管理确认）") {
		t.Errorf("who agreed is not with the export: %s", lines)
	}
}

// Nobody can be asked where there is one person, and bounds have bounds.
func TestGuardSettings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.as("qian", "hk", "liaison", "a1")
	p := b.problem(b.send("PUT", "/api/v1/station/guard", admin, `{"reveals_per_hour":1001,"reveals_per_day":-1}`), 422, "invalid")
	if got := strings.Join(fields(p), " "); got != "reveals_per_hour reveals_per_day" {
		t.Errorf("named %s", got)
	}
	b.want(b.send("DELETE", "/api/v1/station/roster/liaisons/l1?version="+fmt.Sprint(b.got(b.send("GET", "/api/v1/station/roster", admin, nil))["version"]), admin, nil), 200)
	p = b.problem(b.send("PUT", "/api/v1/station/guard", admin, `{"second_person":true}`), 422, "invalid")
	if got := strings.Join(fields(p), " "); got != "second_person" {
		t.Errorf("named %s", got)
	}
}
