package handlers

import (
	"context"
	"net/http"

	"mashang/desk/roster"
	"mashang/domain/access"
)

// Absence reports that a member is away.
type Absence struct {
	From       string `json:"from" format:"date" doc:"The first day, local."`
	To         string `json:"to" format:"date" doc:"The last day, included."`
	Substitute string `json:"substitute,omitempty" doc:"Id of the member who stands in."`
	Reason     string `json:"reason,omitempty" doc:"For the liaison; at most 500 characters, and gone with the absence."`
}

// AwayTime is one absence.
type AwayTime struct {
	ID         string    `json:"id,omitempty" doc:"Of one that was reported; those of the roster's spreadsheet have none and are changed there."`
	From       string    `json:"from" format:"date"`
	To         string    `json:"to" format:"date"`
	Substitute *Receiver `json:"substitute" doc:"Who stands in; null for nobody."`
	Reason     string    `json:"reason,omitempty"`
	Now        bool      `json:"now" doc:"It lasts today."`
}

// AwayTimes lists absences.
type AwayTimes struct {
	Items []AwayTime `json:"items" nullable:"false" doc:"Those that are not over, first first."`
}

type (
	awayIn       struct{ Body Absence }
	memberAwayIn struct {
		ID   string `path:"id" doc:"The member's id."`
		Body Absence
	}
	awayOf struct {
		ID string `path:"id" doc:"The member's id."`
	}
	backIn struct {
		Absence string `path:"absence" doc:"The absence's id."`
	}
	memberBackIn struct {
		ID      string `path:"id" doc:"The member's id."`
		Absence string `path:"absence" doc:"The absence's id."`
	}
)

func (f *Face) addAbsences() {
	handle(f, op(http.MethodGet, "/me/absences", "myAbsences", "When the member is away.").
		by(memberOnly).fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *nothing) (*answer[AwayTimes], error) {
		return f.absences(ctx, c, "")
	})
	handle(f, op(http.MethodPost, "/me/absences", "goAway", "I am away: nothing new comes, and the substitute takes over what is open.").
		by(memberOnly).writes().creates().fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *awayIn) (*answer[AwayTime], error) {
		return f.goAway(ctx, c, "", in.Body)
	})
	handle(f, op(http.MethodDelete, "/me/absences/{absence}", "comeBack", "Take it back: I am there.").
		by(memberOnly).writes().fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *backIn) (*nothing, error) {
		return nil, f.desk.Roster.ComeBack(ctx, c, "", in.Absence)
	})
	handle(f, op(http.MethodGet, "/members/{id}/absences", "absences", "When a member is away.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *awayOf) (*answer[AwayTimes], error) {
		return f.absences(ctx, c, in.ID)
	})
	handle(f, op(http.MethodPost, "/members/{id}/absences", "sendAway", "Report an absence for a member.").
		by(staffOrAdmin).writes().creates().fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *memberAwayIn) (*answer[AwayTime], error) {
		return f.goAway(ctx, c, in.ID, in.Body)
	})
	handle(f, op(http.MethodDelete, "/members/{id}/absences/{absence}", "bringBack", "Take a member's absence back.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *memberBackIn) (*nothing, error) {
		return nil, f.desk.Roster.ComeBack(ctx, c, in.ID, in.Absence)
	})
}

func (f *Face) absences(ctx context.Context, c access.Caller, member string) (*answer[AwayTimes], error) {
	list, err := f.desk.Roster.Absences(ctx, c, member)
	if err != nil {
		return nil, err
	}
	out := AwayTimes{Items: make([]AwayTime, len(list))}
	for i, a := range list {
		out.Items[i] = awayTimeOf(a)
	}
	return &answer[AwayTimes]{out}, nil
}

func (f *Face) goAway(ctx context.Context, c access.Caller, member string, b Absence) (*answer[AwayTime], error) {
	a, err := f.desk.Roster.GoAway(ctx, c, member, roster.AbsenceRequest(b))
	if err != nil {
		return nil, err
	}
	return &answer[AwayTime]{awayTimeOf(a)}, nil
}

func awayTimeOf(a roster.AwayTime) AwayTime {
	out := AwayTime{ID: a.ID, From: a.From, To: a.To, Reason: a.Reason, Now: a.Now}
	if a.Substitute != "" {
		out.Substitute = &Receiver{ID: a.Substitute, Name: a.SubstituteName}
	}
	return out
}
