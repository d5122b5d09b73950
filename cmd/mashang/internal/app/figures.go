package app

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/desk"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/station"
)

// Figures prints a station's figures, as a table or a CSV file.
type Figures struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	// Station may be empty when there is only one.
	Station string
	// From and To are the first and the last day; empty means this month until now.
	From, To string
	By       string
	CSV      string
	Now      func() time.Time
}

// Run counts and prints.
func (f Figures) Run(ctx context.Context) error {
	from, err := day("--from", f.From)
	if err != nil {
		return err
	}
	to, err := day("--to", f.To)
	if err != nil {
		return err
	}
	if !to.IsZero() {
		to = to.AddDate(0, 0, 1)
	}
	return withDesk(ctx, f.Config, f.Log, func(back *managedStore, _ *seal.Keyring, d *desk.Desk) error {
		st, err := onlyStation(ctx, back, f.Station)
		if err != nil {
			return err
		}
		if err := d.Listing.Ready(ctx, st.ID); err != nil {
			return err
		}
		got, err := d.Overview.FiguresOf(ctx, st, from, to, figures.By(f.By))
		if err != nil {
			return err
		}
		table := [][]string{figureHeads}
		for _, r := range got.Rows {
			table = append(table, figureRow(r.Name, r.Tally))
		}
		table = append(table, figureRow("全站", got.Whole))
		if f.CSV != "" {
			return f.write(table)
		}
		say(f.Out, "%s，%s 至 %s 提交的诉求（口径第 %d 版，见 docs/figures.md）\n\n", st.Name,
			got.From.Format(time.DateOnly), got.To.Add(-time.Nanosecond).Format(time.DateOnly), figures.RuleVersion)
		w := tabwriter.NewWriter(f.Out, 2, 4, 2, ' ', 0)
		for _, row := range table {
			say(w, "%s\n", strings.Join(row, "\t"))
		}
		if err := w.Flush(); err != nil {
			return err
		}
		say(f.Out, "\n")
		for _, x := range figures.Exclusions {
			if n := got.Whole.Out[x.Exclusion]; n > 0 {
				say(f.Out, "不计入解决率 %d 件：%s\n", n, x.Reason)
			}
		}
		for _, a := range figures.Benchmarks {
			say(f.Out, "目标 %s %s：%s\n", aimNames[a.Name], percent(a.Share), a.Source)
		}
		return nil
	})
}

func day(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, station.Zone)
	if err != nil {
		return t, fault.New(fault.Invalid, "%s 须为 2026-07-01 的形式", flag)
	}
	return t, nil
}

var aimNames = map[string]string{"first": "首次联系按时率", "answer": "答复按时率", "satisfied": "满意率"}

var figureHeads = []string{"", "件数", "人次", "首次联系按时", "答复按时", "已答复", "解决", "待落实", "已落实", "按约落实", "认可解决", "满意（评价率）", "回访", "重新办理", "首次联系（中位，分）", "答复（中位，时）"}

// figureRow returns a line of the table: each rate with its counts.
func figureRow(name string, t figures.Tally) []string {
	rate := func(r figures.Rate) string {
		if r.Of == 0 {
			return "–"
		}
		return fmt.Sprintf("%s (%d/%d)", percent(r.Share()), r.Yes, r.Of)
	}
	first, answer := "–", "–"
	if m := t.FirstMedian(); m.Of > 0 {
		first = strconv.Itoa(m.Minutes)
	}
	if m := t.AnswerMedian(); m.Of > 0 {
		answer = strconv.FormatFloat(float64(m.Minutes)/60, 'f', 1, 64)
	}
	satisfied := rate(t.Satisfied)
	if t.Rated.Of > 0 {
		satisfied += "，评价 " + percent(t.Rated.Share())
	}
	return []string{
		name, strconv.Itoa(t.Filed), strconv.Itoa(t.Persons), rate(t.First), rate(t.Answer), rate(t.Answered), rate(t.Solved),
		strconv.Itoa(t.Fulfilled.Of - t.Fulfilled.Yes), strconv.Itoa(t.Fulfilled.Yes), rate(t.Kept), rate(t.Confirmed), satisfied,
		rate(t.FollowedUp), rate(t.Reopened), first, answer,
	}
}

// write makes a file that a spreadsheet opens as text: names that begin like a formula are escaped.
func (f Figures) write(table [][]string) error {
	file, err := os.Create(f.CSV)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "写不了文件 %s", f.CSV)
	}
	_, err = file.WriteString("\ufeff")
	w := csv.NewWriter(file)
	for _, row := range table {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		if err == nil {
			err = w.Write(row)
		}
	}
	w.Flush()
	for _, more := range []error{w.Error(), file.Close()} {
		if err == nil {
			err = more
		}
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "写不了文件 %s", f.CSV)
	}
	say(f.Out, "已写入 %s，%d 行\n", f.CSV, len(table)-1)
	return nil
}
