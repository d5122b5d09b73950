package desktest

import (
	"strings"

	"mashang/desk/overview"
)

// WantUndelivered compares the list: receiver's name or role, purpose, and a word of the reason.
func (b *Bundle) WantUndelivered(want ...string) []overview.Undelivered {
	b.T.Helper()
	p, err := b.Overview.UndeliveredList(b.T.Context(), b.Liaison(), "", 100)
	if err != nil {
		b.T.Fatal(err)
	}
	got := make([]string, len(p.Items))
	for i, u := range p.Items {
		name := u.Name
		if name == "" {
			name = string(u.Role)
		}
		got[i] = name + " " + string(u.Purpose) + " " + u.Why
	}
	if len(got) != len(want) {
		b.T.Fatalf("listed %q, want %q", got, want)
	}
	for i, w := range want {
		name, why, _ := strings.Cut(w, ": ")
		if !strings.HasPrefix(got[i], name+" ") || !strings.Contains(got[i], why) {
			b.T.Errorf("listed %q, want %q", got[i], w)
		}
	}
	today, err := b.Overview.Today(b.T.Context(), b.Liaison())
	if err != nil || today.Undelivered != len(want) {
		b.T.Errorf("today says %d, %v", today.Undelivered, err)
	}
	return p.Items
}
