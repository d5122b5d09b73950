package inbound

import (
	"context"
	"regexp"
	"strings"
	"unicode"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/numbers"
)

// retractPattern is a text that asks for the last answer to be taken back, or for the one
// to the matter whose number it has.
var (
	retractPattern = regexp.MustCompile(`^(?:请|帮我|我要|把|对|给|的|那|这)*(?:发错了?|答错了?|错了)?(?:请|帮我|我要)?(?:撤回|撤销|收回|取消)(?:刚才|刚刚|上一?条|这一?条|最后一?条|那一?条|那|这|对|给|的|答复|回复|消息|一下|吧|了|它)*$|^(?:发错了?|答错了?|发错人了?|undo|recall)$`)
	numbering      = regexp.MustCompile(numbers.Words + `|` + numbers.Letters + `|` + numbers.AboutWords + `|号|件`)
)

func wantsRetraction(text string) bool {
	key := spelled(fold.Key(text))
	if strings.ContainsAny(key, "0123456789") {
		key = numbering.ReplaceAllString(key, "")
	}
	return retractPattern.MatchString(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, key))
}

// takeBackInChat takes back the answer to the matter that the text names, else the
// one that the member gave last.
func (svc *Service) takeBackInChat(ctx context.Context, c access.Caller, m chatMatters, text string, came message) (string, error) {
	by, now, hand := casework.ActorFor(c, access.TakeBack), svc.kit.Now(), m.hand
	if s, ok := retractedMatter(hand, by, came); ok {
		return retractedText(s), nil
	}
	named := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return ' '
		}
		return r
	}, spelled(fold.Key(text)))
	r := parseAddress(named, hand, now)
	none := "没有可以撤回的答复：只能撤回最近 60 秒内发出的一条。已经发出的，请另发一条答复说明情况。"
	switch {
	case r.to != nil:
		hand, none = []casework.Submission{*r.to}, "对 "+r.to.Number+" "+none
	case len(r.maybe) == 1:
		hand, none = r.maybe, "对 "+r.maybe[0].Number+" "+none
	case strings.ContainsAny(named, "0123456789"):
		return svc.askWhich(ctx, m, "不能确定要撤回对哪一件的答复，没有撤回。请写完整编号，或只写“撤回”，撤回最近发出的一条。", m.hand)
	}
	var last casework.Submission
	var newest casework.Millis
	for _, s := range hand {
		if at, ok := s.RetractableAnswer(by, now); ok && at >= newest {
			last, newest = s, at
		}
	}
	if newest == 0 {
		return none, nil
	}
	if _, err := svc.matters.Act(ctx, c, last.ID, &last.Version, casework.TakeBack{}); err != nil {
		return "", err
	}
	return retractedText(last), nil
}

// retractedMatter is the matter in which an arrival that was worked on before has taken an
// answer back.
func retractedMatter(hand []casework.Submission, by casework.Actor, came message) (last casework.Submission, ok bool) {
	newest := came.at
	for _, s := range hand {
		for _, e := range s.Thread {
			if came.again && e.What == access.TakeBack && e.By.Role == by.Role && e.By.ID == by.ID && e.At >= newest {
				last, ok, newest = s, true, e.At
			}
		}
	}
	return last, ok
}

func retractedText(s casework.Submission) string {
	return "已撤回对 " + s.Number + "（" + summary(s) + "）的答复，群众看到的是“已撤回”。请重新答复。"
}
