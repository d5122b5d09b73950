package overview

import (
	"context"
	"net/http"

	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/intake"
	"mashang/domain/listindex"
	"mashang/domain/record"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Row is one row of the station's list.
type Row struct {
	wire.Submission

	Flags []string `json:"flags" nullable:"false" doc:"What the liaison should look at, what cannot wait first: alarm (a danger nobody has seen to), danger, uncontacted (nobody was in touch in time), assist_late, untold, photos (wait for the liaison), returned, reopened, low_rating, follow_up (whoever rated it low is to be called), about_member, promise_late (not carried out by the day promised), fulfilled (carried out after the closing)."`
	Tags  []string `json:"tags" nullable:"false" doc:"What the station's liaisons filed it under."`
}

// Rows are a page of the station's list.
type Rows struct {
	Items      []Row          `json:"items" nullable:"false"`
	NextCursor string         `json:"next_cursor" doc:"Empty at the end. It belongs to its filter and order."`
	Total      int            `json:"total" doc:"How many match in all."`
	States     map[string]int `json:"states" doc:"How many would match in each state, if no state were asked for."`
}

type stationListIn struct {
	wire.Paging

	State    []string `query:"state" maxItems:"10" enum:"open,over,held,pooled,assigned,accepted,waiting,answered,closed,withdrawn" doc:"Some of them, with commas; open and over stand for all in which something or nothing is to be done."`
	Member   string   `query:"member" maxLength:"64" doc:"The id of the member who has it; - for nobody."`
	Sector   string   `query:"sector" maxLength:"64" doc:"The sector of the member who has it."`
	Room     string   `query:"room" maxLength:"64" doc:"The id of the room whose code was scanned."`
	At       string   `query:"place" maxLength:"64" doc:"The id of the place whose code was scanned; with a room, either."`
	Kind     []string `query:"kind" maxItems:"5" enum:"complaint,suggestion,inquiry,help,dispute" doc:"Some of them, with commas."`
	Category []string `query:"category" maxItems:"20" doc:"Keys of categories, with commas; - for none."`
	Visitor  []string `query:"visitor" maxItems:"3" enum:"resident,tourist,business" doc:"Some of them, with commas."`
	Channel  []string `query:"channel" maxItems:"4" enum:"scan,call,visit,reception" doc:"How it reached the station: some of them, with commas."`
	Due      string   `query:"due" enum:"overdue,today,soon" doc:"Of those whose clock runs: past their time, due later today, due within three days (today is the first)."`
	From     string   `query:"from" maxLength:"10" doc:"Filed on this day or later, YYYY-MM-DD."`
	To       string   `query:"to" maxLength:"10" doc:"Filed on this day or before."`
	Flag     []string `query:"flag" maxItems:"13" enum:"alarm,danger,uncontacted,assist_late,untold,photos,returned,reopened,low_rating,follow_up,about_member,promise_late,fulfilled" doc:"Any of these, with commas."`
	Tag      []string `query:"tag" maxItems:"10" doc:"Any of these tags, with commas."`
	Mine     string   `query:"mine" enum:"mentioned,reminded" doc:"mentioned: a note names the caller, who has not ticked it off. reminded: the caller is to be reminded of it by now."`
	Outcome  []string `query:"outcome" maxItems:"7" enum:"solved,agreed,explained,referred,impossible,merged,invalid" doc:"Of closed ones, some of them, with commas; agreed is what is not carried out yet."`
	Query    string   `query:"q" maxLength:"100" doc:"Looked for in the number, the text, the place, whom it is against, the name of the person it was filed for, and that of the member who has it: all of its words, whatever the letters' case or width."`
	Sort     string   `query:"sort" enum:"newest,due,promised,oldest" default:"newest" doc:"due: the first due first, then those whose clock stands still, then what is over. promised: what is owed by its day. oldest: the first filed first, what is over last."`
}

// Assigning is the body for assigning several submissions to a member.
type Assigning struct {
	Items  []SeenOne `json:"items" nullable:"false" minItems:"1" maxItems:"100"`
	To     string    `json:"to" maxLength:"64" doc:"A member's id."`
	Reason string    `json:"reason" doc:"Why: for members and staff, the visitor does not read it; at most 500 characters."`
	Note   string    `json:"note,omitempty" doc:"What the visitors are told of it; at most 500 characters."`
}

// SeenOne is a submission in the version that the caller saw.
type SeenOne struct {
	ID      string `json:"id" maxLength:"64"`
	Version int    `json:"version" minimum:"1"`
}

// GivenOne is the result for one of them.
type GivenOne struct {
	ID         string           `json:"id" doc:"As in the request."`
	Code       string           `json:"code" doc:"Empty when it was given, else the code of the problem that the act alone would answer."`
	Detail     string           `json:"detail" doc:"The problem's Chinese sentence."`
	Submission *wire.Submission `json:"submission" doc:"As it is now, when it was given. Another id than asked for is that of the one that leads it, which was given."`
	Before     *wire.Assignee   `json:"before" doc:"Who had it, null for nobody: to give it back."`
}

// GivenAll are the results, in the order of the request.
type GivenAll struct {
	Items []GivenOne `json:"items" nullable:"false"`
}

// SavedViews are all saved views of a person.
type SavedViews struct {
	Items []wire.SavedView `json:"items" nullable:"false" maxItems:"20"`
}

// Named is a value for a filter of the list.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// MemberChoice is a member, also a former one.
type MemberChoice struct {
	Named

	Sector string `json:"sector"`
	Gone   bool   `json:"gone" doc:"Left the station; what they had stays theirs."`
}

// Choices are the values for the filters of the list.
type Choices struct {
	Members    []MemberChoice `json:"members" nullable:"false"`
	Sectors    []string       `json:"sectors" nullable:"false"`
	Rooms      []Named        `json:"rooms" nullable:"false"`
	Places     []Named        `json:"places" nullable:"false"`
	Categories []Named        `json:"categories" nullable:"false"`
}

type (
	assigningIn  struct{ Body Assigning }
	savedViewsIn struct{ Body SavedViews }
)

func (rt *routes) addMatters() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/submissions/assign", "assignMany", "Give several to a member, each for itself.").
		By(web.May(access.Assign)).Writes().Fails(http.StatusForbidden), rt.assignMany)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/choices", "listFilterOptions", "What the station's list can be narrowed to: who and what the roster has.").
		By(web.Staff).Compressed().Fails(http.StatusForbidden), rt.choices)
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/views", "savedViews", "The filters of the station's list that the caller keeps.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[SavedViews], error) {
		list, err := rt.desk.overview.SavedViews(ctx, c)
		return &wire.Output[SavedViews]{Body: SavedViews{wire.SavedViewsOf(list)}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodPut, "/me/views", "setSavedViews", "Replace them all.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *savedViewsIn) (*wire.Output[SavedViews], error) {
		list := make([]record.SavedView, len(in.Body.Items))
		for i, v := range in.Body.Items {
			list[i] = record.SavedView(v)
		}
		list, err := rt.desk.overview.SetSavedViews(ctx, c, list)
		return &wire.Output[SavedViews]{Body: SavedViews{wire.SavedViewsOf(list)}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/submissions", "stationSubmissions", "The station's submissions, newest first unless asked otherwise.").
		By(web.Staff).Compressed().Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.stationList)
}

