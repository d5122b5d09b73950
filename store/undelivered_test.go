package store_test

import (
	"fmt"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

func untold(submission, receiver string, p notice.Purpose, since time.Time) record.Undelivered {
	return record.Undelivered{Submission: submission, Receiver: receiver, Purpose: p, Why: notice.NoConsent, Since: since}
}

// TestUndelivered: one entry for a submission, receiver and purpose, the newest; a
// receiver is taken off in all their purposes, and a submission in all its
// receivers.
func TestUndelivered(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	put := func(u record.Undelivered) {
		t.Helper()
		if err := s.PutUndelivered(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	list := func() []record.Undelivered {
		t.Helper()
		var all []record.Undelivered
		at, more := record.Cursor{}, true
		for more {
			var part []record.Undelivered
			var err error
			if part, at, more, err = s.UndeliveredPage(t.Context(), st, at, 2); err != nil {
				t.Fatal(err)
			}
			all = append(all, part...)
		}
		equal(t, "count", must(s.Count(t.Context(), st, record.Index{Name: record.Unreached}))(t), len(all))
		return all
	}
	drop := func(submission, receiver string) {
		t.Helper()
		if err := s.DropUndelivered(t.Context(), submission, receiver); err != nil {
			t.Fatal(err)
		}
	}
	const a, b = st + "-a", st + "-ab"
	first := untold(a, "m.m1", notice.MemberNew, noon)
	first.Why = notice.Refused
	put(untold(a, "m.m1", notice.MemberNew, noon.Add(-time.Minute)))
	put(first)
	put(untold(a, "m.m1", notice.MemberNew, noon.Add(-time.Second))) // late
	urge := untold(a, "m.m1", notice.MemberUrge, noon)
	other := untold(a, "m.m11", notice.MemberNew, noon)
	visitor := untold(a, "v", notice.VisitorReply, noon)
	second := untold(b, "m.m1", notice.MemberNew, noon.Add(time.Minute))
	for _, u := range []record.Undelivered{urge, other, visitor, second} {
		put(u)
	}
	equal(t, "listed", list(), []record.Undelivered{first, urge, other, visitor, second})
	equal(t, "of two", must(s.UndeliveredOf(t.Context(), st, []string{second.Submission, first.Submission}))(t), []record.Undelivered{second, first, urge, other, visitor})
	drop(a, "m.m1")
	equal(t, "without one receiver", list(), []record.Undelivered{other, visitor, second})
	if err := s.ResolveUndelivered(t.Context(), st, visitor.ID()); err != nil {
		t.Fatal(err)
	}
	equal(t, "ticked off", list(), []record.Undelivered{other, second})
	drop(a, "")
	equal(t, "without one submission", list(), []record.Undelivered{second})

	// Telling takes off, not telling does not.
	e := notice.Entry{ID: "n1", Submission: b, Purpose: notice.MemberMessage, Member: "m1"}
	for _, o := range []notice.Outcome{notice.Refused, notice.SentByChat} {
		if err := s.EnqueueNotice(t.Context(), st, notice.Entry{ID: "n" + string(o), Submission: b, Purpose: e.Purpose, Member: "m1"}, noon); err != nil {
			t.Fatal(err)
		}
		e.ID = "n" + string(o)
		if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: o}, noon); err != nil {
			t.Fatal(err)
		}
		equal(t, "after "+string(o), len(list()), map[bool]int{false: 1, true: 0}[o.Told()])
	}
	// What the filer's proxy is told leaves the filer on the list.
	put(visitor)
	for _, about := range []string{notice.AboutProxy, notice.AboutPhoto, ""} {
		e := notice.Entry{ID: "v" + about, Submission: a, Purpose: notice.VisitorReply, Person: "u1", About: about}
		if err := s.EnqueueNotice(t.Context(), st, e, noon); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: notice.Sent}, noon); err != nil {
			t.Fatal(err)
		}
		equal(t, "after the visitor's "+about, len(list()), map[bool]int{true: 0, false: 1}[about == ""])
	}
}

