package matters_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// spotOf returns the key of a code that stands at one spot.
func spotOf(b *desktest.Bundle) string { return b.Key(station.ForRoom, "r1") }

// TestSimilarListsTheSameSpotAndWeekFirst: whatever was filed there, before what is alike as a text elsewhere.
func TestSimilarListsTheSameSpotAndWeekFirst(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l := b.Visitor("villager"), b.Liaison()
	old := b.File(v, spotOf(b), desktest.WithText("这里上个月的事，和别的都不像"))
	b.Clock.Advance(8 * 24 * time.Hour)
	elsewhere := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("停车多收了我二十，牌子写十元"))
	one := b.File(v, spotOf(b), desktest.WithText("停车多收了我二十，牌子写十元"))
	two := b.File(v, spotOf(b), desktest.WithText("收费员不给票"))
	got, err := b.Matters.Similar(t.Context(), l, one.ID)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, o := range got {
		ids = append(ids, o.ID)
		if o.Near != (o.ID == two.ID) || o.Number == "" || o.Text == "" {
			t.Errorf("%+v", o)
		}
	}
	if want := fmt.Sprint([]string{two.ID, elsewhere.ID}); fmt.Sprint(ids) != want {
		t.Errorf("got %v, want %s; old is %s", ids, want, old.ID)
	}
}

// TestMergeTakesANumber, whole or its last part, unless several have that.
func TestMergeTakesANumber(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l, key := b.Visitor("villager"), b.Liaison(), b.Key(station.ForMember, "m01")
	lead := b.File(v, key, desktest.WithText("北街的路灯坏了半个月"))
	_, end, _ := strings.Cut(lead.Number, "-")
	for i, into := range []string{lead.Number, " " + end + " ", "编号" + end, lead.ID} {
		s := b.File(v, key, desktest.WithText(fmt.Sprintf("北街第 %d 盏路灯不亮", i)))
		got, err := b.Matters.Merge(t.Context(), l, s.ID, into, b.Load(s.ID).Version, "同一处")
		if err != nil || got.Lead != lead.ID {
			t.Errorf("%q: %+v, %v", into, got.Lead, err)
		}
	}
	b.Clock.Advance(24 * time.Hour)
	other := b.File(v, key, desktest.WithText("另一天的第一件事情"))
	if !strings.HasSuffix(other.Number, "-"+end) {
		t.Fatalf("%s does not end as %s", other.Number, lead.Number)
	}
	s := b.File(v, key, desktest.WithText("再来一件不一样的事"))
	for _, into := range []string{end, "9999", "没有这个"} {
		if _, err := b.Matters.Merge(t.Context(), l, s.ID, into, b.Load(s.ID).Version, "同一处"); !fault.Is(err, fault.Invalid) || fmt.Sprint(desktest.FieldsOf(err)) != "[into]" {
			t.Errorf("%q: %v", into, err)
		}
	}
}

// TestTheLiaisonIsOfferedNumberAndWords while writing down what somebody says, and may let it join what a
// visitor could not.
func TestTheLiaisonIsOfferedNumberAndWords(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), spotOf(b)
	lead := b.File(b.Visitor("villager"), key, desktest.WithText(desktest.LampText), desktest.OnBehalf)
	if offers, err := b.Matters.OfferSimilar(t.Context(), b.Visitor("neighbour"), key, desktest.LampText, nil); err != nil || len(offers) != 0 {
		t.Errorf("a visitor is offered what was filed for somebody: %+v, %v", offers, err)
	}
	offers, err := b.Matters.OfferSimilar(t.Context(), l, key, desktest.LampText, nil)
	if err != nil || len(offers) != 1 || offers[0].Number != lead.Number || offers[0].Text != lead.Text || offers[0].ID != lead.ID || offers[0].Token == "" {
		t.Fatalf("%+v, %v", offers, err)
	}
	if offers, err := b.Matters.OfferSimilar(t.Context(), b.Bound(desktest.There, access.Liaison, "l01"), key, desktest.LampText, nil); err != nil || len(offers) != 0 {
		t.Errorf("another station's liaison is offered %+v, %v", offers, err)
	}
	got := b.File(l, key, desktest.WithText(desktest.LampText), desktest.OnBehalf, desktest.SameAs(offers[0].Token))
	if joined := b.Load(got.ID); joined.Lead != lead.ID {
		t.Errorf("it follows %q", joined.Lead)
	}
}

