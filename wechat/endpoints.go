package wechat

// endpoint is one call that the platform offers.
type endpoint struct {
	path string
	// repeatable calls may be made twice without harm. What sends something or
	// spends a code is not: it is made again only if it surely had no effect.
	repeatable bool
	// open calls take no token.
	open bool
	// perMinute and perDay are the platform's published figures; 0: none.
	perMinute, perDay int
	// sharedBudget is the endpoint whose allowance this one shares; nil: its own.
	sharedBudget *endpoint
	// own are the errcodes that mean something else here than in policy.
	own map[int64]rule
}

// Every endpoint that is called, with the limits of the platform's
// documentation. Observe names them by their paths.
var (
	epToken = &endpoint{
		path: "/cgi-bin/stable_token", repeatable: true, open: true, perMinute: 10_000, perDay: 500_000,
		own: map[int64]rule{
			40001: wrongSecret,
			40002: {means: "grant_type is wrong", act: actAlarm},
		},
	}
	epLogin = &endpoint{path: "/sns/jscode2session", open: true, own: map[int64]rule{
		40001:         wrongSecret,
		codePerMinute: {means: "this person logs in more than 100 times a minute", act: actCaller},
		codeDayQuota:  {means: "the day's quota of logins is used up", act: actClear},
	}}
	// The official account's secret is another than the mini program's.
	epOfficial = &endpoint{path: "/sns/oauth2/access_token", open: true, own: map[int64]rule{
		40001: wrongOfficial, 40125: wrongOfficial, 40013: wrongOfficial,
	}}
	epPhone = &endpoint{path: "/wxa/business/getuserphonenumber"}
	epCode  = &endpoint{path: "/wxa/getwxacodeunlimit", repeatable: true, perMinute: 5_000}
	epSend  = &endpoint{path: "/cgi-bin/message/subscribe/send", perDay: 10_000_000}
	epChat  = &endpoint{path: "/cgi-bin/message/custom/send"}
	epText  = &endpoint{
		path: "/wxa/msg_sec_check", repeatable: true, perMinute: 4_000, perDay: 2_000_000, own: foreignPerson,
	}
	epPicture = &endpoint{
		path: "/wxa/media_check_async", perMinute: 2_000, perDay: 200_000, own: foreignPerson,
	}
	// Links and schemes share a day's allowance; of seconds there are 100 each.
	epLink   = &endpoint{path: "/wxa/generate_urllink", repeatable: true, perMinute: 6_000, perDay: 500_000, own: linkRules}
	epScheme = &endpoint{
		path: "/wxa/generatescheme", repeatable: true, perMinute: 6_000, perDay: 500_000, sharedBudget: epLink, own: linkRules,
	}
	epUpload    = &endpoint{path: "/cgi-bin/media/upload", repeatable: true}
	epMedia     = &endpoint{path: "/cgi-bin/media/get", repeatable: true}
	epTemplates = &endpoint{path: "/wxaapi/newtmpl/gettemplate", repeatable: true}
	epCallback  = &endpoint{path: "/cgi-bin/getcallbackip", repeatable: true}
	epDomain    = &endpoint{path: "/cgi-bin/get_api_domain_ip", repeatable: true}
	// The platform takes ten a month, by anybody who acts for the account.
	epClear = &endpoint{path: "/cgi-bin/clear_quota"}
)

var endpoints = []*endpoint{
	epToken, epLogin, epOfficial, epPhone, epCode, epSend, epChat, epText, epPicture,
	epLink, epScheme, epUpload, epMedia, epTemplates, epCallback, epDomain, epClear,
}

// The meanings that an endpoint has of its own.
var (
	wrongSecret = rule{
		means: "the AppSecret is wrong", act: actAlarm,
		cure: "AppSecret 不对，请在公众平台“开发管理 → 开发设置”重置后填入 wechat.app_secret",
	}
	wrongOfficial = rule{
		means: "the official account's AppID or secret is wrong", act: actAlarm,
		cure: "服务号的 AppID 或 AppSecret 不对，请在公众平台核对后填入 wechat.official_app_id 和 wechat.official_secret",
	}
	foreignPerson = map[int64]rule{
		codeOpenID:        {means: "the openid is not of this mini program", act: actAlarm},
		codeForeignOpenID: {means: "the openid is not of this mini program", act: actAlarm},
		codeScene:         {means: "the scene of the check is wrong", act: actAlarm},
	}
	linkRules = map[int64]rule{
		40002: {means: "no permission for links", act: actAlarm, cure: "本小程序没有生成链接的权限：个人主体的小程序不能用 URL Link"},
		40013: {means: "the mini program is banned or the AppID wrong", act: actAlarm, cure: "小程序被封禁或 AppID 不对，请在公众平台查看通知中心"},
	}
)

// ruleOf returns what to do about the errcode at this endpoint. One that nobody
// told us of calls somebody.
func (e *endpoint) ruleOf(code int64) rule {
	if r, ok := e.own[code]; ok {
		return r
	}
	if r, ok := policy[code]; ok {
		return r
	}
	return rule{means: "not known", act: actAlarm}
}

// budgetOwner is the endpoint whose allowance a call takes from.
func (e *endpoint) budgetOwner() *endpoint {
	if e.sharedBudget != nil {
		return e.sharedBudget
	}
	return e
}
