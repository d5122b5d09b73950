package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Submissions about the same matter are handled together: one leads, and the others follow it. Each keeps its
// filer, number and words. Acts on the lead apply to all of them, and each filer is notified. A follower is in
// nobody's inbox and has no reminders.

// MaxFollowers is the maximum number of followers of one lead.
const MaxFollowers = 500

// Follows reports whether it follows another and is still open.
func (s Submission) Follows() bool { return s.Lead != "" && s.State.Open() }

// Leads reports whether others follow it.
func (s Submission) Leads() bool { return len(s.Followers) > 0 }

// People is how many people filed the matter that it leads.
func (s Submission) People() int { return 1 + len(s.Followers) }

// CanLead returns why others cannot follow it, nil if they can.
func (s Submission) CanLead() error {
	switch {
	case !s.State.Open():
		return fault.New(fault.WrongState, "那件诉求已经办结或撤回，请选择在办的诉求")
	case s.State == Held:
		return fault.New(fault.WrongState, "那件诉求的内容还在核对，请稍后再试")
	case s.Lead != "":
		return fault.New(fault.WrongState, "那件诉求已并入另一件，请选择另一件")
	case len(s.Followers) >= MaxFollowers:
		return fault.New(fault.WrongState, "那件诉求已有 %d 件并入，不能再并", MaxFollowers)
	default:
		return nil
	}
}

// MergeInto returns the submission following lead, and lead with one more follower. Faults: WrongState when one
// of them cannot, Invalid for itself.
func (s Submission) MergeInto(lead Submission, by Actor, reason string, now time.Time) (follower, leading Submission, err error) {
	switch {
	case s.ID == lead.ID:
		e := fault.New(fault.Invalid, "不能并入自身")
		e.Fields = []fault.Field{{Field: "into", Message: "不能并入自身"}}
		return s, lead, e
	case !s.State.Open() || s.State == Held:
		return s, lead, fault.New(fault.WrongState, "这件诉求现在是“%s”，不能并入其他诉求", s.State.Chinese())
	case s.Lead != "":
		return s, lead, fault.New(fault.WrongState, "这件诉求已经并入另一件")
	case s.Leads():
		return s, lead, fault.New(fault.WrongState, "已有 %d 件诉求并入这一件：请反过来，把那一件并入这一件", len(s.Followers))
	}
	if err := lead.CanLead(); err != nil {
		return s, lead, err
	}
	s.Version++
	s.Thread = append(slices.Clone(s.Thread), Entry{At: At(now), What: access.Merge, By: by, Text: reason})
	s.Lead, s.LeadEntriesSeen, s.Hold, s.CoverFor = lead.ID, len(lead.Thread), "", ""
	s.Assists = s.endPendingAssists(now)
	s = s.alignWith(lead)
	lead.Version++
	lead.Followers = append(slices.Clone(lead.Followers), s.ID)
	lead.Thread = append(slices.Clone(lead.Thread), Entry{At: At(now), What: AddFollower, By: by, Text: s.Number, Private: true})
	return s, lead, nil
}

// SplitFrom returns the submission without a lead, and lead without it. The submission keeps the lead's state
// and member.
func (s Submission) SplitFrom(lead Submission, by Actor, reason string, now time.Time) (alone, leading Submission, err error) {
	if s.Lead == "" || s.Lead != lead.ID {
		return s, lead, fault.New(fault.WrongState, "这件诉求没有并入其他诉求")
	}
	if !s.State.Open() {
		return s, lead, fault.New(fault.WrongState, "这件诉求现在是“%s”，不必拆出", s.State.Chinese())
	}
	s.Version++
	s.Thread = append(slices.Clone(s.Thread), Entry{At: At(now), What: access.Split, By: by, Text: reason})
	s.Lead, s.LeadEntriesSeen = "", 0
	if s.State == Pooled && s.Assignee != "" {
		s.State = Assigned
	}
	return s, lead.withoutFollower(s, by, now), nil
}

// withoutFollower returns the lead without a follower that left it.
func (s Submission) withoutFollower(gone Submission, by Actor, now time.Time) Submission {
	if !slices.Contains(s.Followers, gone.ID) {
		return s
	}
	s.Version++
	s.Followers = slices.DeleteFunc(slices.Clone(s.Followers), func(id string) bool { return id == gone.ID })
	s.Thread = append(slices.Clone(s.Thread), Entry{At: At(now), What: DropFollower, By: by, Text: gone.Number, Private: true})
	return s
}

// RemoveFollower returns the lead after a follower left it by its own act (withdrawn or reopened).
func (s Submission) RemoveFollower(gone Submission, now time.Time) Submission {
	return s.withoutFollower(gone, Actor{Role: access.System}, now)
}

