package matters

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/listindex"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Get returns one submission. The last submission that a member opened is stored, so that their answer in the
// chat goes to it.
func (svc *Service) Get(ctx context.Context, c access.Caller, id string) (View, error) {
	x, listed, err := svc.kit.SubmissionWithUndelivered(ctx, c, id)
	if err != nil {
		return View{}, err
	}
	svc.delivery.ClearUndeliveredListed(ctx, c, x.Submission(), listed)
	if kit.MemberOf(c, x.Station().ID) != "" && x.Submission().Assignee == c.ID {
		if err := svc.store.SetOpened(ctx, c.Person, x.Submission().ID, svc.kit.Now()); err != nil {
			// The chat will ask for the number instead.
			svc.kit.Log.WarnContext(ctx, "look not remembered", slog.Any("err", err))
		}
	}
	return svc.withPhotos(ctx, svc.View(x))
}

// Mine lists the caller's filings of all stations, newest first.
func (svc *Service) Mine(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[View], error) {
	if c.Person == "" {
		return kit.PageOf[View]{}, access.NoSession()
	}
	after, limit, err := kit.PageBounds(cursor, limit)
	if err != nil {
		return kit.PageOf[View]{}, err
	}
	stations, err := svc.store.Visited(ctx, c.Person)
	if err != nil {
		return kit.PageOf[View]{}, err
	}
	var all []casework.Submission
	anyMore := false
	for _, st := range stations {
		list, _, more, err := svc.kit.Records.Page(ctx, st, record.Index{Name: record.Mine, Arg: c.Person}, mineCursor(after, st), limit)
		if err != nil {
			return kit.PageOf[View]{}, err
		}
		all, anyMore = append(all, list...), anyMore || more
	}
	slices.SortFunc(all, func(a, b casework.Submission) int {
		if a.FiledAt != b.FiledAt {
			return int(b.FiledAt - a.FiledAt)
		}
		return strings.Compare(b.ID, a.ID)
	})
	if len(all) > limit {
		all, anyMore = all[:limit], true
	}
	return svc.page(ctx, c, all, anyMore, func(s casework.Submission) record.Cursor {
		return record.Cursor{Score: float64(s.FiledAt), ID: s.ID}
	})
}

// mineCursor turns the cursor of the merged list, which has whole ids, into one for a single station, whose
// index has ids without the station. At one score, the submissions of stations that sort after this one were
// already listed.
func mineCursor(after record.Cursor, st string) record.Cursor {
	at := kit.StationOf(after.ID)
	switch {
	case after.ID == "":
		return record.Cursor{}
	case at == st:
		_, local, _ := strings.Cut(after.ID, "-")
		return record.Cursor{Score: after.Score, ID: local}
	case st < at:
		return record.Cursor{Score: after.Score, ID: "~"} // everything with this score is still to come
	default:
		return record.Cursor{Score: after.Score, ID: "!"} // everything with this score was listed
	}
}

// Inbox lists a member's open submissions, first due first. With a state, it lists those of the member's in
// that state.
func (svc *Service) Inbox(ctx context.Context, c access.Caller, f Filter, cursor string, limit int) (kit.PageOf[View], error) {
	if c.Person == "" {
		return kit.PageOf[View]{}, access.NoSession()
	}
	if c.Role != access.Member {
		return kit.PageOf[View]{}, fault.New(fault.Denied, "收件箱只对委员开放")
	}
	ix := record.Index{Name: record.Inbox, Arg: c.ID}
	if err := f.check(); err != nil {
		return kit.PageOf[View]{}, err
	}
	if f.Owed {
		return svc.owed(ctx, c, f, cursor, limit)
	}
	switch f.State {
	case "", casework.Assigned, casework.Accepted, casework.Waiting:
	case casework.Answered:
		ix.Name = record.Answered
	case casework.Closed:
		ix.Name = record.ClosedBy
	case casework.Withdrawn:
		ix.Name = record.GoneFrom
	default:
		return kit.PageOf[View]{}, kit.Field("state", "状态有误，可选 assigned、accepted、waiting、answered、closed、withdrawn")
	}
	return svc.list(ctx, c, c.Station, ix, f.keep(svc.kit.Now()), cursor, limit)
}

