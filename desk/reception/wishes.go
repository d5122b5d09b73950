package reception

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// wished is what a member says of one day. It holds for the date on which it was said, so that a day that is moved asks
// anew.
type wished struct {
	Day     string               `json:"day"`
	Date    string               `json:"date"`
	Prefers reception.Preference `json:"prefers"`
}

// memberWishes are what a member says of coming days, by date.
type memberWishes struct {
	Member   string   `json:"-"`
	Revision int      `json:"-"`
	Days     []wished `json:"days"`
}

const (
	// wishAhead is how many days ahead a member says what they want.
	wishAhead = 91
	// maxWishes bounds what one member says.
	maxWishes = 200
	// maxDropped is how many members' are deleted in one step.
	maxDropped = 50
)

// until is the last day of which something is said, in UTC milliseconds; from then on the document is of no use.
func (w memberWishes) until() int64 {
	if len(w.Days) == 0 {
		return 0
	}
	return midnight(w.Days[len(w.Days)-1].Date).UnixMilli()
}

// dropWishes deletes what members said of days that are all over.
func (docs *documents) dropWishes(ctx context.Context, st string, now time.Time) error {
	list, _, err := docs.store.DocumentsBetween(ctx, st, record.DocumentWishes, 1, midnight(now.In(station.Zone).Format(time.DateOnly)).UnixMilli(), maxDropped)
	if err != nil || len(list) == 0 {
		return err
	}
	for i := range list {
		list[i].Body = nil
	}
	// What somebody changed meanwhile is dropped another time.
	_, err = docs.store.CommitDocuments(ctx, st, record.DocumentChange{Writes: list})
	return err
}

func wishesOf(doc record.Document) (w memberWishes, err error) {
	if err := json.Unmarshal(doc.Body, &w); err != nil {
		return w, fault.Wrap(err, fault.Internal, "接待日意愿的数据已损坏，请联系管理员核对备份")
	}
	w.Member, w.Revision = doc.ID, doc.Revision
	return w, nil
}

// wishes reads those of members in one round trip. What cannot be read is left out: nobody's seat depends on it.
func (docs *documents) wishes(ctx context.Context, st *station.Station, days []reception.Day) (map[string]reception.Wish, error) {
	var ids []string
	for _, m := range st.Members {
		if !m.Left {
			ids = append(ids, m.ID)
		}
	}
	list, err := docs.store.Documents(ctx, st.ID, record.DocumentWishes, ids...)
	if fault.Is(err, fault.Internal) {
		docs.kit.Log.LogAttrs(ctx, slog.LevelError, "wishes cannot be read", slog.String("station", st.ID), slog.Any("err", err))
		return map[string]reception.Wish{}, nil
	}
	if err != nil {
		return nil, err
	}
	dates := map[string]string{}
	for _, d := range days {
		dates[d.ID] = d.Date
	}
	all := make(map[string]reception.Wish, len(list))
	for _, doc := range list {
		w, err := wishesOf(doc)
		if err != nil {
			docs.kit.Log.LogAttrs(ctx, slog.LevelError, "wishes cannot be read", slog.String("station", st.ID), slog.Any("err", err))
			continue
		}
		wish := reception.Wish{}
		for _, x := range w.Days {
			if dates[x.Day] == x.Date {
				wish[x.Day] = x.Prefers
			}
		}
		all[doc.ID] = wish
	}
	return all, nil
}

// WishView is a coming day on which the caller does not sit, and what they say of it.
type WishView struct {
	reception.Day

	Where   string
	Prefers reception.Preference
}

