package delivery_test

import (
	"testing"

	"mashang/desk/delivery"
	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// Staff see what a phone shows: an example has the same fields as a real message of the kind.
func TestTemplatesAreShown(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	list, err := b.Delivery.TemplateViews(t.Context(), b.Liaison())
	if err != nil || len(list) != len(notice.Purposes) {
		t.Fatalf("%d, %v", len(list), err)
	}
	var view delivery.TemplateView
	for _, v := range list {
		if v.ID != desktest.Template(v.Purpose) || len(v.Examples) == 0 || len(v.Fields) != len(notice.Fields[v.Purpose]) {
			t.Errorf("%+v", v)
		}
		if v.Purpose == notice.MemberNew {
			view = v
		}
	}
	b.Member("m01")
	b.Consent(desktest.OpenidOf(desktest.Here, access.Member, "m01"), notice.MemberNew, 1)
	b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"), desktest.WithText("村口路灯坏了三天没人修，晚上走路看不清"))
	b.Deliver()
	sent := b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Member, "m01"))
	if len(sent) != 1 {
		t.Fatalf("%d sent", len(sent))
	}
	for _, f := range view.Fields {
		got, ok := sent[0].Data[f.Key]
		if !ok || f.Meaning == notice.Subject && got.Value != f.Value {
			t.Errorf("%s: shown %q, sent %q", f.Key, f.Value, got)
		}
	}
	for _, c := range []access.Caller{b.Visitor("villager"), b.Member("m01"), b.Bound(desktest.Here, access.Department, "d01")} {
		if _, err := b.Delivery.TemplateViews(t.Context(), c); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", c.Role, err)
		}
	}
}
