package handlers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTemplatesOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.send("GET", "/api/v1/station/templates", b.as("qian", "hk", "liaison", "a1"), nil)
	b.want(r, 200)
	m := r.JSON(t)
	items := at[[]any](m, "items")
	if len(items) != 11 || m["note"] == "" {
		t.Fatalf("%v", m)
	}
	item := obj(items[0])
	examples, fields := at[[]any](item, "examples"), at[[]any](item, "fields")
	if item["purpose"] != "member_new" || item["name"] != "新诉求" || item["for"] != "member" || item["waits"] != false || len(examples) != 2 || len(fields) != 4 {
		t.Errorf("%v", item)
	}
	if diff := cmp.Diff(map[string]any{
		"key": "thing2", "label": "诉求内容", "type": "thing", "type_name": "事物", "limit": "20 个字符以内，可含汉字、数字、字母、符号",
	}, obj(fields[1])); diff != "" {
		t.Error(diff)
	}
	want := []any{
		map[string]any{"text": "260511-0017", "cut": false},
		map[string]any{"text": "投诉：村口路灯坏了三天没人修，晚上走路…", "cut": true},
		map[string]any{"text": "黄河渡口停车场", "cut": false},
		map[string]any{"text": "2026-05-14 10:00", "cut": false},
	}
	if diff := cmp.Diff(want, obj(examples[0])["values"]); diff != "" {
		t.Error(diff)
	}
}
