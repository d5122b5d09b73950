package notice

import (
	"slices"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
)

// Until returns when the entry may be sent: now, or the end of the quiet hours. Notices between people who
// handle a matter together wait until the morning, whichever template they use.
func (e Entry) Until(q Quiet, now time.Time) time.Time {
	if e.Assist != 0 {
		return q.Until(MemberUrge, now)
	}
	return q.Until(e.Purpose, now)
}

// afterAssist returns the notices of an act of joint handling: the assistant is told of a request and a recall,
// the lead of an answer and a refusal. Nobody is told of their own acts.
func afterAssist(s casework.Submission, last casework.Entry) []Entry {
	a, ok := s.AssistNumber(last.Assist)
	if !ok {
		return nil
	}
	switch last.What {
	case access.Assist:
		return []Entry{ToAssistant(s, a, "", last.At)}
	case access.Recall:
		return []Entry{ToAssistant(s, a, AboutRecall, last.At)}
	default:
		if s.Assignee == "" {
			return nil
		}
		about := AboutAnswer
		if last.What == access.Decline {
			about = AboutDecline
		}
		return []Entry{{
			Submission: s.ID, Purpose: MemberMessage, Member: s.Assignee, About: about, Assist: a.ID,
			Version: s.Version, At: int64(last.At),
		}}
	}
}

// ToAssistant tells an assistant that they are asked (about ""), late, nudged or recalled. Members are told with their
// own templates, departments with theirs.
func ToAssistant(s casework.Submission, a casework.Assist, about string, at casework.Millis) Entry {
	e := Entry{Submission: s.ID, About: about, Assist: a.ID, Version: s.Version, At: int64(at)}
	if a.Role == access.Department {
		e.Department, e.Purpose = a.Who, DepartmentAssist
		return e
	}
	e.Member = a.Who
	e.Purpose = map[string]Purpose{"": MemberNew, AboutLate: MemberUrge, AboutNudge: MemberUrge, AboutRecall: MemberMessage}[about]
	return e
}

// staleAssist is Stale for joint handling.
func (e Entry) staleAssist(s casework.Submission) bool {
	a, ok := s.AssistNumber(e.Assist)
	if !ok || !s.State.Open() {
		return true
	}
	switch e.About {
	case AboutAnswer, AboutDecline:
		return e.Member != s.Assignee
	case AboutRecall:
		return a.State != casework.Recalled
	default:
		return a.State != casework.Asked
	}
}

// composeAssist fills in what differs for joint handling: the deadline is the assistant's, and a recalled
// assist cannot be opened any more.
func composeAssist(e Entry, m Message, s casework.Submission) {
	a, _ := s.AssistNumber(e.Assist)
	m.Data[Due] = a.DueAt.Time().Format(TimeLayout)
	switch e.About {
	case AboutAnswer:
		m.Data[Hint] = a.Name + "已答复协办"
	case AboutDecline:
		m.Data[Hint] = a.Name + "不能协办"
	case AboutRecall:
		m.Data[Hint] = "协办已撤回，不必再办"
	case AboutNudge:
		m.Data[Hint] = "联络员催办，请尽快答复协办"
	case AboutLate:
		m.Data[Hint] = "协办期限已到，请尽快答复"
	default:
		m.Data[Hint] = "请您协办，请点开答复"
	}
}

// coAuthors names those who took part in the newest answer, "" for nobody.
func coAuthors(s casework.Submission) string {
	for _, e := range slices.Backward(s.Thread) {
		if e.What != access.Reply && e.What != access.Close || e.RetractedAt != 0 {
			continue
		}
		names := make([]string, len(e.Parts))
		for i, p := range e.Parts {
			names[i] = p.Name
		}
		if len(names) == 0 {
			return ""
		}
		return "会同" + strings.Join(names, "、")
	}
	return ""
}
