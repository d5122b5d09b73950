package emulator_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"testing"

	"mashang/wechat/emulator"
)

// sentItem is the report on one message.
type sentItem struct {
	TemplateID  string `json:"TemplateId" xml:"TemplateId"`
	MsgID       string
	ErrorCode   string
	ErrorStatus string
}

func sentInJSON(t *testing.T, body []byte) sentItem {
	t.Helper()
	var e struct {
		CreateTime string // the platform quotes it in these events
		List       sentItem
	}
	if err := json.Unmarshal(body, &e); err != nil || e.CreateTime == "" {
		t.Fatalf("%s: %v", body, err)
	}
	return e.List
}

func sentInXML(t *testing.T, body []byte) sentItem {
	t.Helper()
	var e struct {
		List sentItem `xml:"SubscribeMsgSentEvent>List"`
	}
	if err := xml.Unmarshal(body, &e); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return e.List
}

func TestMessagesThatNeverArrive(t *testing.T) {
	t.Parallel()
	for format, decode := range map[emulator.Format]func(*testing.T, []byte) sentItem{
		emulator.JSON: sentInJSON, emulator.XML: sentInXML,
	} {
		s := &sink{}
		b := setup(t, func(o *emulator.Options) {
			o.Push, o.PushMode, o.PushFormat, o.SentEvents = s.push, emulator.Plain, format, true
		})
		b.grant(3)
		b.FailNext(someone, 2)
		for i, arrived := range []bool{false, false, true} {
			a := b.send(nil)
			b.want(a, 0)
			var out struct{ MsgID json.Number }
			if err := json.Unmarshal(a.raw, &out); err != nil {
				t.Fatal(err)
			}
			got := decode(t, s.got[i].body)
			if got.TemplateID != tpl || got.MsgID != out.MsgID.String() || (got.ErrorCode == "0") != arrived || (got.ErrorStatus == "success") != arrived {
				t.Errorf("%s, message %d: reported %+v", format, i, got)
			}
		}
		if n := len(b.Messages(someone)); n != 1 || b.Left(someone, tpl) != 0 {
			t.Errorf("%s: %d messages on the phone, %d grants left, want 1 and 0", format, n, b.Left(someone, tpl))
		}
	}
}

func TestFailNextNeedsReports(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		reports bool
		openid  string
		n       int
	}{{false, someone, 1}, {true, someone, -1}, {true, "a b", 1}} {
		b := setup(t, func(o *emulator.Options) { o.SentEvents = tc.reports })
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v: no panic", tc)
				}
			}()
			b.FailNext(tc.openid, tc.n)
		}()
	}
}

func TestResendAlways(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) { o.Push, o.ResendAlways = s.push, true })
	for i, answers := range [][]string{nil, {"no", "success", "no"}, {"success", "no", "no"}} {
		s.answers = answers
		if err := b.Write(t.Context(), someone, "您好"); err != nil {
			t.Errorf("%v: taken once, but: %v", answers, err)
		}
		if len(s.got) != 3*(i+1) {
			t.Fatalf("%v: %d deliveries, want %d", answers, len(s.got), 3*(i+1))
		}
		last := s.got[3*i:]
		if string(last[0].body) != string(last[1].body) || string(last[0].body) != string(last[2].body) {
			t.Errorf("%v: three deliveries differ", answers)
		}
	}
	s.answers = []string{"no", "no", "no"}
	b.control(http.MethodPost, "users/"+someone+"/chat", `{"text":"再问"}`, http.StatusBadGateway, nil)
}
