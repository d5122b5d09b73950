package casework

import (
	"slices"
	"strconv"

	"mashang/domain/access"
)

// How often and how long a matter can be handed on before the liaison settles
// who has it.
const (
	// ReturnDays is within how many working days “not mine” can be said (山东
	// 热线办法: a wrong unit returns within two working days, with its reason).
	ReturnDays = 2
	// MaxReturns is how often one matter can be returned; whom the liaison gives
	// it to after that keeps it.
	MaxReturns = 2
	// MaxTransfers is how often members hand one matter to one another.
	MaxTransfers = 3
)

// returnable are the states in which a matter can be returned.
var returnable = []State{Assigned, Accepted}

// ReturnUntil is when the one who has it can no longer return it: the end of
// duty, in the hours it was stamped with.
func (s Submission) ReturnUntil(c Clock) Millis {
	return At(c.Days.End(s.GivenAt().Time(), ReturnDays, hoursOf(c.duty(s.clocks()))))
}

// GivenAt is when the one who has it was given it; filing gives too.
func (s Submission) GivenAt() Millis {
	for _, e := range slices.Backward(s.Thread) {
		if e.To != "" && e.To == s.Assignee && handoverReasons[e.What] != "" {
			return e.At
		}
	}
	return s.FiledAt
}

// Returners are the members who returned it as not theirs.
func (s Submission) Returners() (members []string) {
	for _, e := range s.Thread {
		if e.What == access.Return && e.By.ID != "" {
			members = append(members, e.By.ID)
		}
	}
	return members
}

// Settled reports whether who has it was decided by the liaison after as many
// returns as there may be.
func (s Submission) Settled() bool { return s.Returns >= MaxReturns }

// Transfers counts how often members handed it on.
func (s Submission) Transfers() int {
	n := 0
	for _, e := range s.Thread {
		if e.What == access.Transfer && e.By.Role == access.Member {
			n++
		}
	}
	return n
}

// ReturnStatus is what there is to say to the member who has it about returning
// it.
type ReturnStatus struct {
	// Allowed tells that it can be returned now.
	Allowed bool
	// Until is the end of the time for it.
	Until Millis
	// Left is how many returns the matter has left.
	Left int
	// Why says in Chinese why not and what to do instead; "" when allowed.
	Why string
}

// returnAdvice is what to do where a matter cannot be handed on.
const returnAdvice = "如确有困难，请与联络员商量：由联络员转交，或请其他委员、部门协办"

// ReturnStatus says whether the member who has it can return it at the moment.
func (s Submission) ReturnStatus(clock Clock, now Millis) ReturnStatus {
	r := ReturnStatus{Until: s.ReturnUntil(clock), Left: max(MaxReturns-s.Returns, 0)}
	switch {
	case !slices.Contains(returnable, s.State):
		r.Why = "这件诉求现在是“" + s.State.Chinese() + "”，不能退回；" + returnAdvice
	case s.Settled():
		r.Why = "这件诉求已经退回过" + strconv.Itoa(MaxReturns) + "次，由联络员最终指派，不能再退回。" + returnAdvice
	case now > r.Until:
		r.Why = "退回须在交到您手上后" + strconv.Itoa(ReturnDays) + "个工作日内，已于" +
			r.Until.Time().Format("1月2日15:04") + "截止。" + returnAdvice
	default:
		r.Allowed = true
	}
	return r
}

// handTo changes who has it, "" for nobody, and remembers who had it before.
func handTo(s *Submission, member string) {
	if s.Assignee != "" && s.Assignee != member && !slices.Contains(s.Past, s.Assignee) {
		s.Past = append(slices.Clone(s.Past), s.Assignee)
	}
	s.Assignee = member
}
