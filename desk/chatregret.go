package desk

import (
	"context"
	"regexp"
	"strings"
	"unicode"

	"mashang/access"
	"mashang/casework"
	"mashang/fold"
)

// regret is a text that asks for the last answer to be taken back.
var regret = regexp.MustCompile(`^(?:请|帮我|我要|把)*(?:发错了?|答错了?|错了)?(?:请|帮我|我要)?(?:撤回|撤销|收回|取消)(?:刚才|刚刚|上一?条|这一?条|最后一?条|那一?条|的|答复|回复|消息|一下|吧|了|它)*$|^(?:发错了?|答错了?|发错人了?|undo|recall)$`)

func regrets(text string) bool {
	return regret.MatchString(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, fold.Key(text)))
}

// takeBackInChat takes back the answer that the member gave last, among what they
// have in hand.
func (d *Desk) takeBackInChat(ctx context.Context, c access.Caller, mine []casework.Submission) (string, error) {
	by, now := casework.ActorFor(c, casework.TakeBack), d.now()
	var last casework.Submission
	var newest casework.Millis
	for _, s := range mine {
		if at, ok := s.Takeable(by, now); ok && at >= newest {
			last, newest = s, at
		}
	}
	if newest == 0 {
		return "没有可以撤回的答复：只能撤回最近 60 秒内发出的一条。已经发出的，请另发一条答复说明情况。", nil
	}
	if _, err := d.Act(ctx, c, last.ID, ActRequest{Act: access.TakeBack, Version: &last.Version}); err != nil {
		return "", err
	}
	return "已撤回对 " + last.Number + "（" + summary(last) + "）的答复，群众看到的是“已撤回”。请重新答复。", nil
}
