package desktest

import (
	"strings"

	"mashang/domain/access"
	"mashang/domain/notice"
)

// ChatAnswer writes into the chat and returns the answer.
func (b *Bundle) ChatAnswer(openid, words string) string {
	b.T.Helper()
	before := len(b.Emu.Chat(openid))
	if err := b.Emu.Write(b.T.Context(), openid, words); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
	lines := b.Emu.Chat(openid)
	if len(lines) != before+2 {
		b.T.Fatalf("%d lines after %q", len(lines)-before, words)
	}
	return lines[len(lines)-1].Text
}

// Replies returns the replies to a submission, in order, joined by "|".
func (b *Bundle) Replies(id string) string {
	b.T.Helper()
	var list []string
	for _, e := range b.Load(id).Thread {
		if e.What == access.Reply {
			list = append(list, e.Text)
		}
	}
	return strings.Join(list, "|")
}

// Consents returns our count of the person's consents.
func (b *Bundle) Consents(openid string, p notice.Purpose) int {
	b.T.Helper()
	person, err := b.Store.PersonByOpenID(b.T.Context(), openid, "unused")
	if err != nil {
		b.T.Fatal(err)
	}
	left, err := b.Store.ConsentsLeft(b.T.Context(), person.ID)
	if err != nil {
		b.T.Fatal(err)
	}
	return left[p]
}
