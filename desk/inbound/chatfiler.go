package inbound

import (
	"bytes"
	"context"
	"strings"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// What somebody writes into the chat who filed a matter: the answer to a member's
// question, or something to add.

// howToFile is said to whoever has nothing that the text could be for.
const howToFile = "您好！要反映诉求，请用微信扫一扫委员的二维码，或在小程序里点“我的诉求”查看进度。"

// handleFilerText adds a text to the matter of the writer's own that they chose, or that
// waits for them.
func (svc *Service) handleFilerText(ctx context.Context, c access.Caller, m chatMatters, meant choice, text string, came message) (string, error) {
	danger := len(casework.Dangers(text)) > 0
	switch {
	case len(m.own) == 0:
		return nothingFor(c), nil
	case isSmallTalk(text) && !danger:
		if len(m.waiting) > 0 {
			return svc.askWhich(ctx, m, "委员在等您补充情况，请直接写出来。", m.waiting)
		}
		return nothingFor(c), nil
	case meant.is:
		return svc.addInChat(ctx, c, meant.s, text, came)
	case len(m.waiting) == 1 && !meant.lost:
		return svc.addInChat(ctx, c, m.waiting[0], text, came)
	case len(m.waiting) > 0:
		return svc.askWhich(ctx, m, "不能确定是哪一件的补充，没有发出。请在内容前写上编号，例如“"+m.waiting[0].Number+" 就在村口”。", m.waiting)
	case danger && len(m.own) == 1 && !meant.lost:
		return svc.addInChat(ctx, c, m.own[0], text, came)
	default:
		said, err := svc.askWhich(ctx, m, "要补充已提交的诉求，请在内容前写上编号，例如“"+m.own[0].Number+" 还在漏水”。", m.own)
		return said + "\n要反映新的事，请用微信扫一扫委员的二维码。", err
	}
}

// addInChat adds a text to a matter that the caller filed.
func (svc *Service) addInChat(ctx context.Context, c access.Caller, s casework.Submission, text string, came message) (string, error) {
	if isSmallTalk(text) {
		return "请在编号后面写上要补充的内容，例如“" + s.Number + " 还在漏水”。", nil
	}
	if !svc.alreadySaid(c, s, access.Message, text, came) {
		if _, err := svc.matters.Act(ctx, c, s.ID, nil, casework.Message{Text: text}); err != nil {
			return "", err
		}
	}
	said := "已补充到 " + s.Number + "（" + summary(s) + "）：" + kit.Clip(text, 30)
	if len(casework.Dangers(text)) > 0 {
		said += "\n已经提醒本站联络员。"
	}
	return said, nil
}

// handleFilerVoice answers a voice, which nobody can read here.
func (svc *Service) handleFilerVoice(ctx context.Context, c access.Caller) (string, error) {
	m, err := svc.mattersOf(ctx, c)
	if err != nil || len(m.waiting) == 0 {
		return howToFile, err
	}
	return svc.askWhich(ctx, m, "委员在等您补充情况：请输入文字或发照片（可以用输入法的语音转文字）。", m.waiting)
}

// photoTo fetches a picture from the platform and adds it to a matter: as a
// reply, or as a message of its filer.
func (svc *Service) photoTo(ctx context.Context, c access.Caller, s casework.Submission, what access.Action, media string, came message) (string, error) {
	kind, data, err := svc.platform.Media(ctx, media)
	if fault.Is(err, fault.NotFound) || err == nil && !strings.HasPrefix(kind, "image/") {
		return "没有取到照片，请重新发送。", nil
	}
	if err != nil {
		return "", err
	}
	u, err := svc.uploads.Upload(ctx, c, bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	shown, err := svc.alreadySent(ctx, c, s, what, u, came)
	if err != nil {
		return "", err
	}
	if !shown {
		var act casework.Act = casework.Message{Photos: []string{u.ID}}
		if what == access.Reply {
			act = casework.Reply{Photos: []string{u.ID}}
		}
		if _, err := svc.matters.Act(ctx, c, s.ID, &s.Version, act); err != nil {
			return "", err
		}
	}
	if what == access.Message {
		return "已把照片补充到 " + s.Number + "（" + summary(s) + "）。", nil
	}
	return "已把照片答复到 " + s.Number + "。\n群众会收到通知。" + mayTakeBack, nil
}
