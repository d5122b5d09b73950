package wechat_test

import (
	"slices"
	"strings"
	"testing"

	"mashang/domain/notice"
	"mashang/wechat"
)

// TestShow: a preview has the same keys and values as the message that is sent.
func TestShow(t *testing.T) {
	t.Parallel()
	c := newClock()
	cfg := config(wechat.HandlerTransport(emulated(t, c, nil).API()))
	cfg.Templates = map[notice.Purpose]wechat.Template{
		notice.MemberNew: {ID: "template-member-new", Keys: map[string]string{notice.Subject: "thing7", notice.Due: "date3"}},
	}
	b := clientOn(t, c.Now, &fakeCache{}, cfg)
	long := strings.Repeat("字", 21)
	m := notice.Message{Purpose: notice.MemberNew, Data: map[string]string{
		notice.Number: "260715-0017", notice.Subject: long, notice.Place: "水车 码头", notice.Due: "2026-07-18 12:00",
	}}
	list, err := b.Preview(m)
	if err != nil || len(list) != 4 {
		t.Fatalf("%+v, %v", list, err)
	}
	for i, want := range []struct {
		key, kind, value string
		cut              bool
	}{
		{"character_string1", "character_string", "260715-0017", false},
		{"thing7", "thing", strings.Repeat("字", 19) + "…", true},
		{"thing3", "thing", "水车 码头", false},
		{"date3", "date", "2026-07-18", false},
	} {
		x := list[i]
		if x.Key != want.key || x.Type != want.kind || x.Value != want.value || x.Cut != want.cut || x.TypeName == "" || x.Limit == "" || x.Label == "" {
			t.Errorf("%+v, want %+v", x, want)
		}
	}
	m.Data[notice.Due] = "soon"
	if _, err := b.Preview(m); err == nil {
		t.Error("a time that is none is shown")
	}
	// Without a template the default keys apply.
	m = notice.Message{Purpose: notice.VisitorClosed, Data: map[string]string{notice.State: "已经完全解决了"}}
	if list, err = b.Preview(m); err != nil || list[1].Key != "phrase2" || list[1].Value != "已经完全解" || !list[1].Cut || list[0].Value != "-" {
		t.Errorf("%+v, %v", list, err)
	}
	for _, p := range notice.Purposes {
		for _, key := range wechat.DefaultKeys(p) {
			if !slices.Contains([]string{"character_string", "thing", "time", "phrase"}, strings.TrimRight(key, "0123456789")) {
				t.Errorf("%s has a type nobody described: %s", p, key)
			}
		}
	}
}
