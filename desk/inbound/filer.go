package inbound

import (
	"bytes"
	"context"
	"strings"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/fault"
)

// This file handles what filers write into the chat: the answer to a member's question, or an addition.

// howToFile is the answer to a person without a submission that the text could belong to.
const howToFile = "您好！要反映诉求，请用微信扫一扫委员的二维码，或在小程序里点“我的诉求”查看进度。"

// handleFilerText adds a text to the writer's own submission that is selected or that waits for them.
func (svc *Service) handleFilerText(ctx context.Context, c access.Caller, m openSubmissions, sel selection, text string, in arrival) (string, error) {
	danger := len(danger.Find(text)) > 0
	switch {
	case len(m.filed) == 0:
		return noTargetText(c), nil
	case isSmallTalk(text) && !danger:
		if len(m.waiting) > 0 {
			return svc.askWhich(ctx, m, "委员在等您补充情况，请直接写出来。", m.waiting)
		}
		return noTargetText(c), nil
	case sel.ok:
		return svc.addMessage(ctx, c, sel.s, text, in)
	case len(m.waiting) == 1 && !sel.unclear:
		return svc.addMessage(ctx, c, m.waiting[0], text, in)
	case len(m.waiting) > 0:
		return svc.askWhich(ctx, m, "不能确定是哪一件的补充，没有发出。请在内容前写上编号，例如“"+m.waiting[0].Number+" 就在村口”。", m.waiting)
	case danger && len(m.filed) == 1 && !sel.unclear:
		return svc.addMessage(ctx, c, m.filed[0], text, in)
	default:
		answer, err := svc.askWhich(ctx, m, "要补充已提交的诉求，请在内容前写上编号，例如“"+m.filed[0].Number+" 还在漏水”。", m.filed)
		return answer + "\n要反映新的事，请用微信扫一扫委员的二维码。", err
	}
}

// addMessage adds a text to a submission that the caller filed.
func (svc *Service) addMessage(ctx context.Context, c access.Caller, s casework.Submission, text string, in arrival) (string, error) {
	if isSmallTalk(text) {
		return "请在编号后面写上要补充的内容，例如“" + s.Number + " 还在漏水”。", nil
	}
	if !svc.isRepeatedText(c, s, access.Message, text, in) {
		if _, err := svc.matters.Act(ctx, c, s.ID, nil, casework.Message{Text: text}); err != nil {
			return "", err
		}
	}
	answer := "已补充到 " + s.Number + "（" + summary(s) + "）：" + kit.Clip(text, 30)
	if len(danger.Find(text)) > 0 {
		answer += "\n已经提醒本站联络员。"
	}
	return answer, nil
}

// handleFilerVoice answers a voice message, which cannot be processed.
func (svc *Service) handleFilerVoice(ctx context.Context, c access.Caller) (string, error) {
	m, err := svc.openSubmissions(ctx, c)
	if err != nil || len(m.waiting) == 0 {
		return howToFile, err
	}
	return svc.askWhich(ctx, m, "委员在等您补充情况：请输入文字或发照片（可以用输入法的语音转文字）。", m.waiting)
}

// sendPhoto fetches a picture from the platform and adds it to a submission: as a reply, or as a message of its
// filer.
func (svc *Service) sendPhoto(ctx context.Context, c access.Caller, s casework.Submission, what access.Action, media string, in arrival) (string, error) {
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
	repeated, err := svc.isRepeatedPhoto(ctx, c, s, what, u, in)
	if err != nil {
		return "", err
	}
	if !repeated {
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
	return "已把照片答复到 " + s.Number + "。\n群众会收到通知。" + takeBackHint, nil
}
