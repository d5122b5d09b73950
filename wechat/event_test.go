package wechat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mashang/domain/fault"
	"mashang/wechat"
)

// openPlain opens a genuine plain push of a body.
func openPlain(t *testing.T, body string) []wechat.Event {
	t.Helper()
	d := sealedPush(t, body, now, appID)
	if strings.HasPrefix(body, "<") {
		d.body = "<xml><ToUserName>" + original + "</ToUserName><Encrypt><![CDATA[" + sealedIn(d.body) + "]]></Encrypt></xml>"
	}
	got, err := d.to(safeReceiver(t))
	if err != nil || len(got) == 0 {
		t.Fatalf("%s: %d events, %v", body, len(got), err)
	}
	return got
}

// TestEventsInBothForms: an event reads the same in JSON and in XML, with numbers as strings and lists of one
// item.
func TestEventsInBothForms(t *testing.T) {
	t.Parallel()
	head := `{"ToUserName":"gh_0123456789ab","FromUserName":"` + someone + `",`
	xml := "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[" + someone + "]]></FromUserName><CreateTime>1777600000</CreateTime>"
	base := wechat.Event{OpenID: someone, At: time.Unix(now, 0)}
	with := func(change func(*wechat.Event)) wechat.Event {
		e := base
		change(&e)
		return e
	}
	for name, tc := range map[string]struct {
		json, xml string
		want      []wechat.Event
	}{
		"text": {
			head + `"CreateTime":1777600000,"MsgType":"text","Content":"路灯 & 坏了","MsgId":7300000000000000001}`,
			xml + "<MsgType>text</MsgType><Content><![CDATA[路灯 & 坏了]]></Content><MsgId>7300000000000000001</MsgId></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Text = wechat.Text, "路灯 & 坏了" })},
		},
		"image": {
			head + `"CreateTime":"1777600000","MsgType":"image","PicUrl":"http://x/y","MediaId":"m1","MsgId":"730"}`,
			xml + "<MsgType>image</MsgType><PicUrl>http://x/y</PicUrl><MediaId>m1</MediaId><MsgId>730</MsgId></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Media = wechat.Image, "m1" })},
		},
		"voice": {
			head + `"CreateTime":1777600000,"MsgType":"voice","MediaId":"m2","Format":"amr","MsgId":731}`,
			xml + "<MsgType>voice</MsgType><MediaId>m2</MediaId><Format>amr</Format><MsgId>731</MsgId></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Media, e.Format = wechat.Voice, "m2", "amr" })},
		},
		"card": {
			head + `"CreateTime":1777600000,"MsgType":"miniprogrampage","Title":"t","AppId":"wx1","PagePath":"pages/a/b","ThumbUrl":"http://x/z","ThumbMediaId":"m3","MsgId":732}`,
			xml + "<MsgType>miniprogrampage</MsgType><Title>t</Title><AppId>wx1</AppId><ThumbUrl>http://x/z</ThumbUrl><ThumbMediaId>m3</ThumbMediaId><PagePath>pages/a/b</PagePath><MsgId>732</MsgId></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Page = wechat.Card, "pages/a/b" })},
		},
		"enter": {
			head + `"CreateTime":1777600000,"MsgType":"event","Event":"user_enter_tempsession","SessionFrom":"s"}`,
			xml + "<MsgType>event</MsgType><Event>user_enter_tempsession</Event><SessionFrom>s</SessionFrom></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Text = wechat.Enter, "s" })},
		},
		"popup with one": {
			head + `"CreateTime":"1777600000","MsgType":"event","Event":"subscribe_msg_popup_event","List":{"TemplateId":"t1","SubscribeStatusString":"accept","PopupScene":"0"}}`,
			xml + "<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>t1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>0</PopupScene></List></SubscribeMsgPopupEvent></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Template, e.Accept = wechat.SubscribePopup, "t1", true })},
		},
		"popup with several": {
			head + `"CreateTime":"1777600000","MsgType":"event","Event":"subscribe_msg_popup_event","List":[{"TemplateId":"t1","SubscribeStatusString":"accept"},{"TemplateId":"t1","SubscribeStatusString":"accept"},{"TemplateId":"t2","SubscribeStatusString":"reject"}]}`,
			xml + "<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>t1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List><List><TemplateId>t1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List><List><TemplateId>t2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>",
			[]wechat.Event{
				with(func(e *wechat.Event) { e.Kind, e.Template, e.Accept = wechat.SubscribePopup, "t1", true }),
				with(func(e *wechat.Event) { e.Kind, e.Template, e.Accept = wechat.SubscribePopup, "t1", true }),
				with(func(e *wechat.Event) { e.Kind, e.Template = wechat.SubscribePopup, "t2" }),
			},
		},
		"change": {
			head + `"CreateTime":"1777600000","MsgType":"event","Event":"subscribe_msg_change_event","List":{"TemplateId":"t1","SubscribeStatusString":"reject"}}`,
			xml + "<MsgType>event</MsgType><Event>subscribe_msg_change_event</Event><SubscribeMsgChangeEvent><List><TemplateId>t1</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgChangeEvent></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Template = wechat.SubscribeChange, "t1" })},
		},
		"sent": {
			head + `"CreateTime":"1777600000","MsgType":"event","Event":"subscribe_msg_sent_event","List":{"TemplateId":"t1","MsgID":"99","ErrorCode":"40","ErrorStatus":"x"}}`,
			xml + "<MsgType>event</MsgType><Event>subscribe_msg_sent_event</Event><SubscribeMsgSentEvent><List><TemplateId>t1</TemplateId><MsgID>99</MsgID><ErrorCode>40</ErrorCode><ErrorStatus>x</ErrorStatus></List></SubscribeMsgSentEvent></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Template, e.MsgID, e.ErrorCode = wechat.SubscribeSent, "t1", "99", 40 })},
		},
		"media check": {
			head + `"CreateTime":1777600000,"MsgType":"event","Event":"wxa_media_check","trace_id":"tr1","errcode":0,"result":{"suggest":"risky","label":20006}}`,
			xml + "<MsgType>event</MsgType><Event>wxa_media_check</Event><trace_id>tr1</trace_id><errcode>0</errcode><result><suggest>risky</suggest><label>20006</label></result></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Trace, e.Verdict = wechat.MediaCheck, "tr1", wechat.Risky })},
		},
		"media not fetched": {
			head + `"CreateTime":1777600000,"MsgType":"event","Event":"wxa_media_check","trace_id":"tr1","errcode":-1008,"result":{"suggest":"pass"}}`,
			xml + "<MsgType>event</MsgType><Event>wxa_media_check</Event><trace_id>tr1</trace_id><errcode>-1008</errcode><result><suggest>pass</suggest></result></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Trace, e.ErrorCode = wechat.MediaCheck, "tr1", -1008 })},
		},
		"first scan": {
			head + `"CreateTime":1777600000,"MsgType":"event","Event":"subscribe","EventKey":"qrscene_k7","Ticket":"t"}`,
			xml + "<MsgType>event</MsgType><Event>subscribe</Event><EventKey>qrscene_k7</EventKey><Ticket>t</Ticket></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Scene = wechat.Scan, "k7" })},
		},
		"later scan": {
			head + `"CreateTime":1777600000,"MsgType":"event","Event":"SCAN","EventKey":"k7","Ticket":"t"}`,
			xml + "<MsgType>event</MsgType><Event>SCAN</Event><EventKey>k7</EventKey><Ticket>t</Ticket></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind, e.Scene = wechat.Scan, "k7" })},
		},
		"followed without a scan": {
			head + `"CreateTime":1777600000,"MsgType":"event","Event":"subscribe","EventKey":""}`,
			xml + "<MsgType>event</MsgType><Event>subscribe</Event><EventKey></EventKey></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind = wechat.Other })},
		},
		"unheard of": {
			head + `"CreateTime":1777600000,"MsgType":"event","Event":"something_new","List":null}`,
			xml + "<MsgType>event</MsgType><Event>something_new</Event></xml>",
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind = wechat.Other })},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fromJSON := openPlain(t, tc.json)
			if diff := cmp.Diff(tc.want, fromJSON, cmpopts.IgnoreFields(wechat.Event{}, "ID")); diff != "" {
				t.Errorf("json (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(fromJSON, openPlain(t, tc.xml)); diff != "" {
				t.Errorf("xml differs from json, ids included:\n%s", diff)
			}
			ids := make(map[string]bool)
			for _, e := range fromJSON {
				if e.ID == "" || ids[e.ID] || strings.Contains(e.ID, someone) {
					t.Errorf("id %q is empty, repeated or personal", e.ID)
				}
				ids[e.ID] = true
			}
		})
	}
}

