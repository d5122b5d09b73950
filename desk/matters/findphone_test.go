package matters_test

import (
	"fmt"
	"strings"
	"testing"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// TestFindByPhone finds what was filed with the whole number or for its owner; who asked and why is written
// down, and the number is not.
func TestFindByPhone(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l, key := b.Visitor("villager"), b.Liaison(), b.Key(station.ForMember, "m01")
	own := b.File(v, key, desktest.WithText("自己留的电话"), desktest.Phone("13800138000"))
	b.File(v, key, desktest.WithText("遮住以后一样的号码"), desktest.Phone("13811118000"))
	b.File(v, key, desktest.WithText("没有留电话"))
	behalf := b.File(v, key, desktest.WithText("替别人说的"), func(r *filing.Request) {
		r.Filing.OnBehalf = &casework.OnBehalf{Name: "王秀英", Relation: "母亲", Phone: "0930-2345678"}
	})
	got, err := b.Matters.FindByPhone(t.Context(), l, "138-0013-8000", "来电人再次来电")
	if err != nil || len(got.Items) != 1 || got.Items[0].ID != own.ID {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = b.Matters.FindByPhone(t.Context(), l, "0930 2345678", "来电人再次来电")
	if err != nil || len(got.Items) != 1 || got.Items[0].ID != behalf.ID {
		t.Errorf("of the person it was filed for: %+v, %v", got, err)
	}
	if got, err := b.Matters.FindByPhone(t.Context(), b.Bound(desktest.There, access.Liaison, "l01"), "13800138000", "来电"); err != nil || len(got.Items) != 0 {
		t.Errorf("another station's liaison: %+v, %v", got, err)
	}
	for who, c := range map[string]access.Caller{"the filer": v, "the member": b.Member("m01"), "the administrator": b.Admin()} {
		if _, err := b.Matters.FindByPhone(t.Context(), c, "13800138000", "来电"); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", who, err)
		}
	}
	lines := fmt.Sprint(b.AuditTrail())
	if strings.Count(lines, "phone-find") != 2 || !strings.Contains(lines, "来电人再次来电") || strings.Contains(lines, "13800138000") {
		t.Errorf("written down: %s", lines)
	}
	for field, ask := range map[string][2]string{"phone": {"8000", "来电"}, "reason": {"13800138000", " "}} {
		if _, err := b.Matters.FindByPhone(t.Context(), l, ask[0], ask[1]); !fault.Is(err, fault.Invalid) || fmt.Sprint(desktest.FieldsOf(err)) != "["+field+"]" {
			t.Errorf("%s: %v", field, err)
		}
	}
	// Without an audit line nothing is found.
	b.ReadOnly(true)
	if _, err := b.Matters.FindByPhone(t.Context(), l, "13800138000", "来电"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("with a store that keeps nothing: %v", err)
	}
	b.ReadOnly(false)
}
