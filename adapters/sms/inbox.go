package sms

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Text is a text message: a one-time code, or a word about a submission.
type Text struct {
	Phone string    `json:"phone"`
	Code  string    `json:"code,omitempty"`
	Text  string    `json:"text,omitempty"`
	At    time.Time `json:"at"`
	id    string    // "" for a code
}

// maxTexts is how many text messages are kept.
const maxTexts = 50

// Inbox takes text messages instead of a bridge: it keeps them in memory, for demonstrations and tests.
type Inbox struct {
	now  func() time.Time
	mu   sync.Mutex
	list []Text
}

// NewInbox makes an empty inbox.
func NewInbox(now func() time.Time) *Inbox { return &Inbox{now: now} }

// SendCode sends a one-time code.
func (x *Inbox) SendCode(_ context.Context, phone, code string) error {
	x.keep(Text{Phone: phone, Code: code})
	return nil
}

// SendText sends a text. One whose id is known is not kept again, as bridges do that follow Standard Webhooks.
func (x *Inbox) SendText(_ context.Context, id, phone, text string) error {
	x.keep(Text{Phone: phone, Text: text, id: id})
	return nil
}

func (x *Inbox) keep(t Text) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if t.At = x.now(); t.id != "" && slices.ContainsFunc(x.list, func(old Text) bool { return old.id == t.id }) {
		return
	}
	x.list = append(x.list[max(0, len(x.list)-maxTexts+1):], t)
}

// List returns the text messages, the newest first.
func (x *Inbox) List() []Text {
	x.mu.Lock()
	defer x.mu.Unlock()
	list := append([]Text{}, x.list...)
	slices.Reverse(list)
	return list
}