// TestWorksheet names those that a submission goes on with, to the station's liaison alone.
func TestWorksheet(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l, key := b.Visitor("villager"), b.Liaison(), b.Key(station.ForMember, "m01")
	lead, other := b.File(v, key, desktest.WithText("带头的一件事情")), b.File(v, key, desktest.WithText("跟着的一件事情"))
	if _, err := b.Matters.Merge(t.Context(), l, other.ID, lead.ID, b.Load(other.ID).Version, "同一处"); err != nil {
		t.Fatal(err)
	}
	for id, linked := range map[string]matters.View{lead.ID: other, other.ID: lead} {
		w, err := b.Matters.Worksheet(t.Context(), l, id)
		if err != nil || len(w.Linked) != 1 || w.Linked[0].Number != linked.Number || w.Linked[0].Text != linked.Text {
			t.Fatalf("%+v, %v", w.Linked, err)
		}
		if !strings.HasSuffix(string(w.QR), "/console/matters/"+id) {
			t.Errorf("the code leads to %s", w.QR)
		}
	}
	for who, c := range map[string]access.Caller{"the filer": v, "the member": b.Member("m01")} {
		if _, err := b.Matters.Worksheet(t.Context(), c, lead.ID); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if _, err := b.Matters.Worksheet(t.Context(), b.Bound(desktest.There, access.Liaison, "l01"), lead.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another station's liaison: %v", err)
	}
}

// TestDossierHasWhoElseFiled, with their numbers each under a line of its own, and who was asked to take part.
func TestDossierHasWhoElseFiled(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l, key := b.Visitor("villager"), b.Liaison(), b.Key(station.ForMember, "m01")
	lead := b.File(v, key, desktest.WithText("车场多收了我十元"), desktest.Phone("13800138000"))
	other := b.File(b.Visitor("neighbour"), key, desktest.WithText("同一个车场也多收我二十"), desktest.Phone("13900139000"))
	if _, err := b.Matters.Merge(t.Context(), l, other.ID, lead.ID, b.Load(other.ID).Version, "同一处"); err != nil {
		t.Fatal(err)
	}
	b.Department()
	b.Act(l, lead.ID, casework.AskAssist{Department: "d01", Text: "内部的请求"})
	ask := func(contacts bool) string {
		pdf, _, err := b.Matters.Dossier(t.Context(), l, lead.ID, matters.DossierRequest{
			Reason: "移交", Contacts: contacts, Timeline: func(*matters.View) []string { return nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		return printed(t, pdf)
	}
	plain := ask(false)
	for _, want := range []string{"车场多收了我十元", "同一个车场也多收我二十", other.Number, "一起办理的诉求（1／1）", "请求协办"} {
		if !strings.Contains(plain, want) {
			t.Errorf("%s is not in it:\n%s", want, plain)
		}
	}
	for _, never := range []string{"13800138000", "13900139000", "内部的请求"} {
		if strings.Contains(plain, never) {
			t.Errorf("%s is in it", never)
		}
	}
	full := ask(true)
	if !strings.Contains(full, "13800138000") || !strings.Contains(full, "13900139000") {
		t.Errorf("with contacts:\n%s", full)
	}
	lines := fmt.Sprint(b.AuditTrail())
	if strings.Count(lines, "dossier-contacts") != 2 || !strings.Contains(lines, other.ID) {
		t.Errorf("written down: %s", lines)
	}
}

// TestTheEndOfANumberIsNoWordOfAText: many texts with the same digits neither hide the number nor make another one the
// only one.
func TestTheEndOfANumberIsNoWordOfAText(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), b.Key(station.ForMember, "m01")
	old := b.File(b.Visitor("villager"), key, desktest.WithText("第一天的第一件事情")).ID
	for i := range 55 {
		b.File(b.Visitor(fmt.Sprintf("visitor%02d", i)), key, desktest.WithText(fmt.Sprintf("价目牌编号0001写错了%d", i)))
	}
	s := b.File(b.Visitor("tourist"), key, desktest.WithText("另一件完全不同的事")).ID
	v, err := b.Matters.Merge(t.Context(), l, s, "0001", b.Load(s).Version, "同一处")
	if err != nil || v.Lead != old {
		t.Errorf("merged into %q, %v; want %q", v.Lead, err, old)
	}
}
