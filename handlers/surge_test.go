package handlers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A surge on the wire: switched on, seen by who scans and who files, switched
// off.
func TestSurge(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, liaison := b.login("villager"), b.as("sun", "hk", "liaison", "l1")
	const path = "/api/v1/station/surge"
	off := b.send("GET", path, liaison, nil).JSON(t)
	if off["on"] != false || off["proposed"] != false || off["until"] != nil || off["last_hour"] != 0.0 {
		t.Errorf("at first %v", off)
	}
	until := b.clock.Now().Add(24 * time.Hour).Format(time.RFC3339)
	r := b.send("PUT", path, liaison, map[string]any{"until": until, "note": "停车请走西门"})
	b.want(r, 200)
	if on := r.JSON(t); on["on"] != true || on["note"] != "停车请走西门" || on["by"] == "" ||
		!strings.HasSuffix(at[string](on, "until"), "+08:00") {
		t.Errorf("switched on %v", on)
	}
	p := b.problem(b.send("PUT", path, liaison, map[string]any{"until": "2000-01-01T00:00:00Z"}), 422, "invalid")
	if fields := at[[]any](p, "errors"); len(fields) != 1 || obj(fields[0])["field"] != "until" {
		t.Errorf("%v", p)
	}
	s := b.file(visitor, nil)
	if words := at[[]any](s, "advice"); !strings.Contains(fmt.Sprint(words...), "停车请走西门") {
		t.Errorf("the receipt advises %v", words)
	}
	if code := b.send("GET", "/api/v1/codes/"+codeOfMa, "", nil).JSON(t); !strings.Contains(at[string](code, "notice"), "0930-1234567") {
		t.Errorf("the code says %v", code["notice"])
	}
	if page := string(b.send("GET", "/q/"+codeOfMa, "", nil).Body); !strings.Contains(page, "停车请走西门") {
		t.Error("the page behind the code does not say it")
	}
	board := b.send("GET", "/api/v1/station/board", liaison, nil).JSON(t)
	if board["open"] != 1.0 || board["untouched"] != 1.0 || len(at[[]any](board, "newest")) != 1 || obj(board["surge"])["on"] != true {
		t.Errorf("the board %v", board)
	}
	row := obj(at[[]any](board, "rows")[0])
	if obj(row["target"])["id"] != "m1" || row["open"] != 1.0 || row["oldest"] == nil {
		t.Errorf("the board's first row %v", row)
	}
	if today := b.send("GET", "/api/v1/station/today", liaison, nil).JSON(t); obj(today["surge"])["on"] != true {
		t.Errorf("today %v", today["surge"])
	}
	r = b.send("DELETE", path, liaison, nil)
	b.want(r, 200)
	if r.JSON(t)["on"] != false {
		t.Errorf("switched off %s", r.Body)
	}
}
