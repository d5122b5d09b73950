package privacy_test

import (
	"slices"
	"strings"
	"testing"

	"mashang/desk/desktest"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestCorrectPhone(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("corrector")
	v := b.Filed(c, "correct-1", casework.Filing{Kind: casework.Help, Text: "路灯坏了", Phone: "13800138000"})
	if _, err := b.Privacy.CorrectPhone(t.Context(), c, v.ID, "12", ""); !slices.Equal(desktest.FieldsOf(err), []string{"phone"}) {
		t.Errorf("no number: %v", err)
	}
	if _, err := b.Privacy.CorrectPhone(t.Context(), b.Visitor("another"), v.ID, "", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
	if got, err := b.Privacy.CorrectPhone(t.Context(), c, v.ID, "139 0013 9000", ""); err != nil || got.PhoneMask != "139****9000" {
		t.Errorf("%q, %v", got.PhoneMask, err)
	}
	if n, err := b.Overview.Phone(t.Context(), b.Liaison(), v.ID, "回访"); err != nil || n.Phone != "13900139000" {
		t.Errorf("%+v, %v", n, err)
	}
	code := b.Emu.PhoneCode("13700137000")
	if _, err := b.Privacy.CorrectPhone(t.Context(), c, v.ID, "13900139000", code); !slices.Equal(desktest.FieldsOf(err), []string{"phone_code"}) {
		t.Errorf("both: %v", err)
	}
	if got, err := b.Privacy.CorrectPhone(t.Context(), c, v.ID, "", code); err != nil || got.PhoneMask != "137****7000" {
		t.Errorf("by the platform: %q, %v", got.PhoneMask, err)
	}
	if _, err := b.Privacy.CorrectPhone(t.Context(), c, v.ID, "", code); !slices.Equal(desktest.FieldsOf(err), []string{"phone_code"}) {
		t.Errorf("a used code: %v", err)
	}
	if got, err := b.Privacy.CorrectPhone(t.Context(), c, v.ID, "", ""); err != nil || got.PhoneMask != "" {
		t.Errorf("%q, %v", got.PhoneMask, err)
	}
}

func TestErase(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	o := b.Open("the-forgotten", "")
	c := b.Caller(o.Token)
	mine, others := b.Photo(c, 1), b.Photo(b.Visitor("another"), 2)
	shared := b.Photo(c, 2) // the same picture as another's
	open := b.Filed(c, "forget-open", casework.Filing{Kind: casework.Complaint, Text: "渡口船票多收了", Phone: "13800138000", Photos: []string{mine, shared}})
	over := b.Filed(c, "forget-over", casework.Filing{Kind: casework.Help, Text: "门牌号九十九的水管"})
	m := b.Member("m01")
	ver := over.Version
	if _, err := b.Matters.Act(t.Context(), m, over.ID, &ver, casework.Reply{Text: "已修好"}); err != nil {
		t.Fatal(err)
	}
	ver++
	if _, err := b.Matters.Act(t.Context(), m, over.ID, &ver, casework.Close{Text: "已修好", Outcome: casework.Solved}); err != nil {
		t.Fatal(err)
	}
	if err := b.Results.Publish(t.Context(), b.Liaison(), over.ID, "水管修好", "请供水站修好"); err != nil {
		t.Fatal(err)
	}
	data, err := b.Privacy.MyData(t.Context(), c)
	if err != nil || len(data.Submissions) != 2 || data.More {
		t.Fatalf("%+v, %v", data, err)
	}
	hashOf := func(id string) string {
		u, err := b.Store.Upload(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return u.Hash
	}
	gone, kept := hashOf(mine), hashOf(others)

	if err := b.Privacy.Erase(t.Context(), m); !fault.Is(err, fault.WrongState) {
		t.Errorf("a member: %v", err)
	}
	if err := b.Privacy.Erase(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Caller(t.Context(), o.Token); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("the session: %v", err)
	}
	for _, id := range []string{open.ID, over.ID} {
		s, err := b.Store.Load(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if s.Filer != casework.ErasedFiler || s.Text != casework.ErasedText || s.Photos != nil || s.Phone != "" || s.PhoneMask != "" || s.State.Open() {
			t.Errorf("%+v", s)
		}
		for _, e := range s.Thread {
			if e.By.ID == c.Person {
				t.Errorf("%+v", e)
			}
		}
	}
	if s, err := b.Store.Load(t.Context(), over.ID); err != nil || s.Outcome != casework.Solved || s.Kind != casework.Help {
		t.Errorf("what the station did is gone: %+v, %v", s, err)
	}
	if _, err := b.Parts.Media.Open("photo", gone, false); !fault.Is(err, fault.NotFound) {
		t.Errorf("the photo: %v", err)
	}
	if f, err := b.Parts.Media.Open("photo", kept, false); err != nil {
		t.Errorf("another's equal photo: %v", err)
	} else if err := f.Close(); err != nil {
		t.Error(err)
	}
	if list, err := b.Results.List(t.Context(), b.Key(station.ForMember, "m01"), 20); err != nil || len(list) != 0 {
		t.Errorf("published: %+v, %v", list, err)
	}
	for _, key := range b.Server.Client(t).Keys(t.Context(), "*").Val() {
		if strings.Contains(key, c.Person) && !strings.Contains(key, "idem:") {
			t.Errorf("%s is left", key)
		}
	}
	// A person who comes back is a new one.
	if again := b.Open("the-forgotten", ""); again.User.ID == c.Person {
		t.Error("the same person again")
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("told-nothing")
	v := b.Filed(c, "publish-1", casework.Filing{Kind: casework.Help, Text: "水管冻裂了"})
	if err := b.Results.Publish(t.Context(), b.Liaison(), v.ID, "水管修好", "已修好"); !fault.Is(err, fault.WrongState) {
		t.Errorf("an open one: %v", err)
	}
	ver := v.Version
	if _, err := b.Matters.Act(t.Context(), b.Member("m01"), v.ID, &ver, casework.Reply{Text: "好"}); err != nil {
		t.Fatal(err)
	}
	ver++
	if _, err := b.Matters.Act(t.Context(), b.Member("m01"), v.ID, &ver, casework.Close{Text: "好", Outcome: casework.Solved}); err != nil {
		t.Fatal(err)
	}
	if err := b.Results.Publish(t.Context(), b.Liaison(), v.ID, "", strings.Repeat("长", 301)); !slices.Equal(desktest.FieldsOf(err), []string{"title", "text"}) {
		t.Errorf("%v", err)
	}
	if err := b.Results.Publish(t.Context(), b.Liaison(), v.ID, "水管修好", "已请供水站修好"); err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]int{
		b.Key(station.ForMember, "m01"): 1, b.Key(station.ForMember, "m03"): 0, b.Key(station.ForStation, ""): 1,
	} {
		if list, err := b.Results.List(t.Context(), what, 3); err != nil || len(list) != want {
			t.Errorf("%s: %+v, %v", what, list, err)
		}
	}
	if err := b.Results.Unpublish(t.Context(), b.Liaison(), v.ID); err != nil {
		t.Fatal(err)
	}
	if list, err := b.Results.List(t.Context(), b.Key(station.ForStation, ""), 3); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	// Publishing is audited, and so is its removal.
	var what []string
	for _, line := range b.AuditTrail() {
		for _, word := range []string{"unpublish", "publish"} {
			if strings.Contains(line, v.ID) && strings.Contains(line, word) {
				what = append(what, word)
				break
			}
		}
	}
	if !slices.Equal(what, []string{"publish", "unpublish"}) {
		t.Errorf("%v", what)
	}
}
