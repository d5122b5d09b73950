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

// reader reads one page of a station's list from the store.
type reader[E any] func(ctx context.Context, st string, after record.Cursor, limit int) (list []E, next record.Cursor, more bool, err error)

// StaffList is StaffRows for entries that each refer to one submission; idOf returns its id.
func StaffList[E, T any](
	ctx context.Context, k *Kit, c access.Caller, cursor string, limit int, read reader[E], idOf func(E) string,
	row func(st *station.Station, s casework.Submission, e E) (T, error), onMissing func(E) error,
) (PageOf[T], error) {
	return StaffRows(ctx, k, c, cursor, limit, read, idOf, func(st *station.Station, e E) (item T, err error) {
		s, err := k.Records.Load(ctx, idOf(e))
		if err != nil {
			return item, err
		}
		return row(st, s, e)
	}, onMissing)
}

// StaffRows returns a page of a liaison's work list. row makes the shown item of an entry, and nameOf names what it is
// about for the log. An entry of which row finds that something does not exist is passed to onMissing and left out. An
// entry that cannot be read is left out and counted in Unread.
func StaffRows[E, T any](
	ctx context.Context, k *Kit, c access.Caller, cursor string, limit int, read reader[E], nameOf func(E) string,
	row func(st *station.Station, e E) (T, error), onMissing func(E) error,
) (PageOf[T], error) {
	p := PageOf[T]{Items: []T{}}
	st, at, limit, err := k.StaffPage(ctx, c, false, cursor, limit)
	if err != nil {
		return p, err
	}
	list, next, more, err := read(ctx, st.ID, at, limit)
	if err != nil {
		return p, err
	}
	for _, e := range list {
		item, err := row(st, e)
		switch fault.CodeOf(err) {
		case "":
			p.Items = append(p.Items, item)
		case fault.NotFound:
			if err := onMissing(e); err != nil {
				return p, err
			}
		case fault.Internal:
			k.Log.ErrorContext(ctx, "what is listed cannot be read", slog.String("about", nameOf(e)), slog.Any("err", err))
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

// StaffPage checks access, cursor and limit of a staff list and returns the caller's station. admin lets the
// administrator read it as well.
func (k *Kit) StaffPage(ctx context.Context, c access.Caller, admin bool, cursor string, limit int) (*station.Station, record.Cursor, int, error) {
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
