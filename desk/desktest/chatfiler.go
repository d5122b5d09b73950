package desktest

import (
	"strings"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// Messages returns the filer's messages to a submission, in order.
func (b *Bundle) Messages(id string) string {
	b.T.Helper()
	var list []string
	for _, e := range b.Load(id).Thread {
		if e.What == access.Message {
			list = append(list, e.Text+strings.Repeat("*", len(e.Photos)))
		}
	}
	return strings.Join(list, "|")
}

// FileAndAsk returns a submission whose member has asked its filer something.
func (b *Bundle) FileAndAsk(filer access.Caller) matters.View {
	b.T.Helper()
	s := b.File(filer, b.Key(station.ForMember, "m01"))
	b.Act(b.Member("m01"), s.ID, casework.Ask{Text: "在哪个路口？"})
	return s
}
