package classify

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Guess is a category and how probable it is, in [0,1].
type Guess struct {
	Label string
	P     float64
}

// Model tells categories from texts. It is safe for concurrent use.
type Model struct {
	labels []string
	// cases are how many examples each label had; examples are all.
	cases    []int
	examples int
	// featureWeights is what a feature is worth, 0 for one that is not looked at. weights
	// are for each bucket those of all classes, as whole numbers; unit is what one
	// of a class's stands for.
	featureWeights []float32
	weights        []int8
	unit           []float32
	// temperature turns scores into probabilities; mix is the share of the machine
	// against that of the words.
	temperature, mix float64
	words            Words
	// threshold is the probability from which the station's target was met on texts not
	// seen, 2 when never.
	threshold float64
	quality   Quality

	counters sync.Pool
	indexed  sync.Once
	index    *index
}

// Quality is what was measured on texts that the model was not trained on.
type Quality struct {
	// Accuracy is of all, Precision of those that it was sure of, Share theirs of
	// all.
	Accuracy, Precision, Share float64
	// Target is the precision that was asked for.
	Target float64
}

// LeastCases is how many examples a category needs before a text is ever put
// there without a person.
const LeastCases = 20

// Labels lists the categories the model knows.
func (m *Model) Labels() []string { return slices.Clone(m.labels) }

// Examples is on how many texts it was trained.
func (m *Model) Examples() int { return m.examples }

// Quality returns what was measured when it was trained.
func (m *Model) Quality() Quality { return m.quality }

// Sure reports whether the guess is certain enough to be acted on without a
// person.
func (m *Model) Sure(g Guess) bool {
	i := slices.Index(m.labels, g.Label)
	return i >= 0 && g.P >= m.threshold && m.cases[i] >= LeastCases
}

// Classify returns all categories, the most probable first. A text without
// anything the model knows gives every one the same chance.
func (m *Model) Classify(title, text string) []Guess {
	var said []float64
	if m.mix < 1 {
		m.indexed.Do(func() { m.index = m.words.index(m.labels) })
		said = m.index.shares(title, text)
	}
	p := m.probabilities(m.scores(title, text), said, m.temperature, m.mix)
	return ranked(m.labels, p)
}

func ranked(labels []string, p []float64) []Guess {
	list := make([]Guess, len(labels))
	for i, l := range labels {
		list[i] = Guess{l, p[i]}
	}
	slices.SortStableFunc(list, func(a, b Guess) int { return cmp.Compare(b.P, a.P) })
	return list
}

// scores are the machine's, one for each class.
func (m *Model) scores(title, text string) []float64 {
	g, ok := m.counters.Get().(*featureCounter)
	if !ok {
		g = newFeatureCounter()
	}
	spots := scale(g.of(title, text), m.featureWeights)
	n := len(m.labels)
	sums := make([]float32, n)
	for _, s := range spots {
		row := m.weights[int(s.at)*n : int(s.at)*n+n]
		for c, w := range row {
			sums[c] += float32(w) * s.v
		}
	}
	m.counters.Put(g)
	out := make([]float64, n)
	for c := range out {
		out[c] = float64(sums[c] * m.unit[c])
	}
	return out
}

// probabilities makes probabilities of scores, mixed with what the words say if they
// say anything.
func (m *Model) probabilities(scores, said []float64, heat, mix float64) []float64 {
	p := make([]float64, len(scores))
	top, sum := slices.Max(scores), 0.0
	for i, s := range scores {
		p[i] = math.Exp((s - top) * heat)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
		if said != nil {
			p[i] = mix*p[i] + (1-mix)*said[i]
		}
	}
	return p
}

// quantize keeps the weights as whole numbers from -127 to 127.
func (m *Model) quantize(weights [][]float32) {
	n := len(weights)
	m.unit, m.weights = make([]float32, n), make([]int8, n*buckets)
	for c, w := range weights {
		largest := float32(0)
		for _, x := range w {
			largest = max(largest, x, -x)
		}
		if largest == 0 {
			continue
		}
		m.unit[c] = largest / 127
		for at, x := range w {
			m.weights[at*n+c] = int8(math.Round(float64(x / m.unit[c])))
		}
	}
	m.featureWeights = coarse(m.featureWeights)
}

// coarse keeps what features are worth in 255 steps, as the file has them.
func coarse(worth []float32) []float32 {
	out := make([]float32, len(worth))
	for at, w := range worth {
		out[at] = worthOf(stepOf(w))
	}
	return out
}

// A step of worth is a sixteenth of a doubling, finer than what two samples of
// texts agree on.
const (
	worthLeast = 1.0 / 64
	worthSteps = 16 // a doubling
)

func stepOf(w float32) uint8 {
	if w <= 0 {
		return 0
	}
	return uint8(min(max(math.Round(math.Log2(float64(w)/worthLeast)*worthSteps)+1, 1), 255))
}

func worthOf(step uint8) float32 {
	if step == 0 {
		return 0
	}
	return float32(worthLeast * math.Exp2(float64(step-1)/worthSteps))
}
