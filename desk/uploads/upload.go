package uploads

import (
	"context"
	"io"
	"slices"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Upload stores one photo or voice message. It belongs to the caller until it is attached to a submission.
func (svc *Service) Upload(ctx context.Context, c access.Caller, r io.Reader) (record.Upload, error) {
	if c.Person == "" {
		return record.Upload{}, access.NoSession()
	}
	photo, voice, err := svc.media.Take(ctx, r)
	if err != nil {
		return record.Upload{}, err
	}
	id, err := svc.kit.NewID("f")
	if err != nil {
		return record.Upload{}, err
	}
	u := record.Upload{ID: id, Owner: c.Person}
	if photo != nil {
		u.Kind, u.Hash, u.Width, u.Height = "photo", photo.Hash, photo.Width, photo.Height
	} else {
		u.Kind, u.Hash, u.Seconds = "voice", voice.Hash, voice.Seconds
	}
	if err := svc.store.PutUpload(ctx, u); err != nil || photo == nil {
		return u, err
	}
	return u, svc.queueCheck(ctx, u)
}

// CheckOwned checks that the uploads exist, are the caller's, of the kind, and each named once.
func (svc *Service) CheckOwned(ctx context.Context, c access.Caller, ids []string, kind, name string) error {
	for i, id := range ids {
		u, err := svc.store.Upload(ctx, id)
		if fault.Is(err, fault.NotFound) || err == nil && (u.Owner != c.Person || u.Kind != kind) ||
			slices.Contains(ids[:i], id) {
			return kit.Field(name, "附件不存在或已失效，请重新上传")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Attach attaches uploads to a submission.
func (svc *Service) Attach(ctx context.Context, submission string, ids ...string) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	if len(ids) == 0 {
		return nil
	}
	if err := svc.store.Attach(ctx, ids, submission); err != nil {
		return err
	}
	return svc.holdRisky(ctx, submission, ids)
}
