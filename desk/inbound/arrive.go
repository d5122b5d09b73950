package inbound

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/desk/uploads"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// EventUnread is a push that could not be parsed. It has an openid when a person sent it, who can then be asked
// to send it again.
const EventUnread = "unread"

// Enqueue stores pushed events, so that the platform is answered at once and the events are processed
// afterwards. Repeated deliveries have one effect.
func (svc *Service) Enqueue(ctx context.Context, list []record.InboundEvent) error {
	for _, a := range list {
		a.At = svc.kit.Now().UnixMilli()
		if a.Kind == EventUnread {
			if err := svc.recordUnread(ctx, a, a.Why); err != nil {
				return err
			}
			if a.OpenID == "" {
				continue
			}
		}
		if err := svc.store.PutEvent(ctx, a, svc.kit.Now()); err != nil {
			return err
		}
	}
	if len(list) > 0 {
		uploads.Signal(svc.wake)
	}
	return nil
}

// ProcessQueue processes waiting events and returns how many it leased.
func (svc *Service) ProcessQueue(ctx context.Context) (int, error) {
	list, err := svc.store.LeaseEvents(ctx, svc.kit.Now(), kit.LeaseTime, kit.LeaseSize)
	if err != nil {
		return 0, err
	}
	// One person's events keep their order; those of different people are processed concurrently.
	people := map[string][]record.InboundEvent{}
	for _, a := range list {
		people[a.OpenID] = append(people[a.OpenID], a)
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(svc.kit.Config.Workers)
	for _, queue := range people {
		work.Go(func() error {
			for _, a := range queue {
				if err := svc.process(ctx, a); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return len(list), work.Wait()
}

// process handles one event and finishes or postpones it.
func (svc *Service) process(ctx context.Context, a record.InboundEvent) error {
	err := svc.receive(ctx, a)
	if err == nil {
		return svc.store.FinishEvent(ctx, a.ID)
	}
	if errors.Is(err, delivery.ErrBusy) {
		a.Attempts--
		return svc.store.PostponeEvent(ctx, a, svc.kit.Now().Add(kit.PersonLockWait))
	}
	if errors.Is(err, kit.ErrEarly) && a.Attempts <= kit.MaxEarlyAttempts {
		return svc.store.PostponeEvent(ctx, a, svc.kit.Now().Add(time.Second)) // the event arrived before its call was recorded, as it often does
	}
	svc.kit.Log.WarnContext(ctx, "arrival not settled", slog.String("kind", a.Kind), slog.Int("attempt", a.Attempts), slog.Any("err", err))
	if a.Attempts < svc.kit.Config.MaxAttempts {
		return svc.store.PostponeEvent(ctx, a, svc.kit.Now().Add(time.Duration(a.Attempts)*kit.PersonLockTTL))
	}
	svc.kit.Config.Observe("arrival", "dropped")
	if a.Kind != EventUnread { // which is listed already
		a.Message, a.Size = a.Kind, len(a.Text)
		if err := svc.recordUnread(ctx, a, kit.UnreadFailed); err != nil {
			return err
		}
	}
	switch err := svc.replyFailed(ctx, a); {
	case errors.Is(err, delivery.ErrBusy):
		a.Attempts--
		return svc.store.PostponeEvent(ctx, a, svc.kit.Now().Add(kit.PersonLockWait))
	case err != nil:
		// It is listed all the same; only its sender is not told.
		svc.kit.Log.WarnContext(ctx, "sender of what was let go not told", slog.Any("err", err))
	}
	return svc.store.FinishEvent(ctx, a.ID)
}

// replyFailed tells the sender of a chat message that it could not be processed.
func (svc *Service) replyFailed(ctx context.Context, a record.InboundEvent) error {
	if !slices.Contains([]string{kit.EventText, kit.EventImage, kit.EventVoice, kit.EventCard}, a.Kind) {
		return nil
	}
	id, err := svc.kit.NewID("u")
	if err != nil {
		return err
	}
	p, err := svc.store.PersonByOpenID(ctx, a.OpenID, id)
	if err != nil {
		return err
	}
	release, ok, err := svc.store.LockPerson(ctx, p.ID, kit.LeaseTime)
	if err != nil {
		return err
	}
	if !ok {
		return delivery.ErrBusy
	}
	defer release()
	sent, err := svc.delivery.SendChat(ctx, p.ID, a.OpenID, failedText, 0)
	if err == nil && !sent {
		return errors.New("desk: the chat is closed")
	}
	return err
}

// failedText is the answer to a message that failed at each attempt.
const failedText = "很抱歉，您刚才发到这里的内容没有办成，请在小程序里办理，或过一会儿再发一次。"

func (svc *Service) receive(ctx context.Context, a record.InboundEvent) error {
	if a.Kind == kit.EventMediaCheck {
		return svc.uploads.PhotoChecked(ctx, a)
	}
	id, err := svc.kit.NewID("u")
	if err != nil {
		return err
	}
	p, err := svc.store.PersonByOpenID(ctx, a.OpenID, id)
	if err != nil {
		return err
	}
	switch a.Kind {
	case kit.EventConsent:
		purpose, ok := svc.platform.PurposeOf(a.Template)
		if !ok || !a.Accepted {
			return nil
		}
		one := record.Grant{Purpose: purpose, Count: 1, Source: record.Confirmed, By: a.ID}
		return svc.store.AddConsents(ctx, p.ID, one, svc.kit.Now())
	case kit.EventConsentOff:
		if purpose, ok := svc.platform.PurposeOf(a.Template); ok {
			return svc.store.ClearConsents(ctx, p.ID, purpose)
		}
		return nil
	case kit.EventSent:
		return svc.delivery.RecordFailure(ctx, p, a)
	case kit.EventText, kit.EventImage, kit.EventVoice, kit.EventCard, kit.EventEnter, EventUnread:
		return svc.chat(ctx, p, a)
	default:
		return fault.New(fault.Internal, "不认识的推送")
	}
}
