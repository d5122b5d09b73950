package handover

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// Possible returns why a submission cannot be handed over, nil if it can.
func Possible(s casework.Submission, now time.Time) error {
	switch {
	case s.OnBehalf == nil:
		return fault.New(fault.WrongState, "这件诉求不是替别人提交的，不用接手")
	case s.State == casework.Withdrawn:
		return fault.New(fault.WrongState, "这件诉求已经撤回，请重新提交")
	case s.State == casework.Closed && !s.Owed() && now.Sub(s.EndedAt().Time()) > casework.ReopenDays*24*time.Hour:
		return fault.New(fault.WrongState, "办结已超过 %d 天，不能接手，请重新提交一件诉求", casework.ReopenDays)
	}
	return nil
}

// Give makes the person for whom a submission was filed its filer. From then on it is theirs. With follow, who filed
// it becomes their proxy; otherwise they have no part in it any more.
func Give(s casework.Submission, person string, follow bool, now time.Time) (casework.Submission, error) {
	if err := Possible(s, now); err != nil {
		return s, err
	}
	if person == s.Filer {
		return s, fault.New(fault.WrongState, "这件就在您名下，请让对方用自己的手机接手")
	}
	s.Version++
	s.Proxy = nil
	if follow {
		s.Proxy = &casework.Proxy{Person: s.Filer, Name: s.OnBehalf.Name, Relation: s.OnBehalf.Relation, Since: casework.At(now)}
	}
	s.Filer, s.OnBehalf = person, nil
	// The number is the former filer's, or was given for calling them.
	s.Phone, s.PhoneMask = "", ""
	s.Thread = slices.Clone(s.Thread)
	for i := range s.Thread {
		if s.Thread[i].By.Role == access.Visitor {
			s.Thread[i].By.ID = "" // what was said before is the new filer's
		}
	}
	s.Thread = append(s.Thread, casework.Entry{
		At: casework.At(now), What: casework.TakeOver, By: casework.Actor{Role: access.Visitor, ID: person},
	})
	return s, nil
}

// EndProxy ends the proxy's part, by the filer or the proxy. What the proxy said stays and names nobody.
func EndProxy(s casework.Submission, by string, now time.Time) (casework.Submission, error) {
	if s.Proxy == nil {
		return s, fault.New(fault.WrongState, "现在没有别人跟着看这件事")
	}
	e := casework.Entry{At: casework.At(now), What: access.Leave, By: casework.Actor{Role: access.Visitor}, Proxy: true}
	if by == s.Filer {
		e.By.ID, e.Proxy = by, false
	}
	s.Version++
	s.Thread = slices.Clone(s.Thread)
	for i, was := range s.Thread {
		if was.By.Role == access.Visitor && s.Proxy.Is(was.By.ID) {
			s.Thread[i].By.ID = ""
		}
	}
	s.Proxy = nil
	s.Thread = append(s.Thread, e)
	return s, nil
}

// GivenAt returns when its filer took a submission over, zero if they filed it themselves.
func GivenAt(s casework.Submission) casework.Millis {
	for _, e := range slices.Backward(s.Thread) {
		if e.What == casework.TakeOver {
			return e.At
		}
	}
	return 0
}

// Parties returns the people of a submission: its filer, and their proxy if they have one.
func Parties(s casework.Submission) []string {
	if s.Proxy == nil {
		return []string{s.Filer}
	}
	return []string{s.Filer, s.Proxy.ID()}
}

// IsParty reports whether the person is the submission's filer or their proxy: nobody handles what is their own or
// their family's.
func IsParty(s casework.Submission, person string) bool {
	return person != "" && slices.Contains(Parties(s), person)
}
