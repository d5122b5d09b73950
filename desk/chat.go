package desk

import (
	"context"
	"errors"
	"regexp"
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

// numbered is a whole number (261123-0047) or its last part, in front of the
// answer.
var numbered = regexp.MustCompile(`^[#＃]?\s*(\d{6}-\d{4,}|\d{4,6})[\s，,：:。、]+`)

// chat handles one text from the chat and answers there.
func (d *Desk) chat(ctx context.Context, p Person, a Arrival) error {
	c, err := d.callerOf(ctx, p)
	if err != nil {
		return err
	}
	answer, err := d.chatReply(ctx, c, casework.Clean(a.Text))
	if err != nil {
		if fault.CodeOf(err) == fault.Unavailable || fault.CodeOf(err) == fault.Internal {
			return err
		}
		answer = chatAdvice(err)
	}
	if err := d.platform.Chat(ctx, a.OpenID, answer); err != nil {
		// The reply itself stands; only its confirmation did not arrive.
		d.log.WarnContext(ctx, "chat answer not sent", "err", err)
	}
	return nil
}

// chatReply does what the text asks and returns what to answer.
func (d *Desk) chatReply(ctx context.Context, c access.Caller, text string) (string, error) {
	if c.Role != access.Member {
		return "您好！要反映诉求，请用微信扫一扫委员的二维码，或在小程序里点“我的诉求”查看进度。", nil
	}
	if text == "" {
		return "没有收到文字，请直接输入要答复的内容。", nil
	}
	number, rest := "", text
	if m := numbered.FindStringSubmatch(text); m != nil {
		number, rest = m[1], strings.TrimSpace(text[len(m[0]):])
	}
	mine, err := d.inHand(ctx, c)
	if err != nil {
		return "", err
	}
	if len(mine) == 0 {
		return "您现在没有待答复的诉求。", nil
	}
	if number == "" {
		return d.replyToOpened(ctx, c, mine, text)
	}
	var hits []casework.Submission
	for _, s := range mine {
		if s.Number == number || strings.HasSuffix(s.Number, "-"+number) {
			hits = append(hits, s)
		}
	}
	switch len(hits) {
	case 1:
		return d.replyInChat(ctx, c, hits[0], rest)
	case 0:
		return "没有找到编号 " + number + " 的待办诉求。\n" + which(mine), nil
	default:
		return "有多件诉求的编号以 " + number + " 结尾，请写完整编号。\n" + which(hits), nil
	}
}

// replyToOpened answers the submission opened last, if that was lately and it
// is still the member's to answer.
func (d *Desk) replyToOpened(ctx context.Context, c access.Caller, mine []casework.Submission, text string) (string, error) {
	id, at, err := d.store.Opened(ctx, c.Person)
	if err != nil {
		return "", err
	}
	if id != "" && d.now().Sub(at) <= openedFor {
		for _, s := range mine {
			if s.ID == id {
				return d.replyInChat(ctx, c, s, text)
			}
		}
	}
	return "不能确定您要答复哪一件，请在内容前写上编号，例如“" + mine[0].Number + " 已联系处理”。\n" + which(mine), nil
}

func (d *Desk) replyInChat(ctx context.Context, c access.Caller, s casework.Submission, text string) (string, error) {
	if text == "" {
		return "请在编号后面写上答复内容，例如“" + s.Number + " 已联系处理”。", nil
	}
	if said(c, s, text) {
		// This delivery was worked on before a crash; saying it twice to the
		// visitor would be wrong, confirming it twice is not.
		return answered(s, text), nil
	}
	if _, err := d.Act(ctx, c, s.ID, ActRequest{Act: access.Reply, Version: &s.Version, Text: text}); err != nil {
		return "", err
	}
	return answered(s, text), nil
}

// said reports whether the newest step is the member's reply in these words.
func said(c access.Caller, s casework.Submission, text string) bool {
	last := s.Last()
	return last.What == casework.Reply && last.By.ID == c.ID && last.Text == text
}

func answered(s casework.Submission, text string) string {
	return "已答复 " + s.Number + "：" + clip(text, 30) + "\n群众会收到通知。"
}

// inHand lists what the member can answer: the inbox, then what is answered
// and not yet closed.
func (d *Desk) inHand(ctx context.Context, c access.Caller) ([]casework.Submission, error) {
	var all []casework.Submission
	for _, name := range []record.IndexName{record.Inbox, record.Answered} {
		list, _, _, err := d.store.Page(ctx, c.Station, Index{Name: name, Arg: c.ID}, Cursor{}, PageLimit)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// which lists the first few to choose from.
func which(list []casework.Submission) string {
	const most = 5
	var b strings.Builder
	b.WriteString("待答复：")
	for _, s := range list[:min(len(list), most)] {
		b.WriteString("\n" + s.Number + " " + s.Kind.Chinese() + " " + clip(s.Text, 16))
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
