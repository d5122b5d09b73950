package overview

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Need is a group of matters that the liaison has to handle.
type Need struct {
	Key   string    `json:"key" enum:"alarm,mentioned,reminded,overdue,uncontacted,returned,pooled,held,due_today,reopened,assist_late,promise_late,photos,untold,follow_up"`
	Total int       `json:"total"`
	Items []NeedRow `json:"items" nullable:"false" doc:"The first 20, in the order of query."`
	Query Sought    `json:"query" doc:"What GET /station/submissions lists them with, beside those that stand in a more pressing group or are snoozed."`
}

// NeedRow is a matter of a group.
type NeedRow struct {
	Row

	Note     string     `json:"note,omitempty" doc:"Why somebody returned it, wants it handled again or rated it low, in their words."`
	Mention  *Mention   `json:"mention,omitempty" doc:"The newest note that names the caller, who has not ticked it off."`
	Reminder string     `json:"reminder,omitempty" doc:"What the caller wrote for this day."`
	Nudges   int        `json:"nudges,omitempty" doc:"How often somebody was nudged about it."`
	NudgedAt *time.Time `json:"nudged_at,omitempty" doc:"When last."`
	Calls    int        `json:"calls,omitempty" doc:"How many calls about the rating were in vain."`
	Proposed *Proposal  `json:"proposed,omitempty" doc:"Of what nobody has: to whom the rules would assign it now."`
}

// Mention is a note that names the caller.
type Mention struct {
	By   string `json:"by" doc:"The name of who wrote it."`
	Text string `json:"text"`
}

// Proposal is the member to whom the rules would assign a matter.
type Proposal struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Sector   string `json:"sector"`
	Open     int    `json:"open" doc:"Submissions in their hands."`
	Capacity int    `json:"capacity" doc:"How many they can hold."`
	Why      string `json:"why" doc:"What speaks for them, in Chinese."`
}

// Snoozed is a matter that the caller wants to see later on the day.
type Snoozed struct {
	Row

	Until time.Time `json:"until"`
}

// Snooze is the body for snoozing a matter.
type Snooze struct {
	Version int       `json:"version" minimum:"1" doc:"The version that the caller saw: a later one ends the snooze."`
	Until   time.Time `json:"until" doc:"Later today."`
}

// Sought is a filter of the station's list, as in its query.
type Sought struct {
	State string `json:"state,omitempty"`
	Flag  string `json:"flag,omitempty"`
	Due   string `json:"due,omitempty"`
	From  string `json:"from,omitempty"`
	Mine  string `json:"mine,omitempty"`
	Sort  string `json:"sort,omitempty"`
}

// DayTurn is one duty of the day.
type DayTurn struct {
	Member wire.Member `json:"member"`
	Target wire.Target `json:"target"`
	From   time.Time   `json:"from"`
	To     time.Time   `json:"to"`
}

// Now is the liaison's first page.
type Now struct {
	Today   Today     `json:"today"`
	Needs   []Need    `json:"needs" nullable:"false" doc:"The most pressing first; groups without anything are left out. A matter stands in one group, the most pressing that it fits."`
	Snoozed []Snoozed `json:"snoozed" nullable:"false" doc:"What the caller wants to see later today and has not changed since, the first to come back first."`
	Duty    []DayTurn `json:"duty" nullable:"false" doc:"Of the whole day, also what is over."`
	Arrived int       `json:"arrived" doc:"Filed today."`
	Usual   *float64  `json:"usual" doc:"How many are filed by this time on such a weekday, over up to eight weeks; null while there is nothing to compare with."`
}

// Looker is a member of the staff who has a matter open.
type Looker struct {
	Submission string `json:"submission"`
	ID         string `json:"id"`
	Name       string `json:"name"`
	Self       bool   `json:"self" doc:"The caller, at this or another computer."`
}

// News is what changed: the stream's event "changed".
type News struct {
	IDs       []string `json:"ids" nullable:"false" doc:"Submissions of which something shown is another now."`
	Documents []string `json:"documents,omitempty" doc:"Reception days and what belongs to them that changed: a kind, a slash and an id each."`
	Gap       bool     `json:"gap" doc:"More may have changed: load everything anew."`
	Place     string   `json:"place" doc:"Where the feed is now; for after."`
}

