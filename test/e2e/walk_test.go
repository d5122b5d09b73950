package e2e_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWalk runs the script that shows a newcomer the whole main job, twice.
func TestWalk(t *testing.T) {
	t.Parallel()
	need(t, "bash", "curl")
	s := serving(t, nil)
	script := filepath.Join(repository, "scripts", "walk.sh")
	walk := func(base string) (string, error) {
		ctx, cancel := commandTime(t)
		defer cancel()
		cmd := exec.CommandContext(ctx, "bash", script, base)
		cmd.Dir = s.work
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for range 2 {
		out, err := walk(s.Base)
		if err != nil || !strings.Contains(out, "全部走通") {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, step := range []string{"扫码", "提交", "受理", "追问", "答复", "办结", "重办"} {
			if !strings.Contains(out, "【"+step+"】") {
				t.Errorf("the step %s is not told:\n%s", step, out)
			}
		}
	}
	if out, err := walk("http://127.0.0.1:1"); err == nil || !strings.Contains(out, "make run") {
		t.Errorf("nobody serves, and the script says: %v\n%s", err, out)
	}
}