// owed lists the member's closed agreements that are not fulfilled yet, by the promised day. Followers are left
// out: they are fulfilled with their lead.
func (svc *Service) owed(ctx context.Context, c access.Caller, f Filter, cursor string, limit int) (kit.PageOf[View], error) {
	if f.State != "" && f.State != casework.Closed {
		return kit.PageOf[View]{}, kit.Field("state", "待落实的都已办结，请不要再选状态")
	}
	at, limit, err := kit.PageBounds(cursor, limit)
	if err != nil {
		return kit.PageOf[View]{}, err
	}
	q := listindex.Query{
		Assignees: []string{c.ID}, Outcomes: []casework.Outcome{casework.Agreed}, ExcludeMerged: true, Words: listindex.Words(f.Query), Sort: listindex.Promised,
	}
	if f.Kind != "" {
		q.Kinds = []casework.Kind{f.Kind}
	}
	if f.Late {
		q.Flags = []listindex.Flag{listindex.PromiseLate}
	}
	_, list, next, err := svc.listing.Find(ctx, c.Station, q, at, limit)
	if err != nil {
		return kit.PageOf[View]{}, err
	}
	p, err := svc.page(ctx, c, list, false, nil)
	p.Next = next
	return p, err
}

// PoolList lists the submissions that wait for the liaison, oldest first.
func (svc *Service) PoolList(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[View], error) {
	if err := access.RequireStaff(c, false); err != nil {
		return kit.PageOf[View]{}, err
	}
	return svc.list(ctx, c, c.Station, record.Index{Name: record.Pool}, nil, cursor, limit)
}

// Alarms lists the station's submissions with a danger that no liaison has handled, oldest first.
func (svc *Service) Alarms(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[View], error) {
	if err := access.RequireStaff(c, false); err != nil {
		return kit.PageOf[View]{}, err
	}
	return svc.list(ctx, c, c.Station, record.Index{Name: record.Alarms}, nil, cursor, limit)
}

// Filter narrows a list. Zero fields do not filter.
type Filter struct {
	State casework.State
	Kind  casework.Kind
	// Query is searched in the number and the text.
	Query string
	// Late keeps what is overdue and not paused.
	Late bool
	// Owed keeps agreements that are not fulfilled.
	Owed bool
}

func (f Filter) check() error {
	if f.Kind != "" && !slices.Contains(casework.Kinds, f.Kind) {
		return kit.Field("kind", "没有这个类型")
	}
	return nil
}

// keep returns the filter as a predicate, nil for a zero filter.
func (f Filter) keep(now time.Time) func(casework.Submission) bool {
	if f == (Filter{}) {
		return nil
	}
	words := listindex.Words(f.Query)
	return func(s casework.Submission) bool {
		return (f.State == "" || s.State == f.State) && (f.Kind == "" || s.Kind == f.Kind) &&
			fold.Has(words, s.Number, s.Text) &&
			(!f.Late || s.PausedAt == 0 && s.DueAt < casework.At(now))
	}
}

// list reads a page of an index and leaves out what keep rejects.
func (svc *Service) list(ctx context.Context, c access.Caller, st string, ix record.Index, keep func(casework.Submission) bool, cursor string, limit int) (kit.PageOf[View], error) {
	at, limit, err := kit.PageBounds(cursor, limit)
	if err != nil {
		return kit.PageOf[View]{}, err
	}
	var found []casework.Submission
	batch, scanned, more := limit, 0, true
	for more && len(found) < limit && scanned < kit.MaxScanned {
		var got []casework.Submission
		if got, at, more, err = svc.kit.Records.Page(ctx, st, ix, at, batch); err != nil {
			return kit.PageOf[View]{}, err
		}
		scanned += len(got)
		if keep == nil {
			found = got
			break
		}
		for i, s := range got {
			if !keep(s) {
				continue
			}
			if found = append(found, s); len(found) == limit && i < len(got)-1 {
				at, more = cursorIn(ix, s), true
				break
			}
		}
		batch = kit.PageLimit
	}
	p, err := svc.page(ctx, c, found, false, nil)
	if more {
		p.Next = kit.EncodeCursor(at)
	}
	return p, err
}

// cursorIn returns the cursor of a submission in an index.
func cursorIn(ix record.Index, s casework.Submission) record.Cursor {
	_, local, _ := strings.Cut(s.ID, "-")
	score := s.FiledAt
	switch ix.Name {
	case record.Inbox, record.Answered:
		score = s.DueAt
	case record.ClosedBy, record.GoneFrom:
		score = s.ClosedAt
	}
	return record.Cursor{Score: float64(score), ID: local}
}

func (svc *Service) page(ctx context.Context, c access.Caller, list []casework.Submission, more bool, at func(casework.Submission) record.Cursor) (kit.PageOf[View], error) {
	p := kit.PageOf[View]{Items: make([]View, 0, len(list))}
	var st *station.Station
	for _, s := range list {
		if st == nil || st.ID != s.Station {
			var err error
			if st, err = svc.kit.Roster(ctx, s.Station); err != nil {
				return p, err
			}
		}
		p.Items = append(p.Items, svc.Views(c, st, []casework.Submission{s})...)
	}
	if more && len(list) > 0 {
		p.Next = kit.EncodeCursor(at(list[len(list)-1]))
	}
	return p, nil
}
