package notice_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/casework"
	"mashang/domain/notice"
)

func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	const (
		toA     = "member_new a"
		toB     = "member_new b"
		message = "member_message a"
		reply   = "visitor_reply " + filer
		moved   = "visitor_progress " + filer
		closed  = "visitor_closed " + filer
	)
	s := filed()
	for name, tc := range map[string]struct {
		s    casework.Submission
		want []string
	}{
		"filed to a member":      {s, []string{toA}},
		"filed to the pool":      {pooled(s), nil},
		"accepted":               {after(s, casework.Accept), []string{moved}},
		"asked":                  {after(s, casework.Ask), []string{reply}},
		"answered":               {after(s, casework.Reply), []string{reply}},
		"handed over":            {after(s, casework.Transfer), []string{toB, moved}},
		"assigned":               {after(s, casework.Assign), []string{toB, moved}},
		"assigned from the pool": {after(pooled(s), casework.Assign), []string{toB, moved}},
		"returned":               {after(s, casework.Return), nil},
		"stood in for":           {after(s, casework.Cover), []string{toB, moved}},
		"closed":                 {after(s, casework.Accept, casework.Close), []string{closed}},
		"a message":              {after(s, casework.Message), []string{message}},
		"a message to the pool":  {after(pooled(s), casework.Message), nil},
		"withdrawn":              {after(s, casework.Withdraw), []string{message}},
		"withdrawn from pool":    {after(pooled(s), casework.Withdraw), nil},
		"agreed":                 {after(s, casework.Accept, agree), []string{closed}},
		"carried out":            {after(s, casework.Accept, agree, casework.Fulfil), []string{closed}},
		"the day moved":          {after(s, casework.Accept, agree, casework.PromiseAct), []string{moved}},
		"carried out for nobody": {forgotten(after(s, casework.Accept, agree), casework.Fulfil), nil},
		"moved for nobody":       {forgotten(after(s, casework.Accept, agree), casework.PromiseAct), nil},
		"rated":                  {after(s, casework.Accept, casework.Close, casework.Rate), nil},
		"reopened":               {after(s, casework.Accept, casework.Close, casework.Reopen), []string{toA}},
	} {
		var got []string
		for _, e := range notice.After(tc.s) {
			if (e.Member == "") == (e.Person == "") {
				t.Errorf("%s: %+v names not exactly one receiver", name, e)
			}
			if (e.Member != "") != (e.Purpose.Audience() == "member") {
				t.Errorf("%s: %+v is for somebody else", name, e)
			}
			if e.ID != "" || e.Attempts != 0 || e.Submission != tc.s.ID || e.Version != tc.s.Version || e.At != int64(tc.s.Last().At) {
				t.Errorf("%s: %+v", name, e)
			}
			if e.Stale(tc.s) {
				t.Errorf("%s: %+v is stale at once", name, e)
			}
			got = append(got, fmt.Sprint(e.Purpose, " ", e.Member+e.Person))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// forgotten is one whose filer had everything of theirs deleted, after an act.
func forgotten(s casework.Submission, act casework.Act) casework.Submission {
	s, err := s.Forgotten(noon)
	if err != nil {
		panic(err)
	}
	return after(s, act)
}

func TestWhatIsNoLongerSoIsNotTold(t *testing.T) {
	t.Parallel()
	const (
		accept   = casework.Accept
		ask      = casework.Ask
		reply    = casework.Reply
		transfer = casework.Transfer
		giveBack = casework.Return
		end      = casework.Close
		message  = casework.Message
		withdraw = casework.Withdraw
		rate     = casework.Rate
		reopen   = casework.Reopen
		fulfil   = casework.Fulfil
		redate   = casework.PromiseAct
	)
	// The entries of the last of the acts first, looked at after then.
	for name, tc := range map[string]struct {
		first, then []casework.Act
		want        map[notice.Purpose]bool // stale?
	}{
		"new, accepted":          {nil, []casework.Act{accept}, map[notice.Purpose]bool{notice.MemberNew: false}},
		"new, handed on":         {nil, []casework.Act{transfer}, map[notice.Purpose]bool{notice.MemberNew: true}},
		"new, returned":          {nil, []casework.Act{giveBack}, map[notice.Purpose]bool{notice.MemberNew: true}},
		"new, withdrawn":         {nil, []casework.Act{withdraw}, map[notice.Purpose]bool{notice.MemberNew: true}},
		"new, closed":            {nil, []casework.Act{accept, end}, map[notice.Purpose]bool{notice.MemberNew: true}},
		"progress, answered":     {[]casework.Act{accept}, []casework.Act{reply}, map[notice.Purpose]bool{notice.VisitorProgress: true}},
		"answer, another":        {[]casework.Act{reply}, []casework.Act{reply}, map[notice.Purpose]bool{notice.VisitorReply: false}},
		"answer, closed":         {[]casework.Act{reply}, []casework.Act{end}, map[notice.Purpose]bool{notice.VisitorReply: false}},
		"question, withdrawn":    {[]casework.Act{ask}, []casework.Act{withdraw}, map[notice.Purpose]bool{notice.VisitorReply: true}},
		"closed, rated":          {[]casework.Act{accept, end}, []casework.Act{rate}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"closed, reopened":       {[]casework.Act{accept, end}, []casework.Act{reopen}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"closed, closed again":   {[]casework.Act{accept, end}, []casework.Act{reopen, accept, end}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"agreed, carried out":    {[]casework.Act{accept, agree}, []casework.Act{fulfil}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"agreed, moved":          {[]casework.Act{accept, agree}, []casework.Act{redate}, map[notice.Purpose]bool{notice.VisitorClosed: false}},
		"carried out":            {[]casework.Act{accept, agree, rate, fulfil}, nil, map[notice.Purpose]bool{notice.VisitorClosed: false}},
		"carried out, rated":     {[]casework.Act{accept, agree, fulfil}, []casework.Act{rate}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"moved, carried out":     {[]casework.Act{accept, agree, redate}, []casework.Act{fulfil}, map[notice.Purpose]bool{notice.VisitorProgress: true}},
		"message, answered":      {[]casework.Act{message}, []casework.Act{reply}, map[notice.Purpose]bool{notice.MemberMessage: false}},
		"message, handed on":     {[]casework.Act{message}, []casework.Act{transfer}, map[notice.Purpose]bool{notice.MemberMessage: true}},
		"withdrawal":             {[]casework.Act{withdraw}, nil, map[notice.Purpose]bool{notice.MemberMessage: false}},
		"handed over, withdrawn": {[]casework.Act{transfer}, []casework.Act{withdraw}, map[notice.Purpose]bool{notice.MemberNew: true, notice.VisitorProgress: true}},
	} {
		s := after(filed(), tc.first...)
		now := after(filed(), append(tc.first, tc.then...)...)
		got := map[notice.Purpose]bool{}
		for _, e := range notice.After(s) {
			got[e.Purpose] = e.Stale(now)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestUrgesOnlyWhatWaitsForTheMember(t *testing.T) {
	t.Parallel()
	e := notice.Entry{Purpose: notice.MemberUrge, Member: "a"}
	for _, state := range casework.States {
		s := filed()
		s.State = state
		want := state != casework.Assigned && state != casework.Accepted
		if e.Stale(s) != want {
			t.Errorf("%s: stale %v", state, !want)
		}
	}
	s := filed()
	if s.Assignee = "b"; !e.Stale(s) {
		t.Error("urges who no longer has it")
	}
}

// TestRemindersOfAPromise are told while it is owed, and of a day that passed only
// while no later one was given.
func TestRemindersOfAPromise(t *testing.T) {
	t.Parallel()
	s := after(filed(), casework.Accept, agree)
	late := int64(s.PromisedBy()) + 1
	for name, e := range map[string]notice.Entry{
		"near":            {Purpose: notice.MemberUrge, Member: "a", About: notice.AboutPromise, At: int64(s.PromisedBy()) - 1},
		"passed":          {Purpose: notice.MemberUrge, Member: "a", About: notice.AboutBroken, At: late},
		"to the squad":    {Purpose: notice.MemberUrge, Member: "b", About: notice.AboutSquad, At: late},
		"to the liaison":  {Purpose: notice.LiaisonUrge, Liaison: "l", About: notice.AboutBroken, At: late},
		"of what was due": {Purpose: notice.MemberUrge, Member: "a", At: late},
	} {
		want := name == "of what was due"
		if e.Stale(s) != want {
			t.Errorf("%s: stale %v", name, !want)
		}
		moved := after(filed(), casework.Accept, agree, casework.PromiseAct)
		if want = name != "near"; e.Stale(moved) != want {
			t.Errorf("%s, moved: stale %v", name, !want)
		}
		if !e.Stale(after(filed(), casework.Accept, agree, casework.Fulfil)) {
			t.Errorf("%s: told when it is carried out", name)
		}
		if reopened := after(filed(), casework.Accept, agree, casework.Reopen); e.About != "" && e.About != notice.AboutSquad && !e.Stale(reopened) {
			t.Errorf("%s: told of what is answered anew", name)
		}
	}
}

// TestAFollowerIsToldOfEnds that it hears of later than they came.
func TestAFollowerIsToldOfEnds(t *testing.T) {
	t.Parallel()
	lead, f := after(filed(), casework.Accept), filed()
	f.ID, f.Number, f.Filer = "hh-fedcba9876543210", "260715-0002", "u2"
	by := step(casework.Accept).By
	f, lead, err := f.MergeInto(lead, by, "同一件事", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []casework.Act{agree, casework.PromiseAct, casework.Fulfil} {
		lead = after(lead, act)
		var ok bool
		if f, ok = f.Hear(lead, noon.Add(time.Hour)); !ok {
			t.Fatalf("%s was not heard", act)
		}
		tell := notice.After(f)
		if len(tell) != 1 || tell[0].Person != "u2" || tell[0].Stale(f) {
			t.Errorf("%s: %+v", act, tell)
		}
	}
}
