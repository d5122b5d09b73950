package handlers_test

import (
	"slices"
	"strings"
	"testing"
)

// The table of rights asks about another person's thing at one's own station.
// The two tests here walk the same routes for the other two relations: what is
// another station's, and what is one's own.

// personal reports whether a row depends on who asks at all: what is open to
// everybody, or to everybody who is signed in, says nothing of whose a thing is.
func personal(r right) bool {
	return r.want[0] == 401 && !slices.Equal(r.want[1:], slices.Repeat([]int{r.want[1]}, len(r.want)-1))
}

func TestNothingOfAnotherStationIsDone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tokens := map[string]string{
		"nobody": "", "visitor": b.login("tourist"), "member": b.as("he", "hk", "member", "m2"),
		"liaison": b.as("sun", "hk", "liaison", "l1"), "department": b.as("gov", "hk", "department", "d1"),
		"admin": b.as("qian", "hk", "liaison", "a1"),
	}
	owner := b.login("villager")
	s := b.file(owner, map[string]any{"scene": codeOther, "contact": map[string]any{"phone": "13800138000"}})
	photo := b.upload(owner, "photo.png", png(t, 40, 30))
	id := at[string](s, "id")
	asked := 0
	for _, row := range rights {
		path := strings.Replace(row.path, sub, "/api/v1/submissions/"+id, 1)
		path = strings.Replace(path, "uploads/:id", "uploads/"+at[string](photo, "id"), 1)
		path = strings.Replace(path, "members/:id", "members/m9", 1)
		path = strings.Replace(path, "codes/:key", "codes/"+codeOther, 1)
		// What begins with station is the caller's own, whatever an id in it says.
		if path == row.path || strings.Contains(path, "/:") || strings.Contains(path, "/station/") || !personal(row) {
			continue
		}
		for actor, token := range tokens {
			var body any
			if row.body != "" {
				body = row.body
			}
			asked++
			r := b.send(row.method, path, token, body, "Idempotency-Key", newKey())
			if !slices.Contains([]int{401, 403, 404}, r.Status) {
				t.Errorf("%s %s as %s: %d %.200s", row.method, row.path, actor, r.Status, r.Body)
			}
		}
	}
	if asked < 200 {
		t.Errorf("only %d questions were asked", asked)
	}
	r := b.send("GET", "/api/v1/submissions/"+id, owner, nil)
	b.want(r, 200)
	if got := r.JSON(t); got["version"] != s["version"] || got["state"] != s["state"] {
		t.Errorf("changed from elsewhere: %v %v", got["version"], got["state"])
	}
}

// Whatever somebody is at a station, what they file is theirs: they read it, and
// no act of a filer is refused for who they are.
func TestOnesOwnIsOnesOwnInEveryRole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for actor, token := range map[string]string{
		"visitor": b.login("tourist"), "member": b.as("he", "hk", "member", "m2"), "liaison": b.as("sun", "hk", "liaison", "l1"),
		"department": b.as("gov", "hk", "department", "d1"), "admin": b.as("qian", "hk", "liaison", "a1"), "other": b.as("zhou", "xj", "liaison", "l9"),
	} {
		id := at[string](b.file(token, nil), "id")
		b.want(b.send("GET", "/api/v1/submissions/"+id, token, nil), 200)
		for _, row := range rights {
			if row.want != filerAct || !strings.HasPrefix(row.path, sub) || strings.HasSuffix(row.path, "/withdraw") {
				continue
			}
			r := b.send(row.method, strings.Replace(row.path, sub, "/api/v1/submissions/"+id, 1), token, row.body)
			if slices.Contains([]int{401, 403, 404}, r.Status) {
				t.Errorf("%s %s of their own as %s: %d %.200s", row.method, row.path, actor, r.Status, r.Body)
			}
		}
		b.want(b.send("POST", "/api/v1/submissions/"+id+"/withdraw", token, `{}`), 200)
	}
}
