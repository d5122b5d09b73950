package e2e_test

import "testing"

// TestHoliday: 300 submissions by 60 visitors over 40 codes while members
// accept, ask, reply, hand on, return and close as they please.
func TestHoliday(t *testing.T) {
	t.Parallel()
	h := newHoliday(t, false)
	h.run(func() {})
	if n := h.refused.Load(); n != 0 {
		t.Errorf("%d requests answered 503 on a healthy server", n)
	}
	h.audit()
	h.outboxEmpty()
	h.notices()
}