func (rt *routes) stationList(ctx context.Context, c access.Caller, in *stationListIn) (*wire.Output[Rows], error) {
	m, err := rt.desk.overview.Matters(ctx, c, overview.MatterFilter{
		States: in.State, Member: in.Member, Sector: in.Sector, Room: in.Room, Place: in.At,
		Kinds: convertNames[casework.Kind](in.Kind), Visitors: convertNames[casework.Visitor](in.Visitor), Channels: convertNames[intake.Channel](in.Channel), Categories: in.Category,
		Due: in.Due, From: in.From, To: in.To, Flags: convertNames[listindex.Flag](in.Flag), Outcomes: convertNames[casework.Outcome](in.Outcome), Query: in.Query, Sort: listindex.Sort(in.Sort),
		Tags: in.Tag, Mine: in.Mine,
	}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Rows{Items: make([]Row, len(m.Items)), NextCursor: m.Next, Total: m.Total, States: make(map[string]int, len(m.States))}
	for i := range m.Items {
		out.Items[i] = rowOf(&m.Items[i])
	}
	for s, n := range m.States {
		out.States[string(s)] = n
	}
	return &wire.Output[Rows]{Body: out}, nil
}

func rowOf(m *overview.Matter) Row {
	return Row{Submission: wire.BriefOf(&m.View), Flags: convertNames[string](m.Flags), Tags: append([]string{}, m.Tags...)}
}

func (rt *routes) assignMany(ctx context.Context, c access.Caller, in *assigningIn) (*wire.Output[GivenAll], error) {
	seen := make([]matters.SeenVersion, len(in.Body.Items))
	for i, s := range in.Body.Items {
		seen[i] = matters.SeenVersion(s)
	}
	list, err := rt.desk.matters.AssignMany(ctx, c, seen, in.Body.To, in.Body.Reason, in.Body.Note)
	if err != nil {
		return nil, err
	}
	out := GivenAll{Items: make([]GivenOne, len(list))}
	for i, g := range list {
		one := GivenOne{ID: g.ID}
		if g.Err != nil {
			v := web.VisitOf(ctx)
			p := web.ProblemOf(web.Missing(g.Err), v.Trace)
			if p.Code == fault.Internal {
				v.Cause = g.Err // for the log: the person is told the trace
			}
			one.Code, one.Detail = string(p.Code), p.Detail
		} else {
			s := wire.BriefOf(&g.View)
			one.Submission = &s
		}
		if m := g.Before; m != nil {
			one.Before = &wire.Assignee{ID: m.ID, Name: m.Name, Sector: m.Sector}
		}
		out.Items[i] = one
	}
	return &wire.Output[GivenAll]{Body: out}, nil
}

func (rt *routes) choices(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Choices], error) {
	list, err := rt.desk.overview.Choices(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Choices{
		Members: make([]MemberChoice, len(list.Members)), Sectors: wire.Filled(list.Sectors),
		Rooms: namedOf(list.Rooms), Places: namedOf(list.Places), Categories: namedOf(list.Categories),
	}
	for i, m := range list.Members {
		out.Members[i] = MemberChoice{Named: Named{m.ID, m.Name}, Sector: m.Sector, Gone: list.Former[m.ID]}
	}
	return &wire.Output[Choices]{Body: out}, nil
}

func namedOf(list []overview.Choice) []Named {
	out := make([]Named, len(list))
	for i, v := range list {
		out[i] = Named(v)
	}
	return out
}

// convertNames converts names to another string type; it never returns nil.
func convertNames[To, From ~string](list []From) []To {
	out := make([]To, len(list))
	for i, v := range list {
		out[i] = To(v)
	}
	return out
}
