package desktest

import (
	"mashang/desk/roster"
	"mashang/domain/access"
)

func Days(from, to, substitute string) roster.AbsenceRequest {
	return roster.AbsenceRequest{From: "2026-07-" + from, To: "2026-07-" + to, Substitute: substitute}
}

// Away reports an absence and fails the test if that fails.
func (b *Bundle) Away(c access.Caller, r roster.AbsenceRequest) roster.AbsenceView {
	b.T.Helper()
	a, err := b.Roster.ReportAbsence(b.T.Context(), c, "", r)
	if err != nil {
		b.T.Fatal(err)
	}
	return a
}
