package overview

import (
	"context"
	"fmt"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
)

// The reasons of the platform plug.
const (
	unreadSealed  = "sealed"
	unreadAccount = "account"
	unreadShape   = "shape"
	unreadFields  = "fields"
)

// unreadReasons say what happened.
var unreadReasons = map[string]string{
	unreadSealed:     "解不开：请核对 EncodingAESKey 和 AppID 与微信公众平台后台一致",
	unreadAccount:    "收件账号不是本小程序：请核对 original_id（原始 ID）",
	unreadShape:      "内容格式不对，读不出来",
	unreadFields:     "内容缺项或自相矛盾，读不出来",
	kit.UnreadFailed: "读出来了，但反复处理都没有成功",
}

// unreadAdvice says what to do.
var unreadAdvice = map[string]string{
	unreadSealed:     "请管理员核对这两项并重启；改好以前，微信里的消息都读不出",
	unreadAccount:    "请管理员核对 original_id；若本站没有换过小程序，可能有人冒充微信，请看异常访问",
	unreadShape:      "已请写的人再发一次；反复出现请告诉运行码上的人",
	unreadFields:     "已请写的人再发一次；反复出现请告诉运行码上的人",
	kit.UnreadFailed: "请管理员按这个时间查日志；可能有群众在等，留意没有下文的诉求",
}

var unreadKinds = map[string]string{
	"text": "文字消息", "image": "图片消息", "voice": "语音消息", "miniprogrampage": "小程序卡片", kit.EventCard: "小程序卡片",
	"user_enter_tempsession": "进入客服会话", kit.EventEnter: "进入客服会话",
	"subscribe_msg_popup_event": "订阅授权", kit.EventConsent: "订阅授权",
	"subscribe_msg_change_event": "订阅设置变更", kit.EventConsentOff: "订阅设置变更",
	"subscribe_msg_sent_event": "通知送达结果", kit.EventSent: "通知送达结果",
	"wxa_media_check": "照片检查结果", kit.EventMediaCheck: "照片检查结果",
}

// UnreadPush is a push without an effect, in words.
type UnreadPush struct {
	At   time.Time
	Kind string
	Size int
	Why  string
	// Next is what to do about it.
	Next string
}

// DescribeUnread returns a push in words.
func DescribeUnread(u record.UnreadPush) UnreadPush {
	text := UnreadPush{At: u.At.In(station.Zone), Kind: unreadKinds[u.Kind], Size: u.Size, Why: unreadReasons[u.Why], Next: unreadAdvice[u.Why]}
	if text.Kind == "" {
		text.Kind = "未知类型"
	}
	if text.Why == "" {
		text.Why, text.Next = "读不出来", unreadAdvice[unreadShape]
	}
	return text
}

// UnreadPushes lists the pushes of the last 30 days that had no effect, newest first. They belong to the
// installation, so each station's staff and administrators see all of them.
func (svc *Service) UnreadPushes(ctx context.Context, c access.Caller) ([]UnreadPush, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	list, err := svc.store.Unread(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]UnreadPush, len(list))
	for i, u := range list {
		out[i] = DescribeUnread(u)
	}
	return out, nil
}

// unreadWarningSpan is how long a start page warns of an unread push.
const unreadWarningSpan = 7 * 24 * time.Hour

// unreadWarning returns the number of recent unread pushes and the warning about them, "" for none.
func (svc *Service) unreadWarning(ctx context.Context, now time.Time) (n int, warning string, err error) {
	list, err := svc.store.Unread(ctx)
	if err != nil {
		return 0, "", err
	}
	for n < len(list) && now.Sub(list[n].At) < unreadWarningSpan {
		n++
	}
	if n == 0 {
		return 0, "", nil
	}
	last := DescribeUnread(list[0])
	return n, fmt.Sprintf("最近 7 天有 %d 条微信推送没有读出，其中可能有群众或委员的话。最近一条：%s，%s，%s",
		n, last.At.Format("1月2日15:04"), last.Kind, last.Why), nil
}
