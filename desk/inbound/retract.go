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

// retractPattern matches a text that asks to retract the last answer, or the answer to the submission whose
// number it has.
var (
	retractPattern = regexp.MustCompile(`^(?:请|帮我|我要|把|对|给|的|那|这)*(?:发错了?|答错了?|错了)?(?:请|帮我|我要)?(?:撤回|撤销|收回|取消)(?:刚才|刚刚|上一?条|这一?条|最后一?条|那一?条|那|这|对|给|的|答复|回复|消息|一下|吧|了|它)*$|^(?:发错了?|答错了?|发错人了?|undo|recall)$`)
	numbering      = regexp.MustCompile(numbers.Words + `|` + numbers.Letters + `|` + numbers.AboutWords + `|号|件`)
)

func wantsRetraction(text string) bool {
	key := withArabicDigits(fold.Key(text))
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

// handleRetraction retracts the answer to the submission that the text names, else the member's newest answer.
func (svc *Service) handleRetraction(ctx context.Context, c access.Caller, m openSubmissions, text string, in arrival) (string, error) {
	by, now, assigned := casework.ActorFor(c, access.TakeBack), svc.kit.Now(), m.assigned
	if s, ok := retractedSubmission(assigned, by, in); ok {
		return retractedText(s), nil
	}
	digitsOnly := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return ' '
		}
		return r
	}, withArabicDigits(fold.Key(text)))
	r := parseReference(digitsOnly, assigned, now)
	none := "没有可以撤回的答复：只能撤回最近 60 秒内发出的一条。已经发出的，请另发一条答复说明情况。"
	switch {
	case r.to != nil:
		assigned, none = []casework.Submission{*r.to}, "对 "+r.to.Number+" "+none
	case len(r.candidates) == 1:
		assigned, none = r.candidates, "对 "+r.candidates[0].Number+" "+none
	case strings.ContainsAny(digitsOnly, "0123456789"):
		return svc.askWhich(ctx, m, "不能确定要撤回对哪一件的答复，没有撤回。请写完整编号，或只写“撤回”，撤回最近发出的一条。", m.assigned)
	}
	var last casework.Submission
	var newest casework.Millis
	for _, s := range assigned {
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

// retractedSubmission returns the submission in which an earlier attempt at this event has already retracted an
// answer.
func retractedSubmission(assigned []casework.Submission, by casework.Actor, in arrival) (last casework.Submission, ok bool) {
	newest := in.at
	for _, s := range assigned {
		for _, e := range s.Thread {
			if in.retried && e.What == access.TakeBack && e.By.Role == by.Role && e.By.ID == by.ID && e.At >= newest {
				last, ok, newest = s, true, e.At
			}
		}
	}
	return last, ok
}

func retractedText(s casework.Submission) string {
	return "已撤回对 " + s.Number + "（" + summary(s) + "）的答复，群众看到的是“已撤回”。请重新答复。"
}
