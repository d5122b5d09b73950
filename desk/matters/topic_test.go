package matters_test

import (
	"fmt"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// TestTopicOfATextLeadsToItsSector: a text without a category is classified.
func TestTopicOfATextLeadsToItsSector(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	square := b.Key(station.ForPlace, "p2") // a place of no sector
	// Words alone suggest and decide nothing.
	s := b.Load(b.File(v, square, desktest.WithText("校车座位不够，学校不管")).ID)
	if s.Category != "" || s.Classification == nil || s.Classification.Sure || s.Classification.Guesses[0].Category != "school" || s.Classification.Model != 0 {
		t.Errorf("by words: %q %+v", s.Category, s.Classification)
	}
	b.TrainModel()
	v, l := b.Visitor("villager"), b.Liaison()
	got := b.File(v, square, desktest.WithText("校车座位不够，食堂饭菜凉"))
	s = b.Load(got.ID)
	if s.Category != "school" || !s.Classification.Sure || s.Classification.Model != 1 {
		t.Fatalf("by the model: %q %+v", s.Category, s.Classification)
	}
	if m, _ := desktest.Town().Member(s.Assignee); m.Sector != "教育" {
		t.Errorf("it went to %+v", m)
	}
	if got.Classification != nil || got.CategoryOffers != nil {
		t.Errorf("the visitor is shown %+v", got.Classification)
	}
	view, err := b.Matters.Get(t.Context(), l, s.ID)
	if err != nil || len(view.CategoryOffers) == 0 || view.CategoryOffers[0].Name != "学校教育" {
		t.Errorf("the liaison is shown %+v, %v", view.CategoryOffers, err)
	}
	// A choice is a choice, and danger is a person's to judge.
	if s := b.Load(b.File(v, square, desktest.WithText("校车座位不够，食堂饭菜凉"), func(r *filing.Request) { r.Filing.Category = "tour" }).ID); s.Category != "tour" || s.Classification != nil {
		t.Errorf("against the visitor's choice: %q %+v", s.Category, s.Classification)
	}
	if s := b.Load(b.File(v, square, desktest.WithText("校车座位不够，孩子说不想活了要跳楼")).ID); s.Category != "" || s.Classification != nil && s.Classification.Sure {
		t.Errorf("a cry for help: %q %+v", s.Category, s.Classification)
	}
	// Whose code was scanned has it, whatever the text says.
	if s := b.Load(b.File(v, b.Key(station.ForMember, "m03"), desktest.WithText("校车座位不够，食堂饭菜凉")).ID); s.Assignee != "m03" || s.Category != "school" {
		t.Errorf("scanned m03, went to %s in %q", s.Assignee, s.Category)
	}
	// A model that cannot be read is none.
	if _, err := b.Store.PutModel(t.Context(), desktest.Here, []byte("broken")); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(61 * time.Second)
	v = b.Visitor("villager")
	if s := b.Load(b.File(v, square, desktest.WithText("校车座位不够，食堂饭菜凉")).ID); s.Category != "" || s.Classification == nil || s.Classification.Sure {
		t.Errorf("with a broken model: %q %+v", s.Category, s.Classification)
	}
}

func TestTopicsWhileWriting(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, key := b.Visitor("villager"), b.Key(station.ForPlace, "p2")
	got, err := b.Matters.OfferCategories(t.Context(), v, key, "停车多收了钱，商家不开发票")
	if err != nil || got.Sure || len(got.Offers) == 0 || got.Offers[0].Key != "market" || got.Offers[0].Percent < 50 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := b.Matters.OfferCategories(t.Context(), v, key, "今天天气不错"); err != nil || len(got.Offers) != 0 {
		t.Errorf("of nothing: %+v, %v", got, err)
	}
	// The station's own words count.
	rules := station.Rules{Words: map[string][]string{"tour": {"羊皮筏子"}}}
	if _, _, err := b.Roster.SetRules(t.Context(), b.Liaison(), rules); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Matters.OfferCategories(t.Context(), v, key, "羊皮筏子不敢坐"); err != nil || len(got.Offers) != 1 || got.Offers[0].Key != "tour" {
		t.Errorf("by the station's words: %+v, %v", got, err)
	}
	for field, bad := range map[string]station.Rules{
		"words": {Version: 1, Words: map[string][]string{"none": {"路"}}}, "words.tour.0": {Version: 1, Words: map[string][]string{"tour": {"\u3164\u200d"}}},
		"precision": {Version: 1, Precision: 50},
	} {
		if _, _, err := b.Roster.SetRules(t.Context(), b.Liaison(), bad); !fault.Is(err, fault.Invalid) || fmt.Sprint(desktest.FieldsOf(err)) != "["+field+"]" {
			t.Errorf("%s: %v %v", field, err, desktest.FieldsOf(err))
		}
	}
	if _, err := b.Matters.OfferCategories(t.Context(), access.Caller{}, key, "路"); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := b.Matters.OfferCategories(t.Context(), v, "zzzzzzzzzzzz", "路"); !fault.Is(err, fault.NotFound) {
		t.Errorf("no code: %v", err)
	}
}

// TestAssigningPutsItIntoACategory, which the model learns from.
func TestAssigningPutsItIntoACategory(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l := b.Visitor("villager"), b.Liaison()
	s := b.File(v, b.Key(station.ForMember, "m01"))
	to := func(category string) casework.Assign {
		return casework.Assign{To: "m04", Reason: "是学校的事", Category: category}
	}
	if _, err := b.Try(l, s.ID, to("none")); !fault.Is(err, fault.Invalid) {
		t.Errorf("no such category: %v", err)
	}
	b.Act(l, s.ID, to("school"))
	got := b.Load(s.ID)
	if got.Category != "school" || got.Last().Category != "school" || got.Last().What != access.Assign {
		t.Errorf("%q %+v", got.Category, got.Last())
	}
}
