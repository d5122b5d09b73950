package reception_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	deskreception "mashang/desk/reception"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// adds are whom 排满 proposes for the court's first Friday, with what they say of it, and how many want to come.
func adds(t *testing.T, b *desktest.Bundle) (string, int) {
	t.Helper()
	list, _, err := b.Reception.Fill(t.Context(), b.Liaison(), "2026-07-24", "2026-07-24", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if p.Day == friday {
			var who []string
			for _, id := range p.Adds {
				who = append(who, id+string(p.Prefers[id]))
			}
			return fmt.Sprint(who), len(p.Wanting)
		}
	}
	return "", 0
}

// TestAMembersWishes: said by themselves alone, looked at by the proposal and by the list of candidates, taken back.
func TestAMembersWishes(t *testing.T) {
	t.Parallel()
	b := court(t)
	m1, m2, m3 := b.Member("m01"), b.Member("m02"), b.Member("m03")
	before, _ := adds(t, b)
	desktest.Same(t, "without wishes", before, "[m01 m02]")
	list := desktest.Must1(b.Reception.Wishes(t.Context(), m1))(t)
	if len(list) == 0 || list[0].ID != friday || list[0].Prefers != "" || list[0].Where == "" {
		t.Fatalf("%+v", list)
	}
	for _, x := range []struct {
		c access.Caller
		p reception.Preference
	}{{m1, reception.Declines}, {m3, reception.Wants}} {
		if v := desktest.Must1(b.Reception.SetWish(t.Context(), x.c, friday, x.p))(t); v.Prefers != x.p {
			t.Errorf("%+v", v)
		}
	}
	if list = desktest.Must1(b.Reception.Wishes(t.Context(), m1))(t); list[0].Prefers != reception.Declines || list[1].Prefers != "" {
		t.Errorf("%+v", list[:2])
	}
	now, wanting := adds(t, b)
	desktest.Same(t, "with wishes", now, "[m03wants m02]")
	desktest.Same(t, "who want to come", wanting, 1)
	marks := func(c access.Caller, member string) string {
		list, _, err := b.Reception.Candidates(t.Context(), c, friday, member)
		if err != nil {
			t.Fatal(err)
		}
		var who []string
		for _, x := range list {
			who = append(who, x.Member+string(x.Prefers))
		}
		return fmt.Sprint(who)
	}
	// A colleague who looks for somebody is not told what others say.
	desktest.Same(t, "the liaison is offered", marks(b.Liaison(), ""), "[m03wants m02 m04 m06 m07 m01declines]")
	desktest.Same(t, "a colleague is offered", marks(m2, ""), "[m01 m03 m04 m06 m07]")
	for _, c := range []access.Caller{m1, m3} {
		desktest.Must1(b.Reception.SetWish(t.Context(), c, friday, ""))(t)
	}
	now, wanting = adds(t, b)
	desktest.Same(t, "taken back", now, before)
	desktest.Same(t, "who want to come", wanting, 0)
}

