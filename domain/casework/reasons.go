package casework

import (
	"slices"
	"strings"

	"mashang/domain/access"
	"mashang/domain/language"
	"mashang/domain/reason"
)

// moveReasons are the visitor's texts for entries that gave the matter to a member.
var moveReasons = map[access.Action]language.Wording{
	access.Transfer: {"前一位委员或联络员转来", "another member or the staff passed it on"},
	access.Assign:   {"联络员指派", "the staff chose them"},
	access.Reopen:   {"群众要求重新办理，仍由原委员负责", "it was reopened and stays with the same member"},
	access.FollowUp: {"回访时群众要求重新办理，仍由原委员负责", "it was reopened when the staff asked how it went, and stays with the same member"},
	Covered:         {"原办理委员外出，代为办理", "they stand in for the member who had it, who is away"},
	Resumed:         {"外出已回，继续办理", "they are back and go on with it"},
}

// The places where a submission is, as sentences without their stop.
var (
	atHold      = language.Wording{"内容需要联络员先核对，核对后马上分派", "The staff look at it first, then it is given to a member at once"}
	atNobody    = language.Wording{"已撤回，不再分派", "It was withdrawn and goes to nobody"}
	atMember    = language.Wording{"由%s委员办理：", "Member %s looks after it: "}
	atSomeone   = language.Wording{"已由本站委员办理", "A member of this station looks after it"}
	atReturned  = language.Wording{"前一位委员认为不由自己办理，由本站联络员尽快重新分派", "The member before held that somebody else should look after it; the staff give it to another soon"}
	atReleased  = language.Wording{"前一位委员已不在本站，由本站联络员尽快重新分派", "The member before has left the station; the staff give it to another soon"}
	atPool      = language.Wording{"暂时没有合适的委员，由本站联络员尽快分派", "No member fits just now; the staff give it to one soon"}
	reasonComma = language.Wording{"，", ", "}
	stop        = language.Wording{"。", "."}
	// scannedAway begins the sentence when the member whose code was scanned could not have it.
	scannedAway = language.Wording{"您扫码的委员暂时不便办理这件事，", "The member whose code you scanned cannot look after it just now. "}
)

// Reasons returns Chinese sentences, at least one, about why the submission is where it is.
func (s Submission) Reasons() []string {
	if s.State == Held || s.State == Withdrawn && s.Assignee == "" {
		return []string{placement(s, language.Chinese)}
	}
	var list []string
	for _, p := range s.Decision.Passed {
		list = append(list, passedOver(p.Name, p.Why))
	}
	_, moved := s.lastMove()
	_, picked := s.Picked()
	switch {
	case s.Assignee != "" && !moved && picked:
		for _, c := range s.fullCandidates() {
			list = append(list, passedOver(c.Name, reason.Full))
		}
	case s.Assignee == "" && !moved && s.Pick == 0:
		// It was not moved since it was filed: it went to the pool because none of the candidates had room.
		for _, c := range s.Decision.Candidates {
			list = append(list, passedOver(c.Name, reason.Full))
		}
	}
	return append(list, placement(s, language.Chinese))
}

// placement says where a submission is and why, in a sentence without its stop.
func placement(s Submission, l language.Language) string {
	handed, moved := s.lastMove()
	pick, picked := s.Picked()
	switch {
	case s.State == Held:
		return atHold.In(l, "")
	case s.State == Withdrawn && s.Assignee == "":
		return atNobody.In(l, "")
	case s.Assignee != "" && moved && handed.To == s.Assignee:
		return atMember.In(l, handed.ToName) + moveReasons[handed.What].In(l, "")
	case s.Assignee != "" && !moved && picked:
		words := make([]string, len(pick.Reasons))
		for i, r := range pick.Reasons {
			words[i] = r.In(l)
		}
		return atMember.In(l, pick.Name) + strings.Join(words, reasonComma.In(l, ""))
	case s.Assignee != "":
		return atSomeone.In(l, "")
	case moved && handed.What == access.Return:
		return atReturned.In(l, "")
	case moved && handed.What == Released:
		return atReleased.In(l, "")
	default:
		return atPool.In(l, "")
	}
}

func passedOver(name string, why reason.Reason) string {
	return name + "委员" + why.Chinese() + "，未作分派"
}

// VisitorReason returns one or two sentences for its visitor about who has it and why. They name no other member.
func (s Submission) VisitorReason(l language.Language) string {
	text := placement(s, l) + stop.In(l, "")
	if slices.ContainsFunc(s.Decision.Passed, func(p PassedOver) bool { return p.Member != s.Assignee }) {
		text = scannedAway.In(l, "") + text
	}
	return text
}
