package deadlines

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"mashang/desk/kit"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
)

// urgeInterval is the time between two reminders of the same assistant.
const urgeInterval = 24 * time.Hour

// urgeAssists reminds assistants whose answer is overdue: at the deadline, then once a day until they answer.
// The notice's id names the day and the outbox accepts an id once, so that several processes remind only once.
func (svc *Service) urgeAssists(ctx context.Context, st string, now time.Time) error {
	ids, err := svc.store.AssistsDue(ctx, st, now, kit.SweepSize)
	if err != nil || len(ids) == 0 {
		return err
	}
	for _, id := range ids {
		s, err := svc.kit.Records.Load(ctx, id)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		if err != nil {
			// One unreadable submission must not keep the others from being urged.
			svc.kit.Log.WarnContext(ctx, "assisted submission not read", slog.String("submission", id), slog.Any("err", err))
			continue
		}
		next, err := svc.urgeAssistants(ctx, s, now)
		if err != nil {
			return err
		}
		// A concurrent change has made the entry outdated; the next round handles it.
		if _, err := svc.store.SetNextAssistUrge(ctx, s, now, next); err != nil {
			return err
		}
	}
	svc.kit.Wake(st)
	return nil
}

// urgeAssistants reminds the overdue assistants of one submission and returns the time of the next reminder.
func (svc *Service) urgeAssistants(ctx context.Context, s casework.Submission, now time.Time) (time.Time, error) {
	next := now.Add(urgeInterval)
	for _, a := range s.PendingAssists() {
		due := a.DueAt.Time()
		if due.After(now) {
			next = earlier(next, due)
			continue
		}
		day := int(now.Sub(due) / urgeInterval)
		next = earlier(next, due.Add(time.Duration(day+1)*urgeInterval))
		e := notice.ToAssistant(s, a, notice.AboutLate, casework.At(now))
		e.ID = "assist." + s.ID + "." + strconv.Itoa(a.ID) + "." + strconv.Itoa(day)
		if err := svc.store.EnqueueNotice(ctx, s.Station, e, now); err != nil {
			return next, err
		}
	}
	return next, nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
