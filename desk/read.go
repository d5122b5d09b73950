package desk

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/finding"
	"mashang/domain/fold"
	"mashang/domain/record"
	"mashang/domain/station"
)

// PageLimit is the most items a list gives at once, and DefaultLimit what it
// gives when nothing is asked.
const (
	PageLimit    = 100
	DefaultLimit = 25
)

// PageOf is one page of a list; Next is "" at the end.
type PageOf[T any] struct {
	Items []T
	Next  string
	// Unread is how many of the page were left out because their record cannot be
	// read: whoever looks for one is to know that it is not gone.
	Unread int
}

// Get returns one submission. A member's look is remembered, so that an answer
// in the chat finds what they opened last.
func (d *Desk) Get(ctx context.Context, c access.Caller, id string) (View, error) {
	x, listed, err := d.reachListed(ctx, c, id)
	if err != nil {
		return View{}, err
	}
	d.told(ctx, c, x.s, listed)
	if memberOf(c, x.st.ID) != "" && x.s.Assignee == c.ID {
		if err := d.store.SetOpened(ctx, c.Person, x.s.ID, d.now()); err != nil {
			// The chat will ask for the number instead.
			d.log.WarnContext(ctx, "look not remembered", slog.Any("err", err))
		}
	}
	return d.withPhotos(ctx, d.view(x))
}