type (
	snoozeIn struct {
		ID   string `path:"id" maxLength:"64" doc:"The submission's id."`
		Body Snooze
	}
	unsnoozeIn struct {
		ID string `path:"id" maxLength:"64" doc:"The submission's id."`
	}
)

type liveIn struct {
	web.Streaming

	After  string   `query:"after" maxLength:"64" doc:"Where the caller's feed was; changes since then are told at once."`
	Matter []string `query:"matter" maxItems:"20" doc:"The submissions the caller has open, with commas: one stream serves all pages of a browser."`
	As     string   `query:"as" maxLength:"64" doc:"The id of the user whom the caller's pages show: where the browser's session is somebody else's by now it is refused, so that no page hears of what is not its own."`
}

func (rt *routes) addLive() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/now", "getAttention", "What needs the liaison at this moment.").
		By(web.Staff).Compressed().Fails(http.StatusForbidden), rt.nowList)
	web.Handle(rt.api, web.Op(http.MethodPut, "/me/snoozes/{id}", "snooze", "Take a submission off the caller's own page of what needs them until later today, or until it changes.").
		By(web.Staff).Writes().Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *snoozeIn) (*struct{}, error) {
		return nil, rt.desk.overview.Snooze(ctx, c, in.ID, in.Body.Version, in.Body.Until)
	})
	web.Handle(rt.api, web.Op(http.MethodDelete, "/me/snoozes/{id}", "unsnooze", "Put it back at once.").
		By(web.Staff).Writes().Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *unsnoozeIn) (*struct{}, error) {
		return nil, rt.desk.overview.Unsnooze(ctx, c, in.ID)
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/live", "streamChanges", "What changes, as it changes: server-sent events changed, looking, ended.").
		By(web.Staff).Background().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity).Binary("text/event-stream"), rt.live)
}

