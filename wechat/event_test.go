package wechat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mashang/fault"
	"mashang/wechat"
)

// openPlain opens a genuine push of the given type.
func openPlain(t *testing.T, contentType, body string) []wechat.Event {
	t.Helper()
	d := sealedPush(t, body, now, appID)
	if contentType != "application/json" {
		d.contentType = contentType
		d.body = "<xml><ToUserName>" + original + "</ToUserName><Encrypt><![CDATA[" + sealedIn(d.body) + "]]></Encrypt></xml>"
	}
	got, err := d.to(safeReceiver(t))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return got
}

// TestEventsInBothForms: what the platform writes in JSON and in XML, with its
// numbers as strings and its lists of one, reads the same.
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
			[]wechat.Event{with(func(e *wechat.Event) { e.Kind = wechat.Enter })},
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
			fromJSON := openPlain(t, "application/json", tc.json)
			if diff := cmp.Diff(tc.want, fromJSON, cmpopts.IgnoreFields(wechat.Event{}, "ID")); diff != "" {
				t.Errorf("json (-want +got):\n%s", diff)
			}
			for _, media := range []string{"text/xml", "application/xml; charset=utf-8"} {
				if diff := cmp.Diff(fromJSON, openPlain(t, media, tc.xml)); diff != "" {
					t.Errorf("%s differs from json, ids included:\n%s", media, diff)
				}
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
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"text","Content":"x"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"text","Content":"y"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"event","Event":"wxa_media_check","trace_id":"1"}`,
		`{"FromUserName":"a","CreateTime":1777600000,"MsgType":"event","Event":"wxa_media_check","trace_id":"2"}`,
	} {
		id := openPlain(t, "application/json", body)[0].ID
		if former, twice := seen[id]; twice {
			t.Errorf("one id for\n%s\n%s", former, body)
		}
		seen[id] = body
	}
}

func TestXMLShapesRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"<xml><CreateTime>1</CreateTime><CreateTime>2</CreateTime></xml>",
		"<html><CreateTime>1</CreateTime></html>",
		"<xml><CreateTime>1</CreateTime></xml><xml><CreateTime>1</CreateTime></xml>",
		"<xml><CreateTime>1</CreateTime></xml>tail",
		"<!DOCTYPE x><xml><CreateTime>1</CreateTime></xml>",
		"<xml><!ENTITY x 'y'><CreateTime>1</CreateTime></xml>",
		`<?xml version="1.0" encoding="gbk"?><xml><CreateTime>1</CreateTime></xml>`,
		"<xml>" + strings.Repeat("<a>", 20) + strings.Repeat("</a>", 20) + "</xml>",
		"<xml>just text</xml>",
	} {
		d := sealedPush(t, body, now, appID)
		d.contentType = "text/xml"
		d.body = "<xml><Encrypt>" + sealedIn(d.body) + "</Encrypt></xml>"
		_, err := d.to(safeReceiver(t))
		wantCode(t, err, fault.Invalid)
	}
}
