package desk

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"mashang/domain/fault"
	"mashang/domain/record"
)

// The kinds of arrivals the desk works on; others are not kept.
const (
	ArrivedText    = "text"
	ArrivedConsent = "consent"
	// ArrivedConsentOff: the person switched a template off in the settings.
	ArrivedConsentOff = "consent_off"
	// ArrivedImage, ArrivedVoice and ArrivedCard were sent into the chat, which
	// ArrivedEnter opened.
	ArrivedImage = "image"
	ArrivedVoice = "voice"
	ArrivedCard  = "card"
	ArrivedEnter = "enter"
	// ArrivedSent tells of a message that it was delivered, or was not.
	ArrivedSent = "sent"
	// ArrivedMediaCheck is the platform's answer about a photo.
	ArrivedMediaCheck = "media_check"
	// ArrivedUnread could not be read. It has an openid when a person sent it and
	// can be asked to do so again.
	ArrivedUnread = "unread"
)

// Arrive keeps what the platform pushed, so that it can be answered at once
// and worked on afterwards. Repeated deliveries have one effect.
func (d *Desk) Arrive(ctx context.Context, list []Arrival) error {
	for _, a := range list {
		a.At = d.now().UnixMilli()
		if a.Kind == ArrivedUnread {
			if err := d.unread(ctx, a, a.Why); err != nil {
				return err
			}
			if a.OpenID == "" {
				continue
			}
		}
		if err := d.store.Arrive(ctx, a, d.now()); err != nil {
			return err
		}
	}
	if len(list) > 0 {
		wakeUp(d.arrived)
	}
	return nil
}

// Receive works on arrivals that wait and returns how many it took on.
func (d *Desk) Receive(ctx context.Context) (int, error) {
	list, err := d.store.LeaseArrivals(ctx, d.now(), leaseTime, leaseSize)
	if err != nil {
		return 0, err
	}
	// One person's arrivals keep their order; different people's need not wait
	// for one another.
	people := map[string][]Arrival{}
	for _, a := range list {
		people[a.OpenID] = append(people[a.OpenID], a)
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(d.cfg.Workers)
	for _, queue := range people {
		work.Go(func() error {
			for _, a := range queue {
				if err := d.take(ctx, a); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return len(list), work.Wait()
}

// take works on one arrival and settles it, or puts it off.
func (d *Desk) take(ctx context.Context, a Arrival) error {
	err := d.receive(ctx, a)
	if err == nil {
		return d.store.FinishArrival(ctx, a.ID)
	}
	if errors.Is(err, errBusy) {
		a.Attempts--
		return d.store.PostponeArrival(ctx, a, d.now().Add(laneWait))
	}
	if errors.Is(err, errEarly) && a.Attempts <= earlyTries {
		return d.store.PostponeArrival(ctx, a, d.now().Add(time.Second)) // it overtook the question, as they do
	}
	d.log.WarnContext(ctx, "arrival not settled", slog.String("kind", a.Kind), slog.Int("attempt", a.Attempts), slog.Any("err", err))
	if a.Attempts < d.cfg.MaxAttempts {
		return d.store.PostponeArrival(ctx, a, d.now().Add(time.Duration(a.Attempts)*laneTime))
	}
	d.cfg.Observe("arrival", "dropped")
	if a.Kind != ArrivedUnread { // which is listed already
		a.Message, a.Size = a.Kind, len(a.Text)
		if err := d.unread(ctx, a, UnreadFailed); err != nil {
			return err
		}
	}
	switch err := d.sorry(ctx, a); {
	case errors.Is(err, errBusy):
		a.Attempts--
		return d.store.PostponeArrival(ctx, a, d.now().Add(laneWait))
	case err != nil:
		// It is listed all the same; only whoever sent it is not told.
		d.log.WarnContext(ctx, "sender of what was let go not told", slog.Any("err", err))
	}
	return d.store.FinishArrival(ctx, a.ID)
}

// sorry tells whoever sent something into the chat that nothing became of it.
func (d *Desk) sorry(ctx context.Context, a Arrival) error {
	if !slices.Contains([]string{ArrivedText, ArrivedImage, ArrivedVoice, ArrivedCard}, a.Kind) {
		return nil
	}
	id, err := d.newID("u")
	if err != nil {
		return err
	}
	p, err := d.store.PersonByOpenID(ctx, a.OpenID, id)
	if err != nil {
		return err
	}
	release, ok, err := d.store.Lane(ctx, p.ID, leaseTime)
	if err != nil {
		return err
	}
	if !ok {
		return errBusy
	}
	defer release()
	sent, err := d.say(ctx, p.ID, a.OpenID, letGo, 0)
	if err == nil && !sent {
		return errors.New("desk: the chat is closed")
	}
	return err
}

// letGo is said of what was tried again and again.
const letGo = "很抱歉，您刚才发到这里的内容没有办成，请在小程序里办理，或过一会儿再发一次。"

func (d *Desk) receive(ctx context.Context, a Arrival) error {
	if a.Kind == ArrivedMediaCheck {
		return d.photoChecked(ctx, a)
	}
	id, err := d.newID("u")
	if err != nil {
		return err
	}
	p, err := d.store.PersonByOpenID(ctx, a.OpenID, id)
	if err != nil {
		return err
	}
	switch a.Kind {
	case ArrivedConsent:
		purpose, ok := d.platform.PurposeOf(a.Template)
		if !ok || !a.Accepted {
			return nil
		}
		one := record.Grant{Purpose: purpose, Count: 1, Source: record.Confirmed, By: a.ID}
		return d.store.AddConsents(ctx, p.ID, one, d.now())
	case ArrivedConsentOff:
		if purpose, ok := d.platform.PurposeOf(a.Template); ok {
			return d.store.ClearConsents(ctx, p.ID, purpose)
		}
		return nil
	case ArrivedSent:
		return d.failedLater(ctx, p, a)
	case ArrivedText, ArrivedImage, ArrivedVoice, ArrivedCard, ArrivedEnter, ArrivedUnread:
		return d.chat(ctx, p, a)
	default:
		return fault.New(fault.Internal, "不认识的推送")
	}
}
