// Package reception serves reception days: what everybody sees of them, bookings, who sits, swaps, and the desk of the
// hour.
package reception

import (
	"context"
	"net/http"
	"time"

	deskreception "mashang/desk/reception"
	"mashang/domain/access"
	"mashang/domain/reception"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// routes are the operations of the area.
type routes struct {
	api       *web.API
	reception *deskreception.Service
}

// may is the gate of an act; whether a member convenes is known with the day.
func may(a access.ReceptionAct) func(access.Caller) error {
	return func(c access.Caller) error { return access.MayReception(c, a, c.Station, true) }
}

// ReceptionSeat is one member who is to sit.
type ReceptionSeat struct {
	Member string `json:"member"`
	Name   string `json:"name"`
	Sector string `json:"sector"`
	State  string `json:"state" enum:"planned,confirmed,out,present,missing"`
	Why    string `json:"why,omitempty" doc:"The reason for somebody by whom the day still lacks something."`
	Mine   bool   `json:"mine,omitempty" doc:"The caller's own."`
	Wish   string `json:"wish,omitempty" enum:"wants,declines" doc:"What they say of the day, in a proposal."`
}

// ReceptionSwap is a wish that another takes a seat.
type ReceptionSwap struct {
	ID       string    `json:"id"`
	From     string    `json:"from"`
	FromName string    `json:"from_name"`
	To       string    `json:"to" doc:"Who is asked; empty for everybody who fits."`
	ToName   string    `json:"to_name"`
	Return   string    `json:"return,omitempty" doc:"The id of the day that is exchanged for it."`
	Reason   string    `json:"reason"`
	Words    string    `json:"words,omitempty" doc:"For the liaison, the convener and both members alone."`
	State    string    `json:"state" enum:"asked,agreed,approved,refused,withdrawn,done"`
	Late     bool      `json:"late,omitempty" doc:"Asked for inside the day's lock: the liaison approves it."`
	Why      string    `json:"why,omitempty"`
	At       time.Time `json:"at"`
	Asks     bool      `json:"asks,omitempty" doc:"The caller is asked, and can agree or decline."`
	Mine     bool      `json:"mine,omitempty" doc:"The caller asked for it, and can take it back."`
}

// ReceptionHole is what a day lacks.
type ReceptionHole struct {
	Open      bool     `json:"open" doc:"Something is to be done."`
	Nobody    bool     `json:"nobody"`
	Few       int      `json:"few" doc:"How many members are missing to the minimum."`
	Sectors   []string `json:"sectors" nullable:"false"`
	Expertise []string `json:"expertise" nullable:"false"`
	Away      []string `json:"away" nullable:"false" doc:"Names of members on it who are absent or have left."`
	Out       []string `json:"out" nullable:"false" doc:"Names of members who cannot come."`
	Swapping  []string `json:"swapping" nullable:"false" doc:"Names of members whose swap is open."`
	Double    []string `json:"double" nullable:"false" doc:"Names of members who sit elsewhere at that time."`
}

// ReceptionTerms are what a day needs and what can be booked.
type ReceptionTerms struct {
	Min       int      `json:"min,omitempty" minimum:"0" maximum:"50"`
	Max       int      `json:"max,omitempty" minimum:"0" maximum:"50" doc:"0 for no bound."`
	Sectors   []string `json:"sectors,omitempty" nullable:"false" maxItems:"12"`
	Expertise []string `json:"expertise,omitempty" nullable:"false" maxItems:"12"`
	Seats     int      `json:"seats,omitempty" minimum:"0" maximum:"100" doc:"Of one slot; 0: nothing can be booked."`
	Slot      int      `json:"slot,omitempty" minimum:"0" maximum:"240" doc:"Minutes."`
	WalkIns   int      `json:"walk_ins,omitempty" minimum:"0" maximum:"100" doc:"Of the seats, kept for those who come without."`
	Publish   int      `json:"publish,omitempty" minimum:"0" maximum:"60" doc:"Days before."`
	Lock      int      `json:"lock,omitempty" minimum:"0" maximum:"720" doc:"Hours before."`
}

// ReceptionDay is a day as the station's staff and members see it.
type ReceptionDay struct {
	ID        string          `json:"id"`
	Rule      string          `json:"rule" doc:"The id of its rule; empty for a day of none."`
	Name      string          `json:"name"`
	Planned   string          `json:"planned" format:"date" doc:"By the rule."`
	Date      string          `json:"date" format:"date"`
	From      string          `json:"from"`
	To        string          `json:"to"`
	Kind      string          `json:"kind" enum:"station,room,place,member" doc:"Of where."`
	Target    string          `json:"target" doc:"The id of the room or the place."`
	Where     string          `json:"where"`
	Theme     string          `json:"theme"`
	Sectors   []string        `json:"sectors" nullable:"false" doc:"Whose members come for the theme."`
	NotFor    string          `json:"not_for"`
	Note      string          `json:"note"`
	State     string          `json:"state" enum:"draft,published,held,closed,cancelled"`
	Reason    string          `json:"reason,omitempty" doc:"Why it is cancelled."`
	MovedFrom string          `json:"moved_from,omitempty" doc:"The date before it was moved by somebody, or by a holiday."`
	Terms     ReceptionTerms  `json:"terms"`
	Roster    []ReceptionSeat `json:"roster" nullable:"false"`
	Swaps     []ReceptionSwap `json:"swaps" nullable:"false"`
	Hole      ReceptionHole   `json:"hole"`
	Locked    bool            `json:"locked" doc:"A swap now needs the liaison."`
	Stray     bool            `json:"stray,omitempty" doc:"Published before its rule was changed, and no longer what the rule says."`
	Clash     bool            `json:"clash,omitempty" doc:"A holiday moved another day of the rule onto the same date."`
	Uncertain bool            `json:"uncertain,omitempty" doc:"The holidays of the year are not announced yet."`
	Edits     bool            `json:"edits" doc:"The caller may edit it."`
	Revision  int             `json:"revision" doc:"To be sent with each edit."`
}

// ReceptionSkipped is a day that a holiday took away.
type ReceptionSkipped struct {
	Rule    string `json:"rule"`
	Name    string `json:"name"`
	Planned string `json:"planned" format:"date"`
	Kind    string `json:"kind" enum:"station,room,place,member" doc:"Of where."`
	Target  string `json:"target" doc:"The id of the room or the place."`
}

// ReceptionPlan is what is planned in a span of time.
type ReceptionPlan struct {
	Items   []ReceptionDay     `json:"items" nullable:"false"`
	Skipped []ReceptionSkipped `json:"skipped" nullable:"false"`
	Unknown int                `json:"unknown,omitempty" doc:"The first year in the span whose holidays are not announced."`
	Edits   bool               `json:"edits" doc:"The caller may edit at least one of the days."`
}

func dayOf(c access.Caller, v deskreception.DayView) ReceptionDay {
	name := func(id string) string {
		m, _ := v.Station.Member(id)
		return m.Name
	}
	names := func(ids []string) []string { return wire.Each(ids, name) }
	out := ReceptionDay{
		ID: v.ID, Rule: v.Rule, Name: v.Name, Planned: v.Planned, Date: v.Date, From: wire.ClockOf(v.From), To: wire.ClockOf(v.To),
		Kind: string(v.Target.Kind), Target: v.Target.ID, Where: v.Where, Theme: v.Theme, Sectors: wire.Filled(v.Sectors), NotFor: v.NotFor,
		Note: v.Note, State: string(v.State), Reason: v.Reason,
		Terms: ReceptionTerms{
			v.Terms.Min, v.Terms.Max, wire.Filled(v.Terms.Sectors), wire.Filled(v.Terms.Expertise), v.Terms.Seats, v.Terms.SlotMinutes,
			v.Terms.WalkIns, v.Terms.PublishDays, v.Terms.LockHours,
		},
		Roster: []ReceptionSeat{}, Swaps: []ReceptionSwap{},
		Hole: ReceptionHole{
			v.Hole.Open(), v.Hole.Nobody, v.Hole.Few, wire.Filled(v.Hole.Sectors), wire.Filled(v.Hole.Expertise),
			names(v.Hole.Away), names(v.Hole.Out), names(v.Hole.Swapping), names(v.Hole.Double),
		},
		Locked: v.Locked, Stray: v.Stray, Clash: v.Clash, Uncertain: v.Uncertain, Edits: v.Edits, Revision: v.Version,
	}
	if v.Moved() {
		out.MovedFrom = v.Planned
	}
	if n := len(v.Postponed); n > 0 {
		out.MovedFrom = v.Postponed[n-1].From
	}
	own := func(member string) bool { return c.Role == access.Member && c.ID == member }
	for _, s := range v.Roster {
		m, _ := v.Station.Member(s.Member)
		out.Roster = append(out.Roster, ReceptionSeat{s.Member, m.Name, m.Sector, string(s.State), s.Why, own(s.Member), ""})
	}
	for _, s := range v.Swaps {
		x := ReceptionSwap{
			ID: s.ID, From: s.From, FromName: name(s.From), To: s.To, ToName: name(s.To), Return: s.Return, Reason: s.Reason, State: string(s.State),
			Late: s.Late, Why: s.Why, At: time.UnixMilli(s.At).In(station.Zone),
			Asks: s.State == reception.SwapAsked && !own(s.From) && (own(s.To) || s.To == "" && c.Role == access.Member), Mine: s.Open() && own(s.From),
		}
		if v.Edits || own(s.From) || own(s.To) {
			x.Words = s.Words
		}
		out.Swaps = append(out.Swaps, x)
	}
	return out
}

// dayOut answers with a day as the caller sees it.
func dayOut(c access.Caller) func(deskreception.DayView, error) (*wire.Output[ReceptionDay], error) {
	return func(v deskreception.DayView, err error) (*wire.Output[ReceptionDay], error) {
		if err != nil {
			return nil, err
		}
		return &wire.Output[ReceptionDay]{Body: dayOf(c, v)}, nil
	}
}

// Span is a span of local dates.
type Span struct {
	From string `query:"from" doc:"A date; today if empty."`
	To   string `query:"to" doc:"A date, included; eight weeks later if empty."`
}

// CountSpan is the span of what is counted.
type CountSpan struct {
	From string `query:"from" doc:"A date; the first of the year if empty."`
	To   string `query:"to" doc:"A date, included; today if empty."`
}

// ByDay is the input of what concerns one day. (Embedded inputs are exported, because huma ignores others.)
type ByDay struct {
	Day string `path:"day" maxLength:"64" doc:"The day's id."`
}

// Keyed is the input of what is made once under a key.
type Keyed struct {
	Key string `header:"Idempotency-Key" required:"true" pattern:"^[A-Za-z0-9_-]{8,64}$" patternDescription:"8 至 64 位字母、数字、下划线或连字符" doc:"What is made under this key is made once, however often it is sent."`
}

// Revised is the body of an edit.
type Revised struct {
	Revision int `json:"revision" minimum:"0" doc:"Of the day that the caller saw."`
}

// ReceptionRoster is who is to sit.
type ReceptionRoster struct {
	Revised
	Members []string `json:"members" nullable:"false" maxItems:"50" doc:"Ids."`
	Why     string   `json:"why,omitempty" maxLength:"400" doc:"The reason for members by whom the day still lacks something; at most 100 characters."`
}

// ReceptionOutline is what is written of a day.
type ReceptionOutline struct {
	Revised
	Theme   string   `json:"theme" maxLength:"200" doc:"At most 30 characters."`
	Sectors []string `json:"sectors" nullable:"false" maxItems:"12"`
	NotFor  string   `json:"not_for" maxLength:"400" doc:"At most 100 characters."`
	Note    string   `json:"note" maxLength:"4000" doc:"At most 1000 characters."`
}

// ReceptionReason is why a day is cancelled.
type ReceptionReason struct {
	Revised
	Reason string `json:"reason" maxLength:"400" doc:"At most 100 characters; told to whom it concerns."`
}

// ReceptionMove is when a day is to be.
type ReceptionMove struct {
	ReceptionReason
	Date string `json:"date" format:"date"`
	From string `json:"from" maxLength:"5"`
	To   string `json:"to" maxLength:"5"`
}

// ReceptionClosing says who was there.
type ReceptionClosing struct {
	Revised
	Present []string `json:"present" nullable:"false" maxItems:"50" doc:"Ids of the members who were there."`
}

// NewReceptionDay is a day of no rule.
type NewReceptionDay struct {
	Name   string         `json:"name" maxLength:"200" doc:"At most 30 characters."`
	Date   string         `json:"date" format:"date"`
	From   string         `json:"from" maxLength:"5"`
	To     string         `json:"to" maxLength:"5"`
	Kind   string         `json:"kind" enum:"station,room,place"`
	Target string         `json:"target,omitempty" maxLength:"24" doc:"The id of the room or the place."`
	Terms  ReceptionTerms `json:"terms"`
}

// ReceptionProposal is who could sit on a day.
type ReceptionProposal struct {
	Day       ReceptionDay    `json:"day"`
	Adds      []ReceptionSeat `json:"adds" nullable:"false" doc:"Besides those who sit."`
	Wanting   int             `json:"wanting" doc:"How many members say that they want to come."`
	Short     int             `json:"short" doc:"How many are still missing to the minimum."`
	Sectors   []string        `json:"sectors" nullable:"false" doc:"Still lacking."`
	Expertise []string        `json:"expertise" nullable:"false" doc:"Still lacking."`
}

// ReceptionMonth is what it takes in a month that every member sits once.
type ReceptionMonth struct {
	Month    string `json:"month"`
	Days     int    `json:"days"`
	Each     int    `json:"each" doc:"Members on each day so that all sit once."`
	Possible int    `json:"possible" doc:"Sittings that the days hold at most."`
	Wanted   int    `json:"wanted"`
}

// ReceptionFill is a proposal for all days of a span that lack somebody.
type ReceptionFill struct {
	Items  []ReceptionProposal `json:"items" nullable:"false"`
	Months []ReceptionMonth    `json:"months" nullable:"false"`
}

// FilledDay is a roster that the caller accepts for a day.
type FilledDay struct {
	Day      string   `json:"day" maxLength:"64"`
	Revision int      `json:"revision" minimum:"0"`
	Members  []string `json:"members" nullable:"false" maxItems:"50" doc:"All who are to sit: ids."`
}

// FilledDays are accepted all or not at all.
type FilledDays struct {
	Days []FilledDay `json:"days" nullable:"false" minItems:"1" maxItems:"60"`
}

// ReceptionAnnouncement is what staff send round of a published day.
type ReceptionAnnouncement struct {
	Title string `json:"title"`
	Text  string `json:"text" doc:"Plain Chinese lines with the link, to be copied."`
	Link  string `json:"link" doc:"The day's page, for everybody."`
	QR    string `json:"qr" doc:"The link as a drawing: a data: address of an SVG image."`
}

type (
	onDay[T any] struct {
		ByDay
		Body T
	}
	newDayIn struct {
		Keyed
		Body NewReceptionDay
	}
	fillIn struct {
		Span
		Aim int `query:"aim" minimum:"0" maximum:"50" doc:"How many should sit on each day; 0 for its minimum."`
	}
	acceptIn struct{ Body FilledDays }
)

const days = "/reception/days"

// edits describes an act on a day.
func edits(path, id, summary string, a access.ReceptionAct) web.Operation {
	return web.Op(http.MethodPost, days+"/{day}/"+path, id, summary).By(may(a)).Writes().
		Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
}

func (rt *routes) addDays() {
	svc := rt.reception
	reads := func(path, id, summary string) web.Operation {
		return web.Op(http.MethodGet, path, id, summary).By(may(access.ReadReception)).Fails(http.StatusForbidden, http.StatusNotFound).Compressed()
	}
	web.Handle(rt.api, reads(days, "listReceptionDays", "The station's reception days with who sits and what is lacking."), func(ctx context.Context, c access.Caller, in *Span) (*wire.Output[ReceptionPlan], error) {
		p, err := svc.Days(ctx, c, in.From, in.To)
		if err != nil {
			return nil, err
		}
		return &wire.Output[ReceptionPlan]{Body: ReceptionPlan{
			Items: wire.Each(p.Days, func(v deskreception.DayView) ReceptionDay { return dayOf(c, v) }),
			Skipped: wire.Each(p.Skipped, func(s reception.Skipped) ReceptionSkipped {
				return ReceptionSkipped{s.Rule, s.Name, s.Planned, string(s.Target.Kind), s.Target.ID}
			}),
			Unknown: p.Unknown, Edits: p.Edits,
		}}, nil
	})
	web.Handle(rt.api, reads("/reception/figures", "countReceptionDays", "What the reception days of a span counted, day by day."), func(ctx context.Context, c access.Caller, in *CountSpan) (*wire.Output[ReceptionReport], error) {
		r, err := svc.Report(ctx, c, in.From, in.To)
		if err != nil {
			return nil, err
		}
		return &wire.Output[ReceptionReport]{Body: ReceptionReport{
			From: r.From, To: r.To, Sessions: len(r.Days), Sat: r.Sat, Whole: figuresOf(r.Whole),
			Items: wire.Each(r.Days, func(x deskreception.DayFigures) DayFigures {
				return DayFigures{x.ID, x.Date, x.Name, x.Where, x.Theme, x.State == reception.Closed, x.Sat, figuresOf(x.Figures)}
			}),
		}}, nil
	})
	web.Handle(rt.api, reads(days+"/{day}", "getReceptionDay", "One reception day."), func(ctx context.Context, c access.Caller, in *ByDay) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Day(ctx, c, in.Day))
	})
	web.Handle(rt.api, reads(days+"/{day}/announcement", "announceReceptionDay", "What to send round of a published day to come.").Fails(http.StatusUnprocessableEntity), func(ctx context.Context, c access.Caller, in *ByDay) (*wire.Output[ReceptionAnnouncement], error) {
		a, err := svc.Announcement(ctx, c, in.Day)
		return &wire.Output[ReceptionAnnouncement]{Body: ReceptionAnnouncement{a.Title, a.Text, a.Link, web.DataSVG(a.Drawing)}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodPost, days, "addReceptionDay", "Add a day of no rule, as a draft.").By(may(access.EditReception)).Writes().Creates().
		Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *newDayIn) (*wire.Output[ReceptionDay], error) {
		from, to, err := clocks(in.Body.From, in.Body.To)
		if err != nil {
			return nil, err
		}
		t := in.Body.Terms
		return dayOut(c)(svc.AddDay(ctx, c, in.Key, deskreception.NewDay{
			Name: in.Body.Name, Date: in.Body.Date, From: from, To: to, Target: station.Target{Kind: station.TargetKind(in.Body.Kind), ID: in.Body.Target},
			Terms: reception.Terms{
				Min: t.Min, Max: t.Max, Sectors: t.Sectors, Expertise: t.Expertise, Seats: t.Seats, SlotMinutes: t.Slot, WalkIns: t.WalkIns,
				PublishDays: t.Publish, LockHours: t.Lock,
			},
		}))
	})
	web.Handle(rt.api, edits("roster", "setReceptionRoster", "Say who sits.", access.EditReception), func(ctx context.Context, c access.Caller, in *onDay[ReceptionRoster]) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.SetRoster(ctx, c, in.Day, in.Body.Revision, in.Body.Members, in.Body.Why))
	})
	web.Handle(rt.api, edits("outline", "setReceptionOutline", "Write the day's theme, what it is not for, and its record.", access.EditReception), func(ctx context.Context, c access.Caller, in *onDay[ReceptionOutline]) (*wire.Output[ReceptionDay], error) {
		o := reception.Outline{Theme: in.Body.Theme, Sectors: in.Body.Sectors, NotFor: in.Body.NotFor, Note: in.Body.Note}
		return dayOut(c)(svc.SetOutline(ctx, c, in.Day, in.Body.Revision, o))
	})
	web.Handle(rt.api, edits("publish", "publishReceptionDay", "Show the day to everybody now.", access.EditReception), func(ctx context.Context, c access.Caller, in *onDay[Revised]) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Publish(ctx, c, in.Day, in.Body.Revision))
	})
	web.Handle(rt.api, edits("cancel", "cancelReceptionDay", "Cancel the day; whoever sits or has booked is told.", access.EditReception), func(ctx context.Context, c access.Caller, in *onDay[ReceptionReason]) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Cancel(ctx, c, in.Day, in.Body.Revision, in.Body.Reason))
	})
	web.Handle(rt.api, edits("restore", "restoreReceptionDay", "Take the cancellation back.", access.EditReception), func(ctx context.Context, c access.Caller, in *onDay[Revised]) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Restore(ctx, c, in.Day, in.Body.Revision))
	})
	web.Handle(rt.api, edits("keep", "keepReceptionDay", "Let the day stay as it is although its rule was changed since.", access.EditReception), func(ctx context.Context, c access.Caller, in *onDay[Revised]) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Keep(ctx, c, in.Day, in.Body.Revision))
	})
	web.Handle(rt.api, edits("postpone", "moveReceptionDay", "Move the day; whoever sits or has booked is told.", access.EditReception), func(ctx context.Context, c access.Caller, in *onDay[ReceptionMove]) (*wire.Output[ReceptionDay], error) {
		from, to, err := clocks(in.Body.From, in.Body.To)
		if err != nil {
			return nil, err
		}
		return dayOut(c)(svc.Postpone(ctx, c, in.Day, in.Body.Revision, in.Body.Date, from, to, in.Body.Reason))
	})
	web.Handle(rt.api, edits("close", "closeReceptionDay", "End the writing of what came of it, and say who was there.", access.EditReception), func(ctx context.Context, c access.Caller, in *onDay[ReceptionClosing]) (*wire.Output[ReceptionDay], error) {
		return dayOut(c)(svc.Close(ctx, c, in.Day, in.Body.Revision, in.Body.Present))
	})
	rt.addFill()
}