func (rt *routes) nowList(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Now], error) {
	n, err := rt.desk.overview.Now(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Now{Today: todayOf(&n.Today), Needs: make([]Need, len(n.Needs)), Snoozed: make([]Snoozed, len(n.Snoozed)), Duty: make([]DayTurn, len(n.Shifts)), Arrived: n.Arrived}
	if n.Usual >= 0 {
		out.Usual = &n.Usual
	}
	for i, x := range n.Needs {
		need := Need{Key: x.Key, Total: x.Total, Items: make([]NeedRow, len(x.Items)), Query: Sought{
			Due: x.Filter.Due, From: x.Filter.From, Mine: x.Filter.Mine, Sort: string(x.Filter.Sort),
		}}
		need.Query.State = strings.Join(x.Filter.States, ",")
		if len(x.Filter.Flags) > 0 {
			need.Query.Flag = string(x.Filter.Flags[0])
		}
		for k := range x.Items {
			need.Items[k] = needRowOf(&x.Items[k])
		}
		out.Needs[i] = need
	}
	for i := range n.Snoozed {
		out.Snoozed[i] = Snoozed{rowOf(&n.Snoozed[i].Matter), n.Snoozed[i].Until.In(station.Zone)}
	}
	for i, t := range n.Shifts {
		out.Duty[i] = DayTurn{
			Member: wire.MemberOf(t.Member), Target: wire.Target{Kind: string(t.Target.Kind), ID: t.Target.ID, Name: t.Name},
			From: t.From.In(station.Zone), To: t.To.In(station.Zone),
		}
	}
	return &wire.Output[Now]{Body: out}, nil
}

func needRowOf(m *overview.NeedItem) NeedRow {
	row := NeedRow{Row: rowOf(&m.Matter), Note: m.Note, Calls: m.Calls}
	if m.Mention != nil {
		row.Mention = &Mention{By: m.Mention.Name, Text: m.Mention.Text}
	}
	if m.Reminder != nil {
		row.Reminder = m.Reminder.Text
	}
	if row.Nudges = m.Nudges; m.Nudges > 0 {
		at := m.LastNudge.Time().In(station.Zone)
		row.NudgedAt = &at
	}
	if p := m.Proposed; p != nil {
		row.Proposed = &Proposal{ID: p.ID, Name: p.Name, Sector: p.Sector, Open: p.Open, Capacity: p.Capacity}
		var why []string
		for _, r := range p.For {
			why = append(why, r.Text)
		}
		row.Proposed.Why = strings.Join(why, "；")
	}
	return row
}

// The number of beats between two updates of the viewers, and between two checks of the session.
const (
	lookBeats    = 10
	sessionBeats = 30
)

// liveState is what one stream has sent.
type liveState struct {
	f       *routes
	token   string
	caller  access.Caller
	matters []string
	place   string
	looking []Looker
	told    bool
	beat    int
}

// live sends changes at every beat. It ends when the session or the caller's role changes.
func (rt *routes) live(ctx context.Context, c access.Caller, in *liveIn) (*web.Picture, error) {
	u, err := rt.desk.privacy.Me(c)
	if err != nil {
		return nil, err
	}
	if in.As != "" && in.As != u.ID {
		return nil, fault.New(fault.Unauthenticated, "这个浏览器里已换了人登录")
	}
	l := &liveState{f: rt, token: web.VisitOf(ctx).Token, caller: c, matters: in.Matter, place: in.After}
	if err := l.look(ctx); err != nil {
		return nil, err
	}
	end, err := rt.api.Limits.Streams.Take(c.Person)
	if err != nil {
		return nil, err
	}
	return rt.api.Stream(in.Once, end, func(e *web.Events) {
		e.Each(func() bool { return l.tell(ctx, e) })
		for _, id := range in.Matter {
			// A closed page does not wait for this. Another page of the caller registers again within ten
			// beats.
			if err := rt.desk.overview.StopViewing(context.WithoutCancel(ctx), c, id); err != nil {
				web.VisitOf(ctx).Cause = err
			}
		}
	}), nil
}

// look registers what the caller has open.
func (l *liveState) look(ctx context.Context) error {
	for _, id := range l.matters {
		if err := l.f.desk.overview.StartViewing(ctx, l.caller, id); err != nil {
			return err
		}
	}
	return nil
}

func (l *liveState) tell(ctx context.Context, e *web.Events) (done bool) {
	defer func() { l.beat++ }()
	if l.beat > 0 && l.beat%sessionBeats == 0 {
		if c, err := l.f.desk.identity.Caller(ctx, l.token); fault.Is(err, fault.Unauthenticated) || err == nil && c != l.caller {
			_ = e.Send("ended", struct{}{}) // fails only if the reader has gone
			return true
		}
	}
	if l.beat > 0 && l.beat%lookBeats == 0 && l.look(ctx) != nil {
		return true // the browser connects again
	}
	return l.changes(ctx, e) != nil || l.lookers(ctx, e) != nil
}

func (l *liveState) changes(ctx context.Context, e *web.Events) error {
	ch, err := l.f.desk.overview.Changes(ctx, l.caller, l.place)
	if err != nil {
		return err
	}
	if l.told && len(ch.IDs) == 0 && len(ch.Documents) == 0 && !ch.Gap {
		return nil
	}
	l.told, l.place = true, ch.Next
	return e.Send("changed", newsOf(ch))
}

func newsOf(ch record.FeedPage) News {
	n := News{IDs: ch.IDs, Documents: ch.Documents, Gap: ch.Gap, Place: ch.Next}
	if n.IDs == nil {
		n.IDs = []string{}
	}
	return n
}

func (l *liveState) lookers(ctx context.Context, e *web.Events) error {
	list, err := l.f.desk.overview.Viewers(ctx, l.caller)
	if err != nil {
		return err
	}
	looking := make([]Looker, len(list))
	for i, x := range list {
		looking[i] = lookerOf(x)
	}
	if l.looking != nil && slices.Equal(l.looking, looking) {
		return nil
	}
	l.looking = looking
	return e.Send("looking", wire.Page[Looker]{Items: looking})
}

func lookerOf(x overview.Viewer) Looker { return Looker{x.Submission, x.ID, x.Name, x.Self} }
