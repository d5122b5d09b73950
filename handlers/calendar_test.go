package handlers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A day from being settled to its being taken back.
func TestCalendarOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	day := func(i int) map[string]any {
		t.Helper()
		r := b.send("GET", "/api/v1/station/calendar?year=2026", liaison, nil)
		b.want(r, 200)
		m := r.JSON(t)
		if m["year"] != 2026.0 || m["known"] != true || m["source"] == "" || len(at[[]any](m, "missing")) != 0 {
			t.Errorf("%v %v %v", m["year"], m["source"], m["missing"])
		}
		if want := map[bool]float64{true: 247, false: 248}[obj(at[[]any](m, "days")[131])["own"] != nil]; m["work_days"] != want {
			t.Errorf("%v working days, want %v", m["work_days"], want)
		}
		return obj(at[[]any](m, "days")[i])
	}
	if diff := cmp.Diff(map[string]any{"date": "2026-05-01", "kind": "holiday", "work": false, "name": "劳动节"}, day(120)); diff != "" {
		t.Error(diff)
	}
	r := b.send("PUT", "/api/v1/station/calendar/2026-05-12", liaison, `{"work":false,"name":"防灾演练","reason":"全镇停办"}`)
	b.want(r, 200)
	own := map[string]any{"work": false, "name": "防灾演练", "reason": "全镇停办", "by": "孙联络"}
	want := map[string]any{"date": "2026-05-12", "kind": "work", "work": false, "own": own}
	if diff := cmp.Diff(want, r.JSON(t)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, day(131)); diff != "" {
		t.Error(diff)
	}
	s := b.file(b.login("villager"), map[string]any{"kind": "inquiry"})
	if s["due_at"] != "2026-05-13T18:00:00+08:00" {
		t.Errorf("due %v", s["due_at"])
	}
	r = b.send("DELETE", "/api/v1/station/calendar/2026-05-12", liaison, nil)
	b.want(r, 200)
	if got := r.JSON(t); got["work"] != true || got["own"] != nil {
		t.Errorf("%v", got)
	}
	b.problem(b.send("DELETE", "/api/v1/station/calendar/2026-05-12", liaison, nil), 404, "not_found")
	b.problem(b.send("PUT", "/api/v1/station/calendar/2026-05-10", liaison, `{"work":true,"name":"x"}`), 422, "wrong_state")
	b.problem(b.send("PUT", "/api/v1/station/calendar/2026-05-16", liaison, `{"work":false,"name":"x"}`), 422, "invalid")
	b.problem(b.send("GET", "/api/v1/station/calendar?year=1999", liaison, nil), 422, "invalid")
}
