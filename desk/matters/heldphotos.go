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

// PhotoState is what one reader of a submission is told of one of its photos.
type PhotoState struct {
	ID     string
	Safety record.Safety
}

// withPhotos adds what is known of the photos that not everybody may see yet.
// For others than the liaison, why is left out.
func (svc *Service) withPhotos(ctx context.Context, v View) (View, error) {
	ids := v.Photos
	for _, e := range v.Thread {
		ids = append(slices.Clip(ids), e.Photos...)
		for _, p := range e.Parts {
			for _, id := range p.Photos {
				if !slices.Contains(ids, id) { // not for a reader who saw the part itself
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

// HeldPhoto is a photo that waits for the liaison, and of which submission.
type HeldPhoto struct {
	Upload record.Upload
	View   View
	Since  time.Time
}

// HeldPhotos lists the station's photos that wait for the liaison, the longest
// waiting first.
func (svc *Service) HeldPhotos(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[HeldPhoto], error) {
	return kit.StaffList(ctx, svc.kit, c, cursor, limit, svc.store.HeldPhotos,
		func(h record.HeldPhoto) string { return h.Submission },
		func(st *station.Station, s casework.Submission, h record.HeldPhoto) (HeldPhoto, error) {
			u, err := svc.store.Upload(ctx, h.Upload)
			return HeldPhoto{Upload: u, View: svc.View(svc.kit.Scope(c, st, s)), Since: h.Since}, err
		},
		// It was attached on the way to an admission that never came, or deleted.
		func(h record.HeldPhoto) error { return svc.store.ReleasePhoto(ctx, h.Submission, h.Upload) })
}

// DecidePhoto lets everybody concerned see a photo, or keeps it from them; the
// photo itself stays. Who decided and why is written down first. A decision can
// be taken back by another.
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
	mine, err := svc.inStation(ctx, c, u)
	if err != nil {
		return err
	}
	if !mine || u.Kind != "photo" {
		return access.Missing()
	}
	word, what := record.Hidden, audit.HidePhoto
	if show {
		word, what = record.Shown, audit.ShowPhoto
	}
	decide := audit.Act{By: c, What: what, Object: u.ID, Why: reason}
	return audit.Run(ctx, svc.audit, c.Station, decide, func(w audit.Written) error { return judgePhoto(ctx, svc.store, w, u, word) })
}

// judgePhoto keeps the liaison's word on a photo and ends its wait.
func judgePhoto(ctx context.Context, store Store, w audit.Written, u record.Upload, word record.Safety) error {
	if err := w.Of(audit.HidePhoto, audit.ShowPhoto); err != nil {
		return err
	}
	if _, err := store.Judge(ctx, u.ID, word, true); err != nil {
		return err
	}
	for _, id := range u.Submissions {
		if err := store.ReleasePhoto(ctx, id, u.ID); err != nil {
			return err
		}
	}
	return store.FinishCheck(ctx, u.ID)
}

// inStation reports whether the upload is shown in a submission that the
// liaison sees as staff.
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
			unread = err // another may show it
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
