package listing_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mashang/desk/desktest"
	"mashang/desk/listing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// TestInboxSummary: each who owes something sees how much, and what of it is late for them; the place moves
// with each act of the station and stays without one.
func TestInboxSummary(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	v, m, dep, other := b.Visitor("villager"), b.Member("m01"), b.Department(), b.Member("m03")
	summary := func(c access.Caller) listing.InboxSummary {
		t.Helper()
		n, err := b.Listing.InboxSummary(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if n.Place == "" {
			t.Errorf("%s has no place in the feed", c.Role)
		}
		return n
	}
	want := func(c access.Caller, want listing.InboxSummary) {
		t.Helper()
		if diff := gocmp.Diff(want, summary(c), cmpopts.IgnoreFields(listing.InboxSummary{}, "Place")); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.Role, c.ID, diff)
		}
	}
	for _, c := range []access.Caller{m, other, dep, b.Liaison()} {
		want(c, listing.InboxSummary{})
	}
	var ids []string
	for range lateMany {
		ids = append(ids, b.File(v, b.Key(station.ForMember, "m01")).ID)
	}
	paused := b.File(v, b.Key(station.ForMember, "m01"))
	b.Act(m, paused.ID, casework.Ask{Text: "是哪一天？"})
	b.Act(m, ids[0], asking(func(a *casework.AskAssist) { a.Department = "d01" }))
	b.Act(m, ids[1], asking(func(a *casework.AskAssist) { a.Department = "d01" }))
	b.Act(m, ids[1], asking(func(a *casework.AskAssist) { a.Member = "m03" }))
	b.Act(dep, ids[1], casework.Contribute{Text: "已核实"})
	want(m, listing.InboxSummary{Todo: lateMany + 1})
	want(dep, listing.InboxSummary{Todo: 1})
	want(other, listing.InboxSummary{Assists: 1})

	before := summary(m).Place
	if again := summary(m).Place; again != before {
		t.Errorf("the place moved from %s to %s by itself", before, again)
	}
	b.Clock.Set(desktest.At(22, 9, 0).AddDate(0, 0, 60))
	fresh := b.File(v, b.Key(station.ForMember, "m01"))
	if after := summary(m).Place; after == before {
		t.Errorf("the place stays at %s after a filing", before)
	}
	// Neither the paused nor the fresh one is late, and more are than one reading holds.
	want(m, listing.InboxSummary{Todo: lateMany + 2, Late: lateMany})
	want(dep, listing.InboxSummary{Todo: 1, Late: 1})
	want(other, listing.InboxSummary{Assists: 1, AssistsLate: 1})
	b.Act(m, fresh.ID, casework.Accept{})
	b.Act(m, fresh.ID, casework.Close{Outcome: casework.Explained, Text: "已说明"})
	want(m, listing.InboxSummary{Todo: lateMany + 1, Late: lateMany})

	b.File(v, b.Key(station.ForPlace, "p1"), desktest.WithText("码头有人落水，快来救人"))
	if got := summary(b.Liaison()); got.Alarms != 1 {
		t.Errorf("the liaison sees %+v after a cry for help", got)
	}
	if got := summary(m); got.Alarms != 0 {
		t.Errorf("a member sees the station's alarms: %+v", got)
	}
	for _, c := range []access.Caller{v, b.Admin()} {
		if _, err := b.Listing.InboxSummary(t.Context(), c); !fault.Is(err, fault.Denied) {
			t.Errorf("%s has an inbox: %v", c.Role, err)
		}
	}
	if _, err := b.Listing.InboxSummary(t.Context(), access.Caller{}); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody has an inbox: %v", err)
	}
}

// asking asks somebody to assist for two working days.
func asking(whom func(*casework.AskAssist)) casework.AskAssist {
	a := casework.AskAssist{Days: 2, Text: "请核实价格"}
	whom(&a)
	return a
}

// lateMany is more than one batch of counting late ones reads.
const lateMany = 12
