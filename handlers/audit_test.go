package handlers_test

import (
	"strings"
	"testing"
)

// Who looked at a number is found by the submission's number, and the end of the
// chain is shown as it was checked.
func TestAuditOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison, admin := b.as("sun", "hk", "liaison", "l1"), b.as("qian", "hk", "liaison", "a1")
	head := func() map[string]any {
		t.Helper()
		r := b.send("GET", "/api/v1/station/audit/head", admin, nil)
		b.want(r, 200)
		return r.JSON(t)
	}
	if m := head(); m["count"] != 0.0 || m["newest"] != nil || m["verified"] != true || len(at[[]any](m, "kinds")) < 15 || len(at[[]any](m, "staff")) != 2 {
		t.Errorf("%v", m)
	}
	s := b.file(b.login("villager"), map[string]any{"contact": map[string]any{"phone": "13800138000"}})
	b.want(b.send("POST", "/api/v1/submissions/"+at[string](s, "id")+"/phone", liaison, `{"reason":"回访核实"}`), 200)
	b.want(b.send("PUT", "/api/v1/station/rules", liaison, `{"version":0}`), 200)
	lines := func(query string) []any {
		t.Helper()
		r := b.send("GET", "/api/v1/station/audit?"+query, admin, nil)
		b.want(r, 200)
		return at[[]any](r.JSON(t), "items")
	}
	if list := lines(""); len(list) != 2 || obj(list[0])["thing_name"] != "河口镇委员工作站" {
		t.Errorf("%v", list)
	}
	list := lines("thing=" + at[string](s, "number") + "&from=2026-05-11&to=2026-05-11")
	if len(list) != 1 {
		t.Fatalf("%v", list)
	}
	if l := obj(list[0]); l["what_name"] != "查看电话" || l["thing_name"] != s["number"] || obj(l["by"])["name"] != "孙联络" || l["why"] != "回访核实" {
		t.Errorf("%v", l)
	}
	if list := lines("from=2026-05-12"); len(list) != 0 {
		t.Errorf("tomorrow: %v", list)
	}
	b.problem(b.send("GET", "/api/v1/station/audit?to=11.5.", admin, nil), 422, "invalid")
	m := head()
	newest := at[map[string]any](m, "newest")
	if m["count"] != 2.0 || m["checked"] != 2.0 || m["verified"] != true || newest["n"] != 2.0 || len(at[string](newest, "mac")) < 20 ||
		!strings.HasPrefix(at[string](newest, "at"), "2026-05-11T10:00:00") {
		t.Errorf("%v", m)
	}
}
