package listindex

import (
	"slices"

	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/followup"
	"mashang/domain/intake"
	"mashang/domain/station"
)

// row is the index's data of a submission.
type row struct {
	id string
	// words are what a search looks in, folded, separated by line breaks, which no word contains: the number, the
	// text, the place, and whom it is against. behalf is the name of the person it was filed for.
	words, behalf string
	// mask is the masked phone number. behalfPhone: the person it was filed for has a number, which has no mask.
	mask        string
	behalfPhone bool

	filed, due casework.Millis
	standing

	version int32
	// Numbers of the interner.
	assignee, category, target    uint32
	state, kind, visitor, channel uint8
	outcome                       uint8
	flags                         uint16
}

// flagBits has the bits in row.flags of the flags that depend only on the submission.
var flagBits = map[Flag]uint16{Alarm: 1, Danger: 2, Returned: 4, Reopened: 8, LowRating: 16, AboutMember: 32, Fulfilled: 64}

// interner numbers strings that many rows share. The empty string is 0.
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

// mask marks the numbers of some strings; None means the empty one. Nil means all.
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

// code is the position of a value in the list of all, from 0. Unknown values have the number after the last.
func code[T comparable](all []T, v T) uint8 {
	i := slices.Index(all, v)
	if i < 0 {
		i = len(all)
	}
	return uint8(i) //nolint:gosec // the lists are short
}

var visitors = []casework.Visitor{casework.Resident, casework.Tourist, casework.Business}

// wordsOf returns what a search looks in.
func wordsOf(s casework.Submission) string {
	words := fold.Key(s.Number) + "\n" + fold.Key(s.Text)
	add := func(text string) {
		if text != "" {
			words += "\n" + fold.Key(text)
		}
	}
	if s.Place != nil {
		add(s.Place.Text)
	}
	if s.Against != nil {
		add(s.Against.Name)
		add(s.Against.Place)
	}
	return words
}

func (x *Index) rowOf(id string, s casework.Submission) row {
	r := row{
		id: id, words: wordsOf(s), filed: s.FiledAt, due: s.DueAt,
		version:  int32(s.Version), //nolint:gosec // one for each act
		assignee: x.names.number(s.Assignee), category: x.names.number(s.Category), target: x.names.number(targetName(s.Target)),
		state: code(casework.States, s.State), kind: code(casework.Kinds, s.Kind), visitor: code(visitors, s.Visitor),
		channel:  code(intake.Channels, s.Intake.Via()),
		outcome:  code(casework.Outcomes, s.Outcome),
		standing: standingOf(s),
	}
	r.mask = s.PhoneMask
	if s.OnBehalf != nil {
		r.behalf, r.behalfPhone = fold.Key(s.OnBehalf.Name), s.OnBehalf.Phone != ""
	}
	for flag, bit := range flagBits {
		if has(s, flag) {
			r.flags |= bit
		}
	}
	return r
}

// standing has the deadlines of a row, and what else depends on the time.
type standing struct {
	// first is the deadline of the first contact, 0 if it was made or the clock has stopped. assist is the
	// first deadline of an assistant, 0 for none.
	first, assist casework.Millis
	// promised is the end of the day by which a promise is to be kept, 0 without one.
	promised casework.Millis
	// followUp is to when the filer is to be called because of their rating, 0 for not at all.
	followUp casework.Millis
	// clockRuns: the clock runs. joint: it follows another.
	clockRuns, joint bool
}

func standingOf(s casework.Submission) standing {
	r := standing{clockRuns: s.ClockRuns(), promised: s.PromisedBy(), joint: s.Lead != ""}
	if k := s.Clocks; k != nil && k.ContactedAt == 0 && r.clockRuns {
		r.first = k.FirstDueAt
	}
	r.assist, _ = s.AssistDue()
	r.followUp = followup.Until(s)
	return r
}

// has reports whether a submission has a flag that depends only on it.
func has(s casework.Submission, f Flag) bool {
	switch f {
	case Alarm:
		return s.HasOpenDanger()
	case Danger:
		return len(s.Dangers) > 0
	case Returned:
		return s.Returns > 0
	case Reopened:
		return slices.ContainsFunc(s.Thread, casework.Entry.Reopens)
	case LowRating:
		return s.Rating != nil && s.Rating.IsLow()
	case AboutMember:
		return s.AboutMember
	case Fulfilled:
		return s.Fulfilled()
	default:
		return false
	}
}

// late reports whether a flag that depends on the time applies.
func (r standing) late(f Flag, now casework.Millis) bool {
	switch f {
	case Uncontacted:
		return r.first != 0 && r.first <= now
	case AssistLate:
		return r.assist != 0 && r.assist < now
	case FollowUp:
		return now <= r.followUp
	case PromiseLate:
		return r.promised != 0 && r.promised < now && !r.joint
	default:
		return false
	}
}
