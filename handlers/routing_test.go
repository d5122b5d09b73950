package handlers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Why a submission went where it went, as its visitor, its member and the
// liaison read it.
func TestRoutingIsExplained(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison := b.login("villager"), b.as("sun", "hk", "liaison", "l1")
	s := b.file(visitor, map[string]any{"scene": codeRoom})
	path := "/api/v1/submissions/" + at[string](s, "id") + "/routing"
	for _, token := range []string{visitor, b.as("ma", "hk", "member", "m1")} {
		r := b.send("GET", path, token, nil)
		b.want(r, 200)
		if diff := cmp.Diff(map[string]any{"sentence": "由马晓舟委员办理：就近联系上滩村。"}, r.JSON(t)); diff != "" {
			t.Error(diff)
		}
	}
	r := b.send("GET", path, liaison, nil)
	b.want(r, 200)
	d := at[map[string]any](r.JSON(t), "decision")
	want := map[string]any{
		"rule_version": 3.0, "rules_version": 0.0, "roster_version": 1.0, "moved": false, "runner_up": "m3", "passed": []any{},
		"change": "赵丰年委员与其条件相当（都是 20 分），由待办较少、较久未接件的先办",
	}
	first := obj(at[[]any](d, "candidates")[0])
	delete(d, "candidates")
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{
		"id": "m1", "name": "马晓舟", "sector": "文化旅游", "score": 20.0, "picked": true, "full": false, "open": 0.0, "capacity": 20.0,
		"for": []any{map[string]any{"code": "village", "text": "就近联系上滩村", "weight": 20.0}}, "against": []any{},
	}, first); diff != "" {
		t.Error(diff)
	}
}

// Rules over HTTP: what is left out goes, wrong fields are named, and a wrong
// version is a conflict.
func TestRulesOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	const path = "/api/v1/station/rules"
	r := b.send("PUT", path, liaison, `{"version":0,"categories":[{"category":"school","sectors":["农业"]}],"weights":{"duty":150},"capacity":7}`)
	b.want(r, 200)
	m := r.JSON(t)
	weights := at[map[string]any](m, "default_weights")
	if m["version"] != 1.0 || m["capacity"] != 7.0 || m["default_capacity"] != 20.0 || m["can_undo"] != true || weights["scanned"] != 1000.0 {
		t.Errorf("%v", m)
	}
	choices := at[map[string]any](m, "choices")
	if diff := cmp.Diff(map[string]any{
		"categories": []any{
			map[string]any{"key": "travel", "name": "旅游消费", "sectors": []any{"文化旅游"}, "squads": []any{}},
			map[string]any{"key": "school", "name": "教育入学", "sectors": []any{"教育"}, "squads": []any{}}, // the roster's, not the rules'
		},
		"places": []any{map[string]any{"id": "p1", "name": "黄河渡口停车场", "rooms": []any{"r1"}}},
		"rooms":  []any{map[string]any{"id": "r1", "name": "上滩村协商议事室"}}, "squads": []any{},
		"sectors": []any{"文化旅游", "农业", "教育"}, "heads": []any{map[string]any{"id": "l1", "name": "孙联络"}},
	}, choices); diff != "" {
		t.Error(diff)
	}
	b.want(b.send("PUT", path, liaison, `{"version":1}`), 200)
	r = b.send("POST", path+"/undo", liaison, `{"version":2}`)
	b.want(r, 200)
	if got := r.JSON(t); got["version"] != 3.0 || len(at[[]any](got, "categories")) != 1 {
		t.Errorf("undone: %v", got)
	}
	r = b.send("GET", path, liaison, nil)
	b.want(r, 200)
	if got := r.JSON(t); got["version"] != 3.0 {
		t.Errorf("%v", got)
	}
	b.problem(b.send("PUT", path, liaison, `{"version":1}`), 409, "conflict")
	for field, body := range map[string]string{
		"weights.duty":           `{"version":3,"weights":{"duty":-1}}`,
		"categories.0.sectors.0": `{"version":3,"categories":[{"category":"school","sectors":["科技"]}]}`,
		"places.0.place":         `{"version":3,"places":[{"place":"p9","rooms":[]}]}`,
	} {
		r := b.send("PUT", path, liaison, body)
		b.problem(r, 422, "invalid")
		if !strings.Contains(string(r.Body), `"`+field+`"`) {
			t.Errorf("%s: %s", field, r.Body)
		}
	}
	b.problem(b.send("PUT", path, liaison, `{"version":3,"gravity":{}}`), 422, "invalid")
	b.problem(b.send("PUT", path, liaison, `{"weights":{}}`), 422, "invalid")
}

