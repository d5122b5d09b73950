package inbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/record"
)

// In the mini program's customer-service chat a member's text becomes a reply to the submission that they name
// by number, or to the one that they opened last. A visitor's text is added to their submission that waits for
// it. Ambiguous texts are asked back, never guessed.

// chat handles one chat event and answers it. It takes the person's lock first, so that a postponed event has
// had no effect.
func (svc *Service) chat(ctx context.Context, p record.Person, a record.InboundEvent) error {
	if err := svc.delivery.OpenWindow(ctx, p.ID, a); err != nil {
		return err
	}
	release, ok, err := svc.store.LockPerson(ctx, p.ID, kit.LeaseTime)
	if err != nil {
		return err
	}
	if !ok {
		return delivery.ErrBusy
	}
	defer release()
	c, err := svc.kit.CallerOf(ctx, p)
	if err != nil {
		return err
	}
	answer, err := svc.chatAnswer(ctx, c, a)
	if err != nil {
		if isTransient(err) {
			if dangers := danger.Find(a.Text); len(dangers) > 0 && a.Attempts <= 1 {
				// The emergency numbers must not wait for another attempt.
				_, sendErr := svc.delivery.SendChat(ctx, p.ID, a.OpenID, emergency(dangers), 0)
				err = errors.Join(err, sendErr)
			}
			return err
		}
		answer = errorText(err)
	}
	if answer == "" {
		return nil
	}
	if sent, err := svc.delivery.SendChat(ctx, p.ID, a.OpenID, answer, 0); err != nil || !sent {
		// The act is done; only its confirmation was not delivered.
		svc.kit.Log.WarnContext(ctx, "chat answer not sent", slog.Any("err", err))
	}
	return nil
}

// isTransient reports whether another attempt may succeed.
func isTransient(err error) bool {
	switch fault.CodeOf(err) {
	case fault.Unavailable, fault.Internal, fault.TooMany:
		return true
	default:
		return false
	}
}

// arrival is when an event arrived, and whether an earlier attempt may already have had its effect.
type arrival struct {
	at      casework.Millis
	retried bool
}

// chatAnswer handles an event and returns the answer, "" for none.
func (svc *Service) chatAnswer(ctx context.Context, c access.Caller, a record.InboundEvent) (string, error) {
	in, member := arrival{casework.Millis(a.At), a.Attempts > 1}, c.Role == access.Member
	switch a.Kind {
	case EventUnread:
		return "您刚才发的内容没有读出来，请再发一次；还不行，请换个写法，或在小程序里办理。", nil
	case kit.EventEnter:
		return svc.handleEnter(ctx, c, a.Text)
	case kit.EventText:
		return svc.chatText(ctx, c, casework.Clean(a.Text), in)
	case kit.EventImage:
		return svc.handlePhoto(ctx, c, a.Media, in)
	case kit.EventCard:
		return svc.handleCard(ctx, c, a.Page)
	}
	if member {
		return "语音不能作为答复，请输入文字（可以用输入法的语音转文字），或在小程序里答复。", nil
	}
	return svc.handleFilerVoice(ctx, c)
}

// nothingToAnswer is the answer to a member without a submission to answer.
const nothingToAnswer = "您现在没有待答复的诉求。"

// chatText handles a text and returns the answer. If the text speaks of a danger, the emergency numbers come
// first, whoever wrote it.
func (svc *Service) chatText(ctx context.Context, c access.Caller, text string, in arrival) (string, error) {
	if !fold.Visible(text) {
		return "没有收到文字，请直接输入内容。", nil
	}
	answer, err := svc.handleText(ctx, c, text, in)
	dangers := danger.Find(text)
	if len(dangers) == 0 {
		return answer, err
	}
	if err != nil {
		if isTransient(err) {
			return "", err
		}
		answer = errorText(err)
	}
	return emergency(dangers) + "\n\n" + answer, nil
}

// emergency lists the emergency numbers, beginning with those for the dangers.
func emergency(dangers []danger.Kind) string {
	var b strings.Builder
	b.WriteString("如果有人正处在危险中，请马上打电话求助，不要等待线上答复：")
	for i, h := range danger.Hotlines(dangers) {
		if i > 0 {
			b.WriteString("、")
		}
		b.WriteString(h.Name + " " + h.Number)
	}
	return b.String() + "。"
}

