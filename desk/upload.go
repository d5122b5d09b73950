package desk

import (
	"context"
	"io"
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// Upload takes one photo or voice message. It belongs to the caller until it
// is attached to a submission.
func (d *Desk) Upload(ctx context.Context, c access.Caller, r io.Reader) (Upload, error) {
	if c.Person == "" {
		return Upload{}, access.NoSession()
	}
	photo, voice, err := d.media.Take(ctx, r)
	if err != nil {
		return Upload{}, err
	}
	id, err := d.newID("f")
	if err != nil {
		return Upload{}, err
	}
	u := Upload{ID: id, Owner: c.Person}
	if photo != nil {
		u.Kind, u.Hash, u.Width, u.Height = "photo", photo.Hash, photo.Width, photo.Height
	} else {
		u.Kind, u.Hash, u.Seconds = "voice", voice.Hash, voice.Seconds
	}
	if err := d.store.PutUpload(ctx, u); err != nil || photo == nil {
		return u, err
	}
	return u, d.askAbout(ctx, u)
}

// File opens an upload for who sent it or may see a submission it belongs to.
func (d *Desk) File(ctx context.Context, c access.Caller, id string, thumb bool) (*File, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	u, err := d.store.Upload(ctx, id)
	if err != nil {
		return nil, err
	}
	if thumb && u.Kind != "photo" {
		return nil, access.Missing()
	}
	if err := d.maySee(ctx, c, u); err != nil {
		return nil, err
	}
	return d.media.Open(u.Kind, u.Hash, thumb)
}

// maySee answers nil for who sent the upload and for who may see a submission
// that shows it. A photo that nobody has found harmless is its sender's and the
// liaison's alone.
func (d *Desk) maySee(ctx context.Context, c access.Caller, u Upload) error {
	if u.Owner == c.Person {
		return nil
	}
	later := false
	var unread error
	for _, id := range u.Submissions {
		s, err := d.records.Load(ctx, id)
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
		st, err := d.roster(ctx, s.Station)
		if err != nil {
			return err
		}
		x := d.see(c, st, s)
		if !shows(x, u.ID) {
			continue
		}
		if u.Safety.Open() || c.Role == access.Liaison && !x.rel.Filer() {
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

// owned checks that the uploads exist, are the caller's and of the kind, each
// named once.
func (d *Desk) owned(ctx context.Context, c access.Caller, ids []string, kind, name string) error {
	for i, id := range ids {
		u, err := d.store.Upload(ctx, id)
		if fault.Is(err, fault.NotFound) || err == nil && (u.Owner != c.Person || u.Kind != kind) ||
			slices.Contains(ids[:i], id) {
			return field(name, "附件不存在或已失效，请重新上传")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) attach(ctx context.Context, submission string, ids ...string) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	if len(ids) == 0 {
		return nil
	}
	if err := d.store.Attach(ctx, ids, submission); err != nil {
		return err
	}
	return d.holdBad(ctx, submission, ids)
}

// shows reports whether what the caller sees of the submission names the upload;
// one that was attached and never used, or stands in an entry that is not for them,
// stays its owner's.
func shows(x sight, id string) bool {
	if x.rel.None() {
		return false
	}
	if x.s.Voice == id || slices.Contains(x.s.Photos, id) {
		return true
	}
	for _, e := range visible(x) {
		if slices.Contains(e.Photos, id) || slices.ContainsFunc(e.Parts, func(p casework.Part) bool { return slices.Contains(p.Photos, id) }) {
			return true
		}
	}
	return false
}