// TestUndeliveredHasNoBound: the list is read in pages, and reading one submission's entries costs what these
// entries cost.
func TestUndeliveredHasNoBound(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	const most = 1500
	for i := range most {
		// Several of one moment stand on either side of a page's end.
		u := untold(fmt.Sprintf("%s-a%d", st, i), "v", notice.VisitorReply, noon.Add(time.Duration(i/7)*time.Second))
		if err := s.PutUndelivered(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for at, more := (record.Cursor{}), true; more; {
		var part []record.Undelivered
		var err error
		if part, at, more, err = s.UndeliveredPage(t.Context(), st, at, 100); err != nil || len(part) != 100 {
			t.Fatal(len(part), err)
		}
		for _, u := range part {
			seen[u.Submission] = true
			equal(t, "why", u.Why, notice.NoConsent)
		}
	}
	equal(t, "listed", len(seen), most)
	equal(t, "counted", must(s.Count(t.Context(), st, record.Index{Name: record.Unreached}))(t), most)
	must(s.PutStation(t.Context(), &station.Station{ID: st, Version: 1}, 0))(t)
	equal(t, "gauge", must(s.Gauges(t.Context()))(t)[st].Undelivered, most)

	receivers := func(submission string) (list []string) {
		for _, u := range must(s.UndeliveredOf(t.Context(), st, []string{submission}))(t) {
			list = append(list, u.Receiver)
		}
		return list
	}
	// a1 begins as a10 to a19 and others do.
	equal(t, "about one", receivers(st+"-a1"), []string{"v"})
	equal(t, "about none", len(receivers(st+"-b1")), 0)
	equal(t, "among", must(s.UndeliveredOf(t.Context(), st, []string{st + "-a1", st + "-b1", st + "-a1499"}))(t), []record.Undelivered{untold(st+"-a1", "v", notice.VisitorReply, noon), untold(st+"-a1499", "v", notice.VisitorReply, noon.Add(1499/7*time.Second))})
	if err := s.DropUndelivered(t.Context(), st+"-a1", ""); err != nil {
		t.Fatal(err)
	}
	equal(t, "without one", must(s.Count(t.Context(), st, record.Index{Name: record.Unreached}))(t), most-1)
	equal(t, "about it", len(receivers(st+"-a1")), 0)

	// Data of before the index was kept.
	c := server.Client(t)
	if err := c.Del(t.Context(), "{"+st+"}:untold:x").Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.Set(t.Context(), "canary", "a", 0).Err(); err != nil { // format 1
		t.Fatal(err)
	}
	s.Seal(ring(t, "k1"), must(s.Mark(t.Context()))(t))
	if err := s.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	equal(t, "indexed anew", receivers(st+"-a7"), []string{"v"})
	equal(t, "all of them", int(must(c.ZCard(t.Context(), "{"+st+"}:untold:x").Result())(t)), most-1)
}

// TestNoticesByMsgID finds a message among the newest 2,000 and no further.
func TestNoticesByMsgID(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	tell := func(id, msg string, o notice.Outcome) {
		t.Helper()
		e := notice.Entry{ID: id, Submission: st + "-" + id, Purpose: notice.MemberNew, Member: "m1"}
		if err := s.EnqueueNotice(t.Context(), st, e, noon); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: o, MsgID: msg}, noon); err != nil {
			t.Fatal(err)
		}
	}
	tell("a", "100", notice.Sent)
	tell("c", "100", notice.Joined)
	tell("b", "", notice.Sent)
	found := must(s.NoticesByMsgID(t.Context(), st, "100"))(t)
	entry := notice.Entry{Submission: st + "-a", Purpose: notice.MemberNew, At: noon.UnixMilli()}
	joined := entry
	joined.Submission = st + "-c"
	equal(t, "found", found, []notice.Entry{joined, entry})
	if _, err := s.NoticesByMsgID(t.Context(), st, "101"); !fault.Is(err, fault.NotFound) {
		t.Errorf("another: %v", err)
	}
	c := server.Client(t)
	more := func(n int) {
		p := c.Pipeline()
		for range n {
			p.Do(t.Context(), "XADD", "{"+st+"}:told", "*", "s", "x", "p", "y", "w", "1")
		}
		if _, err := p.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	more(1998) // and "b": "c" is the last that is looked at
	if found, err := s.NoticesByMsgID(t.Context(), st, "100"); err != nil || len(found) != 1 {
		t.Errorf("the 2,000th: %v, %v", found, err)
	}
	more(1)
	if _, err := s.NoticesByMsgID(t.Context(), st, "100"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the 2,001st: %v", err)
	}
}

// TestLoadWithUndelivered: one round trip returns the submission and its listed receivers.
func TestLoadWithUndelivered(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	sub := admit(t, s, filing(1, "m1"))
	got, listed, err := s.LoadWithUndelivered(t.Context(), sub.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the submission", got, must(s.Load(t.Context(), sub.ID))(t))
	equal(t, "nobody", len(listed), 0)
	if err := s.PutUndelivered(t.Context(), untold(sub.ID, "m.m1", notice.MemberNew, noon)); err != nil {
		t.Fatal(err)
	}
	_, listed, err = s.LoadWithUndelivered(t.Context(), sub.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the member", listed, []string{"m.m1"})
	for _, id := range []string{"", "nothing", st + "-unknown"} {
		if _, _, err := s.LoadWithUndelivered(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

// TestUndeliveredDays: what is not told of a reception day stands on the list beside submissions, changes the day in the
// feed, and goes when its receiver is told.
func TestUndeliveredDays(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	const day = "20260717-r1"
	about := record.DayRef(st, day)
	visitor, member := untold(about, "b.b1", notice.VisitorBooking, noon), untold(about, "m.m1", notice.MemberDuty, noon)
	pos := must(s.Changes(t.Context(), st, ""))(t).Next
	for _, u := range []record.Undelivered{visitor, member, untold(record.DayRef(st, day+"0"), "b.b1", notice.VisitorBooking, noon)} {
		if err := s.PutUndelivered(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "of the day", must(s.UndeliveredOf(t.Context(), st, []string{about}))(t), []record.Undelivered{visitor, member})
	feed := must(s.Changes(t.Context(), st, pos))(t)
	equal(t, "changed", feed.Documents, []string{"day/" + day, "day/" + day + "0"})
	equal(t, "no submission", len(feed.IDs), 0)
	e := notice.Entry{ID: "n1", Day: day, Booking: "b1", Person: "u1", Purpose: notice.VisitorBooking, About: notice.AboutCancelled}
	if err := s.EnqueueNotice(t.Context(), st, e, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: notice.Sent, MsgID: "7"}, noon); err != nil {
		t.Fatal(err)
	}
	equal(t, "told", must(s.UndeliveredOf(t.Context(), st, []string{about}))(t), []record.Undelivered{member})
	equal(t, "found by the message", must(s.NoticesByMsgID(t.Context(), st, "7"))(t), []notice.Entry{
		{Day: day, Booking: "b1", Purpose: notice.VisitorBooking, About: notice.AboutCancelled, At: noon.UnixMilli()},
	})
	if err := s.DropUndelivered(t.Context(), about, ""); err != nil {
		t.Fatal(err)
	}
	equal(t, "dropped", len(must(s.UndeliveredOf(t.Context(), st, []string{about}))(t)), 0)
	for _, ref := range []string{st + "-day/", st + "-day/A", "x-day/" + day} {
		if err := s.PutUndelivered(t.Context(), untold(ref, "m.m1", notice.MemberDuty, noon)); err == nil {
			t.Errorf("%s is listed", ref)
		}
	}
}
