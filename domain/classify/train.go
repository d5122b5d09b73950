package classify

import (
	"errors"
	"math"
	"slices"
	"sync"
)

// Example is a text with the category that people decided on. Title may be empty.
type Example struct{ Label, Title, Text string }

// The parameters of training, chosen by cross-validation on the training side.
const (
	// minDocFreq is in how many examples a feature must occur.
	minDocFreq = 2
	// svmC is the C of the support vector machine, shortSVMC that of the
	// shortened copies.
	svmC      = 3
	shortSVMC = .3
	// shortRunes is the length of the shortened copy of each text for training, as people on a phone write as
	// much as fits the screen. It is also how much of a text without a title counts as its title.
	shortRunes = 40
	// ratioExponent and classExponent are the exponents of a feature's discriminative power, over all classes and for each
	// (Wang and Manning, Baselines and Bigrams, ACL 2012).
	ratioExponent, classExponent = .5, .3
	smoothing                    = .05
	passes                       = 20
	tolerance                    = .03
	// MinExamples and MinLabels are the minimum for training.
	MinExamples = 50
	MinLabels   = 2
	// MaxLabels is the maximum number of classes.
	MaxLabels = 200
)

// The errors of training.
var (
	ErrFew  = errors.New("topic: too few examples")
	ErrMany = errors.New("topic: too many classes")
)

// item is an example as features.
type item struct {
	spots []feature
	class int
	c     float64
}

// Fit trains only the classifier, without calibration and threshold: it is never silent. Stations use Train.
func Fit(list []Example) (*Model, error) {
	labels := labelsOf(list)
	switch {
	case len(list) < MinExamples || len(labels) < MinLabels:
		return nil, ErrFew
	case len(labels) > MaxLabels:
		return nil, ErrMany
	}
	m := &Model{labels: labels, examples: len(list), temperature: 4, mix: 1}
	m.cases = make([]int, len(labels))
	g := newFeatureCounter()
	m.featureWeights = rarity(g, list)
	items := make([]item, 0, 2*len(list))
	for _, e := range list {
		class := slices.Index(labels, e.Label)
		m.cases[class]++
		items = append(items,
			item{slices.Clone(scale(g.of(e.Title, e.Text), m.featureWeights)), class, svmC},
			item{slices.Clone(scale(g.of("", firstRunes(e.Text, shortRunes)), m.featureWeights)), class, shortSVMC})
	}
	powers := m.reweight(items)
	weights := make([][]float32, len(labels))
	var wg sync.WaitGroup
	for class := range labels {
		wg.Go(func() { weights[class] = trainSVM(items, class, powers[class]) })
	}
	wg.Wait()
	m.quantize(weights)
	return m, nil
}

func labelsOf(list []Example) []string {
	var labels []string
	for _, e := range list {
		if !slices.Contains(labels, e.Label) {
			labels = append(labels, e.Label)
		}
	}
	slices.Sort(labels)
	return labels
}

func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// rarity returns the initial weight of each feature: its inverse document frequency.
func rarity(g *featureCounter, list []Example) []float32 {
	seen := make([]int, buckets)
	for _, e := range list {
		for _, s := range g.of(e.Title, e.Text) {
			seen[s.at]++
		}
	}
	worth := make([]float32, buckets)
	for at, n := range seen {
		if n >= minDocFreq {
			worth[at] = float32(math.Log(float64(1+len(list))/float64(1+n)) + 1)
		}
	}
	return worth
}

// reweight scales each feature's weight by its discriminative power, and returns that power for each class. It
// also scales the items.
func (m *Model) reweight(items []item) (powers [][]float32) {
	ratios := ratiosOf(items, len(m.labels))
	strongest := make([]float64, buckets)
	for _, r := range ratios {
		for at, x := range r {
			strongest[at] = max(strongest[at], x)
		}
	}
	factor := make([]float32, buckets)
	for at, x := range strongest {
		factor[at] = float32(math.Pow(x/2, ratioExponent))
		m.featureWeights[at] *= factor[at]
	}
	for i := range items {
		sum := float32(0)
		for k := range items[i].spots {
			s := &items[i].spots[k]
			s.v *= factor[s.at]
			sum += s.v * s.v
		}
		if length := float32(math.Sqrt(float64(sum))); length > 0 {
			for k := range items[i].spots {
				items[i].spots[k].v /= length
			}
		}
	}
	powers = make([][]float32, len(ratios))
	for class, r := range ratios {
		powers[class] = make([]float32, buckets)
		for at, x := range r {
			powers[class][at] = float32(math.Pow(x, classExponent))
		}
	}
	return powers
}

// ratiosOf returns, for each class and feature, the absolute logarithm of the ratio of the feature's share in
// the class to its share outside.
func ratiosOf(items []item, classes int) [][]float64 {
	counts, totals := make([][]float64, classes), make([]float64, classes)
	for c := range counts {
		counts[c] = make([]float64, buckets)
	}
	sum, total := make([]float64, buckets), 0.0
	for _, it := range items {
		for _, s := range it.spots {
			v := float64(s.v)
			counts[it.class][s.at] += v
			totals[it.class] += v
			sum[s.at] += v
			total += v
		}
	}
	for c, list := range counts {
		for at, in := range list {
			if sum[at] == 0 {
				continue // list[at] is 0 already
			}
			inside := (in + smoothing) / (totals[c] + 1)
			outside := (sum[at] - in + smoothing) / (total - totals[c] + 1)
			list[at] = math.Abs(math.Log(inside / outside))
		}
	}
	return counts
}

// trainSVM trains one class against the others: a support vector machine with squared hinge loss by dual
// coordinate descent (Hsieh and others, ICML 2008). Each feature is multiplied by its power; the returned
// weights are for the original features.
func trainSVM(items []item, class int, power []float32) []float32 {
	// w has the weights times the power, the factors for original features.
	w, square := make([]float32, buckets), make([]float32, buckets)
	for at, p := range power {
		square[at] = p * p
	}
	a, q := make([]float64, len(items)), make([]float64, len(items))
	for i, it := range items {
		for _, s := range it.spots {
			q[i] += float64(s.v * s.v * square[s.at])
		}
		q[i] += 1 / (2 * it.c)
	}
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	dice := rng(1)
	for range passes {
		dice.shuffle(order)
		moved := 0.0
		for _, i := range order {
			it := &items[i]
			side := -1.0
			if it.class == class {
				side = 1
			}
			var dot float32
			for _, s := range it.spots {
				dot += w[s.at] * s.v
			}
			slope := side*float64(dot) - 1 + a[i]/(2*it.c)
			if a[i] == 0 && slope >= 0 {
				continue
			}
			before := a[i]
			a[i] = max(0, before-slope/q[i])
			if by := float32((a[i] - before) * side); by != 0 {
				moved = max(moved, math.Abs(float64(by)))
				for _, s := range it.spots {
					w[s.at] += by * s.v * square[s.at]
				}
			}
		}
		if moved < tolerance {
			break
		}
	}
	return w
}

// rng is a small generator (splitmix64). The ground has no randomness of its own, and training must be
// reproducible.
type rng uint64

func (d *rng) next() uint64 {
	*d += 0x9E3779B97F4A7C15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (d *rng) below(n int) int { return int(d.next() % uint64(n)) } //nolint:gosec // n is a length

func (d *rng) shuffle(list []int) {
	for i := len(list) - 1; i > 0; i-- {
		j := d.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}
