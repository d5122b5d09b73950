package reception

import (
	"context"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// AskedSwap is what is asked for.
type AskedSwap struct {
	// Member is whose seat it is; "" for the caller's own. Staff name one.
	Member string
	// To is who is asked, "" for everybody who fits. Return is the day that is exchanged for it, "" for none.
	To, Return    string
	Reason, Words string
}

// Confirm is a member's word that they come, or with out that they cannot and look for nobody: a hole, of which the
// liaison is told at once.
func (svc *Service) Confirm(ctx context.Context, c access.Caller, id string, out bool) (DayView, error) {
	d, err := svc.edit(ctx, c, access.SitReception, id, nil, func(_ context.Context, _ *station.Station, d reception.Day) (change, error) {
		next, err := d.Confirm(c.ID, out, svc.kit.Now())
		ch := change{days: []reception.Day{next}}
		ch.event(c, map[bool]string{false: "seat.confirmed", true: "seat.out"}[out], "day/"+id, map[string]string{"date": d.Date})
		return ch, err
	})
	return svc.seen(ctx, c, d, err)
}

// seen is the view of a day that was just changed.
func (svc *Service) seen(ctx context.Context, c access.Caller, d reception.Day, err error) (DayView, error) {
	if err != nil {
		return DayView{}, err
	}
	st, err := svc.station(ctx, c)
	if err != nil {
		return DayView{}, err
	}
	return svc.view(ctx, c, st, d)
}

// AskSwap opens a swap: of the caller's own seat, or by the liaison for a member who cannot. The same key opens the
// same swap.
func (svc *Service) AskSwap(ctx context.Context, c access.Caller, key, id string, a AskedSwap) (DayView, error) {
	swap := reception.Swap{ID: keyed(c, key), From: a.Member, To: a.To, Return: a.Return, Reason: a.Reason, Words: a.Words}
	do := func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		if slices.ContainsFunc(d.Swaps, func(s reception.Swap) bool { return s.ID == swap.ID }) {
			return change{}, nil
		}
		return svc.askSwap(ctx, c, st, d, swap)
	}
	if a.Member == "" || a.Member == c.ID && c.Role == access.Member {
		swap.From = c.ID
		d, err := svc.edit(ctx, c, access.SitReception, id, nil, do)
		return svc.seen(ctx, c, d, err)
	}
	swap.ByStaff = true
	return svc.act(ctx, c, access.StandIn, audit.SwapFor, id, a.Member, nil, do)
}

// bookWith returns the book of a day's date, and of that of the day that is exchanged for it, nil for none.
func (docs *documents) bookWith(ctx context.Context, st *station.Station, d reception.Day, exchanged string) (reception.Book, *reception.Day, error) {
	if exchanged == "" {
		book, err := docs.bookOn(ctx, st, d.Date)
		return book, nil, err
	}
	ret, err := docs.find(ctx, st, exchanged)
	if err != nil {
		return reception.Book{}, nil, err
	}
	book, err := docs.bookOn(ctx, st, d.Date, ret.Date)
	return book, &ret, err
}

func (svc *Service) askSwap(ctx context.Context, c access.Caller, st *station.Station, d reception.Day, s reception.Swap) (change, error) {
	book, ret, err := svc.docs.bookWith(ctx, st, d, s.Return)
	if err != nil {
		return change{}, err
	}
	next, err := book.AskSwap(d, s, ret, svc.kit.Now())
	if err != nil {
		return change{}, err
	}
	ch := change{days: []reception.Day{next}}
	ch.event(c, "swap.asked", "day/"+d.ID, map[string]string{"from": s.From, "to": s.To, "date": d.Date})
	asked, about := []string{s.To}, notice.AboutSwapAsked
	if s.To == "" {
		asked, about = nil, notice.AboutSwapOpen
		for _, x := range book.Candidates(next, s.From, nil) {
			if x.Fits {
				asked = append(asked, x.Member)
			}
		}
	}
	for _, m := range asked {
		ch.tell(notice.Entry{Purpose: notice.MemberDuty, About: about, Member: m, Swap: s.ID}, next)
	}
	return ch, nil
}

