package notice_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/casework"
	"mashang/notice"
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
