package bench_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"mashang/domain/classify"
)

// labelled is a file of messages with their categories (label, title, detail)
// that may lie beside the project. Its texts are others': it is read and never
// kept.
const labelled = "../../../shared/data/messages.csv"

// BenchmarkTopics trains on four fifths of labelled messages and asks about the
// rest, copies of one another kept on one side, beside the word list alone.
func BenchmarkTopics(b *testing.B) {
	list := messages(b)
	seen, rest := apart(list)
	words := classify.Words{}
	for _, e := range list {
		if _, ok := words[e.Label]; !ok {
			words[e.Label] = classify.ThemeWords(e.Label)
		}
	}
	for b.Loop() {
		start := time.Now()
		m, err := classify.Train(seen, classify.Setting{Target: .97, Words: words})
		if err != nil {
			b.Fatal(err)
		}
		training := time.Since(start)
		file, err := m.Encode()
		if err != nil {
			b.Fatal(err)
		}
		r, short, plain := m.Evaluate(rest), m.Evaluate(shortened(rest)), words.Evaluate(m.Labels(), rest)
		took := make([]float64, len(rest))
		for i, e := range rest {
			start := time.Now()
			m.Classify(e.Title, e.Text)
			took[i] = time.Since(start).Seconds() * 1e3
		}
		figure(b, float64(len(seen)), "trained-on")
		figure(b, float64(r.N), "asked")
		figure(b, r.Accuracy, "accuracy")
		figure(b, r.F1, "macro-F1")
		figure(b, r.TopTwo, "top-2")
		figure(b, r.Precision, "right-when-sure")
		figure(b, r.Share, "sure")
		figure(b, r.Error, "calibration-error")
		figure(b, short.Accuracy, "accuracy-of-40-characters")
		figure(b, plain.Accuracy, "accuracy-of-words")
		figure(b, middle(took), "ms/text")
		figure(b, training.Seconds(), "s/training")
		figure(b, float64(len(file))/1e6, "MB")
		aim(b, "accuracy", r.Accuracy, ">=", .94)
		aim(b, "macro-F1", r.F1, ">=", .935)
		aim(b, "top-2", r.TopTwo, ">=", .99)
		aim(b, "right when sure", r.Precision, ">=", .97)
		aim(b, "sure of", r.Share, ">=", .9)
		aim(b, "accuracy of 40 characters without title", short.Accuracy, ">=", .84)
		aim(b, "ms a text", middle(took), "<=", .1)
		aim(b, "MB", float64(len(file))/1e6, "<=", .5)
		aim(b, "s of training", training.Seconds(), "<=", 10)
		for _, l := range r.PerLabel {
			b.Logf("%s: F1 %.3f of %d", l.Label, l.F1, l.N)
		}
		for _, p := range r.Curve {
			b.Logf("from %.2f on: %.3f of all, %.3f right", p.P, p.Share, p.Precision)
		}
	}
}

func messages(b *testing.B) []classify.Example {
	b.Helper()
	f, err := os.Open(labelled)
	if errors.Is(err, fs.ErrNotExist) {
		b.Skip("no labelled messages beside the project")
	}
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	var list []classify.Example
	for _, r := range rows[1:] {
		list = append(list, classify.Example{Label: r[0], Title: r[1], Text: r[2]})
	}
	return list
}

// apart leaves every fifth group of near copies out.
func apart(list []classify.Example) (seen, rest []classify.Example) {
	for i, g := range classify.Groups(list) {
		if g%5 == 0 {
			rest = append(rest, list[i])
		} else {
			seen = append(seen, list[i])
		}
	}
	return seen, rest
}

// shortened are the texts' first forty characters, without title.
func shortened(list []classify.Example) []classify.Example {
	list = slices.Clone(list)
	for i := range list {
		text := []rune(list[i].Text)
		list[i].Title, list[i].Text = "", string(text[:min(40, len(text))])
	}
	return list
}
