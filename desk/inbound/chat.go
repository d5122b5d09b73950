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
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/record"
)

// A member may answer in the mini-program's customer-service chat. What they
// write becomes a reply to the submission they name by number, or to the one
// they opened last. What a visitor writes goes to their matter that waits for them.
// Anything ambiguous is asked back, never guessed.

// chat handles one thing that came from the chat and answers there. It has the
// person's lock from its first step, so that putting it off repeats none.
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
			if dangers := casework.Dangers(a.Text); len(dangers) > 0 && a.Attempts <= 1 {
				// The numbers cannot wait for another try.
				_, said := svc.delivery.SendChat(ctx, p.ID, a.OpenID, emergency(dangers), 0)
				err = errors.Join(err, said)
			}
			return err
		}
		answer = chatAdvice(err)
	}
	if answer == "" {
		return nil
	}
	if sent, err := svc.delivery.SendChat(ctx, p.ID, a.OpenID, answer, 0); err != nil || !sent {
		// The reply itself stands; only its confirmation did not arrive.
		svc.kit.Log.WarnContext(ctx, "chat answer not sent", slog.Any("err", err))
	}
	return nil
}

// isTransient reports whether another try may do what this one could not.
func isTransient(err error) bool {
	switch fault.CodeOf(err) {
	case fault.Unavailable, fault.Internal, fault.TooMany:
		return true
	default:
		return false
	}
}

// message is how something came: when, and whether it was worked on before and may
// have had its effect.
type message struct {
	at    casework.Millis
	again bool
}

// chatAnswer does what was sent and returns what to answer, "" for nothing.
func (svc *Service) chatAnswer(ctx context.Context, c access.Caller, a record.InboundEvent) (string, error) {
	came, member := message{casework.Millis(a.At), a.Attempts > 1}, c.Role == access.Member
	switch a.Kind {
	case EventUnread:
		return "您刚才发的内容没有读出来，请再发一次；还不行，请换个写法，或在小程序里办理。", nil
	case kit.EventEnter:
		return svc.handleEnter(ctx, c, a.Text)
	case kit.EventText:
		return svc.chatText(ctx, c, casework.Clean(a.Text), came)
	case kit.EventImage:
		return svc.photoInChat(ctx, c, a.Media, came)
	case kit.EventCard:
		return svc.handleCard(ctx, c, a.Page)
	}
	if member {
		return "语音不能作为答复，请输入文字（可以用输入法的语音转文字），或在小程序里答复。", nil
	}
	return svc.handleFilerVoice(ctx, c)
}

// nothingInHand is said to a member without a matter to answer.
const nothingInHand = "您现在没有待答复的诉求。"

// chatText does what a text asks and returns what to answer. Whoever wrote it and
// whatever else it is, a danger that it speaks of is answered first.
func (svc *Service) chatText(ctx context.Context, c access.Caller, text string, came message) (string, error) {
	if !fold.Visible(text) {
		return "没有收到文字，请直接输入内容。", nil
	}
	said, err := svc.handleText(ctx, c, text, came)
	dangers := casework.Dangers(text)
	if len(dangers) == 0 {
		return said, err
	}
	if err != nil {
		if isTransient(err) {
			return "", err
		}
		said = chatAdvice(err)
	}
	return emergency(dangers) + "\n\n" + said, nil
}

// emergency says whom to call, the number for the danger first.
func emergency(dangers []casework.Danger) string {
	var b strings.Builder
	b.WriteString("如果有人正处在危险中，请马上打电话求助，不要等待线上答复：")
	for i, h := range casework.Hotlines(dangers) {
		if i > 0 {
			b.WriteString("、")
		}
		b.WriteString(h.Name + " " + h.Number)
	}
	return b.String() + "。"
}