func TestIDsTellEventsApart(t *testing.T) {
	t.Parallel()
	one := `{"FromUserName":"a","CreateTime":1777600000,"MsgType":"event","Event":"user_enter_tempsession"}`
	seen := make(map[string]string)
	for _, body := range []string{
		one,
		strings.Replace(one, `"a"`, `"b"`, 1),
		strings.Replace(one, "1777600000", "1777600001", 1),
		strings.Replace(one, "user_enter_tempsession", "something_new", 1),
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"text","MsgId":1}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"text","MsgId":2}`,
		`{"FromUserName":"b","CreateTime":1777600000,"MsgType":"text","MsgId":1}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"image","MsgId":1}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"image","MediaId":"1"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"voice","MediaId":"1"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"miniprogrampage","PagePath":"1"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"miniprogrampage","PagePath":"2"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"text","Content":"x"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"text","Content":"y"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"event","Event":"wxa_media_check","trace_id":"1"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"event","Event":"wxa_media_check","trace_id":"2"}`,
	} {
		id := openPlain(t, body)[0].ID
		if former, twice := seen[id]; twice {
			t.Errorf("one id for\n%s\n%s", former, body)
		}
		seen[id] = body
	}
}

// TestWhatIsRepeated: a repeated element or name is a list; it has a single value if all its values are the
// same.
func TestWhatIsRepeated(t *testing.T) {
	t.Parallel()
	checked := "<xml><FromUserName>" + someone + "</FromUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>wxa_media_check</Event>" +
		"<trace_id>tr1</trace_id><detail><strategy>a</strategy></detail><detail><strategy>b</strategy></detail><errcode>0</errcode><result><suggest>pass</suggest></result></xml>"
	if got := openPlain(t, checked)[0]; got.Kind != wechat.MediaCheck || got.Verdict != wechat.Pass {
		t.Errorf("media check: %+v", got)
	}
	for _, body := range []string{
		`<xml><FromUserName>a</FromUserName><CreateTime>1</CreateTime><CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId><Content>好</Content><Actions/><Actions/></xml>`,
		`{"FromUserName":"a","CreateTime":1,"CreateTime":1,"MsgType":"text","MsgId":1,"Content":"好","Actions":{},"Actions":{}}`,
	} {
		if got := openPlain(t, body)[0]; got.Kind != wechat.Text || got.Text != "好" || got.OpenID != "a" {
			t.Errorf("%s is read as %+v", body, got)
		}
	}
}

// TestForbiddenCharacters: forbidden characters are removed and nothing else.
func TestForbiddenCharacters(t *testing.T) {
	t.Parallel()
	json := func(content string) string {
		return `{"FromUserName":"a","CreateTime":1,"MsgType":"text","MsgId":1,"Content":"` + content + `"}`
	}
	xml := func(content string) string {
		return "<xml><FromUserName>a</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId><Content>" + content + "</Content></xml>"
	}
	for name, tc := range map[string]struct{ body, want string }{
		"json":                     {json("您\x02好\x00\x1f"), "您好"},
		"json after a backslash":   {json("您\\\x02n好"), "您\n好"},
		"json line break and tab":  {json("您\r\n\t好"), "您\r\n\t好"},
		"json after the body":      {json("您好") + "\x00", "您好"},
		"json byte order mark":     {"\uFEFF " + json("您好"), "您好"},
		"xml":                      {xml("<![CDATA[您\x02好\x0b]]>"), "您好"},
		"xml reference":            {xml("您&#2;好&#x1F;&#xFFFF;&#99999999999;"), "您好"},
		"xml allowed reference":    {xml("您&#22909;"), "您好"},
		"xml reference in a CDATA": {xml("<![CDATA[您&#2;好]]>"), "您&#2;好"},
		"xml noncharacter":         {xml("您\uFFFE好\uFFFF"), "您好"},
		"xml broken bytes":         {xml("您\xff好"), "您\uFFFD好"},
		"xml byte order mark":      {"\uFEFF\n" + xml("您好"), "您好"},
	} {
		if got := openPlain(t, tc.body)[0]; got.Kind != wechat.Text || got.Text != tc.want {
			t.Errorf("%s is read as %q %q", name, got.Kind, got.Text)
		}
	}
}

// TestWhatCannotBeRead: an unreadable push gives an event with its type and sender, as far as they are known,
// and without anything of its content.
func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]wechat.Event{
		"<xml><CreateTime>1</CreateTime><CreateTime>2</CreateTime></xml>":                       {Reason: wechat.UnreadableFields},
		"<xml><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>a<b/></Content></xml>":  {Reason: wechat.UnreadableFields, MsgType: "text"},
		"<xml><FromUserName>a</FromUserName><MsgType>text</MsgType><Content>私密</Content></xml>": {Reason: wechat.UnreadableFields, MsgType: "text", OpenID: "a"},
		`{"FromUserName":"a","FromUserName":"b","CreateTime":1,"MsgType":"text"}`:               {Reason: wechat.UnreadableFields, MsgType: "text", OpenID: "a"},
		"<html><CreateTime>1</CreateTime></html>":                                               {Reason: wechat.UnreadableForm},
		"<xml><CreateTime>1</CreateTime></xml><xml><CreateTime>1</CreateTime></xml>":            {Reason: wechat.UnreadableForm},
		"<xml><CreateTime>1</CreateTime></xml>tail":                                             {Reason: wechat.UnreadableForm},
		"<!DOCTYPE x><xml><CreateTime>1</CreateTime></xml>":                                     {Reason: wechat.UnreadableForm},
		"<xml><!ENTITY x 'y'><CreateTime>1</CreateTime></xml>":                                  {Reason: wechat.UnreadableForm},
		`<?xml version="1.0" encoding="gbk"?><xml><CreateTime>1</CreateTime></xml>`:             {Reason: wechat.UnreadableForm},
		"<xml>" + strings.Repeat("<a>", 20) + strings.Repeat("</a>", 20) + "</xml>":             {Reason: wechat.UnreadableForm},
		"<xml>just text</xml>": {Reason: wechat.UnreadableForm},
		"<xml><FromUserName><![CDATA[o-1]]></FromUserName><MsgType><![CDATA[text]]></MsgType><Content>私密 < ": {Reason: wechat.UnreadableForm, MsgType: "text", OpenID: "o-1"},
		`{"FromUserName":"o-1","MsgType":"event","Event":"user_enter_tempsession",`:                          {Reason: wechat.UnreadableForm, MsgType: "user_enter_tempsession", OpenID: "o-1"},
		`{"MsgType":"text","Content":"\"FromUserName\":\"x\"`:                                                {Reason: wechat.UnreadableForm, MsgType: "text"},
		"{": {Reason: wechat.UnreadableForm}, "[]": {Reason: wechat.UnreadableForm}, "null": {Reason: wechat.UnreadableForm}, " ": {Reason: wechat.UnreadableForm},
		`{"MsgType":"text"}`: {Reason: wechat.UnreadableFields, MsgType: "text"}, `{"a":1,"a":2}`: {Reason: wechat.UnreadableFields},
	} {
		d := sealedPush(t, body, now, appID)
		got, err := d.to(safeReceiver(t))
		want.Kind, want.At, want.Size = wechat.Unreadable, time.Unix(now, 0), len(d.body)
		if diff := cmp.Diff([]wechat.Event{want}, got, cmpopts.IgnoreFields(wechat.Event{}, "ID")); fault.CodeOf(err) != fault.Invalid || diff != "" {
			t.Errorf("%s: %v\n%s", body, err, diff)
		}
		if got[0].FromPerson() != (want.MsgType == "text") {
			t.Errorf("%s: from a person: %v", body, got[0].FromPerson())
		}
	}
}
