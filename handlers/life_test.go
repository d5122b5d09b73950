package handlers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.send("POST", "/api/v1/sessions", "", map[string]any{
		"code": b.emu.LoginCode("villager"), "scene": publicURL + "/q/" + codeOfMa,
	})
	b.want(r, 201)
	m := r.JSON(t)
	user := at[map[string]any](m, "user")
	if user["role"] != "visitor" || user["id"] == "" || user["member_id"] != nil {
		t.Errorf("user %v", user)
	}
	target := at[map[string]any](m, "target")
	if target["key"] != codeOfMa || target["kind"] != "member" || target["name"] != "马晓舟" {
		t.Errorf("target %v", target)
	}
	if until, err := time.Parse(time.RFC3339, at[string](m, "expires_at")); err != nil || !until.Equal(monday.Add(30*24*time.Hour)) || !strings.HasSuffix(at[string](m, "expires_at"), "+08:00") {
		t.Errorf("expires_at %v", m["expires_at"])
	}
	for scene, want := range map[string]string{"2222222222": "unknown", "not a code": "unknown", codeGone: "revoked"} {
		r := b.send("POST", "/api/v1/sessions", "", map[string]any{"code": b.emu.LoginCode("villager"), "scene": scene})
		b.want(r, 201)
		if m := r.JSON(t); m["target"] != nil || m["target_error"] != want {
			t.Errorf("scene %s: target %v, error %v; want %s", scene, m["target"], m["target_error"], want)
		}
	}
	// Any number of sessions stay valid, until each is left.
	first, second := b.login("villager"), b.login("villager")
	b.want(b.send("DELETE", "/api/v1/sessions", first, nil), 204)
	b.problem(b.send("GET", "/api/v1/submissions", first, nil), 401, "unauthenticated")
	b.want(b.send("GET", "/api/v1/submissions", second, nil), 200)
	// A login code is good once.
	code := b.emu.LoginCode("villager")
	b.want(b.send("POST", "/api/v1/sessions", "", map[string]any{"code": code}), 201)
	b.problem(b.send("POST", "/api/v1/sessions", "", map[string]any{"code": code}), 422, "invalid")
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	s := b.file(visitor, map[string]any{
		"visitor": "tourist", "category": "travel",
		"place":        map[string]any{"text": "渡口东侧", "lat": 35.91, "lng": 103.27, "coord": "gcj02"},
		"contact":      map[string]any{"phone": "138 0013 8000"},
		"until":        monday.Add(6 * time.Hour).Format(time.RFC3339),
		"on_behalf_of": map[string]any{"name": "李桂花", "relation": "母亲", "phone": "13912345678"},
		"against":      map[string]any{"name": "东岸停车场", "place": "渡口", "amount_fen": 2000},
	})
	timeline := s["timeline"]
	delete(s, "timeline")
	id := at[string](s, "id")
	if !strings.HasPrefix(id, "hk-") || s["number"] == "" {
		t.Errorf("id %s, number %v", id, s["number"])
	}
	if reasons := at[[]any](s, "reasons"); len(reasons) == 0 || !strings.Contains(fmt.Sprint(reasons[0]), "马晓舟") {
		t.Errorf("reasons %v", reasons)
	}
	delete(s, "id")
	delete(s, "number")
	delete(s, "reasons")
	want := map[string]any{
		"station": "hk", "station_name": "河口镇委员工作站", "station_phone": "0930-1234567",
		"target": map[string]any{"kind": "member", "id": "m1", "name": "马晓舟"},
		"kind":   "complaint", "kind_name": "投诉", "category": "travel", "category_name": "旅游消费",
		"channel": "scan", "channel_name": "扫码", "persons": 1.0,
		"visitor": "tourist", "state": "assigned", "state_name": "待受理", "version": 1.0,
		"text": "停车场乱收费，每车多收二十元", "photos": []any{},
		"place":      map[string]any{"text": "渡口东侧", "lat": 35.91, "lng": 103.27, "coord": "gcj02"},
		"phone_mask": "138****8000", "until": "2026-05-11T16:00:00+08:00",
		"anonymous": false, "about_member": false,
		"on_behalf_of": map[string]any{"name": "李桂花", "relation": "母亲"},
		"against":      map[string]any{"name": "东岸停车场", "place": "渡口", "amount_fen": 2000.0},
		"assignee":     map[string]any{"id": "m1", "name": "马晓舟", "sector": "文化旅游"},
		"filed_at":     "2026-05-11T10:00:00+08:00", "due_at": "2026-05-11T16:00:00+08:00",
		"first_due_at": "2026-05-11T10:30:00+08:00",
		"advice":       []any{"补充以下内容，办得更快：拍下票据、价目牌或现场"},
		"missing":      []any{"photo"},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
	wantLine := []any{map[string]any{
		"at": "2026-05-11T10:00:00+08:00", "what": "file", "by": map[string]any{"role": "visitor"},
		"text": "停车场乱收费，每车多收二十元", "sentence": "游客提交了投诉：停车场乱收费，每车多收二十元",
	}}
	if diff := cmp.Diff(wantLine, timeline); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

// The life of one submission over HTTP, from filing to a second closing, with
// what is said of it.
func TestLife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	he, liaison := b.as("he", "hk", "member", "m2"), b.as("sun", "hk", "liaison", "l1")
	s := b.file(visitor, nil)
	inbox := func(token, state string) []string {
		r := b.send("GET", "/api/v1/inbox?state="+state, token, nil)
		b.want(r, 200)
		return ids(r.JSON(t))
	}
	if got := inbox(ma, ""); !slices.Equal(got, []string{at[string](s, "id")}) {
		t.Fatalf("inbox %v", got)
	}
	b.clock.Advance(time.Minute)
	s = b.done(ma, s, "accept", nil)
	s = b.done(ma, s, "ask", map[string]any{"text": "车牌号是多少？"})
	if s["state"] != "waiting" || s["version"] != 3.0 {
		t.Errorf("after asking: %v %v", s["state"], s["version"])
	}
	s = b.done(visitor, s, "messages", map[string]any{"text": "甘A12345", "version": nil})
	if s["state"] != "accepted" {
		t.Errorf("after the answer: %v", s["state"])
	}
	s = b.over(ma, s, "transfer", map[string]any{"to": "m2", "reason": "我和他家是亲戚", "note": "何委员熟悉"}, he)
	if got := inbox(ma, ""); len(got) != 0 {
		t.Errorf("still in the first inbox: %v", got)
	}
	s = b.done(he, s, "accept", nil)
	s = b.over(he, s, "return", map[string]any{"reason": "不归我管"}, liaison)
	if s["state"] != "pooled" || s["assignee"] != nil {
		t.Errorf("after return: %v %v", s["state"], s["assignee"])
	}
	r := b.send("GET", "/api/v1/pool", liaison, nil)
	b.want(r, 200)
	if got := ids(r.JSON(t)); !slices.Equal(got, []string{at[string](s, "id")}) {
		t.Errorf("pool %v", got)
	}
	s = b.done(liaison, s, "assign", map[string]any{"to": "m1", "reason": "属地"})
	s = b.done(ma, s, "reply", map[string]any{"text": "已退还二十元"})
	s = b.done(ma, s, "close", map[string]any{"outcome": "solved", "text": "停车场退款并整改"})
	if s["outcome_name"] != "已解决" || s["closed_at"] == nil {
		t.Errorf("closed: %v %v", s["outcome_name"], s["closed_at"])
	}
	if got := inbox(ma, ""); len(got) != 0 {
		t.Errorf("closed and still to be done: %v", got)
	}
	if got := inbox(ma, "closed"); len(got) != 1 {
		t.Errorf("state=closed finds %v", got)
	}
	s = b.done(visitor, s, "rate", map[string]any{"solved": "partly", "satisfaction": "neutral", "reason": "只退了一半"})
	if rating := at[map[string]any](s, "rating"); rating["solved"] != "partly" || rating["satisfaction"] != "neutral" || rating["words"] != "部分解决，一般" || rating["speed"] != nil || rating["reason"] != "只退了一半" {
		t.Errorf("rating %v", rating)
	}
	s = b.done(visitor, s, "reopen", map[string]any{"reason": "只退了一半"})
	if s["state"] != "assigned" || s["rating"] != nil || s["outcome"] != nil || at[map[string]any](s, "assignee")["id"] != "m1" {
		t.Errorf("reopened: %v", s)
	}
	s = b.done(visitor, s, "withdraw", map[string]any{"version": nil})
	if s["state"] != "withdrawn" {
		t.Errorf("withdrawn: %v", s["state"])
	}
	want := []string{
		"群众提交了投诉：停车场乱收费，每车多收二十元", "马晓舟委员已受理，正在办理", "马晓舟委员请您补充：车牌号是多少？", "群众补充：甘A12345",
		"马晓舟委员转给何淑英委员办理：何委员熟悉", "何淑英委员已受理，正在办理", "联络员指派给马晓舟委员办理", "马晓舟委员答复：已退还二十元",
		"马晓舟委员办结，结果是已解决：停车场退款并整改", "群众作了评价（部分解决，一般）：只退了一半", "群众要求重新办理：只退了一半", "群众撤回了这件诉求",
	}
	if diff := cmp.Diff(want, sentences(s)); diff != "" {
		t.Errorf("the visitor's timeline (-want +got):\n%s", diff)
	}
	r = b.send("GET", "/api/v1/submissions/"+at[string](s, "id"), liaison, nil)
	b.want(r, 200)
	if got := sentences(r.JSON(t)); !slices.Contains(got, "何淑英委员退回，请联络员重新分派：不归我管") {
		t.Errorf("the liaison misses the return: %v", got)
	} else if !slices.Contains(got, "马晓舟委员转给何淑英委员办理：我和他家是亲戚（告诉群众：何委员熟悉）") || !slices.Contains(got, "联络员指派给马晓舟委员办理：属地") {
		t.Errorf("the liaison misses why it was handed on: %v", got)
	}
	r = b.send("GET", "/api/v1/submissions", visitor, nil)
	b.want(r, 200)
	m := r.JSON(t)
	if got := ids(m); !slices.Equal(got, []string{at[string](s, "id")}) || m["next_cursor"] != "" {
		t.Errorf("mine %v, next %q", got, m["next_cursor"])
	}
	if first := obj(at[[]any](m, "items")[0]); first["timeline"] != nil {
		t.Error("a list carries a timeline")
	}
}