// A trial says who would have had it, and changes nothing.
func TestRulesAreTriedOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison := b.login("villager"), b.as("sun", "hk", "liaison", "l1")
	s := b.file(visitor, map[string]any{"scene": codeSite, "category": "school"})
	b.clock.Advance(time.Minute)
	const path = "/api/v1/station/rules/trial"
	r := b.send("POST", path, liaison, `{"rules":{"version":0,"categories":[{"category":"school","sectors":["农业"]}]},"from":"2026-05-01","to":"2026-05-11"}`)
	b.want(r, 200)
	m := r.JSON(t)
	item := obj(at[[]any](m, "items")[0])
	delete(m, "items")
	want := map[string]any{
		"from": "2026-05-01T00:00:00+08:00", "to": "2026-05-12T00:00:00+08:00", "total": 1.0, "changed": 1.0, "other_rosters": 0.0, "partial": false,
		"categories": []any{map[string]any{"category": "school", "name": "教育入学", "total": 1.0, "changed": 1.0}},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	if obj(item["was"])["name"] != "何淑英" || obj(item["would"])["name"] != "赵丰年" || item["number"] != s["number"] || !strings.Contains(fmt.Sprint(item["why"]), "农业") {
		t.Errorf("%v", item)
	}
	b.problem(b.send("POST", path, liaison, `{"rules":{"version":0},"from":"1.5."}`), 422, "invalid")
	b.problem(b.send("POST", path, liaison, `{}`), 422, "invalid")
	if got := b.send("GET", "/api/v1/station/rules", liaison, nil).JSON(t); got["version"] != 0.0 {
		t.Errorf("changed by a trial: %v", got)
	}
}

// An absence from WeChat to its undoing.
func TestAbsencesOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma, liaison := b.login("villager"), b.as("ma", "hk", "member", "m1"), b.as("sun", "hk", "liaison", "l1")
	r := b.send("POST", "/api/v1/me/absences", ma, `{"from":"2026-05-11","to":"2026-05-12","substitute":"m3","reason":"外出开会"}`)
	b.want(r, 201)
	away := r.JSON(t)
	id := at[string](away, "id")
	want := map[string]any{
		"id": id, "from": "2026-05-11", "to": "2026-05-12", "now": true, "reason": "外出开会",
		"substitute": map[string]any{"id": "m3", "name": "赵丰年"},
	}
	if diff := cmp.Diff(want, away); diff != "" || id == "" {
		t.Error(diff)
	}
	s := b.file(visitor, nil)
	if got := at[map[string]any](s, "assignee"); got["id"] != "m3" || strings.Contains(strings.Join(textsOf(s["reasons"]), ""), "开会") {
		t.Errorf("filed in the absence: %v, %v", got, s["reasons"])
	}
	for _, path := range []string{"/api/v1/me/absences", "/api/v1/members/m1/absences"} {
		token := ma
		if strings.Contains(path, "members") {
			token = liaison
		}
		r := b.send("GET", path, token, nil)
		b.want(r, 200)
		if items := at[[]any](r.JSON(t), "items"); len(items) != 1 || obj(items[0])["id"] != id {
			t.Errorf("%s: %v", path, items)
		}
	}
	b.problem(b.send("POST", "/api/v1/me/absences", ma, `{"from":"2026-05-13","to":"2026-05-12"}`), 422, "invalid")
	b.problem(b.send("POST", "/api/v1/me/absences", ma, `{"from":"13.5.","to":"2026-05-12"}`), 422, "invalid")
	b.want(b.send("DELETE", "/api/v1/me/absences/"+id, ma, nil), 204)
	b.problem(b.send("DELETE", "/api/v1/me/absences/"+id, ma, nil), 404, "not_found")
	if s := b.file(visitor, nil); at[map[string]any](s, "assignee")["id"] != "m1" {
		t.Errorf("filed after it was taken back: %v", s["assignee"])
	}
	r = b.send("POST", "/api/v1/members/m1/absences", liaison, `{"from":"2026-05-20","to":"2026-05-20"}`)
	b.want(r, 201)
	if got := r.JSON(t); got["substitute"] != nil || got["now"] != false {
		t.Errorf("%v", got)
	}
	b.want(b.send("DELETE", "/api/v1/members/m1/absences/"+at[string](r.JSON(t), "id"), liaison, nil), 204)
}

func textsOf(list any) (texts []string) {
	items, _ := list.([]any)
	for _, x := range items {
		if s, ok := x.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

func TestContactOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	none := func() {
		r := b.send("GET", "/api/v1/me/contact", visitor, nil)
		b.want(r, 200)
		if diff := cmp.Diff(map[string]any{"contact": nil}, r.JSON(t)); diff != "" {
			t.Error(diff)
		}
	}
	none()
	r := b.send("PUT", "/api/v1/me/contact", visitor, map[string]any{"scene": publicURL + "/q/" + codeOfHe})
	b.want(r, 200)
	if got := r.JSON(t); at[map[string]any](got, "contact")["id"] != "m2" || got["station_name"] != "河口镇委员工作站" {
		t.Errorf("%v", got)
	}
	if s := b.file(visitor, map[string]any{"scene": codeRoom}); at[map[string]any](s, "assignee")["id"] != "m2" {
		t.Errorf("%v", s["assignee"])
	}
	for _, scene := range []string{codeRoom, codeGone, codeSite} {
		b.problem(b.send("PUT", "/api/v1/me/contact", visitor, map[string]any{"scene": scene}), 422, "invalid")
	}
	b.want(b.send("DELETE", "/api/v1/me/contact", visitor, nil), 204)
	none()
}
