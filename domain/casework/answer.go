package casework

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

// Accept takes it on.
type Accept struct{ plain }

func (Accept) rule() rule {
	return rule{name: access.Accept, from: []State{Assigned}, next: Accepted, unbounded: true, contact: true}
}

func (a Accept) cleaned() Act { return a }

// Ask asks the visitor something; the clock stands still until they answer.
type Ask struct {
	plain

	Text string
}

func (Ask) rule() rule { return rule{name: access.Ask, from: inHand, next: Waiting, contact: true} }

func (a Ask) words() words { return words{text: a.Text} }

func (a Ask) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Ask) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Text != "", "text", "请填写内容")
}

// Reply answers the visitor.
type Reply struct {
	plain

	Text   string
	Photos []string
	// Include are the assists whose answers the visitor is shown, and Without
	// confirms that some have not answered.
	Include []int
	Without bool
	// Alone keeps it from those that go on with the submission.
	Alone bool
	// Warns lets a danger that the text speaks of alarm the station, as a visitor's
	// words do.
	Warns bool
}

func (Reply) rule() rule {
	return rule{name: access.Reply, from: inHand, next: Answered, contact: true, settles: true}
}

func (a Reply) words() words { return words{text: a.Text, photos: a.Photos, warns: a.Warns} }

func (a Reply) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Reply) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Text != "" || len(a.Photos) > 0, "text", "请填写内容")
}

func (a Reply) refuse(s Submission, _ setting) error { return s.mayAnswerJointly(a.Include, a.Without) }

func (a Reply) entry(s Submission, _ setting) Entry {
	return Entry{LeadOnly: a.Alone, Parts: s.parts(a.Include), Was: s.State}
}

// Message is what the filer adds, or answers to a question.
type Message struct {
	plain

	Text   string
	Photos []string
}

func (Message) rule() rule { return rule{name: access.Message, from: open, filer: true} }

func (a Message) words() words { return words{text: a.Text, photos: a.Photos} }

func (a Message) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Message) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Text != "" || len(a.Photos) > 0, "text", "请填写内容")
}

func (a Message) apply(s *Submission, _ setting) {
	if (s.State == Waiting || s.State == Answered) && s.Lead == "" {
		s.State = Accepted // a follower is where its lead is
	}
}
