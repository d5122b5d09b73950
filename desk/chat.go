package desk

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"

	"mashang/access"
	"mashang/casework"
	"mashang/fault"
	"mashang/record"
)

// A member may answer in the mini-program's customer-service chat. What they
// write becomes a reply to the submission they name by number, or to the one
// they opened last. Anything ambiguous is asked back, never guessed.

// openedFor is how long the submission opened last is meant without a number.
const openedFor = 30 * time.Minute

// digits is a whole number (261123-0047) or its last part, in front of the
// answer; separated is what stands between the two.
var (
	digits    = regexp.MustCompile(`^([#＃]?)\s*(\d{6}-\d{4,}|\d{4,6})`)
	separated = regexp.MustCompile(`^(?:[\s，,：:。、]+|$)`)
)

// addressed splits a text into the number it names and the answer. sure is
// false when the digits could as well be the answer's first word ("1000元").
func addressed(text string) (number, rest string, sure bool) {
	m := digits.FindStringSubmatch(text)
	if m == nil {
		return "", text, true
	}
	number, rest = m[2], text[len(m[0]):]
	if rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return "", text, true // a longer number, of a phone perhaps
	}
	gap := separated.FindStringIndex(rest)
	sure = gap != nil || m[1] != "" || strings.Contains(number, "-")
	if gap != nil {
		rest = rest[gap[1]:]
	}
	return number, strings.TrimSpace(rest), sure
}

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
		switch fault.CodeOf(err) {
		case fault.Unavailable, fault.Internal, fault.TooMany:
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

// chatAnswer does what was sent and returns what to answer, "" for nothing. One
// that was worked on before may have had its effect.
func (d *Desk) chatAnswer(ctx context.Context, c access.Caller, a Arrival) (string, error) {
	again := a.Attempts > 1
	switch {
	case a.Kind == ArrivedUnread:
		return "您刚才发的内容没有读出来，请再发一次；还不行，请换个写法，或在小程序里办理。", nil
	case c.Role != access.Member && a.Kind == ArrivedEnter:
		return "", nil
	case c.Role != access.Member:
		return "您好！要反映诉求，请用微信扫一扫委员的二维码，或在小程序里点“我的诉求”查看进度。", nil
	case a.Kind == ArrivedEnter:
		return d.greet(ctx, c)
	case a.Kind == ArrivedImage:
		return d.photoInChat(ctx, c, a.Media, again)
	case a.Kind == ArrivedCard:
		return d.choose(ctx, c, a.Page)
	case a.Kind == ArrivedVoice:
		return "语音不能作为答复，请输入文字（可以用输入法的语音转文字），或在小程序里答复。", nil
	default:
		return d.chatReply(ctx, c, casework.Clean(a.Text), again)
	}
}

// nothingInHand is said to a member without a matter to answer.
const nothingInHand = "您现在没有待答复的诉求。"

// chatReply does what a member's text asks and returns what to answer. again
// tells that the text was worked on before and may have had its effect.
func (d *Desk) chatReply(ctx context.Context, c access.Caller, text string, again bool) (string, error) {
	if text == "" {
		return "没有收到文字，请直接输入要答复的内容。", nil
	}
	mine, err := d.inHand(ctx, c)
	if err != nil {
		return "", err
	}
	if len(mine) == 0 {
		return nothingInHand, nil
	}
	number, rest, sure := addressed(text)
	if number == "" {
		return d.replyToOpened(ctx, c, mine, text, again)
	}
	var hits []casework.Submission
	for _, s := range mine {
		if s.Number == number || strings.HasSuffix(s.Number, "-"+number) {
			hits = append(hits, s)
		}
	}
	switch {
	case len(hits) == 0 && !sure:
		return d.replyToOpened(ctx, c, mine, text, again)
	case len(hits) == 1 && sure:
		return d.replyInChat(ctx, c, hits[0], rest, again)
	case len(hits) == 1:
		return "不能确定开头的 " + number + " 是不是编号。要答复这一件，请在编号后加空格；不是编号，请先写上编号再写内容。\n" + which(hits), nil
	case len(hits) == 0:
		return "没有找到编号 " + number + " 的待办诉求。\n" + which(mine), nil
	default:
		return "有多件诉求的编号以 " + number + " 结尾，请写完整编号。\n" + which(hits), nil
	}
}

// smallTalk are words that are said to whoever runs the chat as often as to a
// visitor: without a number they are never taken for an answer, which could not
// be taken back.
var smallTalk = []string{
	"帮助", "help", "收到", "好", "好的", "嗯", "是", "行", "可以", "知道了", "明白", "您好", "你好", "在吗", "谢谢", "谢谢您", "测试", "ok",
}

func small(text string) bool {
	text = strings.ToLower(strings.Trim(text, " 。，！？!?.,~～…"))
	return text == "" || slices.Contains(smallTalk, text)
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

// replyToOpened answers the submission opened last.
func (d *Desk) replyToOpened(ctx context.Context, c access.Caller, mine []casework.Submission, text string, again bool) (string, error) {
	s, ok, err := d.opened(ctx, c, mine)
	if err != nil {
		return "", err
	}
	if ok && !small(text) {
		return d.replyInChat(ctx, c, s, text, again)
	}
	return "不能确定您要答复哪一件，请在内容前写上编号，例如“" + mine[0].Number + " 已联系处理”。\n" + which(mine), nil
}

func (d *Desk) replyInChat(ctx context.Context, c access.Caller, s casework.Submission, text string, again bool) (string, error) {
	if text == "" {
		return "请在编号后面写上答复内容，例如“" + s.Number + " 已联系处理”。", nil
	}
	if d.said(c, s, text, again) {
		// Saying it twice to the visitor would be wrong, confirming it twice is not.
		return answered(s, text), nil
	}
	if _, err := d.Act(ctx, c, s.ID, ActRequest{Act: access.Reply, Version: &s.Version, Text: text}); err != nil {
		return "", err
	}
	return answered(s, text), nil
}

// said reports whether the member has just replied in these words.
func (d *Desk) said(c access.Caller, s casework.Submission, text string, again bool) bool {
	return slices.ContainsFunc(d.lately(c, s, again), func(e casework.Entry) bool { return e.Text == text })
}

// lately are the member's replies that an arrival may be a repetition of: the
// newest step. When the arrival was worked on before, others may have acted
// since: then any reply of late counts, as a delivery that comes back is never
// much older.
func (d *Desk) lately(c access.Caller, s casework.Submission, again bool) []casework.Entry {
	since, thread := casework.At(d.now().Add(-openedFor)), s.Thread
	if !again {
		since, thread = 0, thread[max(len(thread)-1, 0):]
	}
	var list []casework.Entry
	for _, e := range thread {
		if e.What == casework.Reply && e.By.ID == c.ID && e.At >= since {
			list = append(list, e)
		}
	}
	return list
}

func answered(s casework.Submission, text string) string {
	return "已答复 " + s.Number + "：" + clip(text, 30) + "\n群众会收到通知。"
}

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
		text := s.Text
		if text == "" {
			text = "语音留言"
		}
		b.WriteString("\n" + s.Number + " " + s.Kind.Chinese() + " " + clip(text, 16))
	}
	if len(list) > most {
		b.WriteString("\n……请在小程序里查看全部")
	}
	return b.String()
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
