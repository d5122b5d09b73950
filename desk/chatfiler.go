package desk

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"mashang/access"
	"mashang/casework"
	"mashang/fault"
	"mashang/record"
)

// What somebody writes into the chat who filed a matter: the answer to a member's
// question, or something to add.

// howToFile is said to whoever has nothing that the text could be for.
const howToFile = "您好！要反映诉求，请用微信扫一扫委员的二维码，或在小程序里点“我的诉求”查看进度。"

// mostFiled bounds how many of a person's matters at each station are looked at.
const mostFiled = 200

// filed lists the open matters that the caller filed, the newest of each station
// first, and which of them wait for an answer of theirs.
func (d *Desk) filed(ctx context.Context, c access.Caller) (all, waiting []casework.Submission, err error) {
	stations, err := d.store.Visited(ctx, c.Person)
	if err != nil {
		return nil, nil, err
	}
	for _, st := range stations {
		after, more := Cursor{}, true
		for n := 0; more && n < mostFiled; n += PageLimit {
			var list []casework.Submission
			if list, after, more, err = d.records.Page(ctx, st, Index{Name: record.Mine, Arg: c.Person}, after, PageLimit); err != nil {
				return nil, nil, err
			}
			for _, s := range list {
				if !s.State.Open() || s.Filer != c.Person {
					continue
				}
				all = append(all, s)
				if s.State == casework.Waiting {
					waiting = append(waiting, s)
				}
			}
		}
	}
	return all, waiting, nil
}

// filerWrites does what the text of somebody who is no member asks.
func (d *Desk) filerWrites(ctx context.Context, c access.Caller, text string, again bool) (string, error) {
	said, ok, err := d.ownMatter(ctx, c, text, true, again)
	if err != nil || ok {
		return said, err
	}
	return howToFile, nil
}

// ownMatter adds a text to the matter of the caller's that it names, or that waits
// for them; ok is false if it is for none. alone tells that the text can be for
// nothing else, so that it is asked which is meant.
func (d *Desk) ownMatter(ctx context.Context, c access.Caller, text string, alone, again bool) (said string, ok bool, err error) {
	all, waiting, err := d.filed(ctx, c)
	if err != nil || len(all) == 0 {
		return "", false, err
	}
	r := addressed(text, all, d.now())
	danger := len(casework.Dangers(text)) > 0
	switch {
	case r.to != nil:
		said, err = d.addInChat(ctx, c, *r.to, r.rest, again)
		return said, true, err
	case !alone:
		return "", false, nil
	case r.ask != "":
		return r.ask, true, nil
	case r.unknown != "":
		return "没有找到编号 " + r.unknown + " 的在办诉求，没有发出。\n" + yours(all), true, nil
	case small(text) && !danger:
		if len(waiting) > 0 {
			return "委员在等您补充情况，请直接写出来。\n" + yours(waiting), true, nil
		}
		return "", false, nil
	case len(waiting) == 1:
		said, err = d.addInChat(ctx, c, waiting[0], text, again)
		return said, true, err
	case len(waiting) > 1:
		return "不能确定是哪一件的补充，没有发出。请在内容前写上编号，例如“" + waiting[0].Number + " 就在村口”。\n" + yours(waiting), true, nil
	case danger && len(all) == 1:
		said, err = d.addInChat(ctx, c, all[0], text, again)
		return said, true, err
	default:
		return "要补充已提交的诉求，请在内容前写上编号，例如“" + all[0].Number + " 还在漏水”。\n" + yours(all) +
			"\n要反映新的事，请用微信扫一扫委员的二维码。", true, nil
	}
}

// addInChat adds a text to a matter that the caller filed.
func (d *Desk) addInChat(ctx context.Context, c access.Caller, s casework.Submission, text string, again bool) (string, error) {
	if small(text) {
		return "请在编号后面写上要补充的内容，例如“" + s.Number + " 还在漏水”。", nil
	}
	if !d.said(c, s, casework.Message, text, again) {
		if _, err := d.Act(ctx, c, s.ID, ActRequest{Act: access.Message, Text: text}); err != nil {
			return "", err
		}
	}
	said := "已补充到 " + s.Number + "（" + summary(s) + "）：" + clip(text, 30)
	if len(casework.Dangers(text)) > 0 {
		said += "\n已经提醒本站联络员。"
	}
	return said, nil
}

// filerSends takes what is no text from somebody who is no member: a photo is added
// to the matter that waits for them.
func (d *Desk) filerSends(ctx context.Context, c access.Caller, a Arrival, again bool) (string, error) {
	_, waiting, err := d.filed(ctx, c)
	switch {
	case err != nil:
		return "", err
	case len(waiting) == 0:
		return howToFile, nil
	case a.Kind != ArrivedImage:
		return "委员在等您补充情况：请输入文字或发照片（可以用输入法的语音转文字）。\n" + yours(waiting), nil
	case len(waiting) > 1:
		return "不能确定这张照片是补充哪一件的，没有发出：请在小程序里打开那一件再发。\n" + yours(waiting), nil
	}
	return d.photoTo(ctx, c, waiting[0], access.Message, a.Media, again)
}

// photoTo fetches a picture from the platform and adds it to a matter by the act.
func (d *Desk) photoTo(ctx context.Context, c access.Caller, s casework.Submission, act access.Action, media string, again bool) (string, error) {
	kind, data, err := d.platform.Media(ctx, media)
	if fault.Is(err, fault.NotFound) || err == nil && !strings.HasPrefix(kind, "image/") {
		return "没有取到照片，请重新发送。", nil
	}
	if err != nil {
		return "", err
	}
	u, err := d.Upload(ctx, c, bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	shown, err := d.shown(ctx, c, s, casework.Act(act), u, again)
	if err != nil {
		return "", err
	}
	if !shown {
		if _, err := d.Act(ctx, c, s.ID, ActRequest{Act: act, Version: &s.Version, Photos: []string{u.ID}}); err != nil {
			return "", err
		}
	}
	if act == access.Message {
		return "已把照片补充到 " + s.Number + "（" + summary(s) + "）。", nil
	}
	return "已把照片答复到 " + s.Number + "。\n群众会收到通知。" + mayTakeBack, nil
}

// yours lists a person's own matters to choose from.
func yours(list []casework.Submission) string {
	const most = 5
	var b strings.Builder
	b.WriteString("您的诉求：")
	for _, s := range list[:min(len(list), most)] {
		fmt.Fprintf(&b, "\n%s %s", s.Number, summary(s))
	}
	if len(list) > most {
		b.WriteString("\n……请在小程序里查看全部")
	}
	return b.String()
}
