package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"mashang/access"
	"mashang/casework"
	"mashang/fault"
	"mashang/fold"
	"mashang/record"
)

// A member may answer in the mini-program's customer-service chat. What they
// write becomes a reply to the submission they name by number, or to the one
// they opened last. What a visitor writes goes to their matter that waits for them.
// Anything ambiguous is asked back, never guessed.

// openedFor is how long the submission opened last is meant without a number.
const openedFor = 30 * time.Minute

// chat handles one thing that came from the chat and answers there. It has the
// person's lane from its first step, so that putting it off repeats none.
func (d *Desk) chat(ctx context.Context, p Person, a Arrival) error {
	if err := d.opens(ctx, p.ID, a); err != nil {
		return err
	}
	release, ok, err := d.store.Lane(ctx, p.ID, leaseTime)
	if err != nil {
		return err
	}
	if !ok {
		return errBusy
	}
	defer release()
	c, err := d.callerOf(ctx, p)
	if err != nil {
		return err
	}
	answer, err := d.chatAnswer(ctx, c, a)
	if err != nil {
		if passing(err) {
			if dangers := casework.Dangers(a.Text); len(dangers) > 0 && a.Attempts <= 1 {
				// The numbers cannot wait for another try.
				_, said := d.say(ctx, p.ID, a.OpenID, emergency(dangers), 0)
				err = errors.Join(err, said)
			}
			return err
		}
		answer = chatAdvice(err)
	}
	if answer == "" {
		return nil
	}
	if sent, err := d.say(ctx, p.ID, a.OpenID, answer, 0); err != nil || !sent {
		// The reply itself stands; only its confirmation did not arrive.
		d.log.WarnContext(ctx, "chat answer not sent", slog.Any("err", err))
	}
	return nil
}

// passing reports whether another try may do what this one could not.
func passing(err error) bool {
	switch fault.CodeOf(err) {
	case fault.Unavailable, fault.Internal, fault.TooMany:
		return true
	default:
		return false
	}
}

// chatAnswer does what was sent and returns what to answer, "" for nothing. One
// that was worked on before may have had its effect.
func (d *Desk) chatAnswer(ctx context.Context, c access.Caller, a Arrival) (string, error) {
	again, member := a.Attempts > 1, c.Role == access.Member
	switch a.Kind {
	case ArrivedUnread:
		return "您刚才发的内容没有读出来，请再发一次；还不行，请换个写法，或在小程序里办理。", nil
	case ArrivedEnter:
		if !member {
			return "", nil
		}
		return d.enters(ctx, c, a.Text)
	case ArrivedText:
		return d.chatText(ctx, c, casework.Clean(a.Text), again)
	}
	if !member {
		return d.filerSends(ctx, c, a, again)
	}
	switch a.Kind {
	case ArrivedImage:
		return d.photoInChat(ctx, c, a.Media, again)
	case ArrivedCard:
		return d.choose(ctx, c, a.Page)
	default:
		return "语音不能作为答复，请输入文字（可以用输入法的语音转文字），或在小程序里答复。", nil
	}
}

// nothingInHand is said to a member without a matter to answer.
const nothingInHand = "您现在没有待答复的诉求。"