// SyncWithLead returns the follower after the acts on its lead since the last sync; ok is false without any. A
// follower that is over takes over only what concerns a promise to both: reopening a lead does not silently
// reopen others' matters.
func (s Submission) SyncWithLead(lead Submission, now time.Time) (next Submission, ok bool) {
	if s.Owed() && s.Lead == lead.ID {
		return s.syncFulfilment(lead)
	}
	if !s.Follows() || s.Lead != lead.ID {
		return s, false
	}
	var list []Entry
	for _, e := range lead.Thread[min(s.LeadEntriesSeen, len(lead.Thread)):] {
		if shown, ok := e.ForFollower(); ok {
			list = append(list, shown)
		}
	}
	next = s
	next.Thread = append(slices.Clone(s.Thread), list...)
	markRetracted(next.Thread, lead.Thread)
	next = next.alignWith(lead)
	if len(list) == 0 && next.State == s.State && next.Assignee == s.Assignee && next.DueAt == s.DueAt {
		return s, false
	}
	next.Version++
	next.LeadEntriesSeen = len(lead.Thread)
	return next, true
}

// markRetracted marks the follower's entries whose originals in the lead were taken back.
func markRetracted(thread, lead []Entry) {
	for _, e := range lead {
		if e.RetractedAt == 0 {
			continue
		}
		for i, mine := range thread {
			if mine.RetractedAt == 0 && mine.What == e.What && mine.At == e.At && mine.By == e.By {
				thread[i].RetractedAt = e.RetractedAt
			}
		}
	}
}

// gotAnswer reports whether the follower got an answer since it was merged.
func (s Submission) gotAnswer() bool {
	for _, e := range slices.Backward(s.Thread) {
		if e.RetractedAt != 0 {
			continue
		}
		switch e.What {
		case access.Reply:
			return true
		case access.Merge:
			return false
		}
	}
	return false
}

// alignWith gives a follower its lead's state. A question, and an answer from before the merge, were only for
// the lead's filer; the followers are then being worked on.
func (s Submission) alignWith(lead Submission) Submission {
	s.State = lead.State
	switch lead.State {
	case Answered:
		if !s.gotAnswer() {
			s.State = Accepted
		}
	case Waiting:
		s.State = Accepted
	case Withdrawn:
		s.State = Pooled // until another one leads
	case Closed:
		s.Outcome, s.ClosedAt, s.Promise = lead.Outcome, lead.ClosedAt, lead.Promise.withoutReminder()
	}
	if s.Assignee != "" && s.Assignee != lead.Assignee && !slices.Contains(s.Past, s.Assignee) {
		s.Past = append(slices.Clone(s.Past), s.Assignee)
	}
	s.Assignee, s.DueAt, s.PausedAt = lead.Assignee, lead.DueAt, 0
	if k := s.Clocks; k != nil && k.ContactedAt == 0 && lead.Clocks != nil && lead.Clocks.ContactedAt != 0 {
		next := *k
		next.ContactedAt = max(lead.Clocks.ContactedAt, s.FiledAt)
		s.Clocks = &next
	}
	return s
}

// PromoteFollower makes the first open follower of a withdrawn lead the new lead, and the other open followers
// follow it. followers are the lead's, oldest first; those that are over stay unchanged. left is nil if none is
// open.
func (s Submission) PromoteFollower(followers []Submission, now time.Time) (old Submission, left []Submission) {
	system := Actor{Role: access.System}
	old = s
	old.Version++
	old.Followers = nil
	old.Thread = append(slices.Clone(s.Thread), Entry{At: At(now), What: DropFollower, By: system, Private: true})
	for _, f := range followers {
		if !f.Follows() || f.Lead != s.ID {
			continue
		}
		f.Version++
		if len(left) == 0 {
			f.Thread = append(slices.Clone(f.Thread), Entry{At: At(now), What: access.Split, By: system, Text: "一起反映的那件已撤回，本件继续办理"})
			f.Lead, f.LeadEntriesSeen, f.State = "", 0, Pooled
			if f.Assignee = s.Assignee; f.Assignee != "" {
				f.State = Assigned
				if k := f.Clocks; k != nil && k.ContactedAt != 0 {
					f.State = Accepted
				}
			}
		} else {
			f.Lead, f.LeadEntriesSeen = left[0].ID, 0
			left[0].Followers = append(left[0].Followers, f.ID)
		}
		left = append(left, f)
	}
	for i := range left {
		if i > 0 {
			left[i].LeadEntriesSeen = len(left[0].Thread)
		}
	}
	return old, left
}
