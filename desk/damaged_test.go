package desk_test

import (
	"slices"
	"testing"
	"time"

	"mashang/desk/audit"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/record"
	"mashang/domain/station"
)

// A record that a disk or a lost key made unreadable harms itself alone.

// broken makes a submission unreadable until mend is called.
func (b *bundle) broken(id string) (mend func()) {
	b.t.Helper()
	c, key := b.server.Client(b.t), "{"+here+"}:s:"+id[len(here)+1:]
	value, err := c.Get(b.t.Context(), key).Result()
	if err != nil {
		b.t.Fatal(err)
	}
	b.damage(id)
	return func() {
		b.t.Helper()
		if err := c.Set(b.t.Context(), key, value, 0).Err(); err != nil {
			b.t.Fatal(err)
		}
	}
}

// TestUntoldKeepsWhatCannotBeRead: it may be open, so somebody is still to be told.
func TestUntoldKeepsWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	b, s := withNotice(t)
	gone := b.file(b.visitor("traveller"), b.key(station.ForMember, "m01"), says("另外一件事情，和别人的都不一样"))
	b.deliver()
	b.wantUntold("陈一 member_new", "陈一 member_new")
	mend := b.broken(s.ID)
	if err := b.server.Client(t).Del(t.Context(), "{"+here+"}:s:"+gone.ID[len(here)+1:]).Err(); err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(400 * 24 * time.Hour)
	if n, err := b.Delivery.ExpireUntold(t.Context(), here); err != nil || n != 2 {
		t.Errorf("looked at %d, %v", n, err)
	}
	list, err := b.Overview.UntoldList(t.Context(), b.liaison(), "", 10)
	if err != nil || len(list.Items) != 0 || list.Unread != 1 {
		t.Errorf("while it cannot be read: %+v, %v", list, err)
	}
	mend()
	b.wantUntold("陈一 member_new")
}

// TestADamagedFollowerKeepsNobodyFromHearing: the others hear, and so does it once it
// can be read.
func TestADamagedFollowerKeepsNobodyFromHearing(t *testing.T) {
	t.Parallel()
	for _, end := range []access.Action{access.Reply, access.Withdraw} {
		b := setup(t)
		first, key := b.visitor("villager"), b.key(station.ForMember, "m01")
		lead := b.file(first, key, says(lampText))
		var ids []string
		for _, who := range []string{"neighbour-0", "neighbour-1", "neighbour-2"} {
			c := b.visitor(who)
			ids = append(ids, b.file(c, key, says(lampText), sameAs(b.offered(c, key))).ID)
		}
		mend := b.broken(ids[0])
		if end == access.Reply {
			b.act(b.member("m01"), lead.ID, access.Accept)
			b.act(b.member("m01"), lead.ID, access.Reply, text("灯明天修好"))
		} else {
			b.act(first, lead.ID, access.Withdraw)
		}
		heard := func(id string) bool {
			s := b.load(id)
			if end == access.Reply {
				return s.State == casework.Answered
			}
			return s.Lead != lead.ID && s.State == casework.Assigned
		}
		b.sweep()
		version := b.load(lead.ID).Version
		b.sweep()
		if !heard(ids[1]) {
			t.Errorf("%s: the second did not hear: %+v", end, b.load(ids[1]))
		}
		if got := b.load(lead.ID).Version; got != version {
			t.Errorf("%s: each round writes the lead anew: %d, then %d", end, version, got)
		}
		mend()
		b.sweep()
		if !heard(ids[0]) {
			t.Errorf("%s: it did not hear once it could be read: %+v", end, b.load(ids[0]))
		}
		if n := b.server.Client(t).ZCard(t.Context(), "{"+here+"}:relay").Val(); n != 0 {
			t.Errorf("%s: %d are on the list still", end, n)
		}
		b.consistent()
	}
}

