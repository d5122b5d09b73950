package casework

import (
	"cmp"
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
)

// Names of entries that no caller can make. They have the type of access's actions, because a thread contains
// both. access does not know them and so denies them to everyone.
const (
	// Released, Covered, Resumed and Recounted are acts of the system.
	Released  access.Action = "release"
	Covered   access.Action = "cover"
	Resumed   access.Action = "resume"
	Recounted access.Action = "recount"

	// File and the names below are names of entries only; no act has them. The first entry of a timeline is the
	// filing.
	File access.Action = "file"
	// A merge and a split change two submissions at once. The lead's thread has AddFollower and DropFollower;
	// the follower's has access.Merge and access.Split.
	AddFollower  access.Action = "gather"
	DropFollower access.Action = "ungather"
	// TakeOver: the person for whom it was filed became its filer. The proxy's end is access.Leave. Correct: the
	// filer changed their phone number. Erase: the filer's personal data were deleted.
	TakeOver access.Action = "takeover"
	Correct  access.Action = "correct"
	Erase    access.Action = "erase"
)

// ReopenDays is for how many days a closed submission can be reopened.
const ReopenDays = 15

// MaxThread is the number of entries from which a thread accepts only acts that end the matter.
const MaxThread = 300

// Act is an act on a submission with its data. Each act is a type of this package, with its rule, check, entry
// and effect together. Apply does what is common to all acts.
type Act interface {
	// rule is the part of an act that does not depend on its data.
	rule() rule
	// content are the texts and photos of the act.
	content() content
	// cleaned returns the act with its texts as they are stored.
	cleaned() Act
	// check checks all fields and collects the faults.
	check(c *fault.Check, s Submission, in actContext)
	// refuse returns why the submission does not take the act although its fields are right. It is called after
	// check.
	refuse(s Submission, in actContext) error
	// entry returns the act's entry in the thread, without time, actor, name and words. s is the submission
	// before the act.
	entry(s Submission, in actContext) Entry
	// apply makes the changes that are particular to the act. s already has the new state and the entry.
	apply(s *Submission, in actContext)
}

// Sets of states in which acts are possible.
var (
	openStates = []State{Held, Pooled, Assigned, Accepted, Waiting, Answered}
	withMember = []State{Assigned, Accepted, Waiting, Answered}
	// unansweredStates are the states in which a member has the matter and has not answered it. An answered matter
	// stays with that member.
	unansweredStates = []State{Assigned, Accepted, Waiting}
)

// rule is the part of an act that does not depend on its data.
type rule struct {
	name access.Action
	// fromStates are the states that allow the act; next is the new state, "" if it does not change.
	fromStates []State
	next       State
	// whenFull acts are possible in a full thread: a full matter must still be able to end.
	whenFull bool
	// asFiler acts are done as the filer, whatever other role the person has.
	asFiler bool
	// contacts: by the act somebody contacts the visitor.
	contacts bool
	// endsCover: after the act the member has the matter as their own, not for a member who is away.
	endsCover bool
}

// actContext is who acts, when, and the station's clock.
type actContext struct {
	by    Actor
	clock Clock
	now   time.Time
}

// content are the texts and photos of an act. Its entry contains them.
type content struct {
	text, reason, note string
	photos             []string
	// scanDangers: dangers in the text alarm the station although a visitor did not write it.
	scanDangers bool
}

// check checks the limits that are the same for all acts.
func (w content) check(c *fault.Check) {
	c.Require(Runes(w.text) <= MaxText, "text", "内容最多 %d 字", MaxText)
	c.Require(Runes(w.reason) <= MaxReason, "reason", "原因最多 %d 字", MaxReason)
	c.Require(Runes(w.note) <= MaxReason, "note", "给群众的说明最多 %d 字", MaxReason)
	c.Require(len(w.photos) <= MaxPhotos, "photos", "照片最多 %d 张", MaxPhotos)
}

// basicAct is an act without words, conditions or effects beyond state and thread. Acts embed it and override what
// differs.
type basicAct struct{}

func (basicAct) content() content                           { return content{} }
func (basicAct) check(*fault.Check, Submission, actContext) {}
func (basicAct) refuse(Submission, actContext) error        { return nil }
func (basicAct) entry(Submission, actContext) Entry         { return Entry{} }
func (basicAct) apply(*Submission, actContext)              {}

// NameOf returns the act's name: the action for access, and the name of its entry in the thread.
func NameOf(act Act) access.Action { return act.rule().name }

// PhotosOf returns the uploads of the act.
func PhotosOf(act Act) []string { return act.content().photos }

// Cleaned returns the act with its texts as they are stored; see Clean.
func Cleaned(act Act) Act { return act.cleaned() }

// Apply returns the submission after the act, one version later. Faults: WrongState when the state forbids it,
// Invalid when the data are wrong. The caller asks access before whether the actor may do it.
func (s Submission) Apply(act Act, by Actor, clock Clock, now time.Time) (Submission, error) {
	r, in := act.rule(), actContext{by, clock, now}
	if !slices.Contains(r.fromStates, s.State) {
		return s, fault.New(fault.WrongState, "这件诉求现在是“%s”，不能这样操作", s.State.Chinese())
	}
	var c fault.Check
	act.check(&c, s, in)
	act.content().check(&c)
	if err := c.Err(); err != nil {
		return s, err
	}
	if err := act.refuse(s, in); err != nil {
		return s, err
	}
	if len(s.Thread) >= MaxThread && !r.whenFull {
		return s, fault.New(fault.WrongState, "这件诉求往来已达上限，请办结后另行提交")
	}
	was := s
	s.Version++
	if r.next != "" {
		s.State = r.next
	}
	e, w := act.entry(was, in), act.content()
	e.At, e.What, e.By, e.Proxy = At(now), r.name, by, by.Role == access.Visitor && s.Proxy.Is(by.ID)
	e.Text, e.Note, e.Photos = cmp.Or(e.Text, w.text, w.reason), w.note, slices.Clone(w.photos)
	s.Thread = append(slices.Clone(s.Thread), e)
	if r.endsCover {
		s.CoverFor = ""
	}
	act.apply(&s, in)
	s = s.updateDangers(w, in)
	return clock.updateClocks(s, was, r.contacts, now), nil
}

// updateDangers updates the open dangers after an act. Any act of a liaison means that they have seen the danger, and
// closing that a member has.
func (s Submission) updateDangers(w content, in actContext) Submission {
	switch {
	case (in.by.Role == access.Liaison || s.State == Closed && in.by.Role == access.Member) && s.HasOpenDanger():
		s.DangerHandledAt = At(in.now)
	case in.by.Role == access.Visitor || w.scanDangers:
		s = s.WithDangersIn(w.text + "\n" + w.reason)
	}
	return s
}

// Clean returns a person's text as it is stored; see [fold.Stored]. A text without visible characters is "".
func Clean(text string) string { return fold.Stored(text) }
