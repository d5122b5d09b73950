package matters

import (
	"context"
	"net/http"

	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// The bodies of joint handling.
type (
	// AssistRequest is the body of assist.
	AssistRequest struct {
		Version    int    `json:"version" minimum:"1"`
		Department string `json:"department,omitempty" doc:"A department's id; this or member."`
		Member     string `json:"member,omitempty" doc:"A member's id."`
		Days       int    `json:"days,omitempty" minimum:"0" maximum:"20" doc:"Working days to answer; 3 when left out."`
		Text       string `json:"text" doc:"What is asked of them; at most 500 characters, not for the visitor."`
		Contact    bool   `json:"contact,omitempty" doc:"Lets them see the visitor's phone number while they assist; each look is written down."`
	}
	// Contribution is the body of contribute.
	Contribution struct {
		Version *int     `json:"version,omitempty" minimum:"1"`
		Text    string   `json:"text,omitempty" doc:"At most 2,000 characters; may be empty with photos."`
		Photos  []string `json:"photos,omitempty" nullable:"false" doc:"Up to 9 upload ids."`
	}
	// Refusal is the body of decline.
	Refusal struct {
		Version *int   `json:"version,omitempty" minimum:"1"`
		Reason  string `json:"reason" doc:"At most 500 characters, not for the visitor."`
	}
	// Recall is the body of recall.
	Recall struct {
		Version int    `json:"version" minimum:"1"`
		Assist  int    `json:"assist" minimum:"1" doc:"The assist's id."`
		Reason  string `json:"reason" doc:"At most 500 characters, not for the visitor."`
	}
)

// Department is a partner body that can be asked to assist.
type Department struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Departments lists them.
type Departments struct {
	Items []Department `json:"items" nullable:"false"`
}

type assistsIn struct {
	wire.Paging

	State string `query:"state" enum:"open,done" doc:"open (default): to be answered; done: answered, or ended before."`
}

func (rt *routes) addAssistActs() {
	addAct(rt, "Ask a department or another member to take part; who has it stays responsible.", func(b AssistRequest) (*int, casework.AskAssist) {
		return &b.Version, casework.AskAssist{Department: b.Department, Member: b.Member, Days: b.Days, Contact: b.Contact, Text: b.Text}
	})
	addAct(rt, "An assistant's answer, for the one who has it.", func(b Contribution) (*int, casework.Contribute) {
		return b.Version, casework.Contribute{Text: b.Text, Photos: b.Photos}
	})
	addAct(rt, "An assistant cannot take part; once, within the time given.", func(b Refusal) (*int, casework.Decline) {
		return b.Version, casework.Decline{Reason: b.Reason}
	})
	addAct(rt, "An assistant need not take part any more, and sees it no more.", func(b Recall) (*int, casework.Recall) {
		return &b.Version, casework.Recall{Assist: b.Assist, Reason: b.Reason}
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/assists", "listMyAssists", "What the member or department assists in, first due first.").
		By(web.May(access.Contribute)).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.assists)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/assists", "listStationAssists", "Submissions in which an assistant is still to answer, first due first.").
		By(web.Staff).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.stationAssists)
	web.Handle(rt.api, web.Op(http.MethodGet, "/departments", "departments", "The departments that can be asked to assist.").
		By(roster.RequireColleague).Fails(http.StatusForbidden), rt.departments)
}

func (rt *routes) assists(ctx context.Context, c access.Caller, in *assistsIn) (*wire.ListOutput[wire.Submission], error) {
	return wire.Briefs(rt.desk.matters.AssistList(ctx, c, in.State == "done", in.Cursor, in.Limit))
}

func (rt *routes) stationAssists(ctx context.Context, c access.Caller, in *wire.Paging) (*wire.ListOutput[wire.Submission], error) {
	return wire.Briefs(rt.desk.matters.StationAssists(ctx, c, in.Cursor, in.Limit))
}

func (rt *routes) departments(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Departments], error) {
	list, err := rt.desk.matters.Departments(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Departments{Items: make([]Department, len(list))}
	for i, d := range list {
		out.Items[i] = Department{ID: d.ID, Name: d.Name}
	}
	return &wire.Output[Departments]{Body: out}, nil
}
