package store_test

import (
	"testing"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
)

// askFor asks a department for a number of working days.
func askFor(department string, days int) casework.Act {
	return casework.AskAssist{Text: "请核实", Department: department, Name: "市场监管所", Days: days}
}

// An urge moves the time of the next and nothing else, for one process; an act
// in between forbids it.
func TestAssistsAreUrgedByOne(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	sub := commit(t, s, admit(t, s, filing(9, "m1")), askFor("d1", 2), noon)
	due, _ := sub.AssistDue()
	at := due.Time()
	equal(t, "before", must(s.AssistsDue(t.Context(), st, at.Add(-time.Second), 10))(t), []string{})
	equal(t, "at", must(s.AssistsDue(t.Context(), st, at, 10))(t), []string{sub.ID})
	equal(t, "late at", must(s.AssistsLate(t.Context(), st, at))(t), 0)
	equal(t, "late after", must(s.AssistsLate(t.Context(), st, at.Add(time.Second)))(t), 1)
	if ok, err := s.SetNextAssistUrge(t.Context(), sub, at, at.Add(time.Hour)); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := s.SetNextAssistUrge(t.Context(), sub, at, at.Add(2*time.Hour)); ok || err != nil {
		t.Error("urged twice", err)
	}
	equal(t, "urged", must(s.AssistsDue(t.Context(), st, at, 10))(t), []string{})
	equal(t, "an urge moves no deadline", must(s.Misplaced(t.Context(), sub.ID))(t), nil)

	next := commit(t, s, sub, casework.Message{Text: "还有"}, noon)
	equal(t, "after an act", must(s.AssistsDue(t.Context(), st, at, 10))(t), []string{})
	if ok, err := s.SetNextAssistUrge(t.Context(), sub, at.Add(time.Hour), at.Add(2*time.Hour)); ok || err != nil {
		t.Error("urged by who has not seen the act", err)
	}
	next = commitBy(t, s, next, casework.Contribute{Text: "好"}, casework.Actor{Role: access.Department, ID: "d1"}, noon)
	equal(t, "answered", must(s.AssistsDue(t.Context(), st, at.Add(100*time.Hour), 10))(t), []string{})
	if ok, err := s.SetNextAssistUrge(t.Context(), next, at.Add(time.Hour), at.Add(2*time.Hour)); ok || err != nil {
		t.Error("urged with nobody late", err)
	}
	_, err := s.AssistsDue(t.Context(), "l}", noon, 1)
	if err == nil {
		t.Error("a station that cannot be")
	}
}

// Each assistant's lists have the pending and the answered assists.
func TestListsOfAssistants(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	list := func(name record.IndexName, department string) []string {
		t.Helper()
		return ids(t, s, record.Index{Name: name, Arg: record.AssistantKey(access.Department, department)}, 9)
	}
	by := casework.Actor{Role: access.Department, ID: "d1"}
	// No assist is due later than its matter.
	filed := func() casework.Submission {
		a := filing(9, "m1")
		a.Submission.DueAt = casework.At(noon.AddDate(0, 0, 30))
		return admit(t, s, a)
	}
	late := commit(t, s, filed(), askFor("d1", 5), noon)
	soon := commit(t, s, filed(), askFor("d1", 1), noon)
	soon = commit(t, s, soon, askFor("d2", 3), noon)
	equal(t, "to answer", list(record.AssistPending, "d1"), []string{soon.ID, late.ID})
	equal(t, "the other's", list(record.AssistPending, "d2"), []string{soon.ID})
	equal(t, "a member of that id", ids(t, s, record.Index{Name: record.AssistPending, Arg: record.AssistantKey(access.Member, "d1")}, 9), []string{})
	equal(t, "the station's", ids(t, s, record.Index{Name: record.Assists}, 9), []string{soon.ID, late.ID})
	soon = commitBy(t, s, soon, casework.Contribute{Text: "好"}, by, noon)
	equal(t, "answered", list(record.AssistDone, "d1"), []string{soon.ID})
	equal(t, "left", list(record.AssistPending, "d1"), []string{late.ID})
	equal(t, "the station's order", ids(t, s, record.Index{Name: record.Assists}, 9), []string{soon.ID, late.ID})
	soon = commit(t, s, soon, askFor("d1", 2), noon)
	equal(t, "asked again", list(record.AssistPending, "d1"), []string{soon.ID, late.ID})
	equal(t, "and no more answered", list(record.AssistDone, "d1"), []string{})
	late = commit(t, s, late, casework.Recall{Assist: 1, Reason: "x"}, noon)
	soon = commit(t, s, soon, casework.Accept{}, noon)
	soon = commit(t, s, soon, casework.Close{Text: "好", Outcome: casework.Solved, Without: true}, noon)
	equal(t, "recalled", list(record.AssistPending, "d1"), []string{})
	equal(t, "closed", list(record.AssistDone, "d1"), []string{soon.ID})
	equal(t, "the station's end", ids(t, s, record.Index{Name: record.Assists}, 9), []string{})
	for _, sub := range []casework.Submission{late, soon} {
		equal(t, "places", must(s.Misplaced(t.Context(), sub.ID))(t), nil)
	}
}
