package notice_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
)

// waiting is a first notice of a matter due so many hours after noon.
func waiting(id string, hours int) notice.Waiting {
	s := filed()
	s.ID, s.DueAt = id, casework.At(noon.Add(time.Duration(hours)*time.Hour))
	return notice.Waiting{Entry: notice.Entry{Submission: id, Purpose: notice.MemberNew, Member: s.Assignee}, Submission: s}
}

func TestWhatTheInboxShowsIsToldTogether(t *testing.T) {
	t.Parallel()
	s := filed()
	closed := after(s, access.Accept, access.Close)
	closed.Assignee = "a"
	for name, tc := range map[string]struct {
		e    notice.Entry
		s    casework.Submission
		want bool
	}{
		"new":                {notice.Entry{Purpose: notice.MemberNew, Member: "a"}, s, true},
		"overdue":            {notice.Entry{Purpose: notice.MemberUrge, Member: "a"}, after(s, access.Accept), true},
		"a message":          {notice.Entry{Purpose: notice.MemberMessage, Member: "a"}, after(s, access.Ask), true},
		"another's":          {notice.Entry{Purpose: notice.MemberNew, Member: "b"}, s, false},
		"answered":           {notice.Entry{Purpose: notice.MemberMessage, Member: "a"}, after(s, access.Reply), false},
		"closed":             {notice.Entry{Purpose: notice.MemberMessage, Member: "a"}, closed, false},
		"withdrawn":          {notice.Entry{Purpose: notice.MemberMessage, Member: "a"}, after(s, access.Withdraw), false},
		"a visitor's answer": {notice.Entry{Purpose: notice.VisitorReply, Person: filer}, after(s, access.Ask), false},
		"a danger":           {notice.Entry{Purpose: notice.LiaisonAlarm, Liaison: "l"}, s, false},
	} {
		if got := (notice.Waiting{Entry: tc.e, Submission: tc.s}).Joins(); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTheMostUrgentTellsOfTheOthers(t *testing.T) {
	t.Parallel()
	three := []notice.Waiting{waiting("c", 9), waiting("a", 3), waiting("b", 6)}
	for name, tc := range map[string]struct {
		list []notice.Waiting
		left notice.Consents
		join bool
	}{
		"one each":                  {three, notice.Consents{notice.MemberNew: 3}, true},
		"one too few":               {three, notice.Consents{notice.MemberNew: 2}, true},
		"one":                       {three, notice.Consents{notice.MemberNew: 1}, true},
		"none":                      {three, notice.Consents{notice.MemberNew: 0}, false},
		"nothing is known":          {three, nil, true},
		"others stand in":           {three, notice.Consents{notice.MemberNew: 1, notice.MemberMessage: 1, notice.MemberUrge: 1}, true},
		"only a stand-in has one":   {three, notice.Consents{notice.MemberNew: 0, notice.MemberUrge: 1}, true},
		"another purpose's consent": {three, notice.Consents{notice.MemberNew: 0, notice.VisitorReply: 1}, false},
		"a single one":              {three[:1], notice.Consents{notice.MemberNew: 1}, false},
		"nothing":                   {nil, notice.Consents{notice.MemberNew: 1}, false},
	} {
		ordered, join := notice.Join(tc.list, tc.left)
		if join != tc.join {
			t.Errorf("%s: joined %v", name, join)
		}
		if len(ordered) == 3 {
			if got := ordered[0].Submission.ID + ordered[1].Submission.ID + ordered[2].Submission.ID; got != "abc" {
				t.Errorf("%s: in the order %s", name, got)
			}
		}
	}
	if three[0].Submission.ID != "c" {
		t.Error("the caller's list was changed")
	}
}

// TestJoiningNeedsAConsent: of any counts and lists, one message tells of all if
// there are several and it can be sent; nobody is lost.
func TestJoiningNeedsAConsent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]notice.Purpose{notice.MemberNew, notice.MemberUrge, notice.MemberMessage}).Draw(t, "purpose")
		left := notice.Consents{}
		for _, q := range notice.Purposes {
			if rapid.Bool().Draw(t, "known") {
				left[q] = rapid.IntRange(0, 3).Draw(t, string(q))
			}
		}
		list := make([]notice.Waiting, rapid.IntRange(0, 5).Draw(t, "waiting"))
		for i := range list {
			list[i] = waiting(string(rune('a'+i)), rapid.IntRange(-5, 5).Draw(t, "due"))
			list[i].Entry.Purpose = p
		}
		ordered, join := notice.Join(list, left)
		if len(ordered) != len(list) {
			t.Fatalf("%d of %d", len(ordered), len(list))
		}
		if !slices.IsSortedFunc(ordered, func(a, b notice.Waiting) int {
			return int(a.Submission.DueAt - b.Submission.DueAt)
		}) {
			t.Fatal("not the most urgent first")
		}
		if _, why := p.ChooseConsent(left); join != (len(list) > 1 && why == "") {
			t.Fatalf("joined %v, %d wait, %q", join, len(list), why)
		}
	})
}

func TestTheMessageTellsOfOthers(t *testing.T) {
	t.Parallel()
	for use, want := range map[notice.Purpose]map[string]string{
		notice.MemberNew:     {notice.Subject: "（另有2件）投诉：票价 不符"},
		notice.MemberUrge:    {notice.Subject: "投诉：票价 不符", notice.Hint: "另有2件待办，点此查看"},
		notice.MemberMessage: {notice.Subject: "投诉：票价 不符", notice.Hint: "另有2件待办，点此查看"},
	} {
		w := waiting("a", 1)
		alone := notice.Compose(w.Entry, use, w.Submission, town).With(0)
		if alone.Page != "pages/matter/index?id=a" || strings.Contains(alone.Data[notice.Subject]+alone.Data[notice.Hint], "另有") {
			t.Errorf("alone: %+v", alone)
		}
		m := notice.Compose(w.Entry, use, w.Submission, town).With(2)
		got := map[string]string{}
		for meaning := range want {
			got[meaning] = m.Data[meaning]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", use, diff)
		}
		if m.Page != "pages/inbox/index" || m.Purpose != use {
			t.Errorf("%+v", m)
		}
		for _, f := range notice.Fields[use] {
			if v := m.Data[f.Meaning]; v == "" || f.Meaning == notice.Hint && casework.Runes(v) > 20 {
				t.Errorf("%s: %s is %q", use, f.Meaning, v)
			}
		}
	}
}
