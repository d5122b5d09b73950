package roster_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestMyDay(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m03")
	list, err := b.Roster.MyCodes(t.Context(), m)
	if err != nil || len(list) != 1 || list[0].Key != b.Key(station.ForMember, "m03") {
		t.Errorf("%+v, %v", list, err)
	}
	revoked := true
	if _, err := b.Codes.ChangeCode(t.Context(), b.Liaison(), list[0].Key, codes.CodeChange{Revoked: &revoked}); err != nil {
		t.Fatal(err)
	}
	if list, err = b.Roster.MyCodes(t.Context(), m); err != nil || len(list) != 0 {
		t.Errorf("revoked: %+v, %v", list, err)
	}
	turns, err := b.Roster.MyDuty(t.Context(), m)
	if err != nil || len(turns) == 0 {
		t.Fatalf("%+v, %v", turns, err)
	}
	for _, x := range turns {
		if x.Name == "" || !x.To.After(desktest.Start) || x.From.After(desktest.Start.AddDate(0, 0, 28)) {
			t.Errorf("%+v", x)
		}
	}
	for what, err := range map[string]error{
		"duty":  desktest.Second(b.Roster.MyDuty(t.Context(), b.Liaison())),
		"codes": desktest.Second(b.Roster.MyCodes(t.Context(), b.Visitor("somebody"))),
	} {
		if !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestPhrases(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	if list, err := b.Roster.Phrases(t.Context(), m); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := b.Roster.SetPhrases(t.Context(), m, []string{" 已联系您，请保持电话畅通。 ", "谢谢"}); err != nil {
		t.Fatal(err)
	}
	want := []string{"已联系您，请保持电话畅通。", "谢谢"}
	if list, err := b.Roster.Phrases(t.Context(), m); err != nil || !slices.Equal(list, want) {
		t.Errorf("%v, %v", list, err)
	}
	if list, err := b.Roster.Phrases(t.Context(), b.Member("m02")); err != nil || len(list) != 0 {
		t.Errorf("another's: %v, %v", list, err)
	}
	many := make([]string, 31)
	for i := range many {
		many[i] = strings.Repeat("好", i+1)
	}
	for what, list := range map[string][]string{"many": many, "long": {strings.Repeat("长", 201)}, "empty": {" "}, "twice": {"好", "好 "}} {
		if _, err := b.Roster.SetPhrases(t.Context(), m, list); !slices.Equal(desktest.FieldsOf(err), []string{"items"}) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if list, err := b.Roster.Phrases(t.Context(), m); err != nil || !slices.Equal(list, want) {
		t.Errorf("after refusals: %v, %v", list, err)
	}
}

func TestInboxIsFiltered(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	file := func(kind casework.Kind, text string) matters.View {
		r := filing.Request{Scene: b.Key(station.ForMember, "m01"), Filing: casework.Filing{Kind: kind, Text: text}}
		v, err := b.Filing.Submit(t.Context(), b.Visitor("narrower"), "narrow-key-"+text[:3], r)
		if err != nil || v.Assignee != "m01" {
			t.Fatalf("%s, %v", v.Assignee, err)
		}
		return v
	}
	lamp, fee := file(casework.Help, "aaa 路灯坏了"), file(casework.Complaint, "bbb 多收了钱")
	for what, c := range map[string]struct {
		f    matters.Filter
		want []string
	}{
		"nothing": {matters.Filter{}, []string{lamp.ID, fee.ID}},
		"kind":    {matters.Filter{Kind: casework.Complaint}, []string{fee.ID}},
		"words":   {matters.Filter{Query: " 路灯 "}, []string{lamp.ID}},
		"number":  {matters.Filter{Query: fee.Number}, []string{fee.ID}},
		"state":   {matters.Filter{State: casework.Accepted}, nil},
		"late":    {matters.Filter{Late: true}, nil},
		"both":    {matters.Filter{Kind: casework.Help, Query: "钱"}, nil},
	} {
		p, err := b.Matters.Inbox(t.Context(), m, c.f, "", 0)
		var got []string
		for _, v := range p.Items {
			got = append(got, v.ID)
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v, %v", what, got, c.want, err)
		}
	}
	b.Clock.Set(lamp.DueAt.Time().Add(time.Second))
	if p, err := b.Matters.Inbox(t.Context(), m, matters.Filter{Late: true}, "", 0); err != nil || len(p.Items) == 0 {
		t.Errorf("late: %+v, %v", p, err)
	}
	if _, err := b.Matters.Inbox(t.Context(), m, matters.Filter{Kind: "x"}, "", 0); !slices.Equal(desktest.FieldsOf(err), []string{"kind"}) {
		t.Errorf("unknown kind: %v", err)
	}
}
