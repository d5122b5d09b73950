package handlers_test

import (
	"strings"
	"testing"
)

// The list of those who could not be told: what is on the wire, and ticking off.
func TestUntoldList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison := b.login("villager"), b.as("sun", "hk", "liaison", "l1")
	s := b.file(visitor, map[string]any{"contact": map[string]any{"phone": "13800138000"}})
	if _, err := b.desk.Delivery.Deliver(t.Context(), "hk"); err != nil { // nobody has bound the member
		t.Fatal(err)
	}
	r := b.send("GET", "/api/v1/station/untold", liaison, nil)
	b.want(r, 200)
	list := at[[]any](r.JSON(t), "items")
	if len(list) != 1 {
		t.Fatalf("listed %v", list)
	}
	u := obj(list[0])
	matter, who := obj(u["submission"]), obj(u["receiver"])
	if matter["id"] != s["id"] || matter["number"] != s["number"] || matter["kind_name"] != s["kind_name"] ||
		matter["state_name"] != s["state_name"] || matter["due_at"] != s["due_at"] || len(matter) != 6 {
		t.Errorf("submission %v", matter)
	}
	if who["role"] != "member" || who["name"] == "" || u["purpose"] != "member_new" ||
		!strings.Contains(at[string](u, "why"), "邀请码") || !strings.HasSuffix(at[string](u, "since"), "+08:00") {
		t.Errorf("listed %v", u)
	}
	if strings.Contains(string(r.Body), "138") {
		t.Errorf("a phone in %s", r.Body)
	}
	if today := b.send("GET", "/api/v1/station/today", liaison, nil).JSON(t); today["untold"] != 1.0 {
		t.Errorf("today %v", today)
	}
	path := "/api/v1/station/untold/" + at[string](u, "id") + "/done"
	b.want(b.send("POST", path, liaison, map[string]any{"note": "已打电话"}), 200)
	b.problem(b.send("POST", path, liaison, map[string]any{}), 404, "not_found")
	if list := at[[]any](b.send("GET", "/api/v1/station/untold", liaison, nil).JSON(t), "items"); len(list) != 0 {
		t.Errorf("still listed %v", list)
	}
}
