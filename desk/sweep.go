package desk

import (
	"context"
	"log/slog"
	"time"

	"mashang/casework"
	"mashang/fault"
	"mashang/notice"
)

// urgeEvery is the time between two urges of the same submission.
const urgeEvery = 24 * time.Hour

const sweepSize = 100

// Sweep urges the members of one station's overdue submissions and returns how
// many it urged. Each is urged once by whichever process comes first.
func (d *Desk) Sweep(ctx context.Context, st string) (int, error) {
	now := d.now()
	ids, err := d.store.Overdue(ctx, st, now, sweepSize)
	if err != nil {
		return 0, err
	}
	urged := 0
	for _, id := range ids {
		s, err := d.store.Load(ctx, id)
		if fault.Is(err, fault.Unavailable) {
			return urged, err
		}
		if err != nil {
			// One that cannot be read must not keep the others from being urged.
			d.log.WarnContext(ctx, "overdue submission not read", slog.String("submission", id), slog.Any("err", err))
			continue
		}
		entry := notice.Entry{
			Submission: s.ID, Purpose: notice.MemberUrge, Member: s.Assignee,
			Version: s.Version, At: int64(casework.At(now)),
		}
		if entry.ID, err = d.newID(""); err != nil {
			return urged, err
		}
		ok, err := d.store.Urge(ctx, s, now, now.Add(urgeEvery), entry)
		if err != nil {
			return urged, err
		}
		if ok {
			urged++
			d.cfg.Observe("urged", "")
		}
	}
	if urged > 0 {
		d.wake(st)
	}
	return urged, nil
}
