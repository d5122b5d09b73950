package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// TakeBackSeconds is for how many seconds its author can take an answer back.
const TakeBackSeconds = 60

// retractableIndex is the position of the actor's newest answer if it can be taken back, else -1.
func (s Submission) retractableIndex(by Actor, now time.Time) int {
	for i, e := range slices.Backward(s.Thread) {
		if e.What == access.Reply && e.By.Role == by.Role && e.By.ID == by.ID && e.RetractedAt == 0 {
			if now.Sub(e.At.Time()) > TakeBackSeconds*time.Second {
				return -1
			}
			return i
		}
	}
	return -1
}

// RetractableAnswer is when the actor gave their newest answer, if they can take it back; ok is false otherwise.
func (s Submission) RetractableAnswer(by Actor, now time.Time) (at Millis, ok bool) {
	i := s.retractableIndex(by, now)
	if i < 0 || !slices.Contains(TakeBack{}.rule().fromStates, s.State) {
		return 0, false
	}
	return s.Thread[i].At, true
}

// TakeBack retracts an answer that was just given.
type TakeBack struct{ basicAct }

func (TakeBack) rule() rule {
	return rule{name: access.TakeBack, fromStates: withMember, whenFull: true}
}

func (a TakeBack) cleaned() Act { return a }

func (TakeBack) refuse(s Submission, in actContext) error {
	if s.retractableIndex(in.by, in.now) < 0 {
		return fault.New(fault.WrongState, "答复只能在发出后 %d 秒内撤回。现在请另发一条答复说明情况", TakeBackSeconds)
	}
	return nil
}

// apply marks the answer as taken back. It stays in the thread, so that anyone who has read it sees that it was
// retracted. The matter returns to its former state, unless something has happened since.
func (TakeBack) apply(s *Submission, in actContext) {
	i := s.retractableIndex(in.by, in.now)
	s.Thread[i].RetractedAt = At(in.now)
	s.Thread[len(s.Thread)-1].LeadOnly = s.Thread[i].LeadOnly // a filer who did not get the answer is not told of its retraction
	e := s.Thread[i]
	later := slices.ContainsFunc(s.Thread[i+1:], func(e Entry) bool { return e.What == access.Reply && e.RetractedAt == 0 })
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

// contacted reports whether an act that was not taken back contacted the visitor.
func (s Submission) contacted() bool {
	return slices.ContainsFunc(s.Thread, func(e Entry) bool { return e.RetractedAt == 0 && ruleOf(e.What).contacts })
}
