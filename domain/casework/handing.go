package casework

import (
	"slices"
	"strconv"

	"mashang/domain/access"
)

// Limits of handing a matter on. Beyond them the liaison decides who has it.
const (
	// ReturnDays is for how many working days a member may return a matter as not theirs (山东热线办法: a wrong unit
	// returns it within two working days, with its reason).
	ReturnDays = 2
	// MaxReturns is how often one matter can be returned. The member to whom the liaison then assigns it keeps
	// it.
	MaxReturns = 2
	// MaxTransfers is how often members may transfer one matter.
	MaxTransfers = 3
)

// returnableStates are the states in which a matter can be returned.
var returnableStates = []State{Assigned, Accepted}

// ReturnUntil is the end of the time for returning it: the end of duty, in the stored hours.
func (s Submission) ReturnUntil(c Clock) Millis {
	return At(c.Days.End(s.AssignedAt().Time(), ReturnDays, hoursOf(c.duty(s.clocks()))))
}

// AssignedAt is when its assignee got it, at filing or later.
func (s Submission) AssignedAt() Millis {
	for _, e := range slices.Backward(s.Thread) {
		if gives(e) && e.To == s.Assignee {
			return e.At
		}
	}
	return s.FiledAt
}

// gives reports whether an entry gave the matter to a member.
func gives(e Entry) bool {
	switch e.What {
	case access.Transfer, access.Assign, access.Reopen, access.FollowUp, Covered, Resumed:
		return e.To != ""
	default:
		return false
	}
}

// lastMove returns the newest entry that moved the submission to or from a member; ok is false if none did.
func (s Submission) lastMove() (e Entry, ok bool) {
	for _, e := range slices.Backward(s.Thread) {
		if e.What == access.Return || e.What == Released || gives(e) {
			return e, true
		}
	}
	return Entry{}, false
}

// ReturnedBy are the members who returned it as not theirs.
func (s Submission) ReturnedBy() (members []string) {
	for _, e := range s.Thread {
		if e.What == access.Return && e.By.ID != "" {
			members = append(members, e.By.ID)
		}
	}
	return members
}

// ReturnsUsedUp reports whether it was returned as often as allowed, so that the liaison's assignment is final.
func (s Submission) ReturnsUsedUp() bool { return s.Returns >= MaxReturns }

// Transfers returns how often members transferred it.
func (s Submission) Transfers() int {
	n := 0
	for _, e := range s.Thread {
		if e.What == access.Transfer && e.By.Role == access.Member {
			n++
		}
	}
	return n
}

// ReturnStatus is whether and until when the assignee can return a submission.
type ReturnStatus struct {
	// Allowed: it can be returned now.
	Allowed bool
	// Until is the end of the time for returning it.
	Until Millis
	// Left is the number of returns that are left.
	Left int
	// Why says in Chinese why not and what to do instead; "" when allowed.
	Why string
}

// returnAdvice says what to do with a matter that cannot be handed on.
const returnAdvice = "如确有困难，请与联络员商量：由联络员转交，或请其他委员、部门协办"

// ReturnStatus returns whether the assignee can return it now.
func (s Submission) ReturnStatus(clock Clock, now Millis) ReturnStatus {
	r := ReturnStatus{Until: s.ReturnUntil(clock), Left: max(MaxReturns-s.Returns, 0)}
	switch {
	case !slices.Contains(returnableStates, s.State):
		r.Why = "这件诉求现在是“" + s.State.Chinese() + "”，不能退回；" + returnAdvice
	case s.ReturnsUsedUp():
		r.Why = "这件诉求已经退回过" + strconv.Itoa(MaxReturns) + "次，由联络员最终指派，不能再退回。" + returnAdvice
	case now > r.Until:
		r.Why = "退回须在交到您手上后" + strconv.Itoa(ReturnDays) + "个工作日内，已于" +
			r.Until.Time().Format("1月2日15:04") + "截止。" + returnAdvice
	default:
		r.Allowed = true
	}
	return r
}

// setAssignee changes the assignee, "" for nobody, and adds the former one to Past.
func setAssignee(s *Submission, member string) {
	if s.Assignee != "" && s.Assignee != member && !slices.Contains(s.Past, s.Assignee) {
		s.Past = append(slices.Clone(s.Past), s.Assignee)
	}
	s.Assignee = member
}
