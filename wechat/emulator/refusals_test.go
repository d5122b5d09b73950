package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/wechat/emulator"
)

// posts are the calls that take a JSON object, with one that is good.
var posts = map[string]string{
	"/wxa/business/getuserphonenumber": `{"code":"unknown"}`,
	"/wxa/getwxacodeunlimit":           `{"scene":"a=1"}`,
	"/wxa/msg_sec_check":               `{"version":2,"openid":"person-1","scene":1,"content":"a"}`,
	"/wxa/media_check_async":           `{"version":2,"openid":"person-1","scene":1,"media_type":2,"media_url":"https://a.example/b"}`,
	"/wxa/generate_urllink":            `{"path":"pages/index/index","expire_type":1,"expire_interval":1}`,
	"/wxa/generatescheme":              `{"jump_wxa":{"path":"pages/index/index"},"expire_type":1,"expire_interval":1}`,
	"/cgi-bin/message/subscribe/send":  `{"touser":"person-1","template_id":"template-2","data":{"phrase1":{"value":"已办结"}}}`,
	"/cgi-bin/message/custom/send":     `{"touser":"person-1","msgtype":"text","text":{"content":"a"}}`,
}

// gets are the calls that take a token and no body.
var gets = []string{
	"/cgi-bin/media/get", "/wxaapi/newtmpl/gettemplate", "/cgi-bin/get_api_domain_ip", "/cgi-bin/getcallbackip",
}