// Wishes returns the coming days of which the caller, a member, can say whether they want to come, and what they say.
// Days on which they sit are left out: those are confirmed or swapped.
func (svc *Service) Wishes(ctx context.Context, c access.Caller) ([]WishView, error) {
	st, err := svc.sitting(ctx, c)
	if err != nil {
		return nil, err
	}
	now := svc.kit.Now()
	today := now.In(station.Zone).Format(time.DateOnly)
	cal, err := svc.docs.plan(ctx, st, today, reception.AddDays(today, wishAhead))
	if err != nil {
		return nil, err
	}
	w, err := svc.docs.wishesBy(ctx, st.ID, c.ID)
	if err != nil {
		return nil, err
	}
	list := []WishView{}
	for _, d := range cal.Days {
		if d.Live() && now.Before(d.Start()) && d.Sits(c.ID) < 0 {
			list = append(list, wishView(st, d, w))
		}
	}
	return list, nil
}

func wishView(st *station.Station, d reception.Day, w memberWishes) WishView {
	v := WishView{Day: d}
	v.Where, _ = st.Resolve(d.Target)
	if i := w.index(d); i >= 0 {
		v.Prefers = w.Days[i].Prefers
	}
	return v
}

// index finds what is said of a day as it is planned now; -1 for nothing.
func (w memberWishes) index(d reception.Day) int {
	return slices.IndexFunc(w.Days, func(x wished) bool { return x.Day == d.ID && x.Date == d.Date })
}

// sitting returns the station of a caller who sits on reception days.
func (svc *Service) sitting(ctx context.Context, c access.Caller) (*station.Station, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return nil, err
	}
	return st, may(c, access.SitReception, st, station.Target{})
}

// wishesBy reads those of one member.
func (docs *documents) wishesBy(ctx context.Context, st, member string) (memberWishes, error) {
	list, err := docs.store.Documents(ctx, st, record.DocumentWishes, member)
	if err != nil || len(list) == 0 {
		return memberWishes{Member: member}, err
	}
	return wishesOf(list[0])
}

// SetWish writes what the caller, a member, says of a coming day on which they do not sit; "" takes it back. What was
// said of days that are over is dropped.
func (svc *Service) SetWish(ctx context.Context, c access.Caller, id string, p reception.Preference) (WishView, error) {
	if p != "" && p != reception.Wants && p != reception.Declines {
		return WishView{}, kit.Field("wish", "请选“想来”或“不方便”")
	}
	for range kit.MaxConflictRetries {
		st, err := svc.sitting(ctx, c)
		if err != nil {
			return WishView{}, err
		}
		d, err := svc.docs.find(ctx, st, id)
		if err != nil {
			return WishView{}, err
		}
		now := svc.kit.Now()
		today := now.In(station.Zone).Format(time.DateOnly)
		switch {
		case !d.Live() || !now.Before(d.Start()):
			return WishView{}, fault.New(fault.WrongState, "这一天已经开始、过去或取消了")
		case d.Date > reception.AddDays(today, wishAhead):
			return WishView{}, noDay()
		case d.Sits(c.ID) >= 0 && p != "":
			return WishView{}, fault.New(fault.WrongState, "这一天已经排上您了，能不能来请在“我的接待日”里说")
		}
		w, err := svc.docs.wishesBy(ctx, st.ID, c.ID)
		if err != nil {
			return WishView{}, err
		}
		if w, err = w.with(d, p, today); err != nil {
			return WishView{}, err
		}
		if ok, err := svc.docs.commit(ctx, st.ID, change{wishes: []memberWishes{w}}); ok || err != nil {
			return wishView(st, d, w), err
		}
	}
	return WishView{}, busy()
}

// with says something of a day, "" for nothing, and forgets days before today.
func (w memberWishes) with(d reception.Day, p reception.Preference, today string) (memberWishes, error) {
	w.Days = slices.DeleteFunc(slices.Clone(w.Days), func(x wished) bool { return x.Day == d.ID || x.Date < today })
	if p == "" {
		return w, nil
	}
	if len(w.Days) >= maxWishes {
		return w, fault.New(fault.Invalid, "最多说 %d 天的意愿，请先去掉一些", maxWishes)
	}
	w.Days = append(w.Days, wished{Day: d.ID, Date: d.Date, Prefers: p})
	slices.SortFunc(w.Days, func(a, b wished) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Day, b.Day)) })
	return w, nil
}
