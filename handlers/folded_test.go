package handlers_test

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestTypedKeys: a code's key is taken as people type and paste it.
func TestTypedKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	wide := strings.Map(func(r rune) rune { return r + 0xFEE0 }, codeOfMa)
	for i, typed := range []string{
		wide, codeOfMa + "\u200b", "\u200e" + codeOfMa, "编号：" + codeOfMa, codeOfMa + "。", "Ｎｏ．" + codeOfMa, " maxzm-axzma ", "“" + strings.ToUpper(codeOfMa) + "”",
		publicURL + "/q/" + codeOfMa + "?x=1",
	} {
		body := filing(map[string]any{"scene": typed, "text": "路灯不亮"})
		r := b.send("POST", "/api/v1/submissions", b.login("v"+string(rune('a'+i))), body, "Idempotency-Key", newKey())
		if r.Status != 201 {
			t.Errorf("%+q: %d %s", typed, r.Status, r.Body)
		}
	}
	for _, typed := range []string{"https://example.com/" + codeOfMa, "编号：", codeOfMa + codeOfMa, "\u200b"} {
		body := filing(map[string]any{"scene": typed})
		if r := b.send("POST", "/api/v1/submissions", b.login("stranger"), body, "Idempotency-Key", newKey()); r.Status < 400 || r.Status >= 500 {
			t.Errorf("%+q: %d %s", typed, r.Status, r.Body)
		}
	}
}

// TestPhonesAsTheyAreTyped: filing takes what a roster takes.
func TestPhonesAsTheyAreTyped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i, typed := range []string{
		"\u202d13800138000\u202c", "\u200e13800138000", "13800138000\u200b", "'13800138000", "86 13800138000", "(+86)13800138000", "（＋８６）１３８　００１３　８０００", "138.0013.8000",
	} {
		token := b.login("v" + string(rune('a'+i)))
		s := b.file(token, map[string]any{"contact": map[string]any{"phone": typed}})
		r := b.send("GET", "/api/v1/submissions/"+at[string](s, "id"), token, nil)
		if got := b.got(r)["phone_mask"]; got != "138****8000" {
			t.Errorf("%+q: %v", typed, got)
		}
	}
	s := b.file(b.login("nobody"), map[string]any{"contact": map[string]any{"phone": "\u200b\u3164"}})
	if s["phone_mask"] != nil && s["phone_mask"] != "" {
		t.Errorf("nothing is a number: %v", s["phone_mask"])
	}
}

// TestSearchFindsWhatIsMeant in the station's list and in the member's inbox.
func TestSearchFindsWhatIsMeant(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison, member := b.as("sun", "hk", "liaison", "l1"), b.as("ma", "hk", "member", "m1")
	for i, c := range []struct {
		filed  string
		sought []string
	}{
		{"停車場亂收費，不給發票", []string{"停车场", "乱收费", "停車場", "停车场　发票"}},
		{"cafe\u0301门口积水", []string{"café", "CAFE\u0301"}},
		{"阿依努尔·买买提家门口积水", []string{"阿依努尔•买买提", "阿依努尔・买买提", "阿依努尔买买提", "阿依努尔 · 买买提"}},
		{"自来水 停了 三天", []string{"自来水停了", "停了三天", "停了\u200b三天"}},
	} {
		s := b.file(b.login("v"+string(rune('a'+i))), map[string]any{"text": c.filed})
		number := at[string](s, "number")
		for _, q := range append(c.sought, number, strings.ReplaceAll(number, "-", "—"), "编号："+number, strings.ReplaceAll(number, "-", "")) {
			for path, token := range map[string]string{"/api/v1/station/submissions": liaison, "/api/v1/inbox": member} {
				r := b.got(b.send("GET", path+"?q="+url.QueryEscape(q), token, nil))
				if !slices.ContainsFunc(at[[]any](r, "items"), func(x any) bool { return obj(x)["id"] == s["id"] }) {
					t.Errorf("%s does not find %+q by %+q", path, c.filed, q)
				}
			}
		}
	}
	for path, token := range map[string]string{"/api/v1/station/submissions": liaison, "/api/v1/inbox": member} {
		if r := b.got(b.send("GET", path+"?q="+url.QueryEscape("停电"), token, nil)); len(at[[]any](r, "items")) != 0 {
			t.Errorf("%s finds what nobody wrote", path)
		}
	}
}

// TestCoordinatesAreBothOrNone, and in China.
func TestCoordinatesAreBothOrNone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, place := range []map[string]any{
		{"text": "桥头", "lat": 35.6, "coord": "wgs84"},
		{"text": "桥头", "lng": 103.2, "coord": "gcj02"},
		{"text": "桥头", "lat": -35.6, "lng": -103, "coord": "wgs84"},
		{"lat": 103.2, "lng": 35.6, "coord": "gcj02"},
	} {
		r := b.send("POST", "/api/v1/submissions", b.login("v"), filing(map[string]any{"place": place}), "Idempotency-Key", newKey())
		b.problem(r, 422, "invalid")
	}
	for i, place := range []map[string]any{{"text": "桥头"}, {"text": "桥头", "lat": 35.6, "lng": 103.2, "coord": "gcj02"}, {"text": "\u3164"}} {
		b.file(b.login("w"+string(rune('a'+i))), map[string]any{"place": place})
	}
}

// TestExportsHideNumbers however they are written, and claim what is true.
func TestExportsHideNumbers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	for i, text := range []string{"请打１３８００１３８０００", "请打138.0013.8000", "请打138\u200b0013\u200d8000", "座机（0931）88888888", "请打138 00 13 80 00", "卡号6222 0210 0111 2345 678，微信号：zhangsan_88"} {
		b.file(b.login("v"+string(rune('a'+i))), map[string]any{"text": text})
	}
	r := b.send("POST", "/api/v1/station/submissions/export", liaison, map[string]any{"reason": "周报", "texts": true})
	b.want(r, 202)
	b.want(b.send("GET", "/api/v1/station/jobs/"+at[string](r.JSON(t), "id"), liaison, nil), 200)
	job := b.jobEnds(liaison, at[string](r.JSON(t), "id"))
	file := b.send("GET", "/api/v1/station/jobs/"+at[string](job, "id")+"/file", liaison, nil)
	b.want(file, 200)
	book, err := excelize.OpenReader(bytes.NewReader(file.Body))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			all.WriteString(strings.Join(row, "\n") + "\n")
		}
	}
	for _, plain := range []string{"8000", "８０００", "8888888", "80 00", "2345", "zhangsan", "不含电话和群众姓名"} {
		if strings.Contains(all.String(), plain) {
			t.Errorf("the sheet has %q", plain)
		}
	}
	for _, want := range []string{"138****00", "没有遮住"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("the sheet lacks %q: %s", want, all.String())
		}
	}
	if err := book.Close(); err != nil {
		t.Error(err)
	}
}