// TestAPhotoBesideADamagedMatter is shown by the other matter it came with, held
// before its liaison, and let go of.
func TestAPhotoBesideADamagedMatter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, key := b.visitor("villager"), b.key(station.ForMember, "m01")
	photo := b.photo(v, 1)
	broken := b.file(v, key, showing(photo))
	b.clock.Advance(time.Minute)
	b.file(v, key, showing(photo), says("照片里的另外一件事情，也请看看"))
	b.damage(broken.ID)
	if _, err := b.store.Judge(t.Context(), photo, record.Passed, false); err != nil {
		t.Fatal(err)
	}
	b.opens(b.member("m01"), photo, true)
	if err := b.Matters.DecidePhoto(t.Context(), b.liaison(), photo, false, "看不清"); err != nil {
		t.Error("the liaison's word:", err)
	}
}

// TestForgetBesideADamagedMatter: a matter of somebody's that cannot be read, and may
// show a photo, keeps that photo, and neither the others nor the person.
func TestForgetBesideADamagedMatter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, v, m := t.Context(), b.visitor("villager"), b.member("m01")
	s := b.file(v, b.key(station.ForMember, "m01"))
	b.act(m, s.ID, access.Accept)
	answer, unsent := b.photo(m, 1), b.photo(m, 2)
	b.act(m, s.ID, access.Reply, text("看照片"), func(r *matters.ActRequest) { r.Photos = []string{answer} })
	in, err := b.Identity.IssueInvite(ctx, record.Invite{Station: here, Role: string(access.Member), Ref: "m01"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Bind(ctx, b.visitor("the-successor"), in.Code); err != nil {
		t.Fatal(err)
	}
	mend, hash := b.broken(s.ID), b.hash(unsent)
	m.Role, m.Station, m.ID = access.Visitor, "", ""
	b.forget(m)
	b.noUpload("what nothing shows", unsent, hash)
	if left, err := b.Privacy.FinishErasures(ctx); err != nil || left != 1 {
		t.Errorf("while it is damaged: %d left, %v", left, err)
	}
	mend()
	if left, err := b.Privacy.FinishErasures(ctx); err != nil || left != 0 {
		t.Errorf("once it is repaired: %d left, %v", left, err)
	}
	if u, err := b.store.Upload(ctx, answer); err != nil || u.Owner == m.Person {
		t.Errorf("%+v, %v", u, err)
	}
	if _, err := b.store.Judge(ctx, answer, record.Passed, false); err != nil {
		t.Fatal(err)
	}
	b.opens(v, answer, true)
}

// TestListsBesideADamagedMatter: each list shows the others and says how many are
// missing.
func TestListsBesideADamagedMatter(t *testing.T) {
	t.Parallel()
	b, s := withNotice(t)
	l := b.liaison()
	other := b.file(b.visitor("traveller"), b.key(station.ForMember, "m01"), says("另外一件事情，和别人的都不一样"))
	b.deliver()
	id := b.wantUntold("陈一 member_new", "陈一 member_new")[0].ID
	q := overview.FigureQuery{Figure: "filed", Part: figures.PartYes}
	if p, err := b.Overview.FigureList(t.Context(), l, q, "", 10); err != nil || len(p.Items) != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := b.Overview.TickUntold(t.Context(), l, id, ""); err != nil {
		t.Fatal(err)
	}
	b.damage(s.ID)
	p, err := b.Overview.FigureList(t.Context(), l, q, "", 10)
	if err != nil || p.Unread != 1 || !slices.ContainsFunc(p.Items, func(v matters.View) bool { return v.ID == other.ID }) {
		t.Errorf("figures: %d, %d unread, %v", len(p.Items), p.Unread, err)
	}
	lines, err := b.Audit.AuditList(t.Context(), l, audit.Filter{}, "", 10)
	if err != nil || len(lines.Items) == 0 {
		t.Errorf("audit: %+v, %v", lines, err)
	}
}
