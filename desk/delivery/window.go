package delivery

import (
	"context"
	"errors"
	"time"

	"mashang/desk/kit"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// How many messages the platform allows into a person's chat, and for how long, after they wrote there and
// after they opened it
// (developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/send.html).
const (
	writtenWindow, writtenMax = 48 * time.Hour, 5
	enteredWindow, enteredMax = time.Minute, 2
)

// ErrBusy means that another sender holds the person's lock.
var ErrBusy = errors.New("desk: somebody else is writing to this person")

// OpenWindow counts the messages that an event allows, from its arrival. A retried event allows no more.
func (svc *Service) OpenWindow(ctx context.Context, person string, a record.InboundEvent) error {
	w, life, maxMessages := record.Wrote, writtenWindow, writtenMax
	if a.Kind == kit.EventEnter {
		w, life, maxMessages = record.Entered, enteredWindow, enteredMax
	}
	return svc.store.OpenChat(ctx, person, w, a.ID, time.UnixMilli(a.At).Add(life), maxMessages)
}

// SendChat sends a text into the person's chat unless fewer than keep messages could be sent after it. sent is
// false then, and when the platform says that the window is closed. The caller holds the person's lock.
func (svc *Service) SendChat(ctx context.Context, person, openid, text string, keep int) (sent bool, err error) {
	ok, err := svc.store.SpendChat(ctx, person, svc.kit.Now(), keep)
	if err != nil || !ok {
		return false, err
	}
	err = svc.platform.Chat(ctx, openid, text)
	if fault.Is(err, fault.WrongState) {
		// The platform's count differs from ours, and it decides.
		return false, svc.store.CloseChat(ctx, person)
	}
	return err == nil, err
}
