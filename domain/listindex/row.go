package listindex

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/station"
)

// row is what is kept of a submission.
type row struct {
	id string
	// words are number and text, folded, with a line break between, which no word
	// has.
	words string

	filed, due casework.Millis
	standing

	version int32
	// Numbers of the index's names.
	assignee, category, target uint32
	state, kind, visitor       uint8
	outcome                    uint8
	flags                      uint16
}

// places of flags in row.flags: the submission alone says whether they are so.
var fixed = map[Flag]uint16{Alarm: 1, Danger: 2, Returned: 4, Reopened: 8, LowRating: 16, AboutMember: 32, Fulfilled: 64}

// interner numbers texts that many rows share. The empty text is 0.
type interner struct {
	list    []string
	numbers map[string]uint32
}

func newInterner() interner { return interner{list: []string{""}, numbers: map[string]uint32{"": 0}} }

func (n *interner) number(text string) uint32 {
	i, ok := n.numbers[text]
	if !ok {
		i = uint32(len(n.list)) //nolint:gosec // as many as members, categories and codes
		n.list, n.numbers[text] = append(n.list, text), i
	}
	return i
}

// mask marks the numbers of some texts; None stands for the empty one. Nil means
// that all are wanted.
func (n *interner) mask(texts []string) []bool {
	if texts == nil {
		return nil
	}
	set := make([]bool, len(n.list))
	for _, t := range texts {
		if t == None {
			t = ""
		}
		if i, ok := n.numbers[t]; ok {
			set[i] = true
		}
	}
	return set
}

func targetName(t station.Target) string { return string(t.Kind) + ":" + t.ID }

// code is where a value stands in the list of all, from 0; those that are in none
// of them share the number after the last.
func code[T comparable](all []T, v T) uint8 {
	i := slices.Index(all, v)
	if i < 0 {
		i = len(all)
	}
	return uint8(i) //nolint:gosec // the lists are short
}

var visitors = []casework.Visitor{casework.Resident, casework.Tourist, casework.Business}

func (x *Index) rowOf(id string, s casework.Submission) row {
	r := row{
		id: id, words: fold.Key(s.Number) + "\n" + fold.Key(s.Text), filed: s.FiledAt, due: s.DueAt,
		version:  int32(s.Version), //nolint:gosec // one for each act
		assignee: x.names.number(s.Assignee), category: x.names.number(s.Category), target: x.names.number(targetName(s.Target)),
		state: code(casework.States, s.State), kind: code(casework.Kinds, s.Kind), visitor: code(visitors, s.Visitor),
		outcome:  code(casework.Outcomes, s.Outcome),
		standing: standingOf(s),
	}
	for flag, bit := range fixed {
		if has(s, flag) {
			r.flags |= bit
		}
	}
	return r
}

// standing is what there is to be done by when.
type standing struct {
	// first is by when somebody is to be in touch, 0 if somebody was or the clock
	// stands still; assist is by when the first assistant is to answer, 0 for none.
	first, assist casework.Millis
	// promised is the end of the day by which what is owed is to be carried out, 0
	// for what is not.
	promised casework.Millis
	// clockRuns tells that the clock runs, and joint that it goes on with another.
	clockRuns, joint bool
}

func standingOf(s casework.Submission) standing {
	r := standing{clockRuns: s.ClockRuns(), promised: s.PromisedBy(), joint: s.Lead != ""}
	if k := s.Clocks; k != nil && k.ContactedAt == 0 && r.clockRuns {
		r.first = k.FirstDueAt
	}
	r.assist, _ = s.AssistDue()
	return r
}

// has tells of a flag that depends on the submission alone.
func has(s casework.Submission, f Flag) bool {
	switch f {
	case Alarm:
		return s.HasOpenDanger()
	case Danger:
		return len(s.Dangers) > 0
	case Returned:
		return s.Returns > 0
	case Reopened:
		return slices.ContainsFunc(s.Thread, func(e casework.Entry) bool { return e.What == access.Reopen })
	case LowRating:
		return s.Rating != nil && (!s.Rating.Solved || s.Rating.Attitude <= lowest || s.Rating.Speed <= lowest)
	case AboutMember:
		return s.AboutMember
	case Fulfilled:
		return s.Fulfilled()
	default:
		return false
	}
}

// late tells of the flags that come with time.
func (r standing) late(f Flag, now casework.Millis) bool {
	switch f {
	case Uncontacted:
		return r.first != 0 && r.first <= now
	case AssistLate:
		return r.assist != 0 && r.assist < now
	case PromiseLate:
		return r.promised != 0 && r.promised < now && !r.joint
	default:
		return false
	}
}
