// Package classify assigns texts to the categories of a station.
//
// A Model is a linear classifier over characters and pairs of characters, without a segmenter or a dictionary.
// It is trained on texts whose category people have decided. It reports its certainty, and stays silent below
// the threshold that was reliable on unseen texts. While there are too few examples, a list of Words makes
// suggestions.
//
// The package is pure: the same examples give the same model, byte for byte.
package classify

import (
	"math"
	"unicode"

	"mashang/domain/fold"
)

// The features are hashed to bucketBits bits, from a text's first runes.
const (
	bucketBits = 17
	buckets    = 1 << bucketBits
	// maxRunes is how many runes of a text are used: the maximum of a filing.
	maxRunes = 2000
	// titleWeight is the extra weight of a title, which also counts as text.
	titleWeight = 2
	titleSeed   = 0x5bd1e995
)

// foldRunes folds a text, replaces a number by one digit and other characters by one gap, and returns at most n
// runes. It reuses dst.
func foldRunes(dst []rune, text string, n int) []rune {
	dst = dst[:0]
	for _, r := range fold.Key(text) {
		switch {
		case r >= '0' && r <= '9':
			r = '0'
		case r < 0x80 && (r < 'a' || r > 'z'), r >= 0x80 && !unicode.IsLetter(r):
			r = gap
		}
		if (r == gap || r == '0') && len(dst) > 0 && dst[len(dst)-1] == r {
			continue
		}
		if dst = append(dst, r); len(dst) == n {
			break
		}
	}
	return dst
}

const gap = ' '

// feature is a feature of a text: its bucket, and its count or weight.
type feature struct {
	at uint32
	v  float32
}

// featureCounter counts the features of one text at a time. It is not safe for concurrent use.
type featureCounter struct {
	count []float32
	spots []feature
	runes []rune
}

func newFeatureCounter() *featureCounter { return &featureCounter{count: make([]float32, buckets)} }

// of returns the counts of the features in the order of their first occurrence. They are valid until the next
// call.
func (g *featureCounter) of(title, text string) []feature {
	g.spots = g.spots[:0]
	g.runes = foldRunes(g.runes, title, maxRunes)
	g.add(0, 1)
	g.add(titleSeed, titleWeight)
	g.runes = foldRunes(g.runes, text, maxRunes)
	g.add(0, 1)
	if title == "" {
		// A text without a title usually begins with its subject.
		g.runes = g.runes[:min(len(g.runes), shortRunes)]
		g.add(titleSeed, titleWeight)
	}
	for i := range g.spots {
		s := &g.spots[i]
		s.v, g.count[s.at] = g.count[s.at], 0
	}
	return g.spots
}

// add counts each character and each pair of adjacent characters.
func (g *featureCounter) add(seed uint32, by float32) {
	const prime, golden = 16777619, 0x9E3779B1
	for i, r := range g.runes {
		if r == gap {
			continue
		}
		h := (uint32(2166136261) ^ seed ^ uint32(r)) * prime //nolint:gosec // a rune is not negative
		h ^= h >> 15
		g.hit(h*golden>>(32-bucketBits), by)
		if i+1 < len(g.runes) && g.runes[i+1] != gap {
			h = (h ^ uint32(g.runes[i+1])) * prime //nolint:gosec // likewise
			h ^= h >> 15
			g.hit(h*golden>>(32-bucketBits), by)
		}
	}
}

func (g *featureCounter) hit(at uint32, by float32) {
	if g.count[at] == 0 {
		g.spots = append(g.spots, feature{at: at})
	}
	g.count[at] += by
}

// scale turns counts into a weight vector of length one: (1 + ln count) times the feature's weight. Features
// without weight are dropped.
func scale(spots []feature, worth []float32) []feature {
	out, sum := spots[:0], float32(0)
	for _, s := range spots {
		if w := worth[s.at]; w > 0 {
			s.v = (1 + logOf(s.v)) * w
			sum += s.v * s.v
			out = append(out, s)
		}
	}
	if sum > 0 {
		length := float32(math.Sqrt(float64(sum)))
		for i := range out {
			out[i].v /= length
		}
	}
	return out
}

// logs are the logarithms of small counts, which nearly all counts are.
var logs = func() (t [64]float32) {
	for i := 1; i < len(t); i++ {
		t[i] = float32(math.Log(float64(i)))
	}
	return t
}()

func logOf(n float32) float32 {
	if i := int(n); i < len(logs) {
		return logs[i]
	}
	return float32(math.Log(float64(n)))
}