func TestEveryCallRefusesAWrongForm(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	old := b.stable(false).Token
	b.clock.Advance(2*time.Hour + time.Second)
	token := b.stable(false).Token
	for path, good := range posts {
		empty, malformed := 44002, 47001
		if path == "/wxa/getwxacodeunlimit" {
			empty, malformed = 40169, 40169
		}
		for _, tc := range []struct {
			name, method, query, body string
			code                      int
		}{
			{"GET", http.MethodGet, "?access_token=" + token, "", 43002},
			{"PUT", http.MethodPut, "?access_token=" + token, good, 43002},
			{"no token", http.MethodPost, "", good, 41001},
			{"token in the body", http.MethodPost, "", `{"access_token":"` + token + `"}`, 41001},
			{"unknown token", http.MethodPost, "?access_token=x", good, 40001},
			{"old token", http.MethodPost, "?access_token=" + old, good, 42001},
			{"empty", http.MethodPost, "?access_token=" + token, "", empty},
			{"blank", http.MethodPost, "?access_token=" + token, " \n", empty},
			{"form", http.MethodPost, "?access_token=" + token, "touser=person-1", malformed},
			{"cut off", http.MethodPost, "?access_token=" + token, good[:len(good)-1], malformed},
			{"more behind", http.MethodPost, "?access_token=" + token, good + "{}", malformed},
			{"list", http.MethodPost, "?access_token=" + token, "[" + good + "]", malformed},
			{"null", http.MethodPost, "?access_token=" + token, "null", malformed},
			{"no UTF-8", http.MethodPost, "?access_token=" + token, strings.Replace(good, "{", "{\"x\":\"\xff\",", 1), malformed},
			{"too large", http.MethodPost, "?access_token=" + token, strings.Repeat(" ", 1<<20) + good, 45001},
		} {
			if a := b.do(tc.method, path+tc.query, tc.body); a.ErrCode != tc.code {
				t.Errorf("%s, %s: errcode %d (%s), want %d", path, tc.name, a.ErrCode, a.ErrMsg, tc.code)
			}
		}
	}
	for _, path := range gets {
		b.want(b.do(http.MethodPost, path+"?access_token="+token, "{}"), 43001)
		b.want(b.do(http.MethodGet, path, ""), 41001)
		b.want(b.do(http.MethodGet, path+"?access_token="+old, ""), 42001)
	}
	b.want(b.do(http.MethodPost, "/cgi-bin/stable_token", ""), 44002)
	b.want(b.do(http.MethodPost, "/cgi-bin/stable_token", "grant_type=client_credential"), 47001)
	b.want(b.do(http.MethodGet, "/cgi-bin/stable_token", ""), 43002)
	b.want(b.do(http.MethodPost, "/sns/jscode2session", "{}"), 43001)
	if err := b.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestKeysAreTakenToTheLetter: the case of keys matters, which Go's decoder alone would ignore.
func TestKeysAreTakenToTheLetter(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.grant(1)
	for name, tc := range map[string]struct {
		path, body string
		code       int
	}{
		"toUser":     {"/cgi-bin/message/subscribe/send", `{"toUser":"person-1","template_id":"template-1"}`, 40003},
		"Template":   {"/cgi-bin/message/subscribe/send", `{"touser":"person-1","Template_ID":"template-1"}`, 40037},
		"Data":       {"/cgi-bin/message/subscribe/send", `{"touser":"person-1","template_id":"template-2","Data":{"phrase1":{"value":"已办结"}}}`, 47003},
		"Phrase1":    {"/cgi-bin/message/subscribe/send", `{"touser":"person-1","template_id":"template-2","data":{"Phrase1":{"value":"已办结"}}}`, 47003},
		"Value":      {"/cgi-bin/message/subscribe/send", `{"touser":"person-1","template_id":"template-2","data":{"phrase1":{"Value":"已办结"}}}`, 47003},
		"msgType":    {"/cgi-bin/message/custom/send", `{"touser":"person-1","msgType":"text","text":{"content":"a"}}`, 40008},
		"Content":    {"/cgi-bin/message/custom/send", `{"touser":"person-1","msgtype":"text","text":{"Content":"a"}}`, 44004},
		"openId":     {"/wxa/msg_sec_check", `{"version":2,"openId":"person-1","scene":1,"content":"a"}`, 40003},
		"grant_Type": {"/cgi-bin/stable_token", `{"grant_Type":"client_credential"}`, 40002},
		"in a value": {"/wxa/msg_sec_check", `{"version":2,"openid":"person-1","scene":1,"content":"\"Touser\": A","extra":12345678901234567890}`, 0},
	} {
		if a := b.post(tc.path, tc.body); a.ErrCode != tc.code {
			t.Errorf("%s: errcode %d (%s), want %d", name, a.ErrCode, a.ErrMsg, tc.code)
		}
	}
}

func TestRefusalsOfEachCall(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *emulator.Options) {
		o.Templates = append(o.Templates, emulator.Template{ID: "template-3", Fields: []emulator.Field{{Key: "thing1"}, {Key: "phone_number2"}}})
	})
	b.want(b.login(b.LoginCode(someone)), 0)
	const (
		send = "/cgi-bin/message/subscribe/send"
		chat = "/cgi-bin/message/custom/send"
		code = "/wxa/getwxacodeunlimit"
	)
	to := func(rest string) string { return `{"touser":"person-1",` + rest + `}` }
	check := func(rest string) string { return `{"version":2,"openid":"person-1",` + rest + `}` }
	for _, tc := range []struct {
		path, body string
		code       int
		text       string
	}{
		{"/wxa/business/getuserphonenumber", `{}`, 40029, ""},
		{"/wxa/business/getuserphonenumber", `{"code":1}`, 47001, ""},

		{code, `{"page":"pages/index/index"}`, 40169, ""},
		{code, `{"scene":""}`, 40169, ""},
		{code, `{"scene":"` + strings.Repeat("a", 33) + `"}`, 40169, ""},
		{code, `{"scene":1}`, 40169, ""},
		{code, `{"scene":"a%20b"}`, 40129, ""},
		{code, `{"scene":"村"}`, 40129, ""},
		{code, `{"scene":"a b"}`, 40129, ""},
		{code, `{"scene":"a","page":"/pages/index/index"}`, 41030, ""},
		{code, `{"scene":"a","page":"/pages/index/index","check_path":false}`, 41030, ""},
		{code, `{"scene":"a","page":"pages/index/index?a=1"}`, 41030, ""},
		{code, `{"scene":"a","page":"pages/other/index"}`, 41030, ""},
		{code, `{"scene":"a","env_version":"beta"}`, 40097, ""},
		{code, `{"scene":"a","width":279}`, 40097, ""},
		{code, `{"scene":"a","width":1281}`, 40097, ""},
		{code, `{"scene":"a","scancode_time":1}`, 85096, ""},

		{send, `{"template_id":"template-1"}`, 40003, ""},
		{send, `{"touser":"","template_id":"template-1"}`, 40003, ""},
		{send, `{"touser":"stranger","template_id":"template-1"}`, 40003, ""},
		{send, to(`"data":{}`), 40037, ""},
		{send, to(`"template_id":"template-3","page":"/pages/index/index"`), 41030, ""},
		{send, to(`"template_id":"template-3"`), 47003, "data.thing1.value is empty"},
		{send, to(`"template_id":"template-3","data":{"thing1":{"value":""},"phone_number2":{"value":"110"}}`), 47003, "argument invalid! data.thing1.value is empty"},
		{send, to(`"template_id":"template-3","data":{"thing1":{"value":"a"}}`), 47003, "data.phone_number2.value is empty"},
		{send, to(`"template_id":"template-3","data":{"thing1":{"value":"a"},"phone_number2":{"value":"一一〇"}}`), 47003, "data.phone_number2.value invalid"},
		{send, to(`"template_id":"template-3","data":{"thing1":"a"}`), 47001, ""},
		{send, to(`"template_id":"template-3","data":{"thing1":{"value":"a"},"phone_number2":{"value":"110"}}`), 43101, ""},

		{chat, `{"msgtype":"text","text":{"content":"a"}}`, 40003, ""},
		{chat, `{"touser":"stranger","msgtype":"dance"}`, 40003, ""},
		{chat, to(`"text":{"content":"a"}`), 40008, ""},
		{chat, to(`"msgtype":"text"`), 44004, ""},
		{chat, to(`"msgtype":"text","text":{"content":"a"}`), 45015, ""},

		{"/wxa/msg_sec_check", `{"openid":"person-1","scene":1,"content":"a"}`, 40097, ""},
		{"/wxa/msg_sec_check", check(`"content":"a"`), 40129, ""},
		{"/wxa/msg_sec_check", check(`"scene":1`), 44002, ""},
		{"/wxa/msg_sec_check", check(`"scene":1,"content":"` + strings.Repeat("字", 2501) + `"`), 45002, ""},
		{"/wxa/msg_sec_check", `{"version":2,"scene":1,"content":"a"}`, 40003, ""},
		{"/wxa/msg_sec_check", `{"version":2,"openid":"stranger","scene":1,"content":"a"}`, 43104, ""},
	} {
		a := b.post(tc.path, tc.body)
		if a.ErrCode != tc.code || !strings.Contains(a.ErrMsg, tc.text) || !strings.Contains(a.ErrMsg, " rid: ") {
			t.Errorf("%s %s: errcode %d (%s), want %d %q", tc.path, tc.body, a.ErrCode, a.ErrMsg, tc.code, tc.text)
		}
	}
}
