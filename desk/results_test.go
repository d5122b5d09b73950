package desk_test

import (
	"slices"
	"testing"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// closed is a matter that can be published.
func (b *bundle) closed(c access.Caller) matters.View {
	b.t.Helper()
	v := b.file(c, b.key(station.ForMember, "m01"))
	b.act(b.member("m01"), v.ID, access.Accept)
	return b.act(b.member("m01"), v.ID, access.Close, closing(casework.Solved, "修好了"))
}

func (b *bundle) published(want int) {
	b.t.Helper()
	list, err := b.Matters.Results(b.t.Context(), b.key(station.ForStation, ""), 20)
	if err != nil || len(list) != want {
		b.t.Errorf("published: %+v, %v, want %d", list, err, want)
	}
}

// What goes on again has come to no result.
func TestReopeningTakesTheResultDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.visitor("villager")
	v := b.closed(c)
	if err := b.Matters.Publish(t.Context(), b.liaison(), v.ID, "水管修好", "请供水站修好"); err != nil {
		t.Fatal(err)
	}
	b.published(1)
	b.act(c, v.ID, access.Reopen, reason("又漏了"))
	b.published(0)
}

// TestPublishedTextsHoldNoNumbers: everybody reads them, so what a list hides in its
// texts may not be written into them, in whatever form.
func TestPublishedTextsHoldNoNumbers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.closed(b.visitor("villager"))
	for words, field := range map[string]string{
		"请找老马 13800138000": "text", "请找老马１３８ ００１３ ８０００": "text", "身份证 62292119800101001X": "title", "加微信 laoma_1980": "text",
	} {
		title, text := "水管修好", words
		if field == "title" {
			title, text = words, "请供水站修好"
		}
		if err := b.Matters.Publish(t.Context(), b.liaison(), v.ID, title, text); !slices.Equal(fieldsOf(err), []string{field}) {
			t.Errorf("%s: %v", words, err)
		}
	}
	b.published(0)
	if err := b.Matters.Publish(t.Context(), b.liaison(), v.ID, "水管修好", "2026-07-20 换了 120 米管子，花了 35000 元"); err != nil {
		t.Errorf("dates and amounts: %v", err)
	}
}

// What its filer had deleted is not published again.
func TestNothingForgottenIsPublished(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.visitor("villager")
	v := b.closed(c)
	b.forget(c)
	if err := b.Matters.Publish(t.Context(), b.liaison(), v.ID, "水管修好", "请供水站修好"); !fault.Is(err, fault.WrongState) {
		t.Errorf("published: %v", err)
	}
}
