package delivery

import (
	"context"
	"errors"
	"time"

	"mashang/desk/kit"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// What the platform lets the program send into a person's chat, after they wrote
// there and after they opened it
// (developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/send.html).
const (
	wroteFor, wroteMost     = 48 * time.Hour, 5
	enteredFor, enteredMost = time.Minute, 2
)

// ErrBusy is of what waits for its turn in a person's lock.
var ErrBusy = errors.New("desk: somebody else is writing to this person")

// OpenWindow notes what the arrival lets be sent, counted from when it came: worked
// on again, it lets no more be sent.
func (svc *Service) OpenWindow(ctx context.Context, person string, a record.InboundEvent) error {
	w, life, most := record.Wrote, wroteFor, wroteMost
	if a.Kind == kit.EventEnter {
		w, life, most = record.Entered, enteredFor, enteredMost
	}
	return svc.store.OpenChat(ctx, person, w, a.ID, time.UnixMilli(a.At).Add(life), most)
}

// SendChat sends a text into the person's chat unless fewer than keep messages could
// be sent after it; sent is false then, and when the platform says that the
// window is closed. The caller has the person's lock.
func (svc *Service) SendChat(ctx context.Context, person, openid, text string, keep int) (sent bool, err error) {
	ok, err := svc.store.SpendChat(ctx, person, svc.kit.Now(), keep)
	if err != nil || !ok {
		return false, err
	}
	err = svc.platform.Chat(ctx, openid, text)
	if fault.Is(err, fault.WrongState) {
		// The platform counts otherwise than we do, and has the last word.
		return false, svc.store.CloseChat(ctx, person)
	}
	return err == nil, err
}
