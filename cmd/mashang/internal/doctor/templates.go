package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mashang/cmd/mashang/adapt"
	"mashang/domain/notice"
	"mashang/wechat"
)

// compatibleTypes lists the types of the platform that can hold a value of ours beside its own type: a receipt
// number and a state are also short texts.
var compatibleTypes = map[string][]string{
	"character_string": {"thing"},
	"phrase":           {"thing"},
	"time":             {"date"},
}

// holds reports whether a template's field can hold a value of the type.
func holds(key, ours string) bool {
	kind := strings.TrimRight(key, "0123456789")
	return kind == ours || slices.Contains(compatibleTypes[ours], kind)
}

// templateMatch is the match of a template with a purpose.
type templateMatch struct {
	// Keys has the template's key of each meaning that has one.
	Keys map[string]string
	// Guessed are meanings that were matched only by type; somebody should check them.
	Guessed []string
	// Lacks are our fields without a suitable field in the template.
	Lacks []notice.Field
	// Spare are fields of the template that we never fill. The platform refuses a message with an empty field.
	Spare []wechat.TemplateField
}

// usable reports whether the purpose's messages can be sent with the template.
func (f templateMatch) usable() bool { return len(f.Lacks) == 0 && len(f.Spare) == 0 }

// matchFields matches a purpose's fields with a template's: first by equal labels, then by labels that contain
// each other, then by type.
func matchFields(fields []notice.Field, has []wechat.TemplateField) templateMatch {
	f := templateMatch{Keys: map[string]string{}}
	left := slices.Clone(has)
	take := func(like func(notice.Field, wechat.TemplateField) bool) (taken []string) {
		for _, want := range fields {
			if f.Keys[want.Meaning] != "" {
				continue
			}
			i := slices.IndexFunc(left, func(t wechat.TemplateField) bool { return like(want, t) })
			if i >= 0 {
				f.Keys[want.Meaning] = left[i].Key
				left = slices.Delete(left, i, i+1)
				taken = append(taken, want.Meaning)
			}
		}
		return taken
	}
	take(func(w notice.Field, t wechat.TemplateField) bool { return holds(t.Key, w.Type) && t.Label == w.Label })
	take(func(w notice.Field, t wechat.TemplateField) bool {
		return holds(t.Key, w.Type) && t.Label != "" && (strings.Contains(t.Label, w.Label) || strings.Contains(w.Label, t.Label))
	})
	f.Guessed = take(func(w notice.Field, t wechat.TemplateField) bool {
		return strings.TrimRight(t.Key, "0123456789") == w.Type
	})
	f.Guessed = append(f.Guessed, take(func(w notice.Field, t wechat.TemplateField) bool { return holds(t.Key, w.Type) })...)
	for _, want := range fields {
		if f.Keys[want.Meaning] == "" {
			f.Lacks = append(f.Lacks, want)
		}
	}
	f.Spare = left
	return f
}

// templates compares the account's templates with the configuration. Without working credentials it checks only
// the configuration.
func (c *Platform) templates(ctx context.Context, known bool) {
	var account []wechat.AccountTemplate
	if known {
		var err error
		if account, err = c.account.AccountTemplates(ctx); err != nil {
			tell := c.Warn
			if e, ok := errors.AsType[*wechat.APIError](err); ok && e.Code == codeAPISecurity {
				tell = c.Fail // every call ends like this
			}
			tell("消息模板：读不到账号里的模板，没有核对：%s", reason(err))
			known = false
		}
	}
	configured := adapt.Templates(c.cfg.WeChat.Templates, c.cfg.WeChat.TemplateKeys)
	// keys will be wechat.template_keys for all purposes.
	keys, amiss, right := maps.Clone(c.cfg.WeChat.TemplateKeys), false, 0
	if keys == nil {
		keys = map[string]string{}
	}
	for _, p := range notice.Purposes {
		t := configured[p]
		if t.ID == "" {
			c.noTemplate(p, account)
			continue
		}
		if !known {
			continue
		}
		i := slices.IndexFunc(account, func(a wechat.AccountTemplate) bool { return a.ID == t.ID })
		if i < 0 {
			c.Fail("消息模板 wechat.templates.%s：账号里没有编号 %s。请在%s的“我的模板”里核对编号", p, t.ID, atTemplates)
			c.suggest(p, account)
			continue
		}
		switch c.compare(p, t, account[i], account, keys) {
		case fits:
			right++
		case renamed:
			amiss = true
		}
	}
	if amiss {
		c.keys(keys)
	}
	if right == len(notice.Purposes) {
		c.Pass("消息模板：%d 种通知都有模板，字段相符", right)
	} else if right > 0 {
		c.Pass("消息模板：%d 种通知的模板字段相符", right)
	}
}

