package app_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/app"
	"mashang/notice"
	"mashang/wechat"
)

// TestTheGuideIsInStep: the guide's tables are the code's. Who changes a field
// or a declaration finds the line to change there.
func TestTheGuideIsInStep(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../../docs/wechat-setup.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(data)
	var want []string
	for _, p := range notice.Purposes {
		who := map[string]string{"member": "委员", "visitor": "群众", "liaison": "联络员", "department": "部门"}[p.Audience()]
		var fields []string
		for _, f := range notice.Fields[p] {
			fields = append(fields, fmt.Sprintf("%s（%s）", f.Label, f.Type))
		}
		want = append(want, fmt.Sprintf("| `%s` %s | %s | %s |", p, app.PurposeName(p), who, strings.Join(fields, "、")))
	}
	for _, d := range app.Declared {
		want = append(want, fmt.Sprintf("| %s | %s | %s |", d.What, d.By, d.Why))
	}
	for ours, theirs := range app.Stands {
		for _, other := range theirs {
			if !strings.Contains(guide, "`"+ours+"`") || !strings.Contains(guide, "`"+other+"`") {
				t.Errorf("the guide does not say that %s holds %s", other, ours)
			}
		}
	}
	want = append(want, "`"+wechat.PageScan+"`", "/wechat/push`", "/q/`", "wechat.verify_files")
	for _, line := range want {
		if !strings.Contains(guide, line) {
			t.Errorf("the guide lacks: %s", line)
		}
	}
	rows := regexp.MustCompile("(?m)^\\| `(member|visitor|liaison|department)_").FindAllString(guide, -1)
	if len(rows) != len(notice.Purposes) {
		t.Errorf("%d purposes in the guide's table", len(rows))
	}
	_, codes, _ := strings.Cut(guide, "常见的错误码")
	for _, code := range app.KnownCodes() {
		if !strings.Contains(codes, fmt.Sprint(code)) {
			t.Errorf("the guide's table lacks errcode %d", code)
		}
	}
}
