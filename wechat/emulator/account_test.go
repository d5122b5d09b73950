package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"mashang/wechat/emulator"
)

// get makes a call with a valid token.
func (b *bundle) get(path string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path+"?access_token="+b.stable(false).Token, "")
}

func TestTemplateList(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) {
		o.Templates = []emulator.Template{
			{ID: "tpl-b", Title: "受理通知", Fields: []emulator.Field{{Key: "character_string1", Name: "受理编号"}, {Key: "phrase2", Name: "状态"}}},
			{ID: "tpl-a", Title: "答复通知", Fields: []emulator.Field{{Key: "thing1", Name: "事项"}}},
		}
	})
	a := b.get("/wxaapi/newtmpl/gettemplate")
	b.want(a, 0)
	var out struct {
		Data []struct {
			PriTmplID, Title, Content, Example string
			Type                               int
		}
	}
	if err := json.Unmarshal(a.raw, &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Data) != 2 || out.Data[0].PriTmplID != "tpl-b" || out.Data[1].Title != "答复通知" || out.Data[0].Type != 2 {
		t.Fatalf("%s", a.raw)
	}
	if want := "受理编号:{{character_string1.DATA}}\n状态:{{phrase2.DATA}}\n"; out.Data[0].Content != want {
		t.Errorf("content %q, want %q", out.Data[0].Content, want)
	}
	if want := "受理编号:MS-0001\n状态:已受理\n"; out.Data[0].Example != want {
		t.Errorf("example %q, want %q", out.Data[0].Example, want)
	}
	b.want(b.do(http.MethodGet, "/wxaapi/newtmpl/gettemplate", ""), 41001)
	b.want(b.post("/wxaapi/newtmpl/gettemplate", "{}"), 43001)
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for _, path := range []string{"/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"} {
		var out struct {
			List []string `json:"ip_list"`
		}
		a := b.get(path)
		if err := json.Unmarshal(a.raw, &out); err != nil || len(out.List) == 0 {
			t.Fatalf("%s: %s, %v", path, a.raw, err)
		}
		for _, ip := range out.List {
			if _, err := netip.ParseAddr(ip); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestAllowedIPs(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) { o.AllowedIPs = []string{"198.51.100.7", "2001:db8::7"} })
	ask := func(remote, method, target, body string) answer {
		r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.RemoteAddr = remote
		w := httptest.NewRecorder()
		b.api.ServeHTTP(w, r)
		var a answer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	stable := `{"grant_type":"client_credential","appid":"` + appID + `","secret":"` + appSecret + `"}`
	for remote, want := range map[string]string{
		"198.51.100.7:5555":          "",
		"[2001:db8::7]:5555":         "",
		"[::ffff:198.51.100.7]:5555": "",
		"198.51.100.8:5555":          "invalid ip 198.51.100.8 ipv6 ::ffff:198.51.100.8, not in whitelist rid: ",
		"[2001:db8::8]:5555":         "invalid ip 2001:db8::8 ipv6 2001:db8::8, not in whitelist rid: ",
	} {
		for _, a := range []answer{
			ask(remote, http.MethodPost, "/cgi-bin/stable_token", stable),
			ask(remote, http.MethodGet, "/cgi-bin/token?grant_type=client_credential&appid="+appID+"&secret="+appSecret, ""),
		} {
			code := 0
			if want != "" {
				code = 40164
			}
			if a.ErrCode != code || !strings.HasPrefix(a.ErrMsg, want) || (code == 0) == (a.Token == "") {
				t.Errorf("%s: %+v", remote, a)
			}
		}
	}
}

// TestTypesOfTemplates: a long-term template may be sent repeatedly after one grant; a service card can neither
// be asked for nor sent; one popup accepts one type.
func TestTypesOfTemplates(t *testing.T) {
	t.Parallel()
	fields := []emulator.Field{{Key: "thing1"}}
	b := setup(t, func(o *emulator.Options) {
		o.Templates = []emulator.Template{
			{ID: "one-time", Fields: fields}, {ID: "long-term", Fields: fields, Type: emulator.LongTerm}, {ID: "card", Fields: fields, Type: emulator.ServiceCard},
		}
	})
	a := b.get("/wxaapi/newtmpl/gettemplate")
	if !strings.Contains(string(a.raw), `"type":2`) || !strings.Contains(string(a.raw), `"type":3`) || !strings.Contains(string(a.raw), `"type":4`) {
		t.Errorf("%s", a.raw)
	}
	b.control(http.MethodPost, "users/"+someone+"/grants", "", http.StatusUnprocessableEntity, nil) // a mixed popup
	b.control(http.MethodPost, "users/"+someone+"/grants", `{"template_id":"card"}`, http.StatusUnprocessableEntity, nil)
	for id, sent := range map[string][]int{"one-time": {0, 43101}, "long-term": {0, 0}, "card": {40037, 40037}} {
		if id != "card" {
			if err := b.GrantQuietly(t.Context(), someone, id, 1); err != nil {
				t.Fatal(err)
			}
		}
		for _, code := range sent {
			b.want(b.post("/cgi-bin/message/subscribe/send", map[string]any{
				"touser": someone, "template_id": id, "data": map[string]any{"thing1": map[string]string{"value": "茶"}},
			}), code)
		}
	}
}
