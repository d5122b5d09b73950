package casework

import (
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Fulfil tells that what was agreed at closing is carried out.
type Fulfil struct {
	plain

	Text   string
	Photos []string
}

func (Fulfil) rule() rule { return rule{name: access.Fulfil, from: []State{Closed}, unbounded: true} }

func (a Fulfil) words() words { return words{text: a.Text, photos: a.Photos} }

func (a Fulfil) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Fulfil) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Text != "", "text", "请写明落实的情况，群众会看到")
}

func (Fulfil) refuse(s Submission, _ setting) error { return s.mustOwe() }

func (Fulfil) apply(s *Submission, in setting) {
	p := Promise{At: s.ClosedAt}
	if s.Promise != nil {
		p = *s.Promise
	}
	p.DoneAt, p.NextAt = At(in.now), 0
	s.Promise, s.Outcome = &p, Solved
}

// Redate moves the day by which what was agreed is to be carried out.
type Redate struct {
	plain

	// Day is the new day as it was asked for (YYYY-MM-DD). Whoever applies the act
	// sets Promised, the end of that day.
	Day      string
	Promised Millis
	Reason   string
}

func (Redate) rule() rule { return rule{name: access.Promise, from: []State{Closed}} }

func (a Redate) words() words { return words{reason: a.Reason} }

func (a Redate) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Redate) check(c *fault.Check, _ Submission, in setting) {
	checkDay(c, a.Promised, in.now)
	c.Require(a.Reason != "", "reason", "请写明改期的原因，群众会看到")
}

func (a Redate) refuse(s Submission, in setting) error {
	if err := s.mustOwe(); err != nil || s.Promise == nil {
		return err
	}
	if in.by.Role == access.Member && s.Promise.Moves >= MaxPromiseMoves {
		return fault.New(fault.WrongState, "这件诉求已经改期 %d 次，请尽快落实；确有困难请联络员改期", s.Promise.Moves)
	}
	var c fault.Check
	c.Require(s.Promise.DueAt != a.Promised, "promised", "约定的日期没有变化，请选择新的日期")
	return c.Err()
}

func (a Redate) apply(s *Submission, in setting) {
	p := Promise{At: At(in.now), DueAt: a.Promised}
	if s.Promise != nil {
		p.Moves = s.Promise.Moves + 1
	}
	promise(s, p, in)
}

// mustOwe refuses what is done about a promise where none is owed.
func (s Submission) mustOwe() error {
	switch {
	case s.Fulfilled():
		return fault.New(fault.WrongState, "这件诉求已办结，约定的事项已于%s落实", s.Promise.DoneAt.Time().Format("2006年1月2日"))
	case !s.Owed():
		return fault.New(fault.WrongState, "这件诉求已办结，结果是“%s”，没有待落实的事项", s.Outcome.Chinese())
	}
	return nil
}

// promise sets what is owed from now on, in the newest entry as well.
func promise(s *Submission, p Promise, in setting) {
	s.Promise = &p
	s.Promise.NextAt = s.NextReminder(in.clock, in.now)
	s.Thread[len(s.Thread)-1].Due = p.DueAt
}

// checkDay looks at the end of the day that an act promises.
func checkDay(c *fault.Check, promised Millis, now time.Time) {
	last := EndOf(now.AddDate(0, 0, MaxPromiseDays))
	c.Require(promised >= At(now) && promised <= last, "promised",
		"约定落实的日期须在今天至%s之间", last.Time().Format("2006年1月2日"))
}
