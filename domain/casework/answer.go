package casework

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

// Accept is the member's acceptance of the matter.
type Accept struct{ basicAct }

func (Accept) rule() rule {
	return rule{name: access.Accept, fromStates: []State{Assigned}, next: Accepted, whenFull: true, contacts: true}
}

func (a Accept) cleaned() Act { return a }

// Ask asks the visitor a question. The clock stops until they answer.
type Ask struct {
	basicAct

	Text string
}

func (Ask) rule() rule {
	return rule{name: access.Ask, fromStates: withMember, next: Waiting, contacts: true}
}

func (a Ask) content() content { return content{text: a.Text} }

func (a Ask) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Ask) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Text != "", "text", "请填写内容")
}

// Reply answers the visitor.
type Reply struct {
	basicAct

	Text   string
	Photos []string
	// Include are the assists whose answers the visitor also gets. Without confirms that unanswered assists are
	// ignored.
	Include []int
	Without bool
	// LeadOnly: the answer is not passed on to the followers.
	LeadOnly bool
	// ScanDangers: dangers in the text alarm the station, as in a visitor's text.
	ScanDangers bool
}

func (Reply) rule() rule {
	return rule{name: access.Reply, fromStates: withMember, next: Answered, contacts: true, endsCover: true}
}

func (a Reply) content() content {
	return content{text: a.Text, photos: a.Photos, scanDangers: a.ScanDangers}
}

func (a Reply) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Reply) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Text != "" || len(a.Photos) > 0, "text", "请填写内容")
}

func (a Reply) refuse(s Submission, _ actContext) error { return s.checkAssists(a.Include, a.Without) }

func (a Reply) entry(s Submission, _ actContext) Entry {
	return Entry{LeadOnly: a.LeadOnly, Parts: s.parts(a.Include), Was: s.State}
}

// Message is an addition or an answer of the filer.
type Message struct {
	basicAct

	Text   string
	Photos []string
}

func (Message) rule() rule { return rule{name: access.Message, fromStates: openStates, asFiler: true} }

func (a Message) content() content { return content{text: a.Text, photos: a.Photos} }

func (a Message) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Message) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Text != "" || len(a.Photos) > 0, "text", "请填写内容")
}

func (a Message) apply(s *Submission, _ actContext) {
	if (s.State == Waiting || s.State == Answered) && s.Lead == "" {
		s.State = Accepted // a follower has its lead's state
	}
}
