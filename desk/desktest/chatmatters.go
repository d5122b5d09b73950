package desktest

import (
	"strings"
	"time"

	"mashang/desk"
	"mashang/domain/record"
)

// Enters opens the chat by the contact button of a matter and returns what is said.
func (b *Bundle) Enters(openid, number string) string {
	b.T.Helper()
	before := len(b.Chatted(openid))
	if err := b.Emu.EnterFrom(b.T.Context(), openid, "pages/matter/index?id=x", number); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
	return strings.Join(b.Chatted(openid)[before:], "|")
}

// Dies has a worker take what was sent up to the very end, and another do it again.
func (b *Bundle) Dies(a record.InboundEvent) {
	b.T.Helper()
	a.ID = Fresh()
	if err := b.Inbound.Enqueue(b.T.Context(), []record.InboundEvent{a}); err != nil {
		b.T.Fatal(err)
	}
	dying := b.Another(func(p *desk.Parts) { p.Store = &Broken{Store: b.Store, Dies: 1} })
	if _, err := dying.Inbound.ProcessQueue(b.T.Context()); err == nil {
		b.T.Fatal("it was to die")
	}
	b.Clock.Advance(31 * time.Second)
	b.Receive()
}
