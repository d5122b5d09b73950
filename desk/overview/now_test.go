package overview_test

import (
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/rating"
	"mashang/domain/record"
	"mashang/domain/station"
)

// needsOf returns the ids in each group, and the groups in their order.
func needsOf(n overview.Now) (ids map[string][]string, order []string) {
	ids = map[string][]string{}
	for _, g := range n.Needs {
		order = append(order, g.Key)
		for _, m := range g.Items {
			ids[g.Key] = append(ids[g.Key], m.ID)
		}
	}
	return ids, order
}

func TestNowListsNeeds(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, sun := b.Visitor("visitor-1"), b.Liaison()
	member := b.Key(station.ForMember, "m01")
	now := func() overview.Now { return desktest.Must1(b.Overview.Now(t.Context(), sun))(t) }
	if n := now(); len(n.Needs) != 0 || len(n.Snoozed) != 0 || n.Arrived != 0 || n.Usual >= 0 {
		t.Fatalf("of nothing: %+v", n)
	}
	late := b.File(v, member)
	b.Clock.Advance(28*24*time.Hour + time.Hour)
	danger := b.File(v, member, desktest.WithText("有人落水了，快来救人"))
	held := b.File(b.Visitor("visitor-2"), member, desktest.WithText("测试复审 这里的路坏了"))
	n := now()
	got, order := needsOf(n)
	desktest.Same(t, "groups", got, map[string][]string{
		overview.NeedAlarm: {danger.ID}, overview.NeedOverdue: {late.ID}, overview.NeedHeld: {held.ID},
	})
	desktest.Same(t, "order", order, []string{overview.NeedAlarm, overview.NeedOverdue, overview.NeedHeld})
	desktest.Same(t, "arrived", n.Arrived, 2)
	desktest.Same(t, "usual", n.Usual, 0.25)
	for _, g := range n.Needs {
		all := desktest.Must1(b.Overview.Matters(t.Context(), sun, g.Filter, "", 100))(t)
		if all.Total < g.Total {
			t.Errorf("%s: %d here, %d in the list", g.Key, g.Total, all.Total)
		}
	}
	_, err := b.Overview.Now(t.Context(), v)
	denied(t, "a visitor", err, fault.Denied)
}

// TestAMatterStandsOnce: in its most urgent group, with what was said and to whom it would go; what is done leaves.
func TestAMatterStandsOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, sun := b.Visitor("visitor-1"), b.Liaison()
	member := b.Key(station.ForMember, "m01")
	groups := func() map[string][]string {
		ids, _ := needsOf(desktest.Must1(b.Overview.Now(t.Context(), sun))(t))
		return ids
	}
	s := b.File(v, member, desktest.Phone("13800138000"))
	holder := b.Member(s.Assignee)
	b.Act(holder, s.ID, casework.Return{Reason: "不归我管"})
	desktest.Same(t, "returned", groups(), map[string][]string{overview.NeedReturned: {s.ID}})
	n := desktest.Must1(b.Overview.Now(t.Context(), sun))(t)
	m := n.Needs[0].Items[0]
	if m.Note != holder.Name+"委员退回：不归我管" || m.Proposed == nil || m.Proposed.ID == holder.ID || len(m.Proposed.For) == 0 {
		t.Errorf("note %q, proposed %+v", m.Note, m.Proposed)
	}
	b.Clock.Advance(24 * time.Hour)
	desktest.Same(t, "nobody was in touch", groups(), map[string][]string{overview.NeedUncontacted: {s.ID}})
	b.Act(sun, s.ID, casework.Assign{To: m.Proposed.ID, Reason: "按规则推荐"})
	b.Act(b.Member(m.Proposed.ID), s.ID, casework.Accept{})
	desktest.Same(t, "in hand", groups(), map[string][]string{})
	b.Act(b.Member(m.Proposed.ID), s.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	b.Act(v, s.ID, casework.Rate{Verdict: rating.Not, Reason: "没有人来"})
	desktest.Same(t, "rated low", groups(), map[string][]string{overview.NeedFollowUp: {s.ID}})
	b.Act(sun, s.ID, casework.FollowUp{Result: rating.NotReached})
	n = desktest.Must1(b.Overview.Now(t.Context(), sun))(t)
	if m := n.Needs[0].Items[0]; m.Note != "没有人来" || m.Calls != 1 {
		t.Errorf("note %q after %d calls", m.Note, m.Calls)
	}
	b.Act(sun, s.ID, casework.FollowUp{Result: rating.ToReopen, Text: "水管又漏了"})
	desktest.Same(t, "reopened", groups(), map[string][]string{overview.NeedReopened: {s.ID}})
	b.Act(b.Member(m.Proposed.ID), s.ID, casework.Accept{})
	desktest.Same(t, "in hand again", groups(), map[string][]string{})
}

