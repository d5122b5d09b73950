package figures

import "slices"

// Definition explains for people how a rate is counted. docs/figures.md has the same words.
type Definition struct {
	Name  Figure
	Title string
	// Yes says what is counted, Of among which. Neither counts submissions that follow another.
	Yes, Of string
}

// rule is a rate with its conditions. Sums and lists both use it, so that they agree.
type rule struct {
	Definition

	inBase, counts func(Fact) bool
	rate           func(*Tally) *Rate
}

var rules = []rule{
	{
		Definition{"first", "首次联系按时", "期限内受理、提问或答复的", "期限已到或已联系的"},
		func(f Fact) bool { return due(f.First) }, func(f Fact) bool { return f.First == OnTime },
		func(t *Tally) *Rate { return &t.First },
	},
	{
		Definition{"answer", "答复按时", "在 `due_at` 前答复或办结的", "期限已到或已答复的"},
		func(f Fact) bool { return due(f.Answer) }, func(f Fact) bool { return f.Answer == OnTime },
		func(t *Tally) *Rate { return &t.Answer },
	},
	{
		Definition{"answered", "已答复", "有答复的", "全部，撤回和随另一件办理的除外"},
		func(f Fact) bool { return f.Out != Withdrawn }, func(f Fact) bool { return f.Answered },
		func(t *Tally) *Rate { return &t.Answered },
	},
	{
		Definition{"solved", "解决", "结果为“已解决”的，后来落实的也在内", "已办结的，下面六类除外"},
		func(f Fact) bool { return f.Closed && f.Out == Counted }, func(f Fact) bool { return f.Solved },
		func(t *Tally) *Rate { return &t.Solved },
	},
	{
		Definition{"fulfilled", "落实", "办结后落实了的", "办结时达成共识、有待落实的"},
		func(f Fact) bool { return f.Agreed }, func(f Fact) bool { return f.Fulfilled },
		func(t *Tally) *Rate { return &t.Fulfilled },
	},
	{
		Definition{"kept", "按约落实", "在约定的日期前落实的", "约定的日期已到或已落实的"},
		func(f Fact) bool { return due(f.Kept) }, func(f Fact) bool { return f.Kept == OnTime },
		func(t *Tally) *Rate { return &t.Kept },
	},
	{
		Definition{"rated", "评价", "评价了的", "已办结的"},
		func(f Fact) bool { return f.Closed }, func(f Fact) bool { return f.Rated },
		func(t *Tally) *Rate { return &t.Rated },
	},
	{
		Definition{"confirmed", "认可解决", "群众评价时说解决了的", "评价时说了解决没有的"},
		func(f Fact) bool { return f.Judged }, func(f Fact) bool { return f.Confirmed },
		func(t *Tally) *Rate { return &t.Confirmed },
	},
	{
		Definition{"satisfied", "满意", "群众评价时说满意的", "评价时说了满意不满意的"},
		func(f Fact) bool { return f.Felt }, func(f Fact) bool { return f.Satisfied },
		func(t *Tally) *Rate { return &t.Satisfied },
	},
	{
		Definition{"followed_up", "回访", "联络员回访时联系上的", "评价不满意的"},
		func(f Fact) bool { return f.RatedLow }, func(f Fact) bool { return f.FollowedUp },
		func(t *Tally) *Rate { return &t.FollowedUp },
	},
	{
		Definition{"reopened", "重新办理", "要求重新办理过的", "办结过的"},
		func(f Fact) bool { return f.Closed || f.Reopened }, func(f Fact) bool { return f.Reopened },
		func(t *Tally) *Rate { return &t.Reopened },
	},
}

func due(s Standing) bool { return s == OnTime || s == Late }

// Definitions lists the rates in the order in which they are shown.
func Definitions() []Definition {
	list := make([]Definition, len(rules))
	for i, r := range rules {
		list[i] = r.Definition
	}
	return list
}

// Figure names a number of a Tally: a rate by its name, "filed" for all, "left_out" for all excluded ones,
// "solved_at_once" for what was solved when it was closed, and each exclusion.
type Figure string

// The figures that are not rates.
const (
	Filed        Figure = "filed"
	LeftOut      Figure = "left_out"
	SolvedAtOnce Figure = "solved_at_once"
)

// Figures lists every figure that has a list of submissions.
func Figures() []Figure {
	list := []Figure{Filed, LeftOut, SolvedAtOnce}
	for _, r := range rules {
		list = append(list, r.Name)
	}
	for _, x := range Exclusions {
		list = append(list, Figure(x.Exclusion))
	}
	return list
}

// Part is a part of a rate.
type Part string

// The parts: counted, not counted, and both.
const (
	PartYes Part = "yes"
	PartNo  Part = "no"
	PartOf  Part = "of"
)

// Counts reports whether the figure counts the fact, so that the list of a figure has as many items as it says.
// A figure that is not a rate has only PartYes.
func (x Figure) Counts(f Fact, p Part) bool {
	switch {
	case x == Filed:
		return p == PartYes && f.Out != Invalid
	case x == LeftOut:
		return p == PartYes && f.Out != Counted
	case x == SolvedAtOnce:
		return p == PartYes && f.Out == Counted && f.Solved && !f.Fulfilled
	case Exclusion(x) == f.Out && f.Out != Counted:
		return p == PartYes
	}
	i := slices.IndexFunc(rules, func(r rule) bool { return r.Name == x })
	if i < 0 || f.Out == Joint || f.Out == Invalid || !rules[i].inBase(f) {
		return false
	}
	return p == PartOf || (p == PartYes) == rules[i].counts(f)
}

// Value returns the figure's number in a sum.
func (x Figure) Value(t *Tally, p Part) int {
	out := 0
	switch i := slices.IndexFunc(rules, func(r rule) bool { return r.Name == x }); {
	case i >= 0:
		r := rules[i].rate(t)
		return map[Part]int{PartYes: r.Yes, PartNo: r.Of - r.Yes, PartOf: r.Of}[p]
	case p != PartYes:
		return 0
	case x == Filed:
		return t.Filed
	case x == SolvedAtOnce:
		return t.Solved.Yes - t.Fulfilled.Yes // what was fulfilled counts as solved
	case x == LeftOut:
		for _, n := range t.Out {
			out += n
		}
		return out
	}
	return t.Out[Exclusion(x)]
}
