package casework_test

import (
	"testing"

	"mashang/domain/casework"
	"mashang/domain/reason"
)

// filedTo is a submission with two candidates, the pick-th of whom got it.
func filedTo(pick int) casework.Submission {
	s := in(casework.Pooled)
	s.Decision = casework.Decision{
		Passed: []casework.PassedOver{{Member: "c", Name: "周八", Why: reason.Away}},
		Candidates: []casework.Candidate{
			{Member: "a", Name: "张三", Reasons: []reason.Reason{reason.OnDuty, reason.SectorIn.With("文化旅游")}},
			{Member: "b", Name: "李四", Reasons: []reason.Reason{reason.Village.With("河口村"), reason.Expertise.With("法律")}},
		},
	}
	if s.Pick = pick; pick > 0 {
		s.State, s.Assignee = casework.Assigned, s.Decision.Candidates[pick-1].Member
	}
	return s
}

func TestReasons(t *testing.T) {
	t.Parallel()
	const (
		away   = "周八委员外出，未作分派"
		aFull  = "张三委员待办已满，未作分派"
		bFull  = "李四委员待办已满，未作分派"
		byA    = "由张三委员办理：此刻正在值班，所在的文化旅游界别负责这类事项"
		byB    = "由李四委员办理：就近联系河口村，熟悉法律"
		pool   = "暂时没有合适的委员，由本站联络员尽快分派"
		again  = "前一位委员认为不由自己办理，由本站联络员尽快重新分派"
		handed = "由李四委员办理：前一位委员或联络员转来"
	)
	does := func(s casework.Submission, list ...doing) casework.Submission {
		for _, step := range list {
			s = apply(t, s, step, noon)
		}
		return s
	}
	toB := doing{casework.Transfer{To: "b", ToName: "李四", Reason: "x"}, casework.Actor{}}
	toA := doing{casework.Assign{To: "a", ToName: "张三", Reason: "x"}, casework.Actor{}}
	back := doing{casework.Return{Reason: "x"}, casework.Actor{}}
	reopened := does(filedTo(1), doing{casework.Accept{}, casework.Actor{}},
		doing{casework.Close{Text: "x", Outcome: casework.Explained}, casework.Actor{}}, doing{casework.Reopen{Reason: "x"}, casework.Actor{}})
	named := reopened
	named.Thread[len(named.Thread)-1].To, named.Thread[len(named.Thread)-1].ToName = "a", "张三"
	bare := in(casework.Pooled)
	bare.Decision = casework.Decision{}
	lost := filedTo(2)
	lost.Decision = casework.Decision{}
	for name, tc := range map[string]struct {
		s    casework.Submission
		want []string
	}{
		"the first took it":        {filedTo(1), []string{away, byA}},
		"the first was full":       {filedTo(2), []string{away, aFull, byB}},
		"all were full":            {filedTo(0), []string{away, aFull, bFull, pool}},
		"nobody fits":              {bare, []string{pool}},
		"held":                     {in(casework.Held), []string{"内容需要联络员先核对，核对后马上分派"}},
		"withdrawn from the pool":  {does(filedTo(0), doing{casework.Withdraw{}, casework.Actor{}}), []string{"已撤回，不再分派"}},
		"withdrawn from the first": {does(filedTo(1), doing{casework.Withdraw{}, casework.Actor{}}), []string{away, byA}},
		"handed over":              {does(filedTo(1), toB), []string{away, handed}},
		"handed over and back":     {does(filedTo(1), toB, toA), []string{away, "由张三委员办理：联络员指派"}},
		"returned":                 {does(filedTo(1), back), []string{away, again}},
		"returned, given again":    {does(filedTo(1), back, toA), []string{away, "由张三委员办理：联络员指派"}},
		"out of a hold":            {does(in(casework.Held), toA), []string{"由张三委员办理：联络员指派"}},
		"out of a hold, returned":  {does(in(casework.Held), toA, back), []string{again}},
		"reopened":                 {named, []string{away, "由张三委员办理：群众要求重新办理，仍由原委员负责"}},
		"a view without decision":  {lost, []string{"已由本站委员办理"}},
	} {
		same(t, name, tc.want, tc.s.Reasons())
	}
}
