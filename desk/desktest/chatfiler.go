package desktest

import (
	"strings"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// Messages are what the filer added to a matter, in order.
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

// Asked is a matter whose member has asked its filer something.
func (b *Bundle) Asked(filer access.Caller) matters.View {
	b.T.Helper()
	s := b.File(filer, b.Key(station.ForMember, "m01"))
	b.Act(b.Member("m01"), s.ID, casework.Ask{Text: "在哪个路口？"})
	return s
}
