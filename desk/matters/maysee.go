package matters

import (
	"context"
	"slices"

	"mashang/desk/kit"
	"mashang/desk/uploads"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// OpenByToken opens a photo for the platform's check by its token, until the check is answered.
func (svc *Service) OpenByToken(ctx context.Context, token string) (*uploads.File, error) {
	id, err := svc.store.UploadByToken(ctx, token)
	if err != nil {
		return nil, err
	}
	u, err := svc.store.Upload(ctx, id)
	if err != nil {
		return nil, err
	}
	if u.Safety != record.Checking {
		return nil, access.Missing()
	}
	return svc.media.Open(u.Kind, u.Hash, false)
}

// File opens an upload for its sender and for callers that see a submission which shows it.
func (svc *Service) File(ctx context.Context, c access.Caller, id string, thumb bool) (*uploads.File, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	u, err := svc.store.Upload(ctx, id)
	if err != nil {
		return nil, err
	}
	if thumb && u.Kind != "photo" {
		return nil, access.Missing()
	}
	if err := svc.maySee(ctx, c, u); err != nil {
		return nil, err
	}
	return svc.media.Open(u.Kind, u.Hash, thumb)
}

// maySee returns nil for the upload's sender and for callers that see a submission which shows it. A photo that
// is not found harmless yet is for its sender and the liaison only.
func (svc *Service) maySee(ctx context.Context, c access.Caller, u record.Upload) error {
	if u.Owner == c.Person {
		return nil
	}
	held := false
	var unread error
	for _, id := range u.Submissions {
		s, err := svc.kit.Records.Load(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue // attached to a submission that was never admitted
		}
		if fault.Is(err, fault.Internal) {
			unread = err // another submission may show it
			continue
		}
		if err != nil {
			return err
		}
		st, err := svc.kit.Roster(ctx, s.Station)
		if err != nil {
			return err
		}
		x := svc.kit.Scope(c, st, s)
		if !showsUpload(x, u.ID) {
			continue
		}
		if u.Safety.Open() || c.Role == access.Liaison && !x.Relation().Filer() {
			return nil
		}
		held = true
	}
	if held {
		return fault.New(fault.NotFound, "这张照片还在核对，核对之后才能查看")
	}
	if unread != nil {
		return unread
	}
	return access.Missing()
}

// showsUpload reports whether what the caller sees of the submission contains the upload. An upload that was
// attached but never used, or that is in an entry hidden from the caller, is not shown.
func showsUpload(x kit.Scoped, id string) bool {
	if x.Relation().None() {
		return false
	}
	if x.Submission().Voice == id || slices.Contains(x.Submission().Photos, id) {
		return true
	}
	for _, e := range visible(x) {
		if slices.Contains(e.Photos, id) || slices.ContainsFunc(e.Parts, func(p casework.Part) bool { return slices.Contains(p.Photos, id) }) {
			return true
		}
	}
	return false
}
