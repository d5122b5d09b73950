package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// The member in charge may see the filer's number once, to call them. Each look is written down, and the filer reads
// of it. Otherwise the member asks the liaison to call.

// ViewPhoneHours is for how many hours the member who saw the number can see it again: the line may be busy.
const ViewPhoneHours = 24

// CallStatus is whether the member in charge can see the number.
type CallStatus struct {
	Allowed bool
	// Viewed: the member saw it a short while ago. Another look belongs to the same call and is no new act.
	Viewed bool
	// Asked: the liaison was asked to call a short while ago.
	Asked bool
	// Why says in Chinese why not and what to do instead; "" when allowed.
	Why string
}

// HasNumber reports whether there is somebody to call.
func (s Submission) HasNumber() bool {
	return s.Phone != "" || s.OnBehalf != nil && s.OnBehalf.Phone != ""
}

// lastOnNumber returns when the actor last did the act about the present number, zero for never: a number can be
// corrected, or become another person's.
func lastOnNumber(s Submission, what access.Action, by Actor) Millis {
	for _, e := range slices.Backward(s.Thread) {
		switch {
		case e.What == Correct, e.What == TakeOver:
			return 0
		case e.What == what && e.By.Role == by.Role && e.By.ID == by.ID:
			return e.At
		}
	}
	return 0
}

// isRecent reports whether a time is at most ViewPhoneHours ago.
func isRecent(at Millis, now time.Time) bool {
	return at != 0 && now.Sub(at.Time()) <= ViewPhoneHours*time.Hour
}

// CallStatus returns whether the member can see the number; ok is false if there is nobody to call or it is over.
func (s Submission) CallStatus(by Actor, now time.Time) (c CallStatus, ok bool) {
	if !s.HasNumber() || !slices.Contains(withMember, s.State) {
		return CallStatus{}, false
	}
	viewed, asked := lastOnNumber(s, access.Reveal, by), lastOnNumber(s, access.AskCall, by)
	c.Asked, c.Viewed = isRecent(asked, now), isRecent(viewed, now)
	switch {
	case s.Anonymous:
		c.Why = "对方不想让委员知道自己是谁，请联络员打电话"
	case viewed != 0 && !c.Viewed:
		c.Why = "您已经看过一次对方的电话；还要打，请联络员打电话"
	default:
		c.Allowed = true
	}
	return c, true
}

// ViewPhone says that the member in charge looked up the number to call the filer.
type ViewPhone struct {
	basicAct

	Reason string
}

func (ViewPhone) rule() rule {
	return rule{name: access.Reveal, fromStates: withMember, whenFull: true}
}

func (a ViewPhone) content() content { return content{reason: a.Reason} }

func (a ViewPhone) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a ViewPhone) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Reason != "", "reason", "请写明为什么打电话，会留下记录")
}

func (ViewPhone) refuse(s Submission, in actContext) error {
	c, ok := s.CallStatus(in.by, in.now)
	switch {
	case !ok:
		return fault.New(fault.WrongState, "对方没有留电话，请在这里答复或提问")
	case !c.Allowed:
		return fault.New(fault.WrongState, "%s", c.Why)
	case c.Viewed:
		return fault.New(fault.WrongState, "您查看对方电话已经记下了")
	}
	return nil
}

// AskCall asks the liaison to call the filer.
type AskCall struct {
	basicAct

	Reason string
}

func (AskCall) rule() rule { return rule{name: access.AskCall, fromStates: withMember} }

func (a AskCall) content() content { return content{reason: a.Reason} }

func (a AskCall) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a AskCall) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Reason != "", "reason", "请写明要问什么、说什么，联络员照着打")
}

func (AskCall) refuse(s Submission, in actContext) error {
	c, ok := s.CallStatus(in.by, in.now)
	switch {
	case !ok:
		return fault.New(fault.WrongState, "对方没有留电话，请在这里答复或提问")
	case c.Asked:
		return fault.New(fault.WrongState, "已经请联络员打电话了，请等一等；急的话请打工作站的电话")
	}
	return nil
}

func (AskCall) entry(Submission, actContext) Entry { return Entry{Private: true} }
