package inbound

import (
	"context"
	"time"

	"mashang/domain/record"
)

// unread lists what arrived without an effect.
func (svc *Service) unread(ctx context.Context, a record.InboundEvent, why string) error {
	svc.kit.Config.Observe("arrival", "unread")
	return svc.store.PutUnread(ctx, record.UnreadPush{
		ID: a.ID, At: time.UnixMilli(a.At), Kind: a.Message, Size: a.Size, Why: why,
	})
}
