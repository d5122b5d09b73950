package overview

import (
	"context"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/record"
)

// viewingTTL is how long a person counts as viewing after their page's last report.
const viewingTTL = 30 * time.Second

// Viewer is one of the staff who has a submission open at a computer.
type Viewer struct {
	Submission string
	ID, Name   string
	// Self is set for the caller, at this or another computer.
	Self bool
}

// Changes returns the submissions and documents of the caller's station that changed after a position in its feed ("" for
// now), and the new position.
func (svc *Service) Changes(ctx context.Context, c access.Caller, after string) (record.FeedPage, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return record.FeedPage{}, err
	}
	return svc.store.Changes(ctx, c.Station, after)
}

// StartViewing records that the caller has a submission open; "" records nothing.
func (svc *Service) StartViewing(ctx context.Context, c access.Caller, id string) error {
	if id == "" {
		return nil
	}
	if err := access.RequireStaff(c, false); err != nil {
		return err
	}
	x, err := svc.kit.Submission(ctx, c, access.Read, id)
	if err != nil {
		return err
	}
	return svc.store.StartViewing(ctx, x.Submission().ID, c.ID, svc.kit.Now(), viewingTTL)
}

// StopViewing ends the caller's viewing.
func (svc *Service) StopViewing(ctx context.Context, c access.Caller, id string) error {
	if err := access.RequireStaff(c, false); err != nil {
		return err
	}
	if kit.StationOf(id) != c.Station {
		return access.Missing()
	}
	return svc.store.StopViewing(ctx, id, c.ID)
}

// Viewers lists who of the caller's station is viewing which submission now.
func (svc *Service) Viewers(ctx context.Context, c access.Caller) ([]Viewer, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	list, err := svc.store.Viewers(ctx, c.Station, svc.kit.Now())
	out := make([]Viewer, 0, len(list))
	for _, l := range list {
		who, _ := st.Liaison(l.Liaison)
		out = append(out, Viewer{Submission: l.Submission, ID: l.Liaison, Name: who.Name, Self: l.Liaison == c.ID})
	}
	return out, err
}
