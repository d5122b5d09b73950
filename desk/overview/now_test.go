package overview_test

import (
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/overview"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestNowListsNeeds(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, sun := b.Visitor("visitor-1"), b.Liaison()
	member := b.Key(station.ForMember, "m01")
	n := desktest.Must1(b.Overview.Now(t.Context(), sun))(t)
	if len(n.Needs) != 0 || n.Arrived != 0 || n.Usual >= 0 {
		t.Fatalf("of nothing: %+v", n)
	}
	late := b.File(v, member)
	b.Clock.Advance(28*24*time.Hour + time.Hour)
	danger := b.File(v, member, desktest.WithText("有人落水了，快来救人"))
	held := b.File(b.Visitor("visitor-2"), member, desktest.WithText("测试复审 这里的路坏了"))
	n = desktest.Must1(b.Overview.Now(t.Context(), sun))(t)
	got := map[string][]string{}
	var order []string
	for _, x := range n.Needs {
		order = append(order, x.Key)
		for _, m := range x.Items {
			got[x.Key] = append(got[x.Key], m.ID)
		}
		all := desktest.Must1(b.Overview.Matters(t.Context(), sun, x.Filter, "", 100))(t)
		if all.Total != x.Total {
			t.Errorf("%s: %d here, %d in the list", x.Key, x.Total, all.Total)
		}
	}
	desktest.Same(t, "alarms", got[overview.NeedAlarm], []string{danger.ID})
	desktest.Same(t, "held", got[overview.NeedHeld], []string{held.ID})
	if len(got[overview.NeedOverdue]) == 0 || got[overview.NeedOverdue][0] != late.ID {
		t.Errorf("overdue: %v", got[overview.NeedOverdue])
	}
	if order[0] != overview.NeedAlarm || order[1] != overview.NeedOverdue {
		t.Errorf("order: %v", order)
	}
	desktest.Same(t, "arrived", n.Arrived, 2)
	desktest.Same(t, "usual", n.Usual, 0.25)
	_, err := b.Overview.Now(t.Context(), v)
	denied(t, "a visitor", err, fault.Denied)
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
	_, err := b.Overview.Changes(t.Context(), b.Member("m01"), "")
	denied(t, "a member", err, fault.Denied)
}

func denied(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}