// handleText handles a text: a reply to the submission that it names or that was opened last, or an addition to
// the writer's own. An ambiguous text is asked back.
func (svc *Service) handleText(ctx context.Context, c access.Caller, text string, in arrival) (string, error) {
	m, err := svc.openSubmissions(ctx, c)
	if err != nil {
		return "", err
	}
	if c.Role == access.Member && wantsRetraction(text) {
		return svc.handleRetraction(ctx, c, m, text, in)
	}
	sel, err := svc.currentSelection(ctx, c, m)
	if err != nil {
		return "", err
	}
	r := parseReference(text, m.all(), svc.kit.Now())
	if r.sameNumber && sel.isAmong(r.candidates) {
		r.to = &sel.s
	}
	switch {
	case r.to != nil && m.isAssigned(r.to.ID):
		return svc.reply(ctx, c, *r.to, r.rest, false, in)
	case r.to != nil:
		return svc.addMessage(ctx, c, *r.to, r.rest, in)
	case r.question != "":
		return svc.askWhich(ctx, m, r.question, r.candidates)
	case r.unknown != "" && len(m.all()) > 0:
		return svc.askWhich(ctx, m, "没有找到编号 "+r.unknown+" 的在办诉求，没有发出。", m.all())
	case len(m.assigned) > 0 && !sel.own:
		return svc.replyToOpened(ctx, c, m, sel, text, in)
	default:
		return svc.handleFilerText(ctx, c, m, sel, text, in)
	}
}

// replyToOpened replies to the submission opened last. Small talk and cries for help are meant for whoever runs
// the chat, not for the visitor.
func (svc *Service) replyToOpened(ctx context.Context, c access.Caller, m openSubmissions, sel selection, text string, in arrival) (string, error) {
	example := "请在内容前写上编号，例如“" + m.assigned[0].Number + " 已联系处理”。"
	switch {
	case len(danger.Find(text)) > 0:
		return "这段话没有作为答复发给群众。如果是答复，请在前面写上编号，例如“" + m.assigned[0].Number + " 已联系处理”。", nil
	case sel.ok && !isSmallTalk(text):
		return svc.reply(ctx, c, sel.s, text, len(m.assigned) > 1, in)
	case len(m.waiting) > 0:
		return svc.askWhich(ctx, m, "不能确定您要答复哪一件，还是补充您自己反映的事，没有发出。"+example, append(slices.Clone(m.assigned), m.waiting...))
	default:
		return svc.askWhich(ctx, m, "不能确定您要答复哪一件，没有发出。"+example, m.assigned)
	}
}

// reply replies to a submission. chosen means that it was selected among several because it was opened last.
func (svc *Service) reply(ctx context.Context, c access.Caller, s casework.Submission, text string, chosen bool, in arrival) (string, error) {
	if !fold.Visible(text) {
		return "请在编号后面写上答复内容，例如“" + s.Number + " 已联系处理”。", nil
	}
	if isSmallTalk(text) {
		return "“" + kit.Clip(text, 10) + "”不会作为正式答复发给群众。请写明怎么处理，例如“" + s.Number + " 已联系处理”。", nil
	}
	if !svc.isRepeatedText(c, s, access.Reply, text, in) { // a second reply would be wrong; a second confirmation is not
		if _, err := svc.matters.Act(ctx, c, s.ID, &s.Version, casework.Reply{Text: text, ScanDangers: true}); err != nil {
			return "", err
		}
	}
	return confirmReply(s, text, chosen), nil
}

// isRepeatedText reports whether the person has just sent this text.
func (svc *Service) isRepeatedText(c access.Caller, s casework.Submission, what access.Action, text string, in arrival) bool {
	return slices.ContainsFunc(svc.recentEntries(c, s, what, in), func(e casework.Entry) bool { return e.Text == text })
}

// recentEntries returns the person's entries that an event may repeat: the newest one. On a retry others may
// have acted since, so all entries count that are no older than the event. Retracted entries do not count.
func (svc *Service) recentEntries(c access.Caller, s casework.Submission, what access.Action, in arrival) []casework.Entry {
	by := casework.ActorFor(c, what)
	var list []casework.Entry
	for i, e := range s.Thread {
		may := i == len(s.Thread)-1 || in.retried && e.At >= in.at
		if may && e.RetractedAt == 0 && e.What == what && e.By.Role == by.Role && e.By.ID == by.ID {
			list = append(list, e)
		}
	}
	return list
}

// confirmReply confirms a reply and says for how long it can be retracted.
func confirmReply(s casework.Submission, text string, chosen bool) string {
	number := s.Number
	if chosen {
		number += "（您刚打开的：" + summary(s) + "）"
	}
	return "已答复 " + number + "：" + kit.Clip(text, 30) + "\n群众会收到通知。" + takeBackHint
}

// takeBackHint follows each confirmed reply.
var takeBackHint = fmt.Sprintf("发错了请在 %d 秒内回复“撤回”。", casework.TakeBackSeconds)

func errorText(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Message
	}
	return "没有办成，请在小程序里操作。"
}
