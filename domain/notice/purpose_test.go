package notice_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mashang/domain/notice"
)

func TestSpend(t *testing.T) {
	t.Parallel()
	type left = notice.Consents
	for name, tc := range map[string]struct {
		p    notice.Purpose
		left left
		use  notice.Purpose
		why  notice.Outcome
	}{
		"nothing is known: try":                  {notice.VisitorReply, left{}, notice.VisitorReply, ""},
		"its own":                                {notice.VisitorReply, left{notice.VisitorReply: 1, notice.VisitorProgress: 9}, notice.VisitorReply, ""},
		"an answer by the progress template":     {notice.VisitorReply, left{notice.VisitorReply: 0, notice.VisitorProgress: 1}, notice.VisitorProgress, ""},
		"no answer by a template nothing is of":  {notice.VisitorReply, left{notice.VisitorReply: 0}, notice.VisitorReply, notice.NoConsent},
		"closing by the answer's":                {notice.VisitorClosed, left{notice.VisitorClosed: 0, notice.VisitorProgress: 0, notice.VisitorReply: 2}, notice.VisitorReply, ""},
		"progress keeps its last for the answer": {notice.VisitorProgress, left{notice.VisitorProgress: 1, notice.VisitorReply: 0, notice.VisitorClosed: 0}, notice.VisitorProgress, notice.ConsentReserved},
		"not if the answer has its own":          {notice.VisitorProgress, left{notice.VisitorProgress: 1, notice.VisitorReply: 1, notice.VisitorClosed: 0}, notice.VisitorProgress, ""},
		"not if nobody knows":                    {notice.VisitorProgress, left{notice.VisitorProgress: 1}, notice.VisitorProgress, ""},
		"not for an answer by a closing":         {notice.VisitorProgress, left{notice.VisitorProgress: 1, notice.VisitorReply: 0, notice.VisitorClosed: 3}, notice.VisitorProgress, notice.ConsentReserved},
		"of two one is free":                     {notice.VisitorProgress, left{notice.VisitorProgress: 2, notice.VisitorReply: 0, notice.VisitorClosed: 0}, notice.VisitorProgress, ""},
		"a new matter by the message template":   {notice.MemberNew, left{notice.MemberNew: 0, notice.MemberMessage: 1, notice.MemberUrge: 5}, notice.MemberMessage, ""},
		"an alarm has nothing to stand in":       {notice.LiaisonAlarm, left{notice.LiaisonAlarm: 0, notice.MemberNew: 9}, notice.LiaisonAlarm, notice.NoConsent},
	} {
		if use, why := tc.p.ChooseConsent(tc.left); use != tc.use || why != tc.why {
			t.Errorf("%s: %s %q, want %s %q", name, use, why, tc.use, tc.why)
		}
	}
}

func drawLeft(t *rapid.T) notice.Consents {
	left := notice.Consents{}
	for _, p := range notice.Purposes {
		if n := rapid.IntRange(-1, 3).Draw(t, string(p)); n >= 0 {
			left[p] = n
		}
	}
	return left
}

// What is known to be spent is never spent; nobody gets another audience's
// template; an answer is told whenever any consent could tell it, whatever
// progress there was before.
func TestSpendIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		left := drawLeft(t)
		for range rapid.IntRange(0, 6).Draw(t, "acceptances") {
			if use, why := notice.VisitorProgress.ChooseConsent(left); why == "" {
				if _, known := left[use]; known {
					left[use]--
				}
			}
		}
		for _, p := range notice.Purposes {
			use, why := p.ChooseConsent(left)
			if n, known := left[use]; why == "" && known && n == 0 || use.Audience() != p.Audience() {
				t.Fatalf("%s spends %s of %v", p, use, left)
			}
			if own, known := left[p]; why == notice.NoConsent && (!known || own > 0) {
				t.Fatalf("%s is not told with %v", p, left)
			}
		}
	})
}

func TestTheAnswerIsToldThoughItWasAccepted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		left := notice.Consents{}
		for _, p := range []notice.Purpose{notice.VisitorReply, notice.VisitorClosed, notice.VisitorProgress} {
			left[p] = rapid.IntRange(0, 4).Draw(t, string(p))
		}
		before := maps.Clone(left)
		for range rapid.IntRange(0, 9).Draw(t, "acceptances") {
			if use, why := notice.VisitorProgress.ChooseConsent(left); why == "" {
				left[use]--
			}
		}
		for _, p := range []notice.Purpose{notice.VisitorReply, notice.VisitorClosed} {
			_, could := p.ChooseConsent(before)
			if _, why := p.ChooseConsent(left); could == "" && why != "" {
				t.Fatalf("%s ends %s with %v, before the acceptances %v", p, why, left, before)
			}
		}
	})
}

func TestAsk(t *testing.T) {
	t.Parallel()
	purposes := func(m notice.Moment, audience string, left notice.Consents) []notice.Purpose {
		var list []notice.Purpose
		for _, q := range notice.Ask(m, audience, left) {
			if q.Why == "" {
				t.Errorf("%s has no reason", q.Purpose)
			}
			list = append(list, q.Purpose)
		}
		return list
	}
	filing, replying, looking, booking, planning := notice.Filing, notice.Replying, notice.Looking, notice.Booking, notice.Planning
	for _, tc := range []struct {
		moment   notice.Moment
		audience string
		left     notice.Consents
		want     []notice.Purpose
	}{
		{filing, "visitor", nil, []notice.Purpose{notice.VisitorReply, notice.VisitorClosed, notice.VisitorProgress}},
		{replying, "visitor", notice.Consents{notice.VisitorReply: 2, notice.VisitorClosed: 1}, []notice.Purpose{notice.VisitorProgress, notice.VisitorClosed, notice.VisitorReply}},
		{looking, "member", notice.Consents{notice.MemberNew: 20}, []notice.Purpose{notice.MemberUrge, notice.MemberMessage}},
		{looking, "liaison", nil, []notice.Purpose{notice.LiaisonAlarm, notice.LiaisonUrge}},
		{looking, "department", nil, []notice.Purpose{notice.DepartmentAssist}},
		{looking, "admin", nil, nil},
		{booking, "visitor", notice.Consents{notice.VisitorBooking: 3}, []notice.Purpose{notice.VisitorBooking}},
		{booking, "visitor", notice.Consents{notice.VisitorBooking: 20}, nil},
		{planning, "member", nil, []notice.Purpose{notice.MemberDuty}},
		{planning, "liaison", nil, nil},
	} {
		if got := purposes(tc.moment, tc.audience, tc.left); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %s with %v: %v, want %v", tc.moment, tc.audience, tc.left, got, tc.want)
		}
	}
}