// TestWhatCannotBeWished: by others than members, of a day on which they sit, that has begun, that is none, or with a
// word that is none.
func TestWhatCannotBeWished(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	for what, x := range map[string]struct {
		c    access.Caller
		day  string
		p    reception.Preference
		code fault.Code
	}{
		"a liaison":       {b.Liaison(), friday, reception.Wants, fault.Denied},
		"a visitor":       {b.Visitor("villager"), friday, reception.Wants, fault.NotFound},
		"who sits":        {b.Member("m01"), friday, reception.Wants, fault.WrongState},
		"a day of none":   {b.Member("m02"), "20260725-j01", reception.Wants, fault.NotFound},
		"far ahead":       {b.Member("m02"), "20270219-j01", reception.Wants, fault.NotFound},
		"no day's id":     {b.Member("m02"), "A B", reception.Wants, fault.NotFound},
		"another word":    {b.Member("m02"), friday, "maybe", fault.Invalid},
		"nobody's wishes": {access.Caller{}, friday, reception.Wants, fault.Unauthenticated},
	} {
		if _, err := b.Reception.SetWish(t.Context(), x.c, x.day, x.p); !fault.Is(err, x.code) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := b.Reception.Wishes(t.Context(), b.Liaison()); !fault.Is(err, fault.Denied) {
		t.Errorf("a liaison reads: %v", err)
	}
	if list := desktest.Must1(b.Reception.Wishes(t.Context(), b.Member("m01")))(t); slices.ContainsFunc(list, func(v deskreception.WishView) bool { return v.ID == friday }) {
		t.Error("who sits is asked")
	}
	b.Clock.Set(time.Date(2026, 7, 24, 9, 0, 0, 0, station.Zone))
	if _, err := b.Reception.SetWish(t.Context(), b.Member("m02"), friday, reception.Wants); !fault.Is(err, fault.WrongState) {
		t.Errorf("of a day that has begun: %v", err)
	}
}

// TestWishesThatDoNotCount: of who has left, of a date that was moved, and what cannot be read. Old ones are dropped.
func TestWishesThatDoNotCount(t *testing.T) {
	t.Parallel()
	b := court(t)
	wants := func(member, day string) {
		t.Helper()
		desktest.Must1(b.Reception.SetWish(t.Context(), b.Member(member), day, reception.Wants))(t)
	}
	wants("m03", friday)
	d := desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), friday))(t)
	d = desktest.Must1(b.Reception.Postpone(t.Context(), b.Liaison(), friday, d.Version, "2026-07-23", 9*60, 12*60, "场地不能用"))(t)
	if list := desktest.Must1(b.Reception.Wishes(t.Context(), b.Member("m03")))(t); list[0].ID != friday || list[0].Prefers != "" {
		t.Errorf("moved: %+v", list[0])
	}
	desktest.Must1(b.Reception.Postpone(t.Context(), b.Liaison(), friday, d.Version, "2026-07-24", 9*60, 12*60, "场地好了"))(t)
	_, wanting := adds(t, b)
	desktest.Same(t, "moved back", wanting, 1)

	store := b.Server.Client(t)
	key := "{" + desktest.Here + "}:d:wishes"
	kept := desktest.Must1(store.HGet(t.Context(), key, "m03").Result())(t)
	if err := store.HSet(t.Context(), key, "m03", "broken").Err(); err != nil {
		t.Fatal(err)
	}
	who, wanting := adds(t, b)
	desktest.Same(t, "beside a damaged one", who, "[m01 m02]")
	desktest.Same(t, "wanting", wanting, 0)
	if err := store.HSet(t.Context(), key, "m03", kept).Err(); err != nil {
		t.Fatal(err)
	}

	b.Clock.Set(time.Date(2026, 7, 27, 9, 0, 0, 0, station.Zone))
	wants("m03", "20260731-j01")
	if text := desktest.Must1(store.HGet(t.Context(), key, "m03").Result())(t); strings.Contains(text, friday) || !strings.Contains(text, "20260731-j01") {
		t.Errorf("%s", text)
	}
	edit := roster.Edit{ID: "m03", Version: b.Stored().Version}
	desktest.Must1(b.Roster.RemoveEntry(t.Context(), b.Admin(), station.TableMember, edit))(t)
	list, _, err := b.Reception.Fill(t.Context(), b.Liaison(), "2026-07-31", "2026-07-31", 0)
	if err != nil || len(list) != 1 || len(list[0].Wanting) != 0 || slices.Contains(list[0].Adds, "m03") {
		t.Errorf("of who has left: %+v, %v", list, err)
	}
	// Whoever never says anything again leaves nothing either, once the last of their days is over.
	b.Clock.Set(time.Date(2026, 8, 1, 9, 0, 0, 0, station.Zone))
	if err := b.Reception.Sweep(t.Context(), desktest.Here); err != nil {
		t.Fatal(err)
	}
	if n := desktest.Must1(store.HLen(t.Context(), key).Result())(t); n != 0 {
		t.Errorf("%d members' wishes are left", n)
	}
}
