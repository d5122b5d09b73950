package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// announce has the operator take in this year and the next, made up, so that a
// test says the same in every month.
func (s *site) announce() {
	s.t.Helper()
	args := []string{"holidays", "renew"}
	for _, year := range []int{time.Now().Year(), time.Now().Year() + 1} {
		y := object{"year": year, "source": "made up"}
		var off []string
		for d := 1; d <= 7; d++ {
			off = append(off, fmt.Sprintf("%d-01-%02d", year, d), fmt.Sprintf("%d-10-%02d", year, d))
		}
		y["off"] = off
		data, err := json.Marshal(y)
		if err != nil {
			s.t.Fatal(err)
		}
		path := filepath.Join(s.t.TempDir(), strconv.Itoa(year)+".json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			s.t.Fatal(err)
		}
		args = append(args, path)
	}
	s.mustRun(args...)
}

// TestHolidaysAreTakenIn by the operator's command, and seen by the doctor.
func TestHolidaysAreTakenIn(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.announce()
	out := s.mustRun("holidays")
	for _, year := range []int{time.Now().Year(), time.Now().Year() + 1} {
		if want := fmt.Sprintf("%d 年：放假 14 天，调休上班 0 天。出处：made up", year); !strings.Contains(out.out, want) {
			t.Errorf("%q is not in %s", want, out.out)
		}
	}
}