// Candidates are who could take a member's seat on a day, the best first, for the member and those who approve.
func (svc *Service) Candidates(ctx context.Context, c access.Caller, id, member string) ([]reception.Candidate, *station.Station, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	if err := may(c, access.ReadReception, st, station.Target{}); err != nil {
		return nil, nil, err
	}
	d, err := svc.docs.find(ctx, st, id)
	if err != nil {
		return nil, nil, err
	}
	if member == "" {
		member = c.ID
	}
	if member != c.ID || c.Role != access.Member {
		if err := may(c, access.ApproveSwap, st, d.Target); err != nil {
			return nil, nil, err
		}
	}
	book, err := svc.docs.bookOn(ctx, st, d.Date)
	if err != nil {
		return nil, nil, err
	}
	sat, err := svc.sat(ctx, st, d.Date)
	if err != nil {
		return nil, nil, err
	}
	list := book.Candidates(d, member, sat)
	// What members prefer is said to those who make the roster.
	if decides := may(c, access.ApproveSwap, st, d.Target) == nil; decides {
		wishes, err := svc.docs.wishes(ctx, st, []reception.Day{d})
		return reception.WithWishes(list, d.ID, wishes), st, err
	}
	return list, st, nil
}

// Agree is the caller's word that they take the seat. Where the station lets fitting early swaps pass, it is made at
// once; else it waits for the liaison or the convener.
func (svc *Service) Agree(ctx context.Context, c access.Caller, id, swap string) (DayView, error) {
	d, err := svc.edit(ctx, c, access.SitReception, id, nil, func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		return svc.agree(ctx, c, st, d, swap, c.ID)
	})
	return svc.seen(ctx, c, d, err)
}

// AgreeFor is the liaison's word for a member whom they have called.
func (svc *Service) AgreeFor(ctx context.Context, c access.Caller, id, swap, member string) (DayView, error) {
	return svc.act(ctx, c, access.StandIn, audit.SwapFor, id, member, nil, func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		return svc.agree(ctx, c, st, d, swap, member)
	})
}

func (svc *Service) agree(ctx context.Context, c access.Caller, st *station.Station, d reception.Day, swap, member string) (change, error) {
	book, err := svc.docs.bookOn(ctx, st, d.Date)
	if err != nil {
		return change{}, err
	}
	now := svc.kit.Now()
	next, err := book.Agree(d, swap, member, now)
	if err != nil {
		return change{}, err
	}
	ch := change{days: []reception.Day{next}}
	ch.event(c, "swap.agreed", "day/"+d.ID, map[string]string{"to": member, "date": d.Date})
	if st.SwapsPass && book.Passes(next, swap, now) {
		return svc.approve(ctx, access.Caller{}, st, next, swap, "", true)
	}
	if i := slices.IndexFunc(next.Swaps, func(s reception.Swap) bool { return s.ID == swap }); i >= 0 {
		ch.tell(notice.Entry{Purpose: notice.MemberDuty, About: notice.AboutSwapAgreed, Member: next.Swaps[i].From, Swap: swap}, next)
	}
	for _, l := range st.Liaisons {
		if !l.Left && !l.Admin {
			ch.tell(notice.Entry{Purpose: notice.LiaisonUrge, About: notice.AboutSwap, Liaison: l.ID, Swap: swap}, next)
		}
	}
	return ch, nil
}

// approve is the change of an approval: both rosters, and a word to both members. The zero caller is the station's rule.
func (svc *Service) approve(ctx context.Context, c access.Caller, st *station.Station, d reception.Day, swap, why string, staff bool) (change, error) {
	i := slices.IndexFunc(d.Swaps, func(s reception.Swap) bool { return s.ID == swap })
	if i < 0 {
		return change{}, fault.New(fault.NotFound, "没有找到这次换班")
	}
	s := d.Swaps[i]
	book, ret, err := svc.docs.bookWith(ctx, st, d, s.Return)
	if err != nil {
		return change{}, err
	}
	next, back, err := book.Approve(d, swap, why, ret, staff, svc.kit.Now())
	if err != nil {
		return change{}, err
	}
	ch := change{days: []reception.Day{next}}
	if back != nil {
		ch.days = append(ch.days, *back)
		ch.hold(book, *back)
	}
	ch.hold(book, d)
	ch.event(c, "swap.approved", "day/"+d.ID, map[string]string{"from": s.From, "to": s.To, "date": d.Date})
	for _, m := range []string{s.From, s.To} {
		ch.tell(notice.Entry{Purpose: notice.MemberDuty, About: notice.AboutSwapApproved, Member: m, Swap: s.ID}, next)
	}
	return ch, nil
}

