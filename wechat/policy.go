package wechat

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"time"
)

// act is what the client does about an errcode before the call's own part.
type act string

const (
	// actRetry: the platform is busy. A repeatable call is made again up to
	// maxAgain times with backoff, any other once.
	actRetry act = "again"
	// actRenew: the token is not good. It is dropped if it is still the one in
	// use, fetched anew, and the call made once more. Refused again, it alarms.
	actRenew act = "renew"
	// actSecond, actMinute and actDay: the limit is reached. The endpoint rests
	// until the next second, the next minute, the next midnight in Beijing, in
	// all processes; the last alarms.
	actSecond act = "rest: second"
	actMinute act = "rest: minute"
	actDay    act = "rest: day"
	// actClear: the day's limit is reached where people come in. The account's
	// quota is cleared, once a day, and the call made again; else it is actDay.
	actClear act = "clear, else rest: day"
	// actCaller: one person's limit is reached. They are told to wait, and
	// nobody else waits with them.
	actCaller act = "caller rests"
	// actAlarm: nothing that another try or the person could mend. It is logged
	// for somebody to look at: credentials, permissions, or our own mistake.
	actAlarm act = "alarm"
	// actLater: nothing was done; the same call may succeed later.
	actLater act = "later"
	// actPerson: what the person brought is wrong or spent; they are told.
	actPerson act = "person"
	// actFinal: true for this receiver or this content, and no use to repeat.
	actFinal act = "final"
)

// rule is one line of the policy.
type rule struct {
	// means is the platform's meaning, for engineers.
	means string
	act   act
	// cure tells the operator what to do, in Chinese; only with actAlarm.
	cure string
}

// policy says for every errcode that the platform is known to give what is done
// about it. An endpoint may know better (endpoint.own). The meanings are the
// platform's documentation, checked against live samples.
var policy = map[int64]rule{
	codeBusy: {means: "the platform is busy", act: actRetry},

	codeTokenInvalid: {means: "the token is invalid or not the latest", act: actRenew},
	codeTokenBad:     {means: "the token is malformed", act: actRenew},
	codeTokenExpired: {means: "the token is expired", act: actRenew},

	codePerSecond:      {means: "too many calls within the second", act: actSecond},
	codePerMinute:      {means: "too many calls within the minute", act: actMinute},
	codePerMinuteCheck: {means: "too many checks within the minute", act: actMinute},
	codeDayQuota:       {means: "the day's quota is used up", act: actDay},
	codeDayQuotaLink:   {means: "the day's quota of links is used up", act: actDay},

	codeLoginInvalid: {means: "the code is invalid or expired", act: actPerson},
	codeLoginUsed:    {means: "the code was used before", act: actPerson},
	codeRiskyUser:    {means: "the platform blocks this person", act: actPerson},

	codeOpenID:      {means: "the openid is not known", act: actFinal},
	codeNoConsent:   {means: "no grant of the person is left", act: actFinal},
	codeConcurrent:  {means: "two sends to one person at once", act: actLater},
	codeWords:       {means: "the message holds words that are not allowed", act: actFinal},
	codeChatWindow:  {means: "the person has not written for 48 hours", act: actFinal},
	codeChatCount:   {means: "all answers to the person's last message are used up", act: actFinal},
	codeChatRefused: {means: "the chat takes no such message", act: actFinal},
	codeInactive:    {means: "the person was not active in the last two hours", act: actFinal},
	codeRiskyText:   {means: "the content is risky", act: actFinal},
	codeChecked:     {means: "the same picture was checked too often", act: actFinal},
	codeMedia:       {means: "the media id is unknown or past its three days", act: actFinal},

	40002: {means: "the grant type or the permission is missing", act: actAlarm},
	40004: {means: "the media type is wrong", act: actAlarm},
	40013: {means: "the AppID is wrong", act: actAlarm, cure: "AppID 不对，请照公众平台“开发管理 → 开发设置”填写 wechat.app_id"},
	40037: {means: "the template id is not of this account", act: actAlarm, cure: "消息模板不存在，请在公众平台“订阅消息 → 我的模板”核对 wechat.templates"},
	40125: {means: "the AppSecret is wrong", act: actAlarm, cure: wrongSecret.cure},
	codeForeignIP: {
		means: "our address is not on the IP list", act: actAlarm,
		cure: "本机 IP 不在白名单，请在公众平台“开发管理 → 开发设置 → IP 白名单”加入",
	},
	40243: {means: "the AppSecret is frozen", act: actAlarm, cure: "AppSecret 被冻结，请在公众平台“开发管理 → 开发设置”解冻"},
	41001: {means: "the token is missing", act: actAlarm},
	41002: {means: "the AppID is missing", act: actAlarm},
	41004: {means: "the AppSecret is missing", act: actAlarm},
	41008: {means: "the code is missing", act: actAlarm},
	40234: {
		means: "the account takes signed and sealed calls only (API security)", act: actAlarm,
		cure: "公众平台打开了“API 安全”，只收加密签名的调用，本系统的调用都会被拒绝：请在“开发管理 → 开发设置 → API 安全”关闭",
	},
	43001: {means: "GET is needed", act: actAlarm},
	43002: {means: "POST is needed", act: actAlarm},
	44002: {means: "the body is empty", act: actAlarm},
	47001: {means: "the body is not JSON", act: actAlarm},

	codeArguments:   {means: "an argument of the code image is wrong", act: actAlarm},
	codeScene:       {means: "the scene holds characters that are not allowed", act: actAlarm},
	codeSceneLength: {means: "the scene is empty or too long", act: actAlarm},
	codePage:        {means: "the page is not in the released version", act: actAlarm, cure: "已发布的版本里没有这个页面，请在公众平台“版本管理”发布新版本"},
	85096:           {means: "scancode_time is reserved", act: actAlarm},

	codeForeignOpenID: {means: "the openid is not of this mini program", act: actAlarm},
	43107:             {means: "subscribe messages are banned", act: actAlarm, cure: "订阅消息能力被封禁，请在公众平台查看通知中心的说明"},
	47003:             {means: "a field breaks the template's rule", act: actAlarm},

	codeClearSpent: {means: "the month's clearings of the quota are used up", act: actAlarm, cure: "本月的清零次数（10 次）用完了，今天的调用次数要到 0 点才恢复"},
	48001:          {means: "the account has no permission for this call", act: actAlarm, cure: "账号没有这个接口的权限，请在公众平台“开发管理 → 接口设置”查看"},
	50002:          {means: "the account's ability is limited", act: actAlarm, cure: "账号的能力被限制，请在公众平台查看通知中心的说明"},
	50004:          {means: "the mini program is disabled", act: actAlarm, cure: "小程序已被停用，请在公众平台查看通知中心的说明"},
	50007:          {means: "the mini program is frozen", act: actAlarm, cure: "小程序已被冻结，请在公众平台查看通知中心的说明"},
	61004:          {means: "our address is not on the IP list of the third-party platform", act: actAlarm, cure: "本机 IP 不在第三方平台的白名单"},
	89503:          {means: "the administrator has to confirm our address", act: actAlarm, cure: "本机 IP 的调用要管理员在微信里确认"},
	89506:          {means: "the administrator refused our address for a day", act: actAlarm, cure: "管理员拒绝了本机 IP 的调用，24 小时后才能再试"},
	89507:          {means: "the administrator refused our address for an hour", act: actAlarm, cure: "管理员拒绝了本机 IP 的调用，1 小时后才能再试"},

	40165: {means: "the page of the link is wrong", act: actAlarm},
	40212: {means: "the query of the link is wrong", act: actAlarm},
	85079: {means: "nothing is released yet", act: actAlarm, cure: "小程序还没有发布过，请在公众平台“版本管理”提交审核并发布"},
	85401: {means: "the link's life is not from a minute to 30 days", act: actAlarm},
	85402: {means: "the version of the link is wrong", act: actAlarm},
	85406: {means: "the link's scheme is not allowed", act: actAlarm},
	85407: {means: "the link's arguments are wrong", act: actAlarm},
	85408: {means: "the link's page is not allowed", act: actAlarm},
	87009: {
		means: "the signature is wrong", act: actAlarm,
		cure: "平台说签名不对：请确认“开发管理 → 开发设置 → API 安全”没有打开，AppSecret 没有在别处重置",
	},
}