func TestWithdrawNeedsNoBody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	for _, body := range []any{nil, "{}", map[string]any{"reason": "说清楚了"}} {
		s := b.file(visitor, nil)
		b.want(b.send("POST", "/api/v1/submissions/"+at[string](s, "id")+"/withdraw", visitor, body), 200)
	}
}

func TestMergedAndWrongState(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	first, second := b.file(visitor, nil), b.file(visitor, nil)
	b.problem(b.act(ma, second, "close", map[string]any{"outcome": "solved", "text": "好了"}), 422, "wrong_state")
	second = b.done(ma, second, "accept", nil)
	second = b.done(ma, second, "close", map[string]any{"outcome": "merged", "text": "同一件事", "into": first["id"]})
	if second["into"] != first["id"] || second["outcome"] != "merged" {
		t.Errorf("merged: %v %v", second["outcome"], second["into"])
	}
	b.problem(b.act(visitor, first, "rate", map[string]any{"solved": "solved", "satisfaction": "satisfied"}), 422, "wrong_state")
	second = b.done(visitor, second, "rate", map[string]any{"solved": "solved", "satisfaction": "satisfied"})
	b.problem(b.act(visitor, second, "rate", map[string]any{"solved": "solved", "satisfaction": "satisfied"}), 422, "wrong_state")
	b.clock.Advance(16 * 24 * time.Hour)
	b.problem(b.act(visitor, second, "reopen", map[string]any{"reason": "又来了"}), 422, "wrong_state")
}

