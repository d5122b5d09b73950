package handlers_test

import (
	"bytes"
	"image"
	"image/jpeg"
	stdpng "image/png"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadCode(t *testing.T) {
	t.Parallel()
	b := setup(t)
	site := map[string]any{"id": "hk", "name": "河口镇委员工作站", "phone": "0930-1234567", "address": "河口镇渡口路 1 号"}
	ma := map[string]any{
		"id": "m1", "name": "马晓舟", "sector": "文化旅游", "village": "上滩村", "title": "农家乐协会会长",
		"expertise": []any{"旅游投诉", "食品安全"},
	}
	onDuty := []any{map[string]any{"member": ma, "from": "2026-05-11T09:00:00+08:00", "to": "2026-05-11T12:00:00+08:00"}}
	common := func(more map[string]any) map[string]any {
		m := map[string]any{
			"station": site, "next_duty": []any{},
			"categories": []any{
				map[string]any{"key": "travel", "name": "旅游消费"}, map[string]any{"key": "school", "name": "教育入学"},
			},
			"kinds": []any{"complaint", "suggestion", "inquiry", "help", "dispute"},
			"kind_names": []any{
				map[string]any{"key": "complaint", "name": "投诉"},
				map[string]any{"key": "suggestion", "name": "建议"},
				map[string]any{"key": "inquiry", "name": "咨询"},
				map[string]any{"key": "help", "name": "求助"},
				map[string]any{"key": "dispute", "name": "纠纷"},
			},
		}
		maps.Copy(m, more)
		return m
	}
	for key, want := range map[string]map[string]any{
		codeOfMa:  common(map[string]any{"key": codeOfMa, "kind": "member", "name": "马晓舟", "member": ma, "on_duty": onDuty}),
		codePlace: common(map[string]any{"key": codePlace, "kind": "place", "name": "黄河渡口停车场", "on_duty": onDuty}),
		codeRoom:  common(map[string]any{"key": codeRoom, "kind": "room", "name": "上滩村协商议事室", "on_duty": []any{}}),
	} {
		r := b.send("GET", "/api/v1/codes/"+key, "", nil)
		b.want(r, 200)
		if diff := cmp.Diff(want, r.JSON(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
		if strings.Contains(string(r.Body), "13900000001") {
			t.Error("a member's own phone is shown")
		}
	}
	b.problem(b.send("GET", "/api/v1/codes/2222222222", "", nil), 404, "not_found")
	m := b.problem(b.send("GET", "/api/v1/codes/"+codeGone, "", nil), 404, "not_found")
	if !strings.Contains(at[string](m, "detail"), "0930-1234567") {
		t.Errorf("a revoked code offers no station: %v", m["detail"])
	}
}

func TestCodeImages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	base := "/api/v1/codes/" + codeOfMa
	r := b.send("GET", base+"/qr.png?size=300", "", nil)
	b.want(r, 200)
	img, err := stdpng.Decode(bytes.NewReader(r.Body))
	if err != nil || img.Bounds().Size() != (image.Point{X: 300, Y: 300}) || r.Header.Get("Content-Type") != "image/png" {
		t.Errorf("png: %v, %v, %s", err, img, r.Header.Get("Content-Type"))
	}
	if got := r.Header.Get("Cache-Control"); got != "public, max-age=300" {
		t.Errorf("Cache-Control %q", got)
	}
	r = b.send("GET", base+"/qr.svg", "", nil)
	b.want(r, 200)
	if r.Header.Get("Content-Type") != "image/svg+xml" || !bytes.Contains(r.Body, []byte("<svg")) {
		t.Errorf("svg: %s %.80s", r.Header.Get("Content-Type"), r.Body)
	}
	r = b.send("GET", base+"/wxacode", "", nil)
	b.want(r, 200)
	if _, err := jpeg.Decode(bytes.NewReader(r.Body)); err != nil || r.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("wxacode: %v, %s", err, r.Header.Get("Content-Type"))
	}
	for _, size := range []string{"0", "63", "2049", "big"} {
		m := b.problem(b.send("GET", base+"/qr.png?size="+size, "", nil), 422, "invalid")
		if got := fields(m); !slices.Equal(got, []string{"size"}) {
			t.Errorf("size=%s: fields %v", size, got)
		}
	}
	for _, image := range []string{"/qr.png", "/qr.svg", "/wxacode"} {
		b.problem(b.send("GET", "/api/v1/codes/"+codeGone+image, "", nil), 404, "not_found")
		b.problem(b.send("GET", "/api/v1/codes/2222222222"+image, "", nil), 404, "not_found")
	}
}

func TestCodesAreKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	r := b.send("POST", "/api/v1/codes", liaison, `{"target":{"kind":"member","id":"m3"}}`)
	b.want(r, 201)
	made := r.JSON(t)
	key := at[string](made, "key")
	want := map[string]any{
		"key": key, "kind": "member", "name": "赵丰年", "target": map[string]any{"kind": "member", "id": "m3", "name": "赵丰年"},
		"revoked": false, "url": publicURL + "/q/" + key, "created_at": "2026-05-11T10:00:00+08:00", "village": "上滩村",
		"scans_30d": 0.0, "scans_total": 0.0, "filed_total": 0.0,
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	// Re-pointed without reprinting, then out of use, then in use again.
	r = b.send("PATCH", "/api/v1/codes/"+key, liaison, `{"target":{"kind":"room","id":"r1"}}`)
	b.want(r, 200)
	r = b.send("GET", "/api/v1/codes/"+key, "", nil)
	b.want(r, 200)
	if r.JSON(t)["name"] != "上滩村协商议事室" {
		t.Errorf("re-pointed: %s", r.Body)
	}
	b.want(b.send("PATCH", "/api/v1/codes/"+key, liaison, `{"revoked":true}`), 200)
	b.problem(b.send("GET", "/api/v1/codes/"+key, "", nil), 404, "not_found")
	b.want(b.send("PATCH", "/api/v1/codes/"+key, liaison, `{"revoked":false}`), 200)
	b.want(b.send("GET", "/api/v1/codes/"+key, "", nil), 200)
	b.problem(b.send("PATCH", "/api/v1/codes/"+codeOther, liaison, `{"revoked":true}`), 404, "not_found")
	b.problem(b.send("PATCH", "/api/v1/codes/"+key, liaison, `{"target":{"kind":"member","id":"m9"}}`), 422, "invalid")
	b.problem(b.send("POST", "/api/v1/codes", liaison, `{"target":{"kind":"planet"}}`), 422, "invalid")

	var got []string
	cursor := ""
	for range 10 {
		r := b.send("GET", "/api/v1/codes?limit=3&cursor="+cursor, liaison, nil)
		b.want(r, 200)
		m := r.JSON(t)
		for _, item := range at[[]any](m, "items") {
			got = append(got, at[string](obj(item), "key"))
		}
		if cursor = at[string](m, "next_cursor"); cursor == "" {
			break
		}
	}
	if want := []string{key, codeGone, codeSite, codePlace, codeRoom, codeOfHe, codeOfMa}; !slices.Equal(got, want) {
		t.Errorf("codes %v, want %v", got, want)
	}
	b.problem(b.send("GET", "/api/v1/codes?cursor=nonsense", liaison, nil), 422, "invalid")
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison, admin, visitor := b.as("sun", "hk", "liaison", "l1"), b.as("qian", "hk", "liaison", "a1"), b.login("villager")
	r := b.send("POST", "/api/v1/members/m1/invitations", liaison, nil)
	b.want(r, 201)
	invitation := at[string](r.JSON(t), "invitation")
	r = b.send("POST", "/api/v1/bindings", visitor, map[string]any{"invitation": strings.ToUpper(invitation[:4] + "-" + invitation[4:])})
	b.want(r, 200)
	if u := at[map[string]any](r.JSON(t), "user"); u["role"] != "member" || u["member_id"] != "m1" || u["name"] != "马晓舟" {
		t.Errorf("bound %v", u)
	}
	b.want(b.send("GET", "/api/v1/inbox", visitor, nil), 200)
	b.problem(b.send("POST", "/api/v1/bindings", b.login("tourist"), map[string]any{"invitation": invitation}), 422, "invalid")
	b.problem(b.send("POST", "/api/v1/members/l1/invitations", liaison, nil), 403, "denied")
	b.problem(b.send("POST", "/api/v1/members/l1/invitations", admin, nil), 409, "conflict")
	b.want(b.send("POST", "/api/v1/members/l1/invitations", admin, map[string]any{"again": true}), 201)
	b.problem(b.send("POST", "/api/v1/members/m9/invitations", admin, nil), 404, "not_found")
}

func TestConsent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	r := b.send("GET", "/api/v1/subscriptions/templates", visitor, nil)
	b.want(r, 200)
	items := at[[]any](r.JSON(t), "items")
	if len(items) != len(templateIDs()) {
		t.Fatalf("%d templates, want %d", len(items), len(templateIDs()))
	}
	first := obj(items[0])
	if first["purpose"] != "member_new" || first["for"] != "member" {
		t.Errorf("first template %v", first)
	}
	ask := func(token, moment string) (list []string) {
		t.Helper()
		r := b.send("GET", "/api/v1/subscriptions/templates?moment="+moment, token, nil)
		b.want(r, 200)
		for _, item := range at[[]any](r.JSON(t), "items") {
			if at[string](obj(item), "why") == "" {
				t.Errorf("no reason: %v", item)
			}
			list = append(list, at[string](obj(item), "purpose"))
		}
		return list
	}
	ma, sun := b.as("ma", "hk", "member", "m1"), b.as("sun", "hk", "liaison", "l1")
	for want, got := range map[string][]string{
		"visitor_reply visitor_closed visitor_progress": ask(visitor, "filing"),
		"member_new member_urge member_message":         ask(ma, "replying"),
		"liaison_alarm liaison_urge":                    ask(sun, "inbox"),
	} {
		if strings.Join(got, " ") != want {
			t.Errorf("asked for %v, want %s", got, want)
		}
	}
	if got := ask(ma, "filing"); len(got) != 3 || got[0] != "visitor_reply" {
		t.Errorf("a member who files is asked for %v", got)
	}
	b.problem(b.send("GET", "/api/v1/subscriptions/templates?moment=never", visitor, nil), 422, "invalid")
	r = b.send("POST", "/api/v1/subscriptions", visitor, map[string]any{"grants": []any{
		map[string]any{"template_id": first["id"], "result": "accept"},
		map[string]any{"template_id": obj(items[1])["id"], "result": "reject"},
	}})
	b.want(r, 200)
	if r.JSON(t)["accepted"] != 1.0 {
		t.Errorf("counted %s", r.Body)
	}
	for _, bad := range []string{
		`{"grants":[{"template_id":"none","result":"accept"}]}`, `{"grants":[{"template_id":"x","result":"maybe"}]}`, `{}`,
		`{"grants":null}`,
	} {
		b.problem(b.send("POST", "/api/v1/subscriptions", visitor, bad), 422, "invalid")
	}
}

