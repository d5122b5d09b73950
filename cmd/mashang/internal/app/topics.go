package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/desk"
	"mashang/desk/matters"
	"mashang/domain/casework"
	"mashang/domain/classify"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// maxExamples and maxExampleFile are the limits of a file of examples.
const (
	maxExamples    = 200_000
	maxExampleFile = 512 << 20
	// settledPage is how many submissions are read at once.
	settledPage = 100
)

// Classifier trains a station's text classifier, or measures how good one would be. The examples are the
// station's own closed submissions, or a file.
type Classifier struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	// Station may be empty when there is only one.
	Station string
	// File is a CSV of label, title, detail; empty for the station's own.
	File string
	// Force replaces the present model even if it is better.
	Force bool
	Now   func() time.Time
}

// Train trains and stores the station's model, unless the present one is better.
func (t Classifier) Train(ctx context.Context) error {
	return withDesk(ctx, t.Config, t.Log, func(back *managedStore, _ *seal.Keyring, _ *desk.Desk) error {
		st, err := onlyStation(ctx, back, t.Station)
		if err != nil {
			return err
		}
		list, err := t.examples(ctx, back, st)
		if err != nil {
			return err
		}
		say(t.Out, "训练中：%d 条\n", len(list))
		start := t.Now()
		m, err := classify.Train(list, settingOf(st))
		if err != nil {
			return few(err, len(list))
		}
		q := m.Quality()
		say(t.Out, "用时 %.1f 秒。没见过的诉求上：准确率 %s；有把握的占 %s，其中准确 %s（要求 %s）\n",
			t.Now().Sub(start).Seconds(), percent(q.Accuracy), percent(q.Share), percent(q.Precision), percent(q.Target))
		before, err := currentModel(ctx, back, st.ID)
		if err != nil {
			return err
		}
		if m.Worse(before) && !t.Force {
			return fault.New(fault.WrongState, "现有模型的准确率是 %s，新的更差，没有替换。先查一查例子；确实要换，加 --force", percent(before.Quality().Accuracy))
		}
		file, err := m.Encode()
		if err != nil {
			return err
		}
		version, err := back.PutModel(ctx, st.ID, file)
		if err != nil {
			return err
		}
		say(t.Out, "已保存为第 %d 版（%d KB），一分钟内生效\n", version, len(file)>>10)
		return nil
	})
}

// currentModel returns the station's model, nil if there is none or it cannot be read.
func currentModel(ctx context.Context, back *managedStore, st string) (*classify.Model, error) {
	file, _, err := back.Model(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // there is none
	}
	if err != nil {
		return nil, err
	}
	m, err := classify.Decode(file)
	if errors.Is(err, classify.ErrFile) {
		return nil, nil //nolint:nilnil // an unreadable model is to be replaced
	}
	return m, err
}

// Evaluate trains on four fifths and measures on the rest, with copies of one text on one side. It stores
// nothing.
func (t Classifier) Evaluate(ctx context.Context) error {
	evaluate := func(list []classify.Example, s classify.Setting) error {
		var seen, rest []classify.Example
		for i, g := range classify.Groups(list) {
			if g%5 == 0 {
				rest = append(rest, list[i])
			} else {
				seen = append(seen, list[i])
			}
		}
		m, err := classify.Train(seen, s)
		if err != nil {
			return few(err, len(seen))
		}
		return t.print(len(seen), m, m.Evaluate(rest), s.Words.Evaluate(m.Labels(), rest))
	}
	if t.File != "" {
		list, err := readExamples(t.File)
		if err != nil {
			return err
		}
		words := classify.Words{}
		for _, e := range list {
			if _, ok := words[e.Label]; !ok {
				words[e.Label] = classify.ThemeWords(e.Label)
			}
		}
		return evaluate(list, classify.Setting{Words: words})
	}
	return withDesk(ctx, t.Config, t.Log, func(back *managedStore, _ *seal.Keyring, _ *desk.Desk) error {
		st, err := onlyStation(ctx, back, t.Station)
		if err != nil {
			return err
		}
		list, err := t.examples(ctx, back, st)
		if err != nil {
			return err
		}
		return evaluate(list, settingOf(st))
	})
}

