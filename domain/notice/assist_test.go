package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
)

var (
	market = casework.Actor{Role: access.Department, ID: "d", Name: "市场监管所"}
	lisi   = casework.Actor{Role: access.Member, ID: "b", Name: "李四委员"}
)

// jointly walks through steps of joint handling.
func jointly(s casework.Submission, steps ...doing) casework.Submission {
	for i, step := range steps {
		next, err := try(s, step, clock, noon.Add(time.Duration(i+1)*time.Minute))
		if err != nil {
			panic(err)
		}
		s = next
	}
	return s
}

func asks(body casework.Actor) doing {
	act := casework.AskAssist{Name: body.Name, Days: 2, Text: "请核实"}
	if body.Role == access.Department {
		act.Department = body.ID
	} else {
		act.Member = body.ID
	}
	return doing{act, holder}
}

func answers(body casework.Actor) doing { return doing{casework.Contribute{Text: "已核实"}, body} }

func declines(body casework.Actor) doing {
	return doing{casework.Decline{Reason: "不归我们管"}, body}
}

func recalls() doing { return doing{act: casework.Recall{Assist: 1, Reason: "清楚了"}} }

// TestWhoIsToldOfJointHandling, with which template and hint, and that what is
// said has the assistant's own deadline and nothing personal.
func TestWhoIsToldOfJointHandling(t *testing.T) {
	t.Parallel()
	s := filed()
	for name, tc := range map[string]struct {
		s    casework.Submission
		want string
		hint string
	}{
		"a department is asked":    {jointly(s, asks(market)), "department_assist d", "请您协办，请点开答复"},
		"a member is asked":        {jointly(s, asks(lisi)), "member_new b", "请您协办，请点开答复"},
		"the department answers":   {jointly(s, asks(market), answers(market)), "member_message a", "市场监管所已答复协办"},
		"the member declines":      {jointly(s, asks(lisi), declines(lisi)), "member_message a", "李四委员不能协办"},
		"the department recalled":  {jointly(s, asks(market), recalls()), "department_assist d", "协办已撤回，不必再办"},
		"the member recalled":      {jointly(s, asks(lisi), recalls()), "member_message b", "协办已撤回，不必再办"},
		"nobody leads in the pool": {jointly(s, asks(market), step(access.Return), answers(market)), "", ""},
	} {
		list := notice.After(tc.s)
		if tc.want == "" {
			if len(list) != 0 {
				t.Errorf("%s: %+v", name, list)
			}
			continue
		}
		if len(list) != 1 {
			t.Fatalf("%s: %+v", name, list)
		}
		e := list[0]
		if got := string(e.Purpose) + " " + e.Member + e.Department; got != tc.want || e.Assist != 1 || e.Version != tc.s.Version || e.Stale(tc.s) {
			t.Errorf("%s: %+v", name, e)
		}
		if w := (notice.Waiting{Entry: e, Submission: tc.s}); w.Joins() {
			t.Errorf("%s joins the inbox's", name)
		}
		m := notice.Compose(e, e.Purpose, tc.s, town)
		if m.Data[notice.Hint] != tc.hint || m.Data[notice.Due] != "2026-07-17 12:00" || strings.Contains(strings.Join(values(m.Data), " "), "138") {
			t.Errorf("%s: %v", name, m.Data)
		}
	}
}

func values(m map[string]string) (list []string) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// TestJointHandlingIsNotToldTooLate: what has changed since is not said, and
// none of it wakes anybody.
func TestJointHandlingIsNotToldTooLate(t *testing.T) {
	t.Parallel()
	asked := jointly(filed(), asks(lisi))
	a, _ := asked.AssistNumber(1)
	ask, late := notice.ToAssistant(asked, a, "", 1), notice.ToAssistant(asked, a, notice.AboutLate, 1)
	answered := jointly(asked, answers(lisi))
	told := notice.After(answered)[0]
	recalled := jointly(asked, recalls())
	gone := notice.After(recalled)[0]
	for name, tc := range map[string]struct {
		e     notice.Entry
		s     casework.Submission
		stale bool
	}{
		"asked":                          {ask, asked, false},
		"asked and answered":             {ask, answered, true},
		"late":                           {late, asked, false},
		"late and recalled":              {late, recalled, true},
		"asked and closed":               {ask, jointly(asked, step(access.Withdraw)), true},
		"answered":                       {told, answered, false},
		"answered and led by another":    {told, after(answered, access.Transfer), true},
		"recalled":                       {gone, recalled, false},
		"recalled and asked again":       {gone, jointly(recalled, asks(lisi)), false},
		"an assist that was never there": {notice.Entry{Assist: 9}, asked, true},
	} {
		if got := tc.e.Stale(tc.s); got != tc.stale {
			t.Errorf("%s: stale %v", name, got)
		}
	}
	at := time.Date(2026, 7, 15, 23, 0, 0, 0, station.Zone)
	if until := ask.Until(night, at); until.Hour() != 7 {
		t.Errorf("asked at %s", until)
	}
	if until := (notice.Entry{Purpose: notice.MemberNew}).Until(night, at); !until.Equal(at) {
		t.Errorf("a new matter waits until %s", until)
	}
}

// TestTheJointAnswerNamesWhoTookPart in the field for who answers.
func TestTheJointAnswerNamesWhoTookPart(t *testing.T) {
	t.Parallel()
	s := jointly(filed(), asks(market), answers(market), step(access.Reply))
	e := notice.After(s)[0]
	if diff := cmp.Diff("张三委员会同市场监管所", notice.Compose(e, e.Purpose, s, town).Data[notice.Who]); diff != "" {
		t.Error(diff)
	}
	s = jointly(s, recalls(), step(access.Reply))
	if got := notice.Compose(notice.After(s)[0], notice.VisitorReply, s, town).Data[notice.Who]; got != "张三委员" {
		t.Errorf("without them: %q", got)
	}
}
