package roster

import (
	"context"

	"mashang/desk/uploads"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// A member's photo is an upload of theirs, or of the staff's, that everybody
// who scans their code may see once nobody finds anything wrong with it.

// SetFace makes one of the caller's uploads the photo of a member; "" takes it
// away. member is "" for the caller's own; staff set any member's.
func (svc *Service) SetFace(ctx context.Context, c access.Caller, member, upload string) error {
	st, id, err := svc.whose(ctx, c, member)
	if err != nil {
		return err
	}
	if upload != "" {
		if err := svc.uploads.Owned(ctx, c, []string{upload}, "photo", "photo"); err != nil {
			return err
		}
	}
	err = svc.store.SetFace(ctx, st.ID, id, upload)
	svc.kit.Cache.Faces.Forget(st.ID)
	return err
}

// whose is the member something is done for.
func (svc *Service) whose(ctx context.Context, c access.Caller, member string) (*station.Station, string, error) {
	if member == "" {
		st, err := svc.ownStation(ctx, c)
		return st, c.ID, err
	}
	if err := access.Staff(c, true); err != nil {
		return nil, "", err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, "", err
	}
	if m, ok := st.Member(member); !ok || m.Gone {
		return nil, "", access.Missing()
	}
	return st, member, nil
}

// Face opens the small picture of the member a code points at.
func (svc *Service) Face(ctx context.Context, key string) (*uploads.File, error) {
	s, err := svc.codes.Sign(ctx, key)
	if err != nil {
		return nil, err
	}
	if s.Revoked || s.Member == nil || s.Face == "" {
		return nil, fault.New(fault.NotFound, "没有照片")
	}
	return svc.media.Open("photo", s.Face, true)
}
