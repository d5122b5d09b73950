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

// OpenByToken opens a photo for the platform by its token, until it has answered.
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

// File opens an upload for who sent it or may see a submission it belongs to.
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

// maySee answers nil for who sent the upload and for who may see a submission
// that shows it. A photo that nobody has found harmless is its sender's and the
// liaison's alone.
func (svc *Service) maySee(ctx context.Context, c access.Caller, u record.Upload) error {
	if u.Owner == c.Person {
		return nil
	}
	later := false
	var unread error
	for _, id := range u.Submissions {
		s, err := svc.kit.Records.Load(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue // attached on the way to an admission that never came
		}
		if fault.Is(err, fault.Internal) {
			unread = err // another may show it
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
		later = true
	}
	if later {
		return fault.New(fault.NotFound, "这张照片还在核对，核对之后才能查看")
	}
	if unread != nil {
		return unread
	}
	return access.Missing()
}

// showsUpload reports whether what the caller sees of the submission names the upload;
// one that was attached and never used, or stands in an entry that is not for them,
// stays its owner's.
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
