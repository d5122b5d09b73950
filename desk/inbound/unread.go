package inbound

import (
	"context"
	"time"

	"mashang/domain/record"
)

// recordUnread lists an event that had no effect.
func (svc *Service) recordUnread(ctx context.Context, a record.InboundEvent, why string) error {
	svc.kit.Config.Observe("arrival", "unread")
	return svc.store.PutUnread(ctx, record.UnreadPush{
		ID: a.ID, At: time.UnixMilli(a.At), Kind: a.Message, Size: a.Size, Why: why,
	})
}
