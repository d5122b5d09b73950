package kit

import (
	"context"
	"log/slog"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// reader reads a page of one of a station's lists from a store.
type reader[E any] func(ctx context.Context, st string, after record.Cursor, limit int) (list []E, next record.Cursor, more bool, err error)

// StaffList is a page of a list that its station's liaison works off, whose
// entries each tell of one submission. of names it; row makes what is shown.
// Entries whose submission, or what row reads of it, is not there are given to
// lost and left out; those that cannot be read are left out and counted.
func StaffList[E, T any](
	ctx context.Context, k *Kit, c access.Caller, cursor string, limit int, read reader[E], of func(E) string,
	row func(st *station.Station, s casework.Submission, e E) (T, error), lost func(E) error,
) (PageOf[T], error) {
	p := PageOf[T]{Items: []T{}}
	st, at, limit, err := k.StaffPlace(ctx, c, false, cursor, limit)
	if err != nil {
		return p, err
	}
	list, next, more, err := read(ctx, st.ID, at, limit)
	if err != nil {
		return p, err
	}
	for _, e := range list {
		s, err := k.Records.Load(ctx, of(e))
		var item T
		if err == nil {
			item, err = row(st, s, e)
		}
		switch fault.CodeOf(err) {
		case "":
			p.Items = append(p.Items, item)
		case fault.NotFound:
			if err := lost(e); err != nil {
				return p, err
			}
		case fault.Internal:
			k.Log.ErrorContext(ctx, "a listed submission cannot be read", slog.String("submission", of(e)), slog.Any("err", err))
			p.Unread++
		default:
			return p, err
		}
	}
	if more {
		p.Next = EncodeCursor(next)
	}
	return p, nil
}

// StaffPlace is where in a list of their station's the staff are; admin lets the
// administrator read it as well.
func (k *Kit) StaffPlace(ctx context.Context, c access.Caller, admin bool, cursor string, limit int) (*station.Station, record.Cursor, int, error) {
	if err := access.RequireStaff(c, admin); err != nil {
		return nil, record.Cursor{}, 0, err
	}
	at, limit, err := PageBounds(cursor, limit)
	if err != nil {
		return nil, at, limit, err
	}
	st, err := k.Roster(ctx, c.Station)
	return st, at, limit, err
}
