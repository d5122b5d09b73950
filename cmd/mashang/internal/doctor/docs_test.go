package doctor_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/doctor"
	"mashang/domain/notice"
	"mashang/wechat"
)

// TestTheProxyLogsNoSearch holds each nginx example to a log without queries, because what is searched for may be
// somebody's name, and without the addresses of calendars, which are keys.
func TestTheProxyLogsNoSearch(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"operation.md", "wechat-setup.md"} {
		data, err := os.ReadFile("../../../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		blocks := regexp.MustCompile("(?s)```nginx\n(.*?)```").FindAllStringSubmatch(string(data), -1)
		if len(blocks) != 1 {
			t.Fatalf("%s has %d examples", page, len(blocks))
		}
		said := regexp.MustCompile(`#.*`).ReplaceAllString(blocks[0][1], "")
		format := regexp.MustCompile(`(?m)^log_format (\w+) '(.*)';`).FindStringSubmatch(said)
		if format == nil || !strings.Contains(format[2], "$uri") || !regexp.MustCompile(`(?m)^\s+access_log \S+ `+format[1]+`;`).MatchString(said) ||
			!regexp.MustCompile(`(?m)^\s+error_log\s+\S+ crit;`).MatchString(said) {
			t.Errorf("%s: the example logs in another form: %s", page, said)
		}
		if with := regexp.MustCompile(`\$(request|request_uri|args|query_string|is_args|arg_\w+|http_referer)\b`).FindString(format[2]); with != "" {
			t.Errorf("%s: the log holds %s", page, with)
		}
		if !regexp.MustCompile(`(?s)location /calendar/ \{[^}]*access_log off;[^}]*\}`).MatchString(said) {
			t.Errorf("%s: the log holds links to calendars", page)
		}
	}
}

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
		want = append(want, fmt.Sprintf("| `%s` %s | %s | %s |", p, p.Chinese(), who, strings.Join(fields, "、")))
	}
	for _, d := range doctor.Declared {
		want = append(want, fmt.Sprintf("| %s | %s | %s |", d.What, d.By, d.Why))
	}
	for ours, theirs := range doctor.Stands {
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
	for _, code := range doctor.KnownCodes() {
		if !strings.Contains(codes, fmt.Sprint(code)) {
			t.Errorf("the guide's table lacks errcode %d", code)
		}
	}
}
