package handlers

import (
	"context"
	"net/http"

	"mashang/access"
	"mashang/casework"
	"mashang/desk"
	"mashang/finding"
)

// Row is one row of the station's list.
type Row struct {
	Submission

	Flags []string `json:"flags" nullable:"false" doc:"What the liaison should look at, what cannot wait first: alarm (a danger nobody has seen to), danger, uncontacted (nobody was in touch in time), assist_late, untold, photos (wait for the liaison), returned, reopened, low_rating, about_member."`
}

// Rows are a page of the station's list.
type Rows struct {
	Items      []Row          `json:"items" nullable:"false"`
	NextCursor string         `json:"next_cursor" doc:"Empty at the end. It belongs to its filter and order."`
	Total      int            `json:"total" doc:"How many match in all."`
	States     map[string]int `json:"states" doc:"How many would match in each state, if no state were asked for."`
}

type stationListIn struct {
	Paging

	State    []string `query:"state" maxItems:"10" enum:"open,over,held,pooled,assigned,accepted,waiting,answered,closed,withdrawn" doc:"Some of them, with commas; open and over stand for all in which something or nothing is to be done."`
	Member   string   `query:"member" maxLength:"64" doc:"The id of the member who has it; - for nobody."`
	Sector   string   `query:"sector" maxLength:"64" doc:"The sector of the member who has it."`
	Room     string   `query:"room" maxLength:"64" doc:"The id of the room whose code was scanned."`
	At       string   `query:"place" maxLength:"64" doc:"The id of the place whose code was scanned; with a room, either."`
	Kind     []string `query:"kind" maxItems:"5" enum:"complaint,suggestion,inquiry,help,dispute" doc:"Some of them, with commas."`
	Category []string `query:"category" maxItems:"20" doc:"Keys of categories, with commas; - for none."`
	Visitor  []string `query:"visitor" maxItems:"3" enum:"resident,tourist,business" doc:"Some of them, with commas."`
	Due      string   `query:"due" enum:"overdue,today,soon" doc:"Of those whose clock runs: past their time, due later today, due within three days (today is the first)."`
	From     string   `query:"from" maxLength:"10" doc:"Filed on this day or later, YYYY-MM-DD."`
	To       string   `query:"to" maxLength:"10" doc:"Filed on this day or before."`
	Flag     []string `query:"flag" maxItems:"10" enum:"alarm,danger,uncontacted,assist_late,untold,photos,returned,reopened,low_rating,about_member" doc:"Any of these, with commas."`
	Query    string   `query:"q" maxLength:"100" doc:"Looked for in number and text: all of its words, whatever the letters' case or width."`
	Sort     string   `query:"sort" enum:"newest,due,oldest" default:"newest" doc:"due: the first due first, then those whose clock stands still, then what is over. oldest: the first filed first, what is over last."`
}

func (f *Face) addMatters() {
	handle(f, op(http.MethodGet, "/station/submissions", "stationSubmissions", "The station's submissions, newest first unless asked otherwise.").
		by(staff).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.stationList)
}

func (f *Face) stationList(ctx context.Context, c access.Caller, in *stationListIn) (*answer[Rows], error) {
	m, err := f.desk.Matters(ctx, c, desk.Sought{
		States: in.State, Member: in.Member, Sector: in.Sector, Room: in.Room, Place: in.At,
		Kinds: as[casework.Kind](in.Kind), Visitors: as[casework.Visitor](in.Visitor), Categories: in.Category,
		Due: in.Due, From: in.From, To: in.To, Flags: as[finding.Flag](in.Flag), Query: in.Query, Sort: finding.Sort(in.Sort),
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
	return &answer[Rows]{out}, nil
}

func rowOf(m *desk.Matter) Row { return Row{Submission: briefOf(&m.View), Flags: as[string](m.Flags)} }

// as turns names into those of another kind; never nil.
func as[To, From ~string](list []From) []To {
	out := make([]To, len(list))
	for i, v := range list {
		out[i] = To(v)
	}
	return out
}
