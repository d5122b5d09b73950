package classify

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// A model's file: the magic, then deflated: the length of a header in JSON, the header, the weight of each
// feature (a byte each), and the weights of each class.
const fileMagic = "mashang-topic-1\n"

// MaxFile is the maximum size of a model's file in bytes.
const MaxFile = 8 << 20

// ErrFile says that a file is not a model.
var ErrFile = errors.New("topic: not a model's file")

type header struct {
	Labels   []string  `json:"labels"`
	Cases    []int     `json:"cases"`
	Examples int       `json:"examples"`
	Unit     []float32 `json:"unit"`
	Heat     float64   `json:"heat"`
	Mix      float64   `json:"mix"`
	Sure     float64   `json:"sure"`
	Words    Words     `json:"words,omitempty"`
	Quality  Quality   `json:"quality"`
}

// Encode writes the model as a file. It contains only numbers of hashed features and no text; keep it private
// all the same.
func (m *Model) Encode() ([]byte, error) {
	head, err := json.Marshal(header{
		m.labels, m.cases, m.examples, m.unit, m.temperature, m.mix, m.threshold, m.words, m.quality,
	})
	if err != nil {
		return nil, fmt.Errorf("topic: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(fileMagic)
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("topic: %w", err)
	}
	data := binary.LittleEndian.AppendUint32(nil, uint32(len(head))) //nolint:gosec // a few kilobytes
	data = append(data, head...)
	for _, w := range m.featureWeights {
		data = append(data, stepOf(w))
	}
	// Class by class compresses better than bucket by bucket.
	n := len(m.labels)
	for c := range n {
		for at := range buckets {
			data = append(data, byte(m.weights[at*n+c])) //nolint:gosec // its bits
		}
	}
	if _, err := z.Write(data); err != nil {
		return nil, fmt.Errorf("topic: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("topic: %w", err)
	}
	return b.Bytes(), nil
}

// Decode reads a result of Encode. For anything else it returns ErrFile.
func Decode(file []byte) (*Model, error) {
	if len(file) > MaxFile || !bytes.HasPrefix(file, []byte(fileMagic)) {
		return nil, ErrFile
	}
	const maxData = 1<<20 + (MaxLabels+1)*buckets
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(file[len(fileMagic):])), maxData))
	if err != nil || len(data) < 4 {
		return nil, ErrFile
	}
	size := int(binary.LittleEndian.Uint32(data))
	if data = data[4:]; size < 0 || size > len(data) {
		return nil, ErrFile
	}
	var h header
	if err := json.Unmarshal(data[:size], &h); err != nil {
		return nil, ErrFile
	}
	data = data[size:]
	n := len(h.Labels)
	if n < MinLabels || n > MaxLabels || len(h.Cases) != n || len(h.Unit) != n || len(data) != (n+1)*buckets || !validHeader(h) {
		return nil, ErrFile
	}
	m := &Model{
		labels: h.Labels, cases: h.Cases, examples: h.Examples, unit: h.Unit, temperature: h.Heat, mix: h.Mix, threshold: h.Sure,
		words: h.Words, quality: h.Quality,
		featureWeights: make([]float32, buckets), weights: make([]int8, n*buckets),
	}
	for at := range buckets {
		m.featureWeights[at] = weightOf(data[at])
		for c := range n {
			m.weights[at*n+c] = int8(data[(c+1)*buckets+at]) //nolint:gosec // its bits
		}
	}
	return m, nil
}

// validHeader refuses numbers that would give invalid probabilities.
func validHeader(h header) bool {
	if !(h.Heat > 0 && h.Heat < 100 && h.Mix >= 0 && h.Mix <= 1 && h.Sure >= 0 && h.Sure <= 2) {
		return false
	}
	for _, u := range h.Unit {
		if !(u >= 0 && u < 1e3) || math.IsNaN(float64(u)) {
			return false
		}
	}
	return true
}
