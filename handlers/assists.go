package handlers

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/matters"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
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

// Assist is one body asked to take part. The visitor reads who and how far.
type Assist struct {
	ID        int                  `json:"id"`
	Role      access.Role          `json:"role" enum:"department,member"`
	Name      string               `json:"name"`
	State     casework.AssistState `json:"state" enum:"asked,answered,declined,recalled,ended"`
	StateName string               `json:"state_name"`
	Mine      bool                 `json:"mine,omitempty" doc:"It is the caller's to answer."`
	Late      bool                 `json:"late,omitempty" doc:"The answer is missing past its time."`
	Task      string               `json:"task,omitempty" doc:"What is asked of them."`
	By        *Actor               `json:"by,omitempty" doc:"Who asked."`
	At        *time.Time           `json:"at,omitempty"`
	DueAt     *time.Time           `json:"due_at,omitempty"`
	EndAt     *time.Time           `json:"end_at,omitempty" doc:"When they answered or declined, were recalled or waited for no longer."`
	Reason    string               `json:"reason,omitempty" doc:"Why they declined or were recalled."`
	Contact   bool                 `json:"contact,omitempty" doc:"They may see the visitor's phone number while they assist."`
	Answers   []Part               `json:"answers,omitempty" nullable:"false" doc:"Not in lists. What they contributed, oldest first."`
}

// Part is what one body says in a joint answer, or contributed to one.
type Part struct {
	Assist int        `json:"assist"`
	Name   string     `json:"name"`
	At     *time.Time `json:"at,omitempty"`
	Text   string     `json:"text,omitempty"`
	Photos []string   `json:"photos,omitempty" nullable:"false"`
}

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
	Paging

	State string `query:"state" enum:"open,done" doc:"open (default): to be answered; done: answered, or ended before."`
}

func (f *Face) addAssistActs() {
	addAct(f, access.Assist, "Ask a department or another member to take part; who has it stays responsible.", func(b AssistRequest) matters.ActRequest {
		return matters.ActRequest{Version: &b.Version, Text: b.Text, Assist: matters.AssistRequest{
			Department: b.Department, Member: b.Member, Days: b.Days, Contact: b.Contact,
		}}
	})
	addAct(f, access.Contribute, "An assistant's answer, for the one who has it.", func(b Contribution) matters.ActRequest {
		return matters.ActRequest{Version: b.Version, Text: b.Text, Photos: b.Photos}
	})
	addAct(f, access.Decline, "An assistant cannot take part; once, within the time given.", func(b Refusal) matters.ActRequest {
		return matters.ActRequest{Version: b.Version, Reason: b.Reason}
	})
	addAct(f, access.Recall, "An assistant need not take part any more, and sees it no more.", func(b Recall) matters.ActRequest {
		return matters.ActRequest{Version: &b.Version, AssistID: b.Assist, Reason: b.Reason}
	})
	handle(f, op(http.MethodGet, "/assists", "assists", "What the member or department assists in, first due first.").
		by(may(access.Contribute)).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.assists)
	handle(f, op(http.MethodGet, "/station/assists", "stationAssists", "Submissions in which an assistant is still to answer, first due first.").
		by(staff).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.stationAssists)
	handle(f, op(http.MethodGet, "/departments", "departments", "The departments that can be asked to assist.").
		by(roster.Colleagues).fails(http.StatusForbidden), f.departments)
}

func (f *Face) assists(ctx context.Context, c access.Caller, in *assistsIn) (*listed[Submission], error) {
	return briefs(f.desk.Matters.AssistList(ctx, c, in.State == "done", in.Cursor, in.Limit))
}

func (f *Face) stationAssists(ctx context.Context, c access.Caller, in *Paging) (*listed[Submission], error) {
	return briefs(f.desk.Matters.StationAssists(ctx, c, in.Cursor, in.Limit))
}

func (f *Face) departments(ctx context.Context, c access.Caller, _ *nothing) (*answer[Departments], error) {
	list, err := f.desk.Matters.Departments(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Departments{Items: make([]Department, len(list))}
	for i, d := range list {
		out.Items[i] = Department{ID: d.ID, Name: d.Name}
	}
	return &answer[Departments]{out}, nil
}

func assistsOf(list []matters.Assisting) []Assist {
	out := make([]Assist, len(list))
	for i, a := range list {
		out[i] = Assist{
			ID: a.ID, Role: a.Role, Name: a.Name, State: a.State, StateName: a.State.Chinese(), Mine: a.Mine, Late: a.Late,
			Task: a.Task, At: momentOf(a.At), DueAt: momentOf(a.DueAt), EndAt: momentOf(a.EndAt),
			Reason: a.Reason, Contact: a.Contact,
		}
		if a.By.Role != "" {
			out[i].By = &Actor{Role: a.By.Role, Name: a.By.Name}
		}
	}
	return out
}

// answersOf are what an assist's body contributed.
func answersOf(a matters.Assisting) []Part {
	var list []Part
	for _, e := range a.Answers {
		list = append(list, Part{Assist: a.ID, Name: a.Name, At: momentOf(e.At), Text: e.Text, Photos: e.Photos})
	}
	return list
}

func shares(list []casework.Part) []Part {
	var out []Part
	for _, p := range list {
		out = append(out, Part{Assist: p.Assist, Name: p.Name, Text: p.Text, Photos: p.Photos})
	}
	return out
}

// jointly says who took part in an answer, and what those said whom the lead
// quotes.
func jointly(parts []casework.Part) string {
	if len(parts) == 0 {
		return ""
	}
	var names, said string
	for i, p := range parts {
		if i > 0 {
			names += "、"
		}
		names += p.Name
		if p.Text != "" || len(p.Photos) > 0 {
			said += "\n" + p.Name + "：" + p.Text + pictures(p.Photos)
		}
	}
	return "（会同" + names + "）" + said
}
