package handlers_test

import "testing"

// A photo of an answer that was taken back is gone for whom it was not meant, also by
// its id; who sent it and the liaison, who reads the thread whole, still see it.
func TestAPhotoThatWasTakenBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, member, liaison := b.login("villager"), b.as("ma", "hk", "member", "m1"), b.as("sun", "hk", "liaison", "l1")
	helper := b.as("he", "hk", "member", "m2")
	s := b.file(visitor, nil)
	photo := at[string](b.upload(member, "photo.png", png(t, 40, 30)), "id")
	b.checked()
	s = b.done(member, s, "assist", map[string]any{"member": "m2", "text": "请核实"})
	s = b.done(member, s, "reply", map[string]any{"text": "已经修好", "photos": []any{photo}, "without": true})
	see := func(token string) int { return b.send("GET", "/api/v1/uploads/"+photo, token, nil).Status }
	for who, token := range map[string]string{"visitor": visitor, "member": member, "liaison": liaison, "assistant": helper} {
		if got := see(token); got != 200 {
			t.Errorf("answered, the %s gets %d", who, got)
		}
	}
	b.done(member, s, "takeback", nil)
	for _, row := range []struct {
		who, token string
		want       int
	}{{"visitor", visitor, 404}, {"assistant", helper, 404}, {"member", member, 200}, {"liaison", liaison, 200}, {"stranger", b.login("tourist"), 404}} {
		if got := see(row.token); got != row.want {
			t.Errorf("taken back, the %s gets %d", row.who, got)
		}
	}
}
