package wechat

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"time"
)

// action is what the client does about an errcode before the calling method handles it.
type action string

const (
	// actRetry: the platform is busy. A repeatable call is retried up to maxRetries times with backoff, any other
	// once.
	actRetry action = "again"
	// actRenew: the token is invalid. It is dropped if it is still the current one, a new one is fetched, and
	// the call is retried once. A second refusal alarms.
	actRenew action = "renew"
	// actSecond, actMinute and actDay: a limit is reached. All processes stop calling the endpoint until the
	// next second, the next minute, or the next midnight in Beijing. actDay alarms.
	actSecond action = "rest: second"
	actMinute action = "rest: minute"
	actDay    action = "rest: day"
	// actClear: the day's limit of logins is reached. The account's quota is cleared, once a day, and the call
	// retried; else as actDay.
	actClear action = "clear, else rest: day"
	// actCaller: one person's limit is reached. That person is told to wait; nobody else has to.
	actCaller action = "caller rests"
	// actAlarm: neither a retry nor the person can fix it: credentials, permissions, or our own mistake. It is
	// logged for an operator.
	actAlarm action = "alarm"
	// actLater: nothing was done; the same call may succeed later.
	actLater action = "later"
	// actPerson: the person's code is wrong or spent; they are told.
	actPerson action = "person"
	// actFinal: final for this receiver or this content; a retry is useless.
	actFinal action = "final"
)

// rule is one row of the policy.
type rule struct {
	// meaning is the platform's meaning of the errcode, for engineers.
	meaning string
	action  action
	// advice tells the operator what to do, in Chinese; only with actAlarm.
	advice string
}

