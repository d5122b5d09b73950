package desk_test

import (
	"slices"
	"testing"
	"time"

	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestUndeliveredKeepsUnreadableSubmissions: an unreadable submission may be open, so its entries stay.
func TestUndeliveredKeepsUnreadableSubmissions(t *testing.T) {
	t.Parallel()
	b, s := desktest.WithNotice(t)
	gone := b.File(b.Visitor("traveller"), b.Key(station.ForMember, "m01"), desktest.WithText("另外一件事情，和别人的都不一样"))
	b.Deliver()
	b.WantUndelivered("陈一 member_new", "陈一 member_new")
	mend := b.Break(s.ID)
	if err := b.Server.Client(t).Del(t.Context(), "{"+desktest.Here+"}:s:"+gone.ID[len(desktest.Here)+1:]).Err(); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(400 * 24 * time.Hour)
	if n, err := b.Delivery.ExpireUndelivered(t.Context(), desktest.Here); err != nil || n != 2 {
		t.Errorf("looked at %d, %v", n, err)
	}
	list, err := b.Overview.UndeliveredList(t.Context(), b.Liaison(), "", 10)
	if err != nil || len(list.Items) != 0 || list.Unread != 1 {
		t.Errorf("while it cannot be read: %+v, %v", list, err)
	}
	mend()
	b.WantUndelivered("陈一 member_new")
}

// TestADamagedFollowerDoesNotStopTheRelay: the other followers are notified, and the damaged one once it is
// readable.
func TestADamagedFollowerDoesNotStopTheRelay(t *testing.T) {
	t.Parallel()
	for _, end := range []access.Action{access.Reply, access.Withdraw} {
		b := desktest.Setup(t)
		first, key := b.Visitor("villager"), b.Key(station.ForMember, "m01")
		lead := b.File(first, key, desktest.WithText(desktest.LampText))
		var ids []string
		for _, who := range []string{"neighbour-0", "neighbour-1", "neighbour-2"} {
			c := b.Visitor(who)
			ids = append(ids, b.File(c, key, desktest.WithText(desktest.LampText), desktest.SameAs(b.FirstOffer(c, key))).ID)
		}
		mend := b.Break(ids[0])
		if end == access.Reply {
			b.Act(b.Member("m01"), lead.ID, casework.Accept{})
			b.Act(b.Member("m01"), lead.ID, casework.Reply{Text: "灯明天修好"})
		} else {
			b.Act(first, lead.ID, casework.Withdraw{})
		}
		heard := func(id string) bool {
			s := b.Load(id)
			if end == access.Reply {
				return s.State == casework.Answered
			}
			return s.Lead != lead.ID && s.State == casework.Assigned
		}
		b.Sweep()
		version := b.Load(lead.ID).Version
		b.Sweep()
		if !heard(ids[1]) {
			t.Errorf("%s: the second did not hear: %+v", end, b.Load(ids[1]))
		}
		if got := b.Load(lead.ID).Version; got != version {
			t.Errorf("%s: each round writes the lead anew: %d, then %d", end, version, got)
		}
		mend()
		b.Sweep()
		if !heard(ids[0]) {
			t.Errorf("%s: it did not hear once it could be read: %+v", end, b.Load(ids[0]))
		}
		if n := b.Server.Client(t).ZCard(t.Context(), "{"+desktest.Here+"}:relay").Val(); n != 0 {
			t.Errorf("%s: %d are on the list still", end, n)
		}
		b.CheckConsistent()
	}
}

// TestAPhotoBesideADamagedSubmission is shown by the photo's other submission, held before its liaison, and
// released.
func TestAPhotoBesideADamagedSubmission(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, key := b.Visitor("villager"), b.Key(station.ForMember, "m01")
	photo := b.Photo(v, 1)
	broken := b.File(v, key, desktest.Showing(photo))
	b.Clock.Advance(time.Minute)
	b.File(v, key, desktest.Showing(photo), desktest.WithText("照片里的另外一件事情，也请看看"))
	b.Damage(broken.ID)
	if _, err := b.Store.Judge(t.Context(), photo, record.Passed, false); err != nil {
		t.Fatal(err)
	}
	b.WantOpens(b.Member("m01"), photo, true)
	if err := b.Matters.DecidePhoto(t.Context(), b.Liaison(), photo, false, "看不清"); err != nil {
		t.Error("the liaison's word:", err)
	}
}

// TestEraseBesideADamagedSubmission: an unreadable submission of a person, which may show a photo, keeps that
// photo, but not the others and not the person.
func TestEraseBesideADamagedSubmission(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx, v, m := t.Context(), b.Visitor("villager"), b.Member("m01")
	s := b.File(v, b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, casework.Accept{})
	answer, unsent := b.Photo(m, 1), b.Photo(m, 2)
	b.Act(m, s.ID, casework.Reply{Text: "看照片", Photos: []string{answer}})
	in, err := b.Identity.IssueInvite(ctx, record.Invite{Station: desktest.Here, Role: string(access.Member), Ref: "m01"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Bind(ctx, b.Visitor("the-successor"), in.Code); err != nil {
		t.Fatal(err)
	}
	mend, hash := b.Break(s.ID), b.Hash(unsent)
	m.Role, m.Station, m.ID = access.Visitor, "", ""
	b.Erase(m)
	b.NoUpload("what nothing shows", unsent, hash)
	if left, err := b.Privacy.FinishErasures(ctx); err != nil || left != 1 {
		t.Errorf("while it is damaged: %d left, %v", left, err)
	}
	mend()
	if left, err := b.Privacy.FinishErasures(ctx); err != nil || left != 0 {
		t.Errorf("once it is repaired: %d left, %v", left, err)
	}
	if u, err := b.Store.Upload(ctx, answer); err != nil || u.Owner == m.Person {
		t.Errorf("%+v, %v", u, err)
	}
	if _, err := b.Store.Judge(ctx, answer, record.Passed, false); err != nil {
		t.Fatal(err)
	}
	b.WantOpens(v, answer, true)
}

// TestListsBesideADamagedSubmission: each list shows the others and says how many are
// missing.
func TestListsBesideADamagedSubmission(t *testing.T) {
	t.Parallel()
	b, s := desktest.WithNotice(t)
	l := b.Liaison()
	other := b.File(b.Visitor("traveller"), b.Key(station.ForMember, "m01"), desktest.WithText("另外一件事情，和别人的都不一样"))
	b.Deliver()
	id := b.WantUndelivered("陈一 member_new", "陈一 member_new")[0].ID
	q := overview.FigureQuery{Figure: "filed", Part: figures.PartYes}
	if p, err := b.Overview.FigureList(t.Context(), l, q, "", 10); err != nil || len(p.Items) != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := b.Overview.ResolveUndelivered(t.Context(), l, id, ""); err != nil {
		t.Fatal(err)
	}
	b.Damage(s.ID)
	p, err := b.Overview.FigureList(t.Context(), l, q, "", 10)
	if err != nil || p.Unread != 1 || !slices.ContainsFunc(p.Items, func(v matters.View) bool { return v.ID == other.ID }) {
		t.Errorf("figures: %d, %d unread, %v", len(p.Items), p.Unread, err)
	}
	lines, err := b.Audit.AuditList(t.Context(), l, audit.Filter{}, "", 10)
	if err != nil || len(lines.Items) == 0 {
		t.Errorf("audit: %+v, %v", lines, err)
	}
}