func ids(m map[string]any) []string {
	list := []string{}
	for _, item := range at[[]any](m, "items") {
		list = append(list, at[string](obj(item), "id"))
	}
	return list
}

func sentences(s map[string]any) []string {
	var list []string
	for _, e := range at[[]any](s, "timeline") {
		list = append(list, at[string](obj(e), "sentence"))
	}
	return list
}

// Who hands a submission on sees to whom it can go; only the liaison sees what
// each holds.
func TestColleagues(t *testing.T) {
	t.Parallel()
	b := setup(t)
	member, liaison := b.as("he", "hk", "member", "m2"), b.as("sun", "hk", "liaison", "l1")
	me := b.got(b.send("GET", "/api/v1/me", member, nil))
	if at[string](me, "role") != "member" || at[string](me, "member_id") != "m2" {
		t.Errorf("the member is told to be %v", me)
	}
	first := b.got(b.send("GET", "/api/v1/members?limit=1", liaison, nil))
	row := obj(at[[]any](first, "items")[0])
	if at[float64](row, "capacity") == 0 {
		t.Errorf("the liaison does not see how much a member can hold: %v", row)
	}
	rest := b.got(b.send("GET", "/api/v1/members?cursor="+at[string](first, "next_cursor"), member, nil))
	for _, item := range at[[]any](rest, "items") {
		if item, ok := item.(map[string]any); !ok || item["id"] == row["id"] || item["capacity"] != nil {
			t.Errorf("the next page for a member holds %v", item)
		}
	}
	if at[string](rest, "next_cursor") != "" || len(at[[]any](rest, "items")) == 0 {
		t.Errorf("the next page is not the last: %v", rest)
	}
}

