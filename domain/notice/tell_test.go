package notice_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/access"
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
		"accepted":               {after(s, access.Accept), []string{moved}},
		"asked":                  {after(s, access.Ask), []string{reply}},
		"answered":               {after(s, access.Reply), []string{reply}},
		"handed over":            {after(s, access.Transfer), []string{toB, moved}},
		"assigned":               {after(s, access.Assign), []string{toB, moved}},
		"assigned from the pool": {after(pooled(s), access.Assign), []string{toB, moved}},
		"returned":               {after(s, access.Return), nil},
		"stood in for":           {after(s, casework.Covered), []string{toB, moved}},
		"closed":                 {after(s, access.Accept, access.Close), []string{closed}},
		"a message":              {after(s, access.Message), []string{message}},
		"a message to the pool":  {after(pooled(s), access.Message), nil},
		"withdrawn":              {after(s, access.Withdraw), []string{message}},
		"withdrawn from pool":    {after(pooled(s), access.Withdraw), nil},
		"agreed":                 {after(s, access.Accept, agree), []string{closed}},
		"carried out":            {after(s, access.Accept, agree, access.Fulfil), []string{closed}},
		"the day moved":          {after(s, access.Accept, agree, access.Promise), []string{moved}},
		"carried out for nobody": {forgotten(after(s, access.Accept, agree), access.Fulfil), nil},
		"moved for nobody":       {forgotten(after(s, access.Accept, agree), access.Promise), nil},
		"rated":                  {after(s, access.Accept, access.Close, access.Rate), nil},
		"reopened":               {after(s, access.Accept, access.Close, access.Reopen), []string{toA}},
		"rung back and reopened": {after(s, access.Accept, access.Close, access.Rate, access.FollowUp), []string{toA}},
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
func forgotten(s casework.Submission, act access.Action) casework.Submission {
	s, err := s.WithoutPersonalData(noon)
	if err != nil {
		panic(err)
	}
	return after(s, act)
}