// noTemplate reports a purpose without a template.
func (c *Platform) noTemplate(p notice.Purpose, account []wechat.AccountTemplate) {
	c.Warn("没有配置消息模板 wechat.templates.%s（%s），这类通知发不出去。请在%s里选用含有“%s”的模板",
		p, p.Chinese(), atTemplates, labels(notice.Fields[p]))
	c.suggest(p, account)
}

// suggest names an unused template of the account whose labels match the purpose, if there is one.
func (c *Platform) suggest(p notice.Purpose, account []wechat.AccountTemplate) {
	for _, a := range account {
		f := matchFields(notice.Fields[p], a.Fields)
		if unusable(a.Type) == "" && f.usable() && len(f.Guessed) == 0 && !slices.Contains(slices.Collect(maps.Values(c.cfg.WeChat.Templates)), a.ID) {
			c.Also("账号里的“%s”字段正好相符：wechat.templates 里写 %s: %s", a.Title, p, a.ID)
			return
		}
	}
}

// unusable says why messages cannot be sent with templates of the type and what to do, "" if they can. The
// popup asks for one-time templates and accepts no others beside them.
func unusable(kind wechat.TemplateType) string {
	switch kind {
	case wechat.OneTime:
		return ""
	case wechat.LongTerm:
		return "它是长期订阅模板，和一次性模板放进同一次弹窗会整个失败（errcode 20002）。请在" + atTemplates + "的公共模板库里选“一次性订阅”的模板，换上它的编号"
	default:
		return fmt.Sprintf("它不是一次性订阅模板（平台说的类型是 %d），多半是新版的“服务卡片”：弹窗请求不了，也发不出去。请在%s里另选标着“一次性订阅”的旧版模板，换上它的编号", kind, atTemplates)
	}
}

// verdict is the result of comparing a configured template.
type verdict int

const (
	fits verdict = iota
	// renamed: it would match with other keys.
	renamed
	unfit
)

// compare checks one configured template and adds the keys that have to be configured to keys.
func (c *Platform) compare(p notice.Purpose, t wechat.Template, a wechat.AccountTemplate, account []wechat.AccountTemplate, keys map[string]string) verdict {
	if why := unusable(a.Type); why != "" {
		c.Fail("消息模板 wechat.templates.%s（%s，“%s”）用不了：%s", p, t.ID, a.Title, why)
		c.suggest(p, account)
		return unfit
	}
	fields, used := notice.Fields[p], wechat.DefaultKeys(p)
	maps.Copy(used, t.Keys)
	differs := slices.ContainsFunc(fields, func(f notice.Field) bool {
		return !holds(used[f.Meaning], f.Type) ||
			!slices.ContainsFunc(a.Fields, func(has wechat.TemplateField) bool { return has.Key == used[f.Meaning] })
	})
	if !differs && len(a.Fields) == len(fields) {
		return fits
	}
	found := matchFields(fields, a.Fields)
	name := fmt.Sprintf("消息模板 wechat.templates.%s（%s，“%s”）", p, t.ID, a.Title)
	if !found.usable() {
		c.Fail("%s用不了，请在%s里另选或另申请：", name, atTemplates)
		for _, f := range found.Lacks {
			c.Also("缺少“%s”（类型 %s）", f.Label, f.Type)
		}
		for _, f := range found.Spare {
			c.Also("多出“%s”（%s）：本系统不填，平台会因为它是空的而拒收（errcode 47003）", f.Label, f.Key)
		}
		return unfit
	}
	c.Fail("%s的字段名与配置不同，要写 wechat.template_keys（见下）", name)
	for _, f := range fields {
		keys[string(p)+"."+f.Meaning] = found.Keys[f.Meaning]
		if slices.Contains(found.Guessed, f.Meaning) {
			i := slices.IndexFunc(a.Fields, func(has wechat.TemplateField) bool { return has.Key == found.Keys[f.Meaning] })
			c.Also("“%s”按类型对应到模板的“%s”，请核对意思是否相符", f.Label, a.Fields[i].Label)
		}
	}
	return renamed
}

// keys prints the whole wechat.template_keys in both forms, without default keys.
func (c *Platform) keys(all map[string]string) {
	maps.DeleteFunc(all, func(name, key string) bool {
		purpose, meaning, _ := strings.Cut(name, ".")
		return wechat.DefaultKeys(notice.Purpose(purpose))[meaning] == key
	})
	if len(all) == 0 {
		c.Also("默认的字段名正好相符：请删去 wechat.template_keys（MASHANG_WECHAT_TEMPLATE_KEYS）")
		return
	}
	c.Also("config.yaml 里写（替换原来的 template_keys）：")
	c.Also("  template_keys:")
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c.Also("    %s: %s", name, all[name])
		pairs = append(pairs, name+"="+all[name])
	}
	c.Also("或设置环境变量：MASHANG_WECHAT_TEMPLATE_KEYS=%s", strings.Join(pairs, ","))
}

func labels(fields []notice.Field) string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Label
	}
	return strings.Join(list, "、")
}
