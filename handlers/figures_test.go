package handlers_test

import (
	"testing"
	"time"
)

// TestFiguresOnTheWire: each rate with its count and range, what is left out by
// name, and days that are none are refused by field.
func TestFiguresOnTheWire(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	id := at[string](b.file(visitor, nil), "id")
	b.file(visitor, nil)
	b.want(b.send("POST", "/api/v1/submissions/"+id+"/withdraw", visitor, map[string]any{}), 200)
	b.clock.Advance(time.Hour)
	liaison := b.as("sun", "hk", "liaison", "l1")
	r := b.send("GET", "/api/v1/station/figures?by=kind&from=2026-05-01&to=2026-05-31", liaison, nil)
	b.want(r, 200)
	whole := obj(r.JSON(t)["whole"])
	if at[float64](whole, "filed") != 2 || at[float64](obj(whole["left_out"]), "withdrawn") != 1 {
		t.Errorf("%v", whole)
	}
	first := obj(whole["first"])
	if at[float64](first, "yes") != 0 || at[float64](first, "of") != 1 || at[float64](first, "high") <= 0 {
		t.Errorf("first contact %v", first)
	}
	if rows := at[[]any](r.JSON(t), "rows"); len(rows) != 1 || at[string](obj(rows[0]), "name") != "投诉" {
		t.Errorf("%v", rows)
	}
	r = b.send("GET", "/api/v1/station/figures/excluded", liaison, nil)
	b.want(r, 200)
	if items := at[[]any](r.JSON(t), "items"); len(items) != 1 || at[string](obj(items[0]), "id") != id || at[string](obj(items[0]), "reason") == "" {
		t.Errorf("%v", items)
	}
	for _, query := range []string{"from=yesterday", "from=2026-05-02&to=2026-05-01", "from=2020-01-01", "by=weather"} {
		b.problem(b.send("GET", "/api/v1/station/figures?"+query, liaison, nil), 422, "invalid")
	}
}