// endOf is when the limit that the act stands for is over.
func (a act) endOf(now time.Time) (until time.Time, rests bool) {
	switch a {
	case actSecond:
		return now.Truncate(time.Second).Add(time.Second), true
	case actMinute:
		return now.Truncate(time.Minute).Add(time.Minute), true
	case actDay:
		return midnight(now), true
	default:
		return time.Time{}, false
	}
}

// midnight is the end of the platform's day.
func midnight(now time.Time) time.Time {
	y, m, d := now.In(china).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, china)
}

// applyPolicy does what an errcode asks for beside another try. Who takes no token and
// hears that it is not good has met something that nobody expects.
func (c *Client) applyPolicy(ctx context.Context, ep *endpoint, err error) {
	e, ok := errors.AsType[*APIError](err)
	if !ok {
		return
	}
	r := ep.ruleOf(e.Code)
	if until, rests := r.act.endOf(c.now()); rests {
		c.budgets[ep.budgetOwner()].stop(ctx, until)
	}
	if r.act == actAlarm || r.act == actDay || r.act == actRenew && ep.open {
		c.alarm(ctx, r.means, err)
	}
}

var addressShape = regexp.MustCompile(`(?i)\bip\s+([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)`)

// Diagnose says what an operator has to mend after a refusal, in Chinese, ""
// when the error is none that an operator could mend. ip is the address that
// the platform saw, for a refusal of our address (40164).
func Diagnose(err error) (cure, ip string) {
	e, ok := errors.AsType[*APIError](err)
	if !ok {
		return "", ""
	}
	at := &endpoint{}
	for _, ep := range endpoints {
		if ep.path == e.Endpoint {
			at = ep
		}
	}
	cure = at.ruleOf(e.Code).cure
	if e.Code == codeForeignIP {
		if m := addressShape.FindStringSubmatch(e.Msg); m != nil {
			ip = m[1]
		}
	}
	if cure != "" {
		cure += "（errcode " + strconv.FormatInt(e.Code, 10) + "）"
	}
	return cure, ip
}
