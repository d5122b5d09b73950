package classify

import (
	"math"
	"slices"
)

// Setting is what a station requires of its model.
type Setting struct {
	// Target is the required precision of texts that are classified without a person; 0 is DefaultTarget.
	Target float64
	// Words help while there are few examples.
	Words Words
}

// DefaultTarget is the precision for a station that sets none.
const DefaultTarget = 0.95

// folds is the number of parts for cross-validation: each part is classified by a model trained on the others.
const folds = 5

// minCertain is the minimum number of certain texts for trusting their precision.
const minCertain = 30

// heldOut is the result for a text on which the model was not trained.
type heldOut struct {
	label              int
	scores, wordShares []float64
}

// Train trains a station's model: the classifier, the conversion of its scores to probabilities, the weight of
// the word list, and the threshold above which the target was met on unseen texts. Near copies stay in one
// part.
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

// outOfFold classifies each example with a model that has seen neither it nor a copy of it.
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
			continue // too few examples without this part
		}
		for _, e := range rest {
			u := heldOut{label: slices.Index(labels, e.Label), scores: make([]float64, len(labels)), wordShares: index.shares(e.Title, e.Text)}
			for i := range u.scores {
				u.scores[i] = -2 // a label that this part's model does not know
			}
			for i, x := range m.scores(e.Title, e.Text) {
				u.scores[slices.Index(labels, m.labels[i])] = x
			}
			asked = append(asked, u)
		}
	}
	return asked
}

// fitCalibration returns the temperature and the mix with the least loss on held-out texts.
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

// fitThreshold finds the lowest probability above which the target is met, and records the model's quality.
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
		if m.cases[top] >= MinCases {
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
		if got := float64(right) / float64(n); last && n >= minCertain && got >= m.quality.Target {
			m.threshold, m.quality.Precision, m.quality.Share = a.p, got, float64(n)/float64(len(asked))
		}
	}
}

// Worse reports whether the model should not replace another: its accuracy on unseen texts is lower by more
// than a point.
func (m *Model) Worse(than *Model) bool {
	return than != nil && m.quality.Accuracy < than.quality.Accuracy-0.01
}
