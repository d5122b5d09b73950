package classify

import (
	"math"
	"slices"
)

// Setting is what a station asks of its model.
type Setting struct {
	// Target is the share of texts that must be put right among those that are put
	// anywhere without a person; 0 is DefaultTarget.
	Target float64
	// Words help while there are few examples.
	Words Words
}

// DefaultTarget is the precision of a station that sets none.
const DefaultTarget = 0.95

// folds is into how many parts the examples are cut: each part is asked of a
// model that was trained on the others.
const folds = 5

// certainFew is how many texts must have been sure at least for their precision
// to be believed.
const certainFew = 30

// heldOut is what models said of a text they were not trained on.
type heldOut struct {
	label              int
	scores, wordShares []float64
}

// Train trains a station's model: the classifier, how its scores become
// probabilities, how much the words count beside it, and from which probability
// on the target was met on texts not seen. Near copies are kept on one side.
func Train(list []Example, s Setting) (*Model, error) {
	if s.Target == 0 {
		s.Target = DefaultTarget
	}
	m, err := Fit(list)
	if err != nil {
		return nil, err
	}
	m.words = s.Words
	m.quality.Target = s.Target
	m.threshold = 2
	asked := outOfFold(m.labels, list, s.Words)
	if len(asked) == 0 {
		return m, nil
	}
	m.temperature, m.mix = m.fitCalibration(asked)
	m.fitThreshold(asked)
	return m, nil
}

// outOfFold asks of each example a model that has not seen it or a copy of it.
func outOfFold(labels []string, list []Example, words Words) []heldOut {
	groups := Groups(list)
	part := make([]int, slices.Max(groups)+1)
	d := rng(2)
	for i := range part {
		part[i] = d.below(folds)
	}
	var asked []heldOut
	index := words.index(labels)
	for f := range folds {
		var seen, rest []Example
		for i, e := range list {
			if part[groups[i]] == f {
				rest = append(rest, e)
			} else {
				seen = append(seen, e)
			}
		}
		m, err := Fit(seen)
		if err != nil {
			continue // too few in this part to say anything
		}
		for _, e := range rest {
			u := heldOut{label: slices.Index(labels, e.Label), scores: make([]float64, len(labels)), wordShares: index.shares(e.Title, e.Text)}
			for i := range u.scores {
				u.scores[i] = -2 // a label this part's model has never met
			}
			for i, x := range m.scores(e.Title, e.Text) {
				u.scores[slices.Index(labels, m.labels[i])] = x
			}
			asked = append(asked, u)
		}
	}
	return asked
}

// fitCalibration are the heat and the mix by which what came out was least surprising.
func (m *Model) fitCalibration(asked []heldOut) (heat, mix float64) {
	best := math.Inf(1)
	for _, x := range []float64{1, .9, .8, .7, .6, .5, .4, .3} {
		if m.words == nil && x < 1 {
			break
		}
		for h := .5; h < 15; h *= 1.15 {
			loss := 0.0
			for _, u := range asked {
				loss -= math.Log(m.probabilities(u.scores, u.wordShares, h, x)[u.label] + 1e-9)
			}
			if loss < best {
				best, heat, mix = loss, h, x
			}
		}
	}
	return heat, mix
}

// fitThreshold finds the least probability from which the target was met, and writes
// down how good the model was.
func (m *Model) fitThreshold(asked []heldOut) {
	type answer struct {
		p     float64
		right bool
	}
	list, right := make([]answer, 0, len(asked)), 0
	for _, u := range asked {
		p := m.probabilities(u.scores, u.wordShares, m.temperature, m.mix)
		top := 0
		for i := range p {
			if p[i] > p[top] {
				top = i
			}
		}
		if top == u.label {
			right++
		}
		if m.cases[top] >= LeastCases {
			list = append(list, answer{p[top], top == u.label})
		}
	}
	m.quality.Accuracy = float64(right) / float64(len(asked))
	slices.SortStableFunc(list, func(a, b answer) int {
		switch {
		case a.p > b.p:
			return -1
		case a.p < b.p:
			return 1
		default:
			return 0
		}
	})
	right = 0
	for i, a := range list {
		if a.right {
			right++
		}
		n := i + 1
		last := n == len(list) || list[n].p < a.p
		if got := float64(right) / float64(n); last && n >= certainFew && got >= m.quality.Target {
			m.threshold, m.quality.Precision, m.quality.Share = a.p, got, float64(n)/float64(len(asked))
		}
	}
}

// Worse reports whether a model should not replace another: on texts it had not
// seen it was right more than a point less often.
func (m *Model) Worse(than *Model) bool {
	return than != nil && m.quality.Accuracy < than.quality.Accuracy-0.01
}
