package adapt_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/cmd/mashang/adapt"
	"mashang/desk/kit"
	"mashang/domain/record"
	"mashang/wechat"
)

func TestPushesInTheDesksWords(t *testing.T) {
	t.Parallel()
	got := adapt.Events([]wechat.Event{
		{ID: "1", OpenID: "o", Kind: wechat.Text, Text: "好"},
		{ID: "2", OpenID: "o", Kind: wechat.SubscribePopup, Template: "t", Accept: true},
		{ID: "3", OpenID: "o", Kind: wechat.SubscribePopup, Template: "t"},
		{ID: "4", OpenID: "o", Kind: wechat.SubscribeChange, Template: "t"},
		{ID: "5", OpenID: "o", Kind: wechat.SubscribeSent, Template: "t", MsgID: "m"},
		{ID: "7", OpenID: "o", Kind: wechat.SubscribeSent, Template: "t", MsgID: "m", ErrorCode: 8},
		{ID: "8", OpenID: "o", Kind: wechat.Image, Media: "p"},
		{ID: "9", OpenID: "o", Kind: wechat.Voice, Media: "p"},
		{ID: "10", OpenID: "o", Kind: wechat.Card, Page: "a/b"},
		{ID: "11", OpenID: "o", Kind: wechat.Enter, Text: "LJ-1"},
		{ID: "12", OpenID: "o", Kind: wechat.Scan, Scene: "s"},
		{ID: "6", OpenID: "o", Kind: wechat.MediaCheck, Trace: "x", Verdict: "pass", ErrorCode: 7},
	})
	want := []record.InboundEvent{
		{ID: "1", OpenID: "o", Kind: kit.EventText, Text: "好"},
		{ID: "2", OpenID: "o", Kind: kit.EventConsent, Template: "t", Accepted: true},
		{ID: "3", OpenID: "o", Kind: kit.EventConsent, Template: "t"},
		{ID: "4", OpenID: "o", Kind: kit.EventConsentOff, Template: "t"},
		{ID: "7", OpenID: "o", Kind: kit.EventSent, MsgID: "m", ErrorCode: 8},
		{ID: "8", OpenID: "o", Kind: kit.EventImage, Media: "p"},
		{ID: "9", OpenID: "o", Kind: kit.EventVoice},
		{ID: "10", OpenID: "o", Kind: kit.EventCard, Page: "a/b"},
		{ID: "11", OpenID: "o", Kind: kit.EventEnter, Text: "LJ-1"},
		{ID: "6", OpenID: "o", Kind: kit.EventMediaCheck, Trace: "x", Verdict: "pass", ErrorCode: 7},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
