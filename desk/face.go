package desk

import (
	"context"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// A member's photo is an upload of theirs, or of the staff's, that everybody
// who scans their code may see once nobody finds anything wrong with it.

// SetFace makes one of the caller's uploads the photo of a member; "" takes it
// away. member is "" for the caller's own; staff set any member's.
func (d *Desk) SetFace(ctx context.Context, c access.Caller, member, upload string) error {
	st, id, err := d.whose(ctx, c, member)
	if err != nil {
		return err
	}
	if upload != "" {
		if err := d.owned(ctx, c, []string{upload}, "photo", "photo"); err != nil {
			return err
		}
	}
	err = d.store.SetFace(ctx, st.ID, id, upload)
	d.cache.faces.forget(st.ID)
	return err
}

// whose is the member something is done for.
func (d *Desk) whose(ctx context.Context, c access.Caller, member string) (*station.Station, string, error) {
	if member == "" {
		st, err := d.ownStation(ctx, c)
		return st, c.ID, err
	}
	if err := access.Staff(c, true); err != nil {
		return nil, "", err
	}
	st, err := d.roster(ctx, c.Station)
	if err != nil {
		return nil, "", err
	}
	if m, ok := st.Member(member); !ok || m.Gone {
		return nil, "", access.Missing()
	}
	return st, member, nil
}

// Face opens the small picture of the member a code points at.
func (d *Desk) Face(ctx context.Context, key string) (*File, error) {
	s, err := d.Sign(ctx, key)
	if err != nil {
		return nil, err
	}
	if s.Revoked || s.Member == nil || s.face == "" {
		return nil, fault.New(fault.NotFound, "没有照片")
	}
	return d.media.Open("photo", s.face, true)
}

// faceOf returns the file of a member's photo, "" for none that may be shown.
func (d *Desk) faceOf(ctx context.Context, st, member string) (string, error) {
	faces, err := d.cache.faces.get(ctx, st, func(ctx context.Context, _ map[string]string) (map[string]string, error) {
		uploads, err := d.store.Faces(ctx, st)
		if err != nil {
			return nil, err
		}
		files := make(map[string]string, len(uploads))
		for m, id := range uploads {
			u, err := d.store.Upload(ctx, id)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			if err == nil && u.Safety.Harmless() {
				files[m] = u.Hash
			}
		}
		return files, nil
	})
	return faces[member], err
}
