package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// TakeBackSeconds is how long an answer can be taken back by who gave it.
const TakeBackSeconds = 60

// retractableIndex is where the newest answer of the actor stands that can be taken back,
// -1 for none.
func (s Submission) retractableIndex(by Actor, now time.Time) int {
	for i, e := range slices.Backward(s.Thread) {
		if e.What == access.Reply && e.By.Role == by.Role && e.By.ID == by.ID && e.TakenAt == 0 {
			if now.Sub(e.At.Time()) > TakeBackSeconds*time.Second {
				return -1
			}
			return i
		}
	}
	return -1
}

// Takeable is when the actor gave the newest answer that they can take back; ok is
// false if there is none.
func (s Submission) Takeable(by Actor, now time.Time) (at Millis, ok bool) {
	i := s.retractableIndex(by, now)
	if i < 0 || !slices.Contains(TakeBack{}.rule().from, s.State) {
		return 0, false
	}
	return s.Thread[i].At, true
}

// TakeBack unsays an answer that was given a moment ago.
type TakeBack struct{ plain }

func (TakeBack) rule() rule { return rule{name: access.TakeBack, from: inHand, unbounded: true} }

func (a TakeBack) cleaned() Act { return a }

func (TakeBack) refuse(s Submission, in setting) error {
	if s.retractableIndex(in.by, in.now) < 0 {
		return fault.New(fault.WrongState, "答复只能在发出后 %d 秒内撤回。现在请另发一条答复说明情况", TakeBackSeconds)
	}
	return nil
}

// apply marks the answer as taken back. It stays in the thread, so that whoever
// has read it sees what became of it; the matter goes back to where it was, unless
// something has happened since.
func (TakeBack) apply(s *Submission, in setting) {
	i := s.retractableIndex(in.by, in.now)
	s.Thread[i].TakenAt = At(in.now)
	s.Thread[len(s.Thread)-1].LeadOnly = s.Thread[i].LeadOnly // who did not hear the one hears nothing of the other
	e := s.Thread[i]
	later := slices.ContainsFunc(s.Thread[i+1:], func(e Entry) bool { return e.What == access.Reply && e.TakenAt == 0 })
	if s.State != Answered || e.Was == "" || later {
		return
	}
	s.State = e.Was
	if k := s.Clocks; k != nil && k.ContactedAt == e.At && (e.Was == Assigned || e.Was == Accepted) && !s.contacted() {
		next := *k
		next.ContactedAt = 0
		s.Clocks = &next
	}
}

// contacted reports whether somebody was in touch with the visitor by an act that
// stands.
func (s Submission) contacted() bool {
	return slices.ContainsFunc(s.Thread, func(e Entry) bool { return e.TakenAt == 0 && ruleOf(e.What).contact })
}