// TestALowRatingIsFollowedUpForSixtyDays from the rating on, however long ago it was filed.
func TestALowRatingIsFollowedUpForSixtyDays(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, sun, m := b.Visitor("visitor-1"), b.Liaison(), b.Member("m01")
	groups := func() map[string][]string {
		ids, _ := needsOf(desktest.Must1(b.Overview.Now(t.Context(), sun))(t))
		return ids
	}
	id := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone("13800138000")).ID
	b.Act(m, id, casework.Accept{})
	b.Clock.Advance(70 * 24 * time.Hour)
	b.Act(m, id, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	b.Act(v, id, casework.Rate{Verdict: rating.Not, Reason: "没有人来"})
	b.Clock.Advance(59 * 24 * time.Hour)
	desktest.Same(t, "on the 59th day", groups(), map[string][]string{overview.NeedFollowUp: {id}})
	b.Clock.Advance(2 * 24 * time.Hour)
	desktest.Same(t, "on the 61st day", groups(), map[string][]string{})
}

// TestSnoozeIsTheCallersAlone: until its time, or until the matter changes.
func TestSnoozeIsTheCallersAlone(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, sun := b.Visitor("visitor-1"), b.Liaison()
	member := b.Key(station.ForMember, "m01")
	shown := func() (needs, snoozed int) {
		n := desktest.Must1(b.Overview.Now(t.Context(), sun))(t)
		for _, g := range n.Needs {
			needs += g.Total
		}
		return needs, len(n.Snoozed)
	}
	want := func(what string, needs, snoozed int) {
		t.Helper()
		if a, z := shown(); a != needs || z != snoozed {
			t.Errorf("%s: %d shown and %d snoozed, want %d and %d", what, a, z, needs, snoozed)
		}
	}
	one, two := b.File(v, member), b.File(v, member)
	for _, s := range []matters.View{one, two} {
		b.Act(b.Member(s.Assignee), s.ID, casework.Return{Reason: "不归我管"})
	}
	snooze := func(id string, version int, until time.Time) error {
		return b.Overview.Snooze(t.Context(), sun, id, version, until)
	}
	later := b.Clock.Now().Add(time.Hour)
	for _, s := range []matters.View{one, two} {
		if err := snooze(s.ID, 2, later); err != nil {
			t.Fatal(err)
		}
	}
	want("snoozed", 0, 2)
	if err := b.Overview.Unsnooze(t.Context(), sun, one.ID); err != nil {
		t.Fatal(err)
	}
	want("one is back", 1, 1)
	b.Act(v, two.ID, casework.Message{Text: "还在漏水"})
	want("one has changed", 2, 0)
	if err := snooze(one.ID, 2, later); err != nil {
		t.Fatal(err)
	}
	want("snoozed again", 1, 1)
	b.Clock.Advance(time.Hour + time.Minute)
	want("the time is over", 2, 0)

	denied(t, "the past", snooze(one.ID, 2, b.Clock.Now()), fault.Invalid)
	denied(t, "tomorrow", snooze(one.ID, 2, b.Clock.Now().AddDate(0, 0, 1)), fault.Invalid)
	denied(t, "no matter", snooze(one.Station+"-none", 1, b.Clock.Now().Add(time.Minute)), fault.NotFound)
	denied(t, "a member", b.Overview.Snooze(t.Context(), b.Member("m01"), one.ID, 2, b.Clock.Now().Add(time.Minute)), fault.Denied)
	denied(t, "a member", b.Overview.Unsnooze(t.Context(), b.Member("m01"), one.ID), fault.Denied)
	danger := b.File(v, member, desktest.WithText("有人落水了，快来救人"))
	denied(t, "a danger", snooze(danger.ID, 1, b.Clock.Now().Add(time.Minute)), fault.WrongState)
}

