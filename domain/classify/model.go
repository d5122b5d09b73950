package classify

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Guess is a category with its probability in [0,1].
type Guess struct {
	Label string
	P     float64
}

// Model classifies texts. It is safe for concurrent use.
type Model struct {
	labels []string
	// cases are the numbers of examples of each label; examples is their sum.
	cases    []int
	examples int
	// featureWeights is the weight of each feature, 0 for an unused one. weights are, for each bucket, the
	// weights of all classes as integers; unit is the value of one unit of each class.
	featureWeights []float32
	weights        []int8
	unit           []float32
	// temperature converts scores to probabilities. mix is the share of the classifier against the word list.
	temperature, mix float64
	words            Words
	// threshold is the probability above which the station's target was met on unseen texts, 2 if never.
	threshold float64
	quality   Quality

	counters sync.Pool
	indexed  sync.Once
	index    *index
}

// Quality is the result of the measurement on unseen texts.
type Quality struct {
	// Accuracy is of all, Precision of the certain ones, Share their share of all.
	Accuracy, Precision, Share float64
	// Target is the required precision.
	Target float64
}

// MinCases is how many examples a category needs before texts are assigned to it without a person.
const MinCases = 20

// Labels returns the model's categories.
func (m *Model) Labels() []string { return slices.Clone(m.labels) }

// Examples returns on how many texts it was trained.
func (m *Model) Examples() int { return m.examples }

// Quality returns the quality measured in training.
func (m *Model) Quality() Quality { return m.quality }

// Sure reports whether the guess is certain enough to act on it without a person.
func (m *Model) Sure(g Guess) bool {
	i := slices.Index(m.labels, g.Label)
	return i >= 0 && g.P >= m.threshold && m.cases[i] >= MinCases
}

// Classify returns all categories, the most probable first. A text without known features gives all the same
// probability.
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

// scores returns the classifier's score of each class.
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

// probabilities converts scores to probabilities, mixed with the shares of the word list if there are any.
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

// quantize stores the weights as integers from -127 to 127.
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
	m.featureWeights = quantizeFeatures(m.featureWeights)
}

// quantizeFeatures rounds the features' weights to the 255 steps of the file.
func quantizeFeatures(worth []float32) []float32 {
	out := make([]float32, len(worth))
	for at, w := range worth {
		out[at] = weightOf(stepOf(w))
	}
	return out
}

// A step of a feature's weight is a sixteenth of a doubling, finer than the difference between two samples of
// texts.
const (
	minWeight        = 1.0 / 64
	stepsPerDoubling = 16 // a doubling
)

func stepOf(w float32) uint8 {
	if w <= 0 {
		return 0
	}
	return uint8(min(max(math.Round(math.Log2(float64(w)/minWeight)*stepsPerDoubling)+1, 1), 255))
}

func weightOf(step uint8) float32 {
	if step == 0 {
		return 0
	}
	return float32(minWeight * math.Exp2(float64(step-1)/stepsPerDoubling))
}
