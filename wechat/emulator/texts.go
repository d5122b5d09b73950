package emulator

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Text is a text message with a one-time code that an emulated phone received.
type Text struct {
	Phone string    `json:"phone"`
	Code  string    `json:"code"`
	At    time.Time `json:"at"`
}

// maxTexts is how many text messages are kept.
const maxTexts = 50

// texts are the newest text messages, the oldest first. They are kept in memory only.
type texts struct {
	mu   sync.Mutex
	list []Text
}

// SendCode emulates a sender of text messages. The code is shown at /_emulator/texts and sent nowhere.
func (e *Emulator) SendCode(_ context.Context, phone, code string) error {
	e.texts.mu.Lock()
	defer e.texts.mu.Unlock()
	e.texts.list = append(e.texts.list, Text{Phone: phone, Code: code, At: e.opts.Clock()})
	if over := len(e.texts.list) - maxTexts; over > 0 {
		e.texts.list = slices.Delete(e.texts.list, 0, over)
	}
	return nil
}

// Texts returns the text messages, the newest first.
func (e *Emulator) Texts() []Text {
	e.texts.mu.Lock()
	defer e.texts.mu.Unlock()
	list := slices.Clone(e.texts.list)
	slices.Reverse(list)
	return list
}
