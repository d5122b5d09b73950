package desktest

import (
	"fmt"

	"mashang/domain/record"
)

// AuditFaults returns the faults of the station's audit.
func (b *Bundle) AuditFaults(known *record.Head) ([]string, *record.Chain) {
	b.T.Helper()
	list, err := b.Store.AuditsFrom(b.T.Context(), Here, "", 10_000)
	if err != nil {
		b.T.Fatal(err)
	}
	chain := b.Audit.AuditChain(Here, known)
	var wrong []string
	for _, l := range list {
		if what := chain.Next(l); what != "" {
			wrong = append(wrong, fmt.Sprint(l.N, what))
		}
	}
	if what := chain.End(); what != "" {
		wrong = append(wrong, what)
	}
	return wrong, chain
}

func (b *Bundle) StationName() string {
	b.T.Helper()
	st, err := b.Store.Station(b.T.Context(), Here)
	if err != nil {
		b.T.Fatal(err)
	}
	return st.Name
}
