package desktest

import (
	"strings"
)

// AuditTrail returns the audit lines, "what id thing why".
func (b *Bundle) AuditTrail() []string {
	b.T.Helper()
	lines, err := b.Server.Client(b.T).XRange(b.T.Context(), "{"+Here+"}:audit", "-", "+").Result()
	if err != nil {
		b.T.Fatal(err)
	}
	list := []string{}
	for _, l := range lines {
		parts := []string{}
		for _, name := range []string{"what", "role", "id", "thing", "why"} {
			s, _ := l.Values[name].(string)
			parts = append(parts, s)
		}
		list = append(list, strings.Join(parts, " "))
	}
	return list
}

// ReadOnly makes the server refuse writes, as with a full disk.
func (b *Bundle) ReadOnly(on bool) {
	b.T.Helper()
	limit := "0"
	if on {
		limit = "1"
	}
	if err := b.Server.Client(b.T).ConfigSet(b.T.Context(), "maxmemory", limit).Err(); err != nil {
		b.T.Fatal(err)
	}
}
