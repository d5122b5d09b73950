package emulator

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Text is a text message that a made-up phone received: a one-time code.
type Text struct {
	Phone string    `json:"phone"`
	Code  string    `json:"code"`
	At    time.Time `json:"at"`
}

// mostTexts is how many are kept; nobody looks further back.
const mostTexts = 50

// texts are the newest text messages, the oldest first. They are kept in
// memory only.
type texts struct {
	mu   sync.Mutex
	list []Text
}

// SendCode plays a sender of text messages: the code is shown at
// /_emulator/texts and goes nowhere else.
func (e *Emulator) SendCode(_ context.Context, phone, code string) error {
	e.texts.mu.Lock()
	defer e.texts.mu.Unlock()
	e.texts.list = append(e.texts.list, Text{Phone: phone, Code: code, At: e.opts.Clock()})
	if over := len(e.texts.list) - mostTexts; over > 0 {
		e.texts.list = slices.Delete(e.texts.list, 0, over)
	}
	return nil
}

// Texts returns what was sent, the newest first.
func (e *Emulator) Texts() []Text {
	e.texts.mu.Lock()
	defer e.texts.mu.Unlock()
	list := slices.Clone(e.texts.list)
	slices.Reverse(list)
	return list
}
