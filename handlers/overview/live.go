package overview

import (
	"context"
	"net/http"
	"slices"
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
	Key   string `json:"key" enum:"alarm,overdue,pooled,held,photos,untold,assist_late,returned,reopened,low_rating,promise_late"`
	Total int    `json:"total"`
	Items []Row  `json:"items" nullable:"false" doc:"The first few, in the order of query."`
	Query Sought `json:"query" doc:"What GET /station/submissions lists them all with."`
}

// Sought is a filter of the station's list, as in its query.
type Sought struct {
	State string `json:"state,omitempty"`
	Flag  string `json:"flag,omitempty"`
	Due   string `json:"due,omitempty"`
	From  string `json:"from,omitempty"`
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
	Needs   []Need    `json:"needs" nullable:"false" doc:"The most pressing first; groups without anything are left out."`
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
	IDs   []string `json:"ids" nullable:"false" doc:"Submissions of which something shown is another now."`
	Gap   bool     `json:"gap" doc:"More may have changed: load everything anew."`
	Place string   `json:"place" doc:"Where the feed is now; for after."`
}

type liveIn struct {
	web.Streaming

	After  string   `query:"after" maxLength:"64" doc:"Where the caller's feed was; changes since then are told at once."`
	Matter []string `query:"matter" maxItems:"20" doc:"The submissions the caller has open, with commas: one stream serves all pages of a browser."`
	As     string   `query:"as" maxLength:"64" doc:"The id of the user whom the caller's pages show: where the browser's session is somebody else's by now it is refused, so that no page hears of what is not its own."`
}

func (rt *routes) addLive() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/now", "getAttention", "What needs the liaison at this moment.").
		By(web.Staff).Compressed().Fails(http.StatusForbidden), rt.nowList)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/live", "streamChanges", "What changes, as it changes: server-sent events changed, looking, ended.").
		By(web.Staff).Background().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity).Binary("text/event-stream"), rt.live)
}

func (rt *routes) nowList(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Now], error) {
	n, err := rt.desk.overview.Now(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Now{Today: todayOf(&n.Today), Needs: make([]Need, len(n.Needs)), Duty: make([]DayTurn, len(n.Shifts)), Arrived: n.Arrived}
	if n.Usual >= 0 {
		out.Usual = &n.Usual
	}
	for i, x := range n.Needs {
		need := Need{Key: x.Key, Total: x.Total, Items: make([]Row, len(x.Items)), Query: Sought{
			Due: x.Filter.Due, From: x.Filter.From, Sort: string(x.Filter.Sort),
		}}
		if len(x.Filter.States) > 0 {
			need.Query.State = x.Filter.States[0]
		}
		if len(x.Filter.Flags) > 0 {
			need.Query.Flag = string(x.Filter.Flags[0])
		}
		for k := range x.Items {
			need.Items[k] = rowOf(&x.Items[k])
		}
		out.Needs[i] = need
	}
	for i, t := range n.Shifts {
		out.Duty[i] = DayTurn{
			Member: wire.MemberOf(t.Member), Target: wire.Target{Kind: string(t.Target.Kind), ID: t.Target.ID, Name: t.Name},
			From: t.From.In(station.Zone), To: t.To.In(station.Zone),
		}
	}
	return &wire.Output[Now]{Body: out}, nil
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
	if l.told && len(ch.IDs) == 0 && !ch.Gap {
		return nil
	}
	l.told, l.place = true, ch.Next
	return e.Send("changed", newsOf(ch))
}

func newsOf(ch record.FeedPage) News {
	n := News{IDs: ch.IDs, Gap: ch.Gap, Place: ch.Next}
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
