package handlers_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMembersPhotoIsShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ma, liaison := b.as("ma", "hk", "member", "m1"), b.as("sun", "hk", "liaison", "l1")
	path := "/api/v1/codes/" + codeOfMa + "/photo"
	shown := func() any {
		b.clock.Advance(time.Minute) // what is kept of it is old by then
		return at[map[string]any](b.got(b.send("GET", "/api/v1/codes/"+codeOfMa, "", nil)), "member")["photo"]
	}
	photo := b.upload(ma, "p.png", png(t, 1200, 900))
	b.want(b.send("PUT", "/api/v1/me/photo", ma, map[string]any{"photo": photo["id"]}), 204)
	if got := shown(); got != nil {
		t.Errorf("before anybody looked at it: %v", got)
	}
	r := b.send("GET", path, "", nil)
	b.problem(r, 404, "not_found")
	if got := r.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("no photo yet: Cache-Control %q", got)
	}
	b.checked()
	if got := shown(); got != path {
		t.Errorf("photo %v", got)
	}
	r = b.send("GET", path, "", nil)
	b.want(r, 200)
	if r.Header.Get("Content-Type") != "image/jpeg" || r.Header.Get("Cache-Control") != "public, max-age=300" || !bytes.HasPrefix(r.Body, []byte{0xff, 0xd8}) {
		t.Errorf("headers %v", r.Header)
	}
	whole := b.send("GET", "/api/v1/uploads/"+at[string](photo, "id"), ma, nil)
	if len(r.Body) >= len(whole.Body) {
		t.Errorf("the whole photo is sent: %d bytes of %d", len(r.Body), len(whole.Body))
	}
	// Who has no code of their own has no photo, and staff take one away.
	for _, key := range []string{codeOfHe, codeRoom, codeGone} {
		b.problem(b.send("GET", "/api/v1/codes/"+key+"/photo", "", nil), 404, "not_found")
	}
	b.want(b.send("DELETE", "/api/v1/members/m1/photo", liaison, nil), 204)
	b.problem(b.send("GET", path, "", nil), 404, "not_found")
	own := b.upload(liaison, "p.png", png(t, 60, 60))
	b.want(b.send("PUT", "/api/v1/members/m1/photo", liaison, map[string]any{"photo": own["id"]}), 204)
	b.checked()
	if got := shown(); got != path {
		t.Errorf("set by the liaison: %v", got)
	}
}

func TestMembersDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ma := b.as("ma", "hk", "member", "m1")
	want := map[string]any{"items": []any{map[string]any{"key": codeOfMa, "name": "马晓舟", "url": publicURL + "/q/" + codeOfMa}}}
	if diff := cmp.Diff(want, b.got(b.send("GET", "/api/v1/me/codes", ma, nil))); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
	turns := func() []any { return at[[]any](b.got(b.send("GET", "/api/v1/me/duty", ma, nil)), "items") }
	turn := func(day string) any {
		return map[string]any{
			"from": day + "T09:00:00+08:00", "to": day + "T12:00:00+08:00",
			"target": map[string]any{"kind": "place", "id": "p1", "name": "黄河渡口停车场"},
		}
	}
	// This one goes on; the fifth Monday is in four weeks.
	if diff := cmp.Diff([]any{turn("2026-05-11"), turn("2026-05-18"), turn("2026-05-25"), turn("2026-06-01")}, turns()); diff != "" {
		t.Errorf("duty (-want +got):\n%s", diff)
	}
	b.want(b.send("POST", "/api/v1/me/absences", ma, `{"from":"2026-05-18","to":"2026-05-25"}`), 201)
	if diff := cmp.Diff([]any{turn("2026-05-11"), turn("2026-06-01")}, turns()); diff != "" {
		t.Errorf("duty beside an absence (-want +got):\n%s", diff)
	}
	if got := b.got(b.send("PUT", "/api/v1/me/phrases", ma, map[string]any{"items": []string{" 已联系您 ", "谢谢"}})); !cmp.Equal(got["items"], []any{"已联系您", "谢谢"}) {
		t.Errorf("phrases %v", got)
	}
	if got := b.got(b.send("GET", "/api/v1/me/phrases", b.as("he", "hk", "member", "m2"), nil)); !cmp.Equal(got["items"], []any{}) {
		t.Errorf("another's phrases %v", got)
	}
}

// TestNextDuty: a code says who comes next as soon as nobody is there, a
// member's code says it of that member.
func TestNextDuty(t *testing.T) {
	t.Parallel()
	b := setup(t)
	next := func(key string) (now int, names []string, from any) {
		m := b.got(b.send("GET", "/api/v1/codes/"+key, "", nil))
		for _, x := range at[[]any](m, "next_duty") {
			names = append(names, at[string](at[map[string]any](obj(x), "member"), "id"))
			from = obj(x)["from"]
		}
		return len(at[[]any](m, "on_duty")), names, from
	}
	if now, names, _ := next(codeOfMa); now != 1 || names != nil {
		t.Errorf("on duty: %d, next %v", now, names)
	}
	b.clock.Advance(3 * time.Hour) // 13:00: of the two only m2 is there
	for key, want := range map[string]string{codeOfMa: "m1", codePlace: "m1", codeSite: "", codeOfHe: "", codeRoom: ""} {
		now, names, from := next(key)
		if want == "" {
			if names != nil {
				t.Errorf("%s: %v", key, names)
			}
			continue
		}
		if now != 0 || !cmp.Equal(names, []string{want}) || from != "2026-05-18T09:00:00+08:00" {
			t.Errorf("%s: %d on duty, next %v from %v", key, now, names, from)
		}
	}
}
