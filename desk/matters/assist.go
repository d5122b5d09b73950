package matters

import (
	"context"

	"mashang/desk/kit"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// defaultAssistDays is what an assistant is given when nothing is said: as long
// as a request for help.
const defaultAssistDays = 3

// AssistView is one assist as its reader may see it.
type AssistView struct {
	casework.Assist

	// Late is set when the answer is missing past its time, and Mine for whoever
	// is to give it.
	Late, Mine bool
	// Answers are what they contributed.
	Answers []casework.Entry
}

// assistTask is the act with the name of who is asked, and with the days they usually
// have if none are named. Whom a matter concerns takes no part in it.
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
	if person != "" && person == s.Filer {
		return nil, kit.Field(name, a.Name+"与此事有关，应当回避，请另行选择")
	}
	return a, nil
}

// assists are the submission's as the caller may see them: the visitor learns
// who takes part, an assistant also what the others said, the lead and the
// liaison everything.
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

// forAssistant is an entry as whoever assists may read it: what the visitor reads
// too, but for the rating, and the joint handling itself.
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

// AssistList lists what the caller assists in: what they are to answer, first
// due first; with done, what they answered or were waited for no longer.
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

// StationAssists lists the station's submissions in which somebody is still to
// answer as an assistant, the first due first.
func (svc *Service) StationAssists(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[View], error) {
	if err := access.RequireStaff(c, false); err != nil {
		return kit.PageOf[View]{}, err
	}
	return svc.list(ctx, c, c.Station, record.Index{Name: record.Assists}, nil, cursor, limit)
}

// Departments lists those the caller's station can ask to assist, in the
// roster's order, for its members, liaison and administrator.
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
