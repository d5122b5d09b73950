package handlers_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Joint handling over HTTP: what each reader is shown of it, and the joint
// answer as it is read aloud.
func TestJointHandlingOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma, he := b.login("villager"), b.as("ma", "hk", "member", "m1"), b.as("he", "hk", "member", "m2")
	gov, liaison := b.as("gov", "hk", "department", "d1"), b.as("sun", "hk", "liaison", "l1")
	s := b.file(visitor, map[string]any{"contact": map[string]any{"phone": "13800138000"}})
	path := "/api/v1/submissions/" + at[string](s, "id")

	r := b.send("GET", "/api/v1/departments", ma, nil)
	b.want(r, 200)
	department := obj(at[[]any](r.JSON(t), "items")[0])
	name := at[string](department, "name")
	b.problem(b.send("POST", path+"/assist", ma, `{"version":1,"department":"d1","days":21,"text":"x"}`), 422, "invalid")
	b.problem(b.send("POST", path+"/assist", ma, `{"version":1,"text":"x"}`), 422, "invalid")
	s = b.done(ma, s, "assist", map[string]any{"department": "d1", "text": "请核实收费"})
	s = b.done(ma, s, "assist", map[string]any{"member": "m2", "days": 2, "text": "请上门看看"})
	first := obj(at[[]any](s, "assists")[0])
	if first["task"] != "请核实收费" || first["state"] != "asked" || first["state_name"] != "协办中" || first["due_at"] != "2026-05-14T18:00:00+08:00" {
		t.Errorf("the lead sees %v", first)
	}
	r = b.send("GET", path, visitor, nil)
	b.want(r, 200)
	if diff := cmp.Diff(map[string]any{"id": 1.0, "role": "department", "name": name, "state": "asked", "state_name": "协办中"},
		obj(at[[]any](r.JSON(t), "assists")[0])); diff != "" {
		t.Error(diff)
	}
	for reader, token := range map[string]string{"department": gov, "member": he} {
		r := b.send("GET", "/api/v1/assists", token, nil)
		b.want(r, 200)
		items := at[[]any](r.JSON(t), "items")
		if len(items) != 1 || obj(items[0])["phone_mask"] != nil {
			t.Errorf("the %s lists %v", reader, items)
		}
	}
	b.problem(b.send("GET", "/api/v1/assists?state=all", gov, nil), 422, "invalid")
	b.want(b.send("GET", "/api/v1/station/assists", liaison, nil), 200)
	b.want(b.send("POST", path+"/contribute", gov, `{"text":"票价已公示"}`), 200)
	// Then it is theirs to see no more, and the answer shows nothing of it.
	if r := b.send("POST", path+"/decline", he, `{"reason":"不在附近"}`); r.Status != 204 || len(r.Body) > 0 {
		t.Errorf("declined: %d %s", r.Status, r.Body)
	}
	b.problem(b.send("GET", path, he, nil), 404, "not_found")
	if r := b.send("GET", "/api/v1/assists?state=done", gov, nil); r.Status != 200 || len(at[[]any](r.JSON(t), "items")) != 1 {
		t.Errorf("done: %s", r.Body)
	}
	s["version"] = 5.0
	b.problem(b.send("POST", path+"/reply", ma, `{"version":5,"text":"已核实","include":[2]}`), 422, "invalid")
	s = b.done(ma, s, "reply", map[string]any{"text": "已核实", "include": []int{1}})
	r = b.send("GET", path, visitor, nil)
	b.want(r, 200)
	events := at[[]any](r.JSON(t), "timeline")
	last := obj(events[len(events)-1])
	if diff := cmp.Diff("马晓舟委员答复：已核实（会同"+name+"）\n"+name+"：票价已公示", last["sentence"]); diff != "" || len(events) != 2 {
		t.Errorf("%d events: %s", len(events), diff)
	}
	if strings.Contains(string(r.Body), "请核实收费") || strings.Contains(string(r.Body), "不在附近") {
		t.Errorf("the visitor reads what is not theirs: %s", r.Body)
	}
	r = b.send("GET", path, ma, nil)
	b.want(r, 200)
	for _, words := range []string{"请" + name + "协办：请核实收费", "答复协办：票价已公示", "不能协办：不在附近"} {
		if !strings.Contains(string(r.Body), words) {
			t.Errorf("the lead does not read %q", words)
		}
	}
	s = b.done(liaison, s, "recall", map[string]any{"assist": 1, "reason": "已办妥"})
	b.problem(b.send("GET", path, gov, nil), 404, "not_found")
	if states := at[[]any](s, "assists"); obj(states[0])["state"] != "recalled" || obj(states[1])["state"] != "declined" {
		t.Errorf("%v", states)
	}
}