// Approve makes a swap, by the liaison or the convener.
func (svc *Service) Approve(ctx context.Context, c access.Caller, id, swap, why string) (DayView, error) {
	return svc.act(ctx, c, access.ApproveSwap, audit.ApproveSwap, id, why, nil, func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		return svc.approve(ctx, c, st, d, swap, why, c.Role == access.Liaison)
	})
}

// Refuse refuses a swap with a reason, by the liaison or the convener.
func (svc *Service) Refuse(ctx context.Context, c access.Caller, id, swap, why string) (DayView, error) {
	return svc.act(ctx, c, access.ApproveSwap, audit.RefuseSwap, id, why, nil, func(_ context.Context, _ *station.Station, d reception.Day) (change, error) {
		return svc.declined(c, d, swap, "", why)
	})
}

// Decline is the caller's no to a swap that they were asked for.
func (svc *Service) Decline(ctx context.Context, c access.Caller, id, swap string) (DayView, error) {
	d, err := svc.edit(ctx, c, access.SitReception, id, nil, func(_ context.Context, _ *station.Station, d reception.Day) (change, error) {
		return svc.declined(c, d, swap, c.ID, "")
	})
	return svc.seen(ctx, c, d, err)
}

func (svc *Service) declined(c access.Caller, d reception.Day, swap, member, why string) (change, error) {
	next, err := d.Decline(swap, member, why, svc.kit.Now())
	if err != nil {
		return change{}, err
	}
	ch := change{days: []reception.Day{next}}
	ch.event(c, "swap.refused", "day/"+d.ID, map[string]string{"date": d.Date})
	i := slices.IndexFunc(next.Swaps, func(s reception.Swap) bool { return s.ID == swap })
	ch.tell(notice.Entry{Purpose: notice.MemberDuty, About: notice.AboutSwapRefused, Member: next.Swaps[i].From, Swap: swap}, next)
	return ch, nil
}

// Withdraw takes a swap of the caller's own back.
func (svc *Service) Withdraw(ctx context.Context, c access.Caller, id, swap string) (DayView, error) {
	d, err := svc.edit(ctx, c, access.SitReception, id, nil, func(_ context.Context, _ *station.Station, d reception.Day) (change, error) {
		next, err := d.Withdraw(swap, c.ID, svc.kit.Now())
		ch := change{days: []reception.Day{next}}
		ch.event(c, "swap.withdrawn", "day/"+id, map[string]string{"date": d.Date})
		return ch, err
	})
	return svc.seen(ctx, c, d, err)
}

// MyDays are the coming days that concern a member: those on which they sit, and the swaps in which they are asked.
type MyDays struct {
	Sits  []DayView
	Asked []DayView
	// Open are days with a swap for which everybody who fits is asked, and the caller fits.
	Open []DayView
}

// mineAhead is how many days ahead a member's days are listed.
const mineAhead = 92

// Mine returns the caller's own days.
func (svc *Service) Mine(ctx context.Context, c access.Caller) (MyDays, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return MyDays{}, err
	}
	if err := may(c, access.SitReception, st, station.Target{}); err != nil {
		return MyDays{}, err
	}
	now := svc.kit.Now()
	today := now.In(station.Zone).Format(time.DateOnly)
	cal, err := svc.docs.plan(ctx, st, today, reception.AddDays(today, mineAhead))
	if err != nil {
		return MyDays{}, err
	}
	book := reception.Book{Station: st, Days: cal.Days}
	for _, d := range cal.Days {
		if d.Revision > 0 && d.Sits(c.ID) >= 0 {
			svc.delivery.ClearUndeliveredDay(ctx, c, st.ID, d.ID)
		}
	}
	out := MyDays{Sits: []DayView{}, Asked: []DayView{}, Open: []DayView{}}
	for _, d := range cal.Days {
		if !d.Live() || !now.Before(d.End()) {
			continue
		}
		if d.Sits(c.ID) >= 0 {
			out.Sits = append(out.Sits, svc.viewOf(c, st, book, d, now))
		}
		for _, s := range d.Swaps {
			switch {
			case s.State != reception.SwapAsked || s.From == c.ID:
			case s.To == c.ID:
				out.Asked = append(out.Asked, svc.viewOf(c, st, book, d, now))
			case s.To == "" && book.Free(c.ID, d):
				out.Open = append(out.Open, svc.viewOf(c, st, book, d, now))
			}
		}
	}
	return out, nil
}