func (t Classifier) print(seen int, m *classify.Model, r, words classify.Report) error {
	q := m.Quality()
	say(t.Out, "训练 %d 条，测试 %d 条（互为抄本的不分开）\n", seen, r.N)
	say(t.Out, "准确率 %s，宏平均 F1 %.3f，前两位命中 %s，校准误差 %.3f；只用词表 %s\n",
		percent(r.Accuracy), r.F1, percent(r.TopTwo), r.Error, percent(words.Accuracy))
	say(t.Out, "要求准确 %s 时：有把握的占 %s，其中准确 %s\n\n", percent(q.Target), percent(r.Share), percent(r.Precision))
	w := tabwriter.NewWriter(t.Out, 2, 4, 2, ' ', 0)
	say(w, "类别\t条数\t判为\t判对\tF1\n")
	for _, l := range r.PerLabel {
		say(w, "%s\t%d\t%d\t%d\t%.3f\n", l.Label, l.N, l.Guessed, l.Right, l.F1)
	}
	say(w, "\t\t\t\t\n把握不低于\t占\t准确\t\t\n")
	for _, p := range r.Curve {
		say(w, "%.2f\t%s\t%s\t\t\n", p.P, percent(p.Share), percent(p.Precision))
	}
	return w.Flush()
}

func settingOf(st *station.Station) classify.Setting {
	s := classify.Setting{}
	_, s.Words = matters.CategoryWords(st)
	if st.Rules != nil && st.Rules.Precision > 0 {
		s.Target = float64(st.Rules.Precision) / 100
	}
	return s
}

func few(err error, n int) error {
	if errors.Is(err, classify.ErrFew) {
		return fault.Wrap(err, fault.WrongState,
			"只有 %d 条可用的例子，太少：至少要 %d 条、两个类别。在此之前用词表给建议", n, classify.MinExamples)
	}
	return err
}

func percent(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) }

// examples returns those of the file, whose labels must be keys or names of the station's categories, or the
// closed submissions of the station.
func (t Classifier) examples(ctx context.Context, back *managedStore, st *station.Station) ([]classify.Example, error) {
	if t.File == "" {
		return settledBy(ctx, back, st)
	}
	list, err := readExamples(t.File)
	if err != nil {
		return nil, err
	}
	for i := range list {
		n := slices.IndexFunc(st.Categories, func(c station.Category) bool {
			return c.Key == list[i].Label || c.Name == list[i].Label
		})
		if n < 0 {
			return nil, fault.New(fault.Invalid, "第 %d 行的“%s”不是本站的类别（编号或名称）", i+2, list[i].Label)
		}
		list[i].Label = st.Categories[n].Key
	}
	return list, nil
}

// settledBy returns the station's closed submissions with a text and a known category, without merged ones. A
// tourist's default category counts only if a liaison set it.
func settledBy(ctx context.Context, back *managedStore, st *station.Station) ([]classify.Example, error) {
	var list []classify.Example
	ix := record.Index{Name: record.InState, Arg: string(casework.Closed)}
	for after, more := (record.Cursor{}), true; more && len(list) < maxExamples; {
		var page []casework.Submission
		var err error
		if page, after, more, err = back.Page(ctx, st.ID, ix, after, settledPage); err != nil {
			return nil, err
		}
		for _, s := range page {
			cat, ok := st.Category(s.Category)
			if !ok || s.Text == "" || s.Outcome == casework.Merged || s.Outcome == casework.Invalid {
				continue
			}
			byLiaison := slices.ContainsFunc(s.Thread, func(e casework.Entry) bool { return e.Category != "" })
			if s.Visitor == casework.Tourist && cat.Tourist && !byLiaison {
				continue
			}
			list = append(list, classify.Example{Label: s.Category, Text: s.Text})
		}
	}
	return list, nil
}

// readExamples reads a CSV of label, title, detail with a header line. A title may be empty.
func readExamples(path string) ([]classify.Example, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names their own file
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "打不开文件 %s", path)
	}
	defer func() { _ = f.Close() }() // opened only for reading
	data, err := io.ReadAll(io.LimitReader(f, maxExampleFile))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "读不了文件 %s", path)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord = 3
	var list []classify.Example
	for line := 1; ; line++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "%s 须为三列 CSV：label,title,detail", path)
		}
		if line == 1 && row[0] == "label" {
			continue
		}
		e := classify.Example{Label: strings.TrimSpace(row[0]), Title: row[1], Text: row[2]}
		if e.Label == "" || strings.TrimSpace(e.Title+e.Text) == "" {
			return nil, fault.New(fault.Invalid, "%s 第 %d 行缺类别或内容", path, line)
		}
		if list = append(list, e); len(list) > maxExamples {
			return nil, fault.New(fault.Invalid, "最多 %d 条例子", maxExamples)
		}
	}
	return list, nil
}