// handleText does what a text asks: an answer to the matter it names or that was opened
// last, or something to add to the writer's own. Anything ambiguous is asked back.
func (svc *Service) handleText(ctx context.Context, c access.Caller, text string, came message) (string, error) {
	m, err := svc.mattersOf(ctx, c)
	if err != nil {
		return "", err
	}
	if c.Role == access.Member && wantsRetraction(text) {
		return svc.takeBackInChat(ctx, c, m, text, came)
	}
	meant, err := svc.chosenMatter(ctx, c, m)
	if err != nil {
		return "", err
	}
	r := parseAddress(text, m.all(), svc.kit.Now())
	if r.same && meant.isOne(r.maybe) {
		r.to = &meant.s
	}
	switch {
	case r.to != nil && m.inHand(r.to.ID):
		return svc.replyInChat(ctx, c, *r.to, r.rest, false, came)
	case r.to != nil:
		return svc.addInChat(ctx, c, *r.to, r.rest, came)
	case r.ask != "":
		return svc.askWhich(ctx, m, r.ask, r.maybe)
	case r.unknown != "" && len(m.all()) > 0:
		return svc.askWhich(ctx, m, "没有找到编号 "+r.unknown+" 的在办诉求，没有发出。", m.all())
	case len(m.hand) > 0 && !meant.own:
		return svc.replyToOpened(ctx, c, m, meant, text, came)
	default:
		return svc.handleFilerText(ctx, c, m, meant, text, came)
	}
}

// replyToOpened answers the submission opened last. Small talk and a cry for help
// are for whoever runs the chat, not for the visitor.
func (svc *Service) replyToOpened(ctx context.Context, c access.Caller, m chatMatters, meant choice, text string, came message) (string, error) {
	example := "请在内容前写上编号，例如“" + m.hand[0].Number + " 已联系处理”。"
	switch {
	case len(casework.Dangers(text)) > 0:
		return "这段话没有作为答复发给群众。如果是答复，请在前面写上编号，例如“" + m.hand[0].Number + " 已联系处理”。", nil
	case meant.is && !isSmallTalk(text):
		return svc.replyInChat(ctx, c, meant.s, text, len(m.hand) > 1, came)
	case len(m.waiting) > 0:
		return svc.askWhich(ctx, m, "不能确定您要答复哪一件，还是补充您自己反映的事，没有发出。"+example, append(slices.Clone(m.hand), m.waiting...))
	default:
		return svc.askWhich(ctx, m, "不能确定您要答复哪一件，没有发出。"+example, m.hand)
	}
}

// replyInChat answers a submission; chosen tells that it was chosen by its being
// opened last, among several.
func (svc *Service) replyInChat(ctx context.Context, c access.Caller, s casework.Submission, text string, chosen bool, came message) (string, error) {
	if !fold.Visible(text) {
		return "请在编号后面写上答复内容，例如“" + s.Number + " 已联系处理”。", nil
	}
	if isSmallTalk(text) {
		return "“" + kit.Clip(text, 10) + "”不会作为正式答复发给群众。请写明怎么处理，例如“" + s.Number + " 已联系处理”。", nil
	}
	if !svc.alreadySaid(c, s, access.Reply, text, came) { // twice would be wrong; to confirm it twice is not
		if _, err := svc.matters.Act(ctx, c, s.ID, &s.Version, casework.Reply{Text: text, ScanDangers: true}); err != nil {
			return "", err
		}
	}
	return answered(s, text, chosen), nil
}

// alreadySaid reports whether the person has just said these words.
func (svc *Service) alreadySaid(c access.Caller, s casework.Submission, what access.Action, text string, came message) bool {
	return slices.ContainsFunc(svc.lately(c, s, what, came), func(e casework.Entry) bool { return e.Text == text })
}

// lately are the person's replies or messages that an arrival may be a repetition
// of: the newest step. When the arrival was worked on before, others may have acted
// since: then any that is no older than it counts. What was taken back was not said.
func (svc *Service) lately(c access.Caller, s casework.Submission, what access.Action, came message) []casework.Entry {
	by := casework.ActorFor(c, what)
	var list []casework.Entry
	for i, e := range s.Thread {
		may := i == len(s.Thread)-1 || came.again && e.At >= came.at
		if may && e.RetractedAt == 0 && e.What == what && e.By.Role == by.Role && e.By.ID == by.ID {
			list = append(list, e)
		}
	}
	return list
}

// answered confirms an answer, and says for how long it can be taken back.
func answered(s casework.Submission, text string, chosen bool) string {
	matter := s.Number
	if chosen {
		matter += "（您刚打开的：" + summary(s) + "）"
	}
	return "已答复 " + matter + "：" + kit.Clip(text, 30) + "\n群众会收到通知。" + mayTakeBack
}

// mayTakeBack is said of each answer that went.
var mayTakeBack = fmt.Sprintf("发错了请在 %d 秒内回复“撤回”。", casework.TakeBackSeconds)

func chatAdvice(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Message
	}
	return "没有办成，请在小程序里操作。"
}
