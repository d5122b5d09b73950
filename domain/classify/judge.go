package classify

import (
	"maps"
	"math"
	"slices"
)

// Report is a model's quality on texts with known categories.
type Report struct {
	N                    int
	Accuracy, F1, TopTwo float64
	Precision, Share     float64 // of the certain ones, and their share of all
	// Error is the expected calibration error in ten bins.
	Error    float64
	PerLabel []LabelReport
	// Curve has precision and share for several thresholds.
	Curve []Point
}

// LabelReport is the quality for one category: of N texts, Guessed were put into it, Right of them rightly.
type LabelReport struct {
	Label             string
	N, Guessed, Right int
	F1                float64
}

// Point is one threshold: the share of texts with at least this probability, and their precision.
type Point struct{ P, Share, Precision float64 }

// Evaluate classifies each example.
func (m *Model) Evaluate(list []Example) Report {
	return evaluate(m.labels, list, func(e Example) ([]Guess, bool) {
		g := m.Classify(e.Title, e.Text)
		return g, m.Sure(g[0])
	})
}

// Evaluate classifies each example with the word list. An example without a result counts as wrong.
func (w Words) Evaluate(labels []string, list []Example) Report {
	s := w.Suggester(labels)
	return evaluate(labels, list, func(e Example) ([]Guess, bool) { return s.Suggest(e.Title, e.Text), false })
}

func evaluate(labels []string, list []Example, ask func(Example) ([]Guess, bool)) Report {
	r := Report{N: len(list)}
	per := map[string]*LabelReport{}
	for _, l := range labels {
		per[l] = &LabelReport{Label: l}
	}
	type answer struct {
		p     float64
		right bool
	}
	var answers []answer
	right, two, sure, sureRight := 0, 0, 0, 0
	for _, e := range list {
		if per[e.Label] == nil {
			per[e.Label] = &LabelReport{Label: e.Label}
		}
		per[e.Label].N++
		guesses, certain := ask(e)
		if len(guesses) == 0 {
			answers = append(answers, answer{})
			continue
		}
		hit := guesses[0].Label == e.Label
		per[guesses[0].Label].Guessed++
		if hit {
			right++
			per[e.Label].Right++
		}
		if hit || len(guesses) > 1 && guesses[1].Label == e.Label {
			two++
		}
		if certain {
			sure++
			if hit {
				sureRight++
			}
		}
		answers = append(answers, answer{guesses[0].P, hit})
	}
	r.Accuracy, r.TopTwo = share(right, r.N), share(two, r.N)
	r.Precision, r.Share = share(sureRight, sure), share(sure, r.N)
	for _, l := range slices.Sorted(maps.Keys(per)) {
		x := per[l]
		x.F1 = share(2*x.Right, x.N+x.Guessed)
		r.PerLabel = append(r.PerLabel, *x)
		r.F1 += x.F1 / float64(len(per))
	}
	for bin := range 10 {
		n, hits, sum := 0, 0, 0.0
		for _, a := range answers {
			if i := min(int(a.p*10), 9); i == bin {
				n++
				sum += a.p
				if a.right {
					hits++
				}
			}
		}
		if n > 0 {
			r.Error += math.Abs(sum-float64(hits)) / float64(r.N)
		}
	}
	for _, p := range []float64{0, .5, .6, .7, .8, .9, .95, .98} {
		n, hits := 0, 0
		for _, a := range answers {
			if a.p >= p {
				n++
				if a.right {
					hits++
				}
			}
		}
		r.Curve = append(r.Curve, Point{p, share(n, r.N), share(hits, n)})
	}
	return r
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
