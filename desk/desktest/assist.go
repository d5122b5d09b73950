package desktest

import (
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/notice"
)

func (b *Bundle) Department() access.Caller { return b.Bound(Here, access.Department, "d01") }

// AssistIDs returns the ids of the caller's assist list.
func (b *Bundle) AssistIDs(c access.Caller, done bool) []string {
	b.T.Helper()
	p, err := b.Matters.AssistList(b.T.Context(), c, done, "", 0)
	if err != nil {
		b.T.Fatal(err)
	}
	ids := []string{}
	for _, v := range p.Items {
		ids = append(ids, v.ID)
	}
	return ids
}

func (b *Bundle) Look(c access.Caller, id string) matters.View {
	b.T.Helper()
	v, err := b.Matters.Get(b.T.Context(), c, id)
	if err != nil {
		b.T.Fatalf("%s looks: %v", c.Role, err)
	}
	return v
}

// CountMessages counts a member's messages of a purpose's template.
func (b *Bundle) CountMessages(member string, p notice.Purpose) (n int) {
	for _, m := range b.Emu.Messages(OpenidOf(Here, access.Member, member)) {
		if m.Template == Template(p) {
			n++
		}
	}
	return n
}
