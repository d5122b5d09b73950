package doctor_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/cmd/mashang/internal/doctor"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/wechat"
)

// template makes an account's template of "label:key" pairs.
func template(id string, pairs ...string) wechat.AccountTemplate {
	a := wechat.AccountTemplate{ID: id, Title: "某某通知", Type: wechat.OneTime}
	for _, p := range pairs {
		label, key, _ := strings.Cut(p, ":")
		a.Fields = append(a.Fields, wechat.TemplateField{Label: label, Key: key})
	}
	return a
}

// replaced puts another template in the place of a purpose's.
func (p *patient) replaced(purpose notice.Purpose, pairs ...string) {
	for i, a := range p.templates {
		if a.ID == p.cfg.WeChat.Templates[string(purpose)] {
			p.templates[i] = template(a.ID, pairs...)
		}
	}
}

// typed gives a purpose's template another type.
func (p *patient) typed(purpose notice.Purpose, kind wechat.TemplateType) {
	for i, a := range p.templates {
		if a.ID == p.cfg.WeChat.Templates[string(purpose)] {
			p.templates[i].Type = kind
		}
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	all := len(notice.Purposes)
	const keysInFile = "template_keys:\n        visitor_reply."
	for name, tc := range map[string]struct {
		change      func(p *patient)
		bad, warned int
		want        []string
	}{
		"none configured": {
			func(p *patient) { p.cfg.WeChat.Templates, p.templates = nil, nil }, 0, all,
			[]string{
				"! 没有配置消息模板 wechat.templates.member_new（新诉求），这类通知发不出去。请在公众平台“订阅消息”里选用含有“受理编号、诉求内容、地点、办理期限”的模板",
				"wechat.templates.visitor_progress（办理进展）",
			},
		},
		"one is there but not configured": {
			func(p *patient) { delete(p.cfg.WeChat.Templates, "visitor_closed") }, 0, 1,
			[]string{"账号里的“办结评价通知”字段正好相符：wechat.templates 里写 visitor_closed: template-visitor_closed", fmt.Sprintf("✓ 消息模板：%d 种通知的模板字段相符", all-1)},
		},
		"a wrong id": {
			func(p *patient) { p.cfg.WeChat.Templates["member_urge"] = "another-one" }, 1, 0,
			[]string{"✗ 消息模板 wechat.templates.member_urge：账号里没有编号 another-one", "wechat.templates 里写 member_urge: template-member_urge"},
		},
		"other numbers": {
			func(p *patient) {
				p.replaced(notice.VisitorReply, "答复内容:thing9", "受理编号:character_string3", "温馨提示:thing4", "答复人:thing7")
			}, 1, 0,
			[]string{
				"✗ 消息模板 wechat.templates.visitor_reply（template-visitor_reply，“某某通知”）的字段名与配置不同", keysInFile + "body: thing9",
				"visitor_reply.number: character_string3", "visitor_reply.who: thing7",
				"MASHANG_WECHAT_TEMPLATE_KEYS=visitor_reply.body=thing9,visitor_reply.number=character_string3,visitor_reply.who=thing7\n",
			},
		},
		"other labels": {
			func(p *patient) {
				p.replaced(notice.VisitorReply, "编号:character_string1", "经办:thing5", "内容:thing6", "备注:thing8")
			}, 1, 0,
			[]string{"“答复人”按类型对应到模板的“经办”，请核对", "visitor_reply.body: thing6", "visitor_reply.hint: thing8"},
		},
		"the keys are configured": {
			func(p *patient) {
				p.replaced(notice.VisitorReply, "编号:character_string1", "经办:thing5", "内容:thing6", "备注:thing8")
				p.cfg.WeChat.TemplateKeys = map[string]string{"visitor_reply.who": "thing5", "visitor_reply.body": "thing6", "visitor_reply.hint": "thing8"}
			}, 0, 0,
			[]string{fmt.Sprintf("✓ 消息模板：%d 种通知都有模板，字段相符", all)},
		},
		"keys that are not needed": {
			func(p *patient) { p.cfg.WeChat.TemplateKeys = map[string]string{"member_new.due": "time9"} }, 1, 0,
			[]string{"默认的字段名正好相符：请删去 wechat.template_keys"},
		},
		"others' keys are kept": {
			func(p *patient) {
				p.replaced(notice.VisitorReply, "受理编号:character_string1", "答复人:thing2", "答复内容:thing3", "温馨提示:thing9")
				p.replaced(notice.MemberNew, "受理编号:character_string1", "诉求内容:thing2", "地点:thing3", "办理期限:time7")
				p.cfg.WeChat.TemplateKeys = map[string]string{"member_new.due": "time7"}
			}, 1, 0,
			[]string{"MASHANG_WECHAT_TEMPLATE_KEYS=member_new.due=time7,visitor_reply.hint=thing9\n"},
		},
		"another type that will do": {
			func(p *patient) {
				p.replaced(notice.VisitorClosed, "受理编号:thing1", "办理结果:thing2", "办理说明:thing3", "温馨提示:thing4")
			}, 1, 0,
			[]string{"visitor_closed.number: thing1", "visitor_closed.state: thing2"},
		},
		"a field is missing": {
			func(p *patient) {
				p.replaced(notice.MemberNew, "受理编号:character_string1", "诉求内容:thing2", "地点:thing3")
			}, 1, 0,
			[]string{"用不了，请在公众平台“订阅消息”里另选或另申请", "缺少“办理期限”（类型 time）"},
		},
		"a wrong type": {
			func(p *patient) {
				p.replaced(notice.MemberNew, "受理编号:number1", "诉求内容:thing2", "地点:thing3", "办理期限:time4")
			}, 1, 0,
			[]string{"缺少“受理编号”（类型 character_string）", "多出“受理编号”（number1）"},
		},
		"a field too many": {
			func(p *patient) {
				p.replaced(notice.MemberNew, "受理编号:character_string1", "诉求内容:thing2", "地点:thing3", "办理期限:time4", "备注:thing5")
			}, 1, 0,
			[]string{"多出“备注”（thing5）：本系统不填，平台会因为它是空的而拒收（errcode 47003）"},
		},
		"a long-term one": {
			func(p *patient) { p.typed(notice.MemberNew, wechat.LongTerm) }, 1, 0,
			[]string{"✗ 消息模板 wechat.templates.member_new（template-member_new，“新诉求通知”）用不了：它是长期订阅模板", "errcode 20002", "选“一次性订阅”的模板"},
		},
		"a service card": {
			func(p *patient) { p.typed(notice.VisitorReply, 4) }, 1, 0,
			[]string{"✗ 消息模板 wechat.templates.visitor_reply", "平台说的类型是 4", "服务卡片"},
		},
		"none but a long-term one is there": {
			func(p *patient) {
				p.typed(notice.VisitorClosed, wechat.LongTerm)
				delete(p.cfg.WeChat.Templates, "visitor_closed")
			}, 0, 1,
			[]string{"! 没有配置消息模板 wechat.templates.visitor_closed（办结评价），这类通知发不出去。请在公众平台“订阅消息”里选用"},
		},
		"API security is on": {
			func(p *patient) { p.listing = refusal(40234, "api is forbidden") }, 1, 0,
			[]string{"✗ 消息模板：读不到账号里的模板", "公众平台打开了“API 安全”", "在“开发管理 → 开发设置 → API 安全”关闭（errcode 40234）"},
		},
		"no list": {
			func(p *patient) { p.listing = fault.New(fault.Unavailable, "平台没有应答") }, 0, 1,
			[]string{"! 消息模板：读不到账号里的模板，没有核对：平台没有应答"},
		},
		"the list is refused": {
			func(p *patient) { p.listing = refusal(48001, "api unauthorized") }, 0, 1,
			[]string{"没有核对：账号没有这个接口的权限"},
		},
		"no credentials": {
			func(p *patient) { p.ping = refusal(40125, ""); delete(p.cfg.WeChat.Templates, "member_new") }, 1, 1,
			[]string{"! 没有配置消息模板 wechat.templates.member_new"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			tc.change(p)
			p.finds(tc.bad, tc.warned, tc.want...)
		})
	}
}

// TestAnyOrderOfAGoodTemplateFits: whatever numbers and order the platform
// gives, labels that are ours find their fields, and nothing is guessed.
func TestAnyOrderOfAGoodTemplateFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		purpose := rapid.SampledFrom(notice.Purposes).Draw(t, "purpose")
		fields := notice.Fields[purpose]
		want := map[string]string{}
		var has []wechat.TemplateField
		numbers := rapid.Permutation([]int{1, 2, 3, 4, 5, 6, 7, 8}).Draw(t, "numbers")
		for i, f := range fields {
			want[f.Meaning] = fmt.Sprint(f.Type, numbers[i])
			has = append(has, wechat.TemplateField{Label: f.Label, Key: want[f.Meaning]})
		}
		got := doctor.FitTo(fields, rapid.Permutation(has).Draw(t, "order"))
		if diff := cmp.Diff(doctor.Fitting{Keys: want}, got, cmp.Transformer("len", func(f []wechat.TemplateField) int { return len(f) })); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestFittingLosesNothing: every field of ours is matched or lacking, every
// field of the template is used once or spare.
func TestFittingLosesNothing(t *testing.T) {
	t.Parallel()
	kinds := []string{"thing", "time", "date", "phrase", "character_string", "number"}
	words := []string{"受理编号", "编号", "诉求内容", "地点", "备注", "温馨提示", ""}
	rapid.Check(t, func(t *rapid.T) {
		fields := notice.Fields[rapid.SampledFrom(notice.Purposes).Draw(t, "purpose")]
		var has []wechat.TemplateField
		for i := range rapid.IntRange(0, 7).Draw(t, "fields") {
			has = append(has, wechat.TemplateField{
				Label: rapid.SampledFrom(words).Draw(t, "label"), Key: fmt.Sprint(rapid.SampledFrom(kinds).Draw(t, "kind"), i+1),
			})
		}
		got := doctor.FitTo(fields, has)
		used := map[string]bool{}
		for _, key := range got.Keys {
			used[key] = true
		}
		for _, f := range got.Spare {
			used[f.Key] = true
		}
		if len(got.Keys)+len(got.Lacks) != len(fields) || len(got.Keys)+len(got.Spare) != len(has) || len(used) != len(has) {
			t.Fatalf("%+v of %+v", got, has)
		}
	})
}