// policy has a rule for every errcode that the platform is known to give. An endpoint may override it
// (endpoint.overrides). The meanings are the platform's documentation, checked against live samples.
var policy = map[int64]rule{
	codeBusy: {meaning: "the platform is busy", action: actRetry},

	codeTokenInvalid: {meaning: "the token is invalid or not the latest", action: actRenew},
	codeTokenBad:     {meaning: "the token is malformed", action: actRenew},
	codeTokenExpired: {meaning: "the token is expired", action: actRenew},

	codePerSecond:      {meaning: "too many calls within the second", action: actSecond},
	codePerMinute:      {meaning: "too many calls within the minute", action: actMinute},
	codePerMinuteCheck: {meaning: "too many checks within the minute", action: actMinute},
	codeDayQuota:       {meaning: "the day's quota is used up", action: actDay},
	codeDayQuotaLink:   {meaning: "the day's quota of links is used up", action: actDay},

	codeLoginInvalid: {meaning: "the code is invalid or expired", action: actPerson},
	codeLoginUsed:    {meaning: "the code was used before", action: actPerson},
	codeRiskyUser:    {meaning: "the platform blocks this person", action: actPerson},

	codeOpenID:      {meaning: "the openid is not known", action: actFinal},
	codeNoConsent:   {meaning: "no grant of the person is left", action: actFinal},
	codeConcurrent:  {meaning: "two sends to one person at once", action: actLater},
	codeWords:       {meaning: "the message holds words that are not allowed", action: actFinal},
	codeChatWindow:  {meaning: "the person has not written for 48 hours", action: actFinal},
	codeChatCount:   {meaning: "all answers to the person's last message are used up", action: actFinal},
	codeChatRefused: {meaning: "the chat takes no such message", action: actFinal},
	codeInactive:    {meaning: "the person was not active in the last two hours", action: actFinal},
	codeRiskyText:   {meaning: "the content is risky", action: actFinal},
	codeChecked:     {meaning: "the same picture was checked too often", action: actFinal},
	codeMedia:       {meaning: "the media id is unknown or past its three days", action: actFinal},

	40002: {meaning: "the grant type or the permission is missing", action: actAlarm},
	40004: {meaning: "the media type is wrong", action: actAlarm},
	40013: {meaning: "the AppID is wrong", action: actAlarm, advice: "AppID 不对，请照公众平台“开发管理 → 开发设置”填写 wechat.app_id"},
	40037: {meaning: "the template id is not of this account", action: actAlarm, advice: "消息模板不存在，请在公众平台“订阅消息 → 我的模板”核对 wechat.templates"},
	40125: {meaning: "the AppSecret is wrong", action: actAlarm, advice: wrongSecret.advice},
	codeForeignIP: {
		meaning: "our address is not on the IP list", action: actAlarm,
		advice: "本机 IP 不在白名单，请在公众平台“开发管理 → 开发设置 → IP 白名单”加入",
	},
	40243: {meaning: "the AppSecret is frozen", action: actAlarm, advice: "AppSecret 被冻结，请在公众平台“开发管理 → 开发设置”解冻"},
	41001: {meaning: "the token is missing", action: actAlarm},
	41002: {meaning: "the AppID is missing", action: actAlarm},
	41004: {meaning: "the AppSecret is missing", action: actAlarm},
	41008: {meaning: "the code is missing", action: actAlarm},
	40234: {
		meaning: "the account takes signed and sealed calls only (API security)", action: actAlarm,
		advice: "公众平台打开了“API 安全”，只收加密签名的调用，本系统的调用都会被拒绝：请在“开发管理 → 开发设置 → API 安全”关闭",
	},
	43001: {meaning: "GET is needed", action: actAlarm},
	43002: {meaning: "POST is needed", action: actAlarm},
	44002: {meaning: "the body is empty", action: actAlarm},
	47001: {meaning: "the body is not JSON", action: actAlarm},

	codeArguments:   {meaning: "an argument of the code image is wrong", action: actAlarm},
	codeScene:       {meaning: "the scene holds characters that are not allowed", action: actAlarm},
	codeSceneLength: {meaning: "the scene is empty or too long", action: actAlarm},
	codePage:        {meaning: "the page is not in the released version", action: actAlarm, advice: "已发布的版本里没有这个页面，请在公众平台“版本管理”发布新版本"},
	85096:           {meaning: "scancode_time is reserved", action: actAlarm},

	codeForeignOpenID: {meaning: "the openid is not of this mini program", action: actAlarm},
	43107:             {meaning: "subscribe messages are banned", action: actAlarm, advice: "订阅消息能力被封禁，请在公众平台查看通知中心的说明"},
	47003:             {meaning: "a field breaks the template's rule", action: actAlarm},

	codeClearSpent: {meaning: "the month's clearings of the quota are used up", action: actAlarm, advice: "本月的清零次数（10 次）用完了，今天的调用次数要到 0 点才恢复"},
	48001:          {meaning: "the account has no permission for this call", action: actAlarm, advice: "账号没有这个接口的权限，请在公众平台“开发管理 → 接口设置”查看"},
	50002:          {meaning: "the account's ability is limited", action: actAlarm, advice: "账号的能力被限制，请在公众平台查看通知中心的说明"},
	50004:          {meaning: "the mini program is disabled", action: actAlarm, advice: "小程序已被停用，请在公众平台查看通知中心的说明"},
	50007:          {meaning: "the mini program is frozen", action: actAlarm, advice: "小程序已被冻结，请在公众平台查看通知中心的说明"},
	61004:          {meaning: "our address is not on the IP list of the third-party platform", action: actAlarm, advice: "本机 IP 不在第三方平台的白名单"},
	89503:          {meaning: "the administrator has to confirm our address", action: actAlarm, advice: "本机 IP 的调用要管理员在微信里确认"},
	89506:          {meaning: "the administrator refused our address for a day", action: actAlarm, advice: "管理员拒绝了本机 IP 的调用，24 小时后才能再试"},
	89507:          {meaning: "the administrator refused our address for an hour", action: actAlarm, advice: "管理员拒绝了本机 IP 的调用，1 小时后才能再试"},

	40165: {meaning: "the page of the link is wrong", action: actAlarm},
	40212: {meaning: "the query of the link is wrong", action: actAlarm},
	85079: {meaning: "nothing is released yet", action: actAlarm, advice: "小程序还没有发布过，请在公众平台“版本管理”提交审核并发布"},
	85401: {meaning: "the link's life is not from a minute to 30 days", action: actAlarm},
	85402: {meaning: "the version of the link is wrong", action: actAlarm},
	85406: {meaning: "the link's scheme is not allowed", action: actAlarm},
	85407: {meaning: "the link's arguments are wrong", action: actAlarm},
	85408: {meaning: "the link's page is not allowed", action: actAlarm},
	87009: {
		meaning: "the signature is wrong", action: actAlarm,
		advice: "平台说签名不对：请确认“开发管理 → 开发设置 → API 安全”没有打开，AppSecret 没有在别处重置",
	},
}

// endOfLimit returns when the limit that the action stands for ends; rests is false for an action without a limit.
func (a action) endOfLimit(now time.Time) (until time.Time, rests bool) {
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

// midnight returns the end of the platform's day.
func midnight(now time.Time) time.Time {
	y, m, d := now.In(china).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, china)
}

// applyPolicy does what an errcode asks for, except retries. A token error of an endpoint that takes no token
// is a bug, so it alarms.
func (c *Client) applyPolicy(ctx context.Context, ep *endpoint, err error) {
	e, ok := errors.AsType[*APIError](err)
	if !ok {
		return
	}
	r := ep.ruleOf(e.Code)
	if until, rests := r.action.endOfLimit(c.now()); rests {
		c.budgets[ep.budgetOwner()].block(ctx, until)
	}
	if r.action == actAlarm || r.action == actDay || r.action == actRenew && ep.tokenless {
		c.alarm(ctx, r.meaning, err)
	}
}

var addressShape = regexp.MustCompile(`(?i)\bip\s+([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)`)

// Diagnose says in Chinese what an operator has to fix after a refusal; "" if an operator cannot fix it. ip is
// the address that the platform saw, after it refused our address (40164).
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
	cure = at.ruleOf(e.Code).advice
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