func TestWhatIsNoLongerSoIsNotTold(t *testing.T) {
	t.Parallel()
	const (
		accept   = access.Accept
		ask      = access.Ask
		reply    = access.Reply
		transfer = access.Transfer
		giveBack = access.Return
		end      = access.Close
		message  = access.Message
		withdraw = access.Withdraw
		rate     = access.Rate
		reopen   = access.Reopen
		fulfil   = access.Fulfil
		redate   = access.Promise
	)
	// The entries of the last of the acts first, looked at after then.
	for name, tc := range map[string]struct {
		first, then []access.Action
		want        map[notice.Purpose]bool // stale?
	}{
		"new, accepted":          {nil, []access.Action{accept}, map[notice.Purpose]bool{notice.MemberNew: false}},
		"new, handed on":         {nil, []access.Action{transfer}, map[notice.Purpose]bool{notice.MemberNew: true}},
		"new, returned":          {nil, []access.Action{giveBack}, map[notice.Purpose]bool{notice.MemberNew: true}},
		"new, withdrawn":         {nil, []access.Action{withdraw}, map[notice.Purpose]bool{notice.MemberNew: true}},
		"new, closed":            {nil, []access.Action{accept, end}, map[notice.Purpose]bool{notice.MemberNew: true}},
		"progress, answered":     {[]access.Action{accept}, []access.Action{reply}, map[notice.Purpose]bool{notice.VisitorProgress: true}},
		"answer, another":        {[]access.Action{reply}, []access.Action{reply}, map[notice.Purpose]bool{notice.VisitorReply: false}},
		"answer, closed":         {[]access.Action{reply}, []access.Action{end}, map[notice.Purpose]bool{notice.VisitorReply: false}},
		"question, withdrawn":    {[]access.Action{ask}, []access.Action{withdraw}, map[notice.Purpose]bool{notice.VisitorReply: true}},
		"closed, rated":          {[]access.Action{accept, end}, []access.Action{rate}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"closed, reopened":       {[]access.Action{accept, end}, []access.Action{reopen}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"closed, closed again":   {[]access.Action{accept, end}, []access.Action{reopen, accept, end}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"agreed, carried out":    {[]access.Action{accept, agree}, []access.Action{fulfil}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"agreed, moved":          {[]access.Action{accept, agree}, []access.Action{redate}, map[notice.Purpose]bool{notice.VisitorClosed: false}},
		"carried out":            {[]access.Action{accept, agree, rate, fulfil}, nil, map[notice.Purpose]bool{notice.VisitorClosed: false}},
		"carried out, rated":     {[]access.Action{accept, agree, fulfil}, []access.Action{rate}, map[notice.Purpose]bool{notice.VisitorClosed: true}},
		"moved, carried out":     {[]access.Action{accept, agree, redate}, []access.Action{fulfil}, map[notice.Purpose]bool{notice.VisitorProgress: true}},
		"message, answered":      {[]access.Action{message}, []access.Action{reply}, map[notice.Purpose]bool{notice.MemberMessage: false}},
		"message, handed on":     {[]access.Action{message}, []access.Action{transfer}, map[notice.Purpose]bool{notice.MemberMessage: true}},
		"withdrawal":             {[]access.Action{withdraw}, nil, map[notice.Purpose]bool{notice.MemberMessage: false}},
		"handed over, withdrawn": {[]access.Action{transfer}, []access.Action{withdraw}, map[notice.Purpose]bool{notice.MemberNew: true, notice.VisitorProgress: true}},
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

// A notice to a proxy ends with their part, one about a photo as well, and one to the filer with theirs.
func TestToWhomItIsStillTrue(t *testing.T) {
	t.Parallel()
	s := filed()
	s.Filer, s.Proxy = "mother", &casework.Proxy{Person: "child"}
	for _, tc := range []struct {
		person, about string
		stale         bool
	}{
		{"child", notice.AboutPhoto, false},
		{"mother", notice.AboutPhoto, false},
		{"another", notice.AboutPhoto, true},
		{"child", notice.AboutProxy, false},
		{"mother", notice.AboutProxy, true},
		{"mother", "", false},
		{"child", "", true},
	} {
		e := notice.Entry{Purpose: notice.VisitorProgress, Person: tc.person, About: tc.about, Version: s.Version}
		if e.Stale(s) != tc.stale {
			t.Errorf("%+v: stale %v", tc, !tc.stale)
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
	s := after(filed(), access.Accept, agree)
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
		moved := after(filed(), access.Accept, agree, access.Promise)
		if want = name != "near"; e.Stale(moved) != want {
			t.Errorf("%s, moved: stale %v", name, !want)
		}
		if !e.Stale(after(filed(), access.Accept, agree, access.Fulfil)) {
			t.Errorf("%s: told when it is carried out", name)
		}
		if reopened := after(filed(), access.Accept, agree, access.Reopen); e.About != "" && e.About != notice.AboutSquad && !e.Stale(reopened) {
			t.Errorf("%s: told of what is answered anew", name)
		}
	}
}

// TestAFollowerIsToldOfEnds that it hears of later than they came.
func TestAFollowerIsToldOfEnds(t *testing.T) {
	t.Parallel()
	lead, f := after(filed(), access.Accept), filed()
	f.ID, f.Number, f.Filer = "hh-fedcba9876543210", "260715-0002", "u2"
	by := holder
	f, lead, err := f.MergeInto(lead, by, "同一件事", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []access.Action{agree, access.Promise, access.Fulfil} {
		lead = after(lead, act)
		var ok bool
		if f, ok = f.SyncWithLead(lead, noon.Add(time.Hour)); !ok {
			t.Fatalf("%s was not heard", act)
		}
		tell := notice.After(f)
		if len(tell) != 1 || tell[0].Person != "u2" || tell[0].Stale(f) {
			t.Errorf("%s: %+v", act, tell)
		}
	}
}