// Scans as phones make them: page, client and form are one scan; staff see them.
func TestScansOnTheWire(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	look := func(path, phone string, status int) {
		t.Helper()
		b.want(b.send("GET", path, "", nil, "User-Agent", phone), status)
	}
	look("/q/"+codeOfMa, "one", 200)
	look("/m/pages/scan/index?key="+codeOfMa, "one", 200)
	look("/api/v1/codes/"+codeOfMa, "one", 200)
	look("/api/v1/codes/"+codeOfMa, "two", 200)
	look("/api/v1/codes/"+codeGone, "one", 404)
	look("/q/"+codeGone, "two", 410)
	look("/api/v1/codes/"+codeOfMa+"/qr.png", "three", 200)
	b.want(b.send("HEAD", "/q/"+codeOfMa, "", nil, "User-Agent", "four"), 200)
	r := b.send("POST", "/api/v1/sessions", "", map[string]any{"code": b.emu.LoginCode("five"), "scene": codePlace}, "User-Agent", "five")
	b.want(r, 201)
	b.file(b.login("villager"), nil)
	b.desk.Codes.WriteScans(t.Context())
	r = b.send("GET", "/api/v1/codes?limit=100", liaison, nil)
	b.want(r, 200)
	want := map[string]float64{codeOfMa: 2, codeGone: 2, codePlace: 1}
	filed := 0.0
	for _, item := range at[[]any](r.JSON(t), "items") {
		k := obj(item)
		key := at[string](k, "key")
		if k["scans_30d"] != want[key] || k["scans_total"] != want[key] || (want[key] > 0) != (k["last_scanned_day"] == "2026-05-11") {
			t.Errorf("%s: %v", key, k)
		}
		filed += at[float64](k, "filed_total")
	}
	if filed != 1 {
		t.Errorf("%v filed from codes", filed)
	}
	for query, n := range map[string]int{"kind=room": 1, "state=revoked": 1, "state=used": 5, "q=停车场": 1} {
		r := b.send("GET", "/api/v1/codes?"+query, liaison, nil)
		b.want(r, 200)
		if list := at[[]any](r.JSON(t), "items"); len(list) != n {
			t.Errorf("%s: %d codes", query, len(list))
		}
	}
	b.problem(b.send("GET", "/api/v1/codes?state=lost", liaison, nil), 422, "invalid")
}
