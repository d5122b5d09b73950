package matters

import (
	"context"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// RecordView writes into the thread that the member in charge looked up the number to call the filer. A look soon after
// another belongs to the same call.
func RecordView(ctx context.Context, svc *Service, c access.Caller, id, reason string) error {
	by := casework.ActorFor(c, access.Reveal)
	for range kit.MaxConflictRetries {
		x, err := svc.kit.Submission(ctx, c, access.Reveal, id)
		if err != nil {
			return err
		}
		s, now := x.Submission(), svc.kit.Now()
		if status, _ := s.CallStatus(by, now); status.Viewed {
			return nil
		}
		next, err := s.Apply(casework.ViewPhone{Reason: reason}, by, svc.kit.ClockOf(x.Station(), now), now)
		if err != nil {
			return err
		}
		ok, err := svc.commitAct(ctx, s, next, nil)
		if err != nil || ok {
			return err
		}
	}
	return fault.New(fault.Unavailable, "多人正在同时处理这件诉求，请稍后再试")
}
