package roster

import (
	"context"

	"mashang/desk/uploads"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// A member's portrait is an upload of the member's or the staff's. Everybody who scans the member's code sees
// it, once it is found harmless.

// SetPortrait makes one of the caller's uploads a member's portrait; "" removes it. member is "" for the
// caller's own; staff may set any member's.
func (svc *Service) SetPortrait(ctx context.Context, c access.Caller, member, upload string) error {
	st, id, err := svc.portraitMember(ctx, c, member)
	if err != nil {
		return err
	}
	if upload != "" {
		if err := svc.uploads.CheckOwned(ctx, c, []string{upload}, "photo", "photo"); err != nil {
			return err
		}
	}
	err = svc.store.SetPortrait(ctx, st.ID, id, upload)
	svc.kit.Cache.Portraits.Forget(st.ID)
	return err
}

// portraitMember returns the member whose portrait is set, with the station.
func (svc *Service) portraitMember(ctx context.Context, c access.Caller, member string) (*station.Station, string, error) {
	if member == "" {
		st, err := svc.ownStation(ctx, c)
		return st, c.ID, err
	}
	if err := access.RequireStaff(c, true); err != nil {
		return nil, "", err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, "", err
	}
	if m, ok := st.Member(member); !ok || m.Left {
		return nil, "", access.Missing()
	}
	return st, member, nil
}

// Portrait opens the thumbnail of the member's portrait, by the member's code.
func (svc *Service) Portrait(ctx context.Context, key string) (*uploads.File, error) {
	s, err := svc.codes.Sign(ctx, key)
	if err != nil {
		return nil, err
	}
	if s.Revoked || s.Member == nil || s.Portrait == "" {
		return nil, fault.New(fault.NotFound, "没有照片")
	}
	return svc.media.Open("photo", s.Portrait, true)
}