// chatText does what a text asks and returns what to answer. Whoever wrote it and
// whatever else it is, a danger that it speaks of is answered first.
func (d *Desk) chatText(ctx context.Context, c access.Caller, text string, again bool) (string, error) {
	if !fold.Visible(text) {
		return "没有收到文字，请直接输入内容。", nil
	}
	writes := d.filerWrites
	if c.Role == access.Member {
		writes = d.memberWrites
	}
	said, err := writes(ctx, c, text, again)
	dangers := casework.Dangers(text)
	if len(dangers) == 0 {
		return said, err
	}
	if err != nil {
		if passing(err) {
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

// memberWrites does what a member's text asks: an answer to the matter it names or
// that was opened last. Anything ambiguous is asked back.
func (d *Desk) memberWrites(ctx context.Context, c access.Caller, text string, again bool) (string, error) {
	mine, err := d.inHand(ctx, c)
	if err != nil {
		return "", err
	}
	if regrets(text) {
		return d.takeBackInChat(ctx, c, mine)
	}
	r := addressed(text, mine, d.now())
	if r.to == nil && r.ask == "" {
		// A member may have filed something, too.
		if said, ok, err := d.ownMatter(ctx, c, text, len(mine) == 0, again); err != nil || ok {
			return said, err
		}
	}
	switch {
	case len(mine) == 0:
		return nothingInHand, nil
	case r.to != nil:
		return d.replyInChat(ctx, c, *r.to, r.rest, false, again)
	case r.ask != "":
		return r.ask, nil
	case r.unknown != "":
		return "没有找到编号 " + r.unknown + " 的待办诉求，没有发出。\n" + which(mine), nil
	default:
		return d.replyToOpened(ctx, c, mine, text, again)
	}
}

// opened returns the submission of mine that was opened last, if that was lately
// and it is still the member's to answer.
func (d *Desk) opened(ctx context.Context, c access.Caller, mine []casework.Submission) (s casework.Submission, ok bool, err error) {
	id, at, err := d.store.Opened(ctx, c.Person)
	if err != nil || d.now().Sub(at) > openedFor {
		return s, false, err
	}
	i := slices.IndexFunc(mine, func(s casework.Submission) bool { return s.ID == id })
	if i < 0 {
		return s, false, nil
	}
	return mine[i], true, nil
}

// replyToOpened answers the submission opened last. Small talk and a cry for help
// are for whoever runs the chat, not for the visitor.
func (d *Desk) replyToOpened(ctx context.Context, c access.Caller, mine []casework.Submission, text string, again bool) (string, error) {
	if len(casework.Dangers(text)) > 0 {
		return "这段话没有作为答复发给群众。如果是答复，请在前面写上编号，例如“" + mine[0].Number + " 已联系处理”。", nil
	}
	s, ok, err := d.opened(ctx, c, mine)
	if err != nil {
		return "", err
	}
	if ok && !small(text) {
		return d.replyInChat(ctx, c, s, text, len(mine) > 1, again)
	}
	return "不能确定您要答复哪一件，没有发出。请在内容前写上编号，例如“" + mine[0].Number + " 已联系处理”。\n" + which(mine), nil
}

// replyInChat answers a submission; chosen tells that it was chosen by its being
// opened last, among several.
func (d *Desk) replyInChat(ctx context.Context, c access.Caller, s casework.Submission, text string, chosen, again bool) (string, error) {
	if !fold.Visible(text) {
		return "请在编号后面写上答复内容，例如“" + s.Number + " 已联系处理”。", nil
	}
	if small(text) {
		return "“" + clip(text, 10) + "”不会作为正式答复发给群众。请写明怎么处理，例如“" + s.Number + " 已联系处理”。", nil
	}
	if !d.said(c, s, casework.Reply, text, again) { // twice would be wrong; to confirm it twice is not
		if _, err := d.Act(ctx, c, s.ID, ActRequest{Act: access.Reply, Version: &s.Version, Text: text, Warns: true}); err != nil {
			return "", err
		}
	}
	return answered(s, text, chosen), nil
}

// said reports whether the person has just said these words.
func (d *Desk) said(c access.Caller, s casework.Submission, what casework.Act, text string, again bool) bool {
	return slices.ContainsFunc(d.lately(c, s, what, again), func(e casework.Entry) bool { return e.Text == text })
}

// lately are the person's replies or messages that an arrival may be a repetition
// of: the newest step. When the arrival was worked on before, others may have acted
// since: then any reply of late counts, as a delivery that comes back is never
// much older.
func (d *Desk) lately(c access.Caller, s casework.Submission, what casework.Act, again bool) []casework.Entry {
	by := casework.ActorFor(c, what)
	since, thread := casework.At(d.now().Add(-openedFor)), s.Thread
	if !again {
		since, thread = 0, thread[max(len(thread)-1, 0):]
	}
	var list []casework.Entry
	for _, e := range thread {
		if e.What == what && e.By.Role == by.Role && e.By.ID == by.ID && e.At >= since {
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
	return "已答复 " + matter + "：" + clip(text, 30) + "\n群众会收到通知。" + mayTakeBack
}

// mayTakeBack is said of each answer that went.
var mayTakeBack = fmt.Sprintf("发错了请在 %d 秒内回复“撤回”。", casework.TakeBackSeconds)

// mostInHand bounds what of each queue is looked through.
const mostInHand = 1000

// inHand lists what the member can answer: the inbox, then what is answered
// and not yet closed.
func (d *Desk) inHand(ctx context.Context, c access.Caller) ([]casework.Submission, error) {
	var all []casework.Submission
	for _, name := range []record.IndexName{record.Inbox, record.Answered} {
		after, more := Cursor{}, true
		for n := 0; more && n < mostInHand; n += PageLimit {
			list, next, on, err := d.records.Page(ctx, c.Station, Index{Name: name, Arg: c.ID}, after, PageLimit)
			if err != nil {
				return nil, err
			}
			all, after, more = append(all, list...), next, on
		}
	}
	return all, nil
}

// which lists the first few to choose from.
func which(list []casework.Submission) string {
	const most = 5
	var b strings.Builder
	b.WriteString("您可以答复的诉求：")
	for _, s := range list[:min(len(list), most)] {
		b.WriteString("\n" + s.Number + " " + summary(s))
	}
	if len(list) > most {
		b.WriteString("\n……请在小程序里查看全部")
	}
	return b.String()
}

// summary is as much of a submission as tells it from others.
func summary(s casework.Submission) string {
	text := s.Text
	if text == "" {
		text = "语音留言"
	}
	return s.Kind.Chinese() + " " + clip(text, 16)
}

// clip cuts a text to n characters on one line.
func clip(text string, n int) string {
	r := []rune(strings.ReplaceAll(text, "\n", " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

func chatAdvice(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Message
	}
	return "没有办成，请在小程序里操作。"
}
