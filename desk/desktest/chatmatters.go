package desktest

import (
	"strings"
	"time"

	"mashang/desk"
	"mashang/domain/record"
)

// EnterChat opens the chat by a submission's contact button and returns what is said.
func (b *Bundle) EnterChat(openid, number string) string {
	b.T.Helper()
	before := len(b.ChatTexts(openid))
	if err := b.Emu.EnterFrom(b.T.Context(), openid, "pages/matter/index?id=x", number); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
	return strings.Join(b.ChatTexts(openid)[before:], "|")
}

// ProcessTwice has a desk crash at the very end of processing an event, and another process it again.
func (b *Bundle) ProcessTwice(a record.InboundEvent) {
	b.T.Helper()
	a.ID = Fresh()
	if err := b.Inbound.Enqueue(b.T.Context(), []record.InboundEvent{a}); err != nil {
		b.T.Fatal(err)
	}
	dying := b.SecondDesk(func(p *desk.Parts) { p.Store = &CrashingStore{Store: b.Store, Dies: 1} })
	if _, err := dying.Inbound.ProcessQueue(b.T.Context()); err == nil {
		b.T.Fatal("it was to die")
	}
	b.Clock.Advance(31 * time.Second)
	b.Receive()
}
