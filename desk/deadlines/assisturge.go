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

// assistEvery is the time between two urges of the same assistant.
const assistEvery = 24 * time.Hour

// urgeAssists tells assistants whose time is up, at the deadline and then once
// a day until they answer. Each is told once of each day, however many processes
// look: the entry is queued under a name that says which day, and the outbox
// takes a name once.
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
			// One that cannot be read must not keep the others from being urged.
			svc.kit.Log.WarnContext(ctx, "assisted submission not read", slog.String("submission", id), slog.Any("err", err))
			continue
		}
		next, err := svc.urgeAssistants(ctx, s, now)
		if err != nil {
			return err
		}
		// Whoever acted in between moved it; the next round looks again.
		if _, err := svc.store.AssistsUrged(ctx, s, now, next); err != nil {
			return err
		}
	}
	svc.kit.Wake(st)
	return nil
}

// urgeAssistants tells those of one submission who are late, and returns when
// the next one is to be told.
func (svc *Service) urgeAssistants(ctx context.Context, s casework.Submission, now time.Time) (time.Time, error) {
	next := now.Add(assistEvery)
	for _, a := range s.PendingAssists() {
		due := a.DueAt.Time()
		if due.After(now) {
			next = earlier(next, due)
			continue
		}
		day := int(now.Sub(due) / assistEvery)
		next = earlier(next, due.Add(time.Duration(day+1)*assistEvery))
		e := notice.ToAssistant(s, a, notice.AboutLate, casework.At(now))
		e.ID = "assist." + s.ID + "." + strconv.Itoa(a.ID) + "." + strconv.Itoa(day)
		if err := svc.store.Tell(ctx, s.Station, e, now); err != nil {
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
