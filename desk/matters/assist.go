package matters

import (
	"context"

	"mashang/desk/kit"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/handover"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// defaultAssistDays is an assist's time in days when none is named: that of a request for help.
const defaultAssistDays = 3

// AssistView is one assist as its reader may see it.
type AssistView struct {
	casework.Assist

	// Late is set when the answer is overdue; Mine is set for the assistant who is to answer.
	Late, Mine bool
	// Answers are the assistant's contributions.
	Answers []casework.Entry
}

// assistTask completes the act with the assistant's name, and with the default days if none are named. It
// refuses an assistant whom the submission concerns.
func (svc *Service) assistTask(ctx context.Context, st *station.Station, s casework.Submission, a casework.AskAssist) (casework.Act, error) {
	if a.Days == 0 {
		a.Days = defaultAssistDays
	}
	name, invite := "department", record.Invite{Station: st.ID, Role: string(access.Department), Ref: a.Department}
	switch {
	case (a.Department == "") == (a.Member == ""):
		return nil, kit.Field(name, "请选择一个部门或一位委员协办")
	case a.Department != "":
		dep, ok := st.Department(a.Department)
		if !ok {
			return nil, kit.Field(name, "本站没有这个部门，请重新选择")
		}
		a.Name = dep.Name
	default:
		name, invite.Role, invite.Ref = "member", string(access.Member), a.Member
		m, ok := st.Member(a.Member)
		switch {
		case !ok || m.Left:
			return nil, kit.Field(name, "本站没有这位委员，请重新选择")
		case m.Away(svc.kit.Now()):
			return nil, kit.Field(name, m.Name+"委员外出，请选择其他委员"+roster.SubstituteName(st, m.ID, svc.kit.Now()))
		case routing.Concerns(st, s, m.ID):
			return nil, kit.Field(name, m.Name+"委员与此事有关，应当回避，请选择其他委员")
		}
		a.Name = m.Name + "委员"
	}
	person, err := svc.store.Bound(ctx, invite)
	if err != nil {
		return nil, err
	}
	if handover.IsParty(s, person) {
		return nil, kit.Field(name, a.Name+"与此事有关，应当回避，请另行选择")
	}
	return a, nil
}

// assists returns the submission's assists as the caller may see them. The visitor sees who takes part; an
// assistant also sees the others' answers; its member and the liaison see everything.
func (svc *Service) assists(x kit.Scoped) []AssistView {
	now, as, c := casework.At(svc.kit.Now()), x.Role(), x.Caller()
	var list []AssistView
	for _, a := range x.Submission().Assists {
		if as == access.Visitor {
			if a.State == casework.Asked || a.State == casework.Contributed {
				list = append(list, AssistView{Assist: casework.Assist{ID: a.ID, Role: a.Role, Who: a.Who, Name: a.Name, State: a.State}})
			}
			continue
		}
		v := AssistView{Assist: a, Late: x.Submission().State.Open() && a.Late(now), Answers: x.Submission().Answers(a.ID)}
		v.Mine = as == c.Role && a.Role == c.Role && a.Who == c.ID
		if v.Mine || !x.Relation().Assistant() {
			list = append(list, v)
			continue
		}
		if a.State != casework.Asked && a.State != casework.Contributed {
			continue
		}
		v.Reason, v.Contact = "", false
		list = append(list, v)
	}
	return list
}

// forAssistant returns an entry as an assistant may read it: what the visitor reads, without the rating, and
// the entries of joint handling.
func forAssistant(x kit.Scoped, e casework.Entry) (casework.Entry, bool) {
	switch e.What {
	case access.Rate:
		return casework.Entry{}, false
	case access.Assist, access.Contribute:
		return e, true
	case access.Decline, access.Recall:
		a, ok := x.Submission().AssistNumber(e.Assist)
		return e, ok && a.Role == x.Caller().Role && a.Who == x.Caller().ID
	default:
		return e.ForVisitor()
	}
}

// AssistList lists the submissions that the caller is to answer as an assistant, first due first. With done, it
// lists those that they answered or no longer need to.
func (svc *Service) AssistList(ctx context.Context, c access.Caller, done bool, cursor string, limit int) (kit.PageOf[View], error) {
	if err := access.Can(c, access.Contribute); err != nil {
		return kit.PageOf[View]{}, err
	}
	ix := record.Index{Name: record.AssistPending, Arg: record.AssistantKey(c.Role, c.ID)}
	if done {
		ix.Name = record.AssistDone
	}
	return svc.list(ctx, c, c.Station, ix, nil, cursor, limit)
}

// StationAssists lists the station's submissions with an unanswered assist, first due first.
func (svc *Service) StationAssists(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[View], error) {
	if err := access.RequireStaff(c, false); err != nil {
		return kit.PageOf[View]{}, err
	}
	return svc.list(ctx, c, c.Station, record.Index{Name: record.Assists}, nil, cursor, limit)
}

// Departments lists the departments that the caller's station can ask to assist, in the roster's order, for its
// members, liaison and administrator.
func (svc *Service) Departments(ctx context.Context, c access.Caller) ([]station.Department, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	if roster.RequireColleague(c) != nil {
		return nil, fault.New(fault.Denied, "部门名单只对本站委员和联络员开放")
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	return st.Departments, nil
}
