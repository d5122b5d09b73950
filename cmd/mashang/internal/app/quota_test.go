package app_test

import (
	"errors"
	"testing"

	"mashang/domain/access"
)

// TestClearedQuotaIsInTheAudit: the account's ten clearings a month are all stations',
// so each has a line, also when it failed and when whoever logged in has gone.
func TestClearedQuotaIsInTheAudit(t *testing.T) {
	t.Parallel()
	p, _, _ := logged(t)
	if _, _, _, err := p.Ingest(t.Context(), testRoster(), false); err != nil {
		t.Fatal(err)
	}
	for _, failed := range []error{nil, errors.New("refused")} {
		p.Cleared(t.Context(), failed)
	}
	ids, err := p.Store().StationIDs(t.Context())
	if err != nil || len(ids) == 0 {
		t.Fatal(ids, err)
	}
	for _, id := range ids {
		lines, err := p.Store().Audits(t.Context(), id, "", 2)
		if err != nil || len(lines) != 2 {
			t.Fatalf("%s: %d lines, %v", id, len(lines), err)
		}
		for i, why := range []string{"微信登录的当日次数用完，清零没有成功，0 点恢复", "微信登录的当日次数用完，已清零一次"} {
			if l := lines[i]; l.Action != "quota-clear" || l.Why != why || l.Role != string(access.System) || l.Object != id || l.MAC == "" {
				t.Errorf("%s: %+v", id, l)
			}
		}
	}
}
