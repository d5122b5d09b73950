package results_test

import (
	"slices"
	"testing"

	"mashang/desk/desktest"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// A reopened submission has no result.
func TestReopeningTakesTheResultDown(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	v := b.CloseForPublishing(c)
	if err := b.Results.Publish(t.Context(), b.Liaison(), v.ID, "水管修好", "请供水站修好"); err != nil {
		t.Fatal(err)
	}
	b.WantPublished(1)
	b.Act(c, v.ID, casework.Reopen{Reason: "又漏了"})
	b.WantPublished(0)
}

// TestPublishedTextsHoldNoNumbers: everybody reads them, so numbers are refused in any form.
func TestPublishedTextsHoldNoNumbers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.CloseForPublishing(b.Visitor("villager"))
	for words, field := range map[string]string{
		"请找老马 13800138000": "text", "请找老马１３８ ００１３ ８０００": "text", "身份证 62292119800101001X": "title", "加微信 laoma_1980": "text",
	} {
		title, text := "水管修好", words
		if field == "title" {
			title, text = words, "请供水站修好"
		}
		if err := b.Results.Publish(t.Context(), b.Liaison(), v.ID, title, text); !slices.Equal(desktest.FieldsOf(err), []string{field}) {
			t.Errorf("%s: %v", words, err)
		}
	}
	b.WantPublished(0)
	if err := b.Results.Publish(t.Context(), b.Liaison(), v.ID, "水管修好", "2026-07-20 换了 120 米管子，花了 35000 元"); err != nil {
		t.Errorf("dates and amounts: %v", err)
	}
}

// An erased filing is not published again.
func TestErasedSubmissionsAreNotPublished(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	v := b.CloseForPublishing(c)
	b.Erase(c)
	if err := b.Results.Publish(t.Context(), b.Liaison(), v.ID, "水管修好", "请供水站修好"); !fault.Is(err, fault.WrongState) {
		t.Errorf("published: %v", err)
	}
}
