package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestAnswerInTheChat: a member answers by writing into the mini-program's
// customer-service chat; what could mean two submissions is asked back.
func TestAnswerInTheChat(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	cast := s.cast()
	c := &chatting{T: t, code: cast.code(t, "member"), visitor: s.user("visitor-chat")}
	c.member = s.user(c.code.MemberOpenID)
	const spoken = "已联系施工队明天来修"
	s.secret("what a member said", spoken)

	c.says(c.member, "您好", "没有待答复")
	first, second := c.file("路灯不亮"), c.file("井盖松动")
	c.says(c.member, spoken, "编号")
	for _, sub := range []wireSubmission{first, second} {
		if last := c.lastLine(c.member); !strings.Contains(last, sub.Number) {
			t.Errorf("the question back does not name %s: %s", sub.Number, last)
		}
		if got := c.visitor.read(sub.ID); got.State != "assigned" {
			t.Errorf("guessed: %+v", got)
		}
	}
	// By the whole number, and by its last part.
	c.says(c.member, second.Number+" "+spoken, "已答复 "+second.Number)
	c.replied(second, spoken)
	_, tail, _ := strings.Cut(first.Number, "-")
	c.says(c.member, "#"+tail+"，已派电工", "已答复 "+first.Number)
	c.replied(first, "已派电工")
	c.says(c.member, "991231-9999 好的", "没有找到")
	c.says(c.member, first.Number, "答复内容")

	// Without a number it is the one opened last.
	third, fourth := c.file("水渠堵了"), c.file("桥栏断了")
	c.member.read(fourth.ID)
	c.member.read(third.ID)
	c.says(c.member, "今天下午清淤", "已答复 "+third.Number)
	c.replied(third, "今天下午清淤")
	if got := c.visitor.read(fourth.ID); got.State != "assigned" {
		t.Errorf("the other one was answered as well: %+v", got)
	}
	// A visitor's text is no submission and no answer.
	c.says(c.visitor, "路灯什么时候修好", "扫")
	if n := len(all[wireSubmission](c.visitor, "/submissions", 100)); n != 4 {
		t.Errorf("%d submissions after a chat, want 4", n)
	}
}

type chatting struct {
	*testing.T
	code            castCode
	member, visitor *phone
	n               int
}

func (c *chatting) file(text string) wireSubmission {
	c.Helper()
	c.n++
	s := c.visitor.filed(fmt.Sprintf("chat-key-%d", c.n), object{"scene": c.code.Key, "kind": "help", "text": text})
	if s.assignee() != c.member.User.MemberID {
		c.Fatalf("went to %+v", s.Assignee)
	}
	return s
}

// says writes into the chat and waits for an answer that holds the words.
func (c *chatting) says(p *phone, text, words string) {
	c.Helper()
	before := len(p.chat())
	p.say(text)
	eventually(c.T, "an answer in the chat", func() error {
		lines := p.chat()
		if len(lines) < before+2 {
			return errNotYet
		}
		if last := lines[len(lines)-1]; last.From != "service" || !strings.Contains(last.Text, words) {
			c.Fatalf("%q was answered %q", text, last.Text)
		}
		return nil
	})
}

func (c *chatting) lastLine(p *phone) string {
	c.Helper()
	lines := p.chat()
	return lines[len(lines)-1].Text
}

// replied wants the words as the one reply in the visitor's timeline.
func (c *chatting) replied(s wireSubmission, words string) {
	c.Helper()
	got := c.visitor.read(s.ID)
	n := 0
	for _, e := range got.Timeline {
		if e.What == "reply" && e.Text == words {
			n++
		}
	}
	if got.State != "answered" || n != 1 || slices.ContainsFunc(got.Timeline, func(e wireEvent) bool { return strings.Contains(e.Text, s.Number) }) {
		c.Errorf("%s: %s, %d replies %q", s.Number, got.State, n, words)
	}
}
