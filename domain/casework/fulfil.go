package casework

import (
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Fulfil says that what was agreed at closing is carried out.
type Fulfil struct {
	basicAct

	Text   string
	Photos []string
}

func (Fulfil) rule() rule {
	return rule{name: access.Fulfil, fromStates: []State{Closed}, whenFull: true}
}

func (a Fulfil) content() content { return content{text: a.Text, photos: a.Photos} }

func (a Fulfil) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Fulfil) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Text != "", "text", "请写明落实的情况，群众会看到")
}

func (Fulfil) refuse(s Submission, _ actContext) error { return s.requireOpenPromise() }

func (Fulfil) apply(s *Submission, in actContext) {
	p := Promise{At: s.ClosedAt}
	if s.Promise != nil {
		p = *s.Promise
	}
	p.DoneAt, p.NextAt = At(in.now), 0
	s.Promise, s.Outcome = &p, Solved
}

// Redate changes the day by which what was agreed is to be carried out.
type Redate struct {
	basicAct

	// Day is the new day as requested (YYYY-MM-DD). The caller of Apply sets Promised, the end of that day.
	Day      string
	Promised Millis
	Reason   string
}

func (Redate) rule() rule { return rule{name: access.Promise, fromStates: []State{Closed}} }

func (a Redate) content() content { return content{reason: a.Reason} }

func (a Redate) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Redate) check(c *fault.Check, _ Submission, in actContext) {
	checkPromiseDay(c, a.Promised, in.now)
	c.Require(a.Reason != "", "reason", "请写明改期的原因，群众会看到")
}

func (a Redate) refuse(s Submission, in actContext) error {
	if err := s.requireOpenPromise(); err != nil || s.Promise == nil {
		return err
	}
	if in.by.Role == access.Member && s.Promise.Moves >= MaxPromiseMoves {
		return fault.New(fault.WrongState, "这件诉求已经改期 %d 次，请尽快落实；确有困难请联络员改期", s.Promise.Moves)
	}
	var c fault.Check
	c.Require(s.Promise.DueAt != a.Promised, "promised", "约定的日期没有变化，请选择新的日期")
	return c.Err()
}

func (a Redate) apply(s *Submission, in actContext) {
	p := Promise{At: At(in.now), DueAt: a.Promised}
	if s.Promise != nil {
		p.Moves = s.Promise.Moves + 1
	}
	setPromise(s, p, in)
}

// requireOpenPromise refuses an act about a promise if none is open.
func (s Submission) requireOpenPromise() error {
	switch {
	case s.Fulfilled():
		return fault.New(fault.WrongState, "这件诉求已办结，约定的事项已于%s落实", s.Promise.DoneAt.Time().Format("2006年1月2日"))
	case !s.Owed():
		return fault.New(fault.WrongState, "这件诉求已办结，结果是“%s”，没有待落实的事项", s.Outcome.Chinese())
	}
	return nil
}

// setPromise sets the open promise, also in the newest entry.
func setPromise(s *Submission, p Promise, in actContext) {
	s.Promise = &p
	s.Promise.NextAt = s.NextReminder(in.clock, in.now)
	s.Thread[len(s.Thread)-1].Due = p.DueAt
}

// checkPromiseDay checks the end of a promised day.
func checkPromiseDay(c *fault.Check, promised Millis, now time.Time) {
	last := EndOfDay(now.AddDate(0, 0, MaxPromiseDays))
	c.Require(promised >= At(now) && promised <= last, "promised",
		"约定落实的日期须在今天至%s之间", last.Time().Format("2006年1月2日"))
}