// Mine lists what the caller filed, newest first, over all stations.
func (d *Desk) Mine(ctx context.Context, c access.Caller, cursor string, limit int) (PageOf[View], error) {
	if c.Person == "" {
		return PageOf[View]{}, access.NoSession()
	}
	after, limit, err := place(cursor, limit)
	if err != nil {
		return PageOf[View]{}, err
	}
	stations, err := d.store.Visited(ctx, c.Person)
	if err != nil {
		return PageOf[View]{}, err
	}
	var all []casework.Submission
	anyMore := false
	for _, st := range stations {
		list, _, more, err := d.records.Page(ctx, st, Index{Name: record.Mine, Arg: c.Person}, mineCursor(after, st), limit)
		if err != nil {
			return PageOf[View]{}, err
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
	return d.page(ctx, c, all, anyMore, func(s casework.Submission) Cursor {
		return Cursor{Score: float64(s.FiledAt), ID: s.ID}
	})
}

// mineCursor turns the cursor of the merged list (whole ids) into one for a
// single station, whose ids have no station part: at the same moment, whole
// ids of stations that sort after this one are behind the cursor already.
func mineCursor(after Cursor, st string) Cursor {
	at := stationOf(after.ID)
	switch {
	case after.ID == "":
		return Cursor{}
	case at == st:
		_, local, _ := strings.Cut(after.ID, "-")
		return Cursor{Score: after.Score, ID: local}
	case st < at:
		return Cursor{Score: after.Score, ID: "~"} // everything of this moment is still to come
	default:
		return Cursor{Score: after.Score, ID: "!"} // nothing of this moment is
	}
}

// Inbox lists what a member has to do, first due first; with a state, what of
// theirs is in that state.
func (d *Desk) Inbox(ctx context.Context, c access.Caller, f Filter, cursor string, limit int) (PageOf[View], error) {
	if c.Person == "" {
		return PageOf[View]{}, access.NoSession()
	}
	if c.Role != access.Member {
		return PageOf[View]{}, fault.New(fault.Denied, "收件箱只对委员开放")
	}
	ix := Index{Name: record.Inbox, Arg: c.ID}
	if err := f.check(); err != nil {
		return PageOf[View]{}, err
	}
	if f.Owed {
		return d.owed(ctx, c, f, cursor, limit)
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
		return PageOf[View]{}, field("state", "状态有误，可选 assigned、accepted、waiting、answered、closed、withdrawn")
	}
	return d.list(ctx, c, c.Station, ix, f.keep(d.now()), cursor, limit)
}

// owed lists what a member closed as agreed and did not carry out yet, by the day
// promised. What goes on with another is carried out with that one.
func (d *Desk) owed(ctx context.Context, c access.Caller, f Filter, cursor string, limit int) (PageOf[View], error) {
	if f.State != "" && f.State != casework.Closed {
		return PageOf[View]{}, field("state", "待落实的都已办结，请不要再选状态")
	}
	at, limit, err := place(cursor, limit)
	if err != nil {
		return PageOf[View]{}, err
	}
	q := finding.Query{
		Assignees: []string{c.ID}, Outcomes: []casework.Outcome{casework.Agreed}, Own: true, Words: finding.Words(f.Query), Sort: finding.Promised,
	}
	if f.Kind != "" {
		q.Kinds = []casework.Kind{f.Kind}
	}
	if f.Late {
		q.Flags = []finding.Flag{finding.PromiseLate}
	}
	_, list, next, err := d.find(ctx, c.Station, q, at, limit)
	if err != nil {
		return PageOf[View]{}, err
	}
	p, err := d.page(ctx, c, list, false, nil)
	p.Next = next
	return p, err
}

// PoolList lists what waits for the liaison, oldest first.
func (d *Desk) PoolList(ctx context.Context, c access.Caller, cursor string, limit int) (PageOf[View], error) {
	if err := access.Staff(c, false); err != nil {
		return PageOf[View]{}, err
	}
	return d.list(ctx, c, c.Station, Index{Name: record.Pool}, nil, cursor, limit)
}

// Alarms lists the station's submissions that speak of a danger no liaison has
// seen to, the oldest first.
func (d *Desk) Alarms(ctx context.Context, c access.Caller, cursor string, limit int) (PageOf[View], error) {
	if err := access.Staff(c, false); err != nil {
		return PageOf[View]{}, err
	}
	return d.list(ctx, c, c.Station, Index{Name: record.Alarms}, nil, cursor, limit)
}

// Filter narrows a list; zero values leave it.
type Filter struct {
	State casework.State
	Kind  casework.Kind
	// Query is looked for in number and text.
	Query string
	// Late leaves what is past its time and not paused.
	Late bool
	// Owed leaves what was agreed at closing and is not carried out.
	Owed bool
}

func (f Filter) check() error {
	if f.Kind != "" && !slices.Contains(casework.Kinds, f.Kind) {
		return field("kind", "没有这个类型")
	}
	return nil
}

// keep is what the filter lets through, nil for everything.
func (f Filter) keep(now time.Time) func(casework.Submission) bool {
	if f == (Filter{}) {
		return nil
	}
	words := finding.Words(f.Query)
	return func(s casework.Submission) bool {
		return (f.State == "" || s.State == f.State) && (f.Kind == "" || s.Kind == f.Kind) &&
			fold.Has(words, s.Number, s.Text) &&
			(!f.Late || s.PausedAt == 0 && s.DueAt < casework.At(now))
	}
}

// mostScanned bounds what one filtered page reads; a page may then be short
// and still have a next one.
const mostScanned = 2000

// list pages through an index, leaving out what keep refuses.
func (d *Desk) list(ctx context.Context, c access.Caller, st string, ix Index, keep func(casework.Submission) bool, cursor string, limit int) (PageOf[View], error) {
	at, limit, err := place(cursor, limit)
	if err != nil {
		return PageOf[View]{}, err
	}
	var found []casework.Submission
	batch, scanned, more := limit, 0, true
	for more && len(found) < limit && scanned < mostScanned {
		var got []casework.Submission
		if got, at, more, err = d.records.Page(ctx, st, ix, at, batch); err != nil {
			return PageOf[View]{}, err
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
				at, more = d.scoreIn(ix, s), true
				break
			}
		}
		batch = PageLimit
	}
	p, err := d.page(ctx, c, found, false, nil)
	if more {
		p.Next = encodeCursor(at)
	}
	return p, err
}

// scoreIn returns the cursor of a submission in an index.
func (d *Desk) scoreIn(ix Index, s casework.Submission) Cursor {
	_, local, _ := strings.Cut(s.ID, "-")
	score := s.FiledAt
	switch ix.Name {
	case record.Inbox, record.Answered:
		score = s.DueAt
	case record.ClosedBy, record.GoneFrom:
		score = s.ClosedAt
	}
	return Cursor{Score: float64(score), ID: local}
}

func (d *Desk) page(ctx context.Context, c access.Caller, list []casework.Submission, more bool, at func(casework.Submission) Cursor) (PageOf[View], error) {
	p := PageOf[View]{Items: make([]View, 0, len(list))}
	var st *station.Station
	for _, s := range list {
		if st == nil || st.ID != s.Station {
			var err error
			if st, err = d.roster(ctx, s.Station); err != nil {
				return p, err
			}
		}
		p.Items = append(p.Items, d.views(c, st, []casework.Submission{s})...)
	}
	if more && len(list) > 0 {
		p.Next = encodeCursor(at(list[len(list)-1]))
	}
	return p, nil
}
