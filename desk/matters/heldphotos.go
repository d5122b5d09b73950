package matters

import (
	"context"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// PhotoState is the state of one of a submission's photos.
type PhotoState struct {
	ID     string
	Safety record.Safety
}

// withPhotos adds the states of the photos that are not shown to everybody yet.
func (svc *Service) withPhotos(ctx context.Context, v View) (View, error) {
	ids := v.Photos
	for _, e := range v.Thread {
		ids = append(slices.Clip(ids), e.Photos...)
		for _, p := range e.Parts {
			for _, id := range p.Photos {
				if !slices.Contains(ids, id) { // a reader may see the part's photo in both places
					ids = append(ids, id)
				}
			}
		}
	}
	if len(ids) == 0 {
		return v, nil
	}
	known, err := svc.store.Safeties(ctx, ids)
	if err != nil {
		return v, err
	}
	for _, id := range ids {
		if s := known[id]; !s.Open() {
			v.HeldPhotos = append(v.HeldPhotos, PhotoState{id, s})
		}
	}
	return v, nil
}

// HeldPhoto is a photo that waits for the liaison's decision, with its submission.
type HeldPhoto struct {
	Upload record.Upload
	View   View
	Since  time.Time
}

// HeldPhotos lists the station's photos that wait for the liaison, longest waiting first.
func (svc *Service) HeldPhotos(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[HeldPhoto], error) {
	return kit.StaffList(ctx, svc.kit, c, cursor, limit, svc.store.HeldPhotos,
		func(h record.HeldPhoto) string { return h.Submission },
		func(st *station.Station, s casework.Submission, h record.HeldPhoto) (HeldPhoto, error) {
			u, err := svc.store.Upload(ctx, h.Upload)
			return HeldPhoto{Upload: u, View: svc.View(svc.kit.Scope(c, st, s)), Since: h.Since}, err
		},
		// Its submission was never admitted, or was deleted.
		func(h record.HeldPhoto) error { return svc.store.ReleasePhoto(ctx, h.Submission, h.Upload) })
}

// DecidePhoto shows a photo to everybody concerned, or hides it from them. The photo itself stays, and the
// decision can be changed later. It is audited with its reason.
func (svc *Service) DecidePhoto(ctx context.Context, c access.Caller, upload string, show bool, reason string) error {
	if err := access.RequireStaff(c, false); err != nil {
		return err
	}
	reason = casework.Clean(reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return kit.Field("reason", "请写明放行或不放行的原因（500 字以内），会留下记录")
	}
	u, err := svc.store.Upload(ctx, upload)
	if fault.Is(err, fault.NotFound) {
		err = access.Missing()
	}
	if err != nil {
		return err
	}
	inStation, err := svc.inStation(ctx, c, u)
	if err != nil {
		return err
	}
	if !inStation || u.Kind != "photo" {
		return access.Missing()
	}
	decision, what := record.Hidden, audit.HidePhoto
	if show {
		decision, what = record.Shown, audit.ShowPhoto
	}
	decide := audit.Act{By: c, What: what, Object: u.ID, Why: reason}
	return audit.Run(ctx, svc.audit, c.Station, decide, func(w audit.Written) error { return judgePhoto(ctx, svc.store, w, u, decision) })
}

// judgePhoto stores the liaison's decision on a photo and ends its wait.
func judgePhoto(ctx context.Context, store Store, w audit.Written, u record.Upload, decision record.Safety) error {
	if err := w.Of(audit.HidePhoto, audit.ShowPhoto); err != nil {
		return err
	}
	if _, err := store.Judge(ctx, u.ID, decision, true); err != nil {
		return err
	}
	for _, id := range u.Submissions {
		if err := store.ReleasePhoto(ctx, id, u.ID); err != nil {
			return err
		}
	}
	return store.FinishCheck(ctx, u.ID)
}

// inStation reports whether a submission that the liaison sees as staff shows the upload.
func (svc *Service) inStation(ctx context.Context, c access.Caller, u record.Upload) (bool, error) {
	var unread error
	for _, id := range u.Submissions {
		if kit.StationOf(id) != c.Station {
			continue
		}
		s, err := svc.kit.Records.Load(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if fault.Is(err, fault.Internal) {
			unread = err // another submission may show it
			continue
		}
		if err != nil {
			return false, err
		}
		st, err := svc.kit.Roster(ctx, s.Station)
		if err != nil {
			return false, err
		}
		if x := svc.kit.Scope(c, st, s); !x.Relation().Filer() && showsUpload(x, u.ID) {
			return true, nil
		}
	}
	return false, unread
}
