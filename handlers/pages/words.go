package pages

import (
	"cmp"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/desk/codes"
	"mashang/domain/language"
	"mashang/domain/station"
)

// langOf returns the language to answer in, and what was asked for in the address, "" for nothing: a choice made on a
// page goes on in the pages that it leads to. Otherwise the browser's first language decides.
func langOf(c *gin.Context) (l language.Language, asked string) {
	switch asked = c.Query("lang"); asked {
	case "en":
		return language.English, asked
	case "zh":
		return language.Chinese, asked
	}
	return language.Accepted(c.GetHeader("Accept-Language")), ""
}

// words are the texts of the pages behind a code. A page in English has each of them.
var words = map[string]language.Wording{
	"tongue":        {"English", "中文"},
	"tongue_key":    {"en", "zh"},
	"brand":         {"码上·委员工作站", "Mashang · Member Station"},
	"expertise":     {"熟悉的事情", "Knows about"},
	"on_duty":       {"现在值班", "On duty now"},
	"next_duty":     {"下次值班", "Next on duty"},
	"reception":     {"委员接待", "Members receive people"},
	"next_days":     {"看下次接待，预约", "Next days and booking"},
	"book":          {"预约接待", "Book a reception"},
	"say":           {"有事就在这里说", "Tell us here"},
	"report":        {"我要反映问题", "Report a problem"},
	"suggest":       {"我想问、想提建议", "Ask or suggest"},
	"help":          {"我要求助", "Ask for help"},
	"what":          {"发生了什么事？", "What happened?"},
	"scanned":       {"您扫的码", "The code you scanned"},
	"opening":       {"写字、说话、拍照的地方马上打开，请稍等。", "The form opens in a moment."},
	"mine":          {"看我反映过的事", "My reports"},
	"wechat_also":   {"想用微信？", "Rather in WeChat?"},
	"wechat_only":   {"有事请用微信反映", "Please use WeChat"},
	"wechat_open":   {"在微信里打开", "Open in WeChat"},
	"wechat_how":    {"没有反应？照下面的步骤扫码：", "Nothing happens? Scan the code like this:"},
	"wechat_1":      {"打开手机微信", "Open WeChat"},
	"wechat_2":      {"点右上角“＋”，选“扫一扫”", "Tap “+” at the top right, then “Scan”"},
	"wechat_3":      {"对准牌子上的二维码扫一扫，就能写、能说、能拍照", "Point it at the code on the sign: then write, speak or send photos"},
	"code_alt":      {"小程序码（如未显示，请扫牌子上的码）", "Mini-program code (if it is not shown, scan the code on the sign)"},
	"code_press":    {"正在微信里看本页？长按上面的小程序码打开", "Reading this in WeChat? Press and hold the code above"},
	"no_wechat":     {"不方便用微信？", "No WeChat?"},
	"staff":         {"工作人员帮您登记。", "the staff will file it for you."},
	"contact":       {"请联系", "Please contact"},
	"comma":         {"，", ": "},
	"colon":         {"：", ": "},
	"space":         {"", " "},
	"call":          {"打电话", "Call"},
	"free":          {"本平台不收费，不会索要密码和验证码。", "This service is free. It never asks for passwords or codes."},
	"lost":          {"没有找到这个码", "This code was not found"},
	"busy":          {"系统正忙", "The system is busy"},
	"revoked":       {"这个码已经停用", "This code is no longer used"},
	"busy_text":     {"系统一时没有反应，不是您的问题。请过一会儿再扫一次，或直接拨打牌子上的工作站电话。", "The system does not answer just now; it is not your fault. Please scan again in a while, or call the station's number on the sign."},
	"revoked_text":  {"这块牌子上的码不再使用了，不是您的问题。您的事情仍然可以反映：", "The code on this sign is no longer used; it is not your fault. You can still report it:"},
	"lost_text":     {"网址可能没有输全，或者这个码不是本平台的。请您：", "The address may be incomplete, or the code is not ours. Please:"},
	"lost_1":        {"用微信“扫一扫”再扫一次牌子上的码", "scan the code on the sign again"},
	"lost_2":        {"核对牌子上印的网址，末尾是十位字母和数字", "check the address on the sign: it ends with ten letters and digits"},
	"lost_3":        {"扫出收钱、要密码的页面，请不要操作，马上告诉工作站", "if a page asks for money or a password, do nothing there and tell the station at once"},
	"lost_call":     {"您可以打电话，工作人员帮您登记。", "You can call; the staff will file it for you."},
	"lost_who":      {"找不到人？", "Nobody to ask?"},
	"lost_who_text": {"请拨打牌子下方印的工作站电话，或到村、社区的委员工作站当面反映。", "Call the station's number at the bottom of the sign, or go to the member station of the village."},
}

// T returns a text in the page's language.
func (d pageData) T(key string) string {
	return words[key].In(d.Lang, "")
}

// Member returns how a member is called.
func (d pageData) Member(name string) string {
	if d.Lang == language.English {
		return "Member " + name
	}
	return name + " 委员"
}

// Village returns what a member has to do with a village.
func (d pageData) Village(name string) string {
	if d.Lang == language.English {
		return "for " + name
	}
	return "联系" + name
}

// Day returns the date of a duty.
func (d pageData) Day(duty codes.Duty) string {
	at := duty.From.In(station.Zone)
	if d.Lang == language.English {
		return at.Format("2 January")
	}
	return strconv.Itoa(int(at.Month())) + "月" + strconv.Itoa(at.Day()) + "日"
}

// Notice returns what everybody who scans should know now, "" for nothing. The station's own words stay as they are.
func (d pageData) Notice() string {
	if d.Sign.Notice == "" || d.Lang != language.English {
		return d.Sign.Notice
	}
	return "Many people are here now. If it is urgent, please call " + cmp.Or(d.Sign.Station.Phone, "the station") + "."
}

// clock formats a span of one day; midnight at its end is 24:00.
func clock(d codes.Duty) string {
	to := d.To.In(station.Zone).Format("15:04")
	if to == "00:00" {
		to = "24:00"
	}
	return d.From.In(station.Zone).Format("15:04") + "–" + to
}

// dial returns a number as a telephone dials it.
func dial(phone string) string {
	var digits []rune
	for _, r := range phone {
		if r >= '0' && r <= '9' || r == '+' && len(digits) == 0 {
			digits = append(digits, r)
		}
	}
	return string(digits)
}

// initial returns the first character of a name, for the seal beside it.
func initial(name string) string {
	for _, r := range name {
		return string(r)
	}
	return "码"
}