func TestViewersAreShownToStaff(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	sun := b.Liaison()
	s := b.File(b.Visitor("visitor-1"), b.Key(station.ForMember, "m01"))
	if err := b.Overview.StartViewing(t.Context(), sun, s.ID); err != nil {
		t.Fatal(err)
	}
	want := []overview.Viewer{{Submission: s.ID, ID: sun.ID, Name: sun.Name, Self: true}}
	desktest.Same(t, "looking", desktest.Must1(b.Overview.Viewers(t.Context(), sun))(t), want)
	b.Clock.Advance(31 * time.Second)
	desktest.Same(t, "forgotten", desktest.Must1(b.Overview.Viewers(t.Context(), sun))(t), []overview.Viewer{})
	if err := b.Overview.StartViewing(t.Context(), sun, s.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.Overview.StopViewing(t.Context(), sun, s.ID); err != nil {
		t.Fatal(err)
	}
	desktest.Same(t, "away", desktest.Must1(b.Overview.Viewers(t.Context(), sun))(t), []overview.Viewer{})
	denied(t, "a member", b.Overview.StartViewing(t.Context(), b.Member("m01"), s.ID), fault.Denied)
	denied(t, "no matter", b.Overview.StartViewing(t.Context(), sun, s.Station+"-none"), fault.NotFound)
	denied(t, "another station's", b.Overview.StopViewing(t.Context(), sun, "zz-none"), fault.NotFound)
}

func TestChangesAfterAPosition(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	sun := b.Liaison()
	at := desktest.Must1(b.Overview.Changes(t.Context(), sun, ""))(t)
	s := b.File(b.Visitor("visitor-1"), b.Key(station.ForMember, "m01"))
	ch := desktest.Must1(b.Overview.Changes(t.Context(), sun, at.Next))(t)
	desktest.Same(t, "filed", ch.IDs, []string{s.ID})
	b.Act(b.Member(s.Assignee), s.ID, casework.Accept{})
	ch = desktest.Must1(b.Overview.Changes(t.Context(), sun, ch.Next))(t)
	desktest.Same(t, "accepted", ch.IDs, []string{s.ID})
	listed := func() int {
		return desktest.Must1(b.Overview.Matters(t.Context(), sun, overview.MatterFilter{}, "", 0))(t).Total
	}
	desktest.Same(t, "listed", listed(), 1)
	day := record.Document{Kind: record.DocumentDay, ID: "2026-07-22", Body: []byte("{}")}
	if ok, err := b.Store.CommitDocuments(t.Context(), s.Station, record.DocumentChange{Writes: []record.Document{day}}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	ch = desktest.Must1(b.Overview.Changes(t.Context(), sun, ch.Next))(t)
	desktest.Same(t, "no submission", listed(), 1)
	desktest.Same(t, "a document", ch, record.FeedPage{Documents: []string{"day/2026-07-22"}, Next: ch.Next})
	_, err := b.Overview.Changes(t.Context(), b.Member("m01"), "")
	denied(t, "a member", err, fault.Denied)
}

func denied(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}
