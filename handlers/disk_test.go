package handlers_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mashang/handlers/web"
)

// The staff hear of a disk that fills up on every page, and a monitor by /readyz.
func TestTheStaffHearOfTheDisk(t *testing.T) {
	t.Parallel()
	state := web.DiskWell
	var broken error
	b := setup(t, func(o *web.Options) {
		o.Disk = func() (web.DiskState, string) { return state, "可用 200 MB" }
		o.Ready = func(context.Context) error { return broken }
	})
	admin := b.as("qian", "hk", "liaison", "a1")
	for _, c := range []struct {
		state         web.DiskState
		notice, ready string
	}{{web.DiskWell, "", ""}, {web.DiskLow, "快满了（可用 200 MB）", "low"}, {web.DiskFull, "磁盘已满", "full"}} {
		state = c.state
		notice, _ := b.send("GET", "/api/v1/console/session", admin, nil).JSON(t)["notice"].(string)
		if (notice == "") != (c.notice == "") || !strings.Contains(notice, c.notice) {
			t.Errorf("%v: the staff read %q", c.state, notice)
		}
		if ready, _ := b.send("GET", "/readyz", "", nil).JSON(t)["disk"].(string); ready != c.ready {
			t.Errorf("%v: a monitor reads %q", c.state, ready)
		}
	}
	broken = errors.New("no space left on device")
	b.clock.Advance(2 * time.Second)
	if r := b.send("GET", "/readyz", "", nil); r.Status != 503 || !strings.Contains(string(r.Body), "磁盘已满") {
		t.Errorf("not ready: %d %s", r.Status, r.Body)
	}
}
