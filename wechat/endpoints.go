package wechat

// endpoint is one API of the platform.
type endpoint struct {
	path string
	// repeatable calls may be made twice without harm. A call that sends something or spends a code is not
	// repeatable: it is retried only if it surely had no effect.
	repeatable bool
	// tokenless calls take no token.
	tokenless bool
	// perMinute and perDay are the platform's published limits; 0: none.
	perMinute, perDay int
	// sharedBudget is the endpoint whose budget this one shares; nil: it has its own.
	sharedBudget *endpoint
	// overrides overrides policy for errcodes that mean something else at this endpoint.
	overrides map[int64]rule
}

// All endpoints, with the limits of the platform's documentation. Observe names them by their paths.
var (
	epToken = &endpoint{
		path: "/cgi-bin/stable_token", repeatable: true, tokenless: true, perMinute: 10_000, perDay: 500_000,
		overrides: map[int64]rule{
			40001: wrongSecret,
			40002: {meaning: "grant_type is wrong", action: actAlarm},
		},
	}
	epLogin = &endpoint{path: "/sns/jscode2session", tokenless: true, overrides: map[int64]rule{
		40001:         wrongSecret,
		codePerMinute: {meaning: "this person logs in more than 100 times a minute", action: actCaller},
		codeDayQuota:  {meaning: "the day's quota of logins is used up", action: actClear},
	}}
	// The official account has another secret than the mini program.
	epOfficial = &endpoint{path: "/sns/oauth2/access_token", tokenless: true, overrides: map[int64]rule{
		40001: wrongOfficialSecret, 40125: wrongOfficialSecret, 40013: wrongOfficialSecret,
	}}
	epPhone = &endpoint{path: "/wxa/business/getuserphonenumber"}
	epCode  = &endpoint{path: "/wxa/getwxacodeunlimit", repeatable: true, perMinute: 5_000}
	epSend  = &endpoint{path: "/cgi-bin/message/subscribe/send", perDay: 10_000_000}
	epChat  = &endpoint{path: "/cgi-bin/message/custom/send"}
	epText  = &endpoint{
		path: "/wxa/msg_sec_check", repeatable: true, perMinute: 4_000, perDay: 2_000_000, overrides: openIDRules,
	}
	epPicture = &endpoint{
		path: "/wxa/media_check_async", perMinute: 2_000, perDay: 200_000, overrides: openIDRules,
	}
	// Links and schemes share a day's limit. Each also has its own limit of 100 a second.
	epLink   = &endpoint{path: "/wxa/generate_urllink", repeatable: true, perMinute: 6_000, perDay: 500_000, overrides: linkRules}
	epScheme = &endpoint{
		path: "/wxa/generatescheme", repeatable: true, perMinute: 6_000, perDay: 500_000, sharedBudget: epLink, overrides: linkRules,
	}
	epUpload    = &endpoint{path: "/cgi-bin/media/upload", repeatable: true}
	epMedia     = &endpoint{path: "/cgi-bin/media/get", repeatable: true}
	epTemplates = &endpoint{path: "/wxaapi/newtmpl/gettemplate", repeatable: true}
	epCallback  = &endpoint{path: "/cgi-bin/getcallbackip", repeatable: true}
	epDomain    = &endpoint{path: "/cgi-bin/get_api_domain_ip", repeatable: true}
	// The platform allows ten a month, from everyone who acts for the account.
	epClear = &endpoint{path: "/cgi-bin/clear_quota"}
)

var endpoints = []*endpoint{
	epToken, epLogin, epOfficial, epPhone, epCode, epSend, epChat, epText, epPicture,
	epLink, epScheme, epUpload, epMedia, epTemplates, epCallback, epDomain, epClear,
}

// The rules of single endpoints.
var (
	wrongSecret = rule{
		meaning: "the AppSecret is wrong", action: actAlarm,
		advice: "AppSecret 不对，请在公众平台“开发管理 → 开发设置”重置后填入 wechat.app_secret",
	}
	wrongOfficialSecret = rule{
		meaning: "the official account's AppID or secret is wrong", action: actAlarm,
		advice: "服务号的 AppID 或 AppSecret 不对，请在公众平台核对后填入 wechat.official_app_id 和 wechat.official_secret",
	}
	openIDRules = map[int64]rule{
		codeOpenID:        {meaning: "the openid is not of this mini program", action: actAlarm},
		codeForeignOpenID: {meaning: "the openid is not of this mini program", action: actAlarm},
		codeScene:         {meaning: "the scene of the check is wrong", action: actAlarm},
	}
	linkRules = map[int64]rule{
		40002: {meaning: "no permission for links", action: actAlarm, advice: "本小程序没有生成链接的权限：个人主体的小程序不能用 URL Link"},
		40013: {meaning: "the mini program is banned or the AppID wrong", action: actAlarm, advice: "小程序被封禁或 AppID 不对，请在公众平台查看通知中心"},
	}
)

// ruleOf returns the rule for the errcode at this endpoint. An unknown errcode alarms.
func (e *endpoint) ruleOf(code int64) rule {
	if r, ok := e.overrides[code]; ok {
		return r
	}
	if r, ok := policy[code]; ok {
		return r
	}
	return rule{meaning: "not known", action: actAlarm}
}

// budgetOwner returns the endpoint whose budget a call takes from.
func (e *endpoint) budgetOwner() *endpoint {
	if e.sharedBudget != nil {
		return e.sharedBudget
	}
	return e
}
