package wechat_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/wechat"
)

func TestTemplateFields(t *testing.T) {
	t.Parallel()
	for content, want := range map[string][]wechat.TemplateField{
		"受理编号:{{character_string1.DATA}}\n事项：{{thing2.DATA}}\n": {{Label: "受理编号", Key: "character_string1"}, {Label: "事项", Key: "thing2"}},
		"时间: 10:30\n期限 : {{ time12.DATA }}\r\n":                 {{Label: "期限", Key: "time12"}},
		"{{thing1.DATA}}":        {{Key: "thing1"}},
		"温馨提示\n{{first.DATA}}\n": nil,
		"":                       nil,
	} {
		if diff := cmp.Diff(want, wechat.TemplateFields(content)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", content, diff)
		}
	}
}

func FuzzTemplateFields(f *testing.F) {
	f.Add("受理编号:{{character_string1.DATA}}\n事项：{{thing2.DATA}}\n")
	f.Add("{{thing1.DATA}}{{thing2.DATA}}")
	f.Add("a:{{thing1\n.DATA}}")
	f.Fuzz(func(t *testing.T, content string) {
		fields := wechat.TemplateFields(content)
		if len(fields) > strings.Count(content, ".DATA") {
			t.Errorf("%d fields from %q", len(fields), content)
		}
		for _, field := range fields {
			if !strings.Contains(content, field.Key) || !strings.Contains(content, field.Label) || strings.Contains(field.Label, "\n") {
				t.Errorf("%+v is not in %q", field, content)
			}
		}
	})
}

func TestAccount(t *testing.T) {
	t.Parallel()
	answers := map[string]string{
		"/wxaapi/newtmpl/gettemplate": `{"errcode":0,"errmsg":"ok","data":[{"priTmplId":"a1","title":"受理通知","content":"受理编号:{{character_string1.DATA}}\n事项:{{thing2.DATA}}\n","example":"受理编号:1\n","type":2}]}`,
		"/cgi-bin/getcallbackip":      `{"ip_list":["101.226.103.0/25"]}`,
		"/cgi-bin/get_api_domain_ip":  `{"ip_list":["1.2.3.4","5.6.7.8"]}`,
	}
	b := stubbed(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Query().Get("access_token") != "planted-token" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		_, _ = w.Write([]byte(answers[r.URL.Path]))
	})
	templates, err := b.AccountTemplates(t.Context())
	want := []wechat.AccountTemplate{{ID: "a1", Title: "受理通知", Type: wechat.OneTime, Fields: []wechat.TemplateField{{Label: "受理编号", Key: "character_string1"}, {Label: "事项", Key: "thing2"}}}}
	if diff := cmp.Diff(want, templates); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	callback, err := b.CallbackIPs(t.Context())
	if len(callback) != 1 || err != nil {
		t.Errorf("%v, %v", callback, err)
	}
	api, err := b.APIIPs(t.Context())
	if len(api) != 2 || err != nil {
		t.Errorf("%v, %v", api, err)
	}
}

// TestDiagnose checks the advice for an operator, and our address as the platform saw it.
func TestDiagnose(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		code       int
		msg        string
		cure, from string
	}{
		{40164, "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 6a0b-1-2", "白名单", "1.2.3.4"},
		{40164, "invalid ip 2001:db8::7, not in whitelist rid: 6a0b-1-2", "白名单", "2001:db8::7"},
		{40164, "not in whitelist", "白名单", ""},
		{40125, "invalid appsecret", "AppSecret 不对", ""},
		{40001, "invalid credential", "AppSecret 不对", ""},
		{40013, "invalid appid", "AppID 不对", ""},
		{-1, "system error", "", ""},
	} {
		b := client(t, newClock(), nil, config(wechat.HandlerTransport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"errcode":%d,"errmsg":%q}`, tc.code, tc.msg)
		}))))
		err := b.Ping(t.Context())
		cure, ip := wechat.Diagnose(err)
		if !strings.Contains(cure, tc.cure) || (cure == "") != (tc.cure == "") || ip != tc.from {
			t.Errorf("%d: %q, %q", tc.code, cure, ip)
		}
		if cure != "" && !strings.Contains(b.log.String(), tc.cure) {
			t.Errorf("%d: the log has no advice: %s", tc.code, b.log)
		}
	}
	if cure, ip := wechat.Diagnose(errors.New("else")); cure != "" || ip != "" {
		t.Errorf("%q, %q", cure, ip)
	}
}