func (rt *routes) addFill() {
	svc := rt.reception
	web.Handle(rt.api, web.Op(http.MethodGet, "/reception/fill", "proposeReceptionRosters", "Who could sit on the days that lack somebody, fairly. Nothing is changed.").
		By(may(access.EditReception)).Fails(http.StatusForbidden).Compressed(), func(ctx context.Context, c access.Caller, in *fillIn) (*wire.Output[ReceptionFill], error) {
		list, months, err := svc.Fill(ctx, c, in.From, in.To, in.Aim)
		if err != nil {
			return nil, err
		}
		return &wire.Output[ReceptionFill]{Body: ReceptionFill{
			Items: wire.Each(list, func(p deskreception.Proposal) ReceptionProposal {
				out := ReceptionProposal{Day: dayOf(c, p.View), Adds: []ReceptionSeat{}, Wanting: len(p.Wanting), Short: p.Short, Sectors: wire.Filled(p.Sectors), Expertise: wire.Filled(p.Expertise)}
				for _, id := range p.Adds {
					m, _ := p.View.Station.Member(id)
					out.Adds = append(out.Adds, ReceptionSeat{Member: id, Name: m.Name, Sector: m.Sector, State: string(reception.Planned), Wish: string(p.Prefers[id])})
				}
				return out
			}),
			Months: wire.Each(months, func(m reception.MonthNeed) ReceptionMonth {
				return ReceptionMonth{m.Month, m.Days, m.Each, m.Possible, m.Wanted}
			}),
		}}, nil
	})
	web.Handle(rt.api, web.Op(http.MethodPost, "/reception/fill", "acceptReceptionRosters", "Put the rosters of several days, all or none.").
		By(may(access.EditReception)).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict), func(ctx context.Context, c access.Caller, in *acceptIn) (*web.Nothing, error) {
		list := wire.Each(in.Body.Days, func(d FilledDay) deskreception.Filled { return deskreception.Filled(d) })
		return nil, svc.Accept(ctx, c, list)
	})
}

// clocks reads two times of a day.
func clocks(from, to string) (a, b int, err error) {
	if a, err = wire.Minutes("from", from); err == nil {
		b, err = wire.Minutes("to", to)
	}
	return a, b, err
}