// TestIntake: what a liaison writes down says how it was heard; one person where nobody says how many. Others cannot say
// so, and what is no number of persons, no channel or no time is named.
func TestIntake(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	said := func(intake map[string]any) map[string]any {
		return map[string]any{"intake": intake, "on_behalf_of": map[string]any{"name": "王大爷", "relation": "本人"}}
	}
	s := b.file(liaison, said(map[string]any{"channel": "reception", "persons": 3, "heard_at": monday.Add(-26 * time.Hour).Format(time.RFC3339)}))
	if s["channel"] != "reception" || s["channel_name"] != "接待日" || s["persons"] != 3.0 || s["heard_at"] != monday.Add(-26*time.Hour).Format(time.RFC3339) {
		t.Errorf("%v", s)
	}
	if s := b.file(liaison, said(map[string]any{"channel": "call"})); s["channel"] != "call" || s["persons"] != 1.0 || s["heard_at"] != nil {
		t.Errorf("%v", s)
	}
	list := b.send("GET", "/api/v1/station/submissions?channel=reception,visit", liaison, nil)
	b.want(list, 200)
	if list.JSON(t)["total"] != 1.0 {
		t.Errorf("%s", list.Body)
	}
	rows := b.send("GET", "/api/v1/station/figures?by=channel", liaison, nil)
	b.want(rows, 200)
	if whole := at[map[string]any](rows.JSON(t), "whole"); whole["filed"] != 2.0 || whole["persons"] != 4.0 {
		t.Errorf("%v", whole)
	}
	for field, body := range map[string]map[string]any{
		"intake.persons": {"channel": "call", "persons": 21}, "intake.channel": {"channel": "scan"},
		"intake.heard_at": {"channel": "call", "heard_at": monday.Add(time.Hour).Format(time.RFC3339)},
	} {
		r := b.send("POST", "/api/v1/submissions", liaison, filing(said(body)), "Idempotency-Key", newKey())
		b.problem(r, 422, "invalid")
		if !strings.Contains(string(r.Body), `"`+field+`"`) {
			t.Errorf("%s: %s", field, r.Body)
		}
	}
	b.problem(b.send("POST", "/api/v1/submissions", b.login("villager"), filing(said(map[string]any{"channel": "call"})), "Idempotency-Key", newKey()), 422, "invalid")
}
