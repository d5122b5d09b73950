package desk_test

import (
	"testing"

	"mashang/desk/desktest"
)

// TestEveryTaskHasAName: logs tell the tasks apart.
func TestEveryTaskHasAName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, task := range desktest.Setup(t).Tasks() {
		if task.Name == "" || task.Run == nil || seen[task.Name] {
			t.Errorf("%q", task.Name)
		}
		seen[task.Name] = true
	}
	if len(seen) < 8 {
		t.Errorf("only %d tasks", len(seen))
	}
}
