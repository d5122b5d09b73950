package casework

import (
	"cmp"
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
)

// The names of what no caller does. They are of the same type as access's actions,
// because a thread holds both; access does not know them and refuses them to
// everybody.
const (
	// Released, Covered, Resumed and Recounted are the acts of the system.
	Released  access.Action = "release"
	Covered   access.Action = "cover"
	Resumed   access.Action = "resume"
	Recounted access.Action = "recount"

	// File and all below are entries only, and no act makes them. The first entry of
	// a timeline is the filing.
	File access.Action = "file"
	// AddFollower and DropFollower stand in the thread of a lead while access.Merge and
	// access.Split stand in the other's: they change two submissions at once.
	AddFollower  access.Action = "gather"
	DropFollower access.Action = "ungather"
	// TakeOver is said of the person it was filed for, Correct of the filer, who
	// changed their number, and Erase of everything that was the filer's.
	TakeOver access.Action = "takeover"
	Correct  access.Action = "correct"
	Erase    access.Action = "erase"
)

// ReopenDays is how long a closed submission can be reopened.
const ReopenDays = 15

// MaxThread is where a thread takes no more talk; a matter that needs more is
// no longer one matter.
const MaxThread = 300

// Act is what somebody does to a submission, with what it carries. Each act is a
// type of this package, with its rule, its check, its entry in the thread and its
// effect beside one another; Apply holds what is common to all of them.
type Act interface {
	// rule is what holds for the act whatever it carries.
	rule() rule
	// words are what is said with it.
	words() words
	// cleaned is the act with its words as they are kept.
	cleaned() Act
	// check looks at the fields, all at once.
	check(c *fault.Check, s Submission, in setting)
	// refuse says why the submission does not take the act although the fields are
	// right. It is asked after check.
	refuse(s Submission, in setting) error
	// entry is what the act's entry in the thread has besides who, when, its name and
	// the words. s is the submission before the act.
	entry(s Submission, in setting) Entry
	// apply changes what depends on the act. The new state and the entry are in s
	// already.
	apply(s *Submission, in setting)
}

// The states from which acts are possible.
var (
	open   = []State{Held, Pooled, Assigned, Accepted, Waiting, Answered}
	inHand = []State{Assigned, Accepted, Waiting, Answered}
	// unanswered are the states in which a matter is in a member's hands and not
	// answered: what is answered stays with who answered.
	unanswered = []State{Assigned, Accepted, Waiting}
)

// rule is what holds for an act whatever it carries.
type rule struct {
	name access.Action
	// from are the states that allow the act, and next is where it leads. An empty
	// next keeps the state.
	from []State
	next State
	// unbounded acts are possible in a full thread: without them a full matter could
	// never be brought to an end.
	unbounded bool
	// filer acts are done as the filer, whatever else that person is.
	filer bool
	// contact tells that somebody is in touch with the visitor by the act.
	contact bool
	// settles tells that whoever has the matter after the act has it for themselves,
	// and not for a member who is away.
	settles bool
}

// setting is who does an act, when, and by which clock.
type setting struct {
	by    Actor
	clock Clock
	now   time.Time
}

// words are what somebody says with an act. They stand in its entry.
type words struct {
	text, reason, note string
	photos             []string
	// warns lets a danger alarm the station although no visitor spoke of it.
	warns bool
}

// check holds the limits that are the same for all acts.
func (w words) check(c *fault.Check) {
	c.Require(Runes(w.text) <= MaxText, "text", "内容最多 %d 字", MaxText)
	c.Require(Runes(w.reason) <= MaxReason, "reason", "原因最多 %d 字", MaxReason)
	c.Require(Runes(w.note) <= MaxReason, "note", "给群众的说明最多 %d 字", MaxReason)
	c.Require(len(w.photos) <= MaxPhotos, "photos", "照片最多 %d 张", MaxPhotos)
}

// plain is an act that says nothing, needs nothing and changes nothing but the state
// and the thread. Acts embed it and write out where they differ; those that differ in
// everything do without.
type plain struct{}

func (plain) words() words                            { return words{} }
func (plain) check(*fault.Check, Submission, setting) {}
func (plain) refuse(Submission, setting) error        { return nil }
func (plain) entry(Submission, setting) Entry         { return Entry{} }
func (plain) apply(*Submission, setting)              {}

// NameOf returns the act's name: the action access is asked about, and the name of
// the entry in the thread.
func NameOf(act Act) access.Action { return act.rule().name }

// PhotosOf returns the uploads that are shown with the act.
func PhotosOf(act Act) []string { return act.words().photos }

// Cleaned returns the act with its words as they are kept; see Clean.
func Cleaned(act Act) Act { return act.cleaned() }

// Apply returns the submission after the act, one version later. Faults:
// WrongState when the state forbids it, Invalid when what it carries is wrong.
// Whether the actor may do it is access's question, asked before.
func (s Submission) Apply(act Act, by Actor, clock Clock, now time.Time) (Submission, error) {
	r, in := act.rule(), setting{by, clock, now}
	if !slices.Contains(r.from, s.State) {
		return s, fault.New(fault.WrongState, "这件诉求现在是“%s”，不能这样操作", s.State.Chinese())
	}
	var c fault.Check
	act.check(&c, s, in)
	act.words().check(&c)
	if err := c.Err(); err != nil {
		return s, err
	}
	if err := act.refuse(s, in); err != nil {
		return s, err
	}
	if len(s.Thread) >= MaxThread && !r.unbounded {
		return s, fault.New(fault.WrongState, "这件诉求往来已达上限，请办结后另行提交")
	}
	was := s
	s.Version++
	if r.next != "" {
		s.State = r.next
	}
	e, w := act.entry(was, in), act.words()
	e.At, e.What, e.By = At(now), r.name, by
	e.Text, e.Note, e.Photos = cmp.Or(e.Text, w.text, w.reason), w.note, slices.Clone(w.photos)
	s.Thread = append(slices.Clone(s.Thread), e)
	if r.settles {
		s.CoverFor = ""
	}
	act.apply(&s, in)
	s = s.alarmed(w, in)
	return clock.updateClocks(s, was, r.contact, now), nil
}

// alarmed is the submission after a danger was seen to or spoken of. Whatever a
// liaison does, they have seen the danger.
func (s Submission) alarmed(w words, in setting) Submission {
	switch {
	case in.by.Role == access.Liaison && s.HasOpenDanger():
		s.DangerHandledAt = At(in.now)
	case in.by.Role == access.Visitor || w.warns:
		s = s.WithDangersIn(w.text + "\n" + w.reason)
	}
	return s
}

// Clean is what is kept of a text of a person; see [fold.Stored]. A text in which
// there is nothing to see is "".
func Clean(text string) string { return fold.Stored(text) }
